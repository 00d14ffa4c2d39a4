"""Clocks of the trail: anchors every few minutes, the digest once a day."""

import os
from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.rls import system_work
from protocol_portal.trail import digest


@shared_task(name="protocol_portal.trail.tasks.anchor_trail", ignore_result=True)
def anchor_trail() -> None:
    """Anchor every chain that has grown since the last time."""
    with system_work():
        digest.anchor(connection.connection, now=timezone.now())


@shared_task(name="protocol_portal.trail.tasks.send_digest", ignore_result=True)
def send_digest() -> None:
    """Anchor, and leave the signed digest where the operator wants it: a directory, a mailbox, or both. Without a key: nothing."""
    if not settings.PORTAL_DIGEST_KEY or not (settings.PORTAL_DIGEST_DIR or settings.PORTAL_DIGEST_TO):
        return
    now = timezone.now()
    with system_work():
        digest.anchor(connection.connection, now=now)
        text = digest.make(connection.connection, now=now)
    name = f"digest-{timezone.localtime(now):%Y-%m-%d}.json"
    if settings.PORTAL_DIGEST_DIR:
        folder = Path(settings.PORTAL_DIGEST_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / f".{name}.{os.getpid()}"
        fresh.write_text(text)
        fresh.replace(folder / name)
    if settings.PORTAL_DIGEST_TO:
        mail = EmailMessage(
            subject=str(_("Digest of the trail")),
            body=str(_("Keep the attached file away from the portal's own servers. manage.py verify_trail --digest FILE checks the trail against it.")),
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[settings.PORTAL_DIGEST_TO],
            headers={"Auto-Submitted": "auto-generated"},
        )
        mail.attach(name, text, "application/json")
        mail.send()
