"""Clocks of the trail: anchors every few minutes, the digest once a day. Each is a wake-up without arguments."""

import os
from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from concerns.models import TrailDigest
from councils.rls import system_work
from protocol_portal.trail import digest


@shared_task(name="protocol_portal.trail.tasks.anchor_trail", ignore_result=True)
def anchor_trail() -> None:
    """Anchor every chain that has grown since the last time."""
    with system_work():
        digest.anchor(connection.connection, now=timezone.now())


@shared_task(name="protocol_portal.trail.tasks.send_digest", ignore_result=True)
def send_digest() -> None:
    """Once a day: anchor, and leave the signed digest where the operator wants it, a directory, a mailbox, or both.

    Asked every hour: what was missed or couldn't be sent is made up for, and a second ask does nothing. Without a key: nothing.
    """
    if not settings.PORTAL_DIGEST_KEY or not (settings.PORTAL_DIGEST_DIR or settings.PORTAL_DIGEST_TO):
        return
    now = timezone.now()
    day = timezone.localdate(now)
    with system_work():
        if not TrailDigest.objects.filter(day=day).exists():
            digest.anchor(connection.connection, now=now)
            TrailDigest.objects.bulk_create([TrailDigest(day=day, text=digest.make(connection.connection, now=now))], ignore_conflicts=True)
        text = TrailDigest.objects.values_list("text", flat=True).get(day=day)
    if settings.PORTAL_DIGEST_DIR:
        _write(Path(settings.PORTAL_DIGEST_DIR), f"digest-{day}.json", text)
    if settings.PORTAL_DIGEST_TO:
        with system_work():
            waiting = TrailDigest.objects.select_for_update(skip_locked=True).filter(mailed_at=None).order_by("day")
            for row in waiting:
                _mail(row)
                row.mailed_at = now
                row.save(update_fields=["mailed_at"])


def _write(folder: Path, name: str, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / name).exists():
        return
    fresh = folder / f".{name}.{os.getpid()}"
    fresh.write_text(text)
    fresh.replace(folder / name)


def _mail(row: TrailDigest) -> None:
    mail = EmailMessage(
        subject=str(_("Digest of the trail")),
        body=str(_("Keep the attached file away from the portal's own servers. manage.py verify_trail --digest FILE checks the trail against it.")),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[settings.PORTAL_DIGEST_TO],
        headers={"Message-ID": f"<digest-{row.day}@{settings.PORTAL_MAIL_DOMAIN}>", "Auto-Submitted": "auto-generated"},
    )
    mail.attach(f"digest-{row.day}.json", row.text, "application/json")
    mail.send()
