"""The clock's own steps with cases whose time is over. Inside system work."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.utils import timezone

from concerns import rooms
from concerns.models import Concern
from councils.models import Council, Person
from rights import audit, queries
from rights.actions.verbs import store, verb
from rights.enums import DisposalState, LineType, OutcomeClass, Step
from rights.models import Disposal, RetentionRule, SubjectRequest

PACKAGE_KEPT = timedelta(days=90)
DUE = """
SELECT c.id, c.council_id, rights_class(c), extract(year FROM c.closed_at AT TIME ZONE 'Europe/London')::int, rights_due(c.id) FROM concerns_concern c
 WHERE c.closed_at IS NOT NULL AND rights_due(c.id) <= %s AND NOT EXISTS (SELECT FROM rights_disposal d WHERE d.case_id = c.id AND d.state <> 'ENDED')
 ORDER BY c.closed_at
"""


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


def look_at_all(*, now: datetime) -> None:
    """Every council's schedule is written down, what is due is opened, what isn't any more is ended, and copies given out long ago go."""
    stored = set(RetentionRule.objects.values_list("council_id", "outcome_class"))
    missing = [
        RetentionRule(council=council, outcome_class=outcome, months=queries.shipped_months(outcome), set_at=now)
        for council in Council.objects.all()
        for outcome in OutcomeClass
        if (council.pk, outcome.value) not in stored
    ]
    RetentionRule.objects.bulk_create(missing, ignore_conflicts=True)
    for disposal in Disposal.objects.filter(state__in=[DisposalState.DUE, DisposalState.ASKED]):
        end_disposal(row_id=disposal.pk, by=None, now=now)
    with connection.cursor() as cursor:
        cursor.execute(DUE, [timezone.localdate(now)])
        due = cursor.fetchall()
    for case, council, outcome, year, day in due:
        open_disposal(case=case, council_id=council, outcome=outcome, year=year, due_on=day, by=None, now=now)
    SubjectRequest.objects.filter(package__isnull=False, closed_at__lt=now - PACKAGE_KEPT).update(package=None)
