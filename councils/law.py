"""The dated layer of law that sits over every protocol: data with a source, shown as law and never as the protocol."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from councils.protocol.model import nothing
from councils.protocol.reading import read_yaml
from councils.protocol.shaping import as_date, freeze, listed, mapping, text, words

NO_FINDING_ABOUT_COUNCILLOR = "no_finding_about_councillor"
BOTH = frozenset({"both", "ew", "england and wales", ""})


@dataclass(frozen=True, slots=True)
class LawItem:
    """One dated rule of law: where, since when, of what kind, what it says, and which rules software follows."""

    id: str
    jurisdiction: str
    start: date | None
    end: date | None
    kind: str  # statute | court_decision | code | practice
    effect: str
    source: str = ""
    confidence: str = ""
    law: tuple[str, ...] = ()
    rules: frozenset[str] = frozenset()
    enabled: bool = True
    title: str = ""
    software: str = "show"  # block | warn | default | show
    applies: Mapping[str, Any] = field(default_factory=nothing)
    destination: Mapping[str, Any] = field(default_factory=nothing)
    local_resolution_excludes: tuple[str, ...] = ()  # roles whose own complaints it leaves out

    def is_in_force(self, jurisdiction: str, on: date) -> bool:
        if not self.enabled:
            return False
        if self.jurisdiction.lower() not in BOTH and self.jurisdiction.lower() != jurisdiction.lower():
            return False
        return (self.start is None or self.start <= on) and (self.end is None or on <= self.end)

    def adds(self, subject_side: str, stage: str) -> str:
        """The recipient token this item opens for a subject on that side at that stage; empty if none."""
        token = text(self.applies.get("add"))
        if not token or stage not in words(self.applies.get("stages")):
            return ""
        subject = text(self.applies.get("subject"))
        return token if subject in ("", subject_side) else ""


@dataclass(frozen=True, slots=True)
class Law:
    """The whole layer."""

    items: tuple[LawItem, ...] = ()
    details: tuple[LawItem, ...] = ()
    defaults: tuple[Mapping[str, Any], ...] = ()

    def in_force(self, jurisdiction: str, on: date) -> tuple[LawItem, ...]:
        """What applies in that jurisdiction on that date, in the order written."""
        return tuple(item for item in self.items if item.is_in_force(jurisdiction, on))

    def rules(self, jurisdiction: str, on: date) -> Mapping[str, LawItem]:
        """The first item in force behind each rule software follows."""
        return rules_of(self.in_force(jurisdiction, on))

    def item(self, item_id: str) -> LawItem | None:
        return next((item for item in (*self.items, *self.details) if item.id == item_id), None)

    def default(self, code: str) -> Mapping[str, Any] | None:
        """A value shipped where no protocol speaks, with its unit, basis and whether a council may change it."""
        return next((entry for entry in self.defaults if entry.get("code") == code), None)


def rules_of(items: Iterable[LawItem]) -> dict[str, LawItem]:
    """Rule word → the first of these items that carries it."""
    found: dict[str, LawItem] = {}
    for item in items:
        for rule in item.rules:
            found.setdefault(rule, item)
    return found


def _item(data: Mapping[str, Any]) -> LawItem:
    return LawItem(
        id=text(data.get("id")),
        jurisdiction=text(data.get("jurisdiction")) or "both",
        start=as_date(data.get("from") or data.get("start")),
        end=as_date(data.get("until") or data.get("to") or data.get("end")),
        kind=text(data.get("kind")) or "statute",
        effect=text(data.get("effect") or data.get("gist") or data.get("text")),
        source=text(data.get("source")),
        confidence=text(data.get("confidence")),
        law=words(data.get("law") or data.get("details")),
        rules=frozenset(words(data.get("rules")) + words(data.get("rule"))),
        enabled=data.get("enabled", True) is not False and data.get("commenced", True) is not False,
        title=text(data.get("title")),
        software=text(data.get("software")) or "show",
        applies=freeze(mapping(data.get("applies"))),
        destination=freeze(mapping(data.get("destination"))),
        local_resolution_excludes=words(mapping(data.get("local_resolution")).get("excluded_raisers")),
    )


def load(source: str | bytes, *, name: str = "law.yaml") -> Law:
    """The layer from its YAML text.

    Raises ProtocolFileError when it is not one safe YAML mapping with a list of `items`.
    """
    data = read_yaml(source, name=name)
    overlay = data.get("legal_overlay")
    holder = overlay if isinstance(overlay, Mapping) else data
    entries = holder.get("items") if holder.get("items") is not None else holder.get("law")
    details = holder.get("details")
    return Law(
        tuple(_item(entry) for entry in listed(entries) if isinstance(entry, Mapping)),
        tuple(_item(entry) for entry in listed(details) if isinstance(entry, Mapping)),
        tuple(freeze(entry) for entry in listed(holder.get("defaults")) if isinstance(entry, Mapping)),
    )
