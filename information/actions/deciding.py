"""The determiner's side: asking for a justification or advice, passing it on, and the decision. Never a silent refusal."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from councils.errors import Refusal
from councils.models import Person
from information import audit, plan, queries
from information.actions.verbs import begin, needed, seat_people, store, tell, verb
from information.domain import presumptions
from information.domain.rules import access_rules
from information.enums import DecisionStage, Outcome, RequestAction, RequestEvent, RequestPart, RequestState
from information.models import AccessDecision, AccessRequest, Advice, RequestSeat

P, R, E = RequestPart, RequestAction, RequestEvent


@verb(R.ASK_JUSTIFICATION, E.JUSTIFICATION_ASKED)
def request_ask_justification(
    *, request_id: UUID, by: Person, now: datetime, justification_asked: str, revision: int | None = None
) -> AccessRequest:
    """Ask the requester to say more specifically why. Raises Refusal without words."""
    request = begin(R.ASK_JUSTIFICATION, request_id, by=by, now=now, revision=revision)
    words = needed(justification_asked, "justification_asked", _("Say what they should say more about."))
    before = request.state
    request.justification_asked = words
    request.ask_justification()
    store(request, "justification_asked", now=now)
    audit.record(request, E.JUSTIFICATION_ASKED, by=by, now=now, part=P.DETERMINER, from_state=before, reason=words)
    tell([request.requester], now=now)
    return request


@verb(R.ASK_ADVICE, E.ADVICE_ASKED)
def request_ask_advice(*, request_id: UUID, by: Person, now: datetime, question: str, revision: int | None = None) -> AccessRequest:
    """Ask whoever advises under the protocol; they see the request from now on. Raises Refusal without words."""
    request = begin(R.ASK_ADVICE, request_id, by=by, now=now, revision=revision)
    words = needed(question, "question", _("Say what you want advice on."))
    table = plan.adviser(request, on=timezone.localdate(now), besides=queries.deciding(request))
    people = seat_people(request, table.seats, P.ADVISER, token=table.desk.token, now=now)
    for person in people:
        Advice.objects.create(request=request, adviser=person, asked_by=by, question=words, asked_at=now)
    store(request, now=now)
    audit.record(request, E.ADVICE_ASKED, by=by, now=now, part=P.DETERMINER, reason=words, cites=table.desk.cites)
    tell(people, now=now)
    return request


@verb(R.GIVE_ADVICE, E.ADVICE_GIVEN)
def request_give_advice(*, request_id: UUID, by: Person, now: datetime, answer: str, revision: int | None = None) -> AccessRequest:
    """The adviser's words, for those who decide. Raises Refusal without words."""
    request = begin(R.GIVE_ADVICE, request_id, by=by, now=now, revision=revision)
    words = needed(answer, "answer", _("Write your advice."))
    row = request.advice.filter(adviser=by, answered_at__isnull=True).select_related("asked_by").first()
    row.answer, row.answered_at = words, now
    row.save(update_fields=["answer", "answered_at"])
    store(request, now=now)
    audit.record(request, E.ADVICE_GIVEN, by=by, now=now, part=P.ADVISER, reason=words)
    tell([row.asked_by], now=now)
    return request


@verb(R.PASS_ON, E.PASSED_ON)
def request_pass_on(*, request_id: UUID, by: Person, now: datetime, revision: int | None = None) -> AccessRequest:
    """Somebody who has to decide can't: it goes to the next, and their part ends. No reason is asked or kept."""
    request = begin(R.PASS_ON, request_id, by=by, now=now, revision=revision)
    part = P.REVIEWER if request.state == RequestState.REVIEW_ASKED else P.DETERMINER
    mine = RequestSeat.objects.filter(request=request, person=by, until__isnull=True)
    today = timezone.localdate(now)
    left = request.seats.filter(part=part, until__isnull=True).exclude(person=by)
    enough = 2 if left.filter(token__startswith="body:").exists() else 1  # one member of a body never decides alone
    if left.count() < enough:
        had = set(request.seats.filter(part=part).values_list("person_id", flat=True))
        if part == P.DETERMINER:
            table = plan.determiner(request, request.protocol_version, on=today, besides=had)
        else:
            table = plan.reviewer(request, on=today, besides=had) or plan.Table(plan.Desk())
        request.outside = table.outside or None
        people = seat_people(request, table.seats, part, token=table.desk.token, now=now)
        tell(people or [request.requester], now=now)
    store(request, "outside", now=now)
    audit.record(request, E.PASSED_ON, by=by, now=now, part=part)
    mine.update(until=now)  # last: from then on PostgreSQL shows them nothing
    return request


