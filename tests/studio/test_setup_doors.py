"""Every address of a council's set-up, asked by everybody, against its row of the matrix; and what a broken answer says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse

from councils.models import Person
from studio.actions.people_import import bring_people, take_people
from studio.actions.set_up import invite_administrator, name_council
from studio.actions.set_up_protocol import begin_protocol
from studio.models import CouncilSetUp
from tests.councils.views_cast import MOMENT, client
from tests.factories.councils import AppointmentFactory, CouncilFactory, PersonFactory
from tests.matrix.cells import same
from tests.matrix.rows_set_up import ROUTES
from tests.matrix.table import METHODS

LIST = """Name,Email,Role
A Clerk,a@b.example,Clerk
B Officer,b@b.example,Officer
C Cllr,c@b.example,Councillor
D Cllr,d@b.example,Councillor
"""


class _Undo(Exception):
    """Ends the file's transaction without keeping it."""


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[CouncilSetUp, dict[str, Client]]]:
    """A set-up with people and a draft, and everybody who might look at it."""
    with django_db_blocker.unblock(), time_machine.travel(MOMENT, tick=False):
        try:
            with transaction.atomic():
                operator = PersonFactory(full_name="Opal Operator", is_operator=True)
                row = invite_administrator(email="owner@b.example", full_name="Owen Owner", by=operator, now=MOMENT)
                name_council(set_up=row, name="Brook Town Council", jurisdiction="England", words={}, by=row.person, now=MOMENT)
                row.refresh_from_db()
                waiting = bring_people(council=row.council, text=LIST, by=row.person, now=MOMENT)
                take_people(waiting=waiting, revision=0, leave_out=False, by=row.person, now=MOMENT)
                begin_protocol(set_up=row, begins_with="plain", by=row.person, now=MOMENT)
                other = CouncilFactory()
                neighbour = AppointmentFactory(council=other, role="protocol_admin").person
                clerk = Person.objects.get(email="a@b.example")
                people = {"owner": row.person, "operator": operator, "clerk": clerk, "neighbour": neighbour, "visitor": None}
                yield row, {name: client(person) for name, person in people.items()}
                raise _Undo
        except _Undo:
            pass


@pytest.mark.django_db
@pytest.mark.parametrize("route", list(ROUTES))
def test_set_up_address_answers_each_person_as_the_table_says(world: tuple[CouncilSetUp, dict[str, Client]], route: str) -> None:
    row, people = world
    of_council = "people-import" in route
    more = {"key": row.council.key} if of_council else {} if route in ("studio:set-ups", "studio:set-up-invite") else {"set_up": row.pk}
    url, table = reverse(route, kwargs=more), ROUTES[route]
    for who, browser in people.items():
        part = who if who in ("visitor", "owner", "operator") else "stranger"
        if of_council and part in ("owner", "operator"):
            part = "admin" if part == "owner" else "stranger"
        for method, wanted in zip(METHODS, table[part].split(), strict=True):
            with transaction.atomic():
                answer = getattr(browser, method)(url, **({"data": {"sent": "1"}} if method == "post" else {}))
                transaction.set_rollback(True)
            if wanted == "login":
                assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={url}"), (who, method)
            else:
                assert answer.status_code == int(wanted), (who, method)
            if wanted == "404" and who == "clerk":
                same(answer, getattr(browser, method)(f"/setup/{uuid4()}/council/", **({"data": {"sent": "1"}} if method == "post" else {})))
            if answer.status_code == 200 and method == "get" and "html" in answer["Content-Type"]:
                assert "Brook" not in answer.content.decode().partition("</title>")[0]
                assert answer["Cache-Control"] == "no-store, private"


@pytest.mark.django_db
def test_set_up_answers_that_make_no_sense_are_given_back(world: tuple[CouncilSetUp, dict[str, Client]]) -> None:
    row, people = world
    browser = people["owner"]
    council = {"name": "Zed" + "\x00", "kind": "moon", "jurisdiction": "Wales", "word_hr_panel": "Kept words"}
    broken = {
        "council": council, "protocol": {"source": "shape:nowhere"}, "who": {"role_chair_of_council": "no-id", "body_hr_panel": ["no-id", str(uuid4())]},
        "rehearsal": {"seen": ""},
    }  # fmt: skip
    for name, data in broken.items():
        answer = browser.post(reverse(f"studio:set-up-{name}", kwargs={"set_up": row.pk}), data)
        assert answer.status_code == 422, name
        assert "There is a problem" in answer.content.decode(), name
    assert "Kept words" in browser.post(reverse("studio:set-up-council", kwargs={"set_up": row.pk}), council).content.decode()
    bring = reverse("studio:people-import", kwargs={"key": row.council.key})
    assert browser.post(bring, {"text": LIST}).status_code == 302
    for data in ({"do": "take", "revision": "x"}, {"do": "take", "revision": "9" * 30}, {"do": "take", "revision": "٣"}):
        assert browser.post(bring, data).status_code == 422
