"""No scenario is skipped in silence: each runs, or stands here with the part that will bring it."""

import re
from importlib import import_module
from typing import Any

import pytest
import yaml

from concerns.domain.routing import resolve
from tests.councils.small_council import ROOT, law, shipped
from tests.factories.concerns import NOW

SCENARIOS = yaml.safe_load((ROOT / "tests" / "data" / "scenarios.yaml").read_text(encoding="utf-8"))["scenarios"]
FILES = {"W": "weston", "P": "auth5c", "Y": "yateley", "A": "alsager", "I": "ilminster"}
TEST = re.compile(r"test_([wpyai])_(\d\d)_")

#: scenario → the part of the portal that brings it.
NOT_YET: dict[str, str] = {}


def running() -> set[str]:
    """The ids of the scenarios with at least one test of their own."""
    found = set()
    for letter, name in FILES.items():
        module = import_module(f"tests.concerns.test_scenarios_{name}")
        for test in vars(module):
            if match := TEST.match(test):
                assert match[1].upper() == letter, test
                found.add(f"{letter}-{match[2]}")
    return found


def test_every_scenario_runs_or_waits_for_a_named_part() -> None:
    ids = {scenario["id"] for scenario in SCENARIOS}
    assert len(SCENARIOS) == len(ids) == 58
    assert running() | set(NOT_YET) == ids
    assert running() & set(NOT_YET) == set()
    assert all(NOT_YET.values())


def test_at_least_forty_scenarios_run() -> None:
    assert len(running()) >= 46


@pytest.mark.parametrize("scenario", [s for s in SCENARIOS if "check" in s], ids=lambda scenario: scenario["id"])
def test_check_of_the_scenario_is_answered_as_written(scenario: dict[str, Any]) -> None:
    check, protocol = scenario["check"], shipped(scenario["council"])
    on = NOW.date()
    answer = resolve(
        protocol, raiser=check["raiser"], subject=check["subject"], stage=check["stage"], topic=check.get("topic"),
        law=law().in_force(protocol.jurisdiction, on), on=on,
    )  # fmt: skip
    assert (answer.rule, answer.mode, list(answer.tokens)) == (check["route"], check["mode"], check["to"])
