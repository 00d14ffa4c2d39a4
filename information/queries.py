"""Reads of requests and questions. Each starts from the rows a person has; there is no other door."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.http import Http404

from councils.errors import Refusal
from councils.models import Appointment, Council, Person
from information import plan, policy, wording
from information.domain import machine
from information.enums import ArrangementState, QuestionPart, QuestionState, RequestAction, RequestPart, RequestState
from information.models import AccessRequest, Advice, Arrangement, GuidanceQuestion, Line, PublishedAnswer, RequestSeat

P, S = RequestPart, RequestState


class NotVisible(Http404):
    """Absent or forbidden: nobody can tell which (house rule 3)."""


def load(request_id: UUID, *, person: Person, on: date) -> AccessRequest:
    """The request, if ``person`` may see it. Raises NotVisible, the same for absent and forbidden."""
    found = policy.requests_of(person, on=on).filter(pk=request_id)
    found = found.select_related("council", "protocol_version", "requester", "holder").prefetch_related("decisions")
    if (row := found.first()) is None:
        raise NotVisible
    return row


def lock(request_id: UUID, *, by: Person, on: date, revision: int | None = None) -> AccessRequest:
    """Like ``load``, with the row locked. Raises Refusal when ``revision`` is given and somebody changed it since."""
    if not isinstance(request_id, UUID):
        raise NotVisible
    visible = policy.requests_of(by, on=on).filter(pk=request_id)
    if visible.select_for_update(of=("self",)).values_list("pk").first() is None:
        raise NotVisible
    found = load(request_id, person=by, on=on)  # read anew after the wait
    if revision is not None and revision != found.revision:
        raise Refusal(str(wording.STALE))
    return found


def load_question(question_id: UUID, *, person: Person, on: date) -> GuidanceQuestion:
    """The question, if ``person`` may see it; raises NotVisible otherwise."""
    found = policy.questions_of(person, on=on).filter(pk=question_id)
    row = found.select_related("council", "protocol_version", "asker", "answered_by", "published").first()
    if row is None:
        raise NotVisible
    return row


def lock_question(question_id: UUID, *, by: Person, on: date, revision: int | None = None) -> GuidanceQuestion:
    """Like ``load_question``, with the row locked."""
    if not isinstance(question_id, UUID):
        raise NotVisible
    visible = policy.questions_of(by, on=on).filter(pk=question_id)
    if visible.select_for_update(of=("self",)).values_list("pk").first() is None:
        raise NotVisible
    found = load_question(question_id, person=by, on=on)
    if revision is not None and revision != found.revision:
        raise Refusal(str(wording.STALE))
    return found


def standing(request: AccessRequest, person: Person, *, on: date) -> policy.Standing:
    """How the person stands to the request; who could review or advise is worked out only where it matters."""
    parts = policy.parts_in(request, person)
    reviewable = adviser_free = False
    if P.REQUESTER in parts and machine.legal(RequestAction.ASK_REVIEW, request.state):
        table = plan.reviewer(request, on=on)
        reviewable = bool(table and table.seats)
    if P.DETERMINER in parts and machine.legal(RequestAction.ASK_ADVICE, request.state):
        adviser_free = bool(plan.adviser(request, on=on, besides=deciding(request)).seats)
    return policy.standing(request, person, on=on, reviewable=reviewable, adviser_free=adviser_free)


def deciding(request: AccessRequest) -> list[UUID]:
    """Who has a seat to decide or refuse the request now."""
    parts = (P.DETERMINER, P.REFUSER)
    return list(request.seats.filter(part__in=parts, until__isnull=True).values_list("person_id", flat=True))


def mine(person: Person, *, on: date) -> list[AccessRequest]:
    """The person's own requests, drafts included, what changed last first."""
    return list(policy.requests_of(person, on=on).filter(requester=person).select_related("council").order_by("-updated_at")[:200])


def seated(person: Person, *, on: date) -> list[AccessRequest]:
    """The requests the person decides, advises on or reviews, or did."""
    found = policy.requests_of(person, on=on).exclude(requester=person).select_related("council", "requester")
    return list(found.order_by("-updated_at")[:200])


def my_questions(person: Person, *, on: date) -> tuple[list[GuidanceQuestion], list[GuidanceQuestion]]:
    """The questions the person asked, and those they answer or answered."""
    found = list(policy.questions_of(person, on=on).select_related("council", "asker").order_by("-updated_at")[:200])
    return [row for row in found if row.asker_id == person.pk], [row for row in found if row.asker_id != person.pk]


