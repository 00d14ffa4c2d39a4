"""PURE: how many days something may take, and who says so. The council's own number, the protocol's, else the shipped one."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

# Code of the shipped default (law layer, "defaults") -> what a protocol's file calls it under ``targets``.
KEYS: Final = {
    "acknowledge_concern": "acknowledge_after_working_days",
    "find_handler": "find_handler_after_working_days",
    "informal_review": "informal_review_after_working_days",
    "conciliation_review": "conciliation_review_after_working_days",
    "choose_route": "choose_route_after_working_days",
    "grievance_meeting": "grievance_meeting_within_working_days",
    "hearing_notice": "hearing_notice_working_days",
    "companion_postponement": "companion_postponement_working_days",
    "decision_after_hearing": "decision_after_hearing_working_days",
    "appeal_window": "appeal_window_working_days",
    "chase_mo_acknowledgement": "mo_acknowledgement_chase_after_working_days",
    "chase_mo_assessment": "mo_assessment_chase_after_working_days",
    "chase_ombudsman_wales": "ombudsman_chase_after_working_days",
    "papers_request": "papers_request_after_working_days",
    "interpretation": "interpretation_after_working_days",
    "look_again": "look_again_after_working_days",
}
SETTABLE: Final = tuple(KEYS)
LEAST: Final = 1
MOST: Final = 365
FALLBACK: Final = 10  # where a law layer is older than the code
UNITS: Final = {"working_days": "working_days", "days": "calendar_days", "months": "months", "years": "years"}


@dataclass(frozen=True, slots=True)
class Target:
    """A number of days (months, years) and what it rests on: clause, law, council or default."""

    days: int
    unit: str = "working_days"
    basis: str = "default"
    cites: tuple[str, ...] = ()


def target(code: str, *, own: Mapping[str, Any], written: Mapping[str, Any], shipped: Mapping[str, Any] | None) -> Target:
    """The target of ``code``: ``own`` is what the council set here, ``written`` the protocol file's ``targets``."""
    base = _shipped(shipped)
    least = base.days if shipped and shipped.get("editable") == "lengthen_only" else LEAST
    if _counts(own.get(code), least):
        return Target(own[code], basis="council")
    value = written.get(KEYS.get(code, ""))
    if not _counts(value, least):
        return base
    named = written.get(f"{KEYS[code]}_cites")
    if isinstance(named, list | tuple) and named:
        return Target(value, basis="clause", cites=tuple(str(cite) for cite in named))
    if written.get("basis") == "default":
        return base if value == base.days else Target(value, basis="council")
    cites = tuple(str(cite) for cite in written.get("cites") or ())
    return Target(value, basis="clause" if cites else "council", cites=cites)


def counts_out(change: Mapping[str, Any], people: Collection[str], since: datetime) -> bool:
    """Whether a change of days was made by one of ``people`` after ``since``: it moves nothing of a case that began then."""
    return change["by"] in people and datetime.fromisoformat(change["at"]) > since


def without(own: Mapping[str, Any], changes: Iterable[Mapping[str, Any]], *, people: Collection[str], since: datetime) -> Mapping[str, Any]:
    """The council's own numbers as if ``people`` had changed none after ``since``; the others' changes stand, the latest last."""
    found: dict[str, Any] = dict(own)
    touched = [change for change in changes if "code" in change]
    for code in {change["code"] for change in touched if counts_out(change, people, since)}:
        mine = [change for change in touched if change["code"] == code]
        value = mine[0]["before"]
        for change in mine:
            value = value if counts_out(change, people, since) else change["after"]
        found.pop(code, None)
        if value is not None:
            found[code] = value
    return found


def closed_by(changes: Iterable[Mapping[str, Any]], *, people: Collection[str], since: datetime) -> frozenset[date]:
    """The days on which ``people`` closed the office after ``since``."""
    days: set[date] = set()
    for change in changes:
        if "closed" in change and counts_out(change, people, since):
            first, last = map(date.fromisoformat, change["closed"])
            days |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
    return frozenset(days)


def wrong(code: str, value: int, shipped: Mapping[str, Any] | None) -> str:
    """What is wrong with a council's own number: "" | "range" | "shorter"."""
    if not LEAST <= value <= MOST:
        return "range"
    lengthen = bool(shipped) and shipped.get("editable") == "lengthen_only"
    return "shorter" if lengthen and value < _shipped(shipped).days else ""


def _counts(value: object, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= MOST


def _shipped(shipped: Mapping[str, Any] | None) -> Target:
    if not shipped or not isinstance(shipped.get("value"), int):
        return Target(FALLBACK)
    law = str(shipped.get("law") or "")
    fixed = shipped.get("basis") == "statute"
    return Target(
        shipped["value"], UNITS.get(str(shipped.get("unit")), "working_days"), "law" if fixed else "default", (law,) if fixed and law else ()
    )
