"""Read a delivery report that came back to the sender's address, so that somebody sees that a mail did not arrive."""

from __future__ import annotations

import re
import sys
from email import message_from_bytes
from email.message import Message
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from concerns import outbox
from councils.rls import system_work

LARGEST = 1024 * 1024
ID = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@([^>\s]+)>", re.IGNORECASE)


class Command(BaseCommand):
    """``manage.py read_bounce < report``: the mail server pipes what comes back into it."""

    help = "Reads one delivery report (RFC 3464) from standard input and marks the notice it is about as not delivered."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was marked: ``1`` or ``0``; nothing of the report."""
        report = message_from_bytes(sys.stdin.buffer.read(LARGEST))
        notice, failures = original(report), failed_recipients(report)
        marked = False
        if notice is not None:
            with system_work():
                marked = any(outbox.bounced(notice, address, status, now=timezone.now()) for address, status in failures)
        self.stdout.write(str(int(marked)))


def original(report: Message) -> UUID | None:
    """Takes a report; returns the id of the notice that came back: its Message-ID stands in the part that quotes the mail."""
    for part in report.walk():
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers"):
            for match in ID.finditer(part.as_string()):
                if match[2].lower() == settings.PORTAL_MAIL_DOMAIN.lower():
                    return UUID(match[1])
    return None


def failed_recipients(report: Message) -> list[tuple[str, str]]:
    """Takes a report; returns each address that failed for good, with its status code. A delay is no failure."""
    found = []
    for part in report.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in part.get_payload():
            fields = block if isinstance(block, Message) else Message()
            address = str(fields.get("Final-Recipient", "")).rpartition(";")[2].strip()
            status = str(fields.get("Status", "")).strip()
            if address and str(fields.get("Action", "")).strip().lower() == "failed" and re.fullmatch(r"[45]\.\d{1,3}\.\d{1,3}", status):
                found.append((address, status))
    return found
