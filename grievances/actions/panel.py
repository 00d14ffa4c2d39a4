"""Forming a panel: ask, declare, seat, chair, leave. Nobody reads before they have declared."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from concerns import audit, outbox, policy
from concerns.enums import Capacity, NoticeKind
from councils.errors import Refusal
from councils.models import Person
from grievances import wording
from grievances.actions.ground import begin, check, leave, let_go, seat, settle_panel, shut_out, store, verb
from grievances.domain.machine import Answer
from grievances.enums import GrievanceEvent, GrievanceState, Panel, SeatStatus, Step
from grievances.models import Grievance, PanelSeat
from grievances.plan import Place
from grievances.queries import Held


def to_ask(held: Held) -> list[Place]:
    """Who is asked next: the body's free members; its substitutes when the members are too few; for an appeal those who
    sat before only when nobody else is left.
    """
    known = {row.person_id for row in held.seats if row.panel == held.panel}
    sat = held.standing.sat_first if held.panel == Panel.APPEAL else frozenset()
    places = [place for place in held.pool.asked_for(held.panel) if place.person.pk not in sat]
    if held.panel == Panel.APPEAL:
        mine = {place.person.pk for place in places}
        spare = [p for p in held.pool.asked_for(Panel.FIRST) if p.person.pk not in sat | mine]
        places += spare
    living = [row for row in held.seats if row.panel == held.panel and row.status in ("asked", "free", "seated") and row.person_id not in held.standing.out]
    fresh = [place for place in places if place.person.pk not in known and place.person.pk not in held.standing.out]
    members = [place for place in fresh if not place.substitute]
    if len(living) + len(members) < held.standing.full_size:
        members = fresh
    if held.panel == Panel.APPEAL and len(living) + len(members) < held.standing.needed:
        again = [p for p in held.pool.asked_for(Panel.FIRST) if p.person.pk in sat and p.person.pk not in known | held.standing.out]
        members = members + again
    return list({place.person.pk: place for place in members}.values())


def bring_in(held: Held, places: Iterable[Place], *, by: Person, now: datetime) -> list[Person]:
    """Write that these people are asked, and let them know that it exists: stage and dates, no more."""
    asked = []
    for place in places:
        row = PanelSeat.objects.create(
            grievance=held.grievance, concern=held.concern, person=place.person, panel=held.panel, is_substitute=place.substitute, asked_at=now
        )
        held.seats.append(row)
        policy.grant(held.concern, place.person, Capacity.CANDIDATE, reason="candidate", by=by, now=now, hat="hr_panel_member")
        asked.append(place.person)
    outbox.put(held.concern, NoticeKind.NEEDS_YOU, to=asked, now=now)
    return asked


def note_automatic(held: Held, *, now: datetime) -> None:
    """Keep that somebody of the body wasn't asked. Which connection is kept nowhere (A15)."""
    known = {row.person_id for row in held.seats if row.panel == held.panel}
    for place in held.pool.places:
        if place.panel == held.panel and place.person.pk in held.pool.out and place.person.pk not in known:
            row = PanelSeat.objects.create(
                grievance=held.grievance, concern=held.concern, person=place.person, panel=held.panel, status=SeatStatus.AUTOMATIC,
                is_substitute=place.substitute, asked_at=now,
            )  # fmt: skip
            held.seats.append(row)


@verb(Step.FORM_PANEL, GrievanceEvent.PANEL_ASKED)
def form_panel(*, grievance_id: UUID, by: Person, now: datetime, revision: int | None = None) -> Grievance:
    """The members of the body who are free of conflict are asked to declare; later its substitutes, and for an appeal others."""
    held = begin(Step.FORM_PANEL, grievance_id, by=by, now=now, revision=revision)
    places = to_ask(held)
    check(Step.FORM_PANEL, held, Answer(asked=frozenset(place.person.pk for place in places)))
    let_go(held, held.standing.fallen, SeatStatus.LEFT, by=by, now=now, reason="panel_left")
    note_automatic(held, now=now)
    asked = bring_in(held, places, by=by, now=now)
    if held.grievance.state == GrievanceState.SUBMITTED:
        held.grievance.form_panel()
    settle_panel(held)
    store(held.grievance)
    audit.record(held.concern, GrievanceEvent.PANEL_ASKED, by=by, now=now, facts={"asked": len(asked), "panel": held.panel.value})
    return held.grievance


