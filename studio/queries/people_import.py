"""A list of people that waits to be looked over, against who is at the council today."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from councils import queries
from councils.models import Appointment, Council, Person
from councils.roles import SINGLE_HOLDER
from studio.models import CouncilSetUp, PeopleImport
from studio.setup.people import Here, Row, check


def waiting_list(council: Council, person: Person) -> PeopleImport | None:
    """Takes a council and its administrator; returns the list they brought and haven't taken over or given up, or None."""
    return PeopleImport.objects.filter(council=council, brought_by=person).first()


def looked_over(waiting: PeopleImport, *, on: date) -> list[Row]:
    """Takes a waiting list and a day; returns its rows with what is wrong with each, as things stand now."""
    return check(waiting.rows, here=here(waiting.council, on=on), words=role_words(waiting.council, on=on), today=on)


def here(council: Council, *, on: date) -> Here:
    """Takes a council and a day; returns who is there on it."""
    people: dict[str, tuple[str, set[str]]] = {}
    holders: dict[str, str] = {}
    for held in Appointment.objects.exclude(ends_on__lt=on).filter(council=council).select_related("person"):
        people.setdefault(held.person.email, (held.person.full_name, set()))[1].add(held.role)
        if held.role in SINGLE_HOLDER and held.acting_for_id is None:
            holders[held.role] = held.person.email
    return Here({email: (name, frozenset(roles)) for email, (name, roles) in people.items()}, holders)


def role_words(council: Council, *, on: date) -> Mapping[str, str]:
    """Takes a council and a day; returns its own words for roles, by code: its protocol's, else those of its set-up."""
    version = queries.protocol_in_force(council, on=on)
    if version:
        return {code: word.label for code, word in version.protocol.words.items()}
    begun = CouncilSetUp.objects.filter(council=council).first()
    return {code: word for code, word in begun.words.items() if isinstance(word, str)} if begun else {}
