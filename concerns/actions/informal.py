"""Settling it by talking: settle, conciliate, a private talk that failed, and the end of informal means."""

from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from concerns import audit, outbox, plan, policy, queries, wording
from concerns.actions import consent
from concerns.actions.intake import agree_route, lodge
from concerns.actions.proceedings import close_proceedings, open_proceeding
from concerns.actions.triage import become_handler, move_to
from concerns.actions.verb import (
    PASSING,
    answer_needed,
    begin,
    end_all,
    look_for_handler,
    people_as,
    shut_out,
    store,
    verb,
)
from concerns.domain import guards
from concerns.enums import (
    Action,
    Capacity,
    ConsentKind,
    EventType,
    InformalOver,
    NoticeKind,
    ProceedingKind,
    State,
)
from concerns.models import Concern
from councils import queries as councils
from councils.errors import Refusal
from councils.models import Person

NOT_FUTURE = _("The date must be today or in the past.")


@verb(Action.SETTLE, EventType.SETTLED)
def settle(
    *,
    concern_id: UUID,
    by: Person,
    now: datetime,
    summary: str,
    raiser_agrees: bool | None = None,
    revision: int | None = None,
) -> Concern:
    """T09: settled by agreement. A handler says whether the raiser agrees; an objection is kept, not overruled unseen."""
    concern = begin(Action.SETTLE, concern_id, by=by, now=now, revision=revision)
    words = answer_needed(summary, "summary", _("Say how it was settled."))
    if by.pk == concern.raiser_id:
        raiser_agrees = True
    if raiser_agrees is None:
        raise Refusal(str(_("Say whether the person who raised it agrees.")), field="raiser_agrees")
    before = concern.state
    concern.settle()
    concern.outcome = "resolved"
    concern.closed_at = now
    store(concern, now=now)
    close_proceedings(concern, by=by, now=now, outcome=mediated(before, agreed=True) or "resolved")
    facts = {"raiser_agrees": raiser_agrees}
    audit.record(concern, EventType.SETTLED, by=by, now=now, from_state=before, facts=facts, reason=words)
    tell = [person for person in [concern.raiser, *people_as(concern, Capacity.HANDLER)] if person.pk != by.pk]
    outbox.put(concern, NoticeKind.CLOSED, to=tell, now=now)
    end_all(concern, PASSING, by=by, now=now, reason="closed")
    return concern


@verb(Action.DIRECT_FAILED, EventType.DIRECT_FAILED)
def direct_failed(
    *, concern_id: UUID, by: Person, now: datetime, token: str = "", note: str = "", revision: int | None = None
) -> Concern:
    """T10: the private talk settled nothing; it goes to the next recipient of its route, whom the raiser chose or was shown."""
    concern = begin(Action.DIRECT_FAILED, concern_id, by=by, now=now, revision=revision)
    offered = queries.next_tokens(concern)
    token = token or (offered[0] if len(offered) == 1 else "")
    if token not in offered:
        raise Refusal(str(_("Choose who it goes to.")), field="token")
    made = plan.for_concern(concern, on=timezone.localdate(now))
    concern.direct_failed()
    concern.check_back_on = None
    told = move_to(concern, token, made, by=by, now=now)
    store(concern, now=now)
    if not told and not token.startswith("ext:"):
        look_for_handler(concern, made, by=by, now=now)
    audit.record(
        concern, EventType.DIRECT_FAILED, by=by, now=now, from_state=State.DIRECT, cites=concern.cites,
        facts={"to": token}, reason=note.strip(),
    )  # fmt: skip
    outbox.put(concern, NoticeKind.RECEIVED, to=told, now=now)
    return concern


