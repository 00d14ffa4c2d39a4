"""Write the signed digest of the trail now, or make the pair of keys that it is signed with."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.rls import system_work
from protocol_portal.trail import digest


class Command(BaseCommand):
    """Anchors whatever has grown, then prints the digest or writes it to a file."""

    help = "Write the signed digest of the trail."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", help="the file to write; left out: it is printed")
        parser.add_argument("--new-key", action="store_true", help="print a new pair of keys and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError without a sound key, or when the file can't be written."""
        if options["new_key"]:
            private, public = digest.new_key()
            self.stdout.write(f"PORTAL_DIGEST_KEY={private}\nPORTAL_DIGEST_PUBLIC={public}")
            return
        try:
            now = timezone.now()
            with system_work():
                digest.anchor(connection.connection, now=now)
                text = digest.make(connection.connection, now=now)
            if options["to"]:
                Path(options["to"]).write_text(text)
            else:
                self.stdout.write(text, ending="")
        except digest.DigestError as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(_("%(file)s can't be written: %(why)s.") % {"file": options["to"], "why": error.strerror}) from None
