"""The lists of concerns: what a person may see, filtered, ordered and cut; and the lists of the start page."""

from collections.abc import Sequence
from functools import cache
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, JSONField, OuterRef, Prefetch, Q, QuerySet, Window
from django.db.models.expressions import RawSQL
from django.db.models.fields.json import KeyTextTransform

from concerns import policy, rooms
from concerns.enums import CLOSED_STATES, Capacity, ConsentStatus, State
from concerns.models import Concern, ConcernSubject, Consent, Participation
from councils.models import Person, ProtocolVersion
from councils.statements import Question

SORTS = {
    "recent": ("-updated_at", "id"),
    "oldest": ("lodged_at", "id"),
    "reference": ("reference", "id"),
    "state": ("state", "-updated_at", "id"),
}


LISTED = (
    "reference", "state", "topic", "raiser", "council", "protocol_version", "updated_at", "lodged_at", "accepted_at", "closed_at",
    "on_hold_until", "check_back_on",
)  # fmt: skip
RAISED_BY = "(SELECT p.full_name FROM councils_person p WHERE p.id = concerns_concern.raiser_id)"
IN_COUNCIL = "(SELECT c.name FROM councils_council c WHERE c.id = concerns_concern.council_id)"
ABOUT = """ARRAY(SELECT p.full_name FROM concerns_concernsubject s JOIN councils_person p ON p.id = s.person_id
    WHERE s.concern_id = concerns_concern.id ORDER BY p.full_name)"""


def listed(found: QuerySet[Concern], person: Person) -> QuerySet[Concern]:
    """What a list shows of each: ``about`` and ``raised_by`` (names), ``in_council``, and whether it is ``readable``.

    By subqueries, which PostgreSQL asks for the page that is cut; joins would be made for every concern before.
    """
    return found.only(*LISTED).annotate(
        about=RawSQL(ABOUT, ()),  # noqa: S611
        raised_by=RawSQL(RAISED_BY, ()),  # noqa: S611
        in_council=RawSQL(IN_COUNCIL, ()),  # noqa: S611
        readable=policy.may_read(person),
    )


def caseload(
    person: Person,
    *,
    search: str = "",
    state: str = "",
    topic: str = "",
    council: str = "",
    sort: str = "recent",
) -> QuerySet[Concern]:
    """The concerns ``person`` may see, filtered; search looks at reference, people on the page, topic and state.

    Each comes with what a list shows of it (``listed``).
    """
    found = listed(policy.visible_to(person), person)
    if state == "open":
        found = found.exclude(state__in=[s.value for s in CLOSED_STATES])
    elif state == "closed":
        found = found.filter(state__in=[s.value for s in CLOSED_STATES])
    elif state:
        found = found.filter(state=state)
    readable = Q(pk__in=policy.visible_to(person, permission=policy.READ).values("pk"))  # a topic is for those who may read
    if topic:
        found = found.filter(readable, topic=topic)
    if council:
        found = found.filter(council__key=council)
    for word in search.replace("\x00", "").split()[:6]:
        match = Q(reference__icontains=word) | Q(raiser__full_name__icontains=word)
        match |= Q(readable, topic__icontains=word.replace("-", "_"))
        about = ConcernSubject.objects.filter(concern=OuterRef("pk"), person__full_name__icontains=word)
        found = found.filter(match | Q(state__icontains=word) | Exists(about))
    return by_due(found) if sort == "due" else found.order_by(*SORTS.get(sort, SORTS["recent"]))


def page_of(found: QuerySet[Concern], number: str | None, *, size: int) -> Page:
    """One page of a caseload, counted and cut in one query; text that is no page gives the first, one too high the last."""
    pages = Paginator(found, size)
    wanted = min(int(number), 10**6) if number and number.isdecimal() and len(number) < 10 else 1
    start = (max(wanted, 1) - 1) * size
    rows = list(found.annotate(matching=Window(Count("*")))[start : start + size])
    if not rows:
        return pages.get_page(wanted)
    return _counted(rows, max(wanted, 1), pages)


def _counted(rows: Sequence[Concern], number: int, pages: Paginator) -> Page:
    """A page of rows that were cut already, each with how many match in all."""
    pages.__dict__["count"] = rows[0].matching  # type: ignore[attr-defined]  # the paginator's cached answer
    return Page(rows, number, pages)


