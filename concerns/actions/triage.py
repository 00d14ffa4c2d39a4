"""What a recipient does with a new concern: take it up, pass it on, step out, look into it, or find who can."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from concerns import audit, casefile, outbox, plan, policy, queries, rooms
from concerns.actions import consent
from concerns.actions.proceedings import open_proceeding
from concerns.actions.verb import (
    answer_needed,
    begin,
    end_all,
    look_for_handler,
    people_as,
    place,
    store,
    verb,
)
from concerns.domain.conflicts import delegates_of
from concerns.enums import (
    Action,
    Capacity,
    ConsentKind,
    EventType,
    ExclusionKind,
    NoticeKind,
    ProceedingKind,
    State,
)
from concerns.models import Concern, Participation
from councils import queries as councils
from councils.errors import Refusal
from councils.models import Person

WORKING = (Capacity.RECIPIENT, Capacity.HANDLER)


def become_handler(
    concern: Concern, person: Person, *, now: datetime, reason: str = "accepted", by: Person | None = None
) -> None:
    """A recipient becomes one who deals with it, in the same hat; ``by`` is who brought that about, if not they."""
    part = Participation.objects.filter(concern=concern, person=person, capacity=Capacity.RECIPIENT, until__isnull=True).first()
    policy.grant(
        concern, person, Capacity.HANDLER, reason=reason, by=by or person, now=now, hat=part.hat if part else "",
        acting_for=part.acting_for if part else "", token=part.token if part else "", cites=concern.cites,
    )  # fmt: skip
    if part is not None:
        policy.end(concern, person, by=by or person, now=now, reason="step_done", only=Capacity.RECIPIENT)


def _take(concern: Concern, *, by: Person, now: datetime, event: EventType, before: str, note: str) -> Concern:
    concern.accepted_at = concern.accepted_at or now
    store(concern, now=now)
    become_handler(concern, by, now=now)
    audit.record(concern, event, by=by, now=now, from_state=before, cites=concern.cites, reason=note.strip())
    others = people_as(concern, Capacity.RECIPIENT) if concern.mode == "all_of" else []
    for person in others:  # sent to all of them together, it is dealt with together; whoever took it up first leads
        become_handler(concern, person, now=now, reason="together", by=by)
    outbox.put(concern, NoticeKind.PROGRESS, to=[concern.raiser, *others], now=now)
    return concern


@verb(Action.ACCEPT, EventType.ACCEPTED)
def accept(*, concern_id: UUID, by: Person, now: datetime, note: str = "", revision: int | None = None) -> Concern:
    """T06: a recipient takes it up and tries to settle it informally. In all_of, the first to accept leads."""
    concern = begin(Action.ACCEPT, concern_id, by=by, now=now, revision=revision)
    before = concern.state
    concern.accept()
    return _take(concern, by=by, now=now, event=EventType.ACCEPTED, before=before, note=note)


@verb(Action.ACCEPT_COMPLAINT, EventType.COMPLAINT_ACCEPTED)
def accept_complaint(*, concern_id: UUID, by: Person, now: datetime, note: str = "", revision: int | None = None) -> Concern:
    """T07: the officer the protocol names takes up a written complaint."""
    concern = begin(Action.ACCEPT_COMPLAINT, concern_id, by=by, now=now, revision=revision)
    before = concern.state
    concern.accept_complaint()
    return _take(concern, by=by, now=now, event=EventType.COMPLAINT_ACCEPTED, before=before, note=note)


def move_to(concern: Concern, token: str, made: plan.Plan, *, by: Person, now: datetime) -> list[Person]:
    """Make ``token`` the step it is with; returns who was let in. Someone else in that place is the fallback's."""
    index = next((i for i, item in enumerate(concern.route) if item["token"] == token), None)
    if index is None:
        raise Refusal(str(_("The protocol doesn't name that person for this concern.")), field="token")
    concern.step = index
    step = made.step(token)
    if step is None:  # today nobody holds it, or they have a conflict: whoever stands in that place
        step = next((item for item in made.steps if item.instead_of == token), None)
    if step is None or step.is_direct:
        return []
    stand_here(concern, step)
    return place(concern, step, Capacity.RECIPIENT, reason="passed_on", by=by, now=now)


def stand_here(concern: Concern, step: plan.Step) -> None:
    """Someone else stands in the place it is at: what they may do there (receive only, say) is that place's."""
    here = concern.route[concern.step]
    if here["token"] != step.token and concern.mode != "any_of":
        concern.route[concern.step] = {**step.as_json(), "later": here["later"], "intake_only": here["intake_only"]}