@verb(Step.DECLARE, GrievanceEvent.DECLARED)
def declare(*, grievance_id: UUID, by: Person, now: datetime, free: bool | None, revision: int | None = None) -> None:
    """Somebody who was asked says whether they have a connection, before anything is shown.

    With one they are out for good. Returns nothing: the actor may not see it any more.
    """
    held = begin(Step.DECLARE, grievance_id, by=by, now=now, revision=revision)
    if free is None:
        raise Refusal(str(wording.STEPS[Step.DECLARE][0]), field="free")
    row = held.seat_of(by.pk)
    row.declared_at = now
    seat(row, SeatStatus.FREE if free else SeatStatus.CONNECTED, now=now)
    store(held.grievance)
    audit.record(held.concern, GrievanceEvent.DECLARED, by=by, now=now, facts={"free": free})
    outbox.put(held.concern, NoticeKind.PROGRESS, to=conveners(held), now=now)
    if not free:
        shut_out(held.concern, by, by=by, now=now)


def conveners(held: Held) -> list[Person]:
    """Who runs it, as people to tell."""
    return list(Person.objects.filter(pk=held.standing.convener)) if held.standing.convener else []


@verb(Step.SEAT_PANEL, GrievanceEvent.PANEL_SEATED)
def seat_panel(
    *, grievance_id: UUID, by: Person, now: datetime, people: Iterable[Person], reason: str = "", revision: int | None = None
) -> Grievance:
    """The panel sits, from those who declared free; they read the concern from now on.

    Fewer than it should be, or an appeal heard by somebody who sat before, only with a reason on record.
    """
    chosen = frozenset(person.pk for person in people)
    held = begin(Step.SEAT_PANEL, grievance_id, by=by, now=now, revision=revision, answer=Answer(people=chosen, reason=bool(reason.strip())))
    if held.panel == Panel.APPEAL and chosen & held.standing.sat_first and not held.grievance.overlap:
        held.grievance.overlap = True
        held.grievance.save(update_fields=["overlap"])
    for row in held.seats:
        if row.panel == held.panel and row.person_id in chosen:
            seat(row, SeatStatus.SEATED, now=now)
            policy.grant(held.concern, row.person, Capacity.PANEL_MEMBER, reason="panel", by=by, now=now, hat="hr_panel_member")
            policy.end(held.concern, row.person, by=by, now=now, reason="panel", only=Capacity.CANDIDATE)
            outbox.put(held.concern, NoticeKind.NEEDS_YOU, to=row.person, now=now)
    if held.panel == Panel.FIRST:
        held.grievance.seat_panel()
        held.grievance.resumes = ""
    store(held.grievance)
    facts = {"seated": len(chosen | held.standing.seated), "panel": held.panel.value, "overlap": held.grievance.overlap}
    audit.record(held.concern, GrievanceEvent.PANEL_SEATED, by=by, now=now, facts=facts, reason=reason.strip())
    outbox.put(held.concern, NoticeKind.PROGRESS, to=held.concern.raiser, now=now)
    return held.grievance


@verb(Step.CHOOSE_CHAIR, GrievanceEvent.CHAIR_CHOSEN)
def choose_chair(*, grievance_id: UUID, by: Person, now: datetime, person: Person | None, revision: int | None = None) -> Grievance:
    """The panel chooses its chair; never the chair of the council where the protocol keeps them from it."""
    answer = Answer(person=person.pk if person else None)
    held = begin(Step.CHOOSE_CHAIR, grievance_id, by=by, now=now, revision=revision, answer=answer)
    for row in held.seats:
        if row.panel == held.panel and row.is_chair:
            row.is_chair = False
            row.save(update_fields=["is_chair"])
    row = held.seat_of(person.pk)
    row.is_chair = True
    row.save(update_fields=["is_chair"])
    store(held.grievance)
    audit.record(held.concern, GrievanceEvent.CHAIR_CHOSEN, by=by, now=now, facts={"panel": held.panel.value})
    return held.grievance


@verb(Step.LEAVE_PANEL, GrievanceEvent.PANEL_LEFT)
def leave_panel(
    *, grievance_id: UUID, by: Person, now: datetime, connected: bool = False, reason: str = "", revision: int | None = None
) -> None:
    """A member leaves; with a connection they are out for good. Too few left: the panel is formed again, nothing is lost."""
    held = begin(Step.LEAVE_PANEL, grievance_id, by=by, now=now, revision=revision)
    let_go(held, [by.pk], SeatStatus.CONNECTED if connected else SeatStatus.LEFT, by=by, now=now, reason="panel_left")
    settle_panel(held)
    store(held.grievance)
    facts = {"panel": held.panel.value, "quorate": held.grievance.state != GrievanceState.PANEL_FORMING}
    audit.record(held.concern, GrievanceEvent.PANEL_LEFT, by=by, now=now, facts=facts, reason=reason.strip())
    outbox.put(held.concern, NoticeKind.NEEDS_YOU, to=conveners(held), now=now)
    if connected:
        shut_out(held.concern, by, by=by, now=now)
    else:
        leave(held.concern, by, by=by, now=now, reason="panel_left")
