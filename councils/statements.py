"""Rows read and written with statements whose words are found once for the life of the process.

For what a person waits for: the ORM finds the words anew for every statement, which takes longer than PostgreSQL does
for the answer. What is read becomes model instances; what is written comes from them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, cached_property
from hashlib import sha256
from inspect import signature
from itertools import count
from re import Match
from typing import Any, Generic, TypeVar, get_type_hints
from uuid import UUID
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections, models
from django.db.backends.utils import CursorWrapper
from psycopg.sql import Literal

M = TypeVar("M", bound=models.Model)


@cache
def fields_of(model: type[models.Model], *only: str) -> tuple[models.Field[Any, Any], ...]:
    """The stored fields of a model in order: all, or those named."""
    return tuple(field for field in model._meta.concrete_fields if not only or field.name in only)


def columns(model: type[models.Model], alias: str, *only: str) -> str:
    """SQL for the columns ``read`` takes, from the table called ``alias``."""
    return ", ".join(f"{alias}.{field.column}" for field in fields_of(model, *only))


def read(model: type[M], values: Iterator[Any], *only: str) -> M | None:
    """Take as many values as there are ``columns``; returns the instance, or None where no row was joined.

    A field that isn't among them is read when it is asked for.
    """
    names, key, from_db = _reading(model, *only)
    found = [next(values) for _name in names]
    if found[key] is None:
        return None
    for at, made in from_db:
        found[at] = made(found[at], None, connection)
    row = model.from_db(DEFAULT_DB_ALIAS, names, found)
    row._state.found = dict(zip(names, found, strict=True))  # type: ignore[attr-defined]
    return row


@cache
def _reading(model: type[models.Model], *only: str) -> tuple[list[str], int, list[tuple[int, Callable[..., Any]]]]:
    """What the fields are called, which is the key, and what makes a Python value of those that need it."""
    fields = fields_of(model, *only)
    key = next(at for at, field in enumerate(fields) if field.primary_key)
    return [field.attname for field in fields], key, [(at, f.from_db_value) for at, f in enumerate(fields) if hasattr(f, "from_db_value")]


_planned: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()  # connection to PostgreSQL → the statements it knows


class Statement:
    """A statement that PostgreSQL plans once for each connection: for little work, planning takes longer than doing it.

    Takes a name of its own, and what gives its words when it is first used, with $1, $2 … for the values.
    """

    def __init__(self, name: str, words: Callable[[], str]) -> None:
        self.name, self.words = name, words

    def run(self, values: Sequence[Any]) -> CursorWrapper:
        """Takes the values in order; returns the cursor."""
        cursor = connections[DEFAULT_DB_ALIAS].cursor()
        cursor.execute(*self.asking(values))
        return cursor

    def asking(self, values: Sequence[Any]) -> tuple[str, Sequence[Any]]:
        """Takes the values in order; returns what to execute with what, once PostgreSQL knows the statement."""
        here = connections[DEFAULT_DB_ALIAS]
        here.ensure_connection()
        known = _planned.get(here.connection)
        if known is None:
            known = _planned[here.connection] = {name for (name,) in here.connection.execute("SELECT name FROM pg_prepared_statements")}
        if self.name not in known:
            here.connection.execute(f"PREPARE {self.name} AS {self.words()}")
            known.add(self.name)
        return f"EXECUTE {self.name} ({', '.join(['%s'] * len(values))})", values

    def ask(self, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Takes the values in order; returns the rows."""
        with self.run(values) as cursor:
            return cursor.fetchall()


