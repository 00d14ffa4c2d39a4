"""PURE: what changed between two descriptions of a protocol. The words are made elsewhere; here they are only compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Described:
    """One thing of a protocol in words: what tells it from others, its title, its parts, and the clauses it rests on."""

    id: str
    title: str
    parts: tuple[tuple[str, str], ...]
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One part that changed."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that was added, taken out or changed, with the clauses named on either side."""

    kind: str  # added | removed | changed
    title: str
    parts: tuple[Part, ...]
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SectionChanges:
    """The changes of one section."""

    title: str
    changes: tuple[Change, ...]
    is_reordered: bool = False


Section = tuple[str, tuple[Described, ...]]


def differences(before: Iterable[Section], after: Iterable[Section]) -> tuple[SectionChanges, ...]:
    """Takes the sections of both in words; returns those that differ, in the order of the second."""
    old, new = dict(before), dict(after)
    found = []
    for title in (*new, *(name for name in old if name not in new)):
        was, now = _by_id(old.get(title, ())), _by_id(new.get(title, ()))
        changes = [*_changed(was, now)]
        common_before = [key for key in was if key in now]
        reordered = common_before != [key for key in now if key in was]
        if changes or reordered:
            found.append(SectionChanges(title, tuple(changes), reordered))
    return tuple(found)


def _by_id(items: Iterable[Described]) -> dict[str, Described]:
    """By id; one given twice keeps both."""
    found: dict[str, Described] = {}
    for item in items:
        key, number = item.id, 2
        while key in found:
            key, number = f"{item.id} ({number})", number + 1
        found[key] = item
    return found


def _changed(was: Mapping[str, Described], now: Mapping[str, Described]) -> Iterable[Change]:
    for key, item in now.items():
        before = was.get(key)
        if before is None:
            yield Change("added", item.title, tuple(Part(label, "", words) for label, words in item.parts if words), item.cites)
            continue
        old, new = dict(before.parts), dict(item.parts)
        parts = tuple(
            Part(label, old.get(label, ""), new.get(label, ""))
            for label in dict.fromkeys((*new, *old))
            if old.get(label, "") != new.get(label, "")
        )
        if parts:
            yield Change("changed", item.title, parts, tuple(dict.fromkeys((*item.cites, *before.cites))))
    for key, item in was.items():
        if key not in now:
            yield Change("removed", item.title, tuple(Part(label, words, "") for label, words in item.parts if words), item.cites)


def clauses_touched(found: Iterable[SectionChanges]) -> tuple[str, ...]:
    """Every clause that a change rests on, in the order met."""
    return tuple(dict.fromkeys(ref for section in found for change in section.changes for ref in change.cites))
