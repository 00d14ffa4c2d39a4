"""Commands that read one file and nothing else start without secrets, a database or the applications' models."""

import os
from collections.abc import Sequence
from pathlib import Path

VERBS = ("check", "route", "rehearse")


def needs_no_environment(argv: Sequence[str]) -> bool:
    """Is this `manage.py protocol check|route|rehearse … --file F`, or `protocol` where the environment names no database?

    Without a database the files shipped with the portal answer for a council, and what can't be done is said in a sentence.
    """
    if len(argv) < 2 or argv[1] != "protocol":
        return False
    if len(argv) > 2 and argv[2] in VERBS and any(word == "--file" or word.startswith("--file=") for word in argv[3:]):
        return True
    return not os.environ.keys() & {"DATABASE_URL", "DATABASE_OWNER_URL"}


def run(argv: Sequence[str]) -> None:
    """Run the protocol command with the few settings it needs."""
    import django
    from django.conf import settings

    base = Path(__file__).resolve().parent.parent
    settings.configure(
        BASE_DIR=base,
        INSTALLED_APPS=[],
        DATABASES={},
        LANGUAGE_CODE="en-gb",
        LOCALE_PATHS=[base / "locale"],
        TIME_ZONE="Europe/London",
        USE_TZ=True,
    )
    django.setup()
    from django.utils.translation import gettext

    from concerns.management.commands.protocol import Command
    from councils.protocol import use_translator

    use_translator(gettext)
    Command().run_from_argv(list(argv))
