"""PURE: the head of a protocol put into a configuration: its title, when it is reviewed, its last adoption."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import date
from typing import Any

from studio.domain.parts import shown

INTERVAL, FIXED, ADOPTED = "interval", "fixed_date", "approved"
WRITTEN = ("stated", "inferred")
Rule = dict[str, Any]


def titled(config: Mapping[str, Any], title: str) -> dict[str, Any]:
    """A copy with that title."""
    found, head = _head(config)
    head["title"] = title
    return found


def reviews(config: Mapping[str, Any], kind: str) -> list[Rule]:
    """The review rules of that kind: `interval`, `fixed_date`, `event`."""
    return [rule for rule in _rules(config) if rule.get("type") == kind]


def is_written(rule: Mapping[str, Any]) -> bool:
    """Does it rest on the council's own document?"""
    return bool(rule.get("cites")) or rule.get("basis") in WRITTEN


def reviewed(
    config: Mapping[str, Any], *, every: int | None = None, every_cites: str = "", day: date | None = None, day_cites: str = "",
    printed: Mapping[str, str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """A copy that is reviewed so often and on that day; without either, at no time. Events stay, and so does a rule that says the same."""
    found, head = _head(config)
    wanted = {
        INTERVAL: ({"every": f"P{every}Y", "counted_from": "adopted_on"} if every else {}, every_cites),
        FIXED: ({"date": day.isoformat(), **(printed or {})} if day else {}, day_cites),
    }
    kept = [rule for rule in _rules(config) if rule.get("type") not in wanted]
    names = {str(rule.get("id")) for rule in kept}
    dated: list[Rule] = []
    for kind, (says, ref) in wanted.items():
        before = reviews(config, kind)
        if says:
            first = next((rule for rule in before if is_written(rule)), before[0] if before else {})
            dated.append(_rule(kind, says, ref, first, names))
            before = [rule for rule in before if rule is not first and is_written(rule)]  # another passage gives another one
            dated += before
        names |= {str(rule.get("id")) for rule in dated}
    review = head.get("review")
    head["review"] = {**(review if isinstance(review, Mapping) else {}), "rules": dated + kept}
    head["review"].pop("next_due", None)
    return found


def _rule(kind: str, says: Rule, ref: str, before: Mapping[str, Any], names: set[str]) -> Rule:
    cites = [ref] if ref else []
    same = all(str(before.get(key)) == str(value) for key, value in says.items() if key in ("every", "date"))
    if before and same and (shown("cites", before.get("cites")) or [""])[0] == ref and is_written(before) == bool(ref):
        return dict(before)
    name = str(before.get("id") or "") or next(f"REV{at}" for at in range(1, 100) if f"REV{at}" not in names)
    made: Rule = {"id": name, "type": kind, **says, "basis": "stated" if ref else "default"}
    return {**made, "cites": cites} if cites else made


def adopted(config: Mapping[str, Any], *, body: str, on: date, minute: str) -> dict[str, Any]:
    """A copy whose amendment record has that adoption: a line of its own, or in the place of the line of that day."""
    found, head = _head(config)
    record = head.get("amendment_record")
    lines = list(record) if isinstance(record, list) else []
    at = next((at for at, line in enumerate(lines) if isinstance(line, Mapping) and str(line.get("date") or line.get("on")) == on.isoformat()), None)
    line = {**(dict(lines[at]) if at is not None else {"event": ADOPTED}), "by": body, "date": on.isoformat(), "minute_ref": minute}
    line = {key: value for key, value in line.items() if value}
    head["amendment_record"] = [*lines, line] if at is None else [*lines[:at], line, *lines[at + 1 :]]
    return found


def adoptions(config: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The lines of the amendment record that have a day, as they stand."""
    _found, head = _head(config)
    record = head.get("amendment_record")
    return [line for line in (record if isinstance(record, list) else []) if isinstance(line, Mapping) and _day(line.get("date"))]


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def day_of(line: Mapping[str, Any]) -> date | None:
    """The day of a line of the amendment record, or of a review rule."""
    return _day(line.get("date"))


def _head(config: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    found = copy.deepcopy(dict(config))
    head = found.get("protocol")
    found["protocol"] = head = dict(head) if isinstance(head, Mapping) else {}
    return found, head


def _rules(config: Mapping[str, Any]) -> list[Rule]:
    head = config.get("protocol")
    review = head.get("review") if isinstance(head, Mapping) else None
    rules = review.get("rules") if isinstance(review, Mapping) else None
    return [dict(rule) for rule in (rules if isinstance(rules, list) else []) if isinstance(rule, Mapping)]
