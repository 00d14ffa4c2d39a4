"""A council with one person of each kind, signed in on a fixed day, for the tests of its pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from councils.models import Council, Person, ProtocolVersion
from tests.factories.councils import AppointmentFactory, CouncilFactory, PersonFactory, ProtocolVersionFactory, in_force

DAY = date(2026, 1, 15)
MOMENT = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


@dataclass
class Place:
    """A council with its people; `client(person)` is a browser that person is signed in with."""

    council: Council
    version: ProtocolVersion
    admin: Person
    clerk: Person
    deputy: Person
    officer: Person
    member: Person
    former: Person
    outsider: Person

    def url(self, name: str, /, **kwargs: Any) -> str:
        """The address of one of this council's pages."""
        return reverse(f"councils:{name}", kwargs={"key": self.council.key, **kwargs})

    def get(self, who: Person | None, name: str, /, **kwargs: Any) -> Any:
        """What that person's browser gets."""
        return client(who).get(self.url(name, **kwargs))

    def post(self, who: Person | None, name: str, data: dict[str, Any], /, **kwargs: Any) -> Any:
        """What that person's browser gets for a form sent in."""
        return client(who).post(self.url(name, **kwargs), data)


def client(person: Person | None) -> Client:
    """A browser, signed in as that person."""
    browser = Client()
    if person is not None:
        browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def named(name: str) -> Person:
    """A person with that name."""
    return PersonFactory(full_name=name)


def parts(field: str, day: date) -> dict[str, str]:
    """A date as the three boxes send it."""
    return {f"{field}_day": str(day.day), f"{field}_month": str(day.month), f"{field}_year": str(day.year)}


@pytest.fixture
def today() -> Iterator[None]:
    """It is noon on the fifteenth of January 2026."""
    with time_machine.travel(MOMENT, tick=False):
        yield


@pytest.fixture
def place(db: None, today: None) -> Place:
    """A council with a protocol in force and one person of each kind."""
    council = CouncilFactory(key="anytown", name="Anytown Council")
    held = {
        "admin": ("Ada Admin", "protocol_admin"),
        "clerk": ("Cora Clerk", "proper_officer"),
        "deputy": ("Dan Deputy", "deputy_proper_officer"),
        "officer": ("Olga Officer", "officer"),
        "member": ("Max Member", "councillor"),
    }
    people = {}
    for kind, (name, role) in held.items():
        people[kind] = named(name)
        AppointmentFactory(council=council, person=people[kind], role=role)
    former = named("Fay Former")
    AppointmentFactory(council=council, person=former, ends_on=date(2025, 12, 31))
    outsider = named("Otto Outsider")
    AppointmentFactory(person=outsider, role="protocol_admin")
    version = in_force(ProtocolVersionFactory(council=council, label="Version of 2025"))
    return Place(council=council, version=version, former=former, outsider=outsider, **people)
