"""By when a request to see papers, or a question about the protocol, waits for somebody. Neither belongs to a concern; told to the clocks by a mark."""

from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from concerns.rooms import Due
from councils.models import Council
from information.enums import QuestionState, RequestPart, RequestState
from information.models import AccessRequest, GuidanceQuestion, QuestionSeat, RequestSeat

ROOM, QUESTIONS = "information", "interpretation"
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


def of_question(row: UUID, today: date) -> tuple[Council, list[Due]] | None:
    """Its council and by when the question of that id is answered; None when there is none. Where nobody here can answer
    it, it is its asker's to ask outside.
    """
    question = GuidanceQuestion.objects.filter(pk=row).select_related("council").first()
    if question is None:
        return None
    if question.state == QuestionState.CLOSED and question.answered_at is None:
        return question.council, []  # nobody needs the answer any more
    seats = QuestionSeat.objects.filter(question=question, until__isnull=True).values_list("person_id", flat=True)
    asker, answers = (question.asker_id,), tuple(seats)
    due = Due(
        "interpretation", QUESTIONS, source_id=question.pk, from_on=timezone.localdate(question.asked_at), code="interpretation",
        met=question.answered_at is not None, owners=answers or asker, watchers=asker if answers else (),
    )  # fmt: skip
    return question.council, [due]


def question_page(row: UUID) -> str:
    """The address where a question is shown."""
    return reverse("information:question", kwargs={"question_id": row})
