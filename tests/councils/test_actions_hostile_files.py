"""Generated people and protocol files: each is loaded or refused in words, never anything else, and nothing half-done."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from councils import actions
from councils.errors import Refusal
from councils.models import Appointment, CouncilEvent, Person, ProtocolVersion
from tests.factories.councils import NOW, CouncilFactory, protocol_file

pytestmark = pytest.mark.django_db
RELAXED = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
WORDS = ["officer", "councillor", "proper_officer", "deputy_acting", "councillor_acting_unpaid", "a@b.example", "c@d.example"]
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(WORDS),
    st.dates(date(1, 1, 1)),
    st.sampled_from(["\x00", "\u202eevil", "x" * 5000, "2024-01-01", "2024-02-30", "9999-12-31"]),
)
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=6
)
NASTY = [None, 7, "x", "\x00", [], [7], {"a": [1]}, date(1, 1, 1)]
SMALL = {
    "council": "target",
    "people": [
        {"email": "a@b.example", "name": "Somebody", "roles": [{"role": "proper_officer", "from": "2020-01-01", "post": "Clerk"}]},
        {
            "email": "c@d.example",
            "name": "Somebody else",
            "manager": "a@b.example",
            "manager_from": "2024-01-01",
            "roles": [
                {"role": "officer", "from": "2020-01-01", "to": "2030-01-01", "directorate": "Place"},
                {"role": "proper_officer", "from": "2024-01-01", "kind": "deputy_acting", "acting_for": "a@b.example"},
            ],
        },
    ],
    "bodies": [
        {
            "code": "panel",
            "name": "Panel",
            "quorum": 1,
            "minimum_members": 2,
            "from": "2024-01-01",
            "chair": "a@b.example",
            "members": ["a@b.example"],
            "substitutes": ["c@d.example"],
        }
    ],
    "external_bodies": [{"code": "mo", "name": "MO", "contact": "x", "address": "y", "from": "2024-01-01", "to": "2025-01-01"}],
    "relationships": [
        {
            "between": ["a@b.example", "c@d.example"],
            "kind": "family",
            "from": "2024-01-01",
            "disclosed_by": "a@b.example",
            "disclosed_on": "2024-01-01",
        }
    ],
}


def counts() -> list[int]:
    return [model.objects.count() for model in (Person, Appointment, CouncilEvent, ProtocolVersion)]


def loaded_or_refused(call) -> None:
    """Runs a loader in a savepoint that is taken back; whatever is refused must have left nothing."""
    before = counts()
    with transaction.atomic():
        message = "loaded"
        try:
            call()
        except Refusal as refusal:
            message = str(refusal.message)
        if message != "loaded":
            assert (message.strip() != "", counts()) == (True, before)
        transaction.set_rollback(True)


def mutated(data: Any, chance: random.Random, value: Any) -> Any:
    """One place of a protocol file, chosen at random, replaced by something else."""
    here, path = data, []
    while isinstance(here, dict | list) and here and (not path or chance.random() < 0.8):
        key = chance.choice(list(here)) if isinstance(here, dict) else chance.randrange(len(here))
        path.append((here, key))
        here = here[key]
    if path:
        holder, key = path[-1]
        holder[key] = value
    return data


@pytest.fixture
def target():
    return CouncilFactory(key="target")


def test_people_file_small_is_loaded(target):
    loaded = actions.load_people(SMALL, by=None, now=NOW, source_name="people.yaml")
    assert (len(loaded.people), loaded.new) == (2, 11)


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a file, as the keys that lead to it."""
    for key in list(data) if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ():
        yield (*path, key)
        yield from places(data[key], (*path, key))


@pytest.mark.parametrize("value", NASTY, ids=[f"{type(value).__name__}{n}" for n, value in enumerate(NASTY)])
def test_people_file_with_something_else_in_any_place_is_loaded_or_refused(target, value):
    tried = 0
    for path in places(SMALL):
        data = here = copy.deepcopy(SMALL)
        for key in path[:-1]:
            here = here[key]
        here[path[-1]] = value
        loaded_or_refused(lambda data=data: actions.load_people(data, by=None, now=NOW, source_name="people.yaml"))
        tried += 1
    assert tried == 55


@RELAXED
@given(data=ANYTHING)
def test_people_file_of_anything_is_refused(data):
    loaded_or_refused(lambda: actions.load_people(data, by=None, now=NOW, source_name="people.yaml"))
    assert Person.objects.count() == 0


@RELAXED
@given(seed=st.integers(0, 10**9), value=ANYTHING, key=st.sampled_from(["weston", "auth5c", "yateley", "alsager", "ilminster"]))
def test_protocol_file_changed_anywhere_is_loaded_or_refused(seed, value, key):
    data = mutated(protocol_file(key), random.Random(seed), value)
    loaded_or_refused(lambda: actions.load_protocol(data, by=None, now=NOW, source_name="protocol.yaml"))


@RELAXED
@given(data=ANYTHING)
def test_protocol_file_of_anything_is_refused(data):
    loaded_or_refused(lambda: actions.load_protocol(data, by=None, now=NOW, source_name="protocol.yaml"))
    assert ProtocolVersion.objects.count() == 0
