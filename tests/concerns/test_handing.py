"""Handing over: what is passed is shown, everything at once, and whoever raised it is told."""

from __future__ import annotations

import pytest
from django.urls import reverse

from concerns.enums import Action
from tests.concerns.casework import event, on_it, told
from tests.concerns.screens import at, client_of, frozen
from tests.factories.concerns import do, lodge, sees
from tests.factories.councils import Town

pytestmark = pytest.mark.django_db
COUNCILS = ("weston",)
PAGE = "/hand-over/"


def test_everything_is_handed_over_but_what_they_may_not_take(weston: Town) -> None:
    about_three, about_deputy = (
        do(Action.ACCEPT, lodge(weston, weston["councillor3"], weston[who], chosen_token="role:proper_officer"), weston["clerk"])
        for who in ("officer3", "deputy")
    )
    with frozen():
        client = client_of(weston["clerk"])
        assert reverse("concerns:hand-over") == PAGE
        shown = client.get(PAGE).content.decode()
        assert about_three.reference in shown
        assert "What was written, 0 files, and every date" in shown
        data = {
            "concerns": [str(about_three.pk), str(about_deputy.pk)], "to": str(weston["deputy"].pk), "reason_code": "appointment_changed",
            "override_reason": "I leave the council",
        }  # fmt: skip
        answer = client.post(PAGE, data)
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() == [f"{about_deputy.reference}: That person can't take it. Choose from the list."]
    assert on_it(weston, about_three) == {"councillor3": {"raiser"}, "deputy": {"handler"}}
    assert on_it(weston, about_deputy) == {"councillor3": {"raiser"}, "clerk": {"handler"}}
    assert event(about_three, "handed_over").facts == {"reason": "appointment_changed"}
    assert ("councillor3", "progress") in told(weston, about_three)
    assert not sees(weston["clerk"], about_three)


def test_nothing_to_hand_over_says_so_and_nothing_chosen_asks(weston: Town) -> None:
    with frozen():
        assert "You deal with nothing just now, so there is nothing to hand over." in client_of(weston["clerk"]).get(PAGE).content.decode()
        answer = client_of(weston["clerk"]).post(PAGE, {})
    assert (answer.status_code, answer.context["form"].errors["concerns"]) == (422, ["Choose at least one"])


def test_what_waits_to_be_taken_up_is_counted_and_named(weston: Town) -> None:
    """It is no work of theirs yet, but they don't go without knowing of it; and nobody else's is counted."""
    first, second = (lodge(weston, weston["councillor3"], weston["officer3"], chosen_token="role:proper_officer") for _ in range(2))
    lodge(weston, weston["councillor3"], weston["officer3"], chosen_token="role:chair_of_council")
    with frozen():
        answer = client_of(weston["clerk"]).get(PAGE)
    shown = answer.content.decode()
    assert "You deal with nothing just now" not in shown
    assert "2 concerns wait for you to take them up." in shown
    assert {concern.pk for concern in answer.context["waiting"]} == {first.pk, second.pk}
    do(Action.ACCEPT, first, weston["clerk"])
    with frozen():
        answer = client_of(weston["clerk"]).get(PAGE)
    assert "1 concern waits for you to take it up." in answer.content.decode()
    assert ([entry["concern"] for entry in answer.context["passed"]], answer.context["waiting"]) == ([first], [second])


def test_one_step_shows_what_is_passed(weston: Town) -> None:
    concern = do(Action.ACCEPT, lodge(weston, weston["councillor3"], weston["officer3"], chosen_token="role:proper_officer"), weston["clerk"])
    with frozen():
        shown = client_of(weston["clerk"]).get(at("do", concern, action="hand_over")).content.decode()
    for words in ("What is passed", "Your part: is dealing with it", "0 files", f"{weston['councillor3'].full_name} is told that it changed hands"):
        assert words in shown
