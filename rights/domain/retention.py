"""PURE: how many months each kind of outcome is kept, and by when things of data law have to be done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from councils.protocol.reviewing import later
from rights.enums import OutcomeClass

#: Six months and twelve weeks: as long as somebody may still go to a tribunal (law layer: tribunal_hold). Rounded up to months.
LEAST_MONTHS: Final = 9
MOST_MONTHS: Final = 1200
BREACH_HOURS: Final = 72
#: What was begun and never sent: as shipped, the least a council may choose, and how long before its writer is told.
DRAFT_MONTHS: Final = 12
LEAST_DRAFT_MONTHS: Final = 3
DRAFT_NOTICE: Final = timedelta(days=30)
#: Which of the shipped defaults says how long each kind of outcome is kept.
CODES: Final[Mapping[OutcomeClass, str]] = {
    OutcomeClass.RESOLVED: "retention_informal",
    OutcomeClass.NO_ACTION: "retention_informal",
    OutcomeClass.WITHDRAWN: "retention_informal",
    OutcomeClass.REDIRECTED: "retention_informal",
    OutcomeClass.FORMAL: "retention_formal",
}


def least_months(tribunal_hold: Mapping[str, Any] | None) -> int:
    """The fewest whole months that cover the time for a tribunal: ``{"months": 6, "weeks": 12}`` is 9."""
    value = (tribunal_hold or {}).get("value")
    if not isinstance(value, Mapping):
        return LEAST_MONTHS
    months, weeks = int(value.get("months", 0)), int(value.get("weeks", 0))
    return max(LEAST_MONTHS, months + -(-weeks * 7 // 30))


def shipped_months(default: Mapping[str, Any] | None) -> int:
    """A default of the law layer in months."""
    value, unit = (default or {}).get("value"), str((default or {}).get("unit"))
    if not isinstance(value, int):
        return 72  # the longer one, where a law layer is older than the code
    return value * 12 if unit == "years" else value


def draft_goes_on(touched: date, months: int, told: date) -> date | None:
    """Takes the day a draft was last changed, for how long drafts are kept, and the day its writer would be told.

    Returns the day it goes, never sooner than they had notice; None while it is too early to tell them.
    """
    due = later(touched, 0, months)
    return max(due, told + DRAFT_NOTICE) if told >= due - DRAFT_NOTICE else None


def breach_due(aware_at: datetime) -> datetime:
    """The moment by which the Information Commissioner has to be told of a breach that is a risk to people."""
    return aware_at + timedelta(hours=BREACH_HOURS)


def stood_still(asked_on: date | None, answered_on: date | None, today: date) -> int:
    """For how many days the clock of a request stands still: while something has to be clarified."""
    if asked_on is None:
        return 0
    return max(((answered_on or today) - asked_on).days, 0)
