"""Towns and cases that the tests of this room start from."""

from __future__ import annotations

import pytest

from concerns.models import Concern
from tests.factories.councils import Town, town
from tests.factories.referrals import referred
from tests.matrix.conftest import world

__all__ = ["world"]


@pytest.fixture
def weston(db: None) -> Town:
    return town("weston")


@pytest.fixture
def yateley(db: None) -> Town:
    return town("yateley")


@pytest.fixture
def ilminster(db: None) -> Town:
    return town("ilminster")


@pytest.fixture
def auth5c(db: None) -> Town:
    return town("auth5c")


@pytest.fixture
def concern(weston: Town) -> Concern:
    """Officer 1's concern about councillor 2, which the clerk handled and referred."""
    return referred(weston, weston["officer1"], weston["councillor2"], weston["clerk"])
