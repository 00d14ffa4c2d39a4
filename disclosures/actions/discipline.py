"""The pointer to a disciplinary procedure: handed over by T16, run outside, its kind of outcome recorded by T20."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from concerns import audit
from concerns import wording as case_words
from concerns.actions.verb import store
from concerns.domain.guards import Facts, Refused
from concerns.enums import State
from concerns.models import Concern, Proceeding
from councils.errors import Refusal
from councils.models import Person
from disclosures import queries
from disclosures.actions.step import begin, check, keep, verb
from disclosures.enums import DisclosureAction, DisclosureEvent, PointerState
from disclosures.models import Pointer

A, E, P = DisclosureAction, DisclosureEvent, PointerState


class Discipline:
    """What formal steps do to the pointer (concerns.rooms)."""

    def opened(self, concern: Concern, proceeding: Proceeding, *, by: Person, now: datetime) -> None:
        """Handed over: who could decide on it is kept as it stood then."""
        deciders, cites, basis = queries.who_decides(concern, on=timezone.localdate(now))
        Pointer.objects.create(
            concern=concern, proceeding=proceeding, deciders=deciders, cites=cites, basis=basis, handed_at=now
        )

    def ended(self, concern: Concern, proceeding: Proceeding, *, by: Person, now: datetime) -> None:
        """Its outcome was recorded: the kind alone."""
        row = _pointer(concern)
        row.take_outcome()
        row.outcome, row.outcome_at, row.closed_at = concern.outcome, now, None
        keep(row, "outcome", "outcome_at", "closed_at")

    def reopened(self, concern: Concern, proceeding: Proceeding, *, by: Person, now: datetime) -> list[Person]:
        """The concern was opened again, and the procedure goes on. Nobody is let in by it."""
        row = _pointer(concern)
        if row.state != P.HANDED_OVER and row.state != P.IN_PROGRESS:
            row.begin()
            row.outcome, row.outcome_at, row.closed_at = "", None, None
            keep(row, "outcome", "outcome_at", "closed_at")
        return []

    def objection(self, concern: Any, action: Any, *, person: Any) -> str:
        """Nothing of its own: who decides is asked by the casework's guards."""
        return ""


def _pointer(concern: Concern) -> Pointer:
    row = Pointer.objects.select_for_update(of=("self",)).filter(concern=concern).order_by("-handed_at", "-id").first()
    if row is None:
        raise Http404
    return row


def closed(action: DisclosureAction, concern: Concern, row: Pointer, facts: Facts) -> str:
    """Why a step isn't open now, in words; "" when it is.

    Where the protocol keeps members out of officer discipline they do nothing in it, panels included.
    """
    if facts.members_excluded:
        return case_words.refused(Refused("members_excluded"))
    if action == A.PROCEDURE_BEGAN and (concern.state != State.DISCIPLINARY or row.state == P.IN_PROGRESS):
        return _("The procedure began already, or is over.")
    if action == A.PROCEDURE_OVER and (row.state != P.OUTCOME_RECORDED or concern.state != State.OUTCOME_RECORDED):
        return _("Record its outcome first; or it is over already.")
    return ""


def _check(action: DisclosureAction, concern: Concern, row: Pointer, facts: Facts, revision: int | None) -> None:
    if why := closed(action, concern, row, facts):
        raise Refusal(why)
    check(row, revision)


@verb(A.PROCEDURE_BEGAN, E.PROCEDURE_BEGAN)
def procedure_began(
    *, concern_id: UUID, by: Person, now: datetime, began_on: date | None, revision: int | None = None
) -> Pointer:
    """The procedure began, or went on after the concern was opened again."""
    concern, facts = begin(A.PROCEDURE_BEGAN, concern_id, by=by, now=now)
    row = _pointer(concern)
    _check(A.PROCEDURE_BEGAN, concern, row, facts, revision)
    if began_on is None:
        raise Refusal(_("Give the date on which it began."), field="began_on")
    if began_on > timezone.localdate(now):
        raise Refusal(_("The date must be today or in the past."), field="began_on")
    if began_on < timezone.localdate(row.handed_at):
        raise Refusal(_("It can't have begun before it was handed over."), field="began_on")
    row.begin()
    row.began_on, row.outcome, row.outcome_at, row.closed_at = began_on, "", None, None
    keep(row, "began_on", "outcome", "outcome_at", "closed_at")
    store(concern, now=now)
    audit.record(concern, E.PROCEDURE_BEGAN, by=by, now=now, facts={"began_on": began_on.isoformat()})
    return row


@verb(A.PROCEDURE_OVER, E.PROCEDURE_OVER)
def procedure_over(*, concern_id: UUID, by: Person, now: datetime, revision: int | None = None) -> Pointer:
    """Nothing more happens in it, appeal included. Raises Refusal before its outcome was recorded."""
    concern, facts = begin(A.PROCEDURE_OVER, concern_id, by=by, now=now)
    row = _pointer(concern)
    _check(A.PROCEDURE_OVER, concern, row, facts, revision)
    row.close()
    row.closed_at = now
    keep(row, "closed_at")
    store(concern, now=now)
    audit.record(concern, E.PROCEDURE_OVER, by=by, now=now)
    return row
