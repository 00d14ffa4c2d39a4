"""The review: asked for by the requester, decided by somebody who didn't take the decision."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from councils.errors import Refusal
from councils.models import Person
from information import audit, plan, wording
from information.actions.deciding import decide
from information.actions.verbs import begin, needed, seat_people, store, tell, verb
from information.enums import DecisionStage, Outcome, RequestAction, RequestEvent, RequestPart
from information.models import AccessRequest

P, R, E = RequestPart, RequestAction, RequestEvent


@verb(R.ASK_REVIEW, E.REVIEW_ASKED)
def request_ask_review(
    *, request_id: UUID, by: Person, now: datetime, review_words: str, revision: int | None = None
) -> AccessRequest:
    """Ask whoever reviews under the protocol to look again. Raises Refusal without words, or where nobody reviews."""
    request = begin(R.ASK_REVIEW, request_id, by=by, now=now, revision=revision)
    words = needed(review_words, "review_words", _("Say what is wrong with the decision."))
    table = plan.reviewer(request, on=timezone.localdate(now))
    if table is None or not table.seats:
        raise Refusal(str(wording.NO_REVIEWER))
    before = request.state
    request.review_words = words
    request.ask_review()
    store(request, "review_words", now=now)
    people = seat_people(request, table.seats, P.REVIEWER, token=table.desk.token, now=now)
    audit.record(
        request, E.REVIEW_ASKED, by=by, now=now, part=P.REQUESTER, from_state=before, reason=words, cites=table.desk.cites,
        facts={"basis": table.desk.basis},
    )  # fmt: skip
    tell(people, now=now)
    return request


@verb(R.REVIEW_GRANT, E.REVIEW_GRANTED)
def request_review_grant(
    *, request_id: UUID, by: Person, now: datetime, how: str, reason: str = "", together: bool = False, revision: int | None = None
) -> AccessRequest:
    """The review finds for the requester. Raises Refusal without saying how they can see it."""
    request = begin(R.REVIEW_GRANT, request_id, by=by, now=now, revision=revision)
    said = needed(how, "how", _("Say how they can see it."))
    before = request.state
    request.review_grant()
    store(request, now=now)
    decide(request, DecisionStage.REVIEW, Outcome.GRANTED, by=by, now=now, how=said, reason=reason, together=together)
    audit.record(request, E.REVIEW_GRANTED, by=by, now=now, part=P.REVIEWER, from_state=before, reason=reason)
    tell([request.requester], now=now)
    return request


@verb(R.REVIEW_REFUSE, E.REVIEW_REFUSED)
def request_review_refuse(
    *, request_id: UUID, by: Person, now: datetime, ground: str, reason: str, together: bool = False, revision: int | None = None
) -> AccessRequest:
    """The review upholds the decision, on a ground and with the reason in writing. Raises Refusal when either is missing."""
    request = begin(R.REVIEW_REFUSE, request_id, by=by, now=now, revision=revision)
    before = request.state
    request.review_refuse()
    store(request, now=now)
    row = decide(request, DecisionStage.REVIEW, Outcome.REFUSED, by=by, now=now, ground=ground, reason=reason, together=together)
    audit.record(
        request, E.REVIEW_REFUSED, by=by, now=now, part=P.REVIEWER, from_state=before, reason=str(row.reason), cites=row.cites,
        facts={"ground": row.ground},
    )  # fmt: skip
    tell([request.requester], now=now)
    return request