@verb(R.GRANT, E.GRANTED)
def request_grant(
    *, request_id: UUID, by: Person, now: datetime, how: str, reason: str = "", together: bool = False, revision: int | None = None
) -> AccessRequest:
    """They may see all of it. ``how`` is shown to them once they accept the purpose. Raises Refusal without it."""
    request = begin(R.GRANT, request_id, by=by, now=now, revision=revision)
    said = needed(how, "how", _("Say how they can see it."))
    before = request.state
    request.grant()
    store(request, now=now)
    decide(request, DecisionStage.DETERMINATION, Outcome.GRANTED, by=by, now=now, how=said, reason=reason, together=together)
    audit.record(request, E.GRANTED, by=by, now=now, part=P.DETERMINER, from_state=before, reason=reason)
    tell([request.requester], now=now)
    return request


@verb(R.PARTLY_GRANT, E.PARTLY_GRANTED)
def request_partly_grant(
    *, request_id: UUID, by: Person, now: datetime, covers: str, how: str, ground: str, reason: str,
    together: bool = False, revision: int | None = None,
) -> AccessRequest:  # fmt: skip
    """They may see a part of it; the rest is refused, with the actual reason. Raises Refusal when one of them is missing."""
    request = begin(R.PARTLY_GRANT, request_id, by=by, now=now, revision=revision)
    part, said = needed(covers, "covers", _("Say which part they may see.")), needed(how, "how", _("Say how they can see it."))
    before = request.state
    request.partly_grant()
    store(request, now=now)
    row = decide(
        request, DecisionStage.DETERMINATION, Outcome.PARTLY_GRANTED, by=by, now=now, ground=ground, reason=reason, covers=part, how=said,
        together=together,
    )  # fmt: skip
    audit.record(
        request, E.PARTLY_GRANTED, by=by, now=now, part=P.DETERMINER, from_state=before, reason=str(row.reason), cites=row.cites,
        facts={"ground": row.ground},
    )  # fmt: skip
    tell([request.requester], now=now)
    return request


@verb(R.REFUSE, E.REFUSED)
def request_refuse(
    *, request_id: UUID, by: Person, now: datetime, ground: str, reason: str, together: bool = False, revision: int | None = None
) -> AccessRequest:
    """None of it, on a ground and with the actual reason in writing. Raises Refusal when either is missing."""
    request = begin(R.REFUSE, request_id, by=by, now=now, revision=revision)
    before = request.state
    request.refuse()
    store(request, now=now)
    row = decide(request, DecisionStage.DETERMINATION, Outcome.REFUSED, by=by, now=now, ground=ground, reason=reason, together=together)
    part = P.DETERMINER if request.seats.filter(person=by, part=P.DETERMINER, until__isnull=True).exists() else P.REFUSER
    audit.record(
        request, E.REFUSED, by=by, now=now, part=part, from_state=before, reason=str(row.reason), cites=row.cites, facts={"ground": row.ground}
    )
    tell([request.requester], now=now)
    return request


def decide(
    request: AccessRequest, stage: DecisionStage, outcome: Outcome, *, by: Person, now: datetime, ground: str = "", reason: str = "",
    covers: str = "", how: str = "", together: bool = False,
) -> AccessDecision:  # fmt: skip
    """Write the decision. Raises Refusal for somebody connected by now, a ground that isn't offered, or no reason in writing."""
    if plan.is_out(request, by, on=timezone.localdate(now)):
        raise Refusal(_("You have a connection with it, so you can’t decide it. Choose “I can’t decide this”."))
    words, cites = (reason or "").strip(), []
    if outcome != Outcome.GRANTED:
        offered = {item.code: item for item in grounds_of(request)}
        if ground not in offered:
            raise Refusal(_("Choose the ground."), field="ground")
        words = needed(reason, "reason", _("Write the actual reason. It is never refused without one."))
        cites = list(offered[ground].cites)
    parts = (P.REVIEWER,) if stage == DecisionStage.REVIEW else (P.DETERMINER, P.REFUSER)
    seat = request.seats.filter(person=by, part__in=parts, until__isnull=True).order_by("part").first()
    if seat.token.startswith("body:") and not together:
        raise Refusal(_("Its members decide together. Say that they did, then record it."), field="together")
    return AccessDecision.objects.create(
        request=request, stage=stage, outcome=outcome, ground=ground if outcome != Outcome.GRANTED else "", cites=cites, reason=words or None,
        covers=covers.strip() or None, how=how.strip() or None, together=together, decided_by=by, hat=seat.hat,
        acting_for=seat.acting_for, decided_at=now,
    )  # fmt: skip


def grounds_of(request: AccessRequest) -> tuple[presumptions.Ground, ...]:
    """The grounds a refusal of this request may name, each with its clause."""
    noted = [presumptions.Note(item["code"], item["kind"], tuple(item["cites"]), item["basis"]) for item in request.notes]
    return presumptions.grounds(access_rules(request.protocol_version.protocol), noted, kind=request.kind)
