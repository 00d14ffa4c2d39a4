"""PURE: the days of a grievance, each with where it comes from. Working days of England or Wales, without the council's closures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from concerns.domain.deadlines import OPEN, is_bank_holiday, is_working_day, working_days_after

# our name -> (the council's own target, the shipped default)
TARGETS: Final = {
    "acknowledge": ("acknowledge_after_working_days", "acknowledge_concern"),
    "meeting": ("grievance_meeting_within_working_days", "grievance_meeting"),
    "notice": ("hearing_notice_working_days", "hearing_notice"),
    "postponement": ("companion_postponement_working_days", "companion_postponement"),
    "decision": ("decision_after_hearing_working_days", "decision_after_hearing"),
    "appeal": ("appeal_window_working_days", "appeal_window"),
}
FALLBACK: Final = {"acknowledge": 3, "meeting": 10, "notice": 5, "postponement": 5, "decision": 5, "appeal": 5}
FURTHEST: Final = timedelta(days=365)  # no hearing is set for a day beyond that
LAW_POSTPONEMENT: Final = 5  # Employment Relations Act 1999 s.10(5); a council may lengthen it


@dataclass(frozen=True, slots=True)
class Target:
    """A number of working days and what it rests on: the council's own setting, law, a code, or practice."""

    days: int
    basis: str  # council | statute | code | practice
    source: str = ""


def target(name: str, *, own: Mapping[str, Any], shipped: Mapping[str, Any] | None) -> Target:
    """The days of ``name``: the council's own where it set them, else the shipped default with its basis."""
    key, _code = TARGETS[name]
    value = own.get(key)
    law = str(shipped.get("law") or "") if shipped else ""
    if isinstance(value, int) and not isinstance(value, bool) and value > 0 and (name != "postponement" or value >= LAW_POSTPONEMENT):
        shipped_value = shipped.get("value") if shipped else None
        same = own.get("basis") == "default" and value == shipped_value
        return Target(value, str(shipped.get("basis")) if same and shipped else "council", str(shipped.get("seen_in") or "") if same and shipped else "")
    days = shipped.get("value") if shipped else None
    basis = str(shipped.get("basis") or "practice") if shipped else "practice"
    source = law or (str(shipped.get("seen_in") or "") if shipped else "")
    return Target(days if isinstance(days, int) else FALLBACK[name], basis, source)


def due(start: date, days: int, jurisdiction: str, closures: frozenset[date] = OPEN) -> date:
    """The last day: that many working days after ``start``, which isn't counted."""
    return working_days_after(start, days, jurisdiction, closures)


def earliest(today: date, notice: int, jurisdiction: str, closures: frozenset[date] = OPEN) -> date:
    """The first day a hearing may be held when notice is given today."""
    return working_days_after(today, max(notice, 1), jurisdiction, closures)


def hearing_problem(day: date, *, today: date, notice: int, jurisdiction: str, closures: frozenset[date] = OPEN) -> str:
    """What is wrong with a hearing on ``day`` when notice is given ``today``; "" when nothing is."""
    if day < today:
        return "hearing_past"
    if day > today + FURTHEST:
        return "hearing_far"
    if day.weekday() >= 5:
        return "hearing_weekend"
    if is_bank_holiday(day, jurisdiction):
        return "hearing_bank_holiday"
    if day in closures:
        return "hearing_closure"
    if day < earliest(today, notice, jurisdiction, closures):
        return "hearing_short_notice"
    return ""


def postponed_until(proposed: date, days: int, jurisdiction: str) -> date:
    """The last day of the postponement for a companion: ``days`` working days beginning the first one after ``proposed``.

    The law knows no closure of a council's office (Employment Relations Act 1999 s.13(6)): those days count.
    """
    return working_days_after(proposed, days, jurisdiction)


def postponement_problem(
    day: date, *, proposed: date, today: date, days: int, jurisdiction: str, further: bool = False, closures: frozenset[date] = OPEN
) -> str:
    """What is wrong with moving a hearing from ``proposed`` to ``day`` because the companion can't come; "" when nothing is.

    ``further``: later than the law's days, which needs a reason and isn't blocked up to a year. Earlier or the same day is.
    """
    if day <= proposed:
        return "postponed_earlier"
    if day < today:
        return "hearing_past"
    if day > today + FURTHEST:
        return "hearing_far"
    if not is_working_day(day, jurisdiction):
        return "hearing_weekend" if day.weekday() >= 5 else "hearing_bank_holiday"
    if day in closures:
        return "hearing_closure"
    if day > postponed_until(proposed, days, jurisdiction) and not further:
        return "postponed_far"
    return ""


def in_time(day: date, until: date | None) -> bool:
    """Whether an appeal lodged on ``day`` is in time."""
    return until is not None and day <= until


def tomorrow(day: date) -> date:
    """The day after."""
    return day + timedelta(days=1)
