"""Rows read and written with statements whose words are found once for the life of the process.

For what a person waits for: the ORM finds the words anew for every statement, which takes longer than PostgreSQL does
for the answer. What is read becomes model instances; what is written comes from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, TypeVar

from django.db import DatabaseError, connection, models
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


def insert(rows: Sequence[models.Model], *, known_may_stay: bool = False) -> None:
    """Write new rows of one model in one statement; with ``known_may_stay``, but for those that are there already."""
    if not rows:
        return
    fields = fields_of(type(rows[0]))
    each = "(" + ", ".join(["%s"] * len(fields)) + ")"
    statement = f"{_insert_into(type(rows[0]))} {', '.join([each] * len(rows))}"
    if known_may_stay:
        statement += " ON CONFLICT DO NOTHING"
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for row in rows for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


@cache
def _insert_into(model: type[models.Model]) -> str:
    names = ", ".join(field.column for field in fields_of(model))
    return f"INSERT INTO {model._meta.db_table} ({names}) VALUES"


def update(row: models.Model) -> None:
    """Write every column of a row that is there. Raises DatabaseError when PostgreSQL lets no such row be written."""
    key = row._meta.pk
    assert key is not None
    fields = [field for field in fields_of(type(row)) if field is not key and field.attname not in row.get_deferred_fields()]
    names = ", ".join(f"{field.column} = %s" for field in fields)
    values = [field.get_db_prep_save(field.pre_save(row, False), connection) for field in fields]
    cursor = connection.cursor()
    cursor.execute(f"UPDATE {row._meta.db_table} SET {names} WHERE {key.column} = %s", [*values, row.pk])  # noqa: S608
    waiting = _unanswered.get()
    if waiting is None:
        _one_row(cursor)
    else:
        waiting.append(cursor)


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
