"""Restore a backup into a scratch database, prove it, throw it away; ends with "verified" or fails."""

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from protocol_portal.backups import BackupError, sealing, taking
from protocol_portal.backups.drill import drill, scratch
from protocol_portal.management.commands.restore import told


class Command(BaseCommand):
    """Without --from it takes a backup first, so that the whole way there and back is tried."""

    help = "Try a backup: restore it into a scratch database and prove it."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="folder", metavar="FOLDER", help="the backup to try; left out: one is taken now")
        parser.add_argument("--ledger", metavar="FILE", help="a ledger to put into force")
        parser.add_argument("--server", metavar="URL", help="a server to try it on, as a superuser; left out: a private one is started")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError when anything is wrong; 0 concerns are."""
        try:
            keys = sealing.keys_from(settings.PORTAL_BACKUP_KEYS)
            since = Path(options["ledger"]) if options["ledger"] else None
            with tempfile.TemporaryDirectory(prefix="portal-drill-") as room:
                folder = Path(options["folder"] or Path(room) / "backup")
                if not options["folder"]:
                    if not settings.PORTAL_BACKUP_URL:
                        raise BackupError(_("PORTAL_BACKUP_URL is missing. For example: PORTAL_BACKUP_URL=postgres://portal_backup:...@db:5432/portal"))
                    self.stdout.write(_("Taking a backup …"))
                    taking.take(settings.PORTAL_BACKUP_URL, folder, keys[0], now=timezone.now())
                taking.manifest_of(folder, keys)  # before a server is started for it
                with scratch(options["server"]) as url:
                    done = drill(folder, url, keys, now=timezone.now(), since=since, say=self.stdout.write)
        except BackupError as error:
            raise CommandError(str(error)) from None
        for line in told(done):
            self.stdout.write(line)
        self.stdout.write(_("verified"))
