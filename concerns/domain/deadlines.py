"""PURE: working days in England and Wales, for every date the portal works out.

A working day is a weekday that isn't a bank holiday of that jurisdiction, nor one of the ``closures`` (days on which the
council's office is closed, as the council says). Clear days of a council meeting's notice (LGA 1972 s.243) are counted
otherwise and don't belong here.
"""

from datetime import date, timedelta
from functools import cache

import holidays

SUBDIVISIONS = {"England": "ENG", "Wales": "WLS"}
OPEN: frozenset[date] = frozenset()  # a council that is never closed on a working day


@cache
def bank_holidays(jurisdiction: str) -> holidays.HolidayBase:
    """The bank holidays of "England" or "Wales"; years are worked out as they are asked for. Raises KeyError for others."""
    return holidays.country_holidays("GB", subdiv=SUBDIVISIONS[jurisdiction])


def is_bank_holiday(day: date, jurisdiction: str = "England") -> bool:
    """Whether ``day`` is a bank holiday there."""
    return day in bank_holidays(jurisdiction)


def is_working_day(day: date, jurisdiction: str = "England", closures: frozenset[date] = OPEN) -> bool:
    """Whether ``day`` is from Monday to Friday, no bank holiday there and no day of closure."""
    return day.weekday() < 5 and day not in closures and not is_bank_holiday(day, jurisdiction)


def next_working_day(day: date, jurisdiction: str = "England", closures: frozenset[date] = OPEN) -> date:
    """``day`` itself if it is a working day, else the first after it."""
    while not is_working_day(day, jurisdiction, closures):
        day += timedelta(days=1)
    return day


def working_days_after(day: date, count: int, jurisdiction: str = "England", closures: frozenset[date] = OPEN) -> date:
    """The ``count``-th working day after ``day``, which itself isn't counted; 0 gives ``day``. Raises ValueError below 0."""
    if count < 0:
        raise ValueError("Working days are counted forwards.")
    for _number in range(count):
        day = next_working_day(day + timedelta(days=1), jurisdiction, closures)
    return day


def working_days_between(first: date, last: date, jurisdiction: str = "England", closures: frozenset[date] = OPEN) -> int:
    """How many working days there are after ``first`` up to and including ``last``; 0 when ``last`` isn't later."""
    return sum(is_working_day(first + timedelta(days=n), jurisdiction, closures) for n in range(1, (last - first).days + 1))


def days_left_out(first: date, last: date, jurisdiction: str = "England", closures: frozenset[date] = OPEN) -> tuple[tuple[date, str], ...]:
    """The weekdays after ``first`` up to and including ``last`` that didn't count, each with why: "bank_holiday" or "closure"."""
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return tuple(
        (day, "bank_holiday" if is_bank_holiday(day, jurisdiction) else "closure")
        for day in days
        if day.weekday() < 5 and not is_working_day(day, jurisdiction, closures)
    )
