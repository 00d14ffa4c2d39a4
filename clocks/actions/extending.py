"""A day that both sides agreed on stands instead of the one that was counted."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clocks import plan, queries, reconcile, wording
from clocks.enums import ClockAction, ClockEvent
from clocks.models import Obligation
from concerns import audit, casefile, outbox, policy
from concerns.actions.verb import Verbs, answer_needed, store
from concerns.casefile import NotVisible
from concerns.domain.deadlines import is_working_day
from concerns.enums import Capacity, NoticeKind
from councils.errors import Refusal
from councils.models import Person

verb = Verbs()
FURTHEST = timedelta(days=365)


@verb(ClockAction.EXTEND, ClockEvent.EXTENDED)
def extend(
    *,
    concern_id: UUID,
    obligation_id: UUID,
    by: Person,
    now: datetime,
    to: date | None,
    raiser_agreed_on: date | None,
    other_agreed_on: date | None = None,
    reason: str = "",
    revision: int | None = None,
) -> Obligation:
    """Both sides agreed to a later day; whoever deals with it records on which days they did, and why.

    The other side is asked only once they know of the concern. Raises NotVisible, and Refusal on the field to mend.
    """
    concern = casefile.lock(concern_id, by=by, permission=policy.READ)
    row = queries.one(concern, obligation_id)
    if row is None:
        raise NotVisible
    if revision is not None and revision != row.revision:
        raise Refusal(str(wording.STALE))
    if code := queries.extension_refused(row, concern, {Capacity(part.capacity) for part in concern.mine}):
        raise Refusal(str(wording.EXTENSION_REFUSED[code]))
    today = timezone.localdate(now)
    if to is None:
        raise Refusal(str(_("Give the new date.")), field="to")
    if to <= max(row.due_on, today):
        raise Refusal(str(_("The new date must be after today and after the date it is due now.")), field="to")
    if to > today + FURTHEST:
        raise Refusal(str(_("The new date can be a year away at most.")), field="to")
    here = plan.calendar(concern.council, row.basis)
    if not is_working_day(to, here.jurisdiction, here.closures):
        raise Refusal(str(_("That isn’t a working day here. Choose another.")), field="to")
    _agreed(raiser_agreed_on, "raiser_agreed_on", today)
    if concern.subject_told_on is not None:
        _agreed(other_agreed_on, "other_agreed_on", today)
    words = answer_needed(reason, "reason", _("Say why more time is needed."))
    facts = {"kind": row.kind, "from": row.due_on.isoformat(), "to": to.isoformat(), "raiser_agreed_on": str(raiser_agreed_on)}
    if concern.subject_told_on is not None:
        facts["other_agreed_on"] = str(other_agreed_on)
    reconcile.extend(row, to, concern, now=now)
    store(concern, now=now)
    audit.record(concern, ClockEvent.EXTENDED, by=by, now=now, reason=words, facts=facts)
    if by.pk != concern.raiser_id:
        outbox.put(concern, NoticeKind.PROGRESS, to=concern.raiser, now=now)
    return row


def _agreed(day: date | None, field: str, today: date) -> None:
    if day is None:
        raise Refusal(str(_("Give the date on which they agreed.")), field=field)
    if day > today:
        raise Refusal(str(_("The date must be today or in the past.")), field=field)
