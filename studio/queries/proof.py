"""Reads about rehearsals: what to play, whether the last one still holds, and which councils want another. Nothing reads the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from uuid import UUID

from django.db.models import Count, QuerySet

from concerns.domain.rehearsing import PeopleReport, rehearse_people
from concerns.plan import law_in_force
from councils import queries as councils
from councils.models import Appointment, Council, CouncilEvent, CouncilEventKind, Person, ProtocolVersion
from councils.protocol import Protocol
from councils.roles import ADMIN_ROLE
from studio.models import RehearsalRun

# What may change who hears a concern.
TELLING = (
    CouncilEventKind.APPOINTED, CouncilEventKind.APPOINTMENT_ENDED, CouncilEventKind.ABSENCE_BOOKED, CouncilEventKind.ABSENCE_CHANGED,
    CouncilEventKind.ABSENCE_CANCELLED, CouncilEventKind.REPORTING_LINE_SET, CouncilEventKind.BODY_CREATED,
    CouncilEventKind.BODY_MEMBER_SET, CouncilEventKind.RELATIONSHIP_DISCLOSED, CouncilEventKind.RELATIONSHIP_ENDED,
    CouncilEventKind.EXTERNAL_BODY_SET, CouncilEventKind.COUNCIL_CHANGED, CouncilEventKind.PROTOCOL_IN_FORCE,
    CouncilEventKind.PROTOCOL_SUPERSEDED, CouncilEventKind.PROTOCOL_DEMONSTRATED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A rehearsal just played."""

    version: ProtocolVersion | None
    report: PeopleReport
    fingerprint: str


def rehearse(council: Council, *, on: date, protocol: Protocol | None = None) -> Rehearsed | None:
    """Plays every case of a council with its people as they are on a day: of the protocol given, else of the one in force.

    None where there is neither. Two queries; seconds of work for a large council.
    """
    standing = councils.standing(council, on=on)
    version = None if protocol is not None else standing.version
    here = protocol if protocol is not None else version.protocol if version else None
    if here is None:
        return None
    law = law_in_force(here, on=on)
    report = rehearse_people(here, standing.cast(here), roles=standing.own_roles(), law=law)
    mark = sha256("\n".join((standing.fingerprint(), *sorted(item.id for item in law))).encode()).hexdigest()
    return Rehearsed(version, report, mark)


def size(council: Council, *, on: date) -> int:
    """How many people there are to play."""
    held = Appointment.objects.current(on).filter(council=council)
    return held.exclude(role=ADMIN_ROLE).values("person_id").distinct().count()


def latest(council: Council) -> RehearsalRun | None:
    """The rehearsal that counts, if there has been one."""
    return RehearsalRun.objects.filter(council=council, is_latest=True).select_related("version").first()


def changes(council: Council) -> int:
    """How many changes that could tell the council's record holds. Nothing is ever taken from it, so the number only grows."""
    return CouncilEvent.objects.filter(council=council.pk, kind__in=TELLING).count()


def is_stale(run: RehearsalRun, *, on: date) -> bool:
    """Has anything changed since, or a new day begun?"""
    return run.seen != changes(run.council) or run.checked_on != on


def wanted(*, on: date) -> list[Council]:
    """The councils with a protocol in force whose last rehearsal is stale, or that had none. Three queries, however many there are."""
    counted = CouncilEvent.objects.filter(kind__in=TELLING, council__isnull=False).order_by().values("council").annotate(n=Count("id"))
    now = {row["council"]: row["n"] for row in counted}
    runs = {run.council_id: run for run in RehearsalRun.objects.filter(is_latest=True).only("council_id", "seen", "checked_on")}
    in_force = set(councils.in_force(on).values_list("council_id", flat=True))
    return [
        council
        for council in Council.objects.filter(pk__in=in_force).order_by("key")
        if (run := runs.get(council.pk)) is None or run.seen != now.get(council.pk, 0) or run.checked_on != on
    ]


def untold() -> QuerySet[RehearsalRun]:
    """Rehearsals after which something became unsafe and nobody was told yet."""
    return RehearsalRun.objects.filter(is_told=False).select_related("council").order_by("at")


def administrators(council: Council, *, on: date) -> list[Person]:
    """Who keeps the council's people and protocol today, and can sign in."""
    held = Appointment.objects.current(on).filter(council=council, role=ADMIN_ROLE, person__is_active=True).select_related("person")
    return list({row.person_id: row.person for row in held.order_by("person__full_name")}.values())


def unsafe_for(person: Person, *, on: date) -> list[RehearsalRun]:
    """The councils this person keeps today where somebody could be left with nobody to go to."""
    mine = Appointment.objects.current(on).filter(person=person, role=ADMIN_ROLE)
    found = RehearsalRun.objects.filter(is_latest=True, unsafe__gt=0, council__in=mine.values("council_id"))
    return list(found.select_related("council").order_by("council__name"))


def names(ids: set[UUID]) -> dict[str, str]:
    """Persons' names by their ids, as text. One query."""
    return {str(pk): name for pk, name in Person.objects.filter(pk__in=ids).values_list("pk", "full_name")}
