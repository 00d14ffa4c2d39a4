#!/usr/bin/env python
"""Django's command line for the portal."""

import os
import sys


def main() -> None:
    """Run a management command; settings come from the environment, except for a command that only reads a file."""
    from protocol_portal import offline

    if offline.needs_no_environment(sys.argv):
        offline.run(sys.argv)
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "protocol_portal.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
