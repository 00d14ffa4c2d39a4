"""What the tests of reminders ask: let a clock tick at a moment, and see who was told of what."""

from __future__ import annotations

from datetime import datetime, timedelta

import time_machine
from django.utils import timezone

from clocks.domain.reminding import LONDON
from clocks.models import Obligation
from clocks.tasks import tick
from concerns.enums import NoticeKind
from concerns.models import Concern, Notice
from councils.rls import system_work
from tests.factories.councils import Town


def at(month: int, day: int, hour: int = 8, minute: int = 1, *, year: int = 2026) -> datetime:
    """A moment by British clocks."""
    return datetime(year, month, day, hour, minute, tzinfo=LONDON)


def tick_at(*moments: datetime) -> None:
    """Let the clock tick at each of these moments."""
    for moment in moments:
        with time_machine.travel(moment, tick=False):
            tick()


def tick_through(first: datetime, last: datetime, every: timedelta = timedelta(hours=6)) -> None:
    """Let the clock tick again and again."""
    while first <= last:
        tick_at(first)
        first += every


def notices(town: Town, kind: str = NoticeKind.REMINDER) -> list[tuple[str, str]]:
    """Everybody who was sent a notice of that kind: who, and when it may go, earliest first."""
    names = {person.pk: name for name, person in town.people.items()}
    with system_work():
        rows = list(Notice.objects.filter(kind=kind, person__in=names).order_by("due_at").values_list("person_id", "due_at"))
    return sorted(((names[person], f"{timezone.localtime(due):%d %b %H:%M}") for person, due in rows), key=lambda row: (row[1], row[0]))


def due(concern: Concern, kind: str = "acknowledge") -> Obligation:
    """The open obligation of that kind."""
    with system_work():
        return Obligation.objects.get(concern=concern, kind=kind, met_at=None, ended_at=None)
