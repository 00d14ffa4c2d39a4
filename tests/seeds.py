"""Chance in tests: the same every time, unless somebody asks for more.

``PORTAL_SEEDS=random`` draws anew and says what it drew; ``PORTAL_SEEDS=<what it said>`` draws that again.
"""

from __future__ import annotations

from random import Random

from hypothesis import settings

from tests.environment import SEEDS


def chance(name: str) -> Random:
    """A source of chance of its own for whatever has that name."""
    return Random(f"{name} {SEEDS}" if SEEDS else name)


def settle() -> None:
    """Generated examples follow the seeds, leave nothing behind for the next run, and may take their time."""
    settings.register_profile("portal", derandomize=not SEEDS, database=None, deadline=None, print_blob=True)
    settings.load_profile("portal")
