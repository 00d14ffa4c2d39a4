"""The clock: 10,000 reminders that are due at once, and a tick with 100 due among a million live obligations and a thousand.

Each tick runs in a transaction that is undone, so that every turn finds the same. What is measured is the task's own work:
taking the rows, finding whom to tell and whom not, writing reminders, notices and the next look.
"""

from __future__ import annotations

import gc
import statistics
import time

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
# Among the rows of open concerns, as ids lie: over all councils. Due today, looked at last a day ago.
FALL_DUE = """
WITH chosen AS (
    SELECT id FROM clocks_obligation WHERE kind = 'informal_review' AND id >= %(first)s
        AND opened_on >= '2023-06-01'  -- after everybody's appointment, as it is for most
    ORDER BY id LIMIT %(many)s
)
UPDATE clocks_obligation o SET due_on = %(today)s, next_reminder_at = %(now)s, reminded_upto = %(now)s - interval '1 day'
FROM chosen WHERE chosen.id = o.id
"""


def run(place: Place) -> list[Figure]:
    """Takes where to run; returns the two figures."""
    small, middle, large = SIZES
    taken: dict[Size, list[float]] = {small: [], large: []}
    for turn in range(WARM_UP + ROUNDS):
        for size, times in taken.items():
            with place.at(size):
                took = _ticks(DUE, first=turn)
            if turn >= WARM_UP:
                times.append(took)
    with place.at(middle):
        many = _ticks(MANY, first=0)
    took_small, took_large = (statistics.median(taken[size]) for size in (small, large))
    return [
        ("reminders_10k_seconds", round(many, 1), GOAL_SECONDS, many <= GOAL_SECONDS),
        ratio("tick_100_due_1m_live_vs_1k", took_large / took_small, GOAL_RATIO),
    ]


def _ticks(many: int, *, first: int) -> float:
    """Let so many fall due and the clock tick until none is left; returns its seconds. Everything is undone."""
    with transaction.atomic():
        with system_work(), connection.cursor() as cursor:
            values = {"first": f"{first:08x}-0000-0000-0000-000000000000", "many": many, "now": NOW, "today": NOW.date()}
            cursor.execute(FALL_DUE, values)
            if cursor.rowcount != many:
                raise RuntimeError(f"{cursor.rowcount} rows fell due, not {many}")
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
