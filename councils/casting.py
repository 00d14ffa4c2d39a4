"""A council on one day, read in one statement: it stands in front of every route, so it has to be quick."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import NamedTuple, TypeVar
from uuid import UUID

from django.db import connection

from councils.cast import BodyCast, Cast, Holder
from councils.models import Council, Person, ProtocolVersion
from councils.protocol import Protocol
from councils.roles import precedence
from councils.statements import Statement

CURRENT = "{0}.starts_on <= $2 AND ({0}.ends_on IS NULL OR {0}.ends_on >= $2)"

# One row per fact; `part` says which. Parts: appointment, absent, line, body, seat, external, tie, person, version.
ROWS = f"""
SELECT 'appointment', a.id, a.person_id, a.acting_for_id, p.person_id, a.role,
    coalesce(nullif(a.directorate, ''), p.directorate, ''), a.side, a.starts_on - date '1900-01-01'
FROM councils_appointment a LEFT JOIN councils_appointment p ON p.id = a.acting_for_id
WHERE a.council_id = $1 AND {CURRENT.format("a")}
UNION ALL
SELECT 'absent', n.id, n.person_id, NULL, NULL, '', '', '', 0
FROM councils_absence n WHERE n.council_id = $1 AND {CURRENT.format("n")}
UNION ALL
SELECT 'line', r.id, r.officer_id, r.manager_id, NULL, '', '', '', 0
FROM councils_reportingline r WHERE r.council_id = $1 AND {CURRENT.format("r")}
UNION ALL
SELECT 'body', b.id, NULL, NULL, NULL, b.code, '', '', b.quorum FROM councils_body b WHERE b.council_id = $1
UNION ALL
SELECT 'seat', s.id, s.person_id, s.body_id, NULL, '', CASE WHEN s.is_chair THEN 'chair' ELSE '' END, '', 0
FROM councils_bodymembership s JOIN councils_body b ON b.id = s.body_id
WHERE b.council_id = $1 AND NOT s.is_substitute AND {CURRENT.format("s")}
UNION ALL
SELECT 'external', e.id, NULL, NULL, NULL, e.code, e.name, '', 0
FROM councils_externalbody e WHERE e.council_id = $1 AND {CURRENT.format("e")}
UNION ALL
SELECT 'tie', t.id, t.person_a_id, t.person_b_id, NULL, '', '', '', 0
FROM councils_disclosedrelationship t WHERE t.council_id = $1 AND {CURRENT.format("t")}
UNION ALL
SELECT 'person', p.id, NULL, NULL, NULL, p.email, p.full_name, '', p.is_active::int
FROM councils_person p WHERE p.id IN (
    SELECT a.person_id FROM councils_appointment a WHERE a.council_id = $1 AND {CURRENT.format("a")})
UNION ALL
(SELECT 'version', v.id, NULL, NULL, NULL, v.content_hash, v.label, v.status, 0
FROM councils_protocolversion v WHERE v.council_id = $1 AND v.status IN ('IN_FORCE', 'SUPERSEDED')
    AND v.in_force_from <= $2 AND (v.superseded_on IS NULL OR v.superseded_on > $2)
ORDER BY v.in_force_from DESC, v.superseded_on LIMIT 1)
"""  # noqa: S608 (no value is put into the text; they are parameters)
STANDING = Statement("council_standing", lambda: ROWS)


class Row(NamedTuple):
    """A fact about the council that day. What each column means depends on `part`."""

    part: str
    id: UUID
    person: UUID
    other: UUID | None  # line: manager · seat: body · tie: the other person · appointment: the one it acts for
    principal: UUID | None
    code: str  # person: e-mail · version: fingerprint
    text: str  # appointment: directorate · seat: chair · external, person: name · version: label
    side: str  # version: status
    number: int  # body: quorum · appointment: days, for order · person: may sign in


class Standing:
    """A council as it stands on one day: its protocol in force, who is appointed, and the cast made from it."""

    def __init__(self, council: Council, on: date, rows: Iterable[Row]) -> None:
        """Takes the rows of one day's statement."""
        self.council, self.on = council, on
        self._parts: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            self._parts[row.part].append(row)
        self._appointments = sorted(self._parts["appointment"], key=lambda row: (row.number, row.id))

    @property
    def version(self) -> ProtocolVersion | None:
        """The version in force that day; what it doesn't carry is read when asked for."""
        for row in self._parts["version"]:
            return _with(ProtocolVersion, id=row.id, council_id=self.council.pk, label=row.text, status=row.side, content_hash=row.code)
        return None

    @cached_property
    def people(self) -> Mapping[UUID, Person]:
        """Everyone appointed that day; what they don't carry is read when asked for."""
        return _People({row.id: row for row in self._parts["person"]})

    def primary_role(self, person: Person) -> str | None:
        """Takes a person; returns the code of their most telling role, None when they have none."""
        held = [row for row in self._appointments if row.person == person.pk]
        return min(held, key=lambda row: (precedence(row.code), row.number)).code if held else None

    def own_roles(self) -> dict[UUID, str]:
        """Person → the most telling role of their own on one of the two sides; one they only stand in for where they have no other."""
        best: dict[UUID, tuple[bool, int, int, str]] = {}
        for row in self._appointments:
            if row.side:
                rank = bool(row.other), precedence(row.code), row.number, row.code
                best[row.person] = min(best.get(row.person, rank), rank)
        return {person: rank[-1] for person, rank in best.items()}

    @property
    def acting(self) -> tuple[Row, ...]:
        """The appointments of those who act for somebody else that day."""
        return tuple(row for row in self._appointments if row.principal)

    def without(self, appointments: Collection[UUID]) -> Standing:
        """The same council as if these appointments weren't there."""
        return Standing(self.council, self.on, [row for part in self._parts.values() for row in part if row.id not in appointments])

    def with_absences(self, people: Iterable[UUID]) -> Standing:
        """The same council with these people away that day."""
        rows = [row for part in self._parts.values() for row in part]
        away = [Row("absent", person, person, None, None, "", "", "", 0) for person in people]
        return Standing(self.council, self.on, [*rows, *away])

    def fingerprint(self) -> str:
        """The same as long as nothing a route could depend on has changed."""
        text = "\n".join(sorted(repr(tuple(row)) for part in self._parts.values() for row in part))
        return sha256(text.encode()).hexdigest()

    def cast(self, protocol: Protocol | None) -> Cast:
        """Takes the protocol whose deputies count; returns who is who."""
        parts, appointments = self._parts, self._appointments
        holders = _holders(appointments, {row.person for row in parts["absent"]})
        return Cast(
            council_key=self.council.key,
            on=self.on,
            roles=holders,
            line_managers={row.person: row.other for row in parts["line"]},
            directors=_directors(appointments, holders),
            bodies=_bodies(parts["body"], sorted(parts["seat"], key=lambda row: (not row.text, row.id))),
            externals={row.code: row.text for row in parts["external"]},
            relationships=frozenset(frozenset((row.person, row.other)) for row in parts["tie"]),
            delegates=_delegates(appointments, protocol),
            sides=_sides(appointments),
        )


