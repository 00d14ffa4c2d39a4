"""Clocks of data rights. Each is a wake-up without arguments: what is due is read from PostgreSQL."""

from __future__ import annotations

from datetime import datetime, timedelta

from celery import shared_task
from django.db import connection
from django.utils import timezone

from concerns.enums import NoticeKind
from concerns.outbox import put
from councils.models import Council
from councils.rls import system_work
from rights import queries
from rights.actions import gathering, retiring
from rights.enums import AccessState, DisposalState, OutcomeClass
from rights.models import Disposal, RetentionRule, Seat, SubjectRequest

PACKAGE_KEPT = timedelta(days=90)


@shared_task(name="rights.tasks.look", ignore_result=True)
def look() -> None:
    """What waits is done: seats are told, asked-for data is gathered. A second wake-up finds nothing left."""
    now = timezone.now()
    with system_work():
        for seat in Seat.objects.select_for_update(skip_locked=True, of=("self",)).filter(told_at__isnull=True, until__isnull=True).select_related("person"):
            put(None, NoticeKind.NEEDS_YOU, to=[seat.person], now=now)
            Seat.objects.filter(pk=seat.pk).update(told_at=now)
    while True:
        with system_work():
            row = SubjectRequest.objects.select_for_update(skip_locked=True, of=("self",)).filter(state=AccessState.GATHERING).first()
            if row is None:
                return
            gathering.collect(row_id=row.pk, by=None, now=timezone.now())


@shared_task(name="rights.tasks.retire", ignore_result=True)
def retire() -> None:
    """Once a day: which cases are due to be destroyed, which no longer are, and copies given out that were kept long enough."""
    now = timezone.now()
    with system_work():
        _write_schedules(now)
    with system_work():
        for disposal in Disposal.objects.filter(state__in=[DisposalState.DUE, DisposalState.ASKED]):
            retiring.end_disposal(row_id=disposal.pk, by=None, now=now)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT c.id, c.council_id, rights_class(c), extract(year FROM c.closed_at AT TIME ZONE 'Europe/London')::int, rights_due(c.id) FROM concerns_concern c "
                "WHERE c.closed_at IS NOT NULL AND rights_due(c.id) <= %s AND NOT EXISTS "
                "(SELECT FROM rights_disposal d WHERE d.case_id = c.id AND d.state <> 'ENDED') ORDER BY c.closed_at",
                [timezone.localdate(now)],
            )
            due = cursor.fetchall()
        for case, council, outcome, year, day in due:
            retiring.open_disposal(case=case, council_id=council, outcome=outcome, year=year, due_on=day, by=None, now=now)
        SubjectRequest.objects.filter(package__isnull=False, closed_at__lt=now - PACKAGE_KEPT).update(package=None)


def _write_schedules(now: datetime) -> None:
    """Every council has a rule for every outcome: as shipped, where it made none of its own."""
    stored = set(RetentionRule.objects.values_list("council_id", "outcome_class"))
    RetentionRule.objects.bulk_create(
        [
            RetentionRule(council=council, outcome_class=outcome, months=queries.shipped_months(outcome), set_at=now)
            for council in Council.objects.all()
            for outcome in OutcomeClass
            if (council.pk, outcome.value) not in stored
        ],
        ignore_conflicts=True,
    )
