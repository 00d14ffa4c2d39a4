"""Queries per page: at most twelve, and the same number however many rows a page shows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from concerns import policy
from concerns.actions import intake
from concerns.enums import Action, WiderCircle
from councils.models import Person
from councils.rls import as_person
from tests.concerns.screens import client_of, frozen
from tests.factories.concerns import NOW, do, draft, lodge, sees
from tests.factories.councils import Town

pytestmark = pytest.mark.django_db
COUNCILS = ("weston",)
MOST = 12
NOT_COUNTED = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
PAGES = ("home", "list", "concern", "hub", "people", "protocol", "bodies")


def _address(page: str, town: Town, concern: object) -> str:
    if page in ("home", "list"):
        return reverse(f"concerns:{page}")
    if page == "concern":
        return reverse("concerns:page", kwargs={"concern": concern})
    name = {"hub": "council"}.get(page, page)
    return reverse(f"councils:{name}", kwargs={"key": town.council.key})


def _queries(person: Person, address: str) -> int:
    client = client_of(person)
    with frozen():
        client.get(address)  # the session's first use is written once
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
    return sum(1 for query in captured.captured_queries if not query["sql"].startswith(NOT_COUNTED))


def _more(town: Town) -> None:
    """Four more concerns for the chair, in several stages, with more people and notes on them."""
    for number, (raiser, officer) in enumerate(
        (("councillor3", "officer1"), ("councillor4", "officer1"), ("councillor3", "clerk"), ("councillor4", "officer1"))
    ):
        concern = lodge(town, town[raiser], town[officer], chosen_token="role:chair_of_council")
        assert sees(town["chair"], concern)
        if number % 2:
            do(Action.ACCEPT, concern, town["chair"], now=NOW + timedelta(hours=number))


@pytest.mark.parametrize("page", PAGES)
def test_page_takes_at_most_twelve_queries_whatever_it_shows(weston: Town, page: str) -> None:
    first = lodge(weston, weston["councillor3"], weston["officer1"], chosen_token="role:chair_of_council")
    address = _address(page, weston, first.pk)
    few = _queries(weston["chair"], address)
    _more(weston)
    many = _queries(weston["chair"], address)
    assert few <= MOST
    assert many == few


def test_sending_takes_thirteen_statements_however_much_there_is(weston: Town) -> None:
    raiser, counts = weston["councillor3"], []
    for _turn in range(2):
        concern = draft(weston, raiser, weston["officer1"], chosen_token="role:chair_of_council")
        with as_person(raiser), CaptureQueriesContext(connection) as captured:
            intake.submit(
                concern_id=concern.pk, by=raiser, now=NOW, wider_circle=WiderCircle.ASK_FIRST, private_confirmed=True,
                constructive_confirmed=True,
            )  # fmt: skip
        counts.append(sum(1 for query in captured.captured_queries if not query["sql"].startswith(NOT_COUNTED)))
        _more(weston)
    assert counts == [13, 13]  # with what is due from now on


def test_list_says_of_each_what_its_own_row_says(weston: Town) -> None:
    first = lodge(weston, weston["councillor3"], weston["officer1"], chosen_token="role:chair_of_council")
    _more(weston)
    with frozen():
        answer = client_of(weston["chair"]).get(reverse("concerns:list"))
    shown = {row["concern"].pk: row for row in answer.context["rows"]}
    assert len(shown) == answer.context["count"] == 5
    assert shown[first.pk]["about"] == weston["officer1"].full_name
    assert shown[first.pk]["concern"].raised_by == weston["councillor3"].full_name
    assert shown[first.pk]["concern"].in_council == weston.council.name
    assert shown[first.pk]["concern"].readable is True


@pytest.mark.parametrize(("wanted", "number"), [("1", 1), ("2", 1), ("999999", 1), ("", 1), ("x", 1), ("-3", 1), ("9" * 400, 1)])
def test_page_of_list_that_is_not_there_shows_one_that_is(weston: Town, wanted: str, number: int) -> None:
    lodge(weston, weston["councillor3"], weston["officer1"], chosen_token="role:chair_of_council")
    with frozen():
        answer = client_of(weston["chair"]).get(reverse("concerns:list"), {"page": wanted})
    assert (answer.status_code, answer.context["page_obj"].number, answer.context["count"]) == (200, number, 1)


def test_own_filter_finds_what_guardian_finds_less_the_exclusions(weston: Town) -> None:
    from guardian.shortcuts import get_objects_for_user

    from concerns.models import Concern

    lodge(weston, weston["councillor3"], weston["officer1"], chosen_token="role:chair_of_council")
    _more(weston)
    def compared(person: Person, permission: str) -> None:
        with as_person(person):
            granted = get_objects_for_user(
                person, permission, klass=Concern, use_groups=False, with_superuser=False, accept_global_perms=False
            )
            mine = set(policy.visible_to(person, permission=permission).values_list("pk", flat=True))
            assert mine == set(granted.values_list("pk", flat=True))

    for name in ("chair", "councillor3", "councillor4", "officer1", "clerk"):
        compared(weston[name], policy.VIEW)
        compared(weston[name], policy.READ)
