"""`manage.py invite_council --email E --name N`: asks a council's first administrator to set the council up."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.errors import Refusal
from studio.actions.set_up import invite_administrator


class Command(BaseCommand):
    help = "Ask a council's first administrator by e-mail to set the council up."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whom to ask."""
        parser.add_argument("--email", required=True, help="their own e-mail address, not a shared mailbox")
        parser.add_argument("--name", default="", help="their full name; needed unless they are known to the portal")

    def handle(self, *args: Any, email: str, name: str, **options: Any) -> None:
        """Begins the set-up and queues the mail; says where it goes on."""
        try:
            begun = invite_administrator(email=email, full_name=name, by=None, now=timezone.now())
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        where = settings.PORTAL_URL.rstrip("/") + reverse("studio:set-up", kwargs={"set_up": begun.pk})
        self.stdout.write(_("{email} is asked by e-mail within a minute. They set the council up at {where}").format(email=begun.person.email, where=where))
