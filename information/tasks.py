"""Clocks of the room. A wake-up without arguments: what is due is read from PostgreSQL."""

from celery import shared_task
from django.utils import timezone

from councils.rls import system_work
from information.actions.arranging import end_what_is_over


@shared_task(name="information.tasks.end_arrangements", ignore_result=True)
def end_arrangements() -> None:
    """End the agreements whose last day has passed, a batch at a time."""
    while True:
        with system_work():
            if not end_what_is_over(now=timezone.now()):
                return
