"""The demonstration's year: each kind of concern in its file goes its course by the portal's own steps."""

from __future__ import annotations

from typing import Any

import pytest

from concerns.models import Concern, Notice
from councils.protocol import read_yaml
from councils.rls import system_work
from reporting import queries
from reporting.management.commands.demo_year import YEARS, Year
from tests.concerns.conftest import loaded as loaded  # noqa: PLC0414
from tests.factories.councils import Town
from tests.reporting.world import AFTER, YEAR, at_the_desk

COUNCILS = ("yateley",)
ENDS = {"settle": "RESOLVED", "withdraw": "WITHDRAWN", "close_no_action": "NO_ACTION"}


@pytest.mark.django_db
def test_demo_year_each_kind_of_concern_goes_its_course_once(loaded: dict[str, Town]) -> None:
    content: dict[str, Any] = read_yaml((YEARS / "yateley.yaml").read_bytes(), name="yateley.yaml")
    assert sum(group["number"] for group in content["concerns"]) == 60
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
