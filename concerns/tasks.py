"""Clocks. Each task is a wake-up without arguments: what is due is read from PostgreSQL."""

from datetime import timedelta

from celery import shared_task
from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from concerns import outbox, rooms
from concerns.actions import glass, papers
from concerns.enums import NoticeKind, Scan
from concerns.files import scanning
from concerns.models.files import StoredFile
from councils import actions as council_actions
from councils import reviews
from councils.rls import system_work

SCAN_AGAIN = timedelta(hours=1)  # after the scanner looked and couldn't say


@shared_task(name="concerns.tasks.deliver_notices", ignore_result=True)
def deliver_notices() -> None:
    """Send every notice that is due, a batch at a time, until none is left or the mail server is away."""
    with system_work():
        outbox.withdraw(now=timezone.now())
    while True:
        began = timezone.now()
        with system_work():
            batch = outbox.claim(now=began)
        if not batch:
            return
        connection = outbox.mail_connection()
        sent_any = False
        try:
            for claimed in batch:
                if timezone.now() > began + outbox.LAST_START:
                    return  # the rest goes when its lease has ended
                try:
                    outbox.message(claimed.id, claimed.email, connection, claimed.language).send()
                except Exception as error:  # noqa: BLE001 - any failure to send is kept and tried again
                    with system_work():
                        outbox.failed(claimed, error, now=timezone.now())
                else:
                    sent_any = True
                    with system_work():
                        outbox.sent(claimed.id, now=timezone.now(), no_longer_refused=claimed.person_id if claimed.refused else None)
        finally:
            connection.close()
        if not sent_any:
            return


@shared_task(name="concerns.tasks.scan_files", ignore_result=True)
def scan_files() -> None:
    """Have every file scanned that came in while the scanner was away, of whichever room, until it's away again.

    A file is read in one short transaction and its answer written in another: no lock is held while it's scanned.
    """
    if not scanning.configured():
        return
    for model in apps.get_models():
        if issubclass(model, StoredFile):
            while _scan_one(model):
                pass


def _scan_one(model: type[StoredFile]) -> bool:
    """Scan the next file of ``model`` that is due; False when there's none or the scanner is away."""
    now = timezone.now()
    waiting = model._default_manager.filter(scan=Scan.NOT_SCANNED).filter(Q(scanned_at=None) | Q(scanned_at__lt=now - SCAN_AGAIN))
    with system_work():
        found = waiting.order_by("pk").only("pk", "content").first()
    if found is None:
        return False
    said, looked = papers.look(bytes(found.content))
    if not looked:
        return False
    with system_work():
        changed = model._default_manager.filter(pk=found.pk, scan=Scan.NOT_SCANNED).update(scan=said, scanned_at=now)
        if changed and said == Scan.INFECTED:
            for tell in rooms.INFECTED:
                tell(found, now)
    return True


@shared_task(name="concerns.tasks.sweep", ignore_result=True)
def sweep() -> None:
    """No open concern without somebody who keeps it going, where people changed lately; and requests to break the glass."""
    glass.sweep(now=timezone.now(), within=system_work, lately=True)


@shared_task(name="concerns.tasks.sweep_all", ignore_result=True)
def sweep_all() -> None:
    """The same for every open concern: what a new day brought, and whatever the minutes missed."""
    glass.sweep(now=timezone.now(), within=system_work)


@shared_task(name="concerns.tasks.tell_of_reviews", ignore_result=True)
def tell_of_reviews() -> None:
    """Tell the administrators and the clerk of each council whose protocol's review comes up; once for each alert."""
    now = timezone.now()
    with system_work():
        councils = reviews.to_alert(on=timezone.localdate(now))
    for council in councils:
        with system_work():
            people = council_actions.alert_of_review(council=council, now=now)
            if people:
                outbox.put(None, NoticeKind.PROTOCOL_REVIEW, to=people, now=now)
