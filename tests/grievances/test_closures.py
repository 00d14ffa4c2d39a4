"""Days on which the council's office is closed: no hearing on them, and they count for nothing but where the law counts."""

from __future__ import annotations

from datetime import date, time

import pytest

from councils import actions
from councils.errors import Refusal
from councils.models import Council
from grievances import wording
from grievances.domain import dates
from grievances.enums import Step
from referrals.domain import chasing
from referrals.enums import State
from tests.factories.concerns import NOW
from tests.factories.councils import Town
from tests.grievances.course import of, seated, started, take, told

COUNCILS = ("ilminster",)
CLOSED = frozenset({date(2026, 12, 29), date(2026, 12, 30), date(2026, 12, 31)})


@pytest.mark.parametrize(
    ("day", "problem"),
    [
        (date(2026, 12, 29), "hearing_closure"),
        (date(2026, 12, 31), "hearing_closure"),
        (date(2026, 12, 28), "hearing_bank_holiday"),
        (date(2027, 1, 5), "hearing_short_notice"),  # the fourth working day after the 22nd
        (date(2027, 1, 6), ""),
    ],
)
def test_hearing_in_a_closure_is_refused(day: date, problem: str) -> None:
    today = date(2026, 12, 22)
    assert dates.hearing_problem(day, today=today, notice=5, jurisdiction="England", closures=CLOSED) == problem


def test_hearing_in_a_closure_is_refused_in_words_beside_the_day() -> None:
    assert str(wording.refused("hearing_closure")) == "The council's office is closed on that day. Choose a working day."
    assert wording.FIELDS["hearing_closure"] == "held_on"


def test_first_day_of_a_hearing_and_a_due_day_leave_the_closure_out() -> None:
    assert dates.earliest(date(2026, 12, 22), 5, "England", CLOSED) == date(2027, 1, 6)
    assert dates.earliest(date(2026, 12, 22), 5, "England") == date(2026, 12, 31)
    assert dates.due(date(2026, 12, 24), 3, "Wales", CLOSED) == date(2027, 1, 6)


@pytest.mark.parametrize(
    ("day", "further", "problem"),
    [
        (date(2026, 12, 30), False, "hearing_closure"),
        (date(2026, 12, 30), True, "hearing_closure"),
        (date(2027, 1, 4), False, ""),  # the fifth day the law counts after the 23rd: 24, 29, 30, 31 December, 4 January
        (date(2027, 1, 5), False, "postponed_far"),
        (date(2027, 1, 5), True, ""),
    ],
)
def test_hearing_moved_for_the_companion_by_days_the_law_counts(day: date, further: bool, problem: str) -> None:
    assert dates.postponement_problem(
        day, proposed=date(2026, 12, 23), today=date(2026, 12, 21), days=5, jurisdiction="England", further=further, closures=CLOSED
    ) == problem  # fmt: skip


def test_office_is_asked_later_by_the_closure() -> None:
    found = chasing.chase(State.SENT, "England", sent_on=date(2026, 12, 23), acknowledged_on=None, closures=CLOSED)
    assert (found.on, found.days) == (date(2027, 1, 11), 7)  # 24 December, then 4, 5, 6, 7, 8 and 11 January


@pytest.mark.django_db
def test_hearing_is_set_on_no_day_of_a_closure_and_the_first_day_leaves_it_out(ilminster: Town) -> None:
    concern = started(ilminster)
    seated(ilminster, concern, "councillor3", "councillor5", "chair")
    told(concern, ilminster["chair"])
    closure = {"starts_on": date(2026, 1, 19), "ends_on": date(2026, 1, 23), "reason": "Moving house", "by": None, "now": NOW}
    actions.add_closure(council=Council.objects.get(pk=ilminster.council.pk), **closure)
    for day, words in (
        (date(2026, 1, 22), "The council's office is closed on that day. Choose a working day."),
        (date(2026, 1, 28), "That leaves too little notice. Choose a later day. The first day is Thursday 29 January 2026."),
    ):
        with pytest.raises(Refusal) as caught:
            take(Step.SET_HEARING, concern, ilminster["clerk"], held_on=day, at=time(10, 30), place="Room")
        assert (caught.value.field, caught.value.message) == ("held_on", words)
    take(Step.SET_HEARING, concern, ilminster["clerk"], held_on=date(2026, 1, 29), at=time(10, 30), place="Room")
    assert of(concern, ilminster["clerk"]).hearing.held_on == date(2026, 1, 29)
