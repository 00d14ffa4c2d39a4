"""One council with two records keepers, and a concern that was closed long ago."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from random import Random

import pytest
from django.db import connection

from concerns.enums import Action
from concerns.models import Concern
from rights import tasks
from rights.actions import keeping
from rights.models import Disposal, Keeper
from tests.concerns.answers import answers_for
from tests.concerns.conftest import loaded, towns, yateley
from tests.factories.concerns import NOW, by, do, lodge
from tests.factories.councils import Town

__all__ = ["loaded", "towns", "yateley"]
COUNCILS = ("yateley",)
LONG_AGO = datetime(2019, 3, 4, 12, 0, tzinfo=UTC)
Owner = Callable[[], AbstractContextManager[None]]


def act(person, action, /, **answers):  # type: ignore[no-untyped-def]
    """An action of this room as ``person``."""
    with by(person):
        return action(by=person, now=answers.pop("now", NOW), **answers)


def keepers(town: Town, *names: str) -> list[Keeper]:
    """Name records keepers, as the administrator does."""
    return [act(town["admin"], keeping.name_keeper, council=town.council, person=town[name]) for name in names]


def closed(town: Town, as_owner: Owner, *, raiser: str = "officer1", subject: str = "councillor6", at: datetime = LONG_AGO) -> Concern:
    """A concern that was withdrawn long ago."""
    concern = lodge(town, town[raiser], town[subject])
    do(Action.WITHDRAW, concern, town[raiser], **answers_for(town, Action.WITHDRAW, concern, town[raiser], Random(1)))
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("UPDATE concerns_concern SET closed_at = %s WHERE id = %s", [at, concern.pk])
    return concern


def disposal_of(concern: Concern) -> Disposal:
    """What the clock opened for it."""
    from councils.rls import system_work

    tasks.retire()
    with system_work():
        return Disposal.objects.get(case_id=concern.pk)


@pytest.fixture
def town(yateley: Town) -> Town:
    return yateley
