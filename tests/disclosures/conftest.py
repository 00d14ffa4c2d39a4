"""The councils of the casework's tests, and the people of the matrix without its cases."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.concerns.conftest import _Undo, alsager, auth5c, ilminster, loaded, towns, weston, yateley
from tests.concerns.screens import frozen
from tests.factories.councils import town
from tests.matrix.world import World, _extra

__all__ = ["alsager", "auth5c", "ilminster", "loaded", "towns", "weston", "world", "yateley"]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Weston with everybody the matrix knows and no case, at noon on the fifteenth of January 2026."""
    logging.getLogger("django.request").disabled = True  # hundreds of answers below 500 are expected here
    with django_db_blocker.unblock(), frozen():
        try:
            with transaction.atomic():
                where = town("weston")
                made = World(where, {**where.people, **_extra(where)}, {})
                made.sign_in()
                yield made
                raise _Undo
        except _Undo:
            pass
    logging.getLogger("django.request").disabled = False