@verb(Action.CONCILIATE, EventType.CONCILIATION_STARTED)
def conciliate(
    *,
    concern_id: UUID,
    by: Person,
    now: datetime,
    mediator: str,
    summary: str,
    mediator_name: str = "",
    mediator_person: Person | None = None,
    other_side_agreed_on: date | None = None,
    revision: int | None = None,
) -> Concern:
    """T11: a third person from the protocol's list helps both sides and gets the agreed summary, nothing else.

    ``mediator_person``: somebody of the council with no connection and no part in it; they see the summary here until the
    stage ends. Anybody outside gets a letter. Needs the other side's agreement with its date, and the raiser's; nobody is
    made to conciliate, so no override.
    """
    concern = begin(Action.CONCILIATE, concern_id, by=by, now=now, revision=revision)
    today = timezone.localdate(now)
    protocol = concern.protocol_version.protocol
    listed = {item.token: item for item in protocol.mediators}
    if mediator not in listed:
        raise Refusal(str(_("Choose who is asked to help.")), field="mediator")
    if other_side_agreed_on is None:
        raise Refusal(str(_("Both sides must agree. Give the date on which the other person did.")), field="other_side_agreed_on")
    if other_side_agreed_on > today:
        raise Refusal(str(NOT_FUTURE), field="other_side_agreed_on")
    words = answer_needed(summary, "summary", _("Write the summary both sides agreed may be shared."))
    if mediator_person is not None:
        _free_to_mediate(concern, mediator, mediator_person, on=today)
    consent.cover(concern, ConsentKind.CONCILIATION, by=by, now=now)
    outside = councils.external_body(concern.council, mediator.partition(":")[2], on=today)
    before = concern.state
    concern.conciliate()
    concern.subject_told_on = concern.subject_told_on or other_side_agreed_on
    store(concern, now=now)
    if mediator_person is not None:
        policy.grant(
            concern, mediator_person, Capacity.MEDIATOR, reason="conciliates", by=by, now=now, token=mediator, cites=listed[mediator].cites
        )
        outbox.put(concern, NoticeKind.RECEIVED, to=mediator_person, now=now)
    open_proceeding(
        concern, ProceedingKind.CONCILIATION, by=by, now=now, external_body=outside,
        destination=(mediator_person.full_name if mediator_person else mediator_name.strip())
        or (outside.name if outside else listed[mediator].label or protocol.label(mediator)),
        summary=words,
    )  # fmt: skip
    facts = {"mediator": mediator, "other_side_agreed_on": other_side_agreed_on.isoformat()}
    audit.record(
        concern, EventType.CONCILIATION_STARTED, by=by, now=now, from_state=before, facts=facts, cites=listed[mediator].cites
    )
    outbox.put(concern, NoticeKind.PROGRESS, to=concern.raiser, now=now)
    return concern


OUTSIDE = frozenset({"ext:principal_mo", "ext:independent_person", "ext:ombudsman_wales"})


def _free_to_mediate(concern: Concern, token: str, person: Person, *, on: date) -> None:
    """Nobody with a connection, nor anybody who has read it, helps both sides. Raises Refusal on ``mediator_person``."""
    if token in OUTSIDE:
        raise Refusal(str(_("They are outside the council: a letter goes to them. Leave this empty.")), field="mediator_person")
    free = {found.pk for found in plan.for_concern(concern, on=on).eligible()}
    if person.pk not in free or concern.participations.filter(person=person).exists():
        raise Refusal(
            str(_("That person has a part in it or a connection with somebody in it. Choose somebody else.")), field="mediator_person"
        )


def mediated(before: str, agreed: bool) -> str:
    """What is kept of a conciliation that ends: whether they agreed, never what was said."""
    return ("agreed" if agreed else "not_agreed") if before == State.CONCILIATION else ""


def _reason_kind(kind: str) -> str:
    if kind not in list(InformalOver):
        raise Refusal(str(_("Choose why informal means end.")), field="kind")
    return kind


@verb(Action.INFORMAL_OVER, EventType.INFORMAL_OVER)
def informal_over(
    *, concern_id: UUID, by: Person, now: datetime, kind: str, reason: str, revision: int | None = None
) -> Concern:
    """T13: informal means failed, aren't possible or aren't appropriate; the formal routes are shown."""
    concern = begin(Action.INFORMAL_OVER, concern_id, by=by, now=now, revision=revision)
    concern.informal_over_reason = _reason_kind(kind)
    words = answer_needed(reason, "reason", _("Say why, in your own words."))
    before = concern.state
    concern.informal_over()
    store(concern, now=now)
    close_proceedings(concern, by=by, now=now, outcome=mediated(before, agreed=False))
    let_deciders_in(concern, by=by, now=now)
    audit.record(concern, EventType.INFORMAL_OVER, by=by, now=now, from_state=before, facts={"kind": kind}, reason=words)
    tell = [person for person in [concern.raiser, *people_as(concern, Capacity.HANDLER)] if person.pk != by.pk]
    outbox.put(concern, NoticeKind.NEEDS_YOU, to=tell, now=now)
    return concern


