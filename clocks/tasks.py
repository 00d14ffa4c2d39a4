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
