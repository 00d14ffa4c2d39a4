"""Every task of the portal, delivered five times in any order, leaves what one delivery leaves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone

from concerns.enums import Action
from protocol_portal.celery import app
from tests.factories.concerns import do, lodge
from tests.factories.councils import Town, town
from tests.faults.table import times, told
from tests.fuzz import samples
from tests.seeds import chance

pytestmark = pytest.mark.django_db
DELIVER = "concerns.tasks.deliver_notices"
AFTERWARDS = ["protocol_portal.trail.tasks.anchor_trail", DELIVER]  # what the others did is anchored and sent the minute after
# When, under which name and linked to what before it, is each run's own; so are the portal's signs of life, and the
# anchors, which say where the chains ended when each was written.
OWN_TYPES = {"timestamp with time zone", "uuid", "bytea"}
OWN_COLUMNS = {"prev_hash", "hash", "attempts", "count"}
OWN_TABLES = {"operations_heartbeat", "operations_figure", "concerns_trailanchor"}


@pytest.fixture
def weston() -> Town:
    return town("weston")


def ours() -> list[str]:
    """The names of the portal's own tasks."""
    app.loader.import_default_modules()
    labels = {config.name for config in apps.get_app_configs()}
    return sorted(name for name in app.tasks if name.partition(".")[0] in labels)


def state() -> dict[str, Counter[str]]:
    """What every table holds, without what is each run's own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns JOIN information_schema.tables t"
            " USING (table_schema, table_name) WHERE table_schema = 'public' AND t.table_type = 'BASE TABLE' ORDER BY 1, ordinal_position"
        )
        columns: dict[str, list[str]] = {}
        for table, column, kind in cursor.fetchall():
            kept = columns.setdefault(table, [])
            if kind not in OWN_TYPES and column not in OWN_COLUMNS:
                kept.append(f'"{column}"')
        found = {}
        for table in sorted(set(columns) - OWN_TABLES):
            cursor.execute(f"SELECT {', '.join(columns[table]) or '1'} FROM {table}")
            found[table] = Counter(map(str, cursor.fetchall()))
    return found


def test_every_task_five_times_in_any_order(weston: Town, as_owner: Callable[[], AbstractContextManager[None]]) -> None:
    names, rng, rounds = ours(), chance("tasks"), times(1, 20)
    assert {*AFTERWARDS, "concerns.tasks.scan_files", "clocks.tasks.tick", "operations.tasks.tick"} <= set(names)
    begun = timezone.now()
    concern = lodge(weston, weston["councillor1"], weston["officer1"], chosen_token="role:proper_officer", now=begun)
    do(Action.ADD_DOCUMENT, concern, weston["councillor1"], now=begun, name="x.pdf", content=samples.pdf())
    lodge(weston, weston["officer1"], weston["councillor3"], now=begun)

    def run(order: list[str]) -> tuple[dict[str, Counter[str]], int]:
        """Do these on a Tuesday noon some weeks on, when things are due; what is left, and how many mails there were."""
        mail.outbox.clear()
        later = begun + timedelta(days=40)
        with time_machine.travel(later + timedelta(days=(1 - later.weekday()) % 7)):
            for name in order:
                app.tasks[name].apply()
            with as_owner():
                return state(), len(mail.outbox)

    def undone(order: list[str]) -> tuple[dict[str, Counter[str]], int]:
        with transaction.atomic():
            left = run(order)
            transaction.set_rollback(True)
        return left

    once, mails = undone([*(name for name in names if name not in AFTERWARDS), *AFTERWARDS])
    assert mails >= 4
    differs: list[Any] = []
    for _round in range(rounds):
        order = names * 5
        rng.shuffle(order)
        found, sent = undone([*order, *AFTERWARDS])
        differs += [(table, once[table] - found[table], found[table] - once[table]) for table in once if once[table] != found[table]]
        differs += [] if sent == mails else [("mails", mails, sent)]
    assert differs == []
    told("each_task_five_times_shuffled", runs=len(names) * 5 * rounds, lost=0, duplicated=len(differs))
