"""Councils and their people, for tests: single rows by factory, whole councils from the demonstration files."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import factory

from councils import actions, models
from councils.actions.protocols import as_day, fingerprint, storable
from councils.protocol import read_yaml, unwrap

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
TODAY = date(2026, 1, 15)
KEYS = ("alsager", "auth5c", "ilminster", "weston", "yateley")


class CouncilFactory(factory.django.DjangoModelFactory[models.Council]):
    class Meta:
        model = models.Council

    key = factory.Sequence(lambda n: f"council-{n}")
    name = factory.Sequence(lambda n: f"Council {n}")
    kind = "town_council"
    jurisdiction = "England"


class PersonFactory(factory.django.DjangoModelFactory[models.Person]):
    class Meta:
        model = models.Person

    email = factory.Sequence(lambda n: f"person-{n}@people.example")
    full_name = factory.Sequence(lambda n: f"Person {n}")
    password = "!"


class AppointmentFactory(factory.django.DjangoModelFactory[models.Appointment]):
    class Meta:
        model = models.Appointment

    council = factory.SubFactory(CouncilFactory)
    person = factory.SubFactory(PersonFactory)
    role = "councillor"
    starts_on = date(2023, 5, 9)


class ReportingLineFactory(factory.django.DjangoModelFactory[models.ReportingLine]):
    class Meta:
        model = models.ReportingLine

    council = factory.SubFactory(CouncilFactory)
    officer = factory.SubFactory(PersonFactory)
    manager = factory.SubFactory(PersonFactory)
    starts_on = date(2023, 5, 9)


class BodyFactory(factory.django.DjangoModelFactory[models.Body]):
    class Meta:
        model = models.Body

    council = factory.SubFactory(CouncilFactory)
    code = "hr_panel"
    name = "HR panel"
    quorum = 2
    minimum_members = 3


class BodyMembershipFactory(factory.django.DjangoModelFactory[models.BodyMembership]):
    class Meta:
        model = models.BodyMembership

    body = factory.SubFactory(BodyFactory)
    person = factory.SubFactory(PersonFactory)
    starts_on = date(2023, 5, 9)


class ExternalBodyFactory(factory.django.DjangoModelFactory[models.ExternalBody]):
    class Meta:
        model = models.ExternalBody

    council = factory.SubFactory(CouncilFactory)
    code = "principal_mo"
    name = "Monitoring Officer of the principal authority"
    starts_on = date(2012, 7, 1)


class DisclosedRelationshipFactory(factory.django.DjangoModelFactory[models.DisclosedRelationship]):
    """`person_a` and `person_b` in either order."""

    class Meta:
        model = models.DisclosedRelationship

    council = factory.SubFactory(CouncilFactory)
    person_a = factory.SubFactory(PersonFactory)
    person_b = factory.SubFactory(PersonFactory)
    kind = "family"
    disclosed_by = factory.SelfAttribute("person_a")
    disclosed_on = date(2024, 1, 1)
    starts_on = date(2024, 1, 1)

    @classmethod
    def _adjust_kwargs(cls, **kwargs: Any) -> dict[str, Any]:
        kwargs["person_a"], kwargs["person_b"] = sorted((kwargs["person_a"], kwargs["person_b"]), key=lambda p: p.pk)
        return kwargs


@functools.cache
def _file(folder: str, key: str) -> dict[str, Any]:
    path = FIXTURES / folder / f"{key}.yaml"
    return read_yaml(path.read_bytes(), name=path.name)


def protocol_file(key: str = "weston") -> dict[str, Any]:
    """One council's protocol configuration as the loader gets it (a copy: change it as you like)."""
    return storable(_file("protocols", key))


class ProtocolVersionFactory(factory.django.DjangoModelFactory[models.ProtocolVersion]):
    """A draft of one of the shipped protocols, under any council."""

    class Meta:
        model = models.ProtocolVersion
        exclude = ("source",)

    source = "weston"
    council = factory.SubFactory(CouncilFactory)
    label = factory.Sequence(lambda n: f"Version {n}")
    config = factory.LazyAttribute(lambda o: storable(unwrap(protocol_file(o.source))))
    content_hash = factory.LazyAttribute(lambda o: fingerprint(o.config))
    created_at = NOW


def in_force(version: models.ProtocolVersion, *, since: date = date(2025, 1, 1)) -> models.ProtocolVersion:
    """Takes a draft; returns it approved and in force since that day."""
    actions.approve_protocol(version=version, approving_body="Full Council", approved_on=since, minute_ref="Minute 1", by=None, now=NOW)
    return actions.bring_into_force(version=version, in_force_from=since, by=None, now=NOW)


@dataclass
class Town:
    """A whole demonstration council. `town["clerk"]` is the person whose e-mail begins with clerk@."""

    council: models.Council
    draft: models.ProtocolVersion
    version: models.ProtocolVersion
    people: dict[str, models.Person]

    def __getitem__(self, name: str) -> models.Person:
        return self.people[name]


def town(key: str = "weston", *, now: datetime = NOW) -> Town:
    """Takes the key of a shipped council; returns it loaded: people, bodies, and its protocol in force."""
    draft = actions.load_protocol(_file("protocols", key), by=None, now=now, source_name=f"{key}.yaml", is_demo=True)
    people = _file("people", key)
    adoption = people["protocol"]
    if draft.status != models.ProtocolStatus.DRAFT:
        version = draft
    elif adoption.get("demonstration"):
        version = actions.adopt_demonstration(version=draft, by=None, now=now)
    else:
        day = as_day(adoption["approved_on"])
        assert day
        version = actions.approve_protocol(
            version=draft,
            approving_body=adoption["approving_body"],
            approved_on=day,
            minute_ref=adoption["minute_ref"],
            by=None,
            now=now,
        )
        version = actions.bring_into_force(version=version, in_force_from=day, by=None, now=now)
    loaded = actions.load_people(people, by=None, now=now, source_name=f"{key}.yaml")
    named = {email.partition("@")[0]: person for email, person in loaded.people.items()}
    return Town(council=loaded.council, draft=draft, version=version, people=named)