class Question(Generic[M]):
    """Decorates a function that builds a queryset from keyword values; called with them, it gives the rows as a list.

    The ORM finds the words once, with stand-ins for the values, and PostgreSQL plans them once for each connection. The
    function must build the same whatever the values are: ids (or a list of them), days, moments or text, never None.
    """

    def __init__(self, make: Callable[..., models.QuerySet[M]]) -> None:
        self.make = make
        self.__doc__ = make.__doc__

    def __call__(self, **values: Any) -> list[M]:
        """Takes the values by name; returns the rows, with what is joined and prefetched."""
        rows, compiler, statement, order = self._found
        again = copy(compiler)
        again.connection = connections[DEFAULT_DB_ALIAS]
        again.as_sql = lambda: statement.asking([values[name] for name in order])
        asked = type(rows)(rows.model, _Known(again), DEFAULT_DB_ALIAS)  # type: ignore[arg-type]
        asked._prefetch_related_lookups = rows._prefetch_related_lookups  # type: ignore[attr-defined]
        return list(asked)

    @cached_property
    def _found(self) -> tuple[models.QuerySet[M], Any, Statement, list[str]]:
        """The queryset, its compiler, the statement, and the names of its values in their order."""
        kinds = get_type_hints(self.make)
        names = list(signature(self.make).parameters)
        stand_ins = {name: _stand_in(kinds[name], at) for at, name in enumerate(names)}
        rows = self.make(**stand_ins)
        compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        text, given = compiler.as_sql()
        places = [(value, f"${at}::{SQL_TYPES[kinds[name]]}") for at, (name, value) in enumerate(stand_ins.items(), 1)]
        waiting = iter(given)

        def place(found: Match[str]) -> str:
            if found[0] == "%%":
                return "%"
            value = next(waiting)
            if isinstance(value, list | tuple) and any(stand_in in value for stand_in, _place in places):
                raise ValueError(f"{self.make.__qualname__} puts a value into a list of its own.")
            known = (place for stand_in, place in places if type(value) is type(stand_in) and value == stand_in)
            return next(known, None) or Literal(value).as_string(connections[DEFAULT_DB_ALIAS].connection)

        words = PLACES.sub(place, text)
        if missing := [name for name, (_value, place) in zip(names, places, strict=True) if place not in words]:
            raise ValueError(f"{self.make.__qualname__} asks nothing with {', '.join(missing)}.")
        name = f"q{sha256(words.encode()).hexdigest()[:12]}_{self.make.__name__.lower()}"  # PostgreSQL cuts a name after 63 characters
        return rows, compiler, Statement(name[:63], lambda: words), names


@dataclass(frozen=True)
class _Known:
    """What stands for a queryset's query once its words are known."""

    compiler: Any

    def get_compiler(self, using: str | None = None, **_how: Any) -> Any:
        """The compiler that already knows them."""
        return self.compiler


PLACES = re.compile("%[%s]")
SQL_TYPES: dict[Any, str] = {UUID: "uuid", date: "date", datetime: "timestamptz", str: "text", list[UUID]: "uuid[]"}


def _stand_in(kind: Any, at: int) -> Any:
    """A value of that kind that nothing else in a statement has."""
    made = {
        UUID: lambda: UUID(int=0xFEED << 64 | at),
        date: lambda: date(1, 1, 1 + at),
        datetime: lambda: datetime(1, 1, 1, at, tzinfo=UTC),
        str: lambda: f"stand-in {at}",
        list[UUID]: lambda: [UUID(int=0xFEED << 64 | at)],
    }
    return made[kind]()


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
    """Write what changed of a row since it was ``read`` (lists and dictionaries always; of any other row, every column).

    Raises DatabaseError when PostgreSQL lets no such row be written.
    """
    found = getattr(row._state, "found", {})
    names = [field.attname for field in fields_of(type(row)) if field.primary_key or _changed(found, field.attname, row)]
    statement, fields = _update(type(row), *names)
    here = connections[DEFAULT_DB_ALIAS]
    cursor = statement.run([field.get_db_prep_save(field.pre_save(row, False), here) for field in fields])
    found.update({name: getattr(row, name) for name in names})
    waiting = _unanswered.get()
    if waiting is None:
        _one_row(cursor)
    else:
        waiting.append(cursor)


def _changed(found: dict[str, Any], name: str, row: models.Model) -> bool:
    value = row.__dict__.get(name, found)  # a field that was never asked for can't have changed
    return value is not found and (name not in found or isinstance(value, list | dict) or value != found[name])


@cache
def _update(model: type[models.Model], *names: str) -> tuple[Statement, list[models.Field[Any, Any]]]:
    table, every = model._meta.db_table, fields_of(model)
    fields = [field for field in every if field.attname in names]
    which = sum(1 << at for at, field in enumerate(every) if field in fields)
    sets = ", ".join(f"{field.column} = ${at}" for at, field in enumerate(fields, 1) if not field.primary_key)
    where = next(f"{field.column} = ${at}" for at, field in enumerate(fields, 1) if field.primary_key)
    return Statement(f"{table}_{which:x}", lambda: f"UPDATE {table} SET {sets} WHERE {where}"), fields  # noqa: S608


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
    except BaseException:
        _planned.pop(connection.connection, None)  # PostgreSQL passed over what was sent after an error: ask it what it knows
        raise
    finally:
        _unanswered.reset(before)
    for cursor in waiting:
        _one_row(cursor)
