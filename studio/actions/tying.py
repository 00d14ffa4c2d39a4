"""What a document says of itself, confirmed; and rules tied to its clauses, many at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from councils.actions.ground import plain, record, today
from councils.errors import Refusal
from councils.models import CouncilEventKind, Person
from studio.actions.drafts import keep, lock, named, unlike
from studio.domain import heading
from studio.editing.describing import reading
from studio.editing.ties import tied, untied
from studio.importing.about import TITLE_BLOCK
from studio.models import ProtocolDraft


@transaction.atomic
def confirm_about(
    *, draft: ProtocolDraft, revision: int | None, title: str, every: int | None = None, every_clause: str = "", day: date | None = None,
    day_clause: str = "", printed: Mapping[str, str] | None = None, body: str = "", adopted_on: date | None = None, minute: str = "",
    by: Person | None, now: datetime,
) -> ProtocolDraft:  # fmt: skip
    """Takes the title, the reviews (every so many years, on a day) with their clauses, and the last adoption, as somebody confirmed them.

    ``printed`` is how the document writes the day. Without a clause a review is the council's own, not in the protocol. Raises Refusal.
    """
    draft = lock(draft, revision, by, now)
    numbers = reading(draft.config).clauses
    for name, ref in (("every_clause", every_clause), ("day_clause", day_clause)):
        _require_clause(ref, numbers, name)
    config = heading.titled(draft.config, plain(title, field="title", limit=200, what=_("The title")))
    config = heading.reviewed(config, every=every, every_cites=every_clause, day=day, day_cites=day_clause, printed=printed)
    if adopted_on:
        if adopted_on > today(now):
            raise Refusal(_("It can’t have been adopted on a day that is still to come."), field="adopted_on")
        config = heading.adopted(config, body=_line(body, "body"), on=adopted_on, minute=_line(minute, "minute"))
    elif body or minute:
        raise Refusal(_("Enter the day it was adopted, or leave the body and the minute empty."), field="adopted_on")
    if re.fullmatch(re.escape(named(draft.config, draft.council, draft.created_at)) + r"(?: – \d+)?", draft.label):
        draft.label = unlike(draft.council, named(config, draft.council, draft.created_at), but=draft)  # nobody named it: its title does
    return keep(draft, config, by, now)


def _line(text: str, field: str) -> str:
    return plain(text, field=field, limit=200, what=_("The text")) if text else ""


@transaction.atomic
def tie_clauses(*, draft: ProtocolDraft, revision: int | None, ties: Mapping[str, str], by: Person | None, now: datetime) -> ProtocolDraft:
    """Takes a clause for each thing named as ``Tie.control`` does; each rests on it then. One line in the council's record. Raises Refusal."""
    draft = lock(draft, revision, by, now)
    protocol = reading(draft.config)
    known = {tie.control: tie for _section, found in untied(draft.config, protocol) for tie in found}
    if not ties:
        raise Refusal(_("Choose a clause for at least one of them."))
    for control, ref in ties.items():
        if control not in known:
            raise Refusal(_("It isn't there any more. Somebody took it out in the meantime."))
        _require_clause(ref, protocol.clauses, control)
    config = tied(draft.config, ((known[control], ref) for control, ref in ties.items()))
    record(CouncilEventKind.COUNCIL_CHANGED, council=draft.council, by=by, now=now, what="clauses_tied", draft=draft.pk, count=len(ties))
    return keep(draft, config, by, now)


def _require_clause(ref: str, numbers: Mapping[str, Any], field: str) -> None:
    if ref and ref != TITLE_BLOCK and ref not in numbers:
        raise Refusal(_("There is no clause %s. Check its number, or add the clause first.") % ref, field=field)
