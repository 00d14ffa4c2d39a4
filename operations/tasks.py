"""The minute's look at the portal itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from celery import shared_task
from django.utils import timezone

from councils.rls import system_work
from operations import actions, queries
from operations.enums import BEAT, SENT_AT, TICK, WORKER


@shared_task(name=TICK, ignore_result=True, bind=True)
def tick(self: Any) -> None:
    """Note that the worker lives and when beat sent this, count what waits, and tell the watch outside when all is well."""
    now = timezone.now()
    sent_at = getattr(self.request, SENT_AT, None) or (self.request.headers or {}).get(SENT_AT)
    actions.beat(WORKER, now=now)
    if sent_at:
        actions.beat(BEAT, now=datetime.fromisoformat(sent_at))
    with system_work():
        figures = queries.count(now=now)
    actions.keep(figures, now=now)
    if queries.health(now=now).well:
        actions.tell_the_watch()
