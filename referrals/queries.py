"""Reads about referrals. Each starts from what the person may see."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from concerns.enums import EventType, ProceedingKind, SaidInPublic
from concerns.enums import State as ConcernState
from concerns.models import Concern, Document, Event, Exclusion
from concerns.queries import NotVisible
from councils.errors import Refusal
from councils.models import Appointment, Council, DisclosedRelationship, ExternalBody, ExternalOfficer, Person
from referrals import policy, wording
from referrals.domain import addressing, course
from referrals.domain.sealing import Check, verify
from referrals.enums import ENDED, Paper, ReferralEvent, Side, State
from referrals.models import Bundle, Entry, Referral, ReferralAccess

STEPPED_ASIDE = "stepped_aside"
ROLE_ORDER = {"monitoring_officer": 0, "deputy_monitoring_officer": 1}


def of_concern(concern: Concern) -> QuerySet[Referral]:
    """The referrals of a concern, the newest first. None for who can't see the concern."""
    return Referral.objects.filter(concern=concern).select_related("council", "external_body", "addressed_to").order_by("-number")


def latest(concern: Concern) -> Referral | None:
    """The referral that runs, else the last that did."""
    return of_concern(concern).first()


def load_on_desk(referral_id: object, *, person: Person, on: date) -> Referral:
    """A referral on the person's desk. Raises NotVisible, the same for absent and forbidden."""
    found = policy.on_desk(person, on=on).select_related("council", "addressed_to") if isinstance(referral_id, UUID) else None
    referral = found.filter(pk=referral_id).first() if found is not None else None
    if referral is None:
        raise NotVisible
    return referral


def lock(referral_id: UUID, *, revision: int | None = None) -> Referral:
    """The referral's row, locked until the transaction ends. Raises NotVisible, and Refusal for a stale page."""
    if Referral.objects.filter(pk=referral_id).select_for_update(of=("self",)).values_list("pk").first() is None:
        raise NotVisible
    referral = Referral.objects.select_related("council").get(pk=referral_id)
    if revision is not None and revision != referral.revision:
        raise Refusal(str(wording.STALE))
    return referral


def has_desk(referral: Referral) -> bool:
    """Whether somebody of the office signs in for it now."""
    return bool(_ask("SELECT referral_has_desk(%s)", referral.pk)[0][0])


def followers(referral: Referral) -> list[Person]:
    """Who follows it for the council now; for whoever has it on their desk."""
    ids = [row[0] for row in _ask("SELECT person_id FROM referral_followers(%s)", referral.pk)]
    return list(Person.objects.filter(pk__in=ids))


def _ask(statement: str, *values: UUID) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def facts(referral: Referral, side: Side, *, concern: Concern | None = None) -> course.Facts:
    """What the rules look at; ``concern`` for the council's side, which alone can see it."""
    return course.Facts(
        state=State(referral.state),
        side=side,
        jurisdiction=referral.jurisdiction,
        has_desk=has_desk(referral),
        sealed=side == Side.COUNCIL and referral.state == State.PREPARED and referral.bundles.exists(),
        consulted=Entry.objects.filter(referral=referral, kind=ReferralEvent.CONSULTED).exists(),
        concern_waits=concern is not None and concern.state == ConcernState.CODE_REFERRAL,
        has_finding=referral.outcome != "",
        serious=referral.serious,
        repeated=referral.repeated,
        clerks_own=concern is not None and concern.raiser_role == "proper_officer",
        in_public=concern is not None
        and concern.said_in_public in (SaidInPublic.PUBLIC_MEETING, SaidInPublic.SOCIAL_MEDIA, SaidInPublic.OTHERS),
    )


@dataclass(slots=True)
class Office:
    """Whom a referral of one concern may be addressed to on one day, and who of them helped as a mediator."""

    body: ExternalBody | None
    found: list[addressing.Addressee] = field(default_factory=list)
    people: dict[UUID, Person] = field(default_factory=dict)
    posts: dict[UUID, ExternalOfficer | None] = field(default_factory=dict)
    mediated: bool = False

    @property
    def preferred(self) -> addressing.Addressee | None:
        return addressing.preferred(self.found)


def office(concern: Concern, referral: Referral, *, on: date) -> Office:
    """The officers of the office the referral goes to, each with what speaks against them, best first."""
    officers: dict[UUID, addressing.Officer] = {}
    made = Office(referral.external_body)
    for person, role, post in _officers(concern.council, referral.external_body, on):
        if person.pk in officers:
            continue
        officers[person.pk] = addressing.Officer(person.pk, person.full_name, role)
        made.people[person.pk], made.posts[person.pk] = person, post
    held = conciliations(concern)
    made.mediated = addressing.office_mediated(held, officers.values())
    parties = _parties(concern)
    made.found = addressing.addressees(
        officers.values(), parties=parties, tied=_tied(concern, officers, parties, on), mediated=addressing.mediators(officers.values(), held)
    )
    return made


def _officers(council: Council, body: ExternalBody | None, on: date) -> Iterable[tuple[Person, str, ExternalOfficer | None]]:
    """Who works for the office; the head first where somebody is both."""
    if body is not None:
        posts = ExternalOfficer.objects.current(on).filter(external_body=body, person__is_active=True).select_related("person")
        for post in sorted(posts, key=lambda post: (ROLE_ORDER.get(post.role, 9), post.person.full_name)):
            yield post.person, post.role, post
        return
    held = Appointment.objects.current(on).filter(council=council, role__in=policy.OWN_OFFICE, person__is_active=True)
    for appointment in sorted(held.select_related("person"), key=lambda row: (ROLE_ORDER[row.role], row.person.full_name)):
        yield appointment.person, appointment.role, None


