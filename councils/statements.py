"""Rows read and written with statements whose words are found once for the life of the process.

For what a person waits for: the ORM finds the words anew for every statement, which takes longer than PostgreSQL does
for the answer. What is read becomes model instances; what is written comes from them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from itertools import count
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections, models
from django.db.backends.utils import CursorWrapper

M = TypeVar("M", bound=models.Model)


@cache
def fields_of(model: type[models.Model], *without: str) -> tuple[models.Field[Any, Any], ...]:
    """The stored fields of a model in order, but for those named."""
    return tuple(field for field in model._meta.concrete_fields if field.name not in without)


@cache
def columns(model: type[models.Model], alias: str, *without: str) -> str:
    """SQL for the columns ``read`` takes, from the table called ``alias``."""
    return ", ".join(f"{alias}.{field.column}" for field in fields_of(model, *without))


def read(model: type[M], values: Iterator[Any], *without: str) -> M | None:
    """Take as many values as there are ``columns``; returns the instance, or None where no row was joined.

    A field left out is read when it is asked for.
    """
    fields = fields_of(model, *without)
    found = [next(values) for _field in fields]
    names = [field.attname for field in fields]
    if found[names.index(model._meta.pk.attname)] is None:  # type: ignore[union-attr]
        return None
    for at, field in enumerate(fields):
        if hasattr(field, "from_db_value"):
            found[at] = field.from_db_value(found[at], None, connection)
    return model.from_db(connection.alias, names, found)


_planned: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()  # connection to PostgreSQL → the statements it knows


class Statement:
    """A statement that PostgreSQL plans once for each connection: for little work, planning takes longer than doing it.

    Takes a name of its own, and what gives its words when it is first used, with $1, $2 … for the values.
    """

    def __init__(self, name: str, words: Callable[[], str]) -> None:
        self.name, self.words = name, words

    def run(self, values: Sequence[object]) -> CursorWrapper:
        """Takes the values in order; returns the cursor."""
        cursor = connection.cursor()
        known = _planned.setdefault(connection.connection, set())
        if self.name not in known:
            connection.connection.execute(f"PREPARE {self.name} AS {self.words()}")
            known.add(self.name)
        cursor.execute(f"EXECUTE {self.name} ({', '.join(['%s'] * len(values))})", values)
        return cursor

    def ask(self, values: Sequence[object]) -> list[tuple[Any, ...]]:
        """Takes the values in order; returns the rows."""
        with self.run(values) as cursor:
            return cursor.fetchall()


def insert(rows: Sequence[models.Model], *, known_may_stay: bool = False) -> None:
    """Write new rows of one model; with ``known_may_stay``, but for those that are there already. One statement."""
    if not rows:
        return
    model, here = type(rows[0]), connections[DEFAULT_DB_ALIAS]
    fields = fields_of(model)
    values = [field.get_db_prep_save(field.pre_save(row, True), here) for row in rows for field in fields]
    _insertion(model, len(rows), known_may_stay).run(values).close()
    for row in rows:
        row._state.adding, row._state.db = False, here.alias


@cache
def _insertion(model: type[models.Model], rows: int, known_may_stay: bool) -> Statement:
    table, fields, numbers = model._meta.db_table, fields_of(model), count(1)
    each = ", ".join("(" + ", ".join(f"${next(numbers)}" for _field in fields) + ")" for _row in range(rows))
    words = f"INSERT INTO {table} ({', '.join(field.column for field in fields)}) VALUES {each}"  # noqa: S608
    anyway = " ON CONFLICT DO NOTHING" if known_may_stay else ""
    return Statement(f"{table}_{rows}{'_anyway' if anyway else ''}", lambda: words + anyway)


def update(row: models.Model) -> None:
    """Write every column of a row that is there. Raises DatabaseError when PostgreSQL lets no such row be written."""
    fields, here = fields_of(type(row)), connections[DEFAULT_DB_ALIAS]
    cursor = _update(type(row)).run([field.get_db_prep_save(field.pre_save(row, False), here) for field in fields])
    waiting = _unanswered.get()
    if waiting is None:
        _one_row(cursor)
    else:
        waiting.append(cursor)


@cache
def _update(model: type[models.Model]) -> Statement:
    table, fields, key = model._meta.db_table, fields_of(model), model._meta.pk
    sets = ", ".join(f"{field.column} = ${at}" for at, field in enumerate(fields, 1) if field is not key)
    where = next(f"{field.column} = ${at}" for at, field in enumerate(fields, 1) if field is key)
    return Statement(f"{table}_update", lambda: f"UPDATE {table} SET {sets} WHERE {where}")  # noqa: S608


def _one_row(cursor: CursorWrapper) -> None:
    changed = cursor.rowcount
    cursor.close()
    if changed != 1:
        raise DatabaseError("The row could not be written: it is gone, or not this person's to change.")


_unanswered: ContextVar[list[CursorWrapper] | None] = ContextVar("unanswered", default=None)


@contextmanager
def together() -> Iterator[None]:
    """What is written inside is sent without waiting for each answer. The first error comes out at the end at the latest.

    Needs a transaction, or an error would leave what was written before it.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("Writing together needs a transaction.")
    waiting: list[CursorWrapper] = []
    before = _unanswered.set(waiting)
    try:
        with connection.wrap_database_errors, connection.connection.pipeline():
            yield
    finally:
        _unanswered.reset(before)
    for cursor in waiting:
        _one_row(cursor)
