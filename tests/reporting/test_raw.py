"""Raw SQL as portal_app: who asks for a report, for which period, who reads one, and who publishes it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from councils.models import Person
from councils.rls import as_person, system_work
from reporting.enums import Audience
from reporting.models import ReportPublication, ReportRun
from tests.concerns.conftest import loaded as loaded  # noqa: PLC0414
from tests.factories.councils import AppointmentFactory, Town
from tests.reporting.world import at_the_desk, reports

COUNCILS = ("weston", "yateley")
pytestmark = pytest.mark.django_db
ASK = (
    "INSERT INTO reporting_reportrun (id, council_id, starts_on, ends_on, audience, status, asked_by_id, asked_at, attempts, steps, steps_done)"
    " VALUES (%s, %s, %s, %s, 'council', %s, %s, now(), 0, 0, 0)"
)
FIRST, LAST = date(2024, 4, 1), date(2025, 3, 31)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with at_the_desk():
        yield


@pytest.fixture
def town(loaded: dict[str, Town]) -> Town:
    return loaded["weston"]


def raw(person: Person | None, statement: str, values: list[Any]) -> int:
    with as_person(person), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("portal_app",)
        cursor.execute(statement, values)
        return cursor.rowcount


def refused(person: Person | None, statement: str, values: list[Any], match: str = "row-level security") -> None:
    with pytest.raises(DatabaseError, match=match), transaction.atomic():
        raw(person, statement, values)


def asking(town: Town, who: str, *, first: date = FIRST, last: date = LAST, status: str = "WAITING") -> list[Any]:
    return [uuid4(), town.council.pk, first, last, status, town[who].pk]


def test_report_is_asked_for_by_an_administrator_in_their_own_name(town: Town, loaded: dict[str, Town]) -> None:
    for who in ("clerk", "councillor1", "officer1"):
        refused(town[who], ASK, asking(town, who))
        refused(town[who], ASK, asking(town, "admin"))
    refused(None, ASK, asking(town, "admin"))
    refused(loaded["yateley"]["admin"], ASK, [uuid4(), town.council.pk, FIRST, LAST, "WAITING", loaded["yateley"]["admin"].pk])
    refused(town["admin"], ASK, asking(town, "clerk"))
    refused(town["admin"], ASK, asking(town, "admin", status="RUNNING"))
    assert raw(town["admin"], ASK, asking(town, "admin")) == 1


@pytest.mark.parametrize(("first", "last"), [
    (date(2025, 1, 1), date(2025, 1, 31)), (date(2024, 4, 1), date(2025, 3, 30)), (date(2023, 4, 1), date(2025, 3, 31)),
    (date(2020, 4, 1), date(2024, 3, 31)), (date(2024, 5, 1), date(2025, 4, 30)),
])  # fmt: skip
def test_report_of_a_period_that_isnt_fixed_cant_be_asked_for(town: Town, first: date, last: date) -> None:
    refused(town["admin"], ASK, asking(town, "admin", first=first, last=last), "report_fixed_period")


def test_report_of_a_year_that_isnt_over_cant_be_asked_for(town: Town) -> None:
    refused(town["admin"], ASK, asking(town, "admin", first=date(2026, 4, 1), last=date(2027, 3, 31)))


def test_report_is_read_by_its_readers_and_by_everybody_once_it_is_published(town: Town, loaded: dict[str, Town]) -> None:
    AppointmentFactory(council=town.council, person=town["deputy"], role="monitoring_officer")
    public, council = reports(town, Audience.PUBLIC, Audience.COUNCIL)
    people = {"admin": town["admin"], "officer": town["deputy"], "clerk": town["clerk"], "stranger": loaded["yateley"]["admin"], "nobody": None}

    def seen() -> dict[str, set[str]]:
        found = {}
        for name, person in people.items():
            with as_person(person):
                found[name] = set(ReportRun.objects.filter(council=town.council).values_list("audience", flat=True))
        return found

    both: set[str] = {"public", "council"}
    assert seen() == {"admin": both, "officer": both, "clerk": set(), "stranger": set(), "nobody": set()}
    post = "INSERT INTO reporting_reportpublication (id, run_id, council_id, published_at, published_by_id) VALUES (%s, %s, %s, now(), %s)"
    for who in ("deputy", "clerk"):
        refused(town[who], post, [uuid4(), public.pk, town.council.pk, town[who].pk], "row-level security|made for the public")
    refused(town["admin"], post, [uuid4(), public.pk, town.council.pk, town["clerk"].pk])
    refused(town["admin"], post, [uuid4(), council.pk, town.council.pk, town["admin"].pk], "made for the public")
    refused(town["admin"], post, [uuid4(), public.pk, loaded["yateley"].council.pk, town["admin"].pk], "made for the public")
    assert raw(town["admin"], post, [uuid4(), public.pk, town.council.pk, town["admin"].pk]) == 1
    assert seen() == {"admin": both, "officer": both, "clerk": {"public"}, "stranger": {"public"}, "nobody": {"public"}}
    take = "UPDATE reporting_reportpublication SET withdrawn_at = now(), withdrawn_by_id = %s WHERE run_id = %s"
    assert raw(town["clerk"], take, [town["clerk"].pk, public.pk]) == 0
    refused(town["admin"], take, [town["clerk"].pk, public.pk])
    assert raw(town["admin"], take, [town["admin"].pk, public.pk]) == 1
    assert seen()["nobody"] == set()
    refused(town["admin"], "UPDATE reporting_reportpublication SET withdrawn_at = NULL, withdrawn_by_id = NULL", [], "stays written")
    with system_work():
        assert ReportPublication.objects.filter(run=public).count() == 1
