"""PURE: from what is counted, how, and to which day; each line of it, so that a reader can follow."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from clocks.enums import Unit
from concerns.domain.deadlines import days_left_out, is_working_day, next_working_day, working_days_after, working_days_between

LONDON: Final = ZoneInfo("Europe/London")
Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days count: England's or Wales's, less the days on which the council's office is closed."""

    jurisdiction: str = "England"
    closures: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Pause:
    """Days for which the clock stood still: those of holds that are over, and the one that runs."""

    days: int = 0
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """The day, and how it was worked out."""

    due_on: date
    lines: tuple[Line, ...]


def end_of(day: date) -> datetime:
    """The moment ``day`` is over in London, whatever the clocks do that night: overdue from then on."""
    return datetime.combine(day + timedelta(days=1), time.min, LONDON)


def working_days_before(day: date, count: int, here: Calendar) -> date:
    """The ``count``-th working day before ``day``, which itself isn't counted."""
    for _number in range(count):
        day -= timedelta(days=1)
        while not is_working_day(day, here.jurisdiction, here.closures):
            day -= timedelta(days=1)
    return day


def months_after(day: date, count: int) -> date:
    """The same day so many months later; the month's last where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def stood_still(unit: str, since: date, until: date, here: Calendar) -> int:
    """How many days of a target the clock stood still: after ``since`` up to and including ``until``."""
    if unit in (Unit.WORKING_DAYS, Unit.DATE):
        return working_days_between(since, until, here.jurisdiction, here.closures)
    return max((until - since).days, 0)


def work_out(
    here: Calendar,
    *,
    from_on: date,
    number: int | None = None,
    unit: str = Unit.WORKING_DAYS,
    before: bool = False,
    set_on: date | None = None,
    pause: Pause = Pause(),  # noqa: B008 (frozen)
    extended_to: date | None = None,
) -> Result:
    """The day by which something is due. ``set_on``: somebody set it. Otherwise ``number`` of ``unit`` after ``from_on``
    (or before it). An agreed day stands instead of what was counted; days on which the clock stood still come on top.
    """
    lines: list[Line] = []
    if set_on is not None:
        day = set_on
        lines.append({"code": "set", "on": day.isoformat()})
    else:
        day = _counted(here, from_on, number or 0, unit, before, lines)
    if extended_to is not None:
        day = extended_to
        lines.append({"code": "agreed", "on": day.isoformat()})
    day = _after_pause(here, day, unit, pause, lines)
    lines.append({"code": "due", "on": day.isoformat()})
    return Result(day, tuple(lines))


def _counted(here: Calendar, start: date, number: int, unit: str, before: bool, lines: list[Line]) -> date:
    lines.append({"code": "from", "on": start.isoformat()})
    if unit == Unit.WORKING_DAYS and before:
        day = working_days_before(start, number, here)
        first, last = day - timedelta(days=1), start - timedelta(days=1)
    elif unit == Unit.WORKING_DAYS:
        day = working_days_after(start, number, here.jurisdiction, here.closures)
        first, last = start, day
    else:
        months = {Unit.MONTHS: number, Unit.YEARS: 12 * number}.get(Unit(unit))
        counted = start + timedelta(days=number) if months is None else months_after(start, months)
        day, first, last = next_working_day(counted, here.jurisdiction, here.closures), counted, counted
        lines.append({"code": "count", "n": number, "unit": str(unit), "on": counted.isoformat()})
        if day != counted:
            lines.append({"code": "rolled", "on": day.isoformat()})
        return day
    lines.append({"code": "count_before" if before else "count", "n": number, "unit": str(unit), "on": day.isoformat()})
    lines += [
        {"code": "left_out", "on": off.isoformat(), "why": why} for off, why in days_left_out(first, last, here.jurisdiction, here.closures)
    ]
    return day


def _after_pause(here: Calendar, day: date, unit: str, pause: Pause, lines: list[Line]) -> date:
    total = pause.days
    if pause.days:
        lines.append({"code": "stopped", "n": pause.days})
    if pause.since and pause.until:
        held = stood_still(unit, pause.since, pause.until, here)
        lines.append({"code": "held", "n": held, "on": pause.since.isoformat(), "until": pause.until.isoformat()})
        total += held
    if not total:
        return day
    if unit in (Unit.WORKING_DAYS, Unit.DATE):
        return working_days_after(day, total, here.jurisdiction, here.closures)
    return next_working_day(day + timedelta(days=total), here.jurisdiction, here.closures)
