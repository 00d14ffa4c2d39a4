"""The machine, the model and the database say the same."""

from __future__ import annotations

from importlib import import_module

from grievances.models import allowed_pairs


def test_the_trigger_holds_the_steps_of_the_model() -> None:
    steps = import_module("grievances.migrations.0002_walls").STEPS
    assert sorted((source, target) for source, targets in steps.items() for target in targets.split()) == allowed_pairs()