def first_page(person: Person, *, sort: str = "recent", state: str = "", size: int) -> Page | None:
    """The first page of a caseload that is narrowed by nothing, or by whether they are open; None when there is nothing.

    The same rows as ``page_of(caseload(…), "1")`` gives, with words that are found once.
    """
    rows = _first(sort if sort in SORTS or sort == "due" else "recent", state, size)(me=person.pk) if person.is_active else []
    return _counted(rows, 1, Paginator(rows, size)) if rows else None


@cache
def _first(sort: str, state: str, size: int) -> Question[Concern]:
    def first(me: UUID) -> QuerySet[Concern]:
        return caseload(Person(pk=me), sort=sort, state=state).annotate(matching=Window(Count("*")))[:size]

    return Question(first)


def by_due(found: QuerySet[Concern]) -> QuerySet[Concern]:
    """What is due first at the top, so what is overdue before the rest; each with its ``soonest`` date (``rooms.SOONEST``)."""
    found = found.annotate(soonest=RawSQL(rooms.SOONEST[0], [], output_field=JSONField()))  # noqa: S611 (fixed words only)
    return found.order_by(KeyTextTransform("on", "soonest").asc(nulls_last=True), F("lodged_at").asc(nulls_first=True), "id")


SHOWN = 20  # of each list on the start page


@Question
def drafts_of(me: UUID) -> QuerySet[Concern]:
    """The person's own drafts, the latest first."""
    return caseload(Person(pk=me)).filter(raiser_id=me, state=State.DRAFT)[:SHOWN]


@Question
def raised_by(me: UUID) -> QuerySet[Concern]:
    """What the person has sent, the latest first."""
    return caseload(Person(pk=me)).filter(raiser_id=me).exclude(state=State.DRAFT)[:SHOWN]


@Question
def waiting_for(me: UUID) -> QuerySet[Concern]:
    """The concerns in which the next move is this person's (drafts aside), what is due first at the top."""
    person = Person(pk=me)
    parts = Participation.objects.filter(person=person, until__isnull=True)
    as_recipient = Q(state=State.LODGED, pk__in=parts.filter(capacity=Capacity.RECIPIENT).values("concern_id"))
    as_finder = Q(state=State.NEEDS_HANDLER, pk__in=parts.filter(capacity=Capacity.EXCEPTION_HOLDER).values("concern_id"))
    working = [State.INFORMAL, State.COMPLAINT, State.INVESTIGATION, State.CONCILIATION, State.DECIDING]
    working += [State.GRIEVANCE, State.DISCIPLINARY, State.CODE_REFERRAL, State.COUNCIL_REPORT]
    dealing = parts.filter(capacity__in=[Capacity.HANDLER, Capacity.DECIDER, Capacity.PANEL_MEMBER, Capacity.LIAISON])
    as_handler = Q(state__in=working, pk__in=dealing.values("concern_id"))
    asked = Consent.objects.filter(status=ConsentStatus.ASKED, concern__raiser=person).values("concern_id")
    received = Participation.objects.filter(concern=OuterRef("pk"), capacity=Capacity.RECIPIENT, until__isnull=True)
    with_nobody = Q(state=State.LODGED) & ~Exists(received)  # a talk in private, or a body outside: the raiser's move
    deals = Participation.objects.filter(
        concern=OuterRef("pk"), capacity__in=[Capacity.HANDLER, Capacity.DECIDER], until__isnull=True
    )
    to_choose = Q(state=State.DECIDING) & ~Exists(deals)  # nobody else was named to choose the formal route
    as_raiser = Q(raiser=person) & (Q(state=State.DIRECT) | Q(pk__in=asked) | with_nobody | to_choose)
    as_told = Q(pk__in=parts.filter(capacity=Capacity.STANDBY).values("concern_id"))  # nobody acted, and they were told so
    waiting = listed(policy.visible_to(person), person).filter(as_recipient | as_finder | as_handler | as_raiser | as_told)
    versions = ProtocolVersion.objects.defer("config")
    return by_due(waiting.exclude(state=State.DRAFT)).prefetch_related(Prefetch("protocol_version", versions))[:SHOWN]
