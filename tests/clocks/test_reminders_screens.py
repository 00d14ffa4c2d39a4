"""How a council reminds is set by its administrator; numbers nobody means are refused in words, and what was typed stays."""

from __future__ import annotations

import pytest
from django.urls import reverse

from clocks.models import CouncilHours, Preference, ReminderHabit
from councils.models import CouncilEvent
from councils.rls import system_work
from tests.concerns.screens import client_of, frozen
from tests.factories.councils import Town

COUNCILS = ("weston",)
pytestmark = pytest.mark.django_db


def at(name: str, town: Town, **more: str) -> str:
    return reverse(f"clocks:{name}", kwargs={"key": town.council.key, **more})


def test_a_councils_days_are_set_shown_and_taken_back(weston: Town) -> None:
    client = client_of(weston["admin"])
    with frozen():
        page = client.get(at("habits", weston)).content.decode()
        assert "1 working day before, on the day, 1 working day after" in page
        assert "Your council</td>" not in page
        form = at("habit", weston, kind="acknowledge")
        assert client.get(form).status_code == 200
        sent = {"before": "2, 1", "after": "", "escalate_after": "4"}
        assert client.post(form, sent).status_code == 302
        page = client.get(at("habits", weston)).content.decode()
        assert "2 and 1 working days before" in page and "Your council</td>" in page
        row = ReminderHabit.objects.get()
        assert (row.kind, row.before, row.on_the_day, row.after, row.escalate_after) == ("acknowledge", [2, 1], False, [], 4)
        assert CouncilHours.objects.get().changed
        with system_work():
            assert CouncilEvent.objects.filter(kind="council_changed", detail={"reminders": "acknowledge"}).count() == 1
        assert client.post(at("habit-reset", weston, kind="acknowledge")).status_code == 302
        assert not ReminderHabit.objects.exists()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"before": "0"}, "Enter working days from 1 to 60."),
        ({"after": "-1"}, "Enter working days from 1 to 60."),
        ({"before": "10000"}, "Enter working days from 1 to 60."),
        ({"before": "1,2,3,4,5,6,7"}, "Enter 6 numbers at most."),
        ({"before": "soon"}, "Enter numbers with commas between them, for example 5, 1"),
        ({"escalate_after": "0"}, "Enter working days from 1 to 60."),
        ({"escalate_after": "a few"}, "Enter a whole number"),
    ],
)
def test_days_nobody_means_are_refused_and_stay_typed(weston: Town, sent: dict[str, str], words: str) -> None:
    with frozen():
        answer = client_of(weston["admin"]).post(at("habit", weston, kind="acknowledge"), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert all(f'value="{typed}"' in page for typed in sent.values())
    assert not ReminderHabit.objects.exists()


@pytest.mark.parametrize(
    ("opens", "closes", "words"),
    [
        ("25:00", "18:00", "Enter a time, for example 8:30"),
        ("18:00", "8:00", "The day ends after it begins."),
        ("2:00", "8:00", "The day begins between 6:00 and 22:00."),
    ],
)
def test_hours_nobody_means_are_refused(weston: Town, opens: str, closes: str, words: str) -> None:
    with frozen():
        answer = client_of(weston["admin"]).post(at("habit-hours", weston), {"opens": opens, "closes": closes})
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_hours_are_kept(weston: Town) -> None:
    client = client_of(weston["admin"])
    with frozen():
        assert client.post(at("habit-hours", weston), {"opens": "9.30", "closes": "16:00"}).status_code == 302
        assert "between 9:30 and 16:00" in client.get(at("habits", weston)).content.decode()


def test_only_the_administrator_sets_them_and_unknown_kinds_are_not_there(weston: Town) -> None:
    with frozen():
        for name in ("clerk", "councillor3"):
            assert client_of(weston[name]).get(at("habits", weston)).status_code == 404
            assert client_of(weston[name]).post(at("habit", weston, kind="acknowledge"), {"before": "1"}).status_code == 404
        assert client_of(weston["admin"]).get(at("habit", weston, kind="nothing")).status_code == 404
        assert client_of(weston["admin"]).get(at("habit", weston, kind="protocol_review")).status_code == 404


def test_one_message_a_day_is_a_persons_own_choice(weston: Town) -> None:
    client = client_of(weston["clerk"])
    with frozen():
        assert client.post(reverse("clocks:mine"), {}).status_code == 422
        assert client.post(reverse("clocks:mine"), {"how": "digest"}).status_code == 302
        with system_work():
            assert list(Preference.objects.values_list("person_id", "digest")) == [(weston["clerk"].pk, True)]
        assert client.post(reverse("clocks:mine"), {"how": "each"}).status_code == 302
        with system_work():
            assert list(Preference.objects.values_list("digest", flat=True)) == [False]
