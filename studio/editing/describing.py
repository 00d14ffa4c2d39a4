"""A protocol's sections in words, complete: whatever a form doesn't show is still named, so that no difference is hidden."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from councils import wording
from councils.protocol import Protocol
from councils.protocol.checking import plain
from councils.protocol.parsing import build
from councils.protocol.shaping import as_date, mapping, tokens
from studio.domain.differences import Described, SectionChanges, differences
from studio.domain.parts import at, items_of, rows_of, shown
from studio.editing import choices
from studio.editing.fields import LIST, MAP, SINGLE, Choices, Field, Section
from studio.editing.sections import BY_CODE, SECTIONS, STEP

# How a text stands is said beside it; a draft of it differs in this without a word having changed.
STANDING = ("status", "protocol.status", "protocol.adoption", "protocol.adopted_on", "protocol.adopted_by", "protocol.in_force_from",
            "protocol.review.next_due")  # fmt: skip
DERIVED = ("gives",)


def reading(config: Mapping[str, Any]) -> Protocol:
    """The protocol of a draft, problems and all; its words are good for showing, not for deciding."""
    return build(plain(config))


def entries(section: Section, config: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Each item of a section with the key its address has: a number, a code, or "only" for a section of one page."""
    if section.kind == SINGLE:
        return [("only", mapping(items_of(config, section.path)) if section.path else config)]
    if section.kind == MAP:
        items = items_of(config, section.path)
        return [(str(key), section.wrap(raw)) for key, raw in items.items()] if isinstance(items, Mapping) else []
    return [(str(index), section.wrap(raw)) for index, raw in enumerate(rows_of(config, section.path))]


class Words:
    """The answers of each field in words, for one protocol and one reader: worked out once."""

    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol
        self._tables: dict[Choices, dict[str, str]] = {}

    def label(self, offered: Choices, code: str) -> str:
        """One answer in words; the code in plain words where it isn't among those offered."""
        if offered not in self._tables:
            self._tables[offered] = choices.flat(offered(self.protocol))
        return self._tables[offered].get(code) or code.replace("_", " ")


    def names(self, field: Field, item: Mapping[str, Any]) -> str:
        """Who hears it, by name alone."""
        return "; ".join(self.label(choices.recipients, token) for token in shown(field.kind, at(item, field.name)))


def words_of(field: Field, item: Mapping[str, Any], words: Words) -> str:
    """What one field says, in words; empty where it says nothing."""
    raw = at(item, field.name)
    value = shown(field.kind, raw)
    if field.kind == "steps":
        return "; ".join(_step(entry, words) for entry in (raw if isinstance(raw, list) else [raw] if raw else []))
    if field.kind == "cites":
        return ", ".join(wording.clause_label(ref, words.protocol) for ref in value)
    if field.kind in ("many", "tokens"):
        return "; ".join(words.label(field.choices, code) if field.choices else code for code in value)
    if field.kind == "yes":
        return _("Yes") if value else ""
    if value in ("", None):
        return ""
    if field.kind == "date" and (day := as_date(value)):
        return date_format(day, "j F Y")
    return words.label(field.choices, value) if field.choices else str(value)


def _step(entry: Any, words: Words) -> str:
    item = entry if isinstance(entry, Mapping) else {"to": entry}
    name = "; ".join(words.label(choices.recipients, token) for token in tokens(item.get("to", item.get("who"))))
    more = [f"{label}: {said}" for label, said in _parts(STEP, item, words, hidden=("to", "who"))]
    return f"{name} ({'; '.join(more)})" if more else name


def _parts(section: Section, item: Mapping[str, Any], words: Words, hidden: Iterable[str] = ()) -> list[tuple[str, str]]:
    found = [(str(field.label), words_of(field, item, words)) for field in section.fields]
    known = {field.name.partition(".")[0] for field in section.fields} | set(hidden) | set(DERIVED)
    return [pair for pair in found if pair[1]] + [(_plainly(key), _told(value)) for key, value in sorted(item.items()) if key not in known]


def _plainly(key: str) -> str:
    return key.replace(".", " – ").replace("_", " ")


def _told(value: Any) -> str:
    """Data no form shows, in as few marks as can be."""
    if value is None:
        return _("nothing")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Mapping):
        return "; ".join(f"{_plainly(str(key))}: {_told(inner)}" for key, inner in sorted(value.items()))
    if isinstance(value, list):
        return ", ".join(_told(inner) for inner in value) or _("nobody")
    return str(value)


def described(config: Mapping[str, Any]) -> tuple[tuple[str, tuple[Described, ...]], ...]:
    """Takes a configuration; returns every section in words, and last whatever no section shows."""
    words = Words(reading(config))
    found = [(str(section.title), tuple(_items(section, config, words))) for section in SECTIONS]
    rest = tuple(Described(name, _plainly(name), ((_("What it says"), _told(value)),)) for name, value in _rest(config, ""))
    return (*found, (_("Everything else"), rest))


def _items(section: Section, config: Mapping[str, Any], words: Words) -> Iterator[Described]:
    pairs = entries(section, config)
    if section.kind == MAP:
        pairs = sorted(pairs)
    for key, item in pairs:
        parts = _single(section, item, words) if section.kind == SINGLE else _parts(section, item, words)
        name = section.id_of(item, key) if section.kind == LIST else key
        cites = tuple(ref for field in section.fields if field.kind == "cites" for ref in shown("cites", at(item, field.name)))
        if section.code == "clauses":
            cites = (name,)
        yield Described(name, section.title_of(item, key, words.protocol), tuple(parts), cites)


def _single(section: Section, item: Mapping[str, Any], words: Words) -> list[tuple[str, str]]:
    found = [(str(field.label), words_of(field, item, words)) for field in section.fields]
    if not section.path:
        return [pair for pair in found if pair[1]]
    return _parts(section, item, words)


COVERED = {
    *(field.name for section in SECTIONS if section.kind == SINGLE and not section.path for field in section.fields),
    *(section.path for section in SECTIONS if section.path),
    *STANDING,
}


def _rest(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    if name in COVERED or name.removesuffix(".value") in COVERED:
        return
    inside = isinstance(value, Mapping) and (not name or any(other.startswith(f"{name}.") for other in COVERED) or f"{name}.value" in COVERED)
    if inside:
        for key in sorted(value):
            yield from _rest(value[key], f"{name}.{key}".removeprefix("."))
    else:
        yield name, value


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[SectionChanges, ...]:
    """Takes two configurations; returns what differs, section by section, in words."""
    return differences(described(before), described(after))


def section_of(path: str) -> tuple[str, str]:
    """Takes a problem's path; returns the section and the item it is in, ("", "") where no form can mend it."""
    from_index = path.replace("[", ".").replace("]", "")
    for section in SECTIONS:
        if section.kind != SINGLE and (from_index == section.path or from_index.startswith(f"{section.path}.")):
            key = from_index.removeprefix(section.path).removeprefix(".").partition(".")[0]
            return section.code, key if section.kind == MAP or key.isdigit() else ""
    for section in SECTIONS:
        if section.kind == SINGLE:
            names = [f"{section.path}.{field.name}".removeprefix(".") for field in section.fields]
            if any(from_index == name or from_index.startswith(f"{name}.") or name.startswith(f"{from_index}.") for name in names if from_index):
                return section.code, "only"
    return "", ""


__all__ = ["BY_CODE", "Words", "changes", "described", "entries", "reading", "section_of", "words_of"]
