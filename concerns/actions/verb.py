"""What every action is: keyword-only, one transaction, named to the database while it runs (house rules 1 and 2)."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.db import connection, transaction

from concerns.enums import Action, EventType

F = TypeVar("F", bound=Callable[..., Any])

# Every action in the house, by its verb: the tests and the generated documents walk this.
ACTIONS: dict[Action, Callable[..., Any]] = {}
LEAVES: dict[Action, EventType | None] = {}


def verb(action: Action, leaves: EventType | None) -> Callable[[F], F]:
    """Register a function as the one that does ``action`` and ``leaves`` one event of that type (None: a draft's).

    It runs in one transaction; while it runs the database lets states change, and only then.
    """

    def register(function: F) -> F:
        parameters = inspect.signature(function).parameters
        for name in ("by", "now"):
            if name not in parameters or parameters[name].kind is not inspect.Parameter.KEYWORD_ONLY:
                raise TypeError(f"{function.__name__} needs keyword-only by= and now=")

        @wraps(function)
        def run(**kwargs: Any) -> Any:
            with transaction.atomic():
                before = _named(action.value)
                result = function(**kwargs)
                _named(before)
            return result

        ACTIONS[action] = run
        LEAVES[action] = leaves
        return run  # type: ignore[return-value]

    return register


def _named(value: str) -> str:
    """Tell the database which action runs; returns what it was told before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('portal.action', true), set_config('portal.action', %s, true)", [value]
        )
        return cursor.fetchone()[0] or ""
