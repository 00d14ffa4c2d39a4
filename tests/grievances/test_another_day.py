"""A hearing whose date was wrong, or whose day can't be kept, gets another one; and a closure over it is said to whoever runs it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from concerns.models import Concern, Event, Notice
from councils import actions
from councils.models import Council, Person
from councils.rls import system_work
from grievances.enums import GrievanceEvent, Step
from grievances.models import Hearing
from grievances.views import panel
from tests.concerns.screens import client_of, frozen
from tests.factories.concerns import NOW, by
from tests.factories.councils import AppointmentFactory, Town
from tests.grievances.course import HEARING, heard, of, pk_of, seated, started, take, told
from tests.grievances.test_hearing_days import ANSWERS, away, refused
from tests.grievances.test_screens import day

COUNCILS = ("ilminster",)
pytestmark = pytest.mark.django_db
WRONG, RIGHT = date(2026, 12, 7), date(2026, 1, 29)
WARNING = "The council is closed on the day of the hearing. Set another day, or make sure that it can be held all the same."


@pytest.fixture
def sitting(ilminster: Town) -> Concern:
    concern = started(ilminster)
    seated(ilminster, concern, "councillor3", "councillor5", "chair")
    told(concern, ilminster["chair"])
    take(Step.LIST_ALLEGATIONS, concern, ilminster["chair"], points=["Too much work"])
    return concern


def shut(town: Town, first: date, last: date) -> None:
    council = Council.objects.get(pk=town.council.pk)
    actions.add_closure(council=council, starts_on=first, ends_on=last, reason="Moving house", by=None, now=NOW)


def rows(concern: Concern, person: Person) -> list[tuple[str, date, str]]:
    with by(person):
        found = Hearing.objects.filter(concern=concern).order_by("-status")
        return [(row.status, row.held_on, row.companion or "") for row in found]


def test_date_that_was_wrong_is_set_anew_before_its_day_and_everybody_is_told(ilminster: Town, sitting: Concern) -> None:
    heard(ilminster, sitting, on=WRONG)
    take(Step.NAME_COMPANION, sitting, ilminster["officer1"], kind="trade_union_official", name="Una")
    with system_work():
        Notice.objects.filter(concern=sitting).delete()
    take(Step.SET_HEARING, sitting, ilminster["clerk"], held_on=RIGHT, reason="I wrote December", **ANSWERS)
    assert rows(sitting, ilminster["clerk"]) == [("set", RIGHT, "Una"), ("replaced", WRONG, "Una")]
    with system_work():
        asked = set(Notice.objects.filter(concern=sitting).values_list("person__full_name", flat=True))
        event = Event.objects.filter(concern_id=sitting.pk, type=GrievanceEvent.HEARING_SET).latest("seq")
        facts, reason = event.facts, str(event.reason)
    assert asked == {ilminster[who].full_name for who in ("officer1", "councillor3", "councillor5", "chair")}
    assert (facts["held_on"], facts["instead_of"], facts["adjourned"], reason) == ("2026-01-29", "2026-12-07", False, "I wrote December")


@pytest.mark.parametrize(("held_on", "reason", "words", "field"), [
    (RIGHT, " ", "Give the reason.", "reason"),
    (date(2026, 1, 21), "x", "That leaves too little notice. Choose a later day. The first day is Thursday 22 January 2026.", "held_on"),
    (date(2026, 1, 28), "x", "The council's office is closed on that day. Choose a working day.", "held_on"),
    (date(2026, 1, 27), "x", "Too many of the panel are away that day: fewer than its quorum would be there. Choose another day.", "held_on"),
    (date(2062, 1, 26), "x", "That is more than a year away. Check the year, or choose an earlier day.", "held_on"),
])  # fmt: skip
def test_another_day_is_held_to_what_the_first_was(
    ilminster: Town, sitting: Concern, held_on: date, reason: str, words: str, field: str
) -> None:
    heard(ilminster, sitting, on=WRONG)
    shut(ilminster, date(2026, 1, 28), date(2026, 1, 28))
    away(ilminster, "councillor3", "councillor5", first=date(2026, 1, 27), last=date(2026, 1, 27))
    assert refused(sitting, ilminster, held_on=held_on, reason=reason) == (words, field)
    assert rows(sitting, ilminster["clerk"]) == [("set", WRONG, "")]


def test_moving_it_for_the_companion_goes_no_further_than_a_year(ilminster: Town, sitting: Concern) -> None:
    heard(ilminster, sitting)
    far = refused(sitting, ilminster, Step.POSTPONE_HEARING, held_on=date(2199, 1, 7), reason="They agree")
    assert far == ("That is more than a year away. Check the year, or choose an earlier day.", "held_on")


def test_set_on_the_day_itself_it_counts_as_adjourned(ilminster: Town, sitting: Concern) -> None:
    heard(ilminster, sitting)
    today, later = datetime(2026, 1, 26, 12, tzinfo=UTC), date(2026, 2, 4)
    assert refused(sitting, ilminster, held_on=later, now=today) == ("Give the reason.", "reason")
    take(Step.SET_HEARING, sitting, ilminster["clerk"], now=today, held_on=later, reason="It goes on", **ANSWERS)
    assert rows(sitting, ilminster["clerk"]) == [("set", later, ""), ("adjourned", HEARING, "")]


def test_form_asks_why_only_where_a_hearing_stands(ilminster: Town, sitting: Concern) -> None:
    at, page = (reverse(f"grievances:{name}", args=args) for name, args in (
        ("do", [pk_of(sitting), "set_hearing"]), ("page", [pk_of(sitting)]),
    ))  # fmt: skip
    with frozen():
        clerk = client_of(ilminster["clerk"])
        assert 'name="reason"' not in clerk.get(at).content.decode()
        heard(ilminster, sitting, on=WRONG)
        shown = clerk.get(page).content.decode()
        assert f'href="{at}"' in shown and "Set another day for the hearing" in shown and 'data-testid="shut"' not in shown
        asked = clerk.get(at).content.decode()
        assert 'name="reason"' in asked and "committee room" in asked and 'value="10:30"' in asked
        posted = {**day("held_on", RIGHT), "at": "2pm", "place": "Room <2>"}
        answer = clerk.post(at, posted)
        assert answer.status_code == 422
        assert "Say why another day is set" in answer.content.decode() and "Room &lt;2&gt;" in answer.content.decode()
        assert clerk.post(at, {**posted, "reason": "The wrong month"}).status_code == 302
    assert of(sitting, ilminster["clerk"]).hearing.held_on == RIGHT
    with time_machine.travel(datetime(2026, 2, 2, 12, tzinfo=UTC), tick=False):
        assert 'name="reason"' not in client_of(ilminster["clerk"]).get(at).content.decode()


def test_closure_over_a_hearing_is_said_to_whoever_runs_it_until_another_day_is_set(ilminster: Town, sitting: Concern) -> None:
    heard(ilminster, sitting)
    page, at = (reverse(f"grievances:{name}", args=args) for name, args in (("page", [pk_of(sitting)]), ("do", [pk_of(sitting), "set_hearing"])))

    def seen(who: str) -> tuple[bool, int]:
        shown = client_of(ilminster[who]).get(page).content.decode()
        return WARNING in shown, shown.count(f'href="{at}"')

    def waits() -> list[tuple[str, date | None]]:
        with by(ilminster["clerk"]):
            return [(entry.label, entry.due) for entry in panel.waiting(ilminster["clerk"], NOW.date())]

    with frozen():
        assert seen("clerk") == (False, 1) and waits() == []
        shut(ilminster, date(2026, 1, 23), date(2026, 1, 27))
        assert (seen("clerk"), seen("chair"), seen("officer1")) == ((True, 2), (True, 2), (False, 0))
        assert waits() == [("Set another day for the hearing", HEARING)]
        take(Step.SET_HEARING, sitting, ilminster["clerk"], held_on=RIGHT, reason="We move house", **ANSWERS)
        assert seen("clerk") == (False, 1) and waits() == []


def test_whoever_records_the_closure_learns_of_no_hearing(ilminster: Town, sitting: Concern) -> None:
    heard(ilminster, sitting)
    admin = AppointmentFactory(council=ilminster.council, role="protocol_admin").person
    key, answers = ilminster.council.key, []
    with frozen():
        client = client_of(admin)
        for first in (HEARING, date(2026, 2, 9)):  # one over the hearing, one over nothing
            posted = {**day("starts_on", first), **day("ends_on", first), "reason": "Shut"}
            answer = client.post(reverse("councils:closure-add", args=[key]), posted, follow=True)
            answers.append(([str(words) for words in answer.context["messages"]], answer.request["PATH_INFO"]))
            assert sitting.reference not in answer.content.decode()
        assert client.get(reverse("grievances:page", args=[pk_of(sitting)])).status_code == 404
    assert answers[0] == answers[1] and answers[0][1] == reverse("councils:closures", args=[key])
    with system_work():
        assert Notice.objects.filter(person=admin).count() == 0
    assert of(sitting, ilminster["clerk"]).shut.held_on == HEARING
