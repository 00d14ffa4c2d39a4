"""How the casework and a grievance meet: opened, ended, somebody gone, opened again, and what it keeps closed meanwhile."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from concerns import outbox, policy
from concerns import plan as concerns_plan
from concerns.actions.verb import end_all, people_as
from concerns.enums import Action, Capacity, NoticeKind
from concerns.models import Concern, Participation, Proceeding
from councils.errors import Refusal
from councils.models import Person
from grievances import plan, queries
from grievances.actions.ground import seat, settle_panel, store
from grievances.actions.panel import bring_in, note_automatic, to_ask
from grievances.domain.feasibility import choose_convener
from grievances.enums import GrievanceState, HearingStatus, Panel, SeatStatus
from grievances.models import Grievance, Hearing, Inquiry, PanelSeat

CLERKS = ("proper_officer", "chief_executive")
TOO_FEW = _("The panel has too few members free of a connection. The council must appoint substitutes, or ask outside.")
HERE = _("The panel's decision is recorded in the grievance, by two of its members. The concern is closed with it.")
NO_PANEL = _("Your council has no panel for grievances on record. Ask your administrator to add it, then try again.")
OVER = {SeatStatus.SEATED: SeatStatus.LEFT, SeatStatus.ASKED: SeatStatus.STOOD_DOWN, SeatStatus.FREE: SeatStatus.STOOD_DOWN}


class GrievanceProcedure:
    """Registered in ``concerns.rooms``; runs inside the casework's actions."""

    def opened(self, concern: Concern, proceeding: Proceeding, *, by: Person, now: datetime) -> None:
        """T15: the row, somebody to run it, and the body's free members asked to declare. Refusal when they are too few."""
        start(concern, proceeding, by=by, now=now)

    def ended(self, concern: Concern, proceeding: Proceeding, *, by: Person, now: datetime) -> None:
        """The concern moved on: the panel's part ends; what was written stays on record."""
        grievance = Grievance.objects.filter(proceeding=proceeding).exclude(state=GrievanceState.CLOSED).first()
        if grievance is None:
            return
        for row in PanelSeat.objects.filter(grievance=grievance, status__in=list(OVER)):
            seat(row, OVER[SeatStatus(row.status)], now=now)
        Hearing.objects.filter(grievance=grievance, status=HearingStatus.SET).update(status=HearingStatus.CALLED_OFF)
        Inquiry.objects.filter(grievance=grievance, until__isnull=True).update(until=now)
        grievance.closed_on = timezone.localdate(now)
        grievance.end_early()
        store(grievance)
        _end_readers(concern, by=by, now=now)
        end_all(concern, {Capacity.CANDIDATE, Capacity.PANEL_MEMBER, Capacity.CONVENER}, by=by, now=now, reason="step_done")

    def objection(self, concern: Concern, action: Action, *, person: Person) -> str:
        """Its outcome is its panel's decision: nobody else records one, or closes it, beside that."""
        return str(HERE) if action in (Action.RECORD_OUTCOME, Action.CLOSE_NO_ACTION) else ""

    def left(self, concern: Concern, people: Collection[UUID], *, by: Person | None, now: datetime) -> list[Person] | None:
        """These people are out for good. Their seats end, too few fall back to forming; somebody else runs it if need be.

        Returns who came in, or None when nobody is there to run it.
        """
        grievance = queries.running(concern)
        if grievance is None:
            return []
        held = queries.held(grievance, concern, person=by or concern.raiser, today=timezone.localdate(now))
        for row in held.seats:
            if row.person_id in people and row.status in OVER:
                seat(row, SeatStatus.LEFT if _only_left(row.person, held.pool) else SeatStatus.CONNECTED, now=now)
        Inquiry.objects.filter(grievance=grievance, investigator_id__in=people, until__isnull=True).update(until=now)
        settle_panel(held)
        store(grievance)
        running = [p for p in people_as(concern, Capacity.CONVENER, Capacity.HANDLER) if p.pk not in people and p.pk != concern.raiser_id]
        if running:
            outbox.put(concern, NoticeKind.NEEDS_YOU, to=running, now=now)
            return []
        found = convener_for(concern, held.pool, out=people, asked={row.person_id for row in held.seats})
        if found is None:
            return None
        convene(concern, found, by=by, now=now)
        return [found]

    def reopened(self, concern: Concern, proceeding: Proceeding, *, by: Person, now: datetime) -> list[Person]:
        """T24: a panel of people who weren't involved is formed anew. Returns who was let in."""
        if queries.running(concern) is not None:
            return []
        return start(concern, proceeding, by=by, now=now, again=True)


