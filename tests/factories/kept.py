"""Councils loaded by the actions once a worker; where a later file wants the same, their rows are put back as they were."""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from functools import cache

from django.apps import apps
from django.db import connection, transaction

from tests.cluster import FIXTURE_ROLE
from tests.factories.councils import Town, town

MINE = "council_id = '{council}'"
OUTSIDE = f"councils_externalofficer o JOIN councils_externalbody b ON b.id = o.external_body_id WHERE b.{MINE}"
#: Each table with what tells one council's rows. Somebody may have a post in two of them: their row is one row.
TABLES = {
    "councils_council": "id = '{council}'",
    "councils_person": f"id IN (SELECT person_id FROM councils_appointment WHERE {MINE}) OR id IN (SELECT person_id FROM {OUTSIDE})",
    "councils_appointment": MINE,
    "councils_reportingline": MINE,
    "councils_body": MINE,
    "councils_bodymembership": f"body_id IN (SELECT id FROM councils_body WHERE {MINE})",
    "councils_externalbody": MINE,
    "councils_externalofficer": f"id IN (SELECT o.id FROM {OUTSIDE})",
    "councils_disclosedrelationship": MINE,
    "councils_protocolversion": MINE,
    "councils_councilevent": "council = '{council}'",
}
_kept: dict[str, tuple[bytes, dict[str, set[bytes]]]] = {}


def towns(keys: Iterable[str]) -> dict[str, Town]:
    """Takes the keys of shipped councils, none of which is loaded; returns them loaded, as ``town`` would."""
    wanted = tuple(keys)
    if missing := [key for key in wanted if key not in _kept]:
        with transaction.atomic():
            _put_back(_kept)  # who has a post in two councils is one person, whichever is asked for first
            for key in missing:
                loaded = town(key)
                _kept[key] = (pickle.dumps(loaded), rows_of(loaded))
            transaction.set_rollback(True)
    _put_back(wanted)
    return {key: pickle.loads(_kept[key][0]) for key in wanted}


def rows_of(loaded: Town) -> dict[str, set[bytes]]:
    """Everything the database holds of a council: table → rows as text."""
    rows: dict[str, set[bytes]] = {}
    with connection.cursor() as cursor:
        for table, which in TABLES.items():
            with cursor.copy(f"COPY (SELECT {_columns(table)} FROM {table} WHERE {which.format(council=loaded.council.pk)}) TO STDOUT") as copy:
                rows[table] = set(b"".join(bytes(part) for part in copy).splitlines(keepends=True))
    return rows


@cache
def _columns(table: str) -> str:
    """What a table is filled with: not what PostgreSQL works out itself."""
    (model,) = [model for model in apps.get_models() if model._meta.db_table == table]
    return ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields if not field.generated)


def _put_back(keys: Iterable[str]) -> None:
    rows = {table: set().union(*(_kept[key][1][table] for key in keys)) for table in TABLES}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role')")
        (before,) = cursor.fetchone()
        cursor.execute(f"SET LOCAL ROLE {FIXTURE_ROLE}")
        for table, lines in rows.items():
            with cursor.copy(f"COPY {table} ({_columns(table)}) FROM STDIN") as copy:
                copy.write(b"".join(sorted(lines)))
        cursor.execute("SELECT set_config('role', %s, true)", [before])
