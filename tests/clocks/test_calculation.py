"""The day and each line of how it was worked out; every expected day counted by hand on a calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from clocks.domain.calculation import Calendar, Pause, end_of, months_after, stood_still, work_out
from clocks.enums import Unit

ENGLAND = Calendar("England")
THU = date(2026, 1, 15)


def test_working_days_leave_out_weekends_and_holidays_and_say_which() -> None:
    found = work_out(ENGLAND, from_on=date(2026, 4, 1), number=3)  # Wednesday before Easter: 2, 7, 8 April
    assert found.due_on == date(2026, 4, 8)
    assert found.lines == (
        {"code": "from", "on": "2026-04-01"},
        {"code": "count", "n": 3, "unit": "working_days", "on": "2026-04-08"},
        {"code": "left_out", "on": "2026-04-03", "why": "bank_holiday"},
        {"code": "left_out", "on": "2026-04-06", "why": "bank_holiday"},
        {"code": "due", "on": "2026-04-08"},
    )


def test_closure_of_the_office_is_left_out_and_named() -> None:
    shut = Calendar("England", frozenset({date(2026, 1, 19)}))
    found = work_out(shut, from_on=THU, number=2)  # Friday 16, not Monday 19, Tuesday 20
    assert found.due_on == date(2026, 1, 20)
    assert {"code": "left_out", "on": "2026-01-19", "why": "closure"} in found.lines


def test_days_before_are_counted_backwards() -> None:
    found = work_out(ENGLAND, from_on=date(2026, 4, 8), number=3, before=True)  # 7 and 2 April, then 1
    assert found.due_on == date(2026, 4, 1)
    assert [line["code"] for line in found.lines] == ["from", "count_before", "left_out", "left_out", "due"]


@pytest.mark.parametrize(
    ("unit", "number", "start", "expected"),
    [
        (Unit.CALENDAR_DAYS, 30, date(2026, 1, 15), date(2026, 2, 16)),  # 14 February is a Saturday
        (Unit.MONTHS, 1, date(2026, 1, 31), date(2026, 3, 2)),  # 28 February is a Saturday
        (Unit.MONTHS, 1, date(2026, 3, 31), date(2026, 4, 30)),
        (Unit.YEARS, 1, date(2024, 2, 29), date(2025, 2, 28)),
        (Unit.YEARS, 6, date(2026, 1, 15), date(2032, 1, 15)),
    ],
)
def test_other_units_end_on_a_working_day(unit: Unit, number: int, start: date, expected: date) -> None:
    assert work_out(ENGLAND, from_on=start, number=number, unit=unit).due_on == expected


def test_days_on_hold_come_on_top_and_are_shown() -> None:
    found = work_out(ENGLAND, from_on=THU, number=3, pause=Pause(2, date(2026, 1, 19), date(2026, 1, 21)))
    # three days: 20 January; two of an earlier hold: 22; two of this one (20 and 21): 26
    assert found.due_on == date(2026, 1, 26)
    assert found.lines[-3:] == (
        {"code": "stopped", "n": 2},
        {"code": "held", "n": 2, "on": "2026-01-19", "until": "2026-01-21"},
        {"code": "due", "on": "2026-01-26"},
    )


def test_agreed_day_stands_whatever_was_counted() -> None:
    found = work_out(ENGLAND, from_on=THU, number=3, extended_to=date(2026, 2, 2))
    assert found.due_on == date(2026, 2, 2)
    assert {"code": "agreed", "on": "2026-02-02"} in found.lines


def test_day_that_was_set_is_that_day() -> None:
    assert work_out(ENGLAND, from_on=THU, set_on=date(2026, 1, 24), unit=Unit.DATE).due_on == date(2026, 1, 24)


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        (date(2026, 1, 20), datetime(2026, 1, 21, 0, tzinfo=UTC)),
        (date(2026, 3, 28), datetime(2026, 3, 29, 0, tzinfo=UTC)),  # the clocks go forward on the 29th
        (date(2026, 3, 29), datetime(2026, 3, 29, 23, tzinfo=UTC)),  # a day of 23 hours
        (date(2026, 6, 1), datetime(2026, 6, 1, 23, tzinfo=UTC)),
        (date(2026, 10, 24), datetime(2026, 10, 24, 23, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 26, 0, tzinfo=UTC)),  # and of 25
    ],
)
def test_day_ends_in_london_also_when_the_clocks_change(day: date, moment: datetime) -> None:
    assert end_of(day) == moment


def test_standing_still_counts_what_the_target_counts() -> None:
    assert stood_still(Unit.WORKING_DAYS, date(2026, 1, 16), date(2026, 1, 20), ENGLAND) == 2
    assert stood_still(Unit.CALENDAR_DAYS, date(2026, 1, 16), date(2026, 1, 20), ENGLAND) == 4
    assert stood_still(Unit.WORKING_DAYS, date(2026, 1, 16), date(2026, 1, 16), ENGLAND) == 0


def test_month_after_december_is_january() -> None:
    assert months_after(date(2026, 12, 31), 2) == date(2027, 2, 28)
