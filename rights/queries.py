"""Reads of data rights. Row security says which matters a person finds; nothing here looks past it."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from concerns.casefile import NotVisible
from councils import law_layer
from councils import queries as councils
from councils.errors import Refusal
from councils.models import Appointment, Council, Person
from rights.domain import retention
from rights.enums import Kind, OutcomeClass
from rights.models import Breach, DataComplaint, Disposal, Keeper, LegalHold, Line, RetentionRule, SubjectRequest
from rights.models.matter import Matter
from studio.models import Publication

M = TypeVar("M", bound=Matter)
MODELS: dict[Kind, type[Matter]] = {
    Kind.DISPOSAL: Disposal, Kind.ACCESS: SubjectRequest, Kind.COMPLAINT: DataComplaint, Kind.BREACH: Breach,
}  # fmt: skip



def _ids(function: str) -> frozenset[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}()")
        return frozenset(cursor.fetchone()[0])


def seated() -> frozenset[UUID]:
    """The matters that the person set has a seat on now, and isn't kept out of."""
    return _ids("my_rights")


def kept_councils() -> frozenset[UUID]:
    """The councils whose records the person set keeps now."""
    return _ids("rights_councils")


def short_councils() -> frozenset[UUID]:
    """Of the councils that the person set administers: where something waits for another records keeper."""
    return _ids("rights_too_few")


def is_keeper(council: Council) -> bool:
    """Whether the person set keeps that council's records."""
    return council.pk in kept_councils()


def load(kind: Kind, pk: UUID) -> Any:
    """The matter, if the person set may see it. Raises NotVisible, the same for absent and forbidden."""
    row = MODELS[kind]._default_manager.select_related("council").filter(pk=pk).first()
    if row is None:
        raise NotVisible
    return row


def lock(kind: Kind, pk: UUID, *, revision: int | None = None) -> Any:
    """The same, locked for an action. Raises Refusal where the page it was chosen on is out of date."""
    row = MODELS[kind]._default_manager.select_for_update(of=("self",)).select_related("council").filter(pk=pk).first()
    if row is None:
        raise NotVisible
    if revision is not None and row.revision != revision:
        raise Refusal(_("The page you sent was out of date. Look at what is shown now, then choose again."))
    return row


def keepers(council: Council) -> list[Keeper]:
    """Who keeps the council's records, by name."""
    return list(Keeper.objects.filter(council=council, until__isnull=True).select_related("person").order_by("person__full_name"))


def may_keep(council: Council, *, on: date) -> QuerySet[Person]:
    """Who may be named: people in post."""
    posts = Appointment.objects.current(on).filter(council=council).exclude(side="")
    return Person.objects.filter(pk__in=posts.values("person_id"), is_active=True).order_by("full_name")


def was_ever_here(person: Person, key: str) -> Council:
    """The council where the person has or had a post: also who left may ask for their data. Raises Http404."""
    post = Appointment.objects.filter(person=person, council__key=key).select_related("council").first()
    if post is None:
        raise Http404
    return post.council


def shipped_months(outcome: OutcomeClass) -> int:
    """How long it is kept where the council hasn't said so."""
    if outcome == OutcomeClass.DRAFT:
        return retention.DRAFT_MONTHS
    return retention.shipped_months(law_layer.whole().default(retention.CODES[outcome]))


def least_months(outcome: OutcomeClass | None = None) -> int:
    """The shortest that a council may choose: for what was sent, the time for a tribunal."""
    if outcome == OutcomeClass.DRAFT:
        return retention.LEAST_DRAFT_MONTHS
    return retention.least_months(law_layer.whole().default("tribunal_hold"))


def schedule(council: Council) -> dict[OutcomeClass, RetentionRule]:
    """How long each outcome is kept here: the council's rule, else one as shipped that isn't stored yet."""
    stored = {row.outcome_class: row for row in RetentionRule.objects.filter(council=council)}
    return {
        outcome: stored.get(outcome.value) or RetentionRule(council=council, outcome_class=outcome, months=shipped_months(outcome))
        for outcome in OutcomeClass
    }


def why_kept(disposal: Disposal) -> str:
    """The code of what stands against destroying the case now; "" when nothing does. The database's own answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rights_why_kept(%s)", [disposal.pk])
        return str(cursor.fetchone()[0])


def holds_on(case: UUID, council: Council | None = None) -> list[LegalHold]:
    """The holds on a case that aren't lifted, and those on everything, as far as the person set sees them."""
    rows = LegalHold.objects.filter(lifted_at__isnull=True).select_related("placed_by", "council")
    found = rows.filter(case_id=case)
    return list(found | rows.filter(case_id__isnull=True, council=council) if council else found)


def lines(about: Matter) -> list[Line]:
    """The trail of a matter, newest first; of one's own matter nothing is shown."""
    return list(Line.objects.filter(about_id=about.pk).order_by("-seq"))


def has_keepers(council: Council) -> bool:
    """Whether at least two people keep the council’s records: what the public register says of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rights_has_keepers(%s)", [council.pk])
        return bool(cursor.fetchone()[0])


def whom_to_ask(council: Council) -> str:
    """How the council says it can be reached; "" where it says nothing."""
    return Publication.objects.filter(council=council).values_list("contact", flat=True).first() or ""


def left_on(person: Person, council: Council, *, on: date) -> bool:
    """Whether the person has no post there any more."""
    return councils.side_of(person, council, on=on) is None
