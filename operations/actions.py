"""What is written down of the portal's own life."""

from __future__ import annotations

import contextlib
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import F

from operations.enums import WORKER
from operations.models import Figure, Heartbeat

EVERY = 20.0  # seconds between two writings of the worker's own heartbeat
PATIENCE = 5.0  # seconds for the dead-man's address

_last = threading.local()


def beat(name: str, *, now: datetime) -> None:
    """Note that this part was heard of. A clock that jumped back is believed: the newest word counts, not the highest."""
    if not Heartbeat.objects.filter(pk=name).update(at=now, count=F("count") + 1):
        Heartbeat.objects.bulk_create([Heartbeat(name=name, at=now, count=1)], ignore_conflicts=True)


def worker_lives(*, now: datetime) -> None:
    """The worker's own sign of life, from its main process: at most every EVERY seconds, and no connection is kept.

    A database that is away is no reason to stop: the silence itself tells.
    """
    if time.monotonic() - getattr(_last, "at", -EVERY) < EVERY:
        return
    _last.at = time.monotonic()
    with contextlib.suppress(DatabaseError):
        beat(WORKER, now=now)
    connection.close()


def keep(figures: Mapping[str, float], *, now: datetime) -> None:
    """Write down what a tick counted."""
    Figure.objects.bulk_create(
        [Figure(name=name, value=value, at=now) for name, value in figures.items()],
        update_conflicts=True, unique_fields=["name"], update_fields=["value", "at"],
    )  # fmt: skip


def tell_the_watch() -> bool:
    """Call PORTAL_DEADMAN_URL, if it's set: whoever watches it raises the alarm when the calls stop. Says whether it was heard."""
    address = settings.PORTAL_DEADMAN_URL
    if not address:
        return False
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:  # noqa: S310 (http or https, checked at the start)
            return 200 <= answer.status < 300
    except (urllib.error.URLError, OSError, ValueError):
        return False
