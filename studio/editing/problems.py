"""What stands in the way of a draft, and what of it isn't in the council's document, each with the page that mends it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from councils.protocol import Problem, Protocol, validate
from studio.domain.parts import at, shown
from studio.editing.describing import entries, section_of
from studio.editing.fields import SINGLE, Section
from studio.editing.sections import BY_CODE, RULE, SECTIONS, STEP_FIELDS

QUIET = frozenset({"draft"})  # a draft is one; it needs no telling
FORM_WORDS = {
    **{field.name: field.label for field in (*RULE, *STEP_FIELDS) if "_" in field.name},
    "vocabulary": BY_CODE["words"].title,
    "bodies": BY_CODE["panels"].title,
    "external_bodies": BY_CODE["outside"].title,
}
UNWRITTEN = frozenset({"default", ""})


@dataclass(frozen=True)
class Located:
    """One problem and where its form is; without a section no form can mend it."""

    problem: Problem
    section: str
    key: str

    @property
    def mend(self) -> str:
        """How to mend it, with the form's words for what a file calls by its key."""
        found = self.problem.mend
        for key, label in FORM_WORDS.items():
            found = found.replace(f"“{key}”", f"“{label}”")
        return found

    @property
    def is_error(self) -> bool:
        return self.problem.level == "error"


@dataclass(frozen=True)
class Standing:
    """How one section stands: how many things it holds, what is wrong, how many rest on nothing in the document."""

    section: Section
    count: int
    unwritten: int
    errors: int
    warnings: int


@lru_cache(maxsize=32)
def _checked(text: str) -> tuple[Located, ...]:
    found = validate(json.loads(text))
    return tuple(Located(problem, *section_of(problem.path)) for problem in found if problem.code not in QUIET)


def problems_of(config: Mapping[str, Any]) -> tuple[Located, ...]:
    """Takes a configuration; returns its problems, errors first. Remembered for the life of the process."""
    return _checked(json.dumps(config, sort_keys=True))


def standings(config: Mapping[str, Any], protocol: Protocol) -> list[Standing]:
    """Every section with how it stands."""
    problems = problems_of(config)
    return [
        Standing(
            section=section,
            count=_count(section, config),
            unwritten=sum(is_unwritten(section, item) for _key, item in entries(section, config)) if section.kind != SINGLE else 0,
            errors=sum(found.is_error for found in problems if found.section == section.code),
            warnings=sum(not found.is_error for found in problems if found.section == section.code),
        )
        for section in SECTIONS
    ]


def _count(section: Section, config: Mapping[str, Any]) -> int:
    if section.kind != SINGLE:
        return len(entries(section, config))
    item = entries(section, config)[0][1]
    return sum(bool(shown(field.kind, at(item, field.name))) for field in section.fields)


def is_unwritten(section: Section, item: Mapping[str, Any]) -> bool:
    """Does it rest on no clause of the document? Only where a clause can be tied to it."""
    names = {field.name for field in section.fields}
    if "cites" not in names:
        return False
    return not item.get("cites") and ("basis" not in names or str(item.get("basis") or "") in UNWRITTEN)
