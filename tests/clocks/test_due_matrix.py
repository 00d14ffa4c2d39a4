"""Every address of dates and targets, asked by everybody with every method, and scanned for what was written."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from clocks.models import Obligation
from concerns.enums import Action
from tests.concerns.screens import client_of, frozen
from tests.factories.concerns import CANARY, by, do, lodge
from tests.factories.councils import Town
from tests.matrix.rows_due import ROUTES

COUNCILS = ("weston", "yateley")
METHODS = ("get", "head", "post")
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("route", ROUTES)
def test_every_row_of_the_matrix(weston: Town, towns: Any, route: str) -> None:
    concern = lodge(weston, weston["councillor3"], weston["officer1"], chosen_token="role:chair_of_council")
    do(Action.ACCEPT, concern, weston["chair"])
    with by(weston["chair"]):
        row = Obligation.objects.get(concern=concern, kind="informal_review")
    people: dict[str, list[Any]] = {
        "handler": [weston["chair"]], "raiser": [weston["councillor3"]], "subject": [weston["officer1"]],
        "stranger": [weston["councillor4"], weston["admin"], towns("yateley")["clerk"]], "admin": [weston["admin"]],
        "member": [weston["clerk"], weston["councillor3"]], "outsider": [towns("yateley")["admin"]], "visitor": [None],
    }  # fmt: skip
    given: dict[str, dict[str, Any]] = {
        "clocks:due": {}, "clocks:concern": {"concern": concern.pk}, "clocks:extend": {"concern": concern.pk, "obligation": row.pk},
        "clocks:targets": {"key": "weston"}, "clocks:target": {"key": "weston", "code": "informal_review"},
    }  # fmt: skip
    url = reverse(route, kwargs=given[route])
    for part, answers in ROUTES[route].items():
        for person in people[part]:
            client = client_of(person) if person else Client()
            with frozen():
                told = [getattr(client, method)(url) for method in METHODS]
            shown = ["login" if t.status_code == 302 and "/accounts/login/" in t["Location"] else str(t.status_code) for t in told]
            assert shown == answers.split(), (part, person, url)
            assert all(CANARY not in t.content.decode() for t in told)
