"""What stands in the way of a draft, and what of it isn't in the council's document, each with the page that mends it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from councils.protocol import Problem, Protocol, validate
from studio.domain.parts import at, shown
from studio.editing.describing import entries, reading, section_of
from studio.editing.fields import SINGLE, Section
from studio.editing.sections import SECTIONS
from studio.editing.spoken import spoken

QUIET = frozenset({"draft"})  # a draft is one; it needs no telling
UNWRITTEN = frozenset({"default", ""})


@dataclass(frozen=True)
class Located:
    """One problem and where its form is; without a section no form can mend it. What it says is in the words of the forms."""

    problem: Problem
    section: str
    key: str
    protocol: Protocol

    @property
    def message(self) -> str:
        """What is wrong."""
        return spoken(self.problem.message, self.protocol)

    @property
    def mend(self) -> str:
        """How to mend it."""
        return spoken(self.problem.mend, self.protocol)

    @property
    def where(self) -> str:
        """Which rule it is about, by its name; nothing for what says so itself."""
        if self.section != "rules" or not self.key.isdigit() or int(self.key) >= len(self.protocol.routes):
            return ""
        return _("rule %s") % self.protocol.routes[int(self.key)].id

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
    config = json.loads(text)
    protocol = reading(config)
    return tuple(Located(problem, *section_of(problem.path), protocol) for problem in validate(config) if problem.code not in QUIET)


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
