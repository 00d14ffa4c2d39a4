"""The machine: its pairs are the database's, and no state changes outside an action."""

from importlib import import_module

from referrals.models import allowed_pairs


def test_the_database_holds_the_same_steps_as_the_machine(db: None) -> None:
    assert sorted(import_module("referrals.migrations.0002_walls").STEPS) == allowed_pairs()