class _People(Mapping[UUID, Person]):
    """Persons made from their rows when they are asked for: of a whole council a route needs few."""

    def __init__(self, rows: Mapping[UUID, Row]) -> None:
        self._rows = rows
        self._made: dict[UUID, Person] = {}

    def __getitem__(self, key: UUID) -> Person:
        if key not in self._made:
            row = self._rows[key]
            self._made[key] = _with(Person, id=row.id, email=row.code, full_name=row.text, is_active=bool(row.number))
        return self._made[key]

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def __iter__(self) -> Iterator[UUID]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


M = TypeVar("M", Person, ProtocolVersion)


def _with(model: type[M], **known: object) -> M:
    return model.from_db(connection.alias, list(known), list(known.values()))


def read(council: Council, *, on: date) -> Standing:
    """Takes a council and a day; returns how it stands. One query, any size."""
    return Standing(council, on, map(Row._make, STANDING.ask([council.pk, on])))


def _sides(appointments: Iterable[Row]) -> dict[UUID, str]:
    """Person → side. A councillor acting as an officer unpaid is still a councillor."""
    sides: dict[UUID, str] = {}
    for row in appointments:
        if row.side and sides.get(row.person) != "councillor":
            sides[row.person] = row.side
    return sides


def _holders(appointments: list[Row], away: set[UUID]) -> dict[str, tuple[Holder, ...]]:
    """Role → its holders. While a deputy acts for someone, the deputy holds the role and the absent principal does not.

    Whoever is ``away`` holds nothing that day, deputies included; whoever acts for them does.

    A councillor acting as Proper Officer fills that office only while nobody else holds it.
    """
    stood_in_for = {row.other for row in appointments if row.other}
    roles: dict[str, list[Holder]] = defaultdict(list)
    for row in appointments:
        if row.id not in stood_in_for and row.person not in away:
            acting_for = row.code if row.other else None
            roles[row.code].append(Holder(row.person, row.code, acting_for=acting_for, appointment=str(row.id)))
    if "proper_officer" not in roles:
        for stand_in in tuple(roles["acting_proper_officer"]):
            holder = Holder(stand_in.person_id, "proper_officer", "proper_officer", appointment=stand_in.appointment)
            roles["proper_officer"].append(holder)
    return {role: tuple(found) for role, found in roles.items() if found}


def _directors(appointments: list[Row], holders: dict[str, tuple[Holder, ...]]) -> dict[UUID, UUID]:
    """Officer → the Strategic Director of their directorate, where there is one and it is someone else."""
    present = {holder.person_id for holder in holders.get("strategic_director", ())}
    heads = {row.text: row.person for row in appointments if row.code == "strategic_director" and row.text and row.person in present}
    return {
        row.person: heads[row.text] for row in appointments if row.side == "officer" and row.text in heads and heads[row.text] != row.person
    }


def _bodies(bodies: list[Row], seats: list[Row]) -> dict[str, BodyCast]:
    members: dict[UUID | None, list[Row]] = defaultdict(list)
    for seat in seats:
        members[seat.other].append(seat)
    return {
        body.code: BodyCast(
            code=body.code,
            members=tuple(seat.person for seat in members[body.id]),
            quorum=body.number,
            chairs=tuple(seat.person for seat in members[body.id] if seat.text),
        )
        for body in bodies
    }


def _delegates(appointments: list[Row], protocol: Protocol | None) -> dict[UUID, frozenset[UUID]]:
    """Person → everyone who stands in for them, at any remove: deputies acting, and deputies the protocol names."""
    direct: dict[UUID, set[UUID]] = defaultdict(set)
    by_role: dict[str, set[UUID]] = defaultdict(set)
    for row in appointments:
        by_role[row.code].add(row.person)
        if row.principal:
            direct[row.principal].add(row.person)
    for entry in protocol.deputies if protocol else ():
        for principal in by_role.get(entry.principal, ()):
            direct[principal] |= by_role.get(entry.deputy, set())
    reach = {principal: _reached(principal, direct) for principal in direct}
    return {principal: found for principal, found in reach.items() if found}


def _reached(principal: UUID, direct: dict[UUID, set[UUID]]) -> frozenset[UUID]:
    found: set[UUID] = set()
    queue = list(direct[principal])
    while queue:
        person = queue.pop()
        if person not in found and person != principal:
            found.add(person)
            queue.extend(direct.get(person, ()))
    return frozenset(found)
