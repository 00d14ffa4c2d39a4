"""Reads about councils: who holds what on a day, which protocol is in force, and the cast a route is resolved with.

Every function takes the local date it is asked for; none reads the clock.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from councils import models
from councils.cast import BodyCast, Cast, Holder
from councils.law_layer import whole as law_layer
from councils.models import Appointment, Body, BodyMembership, Council, ExternalBody, Person, ProtocolVersion
from councils.roles import ADMIN_ROLE, Side, precedence

__all__ = [
    "appointments_of",
    "cast",
    "council_by_key",
    "councils_of",
    "external_body",
    "is_admin",
    "law_layer",
    "people_of",
    "primary_role",
    "protocol_config",
    "protocol_in_force",
    "roles_of",
    "side_of",
]

KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


def council_by_key(key: str) -> Council:
    """Takes a council's key; returns the council. Raises Council.DoesNotExist, also for text that can't be a key."""
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise Council.DoesNotExist(key)
    return Council.objects.get(key=key)


def appointments_of(person: Person, *, on: date) -> tuple[Appointment, ...]:
    """Takes a person and a day; returns their appointments in every council on it, most telling first in each."""
    found = Appointment.objects.current(on).filter(person=person).select_related("council", "acting_for__person")
    return tuple(sorted(found, key=lambda a: (a.council.name, precedence(a.role), a.starts_on)))


def councils_of(person: Person, *, on: date) -> tuple[Council, ...]:
    """Takes a person and a day; returns the councils they have any appointment in, by name."""
    return tuple({a.council_id: a.council for a in appointments_of(person, on=on)}.values())


def roles_of(person: Person, council: Council, *, on: date) -> tuple[Appointment, ...]:
    """Takes a person, a council and a day; returns their appointments there, most telling first."""
    found = Appointment.objects.current(on).filter(person=person, council=council).select_related("acting_for__person")
    return tuple(sorted(found, key=lambda a: (precedence(a.role), a.starts_on)))


def side_of(person: Person, council: Council, *, on: date) -> Side | None:
    """Takes a person, a council and a day; returns "councillor", "officer" or None.

    A councillor acting as an officer unpaid is still a councillor.
    """
    return _side(roles_of(person, council, on=on))


def primary_role(person: Person, council: Council, *, on: date) -> str | None:
    """Takes a person, a council and a day; returns the code of their most telling role, None when they have none."""
    held = roles_of(person, council, on=on)
    return held[0].role if held else None


def is_admin(person: Person, council: Council, *, on: date) -> bool:
    """Takes a person, a council and a day; returns whether they keep its people and protocol (never its cases)."""
    return Appointment.objects.current(on).filter(person=person, council=council, role=ADMIN_ROLE).exists()


def people_of(council: Council, *, on: date) -> QuerySet[Person]:
    """Takes a council and a day; returns the people with an appointment there on it, each once, by name."""
    current = Appointment.objects.current(on).filter(council=council)
    return Person.objects.filter(pk__in=current.values("person_id")).order_by("full_name", "email")


def external_body(council: Council, code: str, *, on: date) -> ExternalBody | None:
    """Takes a council, a code such as "principal_mo" and a day; returns who that is on it, or None."""
    return ExternalBody.objects.current(on).filter(council=council, code=code).first()


def protocol_in_force(council: Council, *, on: date) -> ProtocolVersion | None:
    """Takes a council and a day; returns the version in force on it (its configuration is read when asked for)."""
    return (
        ProtocolVersion.objects.filter(
            Q(superseded_on__isnull=True) | Q(superseded_on__gt=on),
            council=council,
            in_force_from__lte=on,
            status__in=(models.ProtocolStatus.IN_FORCE, models.ProtocolStatus.SUPERSEDED),
        )
        .defer("config")
        .order_by("-in_force_from", "superseded_on")
        .first()
    )


def protocol_config(key: str) -> dict[str, Any] | None:
    """Takes a council's key; returns the configuration in force, else the newest kept, else None.

    Raises Council.DoesNotExist.
    """
    versions = ProtocolVersion.objects.filter(council=council_by_key(key))
    version = versions.filter(status=models.ProtocolStatus.IN_FORCE).first() or versions.order_by("-created_at").first()
    return version.config if version else None


def cast(council: Council, *, on: date) -> Cast:
    """Takes a council and a day; returns who holds what on it, for the routing engine. Seven queries, any size."""
    appointments = list(Appointment.objects.current(on).filter(council=council).select_related("acting_for"))
    holders = _holders(appointments)
    pairs = models.DisclosedRelationship.objects.current(on).filter(council=council)
    return Cast(
        council_key=council.key,
        on=on,
        roles=holders,
        line_managers=dict(
            models.ReportingLine.objects.current(on).filter(council=council).values_list("officer_id", "manager_id")
        ),
        directors=_directors(appointments, holders),
        bodies=_bodies(council, on),
        externals=dict(ExternalBody.objects.current(on).filter(council=council).values_list("code", "name")),
        relationships=frozenset(frozenset(pair) for pair in pairs.values_list("person_a_id", "person_b_id")),
        delegates=_delegates(appointments, protocol_in_force(council, on=on)),
        sides=_sides(appointments),
    )


def _side(appointments: Iterable[Appointment]) -> Side | None:
    sides = {a.side for a in appointments}
    if "councillor" in sides:
        return "councillor"
    return "officer" if "officer" in sides else None


def _sides(appointments: list[Appointment]) -> dict[UUID, str]:
    by_person: dict[UUID, list[Appointment]] = defaultdict(list)
    for appointment in appointments:
        by_person[appointment.person_id].append(appointment)
    return {person: side for person, held in by_person.items() if (side := _side(held))}


def _holders(appointments: list[Appointment]) -> dict[str, tuple[Holder, ...]]:
    """Role → its holders. While a deputy acts for someone, the deputy holds the role and the absent principal does not.

    A councillor acting as Proper Officer fills that office only while nobody else holds it.
    """
    stood_in_for = {a.acting_for_id for a in appointments if a.acting_for_id}
    roles: dict[str, list[Holder]] = defaultdict(list)
    for a in sorted(appointments, key=lambda a: (a.starts_on, str(a.pk))):
        if a.pk in stood_in_for:
            continue
        acting_for = a.role if a.acting_for_id else None
        roles[a.role].append(Holder(a.person_id, a.role, acting_for=acting_for, appointment=str(a.pk)))
    if "proper_officer" not in roles:
        for stand_in in tuple(roles["acting_proper_officer"]):
            holder = Holder(stand_in.person_id, "proper_officer", "proper_officer", appointment=stand_in.appointment)
            roles["proper_officer"].append(holder)
    return {role: tuple(found) for role, found in roles.items() if found}


def _directors(appointments: list[Appointment], holders: dict[str, tuple[Holder, ...]]) -> dict[UUID, UUID]:
    """Officer → the Strategic Director of their directorate, where there is one and it is someone else."""
    present = {holder.person_id for holder in holders.get("strategic_director", ())}
    heads: dict[str, UUID] = {}
    for a in appointments:
        if a.role == "strategic_director" and a.person_id in present:
            directorate = a.directorate or (a.acting_for.directorate if a.acting_for else "")
            if directorate:
                heads[directorate] = a.person_id
    return {
        a.person_id: heads[a.directorate]
        for a in appointments
        if a.side == "officer" and a.directorate in heads and heads[a.directorate] != a.person_id
    }


def _bodies(council: Council, on: date) -> dict[str, BodyCast]:
    seats: dict[UUID, list[BodyMembership]] = defaultdict(list)
    for seat in BodyMembership.objects.current(on).filter(body__council=council).order_by("-is_chair", "pk"):
        seats[seat.body_id].append(seat)
    return {
        body.code: BodyCast(
            code=body.code,
            members=tuple(s.person_id for s in seats[body.pk] if not s.is_substitute),
            quorum=body.quorum,
            chairs=tuple(s.person_id for s in seats[body.pk] if s.is_chair),
        )
        for body in Body.objects.filter(council=council)
    }


def _delegates(appointments: list[Appointment], version: ProtocolVersion | None) -> dict[UUID, frozenset[UUID]]:
    """Person → everyone who stands in for them, at any remove: deputies acting, and deputies the protocol names."""
    direct: dict[UUID, set[UUID]] = defaultdict(set)
    for a in appointments:
        if a.acting_for:
            direct[a.acting_for.person_id].add(a.person_id)
    if version:
        by_role: dict[str, set[UUID]] = defaultdict(set)
        for a in appointments:
            by_role[a.role].add(a.person_id)
        for entry in version.protocol.deputies:
            for principal in by_role[entry.principal]:
                direct[principal] |= by_role[entry.deputy]
    reach: dict[UUID, frozenset[UUID]] = {}
    for principal in direct:
        found: set[UUID] = set()
        queue = list(direct[principal])
        while queue:
            person = queue.pop()
            if person not in found and person != principal:
                found.add(person)
                queue.extend(direct.get(person, ()))
        if found:
            reach[principal] = frozenset(found)
    return reach