@verb(Action.PASS_ON, EventType.PASSED_ON)
def pass_on(
    *,
    concern_id: UUID,
    by: Person,
    now: datetime,
    token: str = "",
    note: str = "",
    override_reason: str = "",
    revision: int | None = None,
) -> Concern:
    """T08: to the next recipient of its own route; the sender's part ends and the raiser is told.

    Where the raiser chose between recipients, going to another one needs their consent or a recorded reason.
    """
    concern = begin(Action.PASS_ON, concern_id, by=by, now=now, revision=revision)
    offered = queries.next_tokens(concern)
    token = token or (offered[0] if len(offered) == 1 else "")
    if token not in offered:
        raise Refusal(str(_("Choose who it goes to.")), field="token")
    if concern.mode == "any_of":
        consent.cover(concern, ConsentKind.WIDER_CIRCLE, by=by, now=now, override_reason=override_reason)
    made = plan.for_concern(concern, on=timezone.localdate(now))
    before = concern.state
    consent.lapse(concern, now=now)
    concern.pass_on()
    told = move_to(concern, token, made, by=by, now=now)
    store(concern, now=now)
    direct, outside = token == plan.PARTY_SUBJECT, token.startswith("ext:")
    audit.record(
        concern, EventType.PASSED_ON, by=by, now=now, from_state=before, cites=concern.cites,
        facts={"to": token, "people": len(told)}, reason=note.strip(),
    )  # fmt: skip
    outbox.put(concern, NoticeKind.NEEDS_YOU if direct or outside else NoticeKind.PROGRESS, to=concern.raiser, now=now)
    outbox.put(concern, NoticeKind.RECEIVED, to=told, now=now)
    if not told and not direct and not outside:
        look_for_handler(concern, made, by=by, now=now)
    _end_those_who_had_it(concern, by=by, now=now, but=told)
    return concern


def _end_those_who_had_it(concern: Concern, *, by: Person, now: datetime, but: list[Person]) -> None:
    """Those who had it leave; who has it again in the next place keeps that place's part only."""
    again = {person.pk for person in but}
    for person in sorted(people_as(concern, *WORKING), key=lambda person: person.pk == by.pk):
        for capacity in (Capacity.HANDLER,) if person.pk in again else WORKING:
            policy.end(concern, person, by=by, now=now, reason="step_done", only=capacity)


@verb(Action.DECLARE_CONFLICT, EventType.CONFLICT_DECLARED)
def declare_conflict(*, concern_id: UUID, by: Person, now: datetime, revision: int | None = None) -> None:
    """A recipient, handler, decider or panel member steps out: access ends at once, for good, deputies included.

    No reason is asked. The next person the protocol names is let in; where there is none it waits at NEEDS_HANDLER.
    Returns nothing: the actor can't see the concern any more.
    """
    concern = begin(Action.DECLARE_CONFLICT, concern_id, by=by, now=now, revision=revision)
    if by.pk == concern.raiser_id and concern.successor_of_id is None:
        raise Refusal(str(_("You raised it. You can withdraw it, but not step out of it.")))
    today = timezone.localdate(now)
    deputies = set(delegates_of(plan.for_concern(concern, on=today).cast, {by.pk})) - {concern.raiser_id}
    made = plan.for_concern(concern, on=today, also_out={by.pk, *deputies})
    before = concern.state
    told = replace(concern, made, out={by.pk, *deputies}, by=by, now=now)
    if concern.state == before:
        store(concern, now=now)
    audit.record(concern, EventType.CONFLICT_DECLARED, by=by, now=now, from_state=before, facts={"replaced_by": len(told)})
    outbox.put(concern, NoticeKind.RECEIVED, to=told, now=now)
    if by.pk != concern.raiser_id:
        outbox.put(concern, NoticeKind.PROGRESS, to=concern.raiser, now=now)
    policy.exclude(concern, [made.people[pk] for pk in deputies], ExclusionKind.DELEGATE, by=by, now=now)
    policy.exclude(concern, [by], ExclusionKind.DECLARED, by=by, now=now)  # last: from here the actor sees nothing


def put_out(*, concern: Concern, by: Person, now: datetime) -> bool:
    """Whether posts, ties and reporting lines as they are today keep ``by`` out; if so their access ends as if they had stepped out.

    Not a ``verb``: it only asks for one. Where that is closed (nobody else can take it yet, or it is over) they aren't
    shown it all the same.
    """
    today = timezone.localdate(now)
    subjects = casefile.subjects_of(concern)
    if not subjects or (by.pk == concern.raiser_id and concern.successor_of_id is None):
        return False
    made = plan.for_concern(concern, on=today, subjects=subjects)
    _person, kind = made.excluded.get(by.pk, (by, ""))
    if kind not in plan.SHUTS_OUT and councils.roles_of(by, concern.council, on=today):
        return False
    with suppress(Refusal):
        declare_conflict(concern_id=concern.pk, by=by, now=now)
    return True