def _parties(concern: Concern) -> set[UUID]:
    """Everyone with a part in the matter itself, and everyone shut out of it."""
    named = [rows.values_list("person_id", flat=True) for rows in (concern.subjects, concern.witnesses, concern.connections)]
    shut_out = Exclusion.objects.filter(concern=concern).values_list("person_id", flat=True)
    aside = ReferralAccess.objects.filter(concern=concern, ended_reason=STEPPED_ASIDE).values_list("person_id", flat=True)
    return {concern.raiser_id, *shut_out, *aside, *(pk for rows in named for pk in rows)}


def _tied(concern: Concern, officers: Iterable[UUID], parties: set[UUID], on: date) -> set[UUID]:
    """Officers with a disclosed relationship to the raiser or a subject."""
    close = {concern.raiser_id, *concern.subjects.values_list("person_id", flat=True)}
    mine = set(officers)
    ties = DisclosedRelationship.objects.current(on).filter(
        Q(person_a__in=mine, person_b__in=close) | Q(person_a__in=close, person_b__in=mine)
    )
    return {pk for tie in ties for pk in (tie.person_a_id, tie.person_b_id) if pk in mine} - parties


def conciliations(concern: Concern) -> list[tuple[str, str]]:
    """Each conciliation of the concern as (the mediator's token, the name recorded)."""
    started = [str(event.facts.get("mediator") or "") for event in _conciliation_events(concern)]
    rows = concern.proceedings.filter(kind=ProceedingKind.CONCILIATION).order_by("opened_on", "id")
    return [(started[at] if at < len(started) else "", row.destination or "") for at, row in enumerate(rows)]


def _conciliation_events(concern: Concern) -> list[Event]:
    events = Event.objects.filter(concern_id=concern.pk, type=EventType.CONCILIATION_STARTED)
    return list(events.defer("reason").order_by("at", "id"))


def conciliation_times(concern: Concern) -> list[tuple[datetime, datetime | None]]:
    """From when to when the concern was in conciliation."""
    times: list[tuple[datetime, datetime | None]] = []
    start: datetime | None = None
    for event in Event.objects.filter(concern_id=concern.pk).defer("reason").order_by("at", "id"):
        if event.type == EventType.CONCILIATION_STARTED:
            start = event.at
        elif start is not None and event.from_state == ConcernState.CONCILIATION and event.to_state != ConcernState.CONCILIATION:
            times.append((start, event.at))
            start = None
    return [*times, (start, None)] if start is not None else times


def papers_offered(concern: Concern) -> list[Document]:
    """The documents that may go into a bundle: never one that was added during a conciliation (Y-18), or holds a virus."""
    times = conciliation_times(concern)
    return [
        document
        for document in concern.documents.defer("content").order_by("added_at", "id")
        if not document.infected and not any(start <= document.added_at and (end is None or document.added_at <= end) for start, end in times)
    ]


def bundle_of(referral: Referral, bundle_id: object = None) -> Bundle | None:
    """The bundle that was sent, or will be: the last one sealed. With an id, that one only if it is the last."""
    found = referral.bundles.order_by("-number").select_related("sealed_by").first()
    return found if found is None or bundle_id is None or found.pk == bundle_id else None


def infected_in(bundle: Bundle) -> tuple[str, ...]:
    """The files of the bundle whose original holds a virus, as a scanner has found since. For both sides."""
    if not bundle.documents:
        return ()
    bad = {row[0] for row in _ask("SELECT unnest(bundle_infected(%s))", bundle.pk)}
    files = [paper["file"] for paper in papers_in(bundle) if paper["kind"] == Paper.DOCUMENT]
    return tuple(str(file) for file, document in zip(files, bundle.documents, strict=False) if document in bad)


def papers_in(bundle: Bundle) -> list[dict[str, Any]]:
    """The papers as the manifest lists them; none of one that can't be read."""
    try:
        return list(json.loads(str(bundle.manifest or "{}"))["papers"])
    except (ValueError, KeyError, TypeError):
        return []


def acknowledged(referral: Referral) -> str:
    """When it was acknowledged and by whom, in words; "" while it wasn't."""
    first = Entry.objects.filter(referral=referral, kind=ReferralEvent.ACKNOWLEDGED).select_related("by").order_by("at").first()
    return wording.acknowledged(first.on, first.by.full_name) if first is not None else ""


def check(bundle: Bundle) -> Check:
    """Look whether everything is as it was sealed."""
    return verify(
        pdf=bytes(bundle.pdf), zip_=bytes(bundle.zip), manifest_json=str(bundle.manifest or "").encode(), seal=bundle.seal,
        pdf_sha256=bundle.pdf_sha256, zip_sha256=bundle.zip_sha256,
    )  # fmt: skip


def inbox(person: Person, *, on: date, state: str = "", council: str = "") -> QuerySet[Referral]:
    """What is on the person's desk, what came last first, filtered."""
    found = policy.on_desk(person, on=on).select_related("council", "addressed_to").order_by("-sent_on", "-opened_at", "id")
    if state == "open":
        found = found.exclude(state__in=ENDED)
    elif state in list(State):
        found = found.filter(state=state)
    return found.filter(council__key=council) if council else found
