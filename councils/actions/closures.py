"""Days on which the council's office is closed: no working days, for every date the portal works out."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from councils.actions.ground import explained, keep_day_change, lock_council, plain, record, require_admin, require_dates
from councils.errors import Refusal
from councils.models import Council, CouncilClosure, CouncilEventKind, Person
from councils.models.closure import LONGEST


@transaction.atomic
def add_closure(*, council: Council, starts_on: date, ends_on: date | None = None, reason: str, by: Person | None, now: datetime) -> CouncilClosure:
    """Closes the office from one day to another (one day where no last is given). Raises Refusal.

    Days that were worked out before and are still to come are worked out anew wherever they are shown.
    """
    council = lock_council(council)
    require_admin(council, by, now)
    require_dates(starts_on, ends_on)
    last = ends_on or starts_on
    if (last - starts_on).days >= LONGEST:
        raise Refusal(_("A closure lasts {most} days at most. Check the last day.").format(most=LONGEST), field="ends_on")
    words = plain(reason, field="reason", limit=120, what=_("What for"))
    with explained():
        closure = CouncilClosure.objects.create(council=council, starts_on=starts_on, ends_on=last, reason=words)
    keep_day_change(council, by=by, now=now, closed=[starts_on.isoformat(), last.isoformat()])
    record(CouncilEventKind.CLOSURE_ADDED, council=council, by=by, now=now, starts_on=starts_on, ends_on=last)
    return closure


@transaction.atomic
def remove_closure(*, closure: CouncilClosure, by: Person | None, now: datetime) -> None:
    """Takes a closure away again: its days count. Raises Refusal, also when somebody removed it before."""
    council = lock_council(closure.council)
    require_admin(council, by, now)
    row = CouncilClosure.objects.filter(pk=closure.pk, council=council).first()
    if row is None:
        raise Refusal(_("This closure was removed already."))
    row.delete()
    record(CouncilEventKind.CLOSURE_REMOVED, council=council, by=by, now=now, starts_on=closure.starts_on, ends_on=closure.ends_on)