def start(concern: Concern, proceeding: Proceeding, *, by: Person, now: datetime, again: bool = False) -> list[Person]:
    """Write the grievance's row and bring in whoever runs it and those who are asked; returns them.

    Raises Refusal when the council has no such panel, or too few of it are free; opened ``again`` it waits for people instead.
    """
    today = timezone.localdate(now)
    pool = plan.pool_of(concern, on=today)
    if not pool.has_body and not again:
        raise Refusal(str(NO_PANEL))
    asked = {place.person.pk for place in pool.places}
    if len({place.person.pk for place in pool.asked_for(Panel.FIRST)}) < pool.quorum and not again:
        raise Refusal(str(TOO_FEW))
    remit, limit = plan.remit_of(concern, on=today)
    grievance = Grievance.objects.create(
        concern=concern, proceeding=proceeding, remit=remit, limit=limit, quorum=pool.quorum, size=pool.size,
        appeal_quorum=pool.appeal_quorum, appeal_size=pool.appeal_size, opened_on=today,
    )  # fmt: skip
    came = []
    if not people_as(concern, Capacity.CONVENER):
        found = convener_for(concern, pool, out=(), asked=asked)
        if found is None and not again:
            raise Refusal(str(TOO_FEW))
        if found is not None:
            convene(concern, found, by=by, now=now)
            came.append(found)
    held = queries.held(grievance, concern, person=by, today=today)
    note_automatic(held, now=now)
    came += bring_in(held, to_ask(held), by=by, now=now)
    if any(row.status == SeatStatus.ASKED for row in held.seats):
        grievance.form_panel()
    store(grievance)
    return came


def convener_for(concern: Concern, pool: plan.Pool, *, out: Collection[UUID], asked: Collection[UUID]) -> Person | None:
    """Who runs it: whoever deals with the concern, else the clerk, else the first free person of the exception route."""
    made = pool.made
    parts = Participation.objects.filter(concern=concern, capacity=Capacity.HANDLER, until__isnull=True).select_related("person")
    handlers = [part.person for part in sorted(parts, key=lambda part: (part.since, part.person.full_name))]
    clerks = [seat.person for role in CLERKS for seat in concerns_plan.seats_behind(made, f"role:{role}")]
    known = {person.pk: person for person in [*handlers, *clerks, *(s.person for s in made.exception_seats), *made.eligible(), *(p.person for p in pool.places)]}
    orders = [
        [person.pk for person in group]
        for group in (handlers, clerks, [s.person for s in made.exception_seats], made.eligible(), [p.person for p in pool.places])
    ]
    candidates = set(asked) | {place.person.pk for place in pool.places}
    never = {*made.excluded, concern.raiser_id, *out}
    no_post = {pk for pk in known if not made.cast.roles_of(pk)}
    chosen = choose_convener(orders, never=never | no_post, avoid=candidates - {person.pk for person in handlers})
    return known.get(chosen)


def convene(concern: Concern, person: Person, *, by: Person | None, now: datetime) -> None:
    """``person`` runs it from now on: stage, dates and people; what was written only if they read it anyway."""
    policy.grant(concern, person, Capacity.CONVENER, reason="convenes", by=by, now=now)
    if by is None or person.pk != by.pk:
        outbox.put(concern, NoticeKind.NEEDS_YOU, to=person, now=now)


def _only_left(person: Person, pool: plan.Pool) -> bool:
    """Whether ``person`` is out because they have no post any more, and for no connection."""
    _person, kind = pool.made.excluded.get(person.pk, (person, ""))
    return kind not in concerns_plan.SHUTS_OUT and not (person.is_active and pool.made.cast.roles_of(person.pk))


def _end_readers(concern: Concern, *, by: Person, now: datetime) -> None:
    parts = Participation.objects.filter(concern=concern, capacity=Capacity.READER, reason="finds_facts", until__isnull=True)
    for part in parts.select_related("person"):
        policy.end(concern, part.person, by=by, now=now, reason="step_done", only=Capacity.READER)
