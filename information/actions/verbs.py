"""How every action of the room begins and ends, and the registry of its verbs."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from concerns.actions.verb import Verbs
from concerns.enums import NoticeKind
from concerns.outbox import put
from councils.errors import Refusal
from councils.models import Person
from information import policy, queries
from information.enums import QuestionAction, RequestAction, RequestPart
from information.models import AccessRequest, GuidanceQuestion, RequestSeat
from information.plan import Seat

verb = Verbs()
ACTIONS: dict[Any, Any] = verb.actions
LEAVES: dict[Any, StrEnum | None] = verb.leaves
LONGEST = 50_000


def begin(action: RequestAction, request_id: UUID, *, by: Person, now: datetime, revision: int | None = None) -> AccessRequest:
    """Find and lock the request for ``by``, and check that the step is open to them.

    Raises Http404 for strangers and Refusal, with words for the reader, when it isn't open or the page was stale.
    """
    today = timezone.localdate(now)
    request = queries.lock(request_id, by=by, on=today, revision=revision)
    why = policy.refusal(action, request, queries.standing(request, by, on=today))
    if why:
        raise Refusal(why)
    return request


def begin_question(
    action: QuestionAction, question_id: UUID, *, by: Person, now: datetime, revision: int | None = None
) -> GuidanceQuestion:
    """Like ``begin``, for a question."""
    today = timezone.localdate(now)
    question = queries.lock_question(question_id, by=by, on=today, revision=revision)
    in_post = policy.holds_post(by, question.council_id, on=today)
    why = policy.question_refusal(action, question, policy.question_parts(question, by), in_post=in_post)
    if why:
        raise Refusal(why)
    return question


def store(row: AccessRequest | GuidanceQuestion, *changed: str, now: datetime) -> None:
    """Write what changed and count the change, so that a stale tab is told. What was asked is never written again."""
    row.revision += 1
    row.updated_at = now
    row.save(update_fields=["state", "revision", "updated_at", *changed])


def needed(value: str, field: str, message: object) -> str:
    """The text without outer blanks. Raises Refusal on that field when nothing is left or it is far too long."""
    text = (value or "").replace("\x00", "").strip()
    if not text:
        raise Refusal(str(message), field=field)
    if len(text) > LONGEST:
        raise Refusal(_("That is too long. Keep it under 50,000 characters."), field=field)
    return text


def seat_people(request: AccessRequest, seats: Iterable[Seat], part: RequestPart, *, token: str = "", now: datetime) -> list[Person]:
    """Give these people a seat on the request in this part; the same seat twice is one seat. Returns the people."""
    people = []
    for seat in seats:
        people.append(seat.person)
        held = request.seats.filter(person=seat.person, part=part, until__isnull=True)
        if not held.exists():
            RequestSeat.objects.create(
                request=request, person=seat.person, part=part, hat=seat.hat, acting_for=seat.acting_for, token=token, since=now
            )
    return people


def tell(people: Iterable[Person], *, now: datetime, kind: NoticeKind = NoticeKind.NEEDS_YOU) -> None:
    """Tell people that something is to be looked at; the mail has fixed words."""
    put(None, kind, to=list(people), now=now)
