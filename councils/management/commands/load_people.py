"""`manage.py load_people F …`: a council's people, bodies and ties from a file. Loading twice changes nothing."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from councils import actions
from councils.errors import Refusal
from councils.protocol import ProtocolFileError, read_yaml


class Command(BaseCommand):
    help = "Load a council's people, bodies, external bodies and disclosed relationships from YAML files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One or more files."""
        parser.add_argument("files", nargs="+", metavar="F", type=Path)

    def handle(self, *args: Any, files: list[Path], **options: Any) -> None:
        """Loads each file, all of it or none of it; says what is wrong and stops at the first that has a fault."""
        for path in files:
            try:
                data = read_yaml(path.read_bytes(), name=path.name)
                loaded = actions.load_people(data, by=None, now=timezone.now(), source_name=path.name)
            except OSError as error:
                raise CommandError(_("{file} can't be read: {why}.").format(file=path, why=error.strerror)) from error
            except (ProtocolFileError, Refusal) as error:
                raise CommandError(str(error)) from error
            self.stdout.write(
                _("{file}: {people} people of {council}, {new} new entries.").format(
                    file=path.name, people=len(loaded.people), council=loaded.council.name, new=loaded.new
                )
            )
