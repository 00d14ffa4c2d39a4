"""Clocks. Each task is a wake-up without arguments: what is due is read from PostgreSQL."""

from celery import shared_task
from django.utils import timezone

from concerns import outbox
from councils.rls import system_work


@shared_task(name="concerns.tasks.deliver_notices", ignore_result=True)
def deliver_notices() -> None:
    """Send every notice that is due, a batch at a time, until none is left or the mail server is away."""
    while True:
        with system_work():
            batch = outbox.claim(now=timezone.now())
        if not batch:
            return
        connection = outbox.mail_connection()
        sent_any = False
        try:
            for claimed in batch:
                try:
                    outbox.message(claimed.id, claimed.email, connection).send()
                except Exception as error:  # noqa: BLE001 - any failure to send is kept and tried again
                    with system_work():
                        outbox.failed(claimed, error, now=timezone.now())
                else:
                    sent_any = True
                    with system_work():
                        outbox.sent(claimed.id, now=timezone.now())
        finally:
            connection.close()
        if not sent_any:
            return
