"""What a backup holds: every table's rows in a fixed order, how many, and their checksum.

The tables themselves come from the migrations of the release that made the backup, so that a restored database has the walls
and guards of the code and not those of a file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg
from django.utils.translation import gettext as _
from psycopg import sql

from protocol_portal.backups import BackupError

#: Rows that mean nothing in another database, or open a door: sessions, and counted sign-in attempts.
LEFT_OUT = ("django_session", "councils_signin", "axes_accessattempt", "axes_accessattemptexpiration", "axes_accessfailurelog", "axes_accesslog")
#: What migrations write themselves: there before anything is restored.
BY_MIGRATIONS = ("django_migrations", "django_content_type", "auth_permission")

COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), coalesce(a.attnum = ANY (i.indkey), false)
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
  LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
 WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY c.relname, a.attnum
"""
STEADY = """
SET LOCAL TIME ZONE 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL IntervalStyle = 'postgres'; SET LOCAL bytea_output = 'hex';
SET LOCAL extra_float_digits = 1; SET LOCAL client_encoding = 'UTF8'; SET LOCAL row_security = off; SET LOCAL search_path = public
"""


@dataclass(frozen=True)
class Table:
    """A table: its columns with their types, and what its rows are ordered by."""

    name: str
    columns: tuple[tuple[str, str], ...]
    key: tuple[str, ...]

    @property
    def names(self) -> sql.Composed:
        """The columns, for a statement."""
        return sql.SQL(", ").join(sql.Identifier(name) for name, _type in self.columns)

    def rows(self) -> sql.Composed:
        """The statement that copies every row out, in order."""
        types = dict(self.columns)
        order = [
            sql.SQL("{}{}").format(sql.Identifier(name), sql.SQL(' COLLATE "C"' if types[name].startswith(("character", "text")) else ""))
            for name in self.key
        ] or [sql.SQL('t::text COLLATE "C"')]
        return sql.SQL("COPY (SELECT {} FROM {} t ORDER BY {}) TO STDOUT").format(
            self.names, sql.Identifier(self.name), sql.SQL(", ").join(order)
        )


def connect(url: str) -> psycopg.Connection[Any]:
    """A connection that says why when it can't be had. Raises BackupError."""
    try:
        return psycopg.connect(url, connect_timeout=10)
    except psycopg.Error as error:
        raise BackupError(_("The database can't be reached: %(why)s") % {"why": str(error).strip().splitlines()[0]}) from None


def tables(connection: psycopg.Connection[Any]) -> dict[str, Table]:
    """Every table of the portal, by name."""
    found: dict[str, list[tuple[str, str, bool]]] = {}
    for table, column, kind, in_key in connection.execute(COLUMNS):
        found.setdefault(table, []).append((column, kind, in_key))
    return {
        name: Table(name, tuple((column, kind) for column, kind, _key in columns), tuple(column for column, _kind, in_key in columns if in_key))
        for name, columns in found.items()
    }


def migrations(connection: psycopg.Connection[Any]) -> list[list[str]]:
    """Which migrations the database has, as [app, name]."""
    return [list(row) for row in connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name")]


def read(connection: psycopg.Connection[Any], table: Table, keep: Callable[[bytes], object] | None = None) -> dict[str, Any]:
    """Copy a table out, giving each part to ``keep``; returns its columns, rows and checksum."""
    checksum, count = hashlib.sha256(), 0
    with connection.cursor() as cursor, cursor.copy(table.rows()) as copy:
        for part in copy:
            data = bytes(part)
            checksum.update(data)
            count += data.count(b"\n")
            if keep:
                keep(data)
    return {"columns": [list(column) for column in table.columns], "rows": count, "sha256": checksum.hexdigest()}


def sequences(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """Where each sequence stands; those never used are left out."""
    rows = connection.execute("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL")
    return dict(rows.fetchall())