# Who keeps a concern going in which state; where none of them is left, somebody has to come in.
OWNERS = {
    State.LODGED: {Capacity.RECIPIENT},
    State.DECIDING: {Capacity.HANDLER, Capacity.DECIDER},
    State.GRIEVANCE: {Capacity.HANDLER, Capacity.CONVENER},
    State.CODE_REFERRAL: {Capacity.HANDLER, Capacity.LIAISON},
    State.NEEDS_HANDLER: {Capacity.EXCEPTION_HOLDER},
}


def replace(concern: Concern, made: plan.Plan, *, out: set[UUID], by: Person | None, now: datetime) -> list[Person]:
    """Who comes in for somebody who steps out: nobody if others go on, else whom the protocol names next; tells no one."""
    owning = OWNERS.get(State(concern.state), {Capacity.HANDLER})
    mine = list(Participation.objects.filter(concern=concern, person_id__in=out, until__isnull=True))
    held = {Capacity(part.capacity) for part in mine}
    if concern.state == State.GRIEVANCE:
        came = rooms.left(concern, policy.ROOM_OF[State.GRIEVANCE], out, by=by, now=now)
        if came is None:
            look_for_handler(concern, made, by=by, now=now)
        return came or []
    left = [person for person in people_as(concern, *owning) if person.pk not in out]
    if not held & owning or _enough(concern, made, left, mine):
        return []
    return bring_in(concern, made, left=left, out=out, by=by, now=now)


def bring_in(
    concern: Concern, made: plan.Plan, *, left: list[Person], out: set[UUID], by: Person | None, now: datetime
) -> list[Person]:
    """Those who keep it going are gone, or too few (``left``): who comes in by the protocol; tells nobody but finders.

    Raises Refusal where a formal step leaves nobody to ask.
    """
    if concern.state == State.LODGED:
        step = next_step(concern, made) if not left else None
        if step is not None:
            stand_here(concern, step)
            return place(concern, step, Capacity.RECIPIENT, reason="named_by_route", by=by, now=now)
    if concern.state == State.NEEDS_HANDLER:
        return _let_in(concern, made.exception_seats, Capacity.EXCEPTION_HOLDER, reason="finds_handler", by=by, now=now)
    if concern.state == State.CODE_REFERRAL:
        policy.grant(concern, concern.raiser, Capacity.LIAISON, reason="referred", by=by, now=now)
        return []
    if concern.state in (State.DISCIPLINARY, State.COUNCIL_REPORT):
        seats = _deciders(concern, out=out, now=now) or made.exception_seats
        if not seats:
            raise Refusal(str(_("Nobody else can take it yet. Ask your council to name somebody, then try again.")))
        return _let_in(concern, seats[:1], Capacity.HANDLER, reason="handed_over", by=by, now=now)
    look_for_handler(concern, made, by=by, now=now)
    return []


def _let_in(
    concern: Concern, seats: Iterable[plan.Seat], capacity: Capacity, *, reason: str, by: Person | None, now: datetime
) -> list[Person]:
    for seat in seats:
        policy.grant(
            concern, seat.person, capacity, reason=reason, by=by, now=now, hat=seat.hat, acting_for=seat.acting_for
        )
    return [seat.person for seat in seats]


def _deciders(concern: Concern, *, out: set[UUID], now: datetime) -> tuple[plan.Seat, ...]:
    made = plan.for_concern(concern, on=timezone.localdate(now), stage="deciding", also_out=out)
    return next((seats for token in made.deciders if (seats := plan.seats_behind(made, token))), ())


def _enough(concern: Concern, made: plan.Plan, left: list[Person], mine: list[Participation]) -> bool:
    """Whether those who are left can go on: a body that receives needs its quorum, otherwise one is enough."""
    bodies = [part.token for part in mine if part.token.startswith("body:")]
    if concern.state == State.LODGED and bodies:
        return plan.quorate(made, bodies[0], len(left))
    return bool(left)


def next_step(concern: Concern, made: plan.Plan) -> plan.Step | None:
    """Whom the route names next. It never goes back, and not past the raiser's choice unless they said it may."""
    if concern.mode == "any_of" and not consent.past_choice(concern):
        return None
    tried = {item["token"] for item in concern.route[: concern.step]} if concern.mode == "sequence" else set()
    return next((step for step in made.steps if step.seats and step.token not in tried), None)


