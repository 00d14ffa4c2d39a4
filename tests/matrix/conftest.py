"""One world a file, in a transaction that lasts as long as the file."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.concerns.screens import frozen
from tests.matrix.world import World, build


class _Undo(Exception):
    """Ends the file's transaction without keeping it."""


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The world, at noon on the fifteenth of January 2026."""
    logging.getLogger("django.request").disabled = True  # thousands of answers below 500 are expected here
    with django_db_blocker.unblock(), frozen():
        try:
            with transaction.atomic():
                yield build()
                raise _Undo
        except _Undo:
            pass
    logging.getLogger("django.request").disabled = False
