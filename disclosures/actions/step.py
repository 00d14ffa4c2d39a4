"""What the verbs of this room share: the register, and how each begins."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone

from concerns import casefile
from concerns.actions.verb import Verbs
from concerns.casefile import NotVisible
from concerns.domain.guards import Facts
from concerns.enums import Capacity
from concerns.models import Concern
from concerns.queries import facts as facts_of
from councils.errors import Refusal
from councils.models import Person
from disclosures import policy, queries, wording
from disclosures.enums import DisclosureAction, DisclosureState
from disclosures.models import Disclosure

verb = Verbs()


def refuse(code: str, field: str | None = None) -> None:
    """Raise Refusal with the words of ``code``; "" is no refusal."""
    if code:
        raise Refusal(str(wording.REFUSED[code]), field=field)


def begin(action: DisclosureAction, concern_id: UUID, *, by: Person, now: datetime) -> tuple[Concern, Facts]:
    """Find and lock the concern for one of those who deal with it. Raises Http404 for strangers, Refusal for the others."""
    concern = casefile.lock(concern_id, by=by)
    held = frozenset(Capacity(part.capacity) for part in concern.mine)
    reads = any(part.reads for part in concern.mine)
    if not policy.may(action, held, reads=reads, is_raiser=by.pk == concern.raiser_id):
        raise Refusal(str(wording.NOT_YOURS))
    facts = facts_of(concern, by, concern.mine, today=timezone.localdate(now), subjects=concern.parties)
    return concern, facts


def locked(concern_id: UUID, disclosure_id: UUID, revision: int | None) -> Disclosure:
    """A disclosure on that concern, which is locked already. Raises Http404, or Refusal when the page was stale."""
    found = queries.lock(disclosure_id)
    if found.concern_id != concern_id:
        raise NotVisible
    check(found, revision)
    return found


def check(row: Any, revision: int | None) -> None:
    """Raises Refusal when somebody changed the row after the page was opened."""
    if revision is not None and revision != row.revision:
        raise Refusal(str(wording.STALE))


def begin_mine(disclosure_id: UUID, *, by: Person) -> Disclosure:
    """Find and lock a disclosure to ``by``, once it was disclosed. Raises Http404."""
    queries.hold_concern_of(disclosure_id)
    found = queries.lock(disclosure_id)
    if found.person_id != by.pk or found.state == DisclosureState.DRAFTED or not by.is_active:
        raise Http404
    return found


def keep(row: Any, *changed: str) -> None:
    """Write these columns and the state, and count the change. Never the others: what is encrypted anew looks changed."""
    row.revision += 1
    row.save(update_fields=None if row._state.adding else [*changed, "state", "revision"])
