"""Ends and new beginnings: no action, withdrawal, a successor in the council's name, opening again (T22-T24)."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from concerns import audit, outbox, plan, policy, queries, rooms
from concerns.actions.informal import let_deciders_in
from concerns.actions.proceedings import close_proceedings
from concerns.actions.verb import (
    PASSING,
    answer_needed,
    begin,
    end_all,
    look_for_handler,
    people_as,
    place,
    shut_out,
    store,
    verb,
)
from concerns.enums import Action, Capacity, EventType, ExclusionKind, NoticeKind, State
from concerns.models import Concern, ConcernSubject, Narrative, Witness
from councils import queries as councils
from councils.errors import Refusal
from councils.models import Person


@verb(Action.CLOSE_NO_ACTION, EventType.CLOSED_NO_ACTION)
def close_no_action(*, concern_id: UUID, by: Person, now: datetime, reason: str, revision: int | None = None) -> Concern:
    """T22: closed without action; the raiser gets the reasons and what else they can do."""
    concern = begin(Action.CLOSE_NO_ACTION, concern_id, by=by, now=now, revision=revision)
    words = answer_needed(reason, "reason", _("Give the reasons; the person who raised it reads them."))
    before = concern.state
    concern.close_no_action()
    concern.outcome = "no_action"
    concern.closed_at = now
    concern.internal_routes_locked = False
    store(concern, now=now)
    close_proceedings(concern, by=by, now=now, outcome="no_action")
    audit.record(concern, EventType.CLOSED_NO_ACTION, by=by, now=now, from_state=before, reason=words)
    outbox.put(concern, NoticeKind.CLOSED, to=concern.raiser, now=now)
    end_all(concern, PASSING, by=by, now=now, reason="closed")
    return concern


@verb(Action.WITHDRAW, EventType.WITHDRAWN)
def withdraw(*, concern_id: UUID, by: Person, now: datetime, reason: str = "", revision: int | None = None) -> Concern:
    """T23: the raiser withdraws, with or without a reason. The handler is asked whether the council must still act."""
    concern = begin(Action.WITHDRAW, concern_id, by=by, now=now, revision=revision)
    if concern.state == State.DRAFT:
        raise Refusal(str(_("It was never sent: delete the draft instead.")))
    before = concern.state
    concern.withdraw()
    concern.outcome = "withdrawn"
    concern.on_hold_until = concern.hold_reason = None
    concern.closed_at = now
    store(concern, now=now)
    close_proceedings(concern, by=by, now=now, outcome="withdrawn")
    audit.record(concern, EventType.WITHDRAWN, by=by, now=now, from_state=before, reason=reason.strip())
    outbox.put(concern, NoticeKind.CLOSED, to=people_as(concern, Capacity.HANDLER, Capacity.RECIPIENT), now=now)
    end_all(concern, PASSING, by=by, now=now, reason="closed")
    return concern


@verb(Action.OPEN_SUCCESSOR, EventType.SUCCESSOR_OPENED)
def open_successor(
    *, concern_id: UUID, by: Person, now: datetime, reason: str, duty: bool, revision: int | None = None
) -> Concern:
    """After a withdrawal the handler opens a case in the council's name (A-18), without the raiser and their words.

    ``duty`` is the recorded decision that the council must act. Returns the new concern, handled by ``by``.
    """
    old = begin(Action.OPEN_SUCCESSOR, concern_id, by=by, now=now, revision=revision)
    words = answer_needed(reason, "reason", _("Say why the council must act although the concern was withdrawn."))
    if not duty:
        raise Refusal(str(_("Confirm that the council has a duty to act.")), field="duty")
    today = timezone.localdate(now)
    _person, tie = plan.for_concern(old, on=today).excluded.get(by.pk, (by, ""))
    if tie in plan.SHUTS_OUT:
        raise Refusal(str(_("You have a connection to this concern now, so you can't open a case about it.")))
    version = councils.protocol_in_force(old.council, on=today)
    if version is None:
        raise Refusal(str(_("Your council has no protocol in force, so nothing can be opened.")))
    role = councils.primary_role(by, old.council, on=today) or ""
    new = Concern(
        council=old.council, raiser=by, raiser_role=role, topic=old.topic, successor_of=old, created_at=now, updated_at=now
    )
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError as error:  # one each; another handler's is hidden from this one, the constraint sees it
        raise Refusal(str(_("A case was opened already."))) from error
    policy.grant(new, by, Capacity.RAISER, reason="successor", by=by, now=now, hat=role)
    Narrative.objects.create(concern=new, what_happened=words)
    for subject in old.subjects.all():
        ConcernSubject.objects.create(concern=new, person=subject.person, role=subject.role)
    for witness in old.witnesses.all():
        Witness.objects.create(concern=new, person=witness.person)
    made = plan.for_concern(new, on=today)
    new.protocol_version, new.stage, new.rule_id, new.mode = version, made.stage, made.resolution.rule or "", made.resolution.mode
    new.basis, new.cites, new.route = "default", list(made.resolution.cites), [step.as_json() for step in made.steps]
    new.lodged_at = new.accepted_at = now
    new.wider_circle = "may_pass_on"
    new.submit()
    store(new, now=now)
    new.accept() if new.stage != "complaint" else new.accept_complaint()
    store(new, now=now)
    shut_out(new, made, by=by, now=now)
    for row in old.exclusions.select_related("person"):
        policy.exclude(new, [row.person], ExclusionKind(row.kind), by=by, now=now)
    policy.exclude(new, [old.raiser], ExclusionKind.CONNECTED, by=by, now=now)  # they withdrew: it goes on without them
    policy.grant(new, by, Capacity.HANDLER, reason="successor", by=by, now=now, hat=role)
    store(old, now=now)
    audit.record(new, EventType.SUCCESSOR_OPENED, by=by, now=now, from_state="DRAFT", facts={"duty": duty}, reason=words)
    return new


@verb(Action.REOPEN, EventType.REOPENED)
def reopen(
    *,
    concern_id: UUID,
    by: Person,
    now: datetime,
    reason: str,
    new_evidence: bool = False,
    revision: int | None = None,
) -> Concern:
    """T24: back to where it was, after a new conflict check. Past the council's window only with new evidence."""
    concern = begin(Action.REOPEN, concern_id, by=by, now=now, revision=revision)
    words = answer_needed(reason, "reason", _("Say why it is opened again."))
    today = timezone.localdate(now)
    if not new_evidence and not queries.reopen_window_open(concern, today=today):
        raise Refusal(
            str(_("The time to open it again has passed. It can be opened only if there is new evidence.")), field="new_evidence"
        )
    made = plan.for_concern(concern, on=today)
    if by.pk != concern.raiser_id and by.pk in made.excluded:
        raise Refusal(str(_("You have a connection to this concern now, so you can't open it again.")))
    before, closed_on = concern.state, timezone.localdate(concern.closed_at)
    concern.reopen()
    concern.closed_at = None
    concern.outcome = ""
    store(concern, now=now)
    concern.proceedings.filter(closed_on=closed_on, kind=concern.state.lower()).update(closed_on=None, outcome="")
    shut_out(concern, made, by=by, now=now)
    told = _staff_again(concern, made, by=by, now=now)
    audit.record(
        concern, EventType.REOPENED, by=by, now=now, from_state=before, facts={"new_evidence": new_evidence}, reason=words
    )
    new = {person.pk for person in told}
    tell = [person for person in [concern.raiser, *people_as(concern, Capacity.HANDLER)] if person.pk not in {by.pk, *new}]
    outbox.put(concern, NoticeKind.PROGRESS, to=tell, now=now)
    outbox.put(concern, NoticeKind.RECEIVED, to=told, now=now)
    return concern


