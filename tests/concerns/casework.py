"""What the casework tests ask of a concern: the trail, who is on it, who was told, why something is closed to somebody."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from concerns import plan, policy, queries
from concerns.enums import Action
from concerns.models import Concern, Event, Notice, Participation
from councils.models import Person
from tests.factories.concerns import NOW, by
from tests.factories.councils import Town

TODAY = timezone.localdate(NOW)


def fresh(concern: Concern, person: Person | None = None) -> Concern:
    """The concern as the database has it now, as ``person`` (the raiser) finds it."""
    reader = person or concern.raiser
    with by(reader):
        return queries.load(concern.pk, person=reader)


def trail(concern: Concern, person: Person | None = None) -> list[Event]:
    """Its events, oldest first, as ``person`` (the raiser) sees them."""
    with by(person or concern.raiser):
        return list(Event.objects.filter(concern_id=concern.pk).order_by("at", "seq"))


def types(concern: Concern, person: Person | None = None) -> list[str]:
    return [event.type for event in trail(concern, person)]


def event(concern: Concern, type: str, person: Person | None = None) -> Event:
    """The one event of that type."""
    (found,) = [event for event in trail(concern, person) if event.type == type]
    return found


def on_it(town: Town, concern: Concern, person: Person | None = None) -> dict[str, set[str]]:
    """Who is on it now, by the town's name for them → their capacities."""
    names = {someone.pk: name for name, someone in town.people.items()}
    found: dict[str, set[str]] = {}
    with by(person or concern.raiser):
        for part in Participation.objects.filter(concern=concern, until__isnull=True):
            found.setdefault(names.get(part.person_id, "?"), set()).add(part.capacity)
    return found


def told(town: Town, concern: Concern, person: Person | None = None) -> list[tuple[str, str]]:
    """Every notice so far: who it goes to, and of which kind."""
    names = {someone.pk: name for name, someone in town.people.items()}
    with by(person or concern.raiser):
        rows = Notice.objects.filter(concern=concern).values_list("person_id", "kind")
        return sorted((names.get(pk, "?"), kind) for pk, kind in rows)


def open_to(person: Person, concern: Concern, *, on: date = TODAY) -> set[str]:
    """The actions open to ``person`` on that day: the buttons they would find working."""
    with by(person):
        found = queries.load(concern.pk, person=person)
        parts = list(Participation.objects.filter(concern=found, person=person, until__isnull=True))
        facts, held = queries.facts(found, person, parts, today=on), policy.capacities(person, found)
        return {action.value for action in Action if policy.can(person, action, found, facts=facts, held=held)}


def why_not(person: Person, action: Action, concern: Concern) -> str:
    """The words at the closed button."""
    with by(person):
        found = queries.load(concern.pk, person=person)
        parts = list(Participation.objects.filter(concern=found, person=person, until__isnull=True))
        decision = policy.can(person, action, found, facts=queries.facts(found, person, parts, today=TODAY))
        assert not decision
        return decision.why


def asked(town: Town, raiser: Person, *subjects: Person, on: date = TODAY, **more: Any) -> plan.Plan:
    """The answer shown before a word is written: where a concern of ``raiser`` about ``subjects`` would go."""
    from councils import queries as councils

    return plan.make(
        council=town.council, version=town.version, raiser=raiser,
        raiser_role=councils.primary_role(raiser, town.council, on=on) or "",
        subjects=tuple((person, plan.subject_role(person, town.council, on=on) or "") for person in subjects), on=on, **more,
    )  # fmt: skip


def people(town: Town, made: plan.Plan) -> dict[str, list[str]]:
    """The steps of an answer: token → the town's names of the people behind it."""
    names = {someone.pk: name for name, someone in town.people.items()}
    return {step.token: [names.get(seat.person.pk, "?") for seat in step.seats] for step in made.steps}
