"""When a reminder falls: working hours of working days only; what was missed is caught up with once; no clock can repeat one."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clocks.domain.reminding import DEFAULTS, LONDON, Days, Habit, Habits, Moment, moments, problem_of, turn
from clocks.enums import ClockEvent, ObligationKind
from clocks.wording import EVENTS, KINDS

DAYS = Days()
WALES = Days("Wales")


def at(day: date, hour: int = 8, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON)


def codes(due: date, habit: Habit, days: Days = DAYS) -> list[tuple[str, date]]:
    return [(moment.code, moment.at.date()) for moment in moments(due, habit, days)]


def test_plan_over_easter_counts_working_days_both_ways() -> None:
    # Good Friday 3 April and Easter Monday 6 April 2026
    habit = Habit(before=(1, 3), on=True, after=(1, 2), escalate_after=5)
    assert codes(date(2026, 4, 7), habit)[:6] == [
        ("before:3", date(2026, 3, 31)), ("before:1", date(2026, 4, 2)), ("on:0", date(2026, 4, 7)),
        ("after:1", date(2026, 4, 8)), ("after:2", date(2026, 4, 9)), ("escalate:1", date(2026, 4, 14)),
    ]  # fmt: skip


def test_a_date_on_a_sunday_is_remembered_on_friday() -> None:
    assert codes(date(2026, 2, 1), Habit(before=(1,), after=(1,))) == [("on:0", date(2026, 1, 30)), ("after:1", date(2026, 2, 2))]


def test_days_the_council_is_closed_are_stepped_over() -> None:
    closed = Days(closures=frozenset({date(2026, 2, 9), date(2026, 2, 11)}))
    assert codes(date(2026, 2, 10), Habit(before=(1,), after=(1,)), closed) == [
        ("before:1", date(2026, 2, 6)), ("on:0", date(2026, 2, 10)), ("after:1", date(2026, 2, 12)),
    ]  # fmt: skip


def test_silence_goes_on_every_so_many_days_and_ends() -> None:
    habit, due = Habit(escalate_after=3), date(2026, 1, 19)

    def next_step(steps: int, stepped_on: date | None) -> list[tuple[str, date]]:
        plan = moments(due, habit, DAYS, steps=steps, stepped_on=stepped_on)
        return [(moment.code, moment.at.date()) for moment in plan if moment.what == "escalate"]

    assert next_step(0, None) == [("escalate:1", date(2026, 1, 22))]
    # told late, after a month without a clock: the next has three days too
    assert next_step(1, date(2026, 2, 20)) == [("escalate:2", date(2026, 2, 25))]
    assert next_step(10, date(2026, 2, 20)) == []


@given(
    due=st.dates(date(2024, 1, 1), date(2030, 12, 31)),
    before=st.lists(st.integers(1, 20), max_size=4),
    after=st.lists(st.integers(1, 20), max_size=4),
    escalate=st.none() | st.integers(1, 15),
    days=st.sampled_from([DAYS, WALES, Days(opens=time(9, 30))]),
)
def test_every_moment_is_the_beginning_of_a_working_day_and_no_two_reminders_share_one(due, before, after, escalate, days) -> None:
    plan = moments(due, Habit(tuple(before), True, tuple(after), escalate), days)
    assert all(days.works(moment.at.date()) and moment.at.timetz().replace(tzinfo=None) == days.opens for moment in plan)
    reminders = [moment.at for moment in plan if moment.what != "escalate"]
    assert len(reminders) == len(set(reminders))
    assert list(plan) == sorted(plan)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (at(date(2026, 1, 15), 12), at(date(2026, 1, 15), 12)),
        (at(date(2026, 1, 15), 7, 59), at(date(2026, 1, 15), 8)),
        (at(date(2026, 1, 15), 18), at(date(2026, 1, 16), 8)),
        (at(date(2026, 1, 16), 22), at(date(2026, 1, 19), 8)),  # Friday night
        (at(date(2026, 12, 24), 19), at(date(2026, 12, 29), 8)),  # Christmas, its Saturday's Monday
        (at(date(2026, 3, 29), 3), at(date(2026, 3, 30), 8)),  # the clocks went forward that night
    ],
    ids=["in the day", "early", "evening", "weekend", "Christmas", "summer time"],
)
def test_a_message_waits_for_the_next_open_hour(now: datetime, opens: datetime) -> None:
    assert DAYS.next_open(now.astimezone(UTC)) == opens


def test_summer_time_keeps_the_hour_of_the_day() -> None:
    before, after = (moments(day, Habit(), DAYS)[0].at for day in (date(2026, 3, 27), date(2026, 3, 30)))
    assert (before.astimezone(UTC).hour, after.astimezone(UTC).hour) == (8, 7)


def test_a_digest_goes_when_a_day_begins() -> None:
    thursday = date(2026, 1, 15)
    assert DAYS.next_digest(at(thursday, 8, 20)) == at(thursday, 8, 20)
    assert DAYS.next_digest(at(thursday, 9)) == at(date(2026, 1, 16))
    assert DAYS.next_digest(at(date(2026, 1, 17), 8, 10)) == at(date(2026, 1, 19))


HABIT = Habit(before=(5, 1), on=True, after=(2,), escalate_after=5)
DUE = date(2026, 1, 19)
PLAN = moments(DUE, HABIT, DAYS)
START = at(date(2026, 1, 1))


def test_each_moment_comes_once() -> None:
    upto, given_out = START, []
    for hours in range(0, 24 * 60, 6):
        now = START + timedelta(hours=hours)
        here = turn(PLAN, upto=upto, now=now)
        given_out += [moment.code for moment in (here.remind, here.escalate) if moment]
        upto = here.upto
    assert given_out[:5] == ["before:5", "before:1", "on:0", "after:2", "escalate:1"]
    assert len(given_out) == len(set(given_out))


def test_several_missed_reminders_are_caught_up_with_by_one() -> None:
    here = turn(PLAN, upto=START, now=at(date(2026, 1, 22), 12))
    assert (here.remind.code, here.escalate) == ("after:2", None)
    assert here.look_again == at(date(2026, 1, 26))
    again = turn(PLAN, upto=here.upto, now=at(date(2026, 1, 22), 12, 1))
    assert (again.remind, again.escalate) == (None, None)


def test_a_month_without_a_clock_escalates_one_step() -> None:
    here = turn(PLAN, upto=START, now=at(date(2026, 3, 2)))
    assert here.escalate.code == "escalate:1"
    assert turn(PLAN, upto=here.upto, now=at(date(2026, 3, 2), 9)).escalate is None


def test_a_clock_that_jumps_back_repeats_nothing() -> None:
    here = turn(PLAN, upto=START, now=at(DUE, 9))
    for now in (START, at(date(2026, 1, 12), 9), at(DUE, 8, 30), at(DUE, 9)):
        back = turn(PLAN, upto=here.upto, now=now)
        assert (back.remind, back.escalate, back.upto) == (None, None, here.upto)


def test_what_lies_before_it_was_opened_is_not_given() -> None:
    opened = at(date(2026, 1, 15), 12)
    assert turn(PLAN, upto=opened, now=opened).remind is None
    assert turn(PLAN, upto=opened, now=opened).look_again == at(date(2026, 1, 16))


def test_nothing_more_comes_at_the_end_of_the_plan() -> None:
    plan = (Moment(at(DUE), "on"),)
    assert turn(plan, upto=at(DUE), now=at(DUE, 9)).look_again is None


def test_a_councils_own_habit_stands_before_the_services() -> None:
    own = Habits(own={"decision": Habit(on=True)})
    assert [moment.code for moment in own.plan("decision", DUE)] == ["on:0"]
    assert own.of("acknowledge") == DEFAULTS["acknowledge"]
    assert Habits().plan("protocol_review", DUE) == ()


def test_every_kind_has_its_days_and_its_words() -> None:
    assert set(DEFAULTS) == {kind.value for kind in ObligationKind} == {kind.value for kind in KINDS}
    assert {event.value for event in EVENTS} == {event.value for event in ClockEvent}


@pytest.mark.parametrize(
    ("habit", "problem"),
    [
        (HABIT, ("", "")),
        (Habit(before=(0,)), ("before", "out_of_range")),
        (Habit(after=(-1,)), ("after", "out_of_range")),
        (Habit(before=(10_000,)), ("before", "out_of_range")),
        (Habit(after=(1, 2, 3, 4, 5, 6, 7)), ("after", "too_many")),
        (Habit(escalate_after=0), ("escalate_after", "out_of_range")),
        (Habit(escalate_after=61), ("escalate_after", "out_of_range")),
    ],
)
def test_what_can_not_be_meant_is_named(habit: Habit, problem: tuple[str, str]) -> None:
    assert problem_of(habit) == problem