HANDLED = {State.INFORMAL, State.CONCILIATION, State.COMPLAINT, State.INVESTIGATION}


def _staff_again(concern: Concern, made: plan.Plan, *, by: Person, now: datetime) -> list[Person]:
    """Whoever had it from the route gets it again as things are today; returns them. Nobody left: someone looks."""
    told: list[Person] = []
    if concern.state == State.LODGED:
        for item in concern.route if concern.mode == "all_of" else concern.route[concern.step : concern.step + 1]:
            step = made.step(item["token"])
            if step is not None and not (concern.mode == "all_of" and step.later):
                told += place(concern, step, Capacity.RECIPIENT, reason="reopened", by=by, now=now)
        if not told and not queries.with_raiser(concern):
            look_for_handler(concern, made, by=by, now=now)
    elif concern.state == State.GRIEVANCE:
        for proceeding in concern.proceedings.filter(kind=policy.ROOM_OF[State.GRIEVANCE], closed_on__isnull=True):
            told += rooms.reopened(concern, proceeding, by=by, now=now)
        if not people_as(concern, Capacity.HANDLER, Capacity.CONVENER):
            look_for_handler(concern, made, by=by, now=now)
    elif concern.state == State.DISCIPLINARY:
        for proceeding in concern.proceedings.filter(kind=policy.ROOM_OF[State.DISCIPLINARY], closed_on__isnull=True):
            told += rooms.reopened(concern, proceeding, by=by, now=now)
    elif concern.state == State.NEEDS_HANDLER:
        for seat in made.exception_seats:
            policy.grant(concern, seat.person, Capacity.EXCEPTION_HOLDER, reason="finds_handler", by=by, now=now, hat=seat.hat)
        told = [seat.person for seat in made.exception_seats]
    elif concern.state == State.DECIDING:
        let_deciders_in(concern, by=by, now=now)
    elif concern.state in HANDLED and not people_as(concern, Capacity.HANDLER):
        look_for_handler(concern, made, by=by, now=now)
    return told
