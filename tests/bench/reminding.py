"""The clock: 10,000 reminders that are due at once, and a tick with 100 due among a million live obligations and a thousand.

Each tick runs in a transaction that is undone, so that every turn finds the same. What is measured is the task's own work:
taking the rows, finding whom to tell and whom not, writing reminders, notices and the next look.
"""

from __future__ import annotations

import gc
import statistics
import time
from uuid import UUID

from django.db import connection, transaction

from clocks import reminders
from clocks.models import Reminder
from concerns.models import Notice
from councils.rls import system_work
from tests.bench.load import NOW, SIZES, Size
from tests.bench.measure import WARM_UP, ratio
from tests.bench.place import Place

DUE, MANY = 100, 10_000
ROUNDS = 30
GOAL_SECONDS, GOAL_RATIO = 60.0, 1.3
Figure = tuple[str, float, float, bool]
# Rows of open concerns that began after everybody's appointment, as it is for most: a hundred of one council, so that what is
# done for each size is the same and only what lies around it differs; ten thousand as ids lie, over all councils.
CHOSEN = """
SELECT id FROM clocks_obligation WHERE kind = 'informal_review' AND opened_on >= '2023-06-01'
    AND (%(all)s OR council_id = (SELECT id FROM councils_council WHERE key = 'bench-0'))
ORDER BY id LIMIT %(many)s
"""
# Due today, looked at last a day ago.
FALL_DUE = """
UPDATE clocks_obligation SET due_on = %(today)s, next_reminder_at = %(now)s, reminded_upto = %(now)s - interval '1 day' WHERE id = ANY(%(ids)s)
"""


def run(place: Place) -> list[Figure]:
    """Takes where to run; returns the two figures."""
    small, middle, large = SIZES
    taken: dict[Size, list[float]] = {small: [], large: []}
    ids = {size: _chosen(place, size, DUE) for size in taken}
    for turn in range(WARM_UP + ROUNDS):
        for size, times in taken.items():
            with place.at(size):
                took = _ticks(ids[size])
            if turn >= WARM_UP:
                times.append(took)
    everywhere = _chosen(place, middle, MANY)
    with place.at(middle):
        many = _ticks(everywhere)
    took_small, took_large = (statistics.median(taken[size]) for size in (small, large))
    return [
        ("reminders_10k_seconds", round(many, 1), GOAL_SECONDS, many <= GOAL_SECONDS),
        ratio("tick_100_due_1m_live_vs_1k", took_large / took_small, GOAL_RATIO),
    ]


def _chosen(place: Place, size: Size, many: int) -> list[UUID]:
    """The rows that will fall due."""
    with place.at(size), system_work(), connection.cursor() as cursor:
        cursor.execute(CHOSEN, {"all": many != DUE, "many": many})
        found = [pk for (pk,) in cursor.fetchall()]
    if len(found) != many:
        raise RuntimeError(f"{len(found)} rows can fall due, not {many}")
    return found


def _ticks(ids: list[UUID]) -> float:
    """Let these fall due and the clock tick until none is left; returns its seconds. Everything is undone."""
    many = len(ids)
    with transaction.atomic():
        with system_work(), connection.cursor() as cursor:
            cursor.execute(FALL_DUE, {"ids": ids, "now": NOW, "today": NOW.date()})
        gc.collect(0)
        started = time.perf_counter()
        done = 1
        while done:
            with system_work():
                done = reminders.tick(now=NOW)
        took = time.perf_counter() - started
        with system_work():
            given = Reminder.objects.filter(at=NOW).count(), Notice.objects.filter(kind="reminder", created_at=NOW).count()
        if given != (many, many):
            raise RuntimeError(f"{given} reminders and notices, not {many} of each")
        transaction.set_rollback(True)
    return took
