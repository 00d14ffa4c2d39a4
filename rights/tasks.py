"""Clocks of data rights. Each is a wake-up without arguments: what is due is read from PostgreSQL."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from concerns.enums import NoticeKind
from concerns.outbox import put
from councils.rls import system_work
from rights.actions import gathering, retiring
from rights.enums import AccessState
from rights.models import Seat, SubjectRequest


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
    """Several times a day: which cases are due to be destroyed, which no longer are, and copies given out that were kept long enough."""
    with system_work():
        retiring.look_at_all(now=timezone.now())
