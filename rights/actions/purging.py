"""Destroying a case: one records keeper asks, another does it. The database holds both, and does it in one statement or not at all."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from concerns.enums import NoticeKind
from councils.errors import Refusal
from councils.models import Person
from rights import audit
from rights.actions.verbs import begin, needed, seated_others, store, tell, verb
from rights.enums import Kind, LineType, Step
from rights.models import Disposal


@verb(Step.ASK_PURGE, LineType.PURGE_ASKED)
def ask_purge(*, row_id: UUID, by: Person, now: datetime, revision: int | None = None) -> Disposal:
    """Ask for a case to be destroyed; another records keeper does it. Raises Refusal while it has to be kept."""
    disposal = begin(Step.ASK_PURGE, row_id, by=by, now=now, revision=revision)
    others = seated_others(disposal, Kind.DISPOSAL, by)
    if not others:
        raise Refusal(_("It takes a second records keeper, and no other may deal with this one. Ask the council’s administrator to name one more."))
    before = disposal.state
    disposal.ask()
    disposal.asked_by, disposal.asked_at = by, now
    store(disposal, "asked_by", "asked_at", now=now)
    audit.record(disposal, LineType.PURGE_ASKED, by=by, now=now, from_state=before)
    tell(others, now=now, kind=NoticeKind.NEEDS_YOU)
    return disposal


@verb(Step.DECLINE_PURGE, LineType.PURGE_DECLINED)
def decline_purge(*, row_id: UUID, by: Person, now: datetime, reason: str, revision: int | None = None) -> Disposal:
    """Don't destroy it for now, with a reason. Raises Refusal."""
    disposal = begin(Step.DECLINE_PURGE, row_id, by=by, now=now, revision=revision)
    words = needed(reason, "reason", _("Say why it isn’t destroyed now."))
    before, asked_by = disposal.state, disposal.asked_by
    disposal.decline()
    disposal.asked_by = disposal.asked_at = None
    store(disposal, "asked_by", "asked_at", now=now)
    audit.record(disposal, LineType.PURGE_DECLINED, by=by, now=now, from_state=before, reason=words)
    tell([asked_by] if asked_by != by else [], now=now)
    return disposal


@verb(Step.PURGE, LineType.PURGED)
def purge(*, row_id: UUID, by: Person, now: datetime, sure: bool, revision: int | None = None) -> Disposal:
    """Destroy the case for good: everything that was written, every file, every name, every right to see it.

    The database writes the line and the tombstone, and takes everything away, in the statement that sets the state.
    Raises Refusal while it has to be kept, or for whoever asked.
    """
    disposal = begin(Step.PURGE, row_id, by=by, now=now, revision=revision)
    if not sure:
        raise Refusal(_("Say that you are sure. It can’t be brought back."), field="sure")
    disposal.purge()
    disposal.done_by, disposal.done_at = by, now
    try:
        with transaction.atomic():
            store(disposal, "done_by", "done_at", now=now)
    except DatabaseError as error:
        raise Refusal(_("It has to be kept after all: something changed in the meantime. Look again.")) from error
    return disposal
