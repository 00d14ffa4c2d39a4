"""A hearing's day: who is away on it, and what is still open once it has passed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
import time_machine
from django.urls import reverse

from clocks.models import OPEN, Obligation
from concerns.models import Concern, Event
from councils import actions
from councils.errors import Refusal
from councils.models import Council
from grievances.domain import machine
from grievances.enums import GrievanceEvent, Step
from grievances.models import Hearing
from tests.concerns.screens import client_of, frozen
from tests.factories.concerns import NOW, by
from tests.factories.councils import Town
from tests.grievances.course import HEARING, decided, heard, of, pk_of, seated, started, take, told
from tests.grievances.test_screens import day

COUNCILS = ("ilminster",)
pytestmark = pytest.mark.django_db
PANEL = ("councillor3", "councillor5", "chair")
PASSED, LATER = datetime(2026, 1, 27, 12, tzinfo=UTC), date(2026, 2, 4)
ANSWERS = {"at": time(10, 30), "place": "Room"}


@pytest.fixture
def sitting(ilminster: Town) -> Concern:
    concern = started(ilminster)
    seated(ilminster, concern, *PANEL)
    told(concern, ilminster["chair"])
    return concern


def away(town: Town, *people: str, first: date = HEARING, last: date | None = HEARING) -> None:
    council = Council.objects.get(pk=town.council.pk)
    for who in people:
        actions.book_absence(council=council, person=town[who], starts_on=first, ends_on=last, by=None, now=NOW)


def refused(concern: Concern, town: Town, step: Step = Step.SET_HEARING, **answers: object) -> tuple[str, str | None]:
    with pytest.raises(Refusal) as caught:
        take(step, concern, town["clerk"], **{"held_on": HEARING, **ANSWERS, **answers})
    return str(caught.value.message), caught.value.field


def test_hearing_with_fewer_than_the_quorum_there_is_refused(ilminster: Town, sitting: Concern) -> None:
    needed = of(sitting, ilminster["clerk"]).standing.needed
    away(ilminster, *PANEL[: len(PANEL) - needed + 1])
    words = "Too many of the panel are away that day: fewer than its quorum would be there. Choose another day."
    assert refused(sitting, ilminster) == (words, "held_on")
    assert refused(sitting, ilminster, without=True) == (words, "held_on")
    take(Step.SET_HEARING, sitting, ilminster["clerk"], held_on=date(2026, 1, 27), **ANSWERS)


def test_employee_who_is_away_that_day_is_named_and_it_is_set_only_knowingly(ilminster: Town, sitting: Concern) -> None:
    away(ilminster, "officer1")
    name = ilminster["officer1"].full_name
    words = f"1 person is away that day: {name}. Choose another day, or say that it is held without them."
    assert refused(sitting, ilminster) == (words, "held_on")
    take(Step.SET_HEARING, sitting, ilminster["clerk"], held_on=HEARING, without=True, **ANSWERS)
    with by(ilminster["clerk"]):
        facts = Event.objects.filter(concern_id=sitting.pk, type=GrievanceEvent.HEARING_SET).values_list("facts", flat=True).get()
    assert (facts["away"], facts["adjourned"]) == (1, False)


def test_moving_the_hearing_asks_who_is_away_as_well(ilminster: Town, sitting: Concern) -> None:
    heard(ilminster, sitting)
    away(ilminster, *PANEL, first=date(2026, 1, 28), last=date(2026, 1, 28))
    words, field = refused(sitting, ilminster, Step.POSTPONE_HEARING, held_on=date(2026, 1, 28))
    assert (words[:37], field) == ("Too many of the panel are away that d", "held_on")
    take(Step.POSTPONE_HEARING, sitting, ilminster["clerk"], held_on=date(2026, 1, 29), **ANSWERS)


def test_form_says_who_is_away_when_and_asks_nothing_where_nobody_is(ilminster: Town, sitting: Concern) -> None:
    address = reverse("grievances:do", args=[pk_of(sitting), Step.SET_HEARING.value])
    posted = {**day("held_on", HEARING), "at": "10:30", "place": "Room"}
    with frozen():
        clerk = client_of(ilminster["clerk"])
        assert 'name="without"' not in clerk.get(address).content.decode()
        away(ilminster, "officer1", last=None)
        page = clerk.get(address).content.decode()
        assert 'name="without"' in page and f"{ilminster['officer1'].full_name} is away from 26 January 2026 on." in page
        answer = clerk.post(address, posted)
        assert answer.status_code == 422
        assert "1 person is away that day" in answer.content.decode() and 'value="Room"' in answer.content.decode()
        assert clerk.post(address, {**posted, "without": "on"}).status_code == 302


def test_hearing_whose_day_has_passed_is_moved_no_more_but_set_anew(ilminster: Town, sitting: Concern) -> None:
    take(Step.LIST_ALLEGATIONS, sitting, ilminster["chair"], points=["Too much work"])
    heard(ilminster, sitting)
    take(Step.NAME_COMPANION, sitting, ilminster["officer1"], kind="trade_union_official", name="Una")
    words = "The hearing’s day has passed. If it wasn’t held then, or has to go on, set another day."
    assert refused(sitting, ilminster, Step.POSTPONE_HEARING, held_on=LATER, now=PASSED) == (words, None)
    page, move, again = (reverse(name, args=args) for name, args in (
        ("grievances:page", [pk_of(sitting)]), ("grievances:do", [pk_of(sitting), "postpone_hearing"]), ("grievances:do", [pk_of(sitting), "set_hearing"]),
    ))  # fmt: skip
    with time_machine.travel(PASSED, tick=False):
        clerk = client_of(ilminster["clerk"])
        shown = clerk.get(page).content.decode()
        assert (f'href="{move}"' in shown, f'href="{again}"' in shown, "Set another day for the hearing" in shown) == (False, True, True)
        assert clerk.get(move).status_code == clerk.post(move, {}).status_code == 409
    take(Step.SET_HEARING, sitting, ilminster["clerk"], now=PASSED, held_on=LATER, **ANSWERS)
    with by(ilminster["clerk"]):
        rows = [(row.status, row.held_on, row.companion) for row in Hearing.objects.filter(concern=sitting).order_by("set_at")]
        due = dict(Obligation.objects.filter(OPEN, concern=sitting).values_list("kind", "due_on"))
    assert rows == [("adjourned", HEARING, "Una"), ("set", LATER, "Una")]
    assert (due["hearing"], due["decision"]) == (LATER, date(2026, 2, 11))
    decided(ilminster, sitting, "councillor3", "chair", now=datetime(2026, 2, 4, 15, tzinfo=UTC))


@pytest.mark.parametrize(("today", "move", "again"), [
    (HEARING, "", "give_reason"), (date(2026, 1, 25), "", "give_reason"), (date(2026, 1, 27), "hearing_day_over", ""),
])  # fmt: skip
def test_machine_moves_until_the_day_and_sets_anew_with_a_reason_until_then(
    ilminster: Town, sitting: Concern, today: date, move: str, again: str
) -> None:
    heard(ilminster, sitting)
    held = of(sitting, ilminster["clerk"])
    person = ilminster["clerk"].pk
    assert machine.closed(Step.POSTPONE_HEARING, held.standing, person, today) == move
    assert machine.closed(Step.SET_HEARING, held.standing, person, today) == ""
    assert machine.refusal(Step.SET_HEARING, held.standing, person, today, machine.Answer(on=LATER)) == again
    assert machine.refusal(Step.SET_HEARING, held.standing, person, today, machine.Answer(on=LATER, reason=True)) == ""


def test_once_a_decision_is_drafted_no_other_day_is_set(ilminster: Town, sitting: Concern) -> None:
    take(Step.LIST_ALLEGATIONS, sitting, ilminster["chair"], points=["Too much work"])
    heard(ilminster, sitting)
    held = of(sitting, ilminster["clerk"])
    drafted = machine.replace(held.standing, drafter=ilminster["chair"].pk)
    assert machine.closed(Step.SET_HEARING, drafted, ilminster["clerk"].pk, date(2026, 1, 27)) == "decision_drafted"
