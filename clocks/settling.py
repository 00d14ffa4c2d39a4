"""What can't be settled where it changed: marks, and rows whose inputs changed without anybody acting. System work only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from django.utils import timezone

from clocks import plan, reconcile
from clocks.domain.calculation import Pause, work_out
from clocks.enums import ObligationKind, Unit
from clocks.models import OPEN, Obligation, Unsettled
from concerns import rooms
from concerns.models import Concern
from councils.models import Council, ProtocolVersion

BATCH = 25  # each keeps its concerns locked until all are done
COLUMNS = (
    "concern_id", "source", "source_id", "kind", "code", "opened_on", "target", "unit", "basis", "due_on", "paused_on", "paused_until",
    "paused_days", "extended_to", "concern__protocol_version_id",
)  # fmt: skip


def settle_marked(*, now: datetime, limit: int = BATCH) -> int:
    """Settle what is marked, oldest first, and take the marks away; returns how many. Any number may run at once."""
    marks = list(Unsettled.objects.select_for_update(skip_locked=True).order_by("at", "id")[:limit])
    for room, row in dict.fromkeys((mark.room, mark.row_id) for mark in marks):
        if room == "concern":
            settle_one(row, now=now)
        elif room == "council":
            mark_changed(now=now, councils=[row])
        elif room in rooms.OWN_DUES:
            reconcile.settle_own(room, row, now=now)
    Unsettled.objects.filter(pk__in=[mark.pk for mark in marks]).delete()
    return len(marks)


def settle_one(concern_id: UUID, *, now: datetime) -> None:
    """Settle one concern, its row locked as an action would."""
    concern = Concern.objects.select_for_update(no_key=True, of=("self",)).filter(pk=concern_id).first()
    if concern is not None:
        reconcile.settle(concern, by=None, now=now)


def mark_changed(*, now: datetime, councils: Iterable[UUID] | None = None) -> int:
    """Mark whatever would be due on another day now, or whose day has passed; returns how many concerns and requests.

    Reads all open rows and works most days out once; what is marked is settled in small turns.
    """
    found: list[tuple[str, UUID]] = []
    for council in Council.objects.all() if councils is None else Council.objects.filter(pk__in=list(councils)):
        found += _changed(council, timezone.localdate(now))
    Unsettled.objects.bulk_create([Unsettled(room=room, row_id=row, at=now) for room, row in found], batch_size=1_000)
    return len(found)


def _changed(council: Council, today: date) -> list[tuple[str, UUID]]:
    written: dict[UUID | None, Any] = {None: {}}

    @cache
    def number(code: str, version: UUID | None) -> tuple[int, str]:
        if version not in written:
            written[version] = ProtocolVersion.objects.get(pk=version).protocol.targets
        found = plan.target(code, council, written[version])
        return found.days, found.unit

    @lru_cache(maxsize=10_000)
    def day(basis: str, start: date, days: int, unit: str, before: bool, pause: Pause, agreed: date | None) -> date:
        here = plan.calendar(council, basis)
        return work_out(here, from_on=start, number=days, unit=unit, before=before, pause=pause, extended_to=agreed).due_on

    found: dict[tuple[str, UUID], None] = {}
    for row in Obligation.objects.filter(OPEN, council=council).values(*COLUMNS).iterator():
        pause = Pause(row["paused_days"], row["paused_on"], row["paused_until"])
        moved = row["paused_until"] is not None and row["paused_until"] <= today
        if row["unit"] == Unit.DATE:
            moved = moved or row["due_on"] < today
        else:
            wanted = number(row["code"], row["concern__protocol_version_id"])
            before = row["kind"] == ObligationKind.HEARING_NOTICE
            moved = moved or wanted != (row["target"], row["unit"])
            moved = moved or day(row["basis"], row["opened_on"], *wanted, before, pause, row["extended_to"]) != row["due_on"]
        if moved and row["concern_id"]:
            found[("concern", row["concern_id"])] = None
        elif moved and row["source_id"]:
            found[(row["source"].partition(":")[0], row["source_id"])] = None
    return list(found)
