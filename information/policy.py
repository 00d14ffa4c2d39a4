"""Who may do what with a request or a question. Access hangs on rows: one's own request, one's seat on it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from councils.models import Appointment, Person
from information import wording
from information.domain import machine
from information.enums import DecisionStage, Outcome, QuestionAction, QuestionPart, RequestAction, RequestKind, RequestPart, RequestState
from information.models import AccessRequest, Advice, GuidanceQuestion

R, S, P = RequestAction, RequestState, RequestPart
# What somebody who left the council may still do with their own request.
AFTER_LEAVING = frozenset({R.CLOSE, R.DELETE})


@dataclass(frozen=True, slots=True)
class Standing:
    """How one person stands to one request or question now."""

    parts: frozenset[str]
    in_post: bool
    reviewable: bool = False  # somebody can review it
    determiners_left: bool = True  # somebody who may determine it is still in post
    advice_pending: bool = False  # asked, by anybody
    advice_mine: bool = False  # asked of this person, unanswered
    adviser_free: bool = False  # there is somebody to ask


def in_post(person_ref: str, council_ref: str, *, on: date) -> Exists:
    """For rows with a person and a council: whether that person holds a post there on that day (looking after it isn't one)."""
    held = Appointment.objects.current(on).exclude(side="")
    return Exists(held.filter(person_id=OuterRef(person_ref), council_id=OuterRef(council_ref)))


def holds_post(person: Person, council_id: object, *, on: date) -> bool:
    """Whether the person is a councillor or an officer there on that day."""
    return Appointment.objects.current(on).exclude(side="").filter(person=person, council_id=council_id).exists()


def requests_of(person: Person, *, on: date) -> QuerySet[AccessRequest]:
    """The requests a person may see: their own, and those they have a seat on while they hold a post in that council."""
    if not person.is_active:
        return AccessRequest.objects.none()
    here = Appointment.objects.current(on).exclude(side="").filter(person=person).values("council_id")
    seated = Q(seats__person=person, seats__until__isnull=True, council_id__in=here) & ~Q(state=S.DRAFT)
    found = AccessRequest.objects.filter(Q(requester=person) | seated)
    return AccessRequest.objects.filter(pk__in=found.values("pk"))


def questions_of(person: Person, *, on: date) -> QuerySet[GuidanceQuestion]:
    """The questions a person may see: their own, and those they are asked to answer while they hold a post there."""
    if not person.is_active:
        return GuidanceQuestion.objects.none()
    here = Appointment.objects.current(on).exclude(side="").filter(person=person).values("council_id")
    found = GuidanceQuestion.objects.filter(
        Q(asker=person) | Q(seats__person=person, seats__until__isnull=True, council_id__in=here)
    )
    return GuidanceQuestion.objects.filter(pk__in=found.values("pk"))


def parts_in(request: AccessRequest, person: Person) -> frozenset[str]:
    """In which parts the person sees the request now."""
    found = set(request.seats.filter(person=person, until__isnull=True).values_list("part", flat=True))
    return frozenset(found | ({P.REQUESTER} if request.requester_id == person.pk else set()))


def question_parts(question: GuidanceQuestion, person: Person) -> frozenset[str]:
    """In which parts the person sees the question now."""
    seated = question.seats.filter(person=person, until__isnull=True).exists()
    return frozenset(({QuestionPart.ANSWERER} if seated else set()) | ({QuestionPart.ASKER} if question.asker_id == person.pk else set()))


def standing(request: AccessRequest, person: Person, *, on: date, reviewable: bool, adviser_free: bool) -> Standing:
    """Everything the guards look at. ``reviewable`` and ``adviser_free`` come from the plan."""
    parts = parts_in(request, person)
    advice: Collection[Advice] = list(request.advice.all()) if parts - {P.REQUESTER} else []
    open_advice = [row for row in advice if row.answered_at is None]
    deciding = request.seats.filter(part=P.DETERMINER, until__isnull=True)
    return Standing(
        parts=parts,
        in_post=holds_post(person, request.council_id, on=on),
        reviewable=reviewable,
        determiners_left=deciding.filter(in_post("person_id", "request__council_id", on=on)).exists(),
        advice_pending=bool(open_advice),
        advice_mine=any(row.adviser_id == person.pk for row in open_advice),
        adviser_free=adviser_free,
    )


def granted(request: AccessRequest) -> bool:
    """Whether any of it was granted, by the determination or the review."""
    given = {(row.stage, row.outcome) for row in request.decisions.all()}
    first = {Outcome.GRANTED, Outcome.PARTLY_GRANTED}
    return any(outcome in first for _stage, outcome in given) or (DecisionStage.REVIEW, Outcome.GRANTED) in given


def refusal(action: RequestAction, request: AccessRequest, who: Standing) -> str:
    """Why the step isn't open, in words for the reader; "" when it is."""
    if not who.parts & machine.REQUEST[action].parts:
        return str(wording.NOT_YOURS)
    if not machine.legal(action, request.state):
        untold = who.parts == {P.REQUESTER} and request.kind == RequestKind.CONCERN and request.state == S.ASKED
        return str(wording.NOT_FROM_HERE) % {"state": wording.STATES[S.WITH_DETERMINER if untold else RequestState(request.state)][0]}
    if not who.in_post and action not in AFTER_LEAVING:
        return str(wording.LEFT)
    return str(_guard(action, request, who))


def _guard(action: RequestAction, request: AccessRequest, who: Standing) -> object:
    if action == R.SEND_AGAIN and who.determiners_left and request.kind != RequestKind.CONCERN:
        return wording.STILL_WITH_SOMEBODY
    if action == R.PASS_ON and (P.REVIEWER if request.state == S.REVIEW_ASKED else P.DETERMINER) not in who.parts:
        return wording.NOT_YOURS
    if action == R.ASK_REVIEW and not who.reviewable:
        return wording.NO_REVIEWER
    if action == R.ASK_ADVICE and who.advice_pending:
        return wording.ADVICE_PENDING
    if action == R.ASK_ADVICE and not who.adviser_free:
        return wording.NO_ADVISER
    if action == R.GIVE_ADVICE and not who.advice_mine:
        return wording.NO_ADVICE_ASKED
    if action == R.RECEIVE and request.released_at:
        return wording.ALREADY_RELEASED
    if action == R.RECEIVE and not granted(request):
        return wording.NOTHING_GRANTED
    return ""


def question_refusal(action: QuestionAction, question: GuidanceQuestion, parts: frozenset[str], *, in_post: bool) -> str:
    """Why the step isn't open on the question, in words for the reader; "" when it is."""
    if not parts & machine.QUESTION[action].parts:
        return str(wording.NOT_YOURS)
    if not machine.legal(action, question.state):
        return str(wording.QUESTION_NOT_FROM_HERE)
    if not in_post and action != QuestionAction.CLOSE:
        return str(wording.LEFT)
    return ""
