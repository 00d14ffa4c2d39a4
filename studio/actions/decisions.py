"""What the council decided about a gap in its document: kept in the draft, acted on where the portal can, and recorded for good."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from councils.actions.ground import plain, require_dates, today
from councils.errors import Refusal
from councils.models import Person
from studio.actions.drafts import keep, lock
from studio.domain.deciding import decided, settings_of
from studio.models import Decision, ProtocolDraft


@transaction.atomic
def decide(
    *, draft: ProtocolDraft, revision: int | None, setting: str, choice: str, body: str, decided_on: date, minute_ref: str,
    by: Person | None, now: datetime,
) -> tuple[Decision, bool]:  # fmt: skip
    """Takes the id of a setting and one of its choices, with who decided, when and by which minute.

    Returns the record and whether rules of the draft changed with it. Raises Refusal.
    """
    draft = lock(draft, revision, by, now)
    found = next((one for one in settings_of(draft.config) if one.id == setting), None)
    if found is None:
        raise Refusal(_("This question isn't in the draft any more."))
    if choice not in found.choices:
        raise Refusal(_("Choose what the council decided."), field="choice")
    who = plain(body, field="body", limit=200, what=_("Who decided"))
    minute = plain(minute_ref, field="minute_ref", limit=200, what=_("The minute"))
    require_dates(decided_on, None)
    if decided_on > today(now):
        raise Refusal(_("The date of the decision can't be in the future."), field="decided_on")
    row = Decision(
        council=draft.council, draft=draft.pk, key=found.key[:100], question=found.question[:500], choice=choice[:100], body=who,
        decided_on=decided_on, minute_ref=minute, recorded_at=now, recorded_by=by,
    )  # fmt: skip
    config, changed = decided(draft.config, found, row.as_config())
    keep(draft, config, by, now)
    row.save(force_insert=True)
    return row, changed
