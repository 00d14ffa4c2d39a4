"""Councils that are put back between files are, row by row, those that the actions loaded."""

import pytest
from django.apps import apps
from django.db import connection, transaction

from councils.models import Person
from tests.factories import kept
from tests.factories.councils import KEYS

pytestmark = pytest.mark.django_db


def loaded_and_undone(keys: tuple[str, ...]) -> tuple[dict[str, dict[str, set[bytes]]], set[str]]:
    """The rows of each council, and everybody's e-mail."""
    with transaction.atomic():
        towns = kept.towns(keys)
        rows = {key: kept.rows_of(town) for key, town in towns.items()}
        for town in towns.values():
            town.council.refresh_from_db()
        people = set(Person.objects.values_list("email", flat=True))
        assert people >= {person.email for town in towns.values() for person in town.people.values()}
        transaction.set_rollback(True)
    return rows, people


def tables_with_rows(as_owner) -> dict[str, int]:
    """Every table of ours that has rows, with how many."""
    counts = {}
    with as_owner(), connection.cursor() as cursor:
        for model in apps.get_models():
            cursor.execute(f"SELECT count(*) FROM {model._meta.db_table}")
            counts[model._meta.db_table] = cursor.fetchone()[0]
    return {table: count for table, count in counts.items() if count}


def test_council_put_back_is_row_by_row_the_one_loaded(monkeypatch):
    monkeypatch.setattr(kept, "_kept", {})
    first = loaded_and_undone(("auth5c",))
    alone = loaded_and_undone(("ilminster",))  # somebody has a post in both
    loaded = loaded_and_undone(KEYS)
    assert loaded_and_undone(KEYS) == loaded
    assert len(loaded[0]) == 5 and all(loaded[0]["weston"].values())
    assert alone[0]["ilminster"] == loaded[0]["ilminster"] and first[0]["auth5c"] == loaded[0]["auth5c"]
    assert alone[1] < loaded[1] and first[1] & alone[1]


def test_everything_that_loading_a_council_writes_is_kept(monkeypatch, as_owner):
    monkeypatch.setattr(kept, "_kept", {})
    before = tables_with_rows(as_owner)
    kept.towns(KEYS)
    written = {table: count for table, count in tables_with_rows(as_owner).items() if table not in before}
    assert written.pop("concerns_trailhead") == len(KEYS)  # where each council's chain ends: the database writes it with the events
    assert written == {table: len(set().union(*(rows[table] for _town, rows in kept._kept.values()))) for table in kept.TABLES}
