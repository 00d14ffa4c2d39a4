"""The demonstration's year: each kind of concern in its file goes its course by the portal's own steps."""

from __future__ import annotations

from typing import Any

import pytest

from concerns.models import Concern, Notice
from councils.protocol import read_yaml
from councils.rls import as_person, system_work
from reporting import queries, tasks
from reporting.management.commands.demo_year import YEARS, Year
from tests.concerns.conftest import loaded as loaded  # noqa: PLC0414
from tests.factories.councils import Town
from tests.reporting.world import AFTER, YEAR, at_the_desk

COUNCILS = ("yateley",)
ENDS = {"refer_code": "CODE_REFERRAL", "settle": "RESOLVED", "withdraw": "WITHDRAWN", "close_no_action": "NO_ACTION"}


@pytest.mark.django_db
def test_demo_year_each_kind_of_concern_goes_its_course_once(loaded: dict[str, Town]) -> None:
    content: dict[str, Any] = read_yaml((YEARS / "yateley.yaml").read_bytes(), name="yateley.yaml")
    assert sum(group["number"] for group in content["concerns"]) == 72
    content["concerns"] = [{**group, "number": 1} for group in content["concerns"]]
    town = loaded["yateley"]

    with at_the_desk():
        for _time in range(2):
            Year(town.council, content, now=AFTER).make()

    with system_work():
        made = queries.concerns(town.council, YEAR)
        states = sorted(Concern.objects.filter(pk__in=made).values_list("state", flat=True))
        assert states == sorted(ENDS[group["course"][-1].partition(" ")[0]] for group in content["concerns"])
        assert not Notice.objects.filter(concern__in=made, sent_at__isnull=True).exists()
        assert sorted(queries.runs_of(town.council).values_list("audience", "status")) == [
            ("council", "WAITING"), ("monitoring_officer", "WAITING"), ("public", "WAITING"),
        ]  # fmt: skip


@pytest.mark.django_db
def test_demo_year_of_before_stands_beside_the_last_in_its_report(loaded: dict[str, Town]) -> None:
    town = loaded["yateley"]
    with at_the_desk():
        for name in ("yateley-before.yaml", "yateley.yaml"):
            content: dict[str, Any] = read_yaml((YEARS / name).read_bytes(), name=name)
            content["concerns"] = [{**group, "number": 2} for group in content["concerns"][:3]]
            Year(town.council, content, now=AFTER).make()
        tasks.make_reports()

    with as_person(town["admin"]):
        runs = {(run.starts_on.year, run.audience): run for run in queries.runs_of(town.council)}
    assert {run.status for run in runs.values()} == {"DONE"}
    assert runs[2025, "council"].content["trend"] == [{"starts_on": "2024-04-01", "total": 5}, {"starts_on": "2025-04-01", "total": 5}]
    assert runs[2025, "public"].content["trend"] == [{"starts_on": "2024-04-01", "total": None}, {"starts_on": "2025-04-01", "total": None}]
