"""Every address of reminders and calendars, asked by everybody with every method, and scanned for what was written."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from clocks import feed
from tests.concerns.screens import client_of, frozen
from tests.factories.concerns import CANARY, NOW, by, lodge
from tests.factories.councils import Town
from tests.matrix.rows_reminders import ROUTES

COUNCILS = ("weston", "yateley")
METHODS = ("get", "head", "post")
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("route", ROUTES)
def test_every_row_of_the_matrix(weston: Town, yateley: Town, route: str) -> None:
    lodge(weston, weston["officer1"], weston["councillor3"])
    with by(weston["clerk"]):
        token = feed.turn_on(by=weston["clerk"], now=NOW)
    people: dict[str, list[Any]] = {
        "admin": [weston["admin"]], "member": [weston["clerk"], weston["councillor3"], weston["officer1"]],
        "stranger": [yateley["clerk"], yateley["admin"]], "anybody": [weston["councillor3"], weston["admin"], yateley["clerk"]],
        "visitor": [None], "holder": [None, weston["clerk"], weston["councillor3"]], "guesser": [None, weston["clerk"]],
    }  # fmt: skip
    given: dict[str, dict[str, str]] = {
        "clocks:mine": {}, "clocks:calendar-on": {}, "clocks:calendar-off": {}, "clocks:habits": {"key": "weston"},
        "clocks:habit-hours": {"key": "weston"}, "clocks:habit": {"key": "weston", "kind": "decision"},
        "clocks:habit-reset": {"key": "weston", "kind": "decision"},
    }  # fmt: skip
    for part, answers in ROUTES[route].items():
        kwargs = {"token": token if part == "holder" else "x" * 43} if route == "clocks:calendar" else given[route]
        url = reverse(route, kwargs=kwargs)
        for person in people[part]:
            client = client_of(person) if person else Client()
            with frozen():
                told = [getattr(client, method)(url) for method in METHODS]
            shown = ["login" if t.status_code == 302 and "/accounts/login/" in t["Location"] else str(t.status_code) for t in told]
            assert shown == answers.split(), (part, person, url)
            assert all(CANARY not in t.content.decode() for t in told)
