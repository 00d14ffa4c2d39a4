"""By when a request to see papers should be decided, justified or reviewed. It belongs to no concern; told to the clocks by a mark."""

from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from concerns.rooms import Due
from councils.models import Council
from information.enums import RequestPart, RequestState
from information.models import AccessRequest, RequestSeat

ROOM = "information"
S, P = RequestState, RequestPart
WITH_OFFICE = frozenset({S.ASKED, S.WITH_DETERMINER})
DECIDED = frozenset({S.GRANTED, S.PARTLY_GRANTED, S.REFUSED, S.REVIEW_ASKED, S.REVIEW_GRANTED, S.REVIEW_REFUSED})


def dues(row: UUID, today: date) -> tuple[Council, list[Due]] | None:
    """Its council and what is due in the request of that id; None when there is no such request, or it isn't sent."""
    request = AccessRequest.objects.filter(pk=row, asked_at__isnull=False).select_related("council").first()
    if request is None:
        return None
    seats = RequestSeat.objects.filter(request=request, until__isnull=True).values_list("part", "person_id")
    asked, watching = timezone.localdate(request.asked_at), (request.requester_id,)

    def sitting(part: RequestPart) -> tuple[UUID, ...]:
        return tuple(person for held, person in seats if held == part)

    found = []
    if request.state in WITH_OFFICE | DECIDED:
        found.append(
            Due("access_request", ROOM, source_id=request.pk, from_on=asked, code="papers_request", met=request.state in DECIDED,
                owners=sitting(P.DETERMINER), watchers=watching)
        )  # fmt: skip
    if request.state == S.JUSTIFICATION_NEEDED:
        found.append(Due("access_request", f"{ROOM}:justify", source_id=request.pk, code="papers_request", owners=watching))
    if request.state in (S.REVIEW_ASKED, S.REVIEW_GRANTED, S.REVIEW_REFUSED):
        found.append(
            Due("access_request", f"{ROOM}:review", source_id=request.pk, code="papers_request", met=request.state != S.REVIEW_ASKED,
                owners=sitting(P.REVIEWER), watchers=watching)
        )  # fmt: skip
    return request.council, found


def page(row: UUID) -> str:
    """The address where a request is shown."""
    return reverse("information:page", kwargs={"request": row})
