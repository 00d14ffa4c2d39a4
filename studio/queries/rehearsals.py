"""What would happen under the protocol that is being set up, with the people who are there."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from concerns.domain.recipients import resolve_people
from concerns.plan import entry_stage, law_in_force
from councils import queries
from councils.actions.protocols import fingerprint as content_of
from councils.cast import Cast, PersonId
from councils.models import Council
from councils.protocol import Protocol, ProtocolError, parse
from councils.protocol import vocabulary as v
from councils.roles import precedence
from studio.editing.describing import reading
from studio.editing.spoken import in_full
from studio.queries.set_up import open_draft, protocol_to_be, put_forward


@dataclass(frozen=True, slots=True)
class Heard:
    """Two people of the council and who would hear a concern of one about the other."""

    raiser: str
    subject: str
    hears: tuple[str, ...]


def fingerprint(council: Council, *, on: date) -> str:
    """Takes a council and a day; returns what tells one state of its draft and its people from another."""
    draft, waiting = open_draft(council), put_forward(council)
    content = content_of(draft.config) if draft else waiting.content_hash if waiting else ""
    cast = queries.cast(council, on=on, protocol=protocol_to_be(council, on=on))
    people = sorted((role, str(holder.person_id)) for role, holders in cast.roles.items() for holder in holders)
    lines = sorted((str(officer), str(manager)) for officer, manager in cast.line_managers.items())
    bodies = sorted((code, sorted(map(str, body.members)), body.quorum) for code, body in cast.bodies.items())
    ties = sorted(sorted(map(str, tie)) for tie in cast.relationships)
    return hashlib.sha256(repr((content, people, lines, bodies, sorted(cast.externals), ties)).encode()).hexdigest()


def examples(council: Council, protocol: Protocol, *, on: date) -> list[Heard]:
    """Takes a council, its protocol to be, and a day; returns for each two roles that could be at odds who would hear two of their people."""
    law = law_in_force(protocol, on=on)
    cast = queries.cast(council, on=on, protocol=protocol)
    names = {person.pk: person.full_name for person in queries.people_of(council, on=on)}
    found: dict[tuple[str, str], Heard] = {}
    groups = _alike(cast, names)
    for raiser, raiser_role in groups:
        for subject, subject_role in groups:
            if protocol.side(raiser_role) != protocol.side(subject_role) and (raiser_role, subject_role) not in found:
                hears = _hears(protocol, cast, raiser, raiser_role, subject, subject_role, law, names, on)
                found[raiser_role, subject_role] = Heard(names.get(raiser, ""), names.get(subject, ""), hears)
    return list(found.values())


def _alike(cast: Cast, names: dict[Any, str]) -> list[tuple[PersonId, str]]:
    """The first person of each role, by name, with it."""
    found: dict[str, PersonId] = {}
    for person in names:
        if person in cast.sides and (roles := cast.roles_of(person)):
            found.setdefault(min(roles, key=precedence), person)
    return [(person, role) for role, person in found.items()]


def _hears(
    protocol: Protocol, cast: Cast, raiser: PersonId, raiser_role: str, subject: PersonId, subject_role: str, law: Any, names: dict[Any, str], on: date
) -> tuple[str, ...]:
    stage = entry_stage(protocol, raiser_role=raiser_role, subject_roles=[subject_role], topic=None)
    answer = resolve_people(protocol, cast, raiser_id=raiser, raiser_role=raiser_role, subjects=((subject, subject_role),), stage=stage, law=law, on=on)
    found: list[str] = []
    for addressed in (*answer.recipients, *(answer.exception_holders if answer.needs_handler else ())):
        if addressed.token != v.PARTY_SUBJECT:
            found += [names.get(person, "") for person in addressed.people] or [addressed.external]
    return tuple(dict.fromkeys(name for name in found if name))


def mended(council: Council) -> tuple[str, ...]:
    """Takes a council; returns what keeps its draft from being a protocol, in words; nothing when it is one or there is none."""
    draft = open_draft(council)
    if draft is None:
        return ()
    try:
        parse(draft.config)
    except ProtocolError as error:
        here = reading(draft.config)
        return tuple(in_full(problem, here) for problem in error.problems)
    return ()

