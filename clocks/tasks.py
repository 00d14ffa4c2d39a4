"""Clocks. Each task is a wake-up without arguments: what is due is read from PostgreSQL."""

from celery import shared_task
from django.utils import timezone

from clocks import reminders, settling
from councils.rls import system_work


@shared_task(name="clocks.tasks.tick", ignore_result=True)
def tick() -> None:
    """Remind of what is due, and let silence go on, a batch at a time until nothing is left. Any number may run at once."""
    while True:
        with system_work():
            if not reminders.tick(now=timezone.now()):
                return


@shared_task(name="clocks.tasks.settle_marked", ignore_result=True)
def settle_marked() -> None:
    """Settle what is marked, a few at a time until nothing is left. Any number may run at once."""
    while True:
        with system_work():
            if not settling.settle_marked(now=timezone.now()):
                return


@shared_task(name="clocks.tasks.look_at_all", ignore_result=True)
def look_at_all() -> None:
    """Mark what would be due on another day now: bank holidays that changed, holds that ran out, days that have passed."""
    with system_work():
        settling.mark_changed(now=timezone.now())