def let_deciders_in(concern: Concern, *, by: Person, now: datetime) -> None:
    """Nobody is dealing with it: let in the first unconflicted person the deciding rule names.

    Where it names nobody else, those who had received it decide; where there is nobody at all and the raiser can't
    take a formal route themselves, someone is asked to find a person.
    """
    if people_as(concern, Capacity.HANDLER, Capacity.DECIDER):
        return
    made = plan.for_concern(concern, on=timezone.localdate(now), stage="deciding")
    named = [(token, seat) for token in made.deciders for seat in plan.seats_behind(made, token)]
    chosen = [(token, seat) for token, seat in named if token == named[0][0]]
    if chosen and not chosen[0][0].startswith("body:"):
        chosen = chosen[:1]
    received = people_as(concern, Capacity.RECIPIENT)
    if not chosen:
        chosen = [("", plan.Seat(person)) for person in received]
    for token, seat in chosen:
        policy.grant(
            concern, seat.person, Capacity.DECIDER, reason="named_by_route", by=by, now=now, hat=seat.hat,
            acting_for=seat.acting_for, token=token, cites=made.resolution.cites,
        )  # fmt: skip
    outbox.put(concern, NoticeKind.RECEIVED, to=[seat.person for _token, seat in chosen if seat.person not in received], now=now)
    if not chosen and "raiser" not in made.resolution.decided_by:
        look_for_handler(concern, plan.for_concern(concern, on=timezone.localdate(now)), by=by, now=now)
    end_all(concern, {Capacity.RECIPIENT}, by=by, now=now, reason="step_done")


@verb(Action.STRAIGHT_TO_FORMAL, EventType.WENT_STRAIGHT_TO_FORMAL)
def straight_to_formal(
    *,
    concern_id: UUID,
    by: Person,
    now: datetime,
    kind: str,
    reason: str,
    wider_circle: str = "",
    revision: int | None = None,
) -> Concern:
    """T14: no informal step, with the reason. From a draft it lodges the concern with nobody but the raiser on it."""
    concern = begin(Action.STRAIGHT_TO_FORMAL, concern_id, by=by, now=now, revision=revision)
    concern.informal_over_reason = _reason_kind(kind)
    words = answer_needed(reason, "reason", _("Say why, in your own words."))
    before = concern.state
    made = None
    if before == State.DRAFT:
        made = lodge(concern, by=by, now=now, formal=True)
        if not concern.protocol_version.protocol.may_skip_informal:
            raise Refusal(wording.refused(guards.Refused("informal_first")))
        agree_route(concern, wider_circle, now=now)
    concern.straight_to_formal()
    store(concern, now=now)
    if made is not None:
        shut_out(concern, made, by=by, now=now)
    if by.pk == concern.raiser_id:
        let_deciders_in(concern, by=by, now=now)
    else:
        become_handler(concern, by, now=now)
    audit.record(
        concern, EventType.WENT_STRAIGHT_TO_FORMAL, by=by, now=now, from_state=before, facts={"kind": kind}, reason=words
    )
    if by.pk != concern.raiser_id:
        outbox.put(concern, NoticeKind.NEEDS_YOU, to=concern.raiser, now=now)
    return concern


@verb(Action.TELL_SUBJECT, EventType.SUBJECT_TOLD)
def tell_subject(
    *, concern_id: UUID, by: Person, now: datetime, told_on: date | None, how: str = "", revision: int | None = None
) -> Concern:
    """Keep when and how the other person was told. Nothing is sent: they were spoken to or written to outside."""
    concern = begin(Action.TELL_SUBJECT, concern_id, by=by, now=now, revision=revision)
    if told_on is None:
        raise Refusal(str(_("Give the date on which they were told.")), field="told_on")
    if told_on > timezone.localdate(now):
        raise Refusal(str(NOT_FUTURE), field="told_on")
    concern.subject_told_on = told_on
    store(concern, now=now)
    audit.record(concern, EventType.SUBJECT_TOLD, by=by, now=now, facts={"told_on": told_on.isoformat()}, reason=how.strip())
    outbox.put(concern, NoticeKind.PROGRESS, to=concern.raiser, now=now)
    outbox.put(concern, NoticeKind.NEEDS_YOU, to=[p for p in people_as(concern, Capacity.CONVENER) if p.pk != by.pk], now=now)
    return concern
