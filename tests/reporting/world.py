"""A council with a year of concerns, made by the portal's own steps, and its reports."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine

from concerns.enums import Action
from concerns.models import Concern
from councils.rls import as_person
from reporting import tasks
from reporting.actions import runs
from reporting.domain.periods import Period, of_years
from reporting.enums import Audience
from reporting.models import ReportRun
from tests.factories.concerns import CANARY, NOW, do, lodge
from tests.factories.councils import Town

YEAR = of_years(2025)
AFTER = datetime(2026, 4, 10, 9, 0, tzinfo=UTC)  # the year is over
MEMBERS = [f"councillor{number}" for number in range(1, 8)]
OFFICERS = ["officer1", "officer2", "officer3"]


def at_the_desk() -> Any:
    """The clock stands after the year."""
    return time_machine.travel(AFTER, tick=False)


def year(town: Town) -> list[Concern]:
    """Thirteen concerns: nine by officers (seven about bullying, five of these settled, two open), four by councillors."""
    made = []
    for number in range(9):
        when = NOW - timedelta(days=number)
        topic = "bullying" if number < 7 else "conduct"
        made.append(lodge(town, town[OFFICERS[number % 3]], town[MEMBERS[number % 7]], now=when, topic=topic))
    for concern in made[:5]:
        when = concern.lodged_at + timedelta(days=1)
        do(Action.ACCEPT, concern, town["clerk"], now=when, note=f"{CANARY} note")
        do(Action.SETTLE, concern, town["clerk"], now=when, summary=f"{CANARY} settled", raiser_agrees=True)
    for number in range(4):
        made.append(lodge(town, town[MEMBERS[number]], town[OFFICERS[number % 3]], now=NOW - timedelta(days=100 + number)))
    return made


def asked(town: Town, *audiences: Audience, period: Period = YEAR, now: datetime = AFTER) -> list[ReportRun]:
    """Reports asked for by the administrator."""
    with as_person(town["admin"]):
        return runs.ask(council=town.council, by=town["admin"], now=now, period=period, audiences=audiences or tuple(Audience))


def reports(town: Town, *audiences: Audience, period: Period = YEAR) -> list[ReportRun]:
    """Reports asked for, and made."""
    with at_the_desk():
        made = asked(town, *audiences, period=period)
        tasks.make_reports()
    return [again(town, run) for run in made]


def again(town: Town, run: ReportRun) -> ReportRun:
    """The report as the administrator finds it now."""
    with as_person(town["admin"]):
        return ReportRun.objects.select_related("council").get(pk=run.pk)
