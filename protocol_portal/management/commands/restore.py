"""Restore a backup into a new database."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from protocol_portal.backups import BackupError, ledger, sealing
from protocol_portal.backups.returning import Restored, restore


def told(done: Restored) -> list[str]:
    """What a restore did, line by line."""
    lines = [
        _("%(tables)d tables, %(rows)d rows, %(concerns)d concerns: counts and checksums as in the manifest")
        % {"tables": done.tables, "rows": done.rows, "concerns": done.concerns},
        _("%(values)d encrypted values and files decrypted") % {"values": done.decrypted},
        _("trail: %(events)d events, %(anchors)d anchors, %(found)d findings")
        % {"events": done.trail.events, "anchors": done.trail.anchors, "found": len(done.trail.found)},
    ]
    lines += [_("put into force again: %(what)s: %(rows)d") % {"what": what, "rows": rows} for what, rows in done.reapplied.items()]
    if done.held:
        lines.append(
            _("%(held)d notices were waiting when the backup was taken and may have been sent since: they are held as not delivered. Give --ledger to know.")
            % {"held": done.held}
        )
    return lines


class Command(BaseCommand):
    """Everything in one transaction: what doesn't come back whole doesn't come back at all."""

    help = "Restore a backup into a new database, and prove it."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="folder", metavar="FOLDER", required=True, help="the folder that backup made")
        parser.add_argument("--database", metavar="URL", required=True, help="the new database, as a superuser: postgres://postgres:…@host/portal")
        parser.add_argument("--ledger", metavar="FILE", help="the latest ledger: what was decided since the backup stays decided")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError when anything differs, and leaves the database empty then."""
        try:
            keys = sealing.keys_from(settings.PORTAL_BACKUP_KEYS)
            since = ledger.read(Path(options["ledger"]), keys) if options["ledger"] else None
            done = restore(Path(options["folder"]), options["database"], keys, now=timezone.now(), since=since, say=self.stdout.write)
        except BackupError as error:
            raise CommandError(str(error)) from None
        for line in told(done):
            self.stdout.write(line)
        self.stdout.write(_("restored"))
