"""The periods a report may cover: whole years from 1 April that have ended, and blocks of four of them. Pure.

Fixed, so that nobody can have two reports that differ by a month and take one from the other; and only what is over, so that
a report of one period is always the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from councils.protocol.reviewing import later

FIRST_MONTH = 4
BLOCK = 4  # years
EPOCH = 2021  # a block begins in this year, and every four years before and after
OFFERED = 4  # years back


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day, both included."""

    starts_on: date
    ends_on: date

    @property
    def years(self) -> int:
        """How many whole years it is."""
        return self.ends_on.year - self.starts_on.year

    @property
    def code(self) -> str:
        """How an address and a form name it: "2025-1" is one year from 1 April 2025."""
        return f"{self.starts_on.year}-{self.years}"

    @property
    def parts(self) -> tuple[tuple[date, date], ...]:
        """Its quarters, or its years when it is longer than one: first and last day of each."""
        months = 3 if self.years == 1 else 12
        starts = [later(self.starts_on, 0, months * number) for number in range(4 if self.years == 1 else self.years)]
        return tuple((start, later(start, 0, months) - timedelta(days=1)) for start in starts)

    def part_of(self, day: date) -> int:
        """Which of its parts a day is in, from 0."""
        return next(number for number, (_first, last) in enumerate(self.parts) if day <= last)


def of_years(first: int, years: int = 1) -> Period:
    """The period of that many years from 1 April of ``first``."""
    return Period(date(first, FIRST_MONTH, 1), date(first + years, FIRST_MONTH, 1) - timedelta(days=1))


def offered(today: date) -> tuple[Period, ...]:
    """What may be reported today, the latest first."""
    return tuple(sorted(_offered(today), key=lambda period: (period.ends_on, period.starts_on), reverse=True))


def _offered(today: date) -> Iterator[Period]:
    latest = today.year - (1 if (today.month, today.day) >= (FIRST_MONTH, 1) else 2)
    for year in range(latest, latest - OFFERED, -1):
        yield of_years(year)
    last = latest - (latest + 1 - EPOCH) % BLOCK  # the last year of the latest block that is over
    yield of_years(last + 1 - BLOCK, BLOCK)


def read(code: str, today: date) -> Period:
    """The period of that code. Raises ValueError for one that isn't offered today."""
    for period in offered(today):
        if period.code == code:
            return period
    raise ValueError(code)