@verb(Action.NO_HANDLER, EventType.NEEDS_HANDLER)
def no_handler(*, concern_id: UUID, by: Person, now: datetime, reason: str, revision: int | None = None) -> None:
    """T03: those who have it say nobody here can take it. Their part ends; someone unconnected is asked to find a person."""
    concern = begin(Action.NO_HANDLER, concern_id, by=by, now=now, revision=revision)
    words = answer_needed(reason, "reason", _("Say why nobody can take it."))
    made = plan.for_concern(concern, on=timezone.localdate(now), also_out={by.pk})  # not back to whoever says so
    before = concern.state
    look_for_handler(concern, made, by=by, now=now)
    audit.record(concern, EventType.NEEDS_HANDLER, by=by, now=now, from_state=before, reason=words)
    outbox.put(concern, NoticeKind.PROGRESS, to=concern.raiser, now=now)
    end_all(concern, {Capacity.RECIPIENT, Capacity.HANDLER, Capacity.CONVENER}, by=by, now=now, reason="step_done")


@verb(Action.ASSIGN, EventType.ASSIGNED)
def assign(
    *, concern_id: UUID, by: Person, now: datetime, assignee: Person, reason: str, revision: int | None = None
) -> Concern:
    """T04: whoever has to find a handler names one who is free of any conflict; never the Chair alone where forbidden."""
    concern = begin(Action.ASSIGN, concern_id, by=by, now=now, revision=revision)
    words = answer_needed(reason, "reason", _("Say why this person."))
    made = plan.for_concern(concern, on=timezone.localdate(now))
    # Never themselves: finding somebody is no way to read it (PostgreSQL refuses it too).
    if assignee.pk not in {person.pk for person in made.eligible(besides={by.pk})}:
        raise Refusal(str(_("That person can't take it. Choose from the list.")), field="assignee")
    protocol = concern.protocol_version.protocol
    hat = made.hat_of(assignee)
    if protocol.chair_alone == "forbidden" and "chair_of_council" in made.cast.roles_of(assignee.pk):
        raise Refusal(str(_("The Chair should not deal with this alone. Choose somebody else.")), field="assignee")
    before = concern.state
    concern.assign()
    store(concern, now=now)
    capacity = Capacity.RECIPIENT if concern.state == State.LODGED else Capacity.HANDLER
    policy.grant(concern, assignee, capacity, reason="assigned", by=by, now=now, hat=hat)
    audit.record(concern, EventType.ASSIGNED, by=by, now=now, from_state=before, reason=words)
    outbox.put(concern, NoticeKind.RECEIVED, to=assignee, now=now)
    outbox.put(concern, NoticeKind.PROGRESS, to=concern.raiser, now=now)
    end_all(concern, {Capacity.EXCEPTION_HOLDER}, by=by, now=now, reason="step_done")
    return concern


@verb(Action.INSTIGATE_INVESTIGATION, EventType.INVESTIGATION_STARTED)
def instigate_investigation(
    *,
    concern_id: UUID,
    by: Person,
    now: datetime,
    reason: str,
    investigator: Person | None = None,
    override_reason: str = "",
    revision: int | None = None,
) -> Concern:
    """T12: fact finding, by the handler or by an investigator free of conflict, who may then read the concern."""
    concern = begin(Action.INSTIGATE_INVESTIGATION, concern_id, by=by, now=now, revision=revision)
    words = answer_needed(reason, "reason", _("Say what has to be found out."))
    made = plan.for_concern(concern, on=timezone.localdate(now))
    before = concern.state
    if before == State.LODGED:
        become_handler(concern, by, now=now)
    concern.instigate_investigation()
    concern.accepted_at = concern.accepted_at or now
    if investigator is not None and investigator.pk != by.pk:
        if investigator.pk not in {person.pk for person in made.eligible()}:
            raise Refusal(str(_("That person can't look into it. Choose from the list.")), field="investigator")
        consent.cover(concern, ConsentKind.WIDER_CIRCLE, by=by, now=now, override_reason=override_reason)
        policy.grant(
            concern, investigator, Capacity.READER, reason="investigates", by=by, now=now, hat=made.hat_of(investigator)
        )
        outbox.put(concern, NoticeKind.RECEIVED, to=investigator, now=now)
    store(concern, now=now)
    open_proceeding(
        concern, ProceedingKind.INVESTIGATION, by=by, now=now,
    )
    audit.record(concern, EventType.INVESTIGATION_STARTED, by=by, now=now, from_state=before, reason=words)
    outbox.put(concern, NoticeKind.PROGRESS, to=concern.raiser, now=now)
    return concern
