"""Working days against hand-checked dates (law.md, section 12)."""

from datetime import date
from pathlib import Path

import pytest

from concerns.domain import deadlines

HERE = Path(__file__).parent
CLOSED = frozenset({date(2026, 12, 29), date(2026, 12, 30), date(2026, 12, 31), date(2027, 5, 4)})
HOLIDAYS = {
    2022: "1-3 4-15 4-18 5-2 6-2 6-3 8-29 9-19 12-26 12-27",
    2023: "1-2 4-7 4-10 5-1 5-8 5-29 8-28 12-25 12-26",
    2024: "1-1 3-29 4-1 5-6 5-27 8-26 12-25 12-26",
    2025: "1-1 4-18 4-21 5-5 5-26 8-25 12-25 12-26",
    2026: "1-1 4-3 4-6 5-4 5-25 8-31 12-25 12-28",
    2027: "1-1 3-26 3-29 5-3 5-31 8-30 12-27 12-28",
    2028: "1-3 4-14 4-17 5-1 5-29 8-28 12-25 12-26",
    2029: "1-1 3-30 4-2 5-7 5-28 8-27 12-25 12-26",
    2030: "1-1 4-19 4-22 5-6 5-27 8-26 12-25 12-26",
}


@pytest.mark.parametrize("jurisdiction", ["England", "Wales"])
@pytest.mark.parametrize("year", HOLIDAYS)
def test_every_bank_holiday_on_a_weekday_is_the_published_one(year: int, jurisdiction: str) -> None:
    wanted = [date(year, *map(int, day.split("-"))) for day in HOLIDAYS[year].split()]
    days = [date.fromordinal(n) for n in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)]
    found = [day for day in days if day.weekday() < 5 and not deadlines.is_working_day(day, jurisdiction)]
    assert found == wanted


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        (date(2026, 1, 15), 7, date(2026, 1, 26)),
        (date(2026, 1, 15), 0, date(2026, 1, 15)),
        (date(2026, 4, 2), 1, date(2026, 4, 7)),  # over Easter
        (date(2026, 12, 24), 2, date(2026, 12, 30)),  # Boxing Day's substitute is the 28th
        (date(2026, 1, 17), 1, date(2026, 1, 19)),  # from a Saturday
        (date(2026, 1, 15), 30, date(2026, 2, 26)),
    ],
)
def test_working_days_are_counted_from_the_day_after(start: date, count: int, due: date) -> None:
    assert deadlines.working_days_after(start, count) == due


def written(name: str) -> list[tuple[date, int, date]]:
    """The dates of a file beside this one: the day counted from, how many, the day that is."""
    rows = []
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        start, *counts = line.partition("#")[0].split("  ") if line.partition("#")[0].strip() else [""]
        day = date.fromisoformat(start[:10]) if start else date.min
        assert not start or start[11:] == day.strftime("%a"), line
        for number, due in (pair.split(": ") for pair in counts if pair.strip()):
            rows.append((day, int(number), date.fromisoformat(due.strip())))
    return rows


@pytest.mark.parametrize("jurisdiction", ["England", "Wales"])
@pytest.mark.parametrize(("name", "closures", "fewest"), [("working_days.txt", frozenset(), 340), ("closed_days.txt", CLOSED, 25)])
def test_written_dates_are_those_counted(name: str, closures: frozenset[date], fewest: int, jurisdiction: str) -> None:
    rows = written(name)
    assert len(rows) >= fewest
    wrong = [
        (start, count, due, deadlines.working_days_after(start, count, jurisdiction, closures))
        for start, count, due in rows
        if deadlines.working_days_after(start, count, jurisdiction, closures) != due
        or deadlines.working_days_between(start, due, jurisdiction, closures) != count
    ]
    assert wrong == []


def test_written_dates_are_of_seven_years_and_more_than_three_hundred() -> None:
    years = [start.year for start, _count, _due in written("working_days.txt")]
    assert sum(2024 <= year <= 2030 for year in years) >= 300
    assert set(years) == set(range(2022, 2031))


def test_days_left_out_say_why() -> None:
    assert deadlines.days_left_out(date(2026, 12, 24), date(2027, 1, 4), "Wales", CLOSED) == (
        (date(2026, 12, 25), "bank_holiday"),
        (date(2026, 12, 28), "bank_holiday"),
        (date(2026, 12, 29), "closure"),
        (date(2026, 12, 30), "closure"),
        (date(2026, 12, 31), "closure"),
        (date(2027, 1, 1), "bank_holiday"),
    )
    assert deadlines.days_left_out(date(2026, 1, 12), date(2026, 1, 16)) == ()


@pytest.mark.parametrize(("day", "free"), [(date(2026, 12, 25), date(2027, 1, 4)), (date(2027, 5, 4), date(2027, 5, 5)), (date(2026, 12, 24),) * 2])
def test_next_working_day_is_after_the_closure(day: date, free: date) -> None:
    assert deadlines.next_working_day(day, "England", CLOSED) == free


def test_counting_between_two_days_is_counting_backwards() -> None:
    assert deadlines.working_days_between(date(2026, 4, 2), date(2026, 4, 8)) == 2
    assert deadlines.working_days_between(date(2026, 4, 8), date(2026, 4, 2)) == 0


def test_a_count_below_nought_is_refused() -> None:
    with pytest.raises(ValueError):
        deadlines.working_days_after(date(2026, 4, 2), -1)
