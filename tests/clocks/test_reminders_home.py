"""What waits is shown with its day, overdue first; a list can be put in that order."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse

from concerns.enums import Action
from tests.clocks.ticking import at
from tests.concerns.screens import client_of
from tests.factories.concerns import NOW, do, lodge
from tests.factories.councils import Town

COUNCILS = ("weston",)
pytestmark = pytest.mark.django_db


def test_what_waits_is_in_the_order_of_its_days(weston: Town) -> None:
    later = lodge(weston, weston["officer1"], weston["councillor3"], now=at(1, 5))
    do(Action.ACCEPT, later, weston["clerk"], now=at(1, 20))  # by 3 February
    soon = lodge(weston, weston["officer2"], weston["councillor4"], now=at(1, 21))  # by the 26th
    over = lodge(weston, weston["officer3"], weston["councillor5"], now=NOW)  # by the 20th
    client = client_of(weston["clerk"])
    with time_machine.travel(at(1, 22), tick=False):
        home = client.get(reverse("concerns:home"))
        listed = client.get(reverse("concerns:list"), {"sort": "due"})
    assert [row["concern"].pk for row in home.context["waiting"]] == [over.pk, soon.pk, later.pk]
    assert [(row["due"].words, row["due"].overdue) for row in home.context["waiting"]] == [
        ("Due 20 Jan 2026", True), ("Due 26 Jan 2026", False), ("Due 3 Feb 2026", False),
    ]  # fmt: skip
    assert home.content.decode().count("Overdue</strong>") == 1
    assert [row["concern"].pk for row in listed.context["rows"]] == [over.pk, soon.pk, later.pk]
