"""What every action is: keyword-only, one transaction, named to the database while it runs (house rules 1 and 2)."""

import inspect
from collections.abc import Callable, Collection
from datetime import datetime
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from concerns import casefile, outbox, policy, queries, rooms
from concerns.enums import Action, Capacity, NoticeKind
from concerns.models import Concern, Participation
from concerns.plan import Plan, Step
from councils.errors import Refusal
from councils.models import Person
from councils.statements import update

F = TypeVar("F", bound=Callable[..., Any])

class Verbs:
    """The actions of one room, by their verbs: the tests and the generated documents walk this.

    Call it to register a function as the one that does ``action`` and ``leaves`` one event of that type (None: a draft's).
    It runs in one transaction; while it runs the database lets states change, and only then.
    """

    def __init__(self) -> None:
        self.actions: dict[Any, Callable[..., Any]] = {}
        self.leaves: dict[Any, StrEnum | None] = {}

    def __call__(self, action: StrEnum, leaves: StrEnum | None) -> Callable[[F], F]:
        return lambda function: self._register(action, leaves, function)

    def _register(self, action: StrEnum, leaves: StrEnum | None, function: F) -> F:
        parameters = inspect.signature(function).parameters
        for name in ("by", "now"):
            if name not in parameters or parameters[name].kind is not inspect.Parameter.KEYWORD_ONLY:
                raise TypeError(f"{function.__name__} needs keyword-only by= and now=")

        @wraps(function)
        def run(**kwargs: Any) -> Any:
            with transaction.atomic(), rooms.settling():
                before = _named(action.value)
                result = function(**kwargs)
                _named(before)
            return result

        self.actions[action] = run
        self.leaves[action] = leaves
        return run  # type: ignore[return-value]


verb = Verbs()
ACTIONS: dict[Action, Callable[..., Any]] = verb.actions
LEAVES: dict[Action, StrEnum | None] = verb.leaves


def _named(value: str) -> str:
    """Tell the database which action runs; returns what it was told before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('portal.action', true), set_config('portal.action', %s, true)", [value]
        )
        return cursor.fetchone()[0] or ""


def begin(action: Action, concern_id: UUID, *, by: Person, now: datetime, revision: int | None = None) -> Concern:
    """Find and lock the concern for ``by``, and check that the action is open to them.

    Raises Http404 for strangers and Refusal, with words for the reader, when it isn't open or the page was stale.
    """
    concern = casefile.lock(concern_id, by=by, revision=revision)
    held = frozenset(Capacity(part.capacity) for part in concern.mine)
    facts = queries.facts(concern, by, concern.mine, today=timezone.localdate(now), subjects=concern.parties)
    policy.require(by, action, concern, facts=facts, held=held)
    return concern


def store(concern: Concern, *, now: datetime) -> None:
    """Write the concern's row and count the change, so that a stale tab is told."""
    concern.revision += 1
    concern.updated_at = now
    update(concern)


# Parts that end when a concern is closed; whoever dealt with it may still open it again.
PASSING = {Capacity.RECIPIENT, Capacity.EXCEPTION_HOLDER, Capacity.CANDIDATE, Capacity.PANEL_MEMBER, Capacity.READER, Capacity.STANDBY}


def answer_needed(value: str, field: str, message: object) -> str:
    """The text without outer blanks. Raises Refusal on that field when nothing is left."""
    text = (value or "").strip()
    if not text:
        raise Refusal(str(message), field=field)
    return text


def place(
    concern: Concern,
    step: Step,
    capacity: Capacity,
    *,
    reason: str,
    by: Person | None,
    now: datetime,
    out: Collection[UUID] | None = None,
) -> list[Person]:
    """Grant ``capacity`` to everybody behind a step of the route; returns them. ``out``: all excluded, if it is known."""
    entrants = [policy.Entrant(seat.person, seat.hat, seat.acting_for) for seat in step.seats]
    policy.grant_all(concern, entrants, capacity, reason=reason, by=by, now=now, cites=step.cites, token=step.token, out=out)
    return [seat.person for seat in step.seats]


def shut_out(concern: Concern, plan: Plan, *, by: Person | None, now: datetime, sparing: Person | None = None) -> None:
    """Exclude everyone the plan finds in conflict, except the raiser and, for the moment, ``sparing``."""
    spared = {concern.raiser_id, sparing.pk if sparing else None}
    policy.exclude_all(concern, [pair for pair in plan.shut_out if pair[0].pk not in spared], by=by, now=now)


def look_for_handler(concern: Concern, plan: Plan, *, by: Person | None, now: datetime) -> None:
    """T03: nobody is left to take it. Ask the first on the exception route to find someone, unseen content.

    Where nobody in the council is free of a connection it comes back to the raiser, who is told.
    """
    concern.no_handler()
    store(concern, now=now)
    for seat in plan.exception_seats:
        policy.grant(
            concern, seat.person, Capacity.EXCEPTION_HOLDER, reason="finds_handler", by=by, now=now, hat=seat.hat,
            acting_for=seat.acting_for,
        )  # fmt: skip
    finders = [seat.person for seat in plan.exception_seats]
    back = [] if by is not None and by.pk == concern.raiser_id else [concern.raiser]
    outbox.put(concern, NoticeKind.NEEDS_YOU, to=finders or back, now=now)


def end_all(concern: Concern, capacities: set[Capacity], *, by: Person, now: datetime, reason: str) -> None:
    """End these capacities for everybody, the actor last: after that PostgreSQL shows the actor nothing more."""
    parts = Participation.objects.filter(concern=concern, capacity__in=capacities, until__isnull=True).select_related("person")
    for part in sorted(parts, key=lambda part: part.person_id == by.pk):
        policy.end(concern, part.person, by=by, now=now, reason=reason, only=Capacity(part.capacity))


def people_as(concern: Concern, *capacities: Capacity) -> list[Person]:
    """Who is on the concern in these capacities now."""
    parts = Participation.objects.filter(concern=concern, capacity__in=capacities, until__isnull=True).select_related("person")
    return list({part.person_id: part.person for part in parts}.values())
