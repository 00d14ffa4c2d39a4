"""Who is who in one council on one day: plain values for the engine, made from appointments by `councils.queries`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

PersonId = Any  # a UUID in the portal, a word in a test: opaque, only ever compared
NOBODY: Mapping[Any, Any] = MappingProxyType({})


def nobody() -> Mapping[Any, Any]:
    """An empty mapping nobody can fill."""
    return NOBODY


@dataclass(frozen=True, slots=True)
class Holder:
    """A person in a role today; `acting_for` names the role whose absent holder they stand in for."""

    person_id: PersonId
    role: str
    acting_for: str | None = None
    appointment: str = ""


@dataclass(frozen=True, slots=True)
class BodyCast:
    """A body's members today. Fewer unconflicted members than the quorum and it cannot act; one person never can."""

    code: str
    members: tuple[PersonId, ...]
    quorum: int = 2
    chairs: tuple[PersonId, ...] = ()


@dataclass(frozen=True, slots=True)
class Cast:
    """One council's people on one day. A person's identity is opaque here: a UUID or a word will do."""

    council_key: str
    on: date
    roles: Mapping[str, tuple[Holder, ...]] = field(default_factory=nobody)
    line_managers: Mapping[PersonId, PersonId] = field(default_factory=nobody)
    directors: Mapping[PersonId, PersonId] = field(default_factory=nobody)
    bodies: Mapping[str, BodyCast] = field(default_factory=nobody)
    externals: Mapping[str, str] = field(default_factory=nobody)
    relationships: frozenset[frozenset[PersonId]] = frozenset()
    delegates: Mapping[PersonId, frozenset[PersonId]] = field(default_factory=nobody)
    sides: Mapping[PersonId, str] = field(default_factory=nobody)

    def holders(self, role: str) -> tuple[Holder, ...]:
        return self.roles.get(role, ())

    def is_absent(self, person_id: PersonId) -> bool:
        """Whether this person is away today, or somebody stands in for everything they hold."""
        return person_id in self.sides and not self.roles_of(person_id)

    def roles_of(self, person_id: PersonId) -> tuple[str, ...]:
        """Every role a person holds or acts in today, in the order of the roles."""
        return tuple(role for role, holders in self.roles.items() if any(h.person_id == person_id for h in holders))
