"""How the portal is: ages in seconds and counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import metadata

from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min

from concerns.enums import Scan
from concerns.models.files import StoredFile
from operations.enums import BEAT, WORKER
from operations.models import Figure, Heartbeat

LATE = 180.0  # three ticks
QUEUE_LATE = 900.0


@dataclass(frozen=True, slots=True)
class Health:
    """Ages in seconds, None where nothing was ever heard of."""

    worker: float | None
    beat: float | None
    waiting: int  # notices that are due and not sent
    oldest: float  # for how long the oldest of them has been due
    failed: int  # notices that were given up and that nobody has dealt with
    counted: dict[str, float]  # what the last tick counted
    counted_age: float | None

    @property
    def well(self) -> bool:
        """Whether everything that has to run runs."""
        return all(age is not None and age < LATE for age in (self.worker, self.beat)) and self.oldest < QUEUE_LATE


def health(*, now: datetime) -> Health:
    """How it is now, in three short statements; anybody's connection may ask."""
    beats = {row.name: max((now - row.at).total_seconds(), 0.0) for row in Heartbeat.objects.all()}
    figures = list(Figure.objects.all())
    with connection.cursor() as cursor:
        cursor.execute("SELECT waiting, oldest, failed FROM portal_queue(%s)", [now])
        waiting, oldest, failed = cursor.fetchone()
    return Health(
        worker=beats.get(WORKER),
        beat=beats.get(BEAT),
        waiting=waiting,
        oldest=max((now - oldest).total_seconds(), 0.0) if oldest else 0.0,
        failed=failed,
        counted={row.name: row.value for row in figures},
        counted_age=max(((now - row.at).total_seconds() for row in figures), default=None),
    )


def count(*, now: datetime) -> dict[str, float]:
    """What only system work may count: files that no scanner has seen or that hold a virus, and reminders whose time has come."""
    figures = {"files_not_scanned": 0.0, "files_infected": 0.0}
    for model in apps.get_models():
        if issubclass(model, StoredFile):
            figures["files_not_scanned"] += model._default_manager.filter(scan=Scan.NOT_SCANNED).count()
            figures["files_infected"] += model._default_manager.filter(scan=Scan.INFECTED).count()
    if apps.is_installed("clocks"):
        obligation = apps.get_model("clocks", "Obligation")
        late = obligation._default_manager.filter(met_at=None, ended_at=None, next_reminder_at__lte=now)
        oldest = late.aggregate(first=Min("next_reminder_at"))["first"]
        figures["reminders_oldest_seconds"] = (now - oldest).total_seconds() if oldest else 0.0
    return figures


@cache
def version() -> str:
    """The portal's version."""
    try:
        return metadata.version("protocol-portal")
    except metadata.PackageNotFoundError:
        return "0.1.0"


def pending_migrations() -> int:
    """How many migrations the database still lacks."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
