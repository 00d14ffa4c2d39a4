"""What would happen under the protocol that is being set up, with the people who are there."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from concerns.domain.recipients import resolve_people
from concerns.domain.routing import resolve
from concerns.plan import entry_stage
from councils import law_layer, queries
from councils.actions.protocols import fingerprint as content_of
from councils.cast import Cast, PersonId
from councils.models import Council
from councils.protocol import Protocol, ProtocolError, parse
from councils.protocol import vocabulary as v
from councils.rehearsal import FAILING, Finding, rehearse
from councils.roles import precedence
from studio.queries.set_up import open_draft, protocol_to_be, put_forward


@dataclass(frozen=True, slots=True)
class Heard:
    """Two people of the council and who would hear a concern of one about the other."""

    raiser: str
    subject: str
    hears: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What a rehearsal found: places where the text leaves nobody, pairs of people whom nobody could hear, and an example of each route."""

    played: int
    failing: tuple[Finding, ...]
    nobody: tuple[Heard, ...]
    examples: tuple[Heard, ...]

    @property
    def ok(self) -> bool:
        """Whether somebody could always be gone to."""
        return not self.failing and not self.nobody


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


def rehearsed(council: Council, protocol: Protocol, *, on: date) -> Rehearsed:
    """Takes a council, its protocol to be, and a day; plays every case of the text, and every two people who could be at odds."""
    law = law_layer.in_force(protocol.jurisdiction, on)
    report = rehearse(protocol, resolve=resolve, law=law)
    cast = queries.cast(council, on=on, protocol=protocol)
    names = {person.pk: person.full_name for person in queries.people_of(council, on=on)}
    nobody: list[Heard] = []
    examples: dict[Any, Heard] = {}
    played = report.played
    for raisers, raiser_role in _alike(cast, protocol):
        for subjects, subject_role in _alike(cast, protocol):
            if protocol.side(raiser_role) == protocol.side(subject_role):
                continue
            played += 1
            hears = _hears(protocol, cast, raisers[0], raiser_role, subjects[0], subject_role, law, names, on)
            heard = Heard(names.get(raisers[0], ""), names.get(subjects[0], ""), hears)
            if hears:
                examples.setdefault((raiser_role, subject_role), heard)
            else:
                nobody.append(heard)
    return Rehearsed(played, tuple(finding for finding in report.findings if finding.kind in FAILING), tuple(nobody), tuple(examples.values()))


def _alike(cast: Cast, protocol: Protocol) -> list[tuple[list[PersonId], str]]:
    """People whom every route treats the same: same roles, same manager, same seats, same ties."""
    groups: dict[Any, tuple[list[PersonId], str]] = {}
    managers = set(cast.line_managers.values())
    for person in cast.sides:
        roles = cast.roles_of(person)
        if not roles:
            continue
        role = min(roles, key=precedence)
        seats = tuple(code for code, body in cast.bodies.items() if person in body.members)
        tied = person if any(person in tie for tie in cast.relationships) or person in managers else None
        groups.setdefault((roles, cast.line_managers.get(person), seats, tied), ([], role))[0].append(person)
    return list(groups.values())


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
        return tuple(str(problem) for problem in error.problems)
    return ()

