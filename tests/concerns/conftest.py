"""The five councils, loaded once a file; what a test does to them is rolled back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.factories import kept
from tests.factories.councils import KEYS, Town


class _Undo(Exception):
    """Ends the file's transaction without keeping it."""


@pytest.fixture(scope="module")
def loaded(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Town]]:
    """Every council (or those of the file's ``COUNCILS``), loaded in a transaction that lasts as long as the file. The tests run in savepoints of it."""
    with django_db_blocker.unblock():
        try:
            with transaction.atomic():
                yield kept.towns(getattr(request.module, "COUNCILS", KEYS))
                raise _Undo
        except _Undo:
            pass


@pytest.fixture
def towns(loaded: dict[str, Town], db: None) -> Callable[[str], Town]:
    """``towns("weston")``: that council with its people, as the demonstration has them."""
    return loaded.__getitem__


@pytest.fixture
def weston(towns: Callable[[str], Town]) -> Town:
    return towns("weston")


@pytest.fixture
def auth5c(towns: Callable[[str], Town]) -> Town:
    return towns("auth5c")


@pytest.fixture
def yateley(towns: Callable[[str], Town]) -> Town:
    return towns("yateley")


@pytest.fixture
def alsager(towns: Callable[[str], Town]) -> Town:
    return towns("alsager")


@pytest.fixture
def ilminster(towns: Callable[[str], Town]) -> Town:
    return towns("ilminster")
