"""The clock's own steps with cases whose time is over. Inside system work."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.utils import timezone

from concerns import rooms
from concerns.models import Concern
from councils.models import Person
from rights import audit
from rights.actions.verbs import store, verb
from rights.enums import LineType, Step
from rights.models import Disposal


@verb(Step.OPEN_DISPOSAL, LineType.OPENED)
def open_disposal(*, case: UUID, council_id: UUID, outcome: str, year: int, due_on: date, by: Person | None, now: datetime) -> Disposal:
    """A case's time is over: records keepers who aren't a party to it are shown that one is, and nothing of it."""
    row = Disposal.objects.create(
        council_id=council_id, case_id=case, outcome_class=outcome, closed_year=year, due_on=due_on, opened_at=now, updated_at=now
    )
    rooms.mark(audit.ROOM, row.pk, now=now)
    return row


@verb(Step.END_DISPOSAL, LineType.ENDED)
def end_disposal(*, row_id: UUID, by: Person | None, now: datetime) -> Disposal | None:
    """The case was opened again, or is kept longer than thought: it isn't due any more. None where it still is."""
    row = Disposal.objects.select_for_update(of=("self",)).get(pk=row_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT rights_due(%s) <= %s", [row.case_id, timezone.localdate(now)])
        (due,) = cursor.fetchone()
    if due and Concern.objects.filter(pk=row.case_id, closed_at__isnull=False).exists():
        return None
    before = row.state
    row.end()
    store(row, now=now)
    audit.record(row, LineType.ENDED, by=by, now=now, from_state=before)
    return row
