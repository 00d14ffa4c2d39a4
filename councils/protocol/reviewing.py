"""PURE: when a protocol is to be looked at again. Every date is kept beside the others; the earliest counts.

A rule gives a day (a fixed date, or so long after adoption or the last review), or names an event that makes a review due
on the day it happens. The council may set a day of its own.
"""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from councils.protocol.model import Protocol, ReviewRule

ALERTS: Final = (180, 90, 30, 7, 0, -1)  # days before; -1: overdue
EVENTS: Final = ("new_administration", "code_of_conduct_adopted", "sooner_if_required")
COUNCIL_DATE: Final = "council_date"
PERIOD: Final = re.compile(r"P(?:(?P<years>\d{1,3})Y)?(?:(?P<months>\d{1,3})M)?")


@dataclass(frozen=True, slots=True)
class Occasion:
    """Something that was recorded: an event, or a day the council set, that no review has answered yet."""

    kind: str  # one of EVENTS, or COUNCIL_DATE
    on: datetime.date


@dataclass(frozen=True, slots=True)
class Concluded:
    """A review of this text that is over, and the day it was held for, if any."""

    on: datetime.date
    due_on: datetime.date | None = None

    @property
    def covers(self) -> datetime.date:
        """The last day it answers."""
        return max(self.on, self.due_on or self.on)


@dataclass(frozen=True, slots=True)
class ReviewDate:
    """One of the competing dates, with what it rests on. ``on`` is None for an event that hasn't happened, or where nothing is set."""

    source: str  # fixed_date | interval | event | council_date
    on: datetime.date | None
    event: str = ""
    basis: str = "stated"
    cites: tuple[str, ...] = ()
    printed: str = ""
    years: int = 0
    months: int = 0
    counted_from: datetime.date | None = None  # the last review; None: adoption, as the protocol says
    is_done: bool = False  # a review answered it
    is_named: bool = True  # False: an event the protocol doesn't name


def period(text: str) -> tuple[int, int] | None:
    """Takes an interval such as "P4Y" or "P18M"; returns years and months, None when it is none."""
    found = PERIOD.fullmatch(text)
    if not found:
        return None
    years, months = int(found["years"] or 0), int(found["months"] or 0)
    return (years, months) if years or months else None


def later(day: datetime.date, years: int, months: int) -> datetime.date:
    """The same day so many years and months later; the last of the month where there is no such day."""
    number = day.month - 1 + months
    year, month = day.year + years + number // 12, number % 12 + 1
    first_of_next = datetime.date(year + month // 12, month % 12 + 1, 1)
    return datetime.date(year, month, min(day.day, (first_of_next - datetime.timedelta(days=1)).day))


def schedule(
    protocol: Protocol, *, adopted_on: datetime.date | None, occasions: Iterable[Occasion] = (), concluded: Iterable[Concluded] = ()
) -> tuple[ReviewDate, ...]:
    """Every date and event there is, those that still count first, the earliest of them at the top."""
    over, happened = tuple(concluded), tuple(occasions)
    covered = max((review.covers for review in over), default=None)
    found = [_of_rule(rule, adopted_on, over, covered) for rule in protocol.review_rules]
    named = {rule.event: rule for rule in protocol.review_rules if rule.type == "event"}
    for occasion in happened:
        rule = named.get(occasion.kind)
        basis = rule.basis if rule else "council"
        source = COUNCIL_DATE if occasion.kind == COUNCIL_DATE else "event"
        event = "" if source == COUNCIL_DATE else occasion.kind
        found.append(ReviewDate(source, occasion.on, event=event, basis=basis, cites=rule.cites if rule else (), is_named=rule is not None))
    recorded = {occasion.kind for occasion in happened}
    still = [date for date in found if not (date.source == "event" and date.on is None and date.event in recorded)]
    return tuple(sorted(still, key=lambda date: (date.is_done, date.on is None, date.on or datetime.date.max, date.source)))


def _of_rule(
    rule: ReviewRule, adopted_on: datetime.date | None, over: tuple[Concluded, ...], covered: datetime.date | None
) -> ReviewDate:
    if rule.type == "event":
        return ReviewDate("event", None, event=rule.event, basis=rule.basis, cites=rule.cites)
    if rule.type == "interval":
        years, months = period(rule.every) or (0, 0)
        day, since = rule.due, None
        if day is None and adopted_on is not None and (years or months):
            day = later(adopted_on, years, months)
        if over and (years or months):
            since = max(review.on for review in over)
            day = later(since, years, months)
        done = since is None and day is not None and covered is not None and day <= covered
        return ReviewDate(
            "interval", day, basis=rule.basis, cites=rule.cites, printed=rule.printed, years=years, months=months, counted_from=since,
            is_done=done,
        )  # fmt: skip
    done = rule.due is not None and covered is not None and rule.due <= covered
    return ReviewDate("fixed_date", rule.due, basis=rule.basis, cites=rule.cites, printed=rule.printed, is_done=done)


def counting(dates: Iterable[ReviewDate]) -> tuple[ReviewDate, ...]:
    """Those with a day that no review has answered yet."""
    return tuple(date for date in dates if date.on is not None and not date.is_done)


def earliest(dates: Iterable[ReviewDate]) -> ReviewDate | None:
    """The one that counts: the earliest day; None when no day is set."""
    return min(counting(dates), key=lambda date: (date.on, date.source), default=None)


def reached(due_on: datetime.date, today: datetime.date) -> tuple[int, ...]:
    """The alerts whose day has come, the most urgent last."""
    left = (due_on - today).days
    return tuple(step for step in ALERTS if left <= step)
