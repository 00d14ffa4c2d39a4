"""Reads about what is due. The database shows a person only the rows of what they may know of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from clocks.enums import Basis, ObligationKind
from clocks.models import OPEN, Obligation
from concerns.enums import CLOSED_STATES, Capacity
from concerns.models import Concern
from councils.models import Person
from councils.statements import Question

K = ObligationKind
EXTENDS = frozenset({Capacity.HANDLER, Capacity.DECIDER, Capacity.LIAISON, Capacity.CONVENER, Capacity.PANEL_MEMBER})  # if they read it
EXTENDABLE = frozenset({K.ACKNOWLEDGE, K.INFORMAL_REVIEW, K.CONCILIATE, K.CHOOSE_ROUTE, K.DECISION})
LATER = (K.RETENTION_REVIEW,)  # years ahead: listed last, and never as what comes next
# The soonest of what is due on a concern, and everything, for lists and pages (``concerns.rooms``).
ONE = """jsonb_build_object('kind', o.kind, 'on', o.due_on, 'from', o.opened_on, 'n', o.target, 'unit', o.unit, 'basis', o.basis,
    'moved', o.extended_to IS NOT NULL OR o.paused_days > 0, 'moves', jsonb_array_length(o.moves), 'held', o.paused_until)"""
STANDING = f"""FROM clocks_obligation o WHERE o.concern_id = concerns_concern.id AND o.met_at IS NULL AND o.ended_at IS NULL
    AND o.kind <> '{K.RETENTION_REVIEW}'"""
SOONEST = f"(SELECT {ONE} {STANDING} ORDER BY o.due_at, o.id LIMIT 1)"  # noqa: S608 (fixed words only)
ALL_DUE = f"(SELECT jsonb_agg({ONE} ORDER BY o.due_at, o.id) {STANDING})"  # noqa: S608
ACTS = """EXISTS (SELECT 1 FROM concerns_participation p WHERE p.concern_id = clocks_obligation.concern_id AND p.person_id = %s
    AND p.until IS NULL AND p.capacity = ANY (clocks_obligation.capacities)) OR %s = ANY (clocks_obligation.owners)"""
SHOWN = 5  # of what comes up, on the start page


def of_concern(concern: Concern) -> list[Obligation]:
    """Everything that is or was due on ``concern``: what is open first, the soonest at the top."""
    rows = list(Obligation.objects.filter(concern=concern))
    return sorted(rows, key=lambda row: (bool(row.met_at or row.ended_at), row.due_at, row.kind))


def open_rows(person: Person, *, mine: bool) -> QuerySet[Obligation]:
    """What is due that ``person`` may know of, overdue first; ``mine``: only what they have to do themselves."""
    found = Obligation.objects.filter(OPEN).exclude(kind__in=LATER).select_related("council", "concern")
    if mine:
        found = found.filter(RawSQL(ACTS, [person.pk, person.pk], output_field=BooleanField()))  # noqa: S611
    return found.order_by("due_at", "id")


@Question
def coming_up(me: UUID, beside: list[UUID]) -> QuerySet[Obligation]:
    """The next of what the person has to do by a day, on other concerns than those."""
    others = RawSQL("SELECT unnest(%s)", [beside])
    return open_rows(Person(pk=me), mine=True).exclude(concern_id__in=others)[:SHOWN]


def page_of(found: QuerySet[Obligation], number: str | None, *, size: int) -> Page:
    """One page; text that is no page gives the first, one too high the last."""
    wanted = int(number) if number and number.isdecimal() and len(number) < 10 else 1
    return Paginator(found, size).get_page(wanted)


def extension_refused(row: Obligation, concern: Concern, held: Iterable[Capacity]) -> str:
    """Why ``row``'s day can't be moved by agreement, as a code; "" when it can."""
    if not EXTENDS & set(held):
        return "not_yours"
    if row.met_at or row.ended_at or concern.state in CLOSED_STATES:
        return "over"
    if row.basis == Basis.LAW:
        return "law"
    if row.kind not in EXTENDABLE:
        return "not_this"
    return "on_hold" if row.paused_on else ""


def one(concern: Concern, row_id: UUID) -> Obligation | None:
    """The row of that id on ``concern``."""
    return Obligation.objects.filter(pk=row_id, concern=concern).first()


def kept_days(concern: Concern) -> dict[str, date]:
    """The open days of ``concern`` by kind, the soonest of each (``concerns.rooms.KEPT``)."""
    rows = Obligation.objects.filter(OPEN, concern=concern).order_by("-due_at").values_list("kind", "due_on")
    return dict(rows)
