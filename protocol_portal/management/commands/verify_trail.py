"""Prove that nothing in the trail was edited, deleted, cut off or rewritten; exit 1 and say where if something was."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.utils.translation import gettext as _

from councils.models import Council
from councils.rls import system_work
from protocol_portal.trail import digest, proof

SHOWN = 200


class Command(BaseCommand):
    """Reads every chain and anchor; changes nothing."""

    help = "Prove the trail: finds any edit, deletion, cut tail or rewrite."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--council", help="the key of one council; left out: all")
        parser.add_argument("--digest", help="a signed digest to hold the trail against")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError (exit 1) when anything is found, (exit 2) when what was given can't be used."""
        heads = self._digest(options["digest"]) if options["digest"] else None
        council = None
        if options["council"]:
            found = Council.objects.filter(key=options["council"]).first()
            if found is None:
                raise CommandError(_("No council has the key “%(key)s”.") % {"key": options["council"]}, returncode=2)
            council = str(found.pk)
        elif not Council.objects.exists():
            raise CommandError(_("There is no council in this database, so nothing was proved. Check DATABASE_URL."), returncode=2)
        fresh = not connection.in_atomic_block
        with transaction.atomic():
            if fresh:  # one moment of the database, while people go on writing
                connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            with system_work():
                verdict = proof.prove(connection.connection, council=council, heads=heads)
        for finding in verdict.found[:SHOWN]:
            self.stdout.write(str(finding))
        numbers = {"events": verdict.events, "concerns": verdict.concerns, "anchors": verdict.anchors, "found": len(verdict.found)}
        if not verdict.sound:
            raise CommandError(_("The trail is not sound: %(found)d findings in %(events)d events of %(concerns)d chains.") % numbers)
        self.stdout.write(_("verified: %(events)d events of %(concerns)d chains, %(anchors)d anchors") % numbers)

    def _digest(self, file: str) -> dict[str, tuple[int, str]]:
        try:
            return digest.read(Path(file).read_bytes()[: digest.LARGEST].decode())
        except OSError as error:
            raise CommandError(_("%(file)s can't be opened: %(why)s.") % {"file": file, "why": error.strerror}, returncode=2) from None
        except (digest.DigestError, UnicodeDecodeError) as error:
            raise CommandError(str(error), returncode=2) from None
