"""Everything of a protocol that rests on no clause, and tying it: all parts at once, one clause each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from councils.protocol import Protocol
from studio.domain.parts import at, put, shown
from studio.editing.changing import raw_item, with_item
from studio.editing.describing import Words, entries, words_of
from studio.editing.fields import SINGLE, Field, Section
from studio.editing.problems import UNWRITTEN, is_unwritten
from studio.editing.sections import SECTIONS

FIRST, WORDS = "rules", "words"  # of each word the page names what it is a word for
IN_TITLE = frozenset({"id", "raiser", "subject", "stage", "label", "deputy", "principal", "rule", "who", "words", "type", "every", "date", "event", "code", "basis"})
STATED = "stated"


@dataclass(frozen=True)
class Tie:
    """One thing that rests on nothing in the document, and the field its clause goes to."""

    section: Section
    key: str
    field: Field
    title: str
    says: str

    @property
    def control(self) -> str:
        """Its name in the form."""
        return f"{self.section.code}-{self.key}-{self.field.control}"


def untied(config: Mapping[str, Any], protocol: Protocol) -> list[tuple[Section, list[Tie]]]:
    """Takes a configuration and its reading; returns what no clause is tied to, section by section, the rules first."""
    words = Words(protocol)
    found = [(section, list(_in_section(section, config, protocol, words))) for section in sorted(SECTIONS, key=lambda section: section.code != FIRST)]
    return [(section, ties) for section, ties in found if ties]


def _in_section(section: Section, config: Mapping[str, Any], protocol: Protocol, words: Words) -> Iterable[Tie]:
    cites = [field for field in section.fields if field.kind == "cites"]
    order = {code: at for at, (code, _label) in enumerate(section.codes(protocol))} if section.codes else {}
    for key, item in sorted(entries(section, config), key=lambda entry: order.get(entry[0], len(order))):
        if section.kind == SINGLE:
            yield from (tie for field in cites if (tie := _answer(section, field, item, words)))
        elif is_unwritten(section, item):
            yield from (Tie(section, key, field, section.title_of(item, key, protocol), _says(section, item, words)) for field in cites[:1])


def _answer(section: Section, field: Field, item: Mapping[str, Any], words: Words) -> Tie | None:
    """A section of one page has several answers, each with clauses of its own."""
    basis = at(item, _basis(field)) if _basis(field) else ""
    asked = next((other for other in section.fields if _is_about(field, other)), None)
    if asked is None or shown("cites", at(item, field.name)) or str(basis or "") not in UNWRITTEN or not (said := words_of(asked, item, words)):
        return None
    return Tie(section, "only", field, str(asked.label), said)


def _is_about(cites: Field, other: Field) -> bool:
    above, _dot, name = cites.name.rpartition(".")
    if name != "cites":
        return other.name == cites.name.removesuffix("_cites")
    return other.name.startswith(f"{above}.") and other.kind != "cites" and other.name != _basis(cites)


def _basis(cites: Field) -> str:
    above, _dot, name = cites.name.rpartition(".")
    return f"{above}.basis".removeprefix(".") if name == "cites" else ""


def _says(section: Section, item: Mapping[str, Any], words: Words) -> str:
    in_title = IN_TITLE - {"label"} if section.code == WORDS else IN_TITLE
    telling = (field for field in section.fields if field.kind != "cites" and field.name not in in_title)
    said = ((field, words.names(field, item) if field.kind == "steps" else words_of(field, item, words)) for field in telling)
    return next((text if field.kind == "steps" else f"{field.label}: {text}" for field, text in said if text), "")


def tied(config: Mapping[str, Any], ties: Iterable[tuple[Tie, str]]) -> dict[str, Any]:
    """Takes a configuration and a clause for each thing; returns a copy where each rests on its clause. Raises Refusal."""
    found = dict(config)
    for tie, ref in ties:
        item = put(tie.section.wrap(raw_item(found, tie.section.code, tie.key)), tie.field.name, "cites", [ref])
        basis = _basis(tie.field)
        if any(field.name == basis for field in tie.section.fields):
            item = put(item, basis, "choice", STATED)
        found = with_item(found, tie.section.code, tie.key, item)
    return found
