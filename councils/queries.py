"""Reads about councils: who holds what on a day, which protocol is in force, and the cast a route is resolved with.

Every function takes the local date it is asked for; none reads the clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import RawSQL

from councils import models
from councils.cast import Cast
from councils.casting import Standing
from councils.casting import read as read_standing
from councils.law_layer import whole as law_layer
from councils.models import Appointment, Council, ExternalBody, Person, ProtocolVersion, SignIn
from councils.protocol import Protocol
from councils.roles import ADMIN_ROLE, Side, precedence
from councils.statements import Question

__all__ = [
    "appointments_of",
    "cast",
    "closures",
    "council_by_key",
    "councils_of",
    "external_body",
    "is_admin",
    "in_force",
    "is_linked",
    "law_layer",
    "people_of",
    "primary_role",
    "protocol_config",
    "protocol_in_force",
    "refused_mailboxes",
    "roles_of",
    "sign_ins_of",
    "side_of",
    "standing",
    "with_protocol_in_force",
]

KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


def council_by_key(key: str) -> Council:
    """Takes a council's key; returns the council. Raises Council.DoesNotExist, also for text that can't be a key."""
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise Council.DoesNotExist(key)
    return Council.objects.get(key=key)


def closures(council: Council) -> frozenset[date]:
    """Takes a council; returns the days on which its office is closed, for whatever counts working days. No query."""
    return frozenset(council.closed_days)


def appointments_of(person: Person, *, on: date) -> tuple[Appointment, ...]:
    """Takes a person and a day; returns their appointments in every council on it, most telling first in each."""
    found = _appointments(person=person.pk, on=on)
    return tuple(sorted(found, key=lambda a: (a.council.name, precedence(a.role), a.starts_on)))


@Question
def _appointments(person: UUID, on: date) -> QuerySet[Appointment]:
    return Appointment.objects.current(on).filter(person_id=person).select_related("council", "acting_for__person")


def councils_of(person: Person, *, on: date) -> tuple[Council, ...]:
    """Takes a person and a day; returns the councils they have any appointment in, by name."""
    return tuple(_councils(person=person.pk, on=on))


@Question
def _councils(person: UUID, on: date) -> QuerySet[Council]:
    held = Appointment.objects.current(on).filter(person_id=person)
    return Council.objects.filter(pk__in=held.values("council_id")).order_by("name")


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


def has_own_monitoring_officer(council: Council, *, on: date) -> bool:
    """Whether the council has a Monitoring Officer of its own in post on that day, or a deputy."""
    return Appointment.objects.current(on).filter(council=council, role__in=("monitoring_officer", "deputy_monitoring_officer")).exists()


def in_force(on: date) -> QuerySet[ProtocolVersion]:
    """Takes a day; returns the versions in force on it, of every council."""
    return ProtocolVersion.objects.filter(
        Q(superseded_on__isnull=True) | Q(superseded_on__gt=on),
        in_force_from__lte=on,
        status__in=(models.ProtocolStatus.IN_FORCE, models.ProtocolStatus.SUPERSEDED),
    )


def protocol_in_force(council: Council, *, on: date) -> ProtocolVersion | None:
    """Takes a council and a day; returns the version in force on it (its configuration is read when asked for)."""
    return next(iter(_in_force(council=council.pk, on=on)), None)


@Question
def _in_force(council: UUID, on: date) -> QuerySet[ProtocolVersion]:
    return in_force(on).filter(council_id=council).defer("config").order_by("-in_force_from", "superseded_on")[:1]


def with_protocol_in_force(among: Iterable[Council], *, on: date) -> set[UUID]:
    """Takes councils and a day; returns the ids of those with a protocol in force on it. One query."""
    return {version.council_id for version in _in_force_among(councils=[council.pk for council in among], on=on)}


@Question
def _in_force_among(councils: list[UUID], on: date) -> QuerySet[ProtocolVersion]:
    among = RawSQL("SELECT unnest(%s)", [councils])
    return in_force(on).filter(council_id__in=among).order_by().only("council_id")


def protocol_config(key: str) -> dict[str, Any] | None:
    """Takes a council's key; returns the configuration in force, else the newest kept, else None.

    Raises Council.DoesNotExist.
    """
    versions = ProtocolVersion.objects.filter(council=council_by_key(key))
    version = versions.filter(status=models.ProtocolStatus.IN_FORCE).first() or versions.order_by("-created_at").first()
    return version.config if version else None


def refused_mailboxes(people: Iterable[Person]) -> set[UUID]:
    """Takes people; returns the ids of those whose present address a mail server has refused for good. One query."""
    refused = models.RefusedMailbox.objects.filter(person__in=[person.pk for person in people], email=F("person__email"))
    return set(refused.values_list("person_id", flat=True))


def cast(council: Council, *, on: date, protocol: Protocol | None = None) -> Cast:
    """Takes a council and a day; returns who holds what on it, for the routing engine. One query, any size.

    `protocol` is the one whose deputies count; else that is the one in force on the day, if any.
    """
    stands = standing(council, on=on)
    if protocol is None:
        protocol = stands.version.protocol if stands.version else None
    return stands.cast(protocol)


def standing(council: Council, *, on: date) -> Standing:
    """Takes a council and a day; returns its protocol in force, its people and the makings of its cast. One query."""
    return read_standing(council, on=on)


def sign_ins_of(person_id: UUID, *, now: datetime) -> QuerySet[SignIn]:
    """Takes a person's id; returns their sessions that go on, the last used first."""
    alive = Session.objects.filter(expire_date__gt=now).values("session_key")
    return SignIn.objects.filter(person=person_id, session_key__in=alive)


def is_linked(person: Person) -> bool:
    """Takes a person; returns whether they sign in with their council's directory account."""
    return SocialAccount.objects.filter(user=person).exists()


def _side(appointments: Iterable[Appointment]) -> Side | None:
    sides = {a.side for a in appointments}
    if "councillor" in sides:
        return "councillor"
    return "officer" if "officer" in sides else None
