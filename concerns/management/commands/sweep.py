"""Look now for open concerns that nobody keeps going, and see to it that somebody does; the clock does it every minute."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from concerns.actions import glass
from concerns.actions.sweep import Kept
from councils.rls import system_work


class Command(BaseCommand):
    """Prints how many were looked at, and how many are left without anybody: 0, or the command fails."""

    help = "See to it that no open concern is without somebody who keeps it going."

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError when a concern is left without anybody."""
        kept = glass.sweep(now=timezone.now(), within=system_work)
        self.stdout.write(_("Looked at: %s") % sum(kept.values()))
        self.stdout.write(_("Wait for somebody who is back soon: %s") % kept[Kept.WAITS])
        self.stdout.write(_("With the person who raised them, who was told: %s") % kept[Kept.RAISER])
        self.stdout.write(_("Without anybody: %s") % kept[Kept.NOBODY])
        if kept[Kept.NOBODY]:
            raise CommandError(_("Some concerns are left without anybody. Appoint somebody at their councils, then run it again."))
