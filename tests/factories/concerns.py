"""Concerns for tests, made only through the actions that the views call."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from concerns import plan, queries
from concerns.actions import intake
from concerns.actions.verb import ACTIONS
from concerns.enums import Action, SaidInPublic, WiderCircle
from concerns.models import Concern
from councils.models import Person
from councils.rls import as_person
from tests.factories.councils import Town

NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
CANARY = "CANARY-9f3b"  # planted in every sensitive field


def by(person: Person) -> AbstractContextManager[None]:
    """What runs inside is answered by the database for ``person``."""
    return as_person(person)


def draft(
    town: Town,
    raiser: Person,
    subjects: Person | Iterable[Person],
    *,
    topic: str = "conduct",
    now: datetime = NOW,
    chosen_token: str | None = None,
    connected: Iterable[Person] | None = None,
    witnesses: Iterable[Person] | None = None,
    text: str = f"{CANARY} what happened",
    **more: Any,
) -> Concern:
    """A draft of ``raiser`` with everything answered."""
    people = [subjects] if isinstance(subjects, Person) else list(subjects)
    with by(raiser):
        concern = intake.start_draft(council=town.council, by=raiser, now=now)
        return intake.save_draft(
            concern_id=concern.pk, by=raiser, now=now, subjects=people, topic=topic, happened_on=now.date(),
            said_in_public=SaidInPublic.NO, where_said="", chosen_token=chosen_token, what_happened=text,
            wanted_outcome=f"{CANARY} what would help", connected=None if connected is None else list(connected),
            witnesses=None if witnesses is None else list(witnesses), **more,
        )  # fmt: skip


def send(concern: Concern, *, now: datetime = NOW, wider_circle: str = WiderCircle.ASK_FIRST, **more: Any) -> Concern:
    """Send a draft as its raiser; where there is a choice and none was made, the first offered."""
    raiser = concern.raiser
    with by(raiser):
        made = plan.for_concern(queries.load(concern.pk, person=raiser), on=now.date())
        if made.resolution.mode == "any_of" and not concern.chosen_token and made.steps:
            intake.save_draft(concern_id=concern.pk, by=raiser, now=now, chosen_token=made.steps[0].token)
        return intake.submit(
            concern_id=concern.pk, by=raiser, now=now, wider_circle=wider_circle, private_confirmed=True,
            constructive_confirmed=True, **more,
        )  # fmt: skip


def lodge(town: Town, raiser: Person, subjects: Person | Iterable[Person], *, now: datetime = NOW, **more: Any) -> Concern:
    """A lodged concern. Arguments of ``draft``; those of ``send`` go by ``sending={...}``."""
    sending: dict[str, Any] = more.pop("sending", {})
    return send(draft(town, raiser, subjects, now=now, **more), now=now, **sending)


def do(action: Action, concern: Concern | UUID, person: Person, /, *, now: datetime = NOW, **answers: Any) -> Any:
    """Do ``action`` as ``person``, as the views would."""
    run: Callable[..., Any] = ACTIONS[action]
    with by(person):
        return run(concern_id=concern.pk if isinstance(concern, Concern) else concern, by=person, now=now, **answers)


def sees(person: Person, concern: Concern) -> bool:
    """Whether ``person`` finds the concern, both walls up."""
    from concerns import policy

    with by(person):
        return policy.visible_to(person).filter(pk=concern.pk).exists()


def those_who_see(town: Town, concern: Concern) -> set[str]:
    """The names (of ``town``) of everyone who finds the concern."""
    return {name for name, person in town.people.items() if sees(person, concern)}
