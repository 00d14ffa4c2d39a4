"""The requester's side: writing a request, sending it, justifying it, sending it again, accepting the purpose, closing it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from concerns.enums import NoticeKind
from councils import queries as councils
from councils.errors import Refusal
from councils.models import Council, Person
from information import audit, plan
from information.actions.verbs import begin, needed, seat_people, store, tell, verb
from information.domain import presumptions
from information.domain.rules import access_rules
from information.enums import Interest, RequestAction, RequestEvent, RequestKind, RequestPart, RequestState
from information.models import AccessRequest, RequestSeat

P = RequestPart
WRITTEN = (
    "kind", "document", "concern_reference", "directorate", "holder", "claims", "marks", "justification", "interest", "interest_words", "purpose",
)  # fmt: skip


@verb(RequestAction.SAVE, None)
def request_save(
    *, request_id: UUID | None, by: Person, now: datetime, council: Council | None = None, revision: int | None = None, **answers: Any
) -> AccessRequest:
    """Begin a draft in ``council``, or keep answers in one. Raises Refusal for somebody who isn't a councillor there, or a stale page."""
    if request_id is None:
        if council is None:
            raise Refusal(_("Say in which council you ask."))
        role = _member_role(by, council, now)
        draft = AccessRequest(council=council, requester=by, requester_role=role, created_at=now, updated_at=now)
        _fill(draft, answers)
        draft.save(force_insert=True)
        return draft
    draft = begin(RequestAction.SAVE, request_id, by=by, now=now, revision=revision)
    changed = _fill(draft, answers)
    store(draft, *changed, now=now)
    return draft


def _member_role(by: Person, council: Council, now: datetime) -> str:
    today = timezone.localdate(now)
    if councils.side_of(by, council, on=today) != "councillor":
        raise Refusal(_("Only councillors ask to see papers here. An officer asks their manager."))
    return councils.primary_role(by, council, on=today) or "councillor"


def _fill(draft: AccessRequest, answers: dict[str, Any]) -> list[str]:
    unknown = set(answers) - set(WRITTEN)
    if unknown:
        raise TypeError(f"no such answers: {sorted(unknown)}")
    for name, value in answers.items():
        setattr(draft, name, value.strip() if isinstance(value, str) else value)
    return list(answers)


@verb(RequestAction.DELETE, None)
def request_delete(*, request_id: UUID, by: Person, now: datetime) -> None:
    """Delete a draft for good."""
    begin(RequestAction.DELETE, request_id, by=by, now=now).delete()


@verb(RequestAction.ASK, RequestEvent.ASKED)
def request_ask(*, request_id: UUID, by: Person, now: datetime, revision: int | None = None) -> AccessRequest:
    """Send it: pin the protocol, note what it says, then ask for a justification or hand it to whoever decides.

    Raises Refusal when something needed isn't said yet, or no protocol with such requests is in force.
    """
    request = begin(RequestAction.ASK, request_id, by=by, now=now, revision=revision)
    today = timezone.localdate(now)
    version = councils.protocol_in_force(request.council, on=today)
    if version is None:
        raise Refusal(_("This council has no protocol in force, so nobody is named to decide a request."))
    rules = access_rules(version.protocol)
    if not rules.enabled:
        raise Refusal(_("Requests to see papers aren’t switched on here. Ask the officer who holds the paper, or use your rights in law."))
    request.requester_role = _member_role(by, request.council, now)
    _complete(request)
    found = presumptions.notes(rules, claims=request.claims, marks=request.marks, interest=request.interest)
    request.protocol_version = version
    request.notes = [note.as_json() for note in found]
    request.asked_at = now
    request.concern_key = plan.key_of(request)
    before = request.state
    request.ask()
    store(request, "requester_role", "protocol_version", "notes", "asked_at", "concern_key", now=now)
    if presumptions.needs_justification(found) and not str(request.justification or "").strip():
        request.need_justification()
        store(request, now=now)
    else:
        _hand_to_determiner(request, now=now)
    _record(request, RequestEvent.ASKED, by=by, now=now, from_state=before, facts={"notes": [note.code for note in found]})
    return request


def _complete(request: AccessRequest) -> None:
    if request.kind not in set(RequestKind):
        raise Refusal(_("Say what kind of papers you ask to see."), field="kind")
    needed(str(request.document or ""), "document", _("Say what you ask to see."))
    needed(str(request.purpose or ""), "purpose", _("Say what you will use it for."))
    if request.interest not in set(Interest):
        raise Refusal(_("Say whether you have an interest in it."), field="interest")


def _record(request: AccessRequest, event: RequestEvent, *, by: Person, now: datetime, **more: Any) -> None:
    audit.record(request, event, by=by, now=now, part=P.REQUESTER, **more)


