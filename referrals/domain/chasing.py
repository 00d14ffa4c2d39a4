"""PURE: when to ask the office how it stands. Practice, set by the council (law.md, "Defaults to ship"), never law."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from concerns.domain.deadlines import OPEN, working_days_after
from referrals.domain.course import WALES
from referrals.enums import State

ACKNOWLEDGEMENT: Final = "chase_mo_acknowledgement"
ASSESSMENT: Final = "chase_mo_assessment"
OMBUDSMAN: Final = "chase_ombudsman_wales"
# What a council may set in its own targets, by the code of the shipped default.
TARGETS: Final = {
    ACKNOWLEDGEMENT: "mo_acknowledgement_chase_after_working_days", ASSESSMENT: "mo_assessment_chase_after_working_days",
    OMBUDSMAN: "ombudsman_chase_after_working_days",
}  # fmt: skip
DAYS: Final = {ACKNOWLEDGEMENT: 7, ASSESSMENT: 30, OMBUDSMAN: 25}


@dataclass(frozen=True, slots=True)
class Chase:
    """A day to ask on, how many working days that is, and which default says so."""

    on: date
    days: int
    code: str


def chase(
    state: State,
    jurisdiction: str,
    *,
    sent_on: date | None,
    acknowledged_on: date | None,
    days: Mapping[str, int] = DAYS,
    closures: frozenset[date] = OPEN,
) -> Chase | None:
    """The next day to ask the office, if it is its turn."""
    if sent_on is None or state not in (State.SENT, State.ACKNOWLEDGED, State.ASSESSING):
        return None
    if jurisdiction == WALES:
        code, since = OMBUDSMAN, sent_on
    elif state == State.SENT:
        code, since = ACKNOWLEDGEMENT, sent_on
    else:
        code, since = ASSESSMENT, acknowledged_on or sent_on
    return Chase(working_days_after(since, days[code], jurisdiction, closures), days[code], code)
