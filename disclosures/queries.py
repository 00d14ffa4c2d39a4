"""Reads about disclosures: the subject's by their own row, the others' by the concern they read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404

from concerns.enums import Capacity, Scan
from concerns.models import Concern, DisclosedCopy, Participation
from concerns.queries import deciding
from councils.models import Person
from disclosures.enums import DisclosureState, Kind
from disclosures.models import Disclosure, PaperOpening, Pointer, SubjectPaper

S = DisclosureState
DISCIPLINE = "proc:disciplinary"


def told_to(person: Person) -> QuerySet[Disclosure]:
    """What was disclosed to ``person``, the latest first. Never a draft."""
    if not person.is_active:
        return Disclosure.objects.none()
    mine = Disclosure.objects.filter(person=person).exclude(state=S.DRAFTED)
    return mine.select_related("council", "protocol_version", "disclosed_by").order_by("-disclosed_at", "id")


def mine(disclosure_id: UUID, *, person: Person) -> Disclosure:
    """One disclosure to ``person``. Raises Http404, the same for absent and another's."""
    found = told_to(person).filter(pk=disclosure_id).first()
    if found is None:
        raise Http404
    return found


def lock(disclosure_id: UUID) -> Disclosure:
    """A disclosure the database shows to whoever asks, locked until the transaction ends; after its concern. Raises Http404."""
    found = Disclosure.objects.select_for_update(of=("self",)).filter(pk=disclosure_id).first()
    if found is None:
        raise Http404
    return found


def hold_concern_of(disclosure_id: UUID) -> None:
    """Hold the concern of a disclosure to whoever asks: the lock that everybody else takes before the disclosure's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT hold_concern_of(%s)", [disclosure_id])


def of(concern: Concern) -> list[Disclosure]:
    """Every disclosure on a concern that is read by somebody who may, without what is written in them."""
    found = Disclosure.objects.filter(concern=concern).select_related("person", "disclosed_by")
    return list(found.defer("text", "answer", "companion", "reply"))


def one_of(concern: Concern, disclosure_id: UUID) -> Disclosure:
    """One disclosure on a concern. Raises Http404."""
    found = Disclosure.objects.filter(concern=concern, pk=disclosure_id).select_related(
        "person", "disclosed_by", "council", "protocol_version"
    )
    row = found.first()
    if row is None:
        raise Http404
    return row


@dataclass(frozen=True, slots=True)
class Dealing:
    """Somebody who deals with it: name and the role codes they act in."""

    name: str
    hat: str = ""
    acting_for: str = ""


def dealt_with_by(disclosure: Disclosure) -> list[Dealing]:
    """Who deals with it now, as its subject is told; whoever disclosed it, while nobody does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, hat, acting_for FROM dealt_with_by(%s)", [disclosure.pk])
        found = [Dealing(*row) for row in cursor.fetchall()]
    return found or _by_whom(disclosure)


def dealing_with(concern: Concern, disclosure: Disclosure) -> list[Dealing]:
    """The same for a preview, from the parts of a concern that is read."""
    parts = Participation.objects.filter(concern=concern, capacity=Capacity.HANDLER, until__isnull=True)
    rows = parts.select_related("person").order_by("since", "person__full_name")
    return [Dealing(part.person.full_name, part.hat, part.acting_for) for part in rows] or _by_whom(disclosure)


def not_reached(disclosure: Disclosure) -> bool:
    """Whether the message that something was disclosed could not be delivered, for those who deal with it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT not_reached(%s)", [disclosure.pk])
        return bool(cursor.fetchone()[0])


def papers_of(disclosure: Disclosure) -> list[SubjectPaper]:
    """The subject's papers without their content, each with its ``openings``, whose person is known by name."""
    openings = PaperOpening.objects.select_related("person")
    return list(disclosure.papers.defer("content").prefetch_related(Prefetch("openings", openings)))


def _by_whom(disclosure: Disclosure) -> list[Dealing]:
    by = disclosure.disclosed_by or disclosure.made_by
    return [Dealing(by.full_name, disclosure.disclosed_hat)]


def waiting_for(person: Person) -> list[Disclosure]:
    """What ``person`` was told and is to read or answer, and the answers to what they deal with that nobody has closed."""
    if not person.is_active:
        return []
    asked = Q(answer_by__isnull=False) | Q(kind__in=[Kind.ALLEGATIONS, Kind.BEFORE_FORMAL_STEP])
    told = Q(person=person) & (Q(state=S.DISCLOSED) | Q(state=S.OPENED) & asked)
    parts = Participation.objects.filter(
        person=person, until__isnull=True, reads=True, capacity__in=[Capacity.HANDLER, Capacity.DECIDER, Capacity.PANEL_MEMBER]
    ).exclude(concern__raiser=person)
    answered = Q(state=S.ANSWERED, concern__in=parts.values("concern_id"))
    found = Disclosure.objects.filter(told | answered).select_related("council").order_by("disclosed_at", "id")
    return list(found.only("id", "concern_id", "person_id", "state", "answer_by", "council__name"))


def everyone_told(concern: Concern) -> bool:
    """Whether everybody the concern is about was told something by a disclosure."""
    told = Disclosure.objects.filter(concern=concern).exclude(state=S.DRAFTED).values("person_id")
    return not concern.subjects.exclude(person__in=told).exists()


def copies(concern: Concern) -> list[DisclosedCopy]:
    """The copies of its documents that may be disclosed, without their content; none of a file in which a virus was found."""
    return list(DisclosedCopy.objects.filter(concern=concern).exclude(document__scan=Scan.INFECTED).defer("content", "reason").order_by("made_at", "id"))


def pointer_of(concern: Concern) -> Pointer | None:
    """The latest pointer to a disciplinary procedure."""
    return Pointer.objects.filter(concern=concern).order_by("-handed_at", "-id").first()


def who_decides(concern: Concern, *, on: date) -> tuple[list[str], list[str], str]:
    """Tokens of those who may decide on a disciplinary hand-over, the clauses that say so, and what that rests on."""
    tokens: list[str] = []
    cites: list[str] = []
    basis = ""
    for offer in deciding(concern, [subject.role for subject in concern.subjects.all()], on=on):
        for recipient in (*offer.to, *offer.by_law):
            if recipient.token == DISCIPLINE:
                tokens += [*offer.decided_by, *recipient.decided_by]
                cites += [*(recipient.cites or offer.cites)]
                basis = basis or recipient.basis or offer.basis
    return _once(tokens), _once(cites), basis


def _once(items: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(items))