def _hand_to_determiner(request: AccessRequest, *, now: datetime, besides: Collection[UUID] = ()) -> bool:
    """Seat whoever determines it today and tell them; where nobody here can, keep who could outside. Says whether it was handed on."""
    table = plan.determiner(request, request.protocol_version, on=timezone.localdate(now), besides=besides)
    desk = table.desk
    request.token, request.decided_as, request.outside = desk.token, desk.decided_as, table.outside or None
    if not table.seats:
        store(request, "token", "decided_as", "outside", now=now)
        return False
    people = seat_people(request, table.seats, P.DETERMINER, token=desk.token, now=now)
    seat_people(request, table.refusers, P.REFUSER, token=desk.token, now=now)
    request.send()
    store(request, "token", "decided_as", "outside", now=now)
    tell(people, now=now)
    return True


@verb(RequestAction.JUSTIFY, RequestEvent.JUSTIFIED)
def request_justify(
    *, request_id: UUID, by: Person, now: datetime, justification: str, revision: int | None = None
) -> AccessRequest:
    """Say in specific terms why it is needed; then it goes (back) to whoever decides. Raises Refusal without words."""
    request = begin(RequestAction.JUSTIFY, request_id, by=by, now=now, revision=revision)
    words = needed(justification, "justification", _("Say in specific terms why you need to see it."))
    before = request.state
    earlier = str(request.justification or "").strip()
    request.justification = f"{earlier}\n\n{words}" if earlier and earlier != words else words
    request.justify()
    store(request, "justification", now=now)
    waiting = [seat.person for seat in request.seats.filter(part=P.DETERMINER, until__isnull=True).select_related("person")]
    if waiting:
        request.send()
        store(request, now=now)
        tell(waiting, now=now)
    else:
        _hand_to_determiner(request, now=now)
    _record(request, RequestEvent.JUSTIFIED, by=by, now=now, from_state=before, reason=words)
    return request


@verb(RequestAction.SEND_AGAIN, RequestEvent.SENT_AGAIN)
def request_send_again(*, request_id: UUID, by: Person, now: datetime, revision: int | None = None) -> AccessRequest:
    """Whoever had it can't decide it any more: hand it to who can today. Raises Refusal when still nobody can.

    About a concern it is answered the same whoever has it: the answer would tell who has a part in that concern.
    """
    request = begin(RequestAction.SEND_AGAIN, request_id, by=by, now=now, revision=revision)
    before = request.state
    untold = request.kind == RequestKind.CONCERN  # about a concern nobody learns from the answer whether somebody was free
    if not (untold and plan.with_somebody(request, on=timezone.localdate(now))):
        RequestSeat.objects.filter(request=request, part__in=(P.DETERMINER, P.REFUSER), until__isnull=True).update(until=now)
        passed = set(request.seats.filter(part=P.DETERMINER).values_list("person_id", flat=True))
        if not _hand_to_determiner(request, now=now, besides=passed) and not untold:
            raise Refusal(_("There is still nobody here who can decide it. Use your other rights meanwhile."))
    else:
        store(request, now=now)
    _record(request, RequestEvent.SENT_AGAIN, by=by, now=now, from_state=before)
    return request


@verb(RequestAction.RECEIVE, RequestEvent.RECEIVED)
def request_receive(
    *, request_id: UUID, by: Person, now: datetime, accepted: bool, revision: int | None = None
) -> AccessRequest:
    """Accept that it serves the stated purpose and no other; only then it is released. Raises Refusal without that."""
    request = begin(RequestAction.RECEIVE, request_id, by=by, now=now, revision=revision)
    if not accepted:
        raise Refusal(_("Accept what it is for. Without that nothing is released."), field="accepted")
    request.purpose_accepted_at = request.released_at = now
    request.receive()
    store(request, "purpose_accepted_at", "released_at", now=now)
    rules = access_rules(request.protocol_version.protocol)
    _record(request, RequestEvent.RECEIVED, by=by, now=now, cites=rules.purpose_cites)
    tell([row.decided_by for row in request.decisions.select_related("decided_by")], now=now, kind=NoticeKind.PROGRESS)
    return request


@verb(RequestAction.CLOSE, RequestEvent.CLOSED)
def request_close(*, request_id: UUID, by: Person, now: datetime, revision: int | None = None) -> AccessRequest:
    """Close it: withdrawn while it runs, done with afterwards. Whoever still had to decide is told."""
    request = begin(RequestAction.CLOSE, request_id, by=by, now=now, revision=revision)
    before = request.state
    part = P.REVIEWER if before == RequestState.REVIEW_ASKED else P.DETERMINER
    request.closed_at = now
    request.close()
    store(request, "closed_at", "closed_from", now=now)
    _record(request, RequestEvent.CLOSED, by=by, now=now, from_state=before)
    if before in (RequestState.WITH_DETERMINER, RequestState.REVIEW_ASKED):
        seats = request.seats.filter(part=part, until__isnull=True).select_related("person")
        tell([seat.person for seat in seats], now=now, kind=NoticeKind.CLOSED)
    return request
