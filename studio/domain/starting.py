"""PURE: what a new draft begins with. A draft was adopted by nobody, whatever the text it was taken from says."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from studio.domain.matching import renumbered

STATED = ("stated", "inferred")
ABOUT_THE_TEXT = ("readings", "tracked_changes", "clause_numbering")  # what is said of one document, and of no other


def unadopted(config: Mapping[str, Any]) -> dict[str, Any]:
    """The same protocol as a draft: no adoption of its own, and no review date that followed from one.

    Takes a configuration; returns a copy. Without this a text taken from the version in force would pass for adopted.
    """
    found = copy.deepcopy(dict(config))
    found.pop("status", None)
    head = dict(found.get("protocol") or {})
    head["status"] = "draft"
    for key in ("adoption", "adopted_on", "adopted_by", "in_force_from"):
        if head.get(key) is not None:
            head[key] = None
    head.pop("in_force_from", None)
    review = head.get("review")
    if isinstance(review, Mapping):
        review = dict(review)
        review.pop("next_due", None)
        review["rules"] = [_counted_anew(rule) for rule in review.get("rules") or []]
        head["review"] = review
    found["protocol"] = head
    return found


def _counted_anew(rule: Any) -> Any:
    if isinstance(rule, Mapping) and rule.get("type") == "interval":
        return {key: value for key, value in rule.items() if key != "gives"}
    return rule


def next_version(config: Mapping[str, Any]) -> dict[str, Any]:
    """A draft of the version after this one: the adoption before becomes a line of the amendment record.

    Takes the configuration in force; returns a copy.
    """
    head = config.get("protocol") or {}
    found = unadopted(config)
    record = list(found["protocol"].get("amendment_record") or [])
    adopted = head.get("adopted_on")
    day = adopted.get("date") if isinstance(adopted, Mapping) else adopted
    said = {str(line.get("date") or line.get("on") or "") for line in record if isinstance(line, Mapping)}
    if day and str(day) not in said:
        record.append({"version": str(head.get("version") or ""), "event": "approved", "by": str(head.get("adopted_by") or ""), "date": str(day)})
    if record:
        found["protocol"]["amendment_record"] = record
    version = str(head.get("version") or "").strip()
    if version.isdigit():
        found["protocol"]["version"] = str(int(version) + 1)
    return found


def of_model(
    config: Mapping[str, Any], *, key: str, name: str, jurisdiction: str, clauses: Iterable[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """A draft from another text: a shape, or the plain protocol.

    Takes the model and whose protocol it is to be. With ``clauses`` of the council's own, the model's clauses go, and every
    rule is "not in your protocol" until it is tied to one of them. Returns a copy.
    """
    found = unadopted(config)
    found |= {"key": key, "name": name, "jurisdiction": jurisdiction}
    found["protocol"] |= {"amendment_record": [], "version": "1"}
    found["protocol"].pop("amendment_record_fields", None)
    if key != config.get("key"):
        found.pop("tracked_changes", None)
        authority = found.get("principal_authority")
        if isinstance(authority, dict):
            authority.pop("outside_document", None)
            authority.pop("outside_seed", None)
        for body in found.get("external_bodies") or []:
            body.pop("of", None)
    own = [dict(clause) for clause in clauses]
    if own:
        found = untied(found)
        found["clauses"] = own
    return found


def untied(value: Any, place: str = "") -> Any:
    """The same data without a clause cited anywhere: what rested on the text rests on nothing but a default."""
    if isinstance(value, list):
        return [untied(item, place) for item in value]
    if not isinstance(value, dict):
        return value
    if place == "topics":
        return {topic: [] for topic in value}
    left = {key: item for key, item in value.items() if not (place == "" and key in ABOUT_THE_TEXT)}
    kept = {key: untied(item, key) for key, item in left.items() if not key.endswith("cites") and key != "printed"}
    if kept.get("basis") in STATED:
        kept["basis"] = "default"
    if place == "" and isinstance(value.get("settings"), list):
        kept["settings"] = [
            untied(item, "setting") for item in value["settings"] if not (isinstance(item, Mapping) and item.get("cites"))
        ]
    return kept


def with_clauses(config: Mapping[str, Any], clauses: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The protocol with other clauses; what it cites stays, so that the checks name what is no longer there. Returns a copy.

    A clause without a number in the document keeps the one it had in the protocol (``renumbered``).
    """
    found = copy.deepcopy(dict(config))
    before = found.get("clauses")
    found["clauses"] = renumbered(clauses, before if isinstance(before, list) else ())
    return found
