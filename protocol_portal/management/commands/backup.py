"""Take an encrypted backup, or the ledger of what a restore must not undo."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from protocol_portal.backups import BackupError, ledger, sealing, taking


class Command(BaseCommand):
    """Reads as PORTAL_BACKUP_URL (a role with BYPASSRLS); encrypts with the first of PORTAL_BACKUP_KEYS."""

    help = "Take an encrypted backup of the database, files included."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--to", metavar="FOLDER", help="a new folder for the backup")
        what.add_argument("--ledger", metavar="FILE", help="write only the ledger: exclusions, erasures, ended access, mail sent")
        what.add_argument("--new-key", action="store_true", help="print a new key and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError when the backup can't be taken whole."""
        if options["new_key"]:
            self.stdout.write(sealing.new_key())
            return
        try:
            keys = sealing.keys_from(settings.PORTAL_BACKUP_KEYS)
            if set(settings.PORTAL_BACKUP_KEYS) & set(settings.PORTAL_FIELD_KEYS):
                raise BackupError(_("A key is used both in PORTAL_BACKUP_KEYS and in PORTAL_FIELD_KEYS. Give each its own."))
            if not settings.PORTAL_BACKUP_URL:
                raise BackupError(_("PORTAL_BACKUP_URL is missing. For example: PORTAL_BACKUP_URL=postgres://portal_backup:...@db:5432/portal"))
            if options["ledger"]:
                counts = ledger.take(settings.PORTAL_BACKUP_URL, Path(options["ledger"]), keys[0], now=timezone.now())
                self.stdout.write(_("ledger: %(rows)d rows") % {"rows": sum(counts.values())})
                return
            manifest = taking.take(settings.PORTAL_BACKUP_URL, Path(options["to"]).resolve(), keys[0], now=timezone.now())
        except BackupError as error:
            raise CommandError(str(error)) from None
        tables = manifest["tables"]
        numbers = {
            "tables": len(tables),
            "rows": sum(table["rows"] for table in tables.values()),
            "concerns": tables["concerns_concern"]["rows"],
            "events": manifest["trail"]["events"],
        }
        self.stdout.write(_("backup: %(tables)d tables, %(rows)d rows, %(concerns)d concerns, %(events)d events") % numbers)
        if manifest["trail"]["findings"]:
            self.stderr.write(_("The trail isn't sound. Run manage.py verify_trail."))
        if not numbers["concerns"]:
            self.stderr.write(_("There are 0 concerns in it: the drill will refuse it."))
