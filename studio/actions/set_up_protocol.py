"""The protocol of a council's set-up: a draft to begin with, and its adoption. Everything else of it is the editor's."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from councils import actions as councils
from councils import queries as councils_queries
from councils.actions.ground import today
from councils.actions.protocols import storable
from councils.errors import Refusal
from councils.models import Person, ProtocolStatus, ProtocolVersion
from studio.actions import drafts
from studio.actions.set_up import locked
from studio.models import CouncilSetUp, DraftStatus, ProtocolDraft
from studio.queries.set_up import open_draft, put_forward
from studio.queries.sources import PLAIN, shape_config
from studio.setup.wording import named, reworded


@transaction.atomic
def begin_protocol(*, set_up: CouncilSetUp, begins_with: str, document: str = "", by: Person, now: datetime) -> ProtocolDraft:
    """Takes what a draft begins with (``start_draft``); makes it the council's only one, in the council's own words. Raises Refusal."""
    set_up = locked(set_up, by, now)
    council = set_up.council
    if council is None:
        raise Refusal(_("Begin with the council itself."))
    for before in ProtocolDraft.objects.filter(council=council, status=DraftStatus.OPEN):
        drafts.discard_draft(draft=before, revision=before.revision, by=by, now=now)
    draft = drafts.start_draft(council=council, begins_with=begins_with, document=document, by=by, now=now)
    config = named(draft.config, words=set_up.words, principal=set_up.principal, kind=council.kind)
    if begins_with == PLAIN and not document:
        config = reworded(config, shape_config(PLAIN))
    draft.config = storable(config)
    draft.save(update_fields=("config",))
    return draft


@transaction.atomic
def adopt_protocol(
    *, set_up: CouncilSetUp, approving_body: str, approved_on: date, minute_ref: str, in_force_from: date, fingerprint: str, by: Person, now: datetime
) -> ProtocolVersion:
    """The draft becomes a version, approved and in force as the council's minute says. The set-up is finished then. Raises Refusal.

    ``fingerprint`` is that of what a rehearsal would play now; it has to be the one that was looked at.
    """
    set_up = locked(set_up, by, now)
    council = set_up.council
    if council is None or not set_up.rehearsed_hash or set_up.rehearsed_hash != fingerprint:
        raise Refusal(_("Look at the rehearsal first: something changed since, or nobody has looked at it yet."))
    draft = open_draft(council)
    version = put_forward(council)
    if draft is not None:
        version = drafts.put_forward(draft=draft, revision=draft.revision, what=_("The first version"), by=by, now=now)
    if version is None:
        raise Refusal(_("There is no draft to adopt. Begin one under “The protocol”."))
    step: dict[str, Any] = {"by": by, "now": now}
    if version.status == ProtocolStatus.DRAFT:
        version = councils.approve_protocol(version=version, approving_body=approving_body, approved_on=approved_on, minute_ref=minute_ref, **step)
    if councils_queries.protocol_in_force(council, on=today(now)) is None or version.status == ProtocolStatus.APPROVED:
        version = councils.bring_into_force(version=version, in_force_from=in_force_from, **step)
    set_up.version, set_up.finished_at = version, now
    set_up.save(update_fields=("version", "finished_at"))
    return version

