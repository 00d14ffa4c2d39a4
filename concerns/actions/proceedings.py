"""A concern's procedures: each formal step opens one, and whatever runs ends when the concern moves on."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from concerns import rooms
from concerns.enums import ProceedingKind
from concerns.models import Concern, Proceeding
from councils.models import Person


def open_proceeding(concern: Concern, kind: ProceedingKind, *, by: Person, now: datetime, **known: Any) -> Proceeding:
    """Write the row of a procedure that starts at ``now``, and tell the room that runs procedures of this kind."""
    proceeding = Proceeding.objects.create(
        concern=concern, kind=kind, opened_on=timezone.localdate(now), opened_by=by, **known
    )
    rooms.opened(concern, proceeding, by=by, now=now)
    return proceeding


def close_proceedings(concern: Concern, *, by: Person, now: datetime, outcome: str = "", **known: Any) -> None:
    """End whatever is running, with the concern's state, and tell the rooms. ``known``: more to keep on each row."""
    running = list(concern.proceedings.filter(closed_on__isnull=True))
    for proceeding in running:
        rooms.ended(concern, proceeding, by=by, now=now)
    if running:
        concern.proceedings.filter(closed_on__isnull=True).update(
            closed_on=timezone.localdate(now), outcome=outcome, **known
        )