def _seat(person: Person, part: RequestPart) -> Exists:
    return Exists(RequestSeat.objects.filter(request=OuterRef("pk"), person=person, part=part, until__isnull=True))


def waiting(person: Person, *, on: date) -> list[tuple[str, UUID, str]]:
    """What waits for the person: (why, the request's or question's id, the council's name), longest first. One query."""
    advice = Exists(Advice.objects.filter(request=OuterRef("pk"), adviser=person, answered_at__isnull=True))
    why = {
        "decide": Q(decides=True, state=S.WITH_DETERMINER),
        "review": Q(reviews=True, state=S.REVIEW_ASKED),
        "advise": Q(advises=True, state=S.WITH_DETERMINER),
        "justify": Q(requester=person, state=S.JUSTIFICATION_NEEDED),
        "receive": Q(requester=person, released_at__isnull=True, state__in=[S.GRANTED, S.PARTLY_GRANTED, S.REVIEW_GRANTED]),
    }
    found = policy.requests_of(person, on=on).annotate(decides=_seat(person, P.DETERMINER), reviews=_seat(person, P.REVIEWER), advises=advice)
    found = found.annotate(why=Case(*(When(rule, then=Value(word)) for word, rule in why.items()), default=Value(""))).exclude(why="")
    asked = policy.questions_of(person, on=on).filter(state=QuestionState.ASKED).exclude(asker=person).annotate(why=Value("answer"))
    columns = ("why", "pk", "council__name", "updated_at")
    agree = arrangements(person, on=on).filter(decider=person, state=ArrangementState.ASKED).annotate(why=Value("agree"), updated_at=F("asked_at"))
    rows = found.order_by().values_list(*columns).union(
        asked.order_by().values_list(*columns), agree.order_by().values_list(*columns), all=True
    ).order_by("updated_at")  # fmt: skip
    return [(word, pk, council) for word, pk, council, _since in rows[:100]]


def arrangements(person: Person, *, on: date) -> QuerySet[Arrangement]:
    """The agreements and requests a person may see: their own, those they answer while in post, and agreed ones about them."""
    if not person.is_active:
        return Arrangement.objects.none()
    here = Appointment.objects.current(on).exclude(side="").filter(person=person).values("council_id")
    told = Q(officer=person, answered_at__isnull=False) & ~Q(state=ArrangementState.DECLINED)
    return Arrangement.objects.filter(Q(asked_by=person) | Q(council_id__in=here) & (Q(decider=person) | told)).select_related(
        "council", "protocol_version", "asked_by", "decider", "officer"
    )


def arrangement(arrangement_id: UUID, *, person: Person, on: date) -> Arrangement:
    """One of them; raises NotVisible otherwise."""
    if (row := arrangements(person, on=on).filter(pk=arrangement_id).first()) is None:
        raise NotVisible
    return row


def lock_arrangement(arrangement_id: UUID, *, by: Person, on: date, revision: int | None = None) -> Arrangement:
    """Like ``arrangement``, with the row locked. Raises Refusal for a stale page."""
    visible = arrangements(by, on=on).filter(pk=arrangement_id)
    if visible.select_for_update(of=("self",)).values_list("pk").first() is None:
        raise NotVisible
    found = arrangement(arrangement_id, person=by, on=on)
    if revision is not None and revision != found.revision:
        raise Refusal(str(wording.STALE))
    return found


def arrangement_parts(row: Arrangement, person: Person) -> frozenset[str]:
    """What the person is to it."""
    found = {"asker": row.asked_by_id, "decider": row.decider_id, "officer": row.officer_id}
    return frozenset(part for part, pk in found.items() if pk == person.pk)


def trail(about: AccessRequest | GuidanceQuestion | Arrangement) -> QuerySet[Line]:
    """Its lines, oldest first."""
    return Line.objects.filter(about_id=about.pk)


def published_in(council: Council) -> list[PublishedAnswer]:
    """The published answers of a council, for pages that are opened by its people only (PostgreSQL shows others none)."""
    return list(PublishedAnswer.objects.filter(council=council).select_related("protocol_version"))


def by_clause(answers: Iterable[PublishedAnswer]) -> dict[str, list[PublishedAnswer]]:
    """The answers beside their clauses; those about the whole document under ""."""
    found: dict[str, list[PublishedAnswer]] = defaultdict(list)
    for answer in answers:
        found[answer.clause].append(answer)
    return dict(found)


def question_part(question: GuidanceQuestion, person: Person) -> str:
    """The part the person has in a question."""
    return QuestionPart.ASKER if question.asker_id == person.pk else QuestionPart.ANSWERER
