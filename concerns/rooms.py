"""Where the procedures built above the casework hang themselves in (ADR 8).

``concerns`` knows none of them. Each app registers, when it is loaded, what its machines are called, what happens when
a formal step opens or ends one of its procedures, what it objects to, and what it shows on the pages of the casework.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a concern's page: a template and what it needs."""

    template: str
    context: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of "Waiting for you": fixed words, an address, and the day it is due, if any."""

    label: str
    url: str
    place: str = ""
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """Something that has to happen by a day, as a room or the concern's own stage says it. The clocks keep it (``clocks``).

    Either ``due_on`` (a day that was set) or ``code``, the law layer's default that says how many days, counted from
    ``from_on`` (None: the day it first became due): backwards where it is ``before`` that day. What is ``met`` has happened;
    what no longer comes back has ended. ``restarts``: whatever happens on the concern, it is counted anew from that day.
    """

    kind: str  # an ObligationKind
    source: str  # the room, or the concern's own stage
    from_on: date | None = None
    code: str = ""
    source_id: UUID | None = None  # the room's row
    due_on: date | None = None
    before: bool = False
    basis: str = ""  # of a day that was set; how many days are counted says it otherwise
    cites: tuple[str, ...] = ()
    capacities: tuple[str, ...] = ()  # of those who have to act
    met: bool = False
    restarts: bool = False
    stops: bool = True  # on hold; a day that was set, or that the law sets, doesn't
    owners: tuple[UUID, ...] = ()  # who has to act on what belongs to no concern
    watchers: tuple[UUID, ...] = ()  # and who else may know of it


@dataclass(frozen=True)
class Machine:
    """A machine for the generated documents: the model and its FSM column, each state's words, and who may do what."""

    title: str
    model: Any
    column: str
    states: Mapping[str, tuple[Any, Any]]  # state -> (label, meaning)
    permissions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # step -> parts that may take it


class Procedure(Protocol):
    """What a kind of proceeding does with the formal steps of a concern. Runs inside the action's transaction."""

    def opened(self, concern: Any, proceeding: Any, *, by: Any, now: datetime) -> None:
        """The proceeding's row was just written."""

    def ended(self, concern: Any, proceeding: Any, *, by: Any, now: datetime) -> None:
        """The concern moved on, and the proceeding ended with it."""

    # Some also have ``left(concern, people, *, by, now)``: these people are out for good; returns who came in, or None when
    # nobody is there to run it. And ``reopened(concern, proceeding, *, by, now)``: T24; returns who was let in. And
    # ``waits(concern, who)``: what it waits for, in a sentence that names who deals with it.

    def objection(self, concern: Any, action: Any, *, person: Any) -> str:
        """Why ``action`` isn't open on the concern just now, in words for the reader; "" when it is."""


PROCEDURES: dict[str, Procedure] = {}  # by ProceedingKind
# Each with SQL that finds something exactly when the room has anything to show: one statement asks all rooms at once, and
# only those are asked that have something. A panel takes the Case of a view and whether there is something; its SQL may
# name the concern as ``concerns_concern.id``. What waits takes a person and today, doors (what stays open to a person when
# nothing waits there) a person; their SQL may name the person as ``portal_me()``.
PANELS: list[tuple[Callable[[Any, bool], Panel | None], str]] = []
WAITING: list[tuple[Callable[[Any, date], list[Waiting]], str]] = []
DOORS: list[tuple[Callable[[Any], list[Waiting]], str]] = []
# What comes up for a person by a day, the soonest first: takes them, today, and the concerns that already say that they wait.
COMING: list[Callable[[Any, date, Collection[UUID]], list[Waiting]]] = []
EVENTS: dict[str, Any] = {}  # event type -> its words in the timeline
REASONS: dict[str, Any] = {}  # reason code of a participation -> its words in the circle
MACHINES: list[Machine] = []
DOCUMENTS: dict[str, Callable[[], str]] = {}  # a generated document of a room: file name in docs/ -> makes its text
# What is due on a concern today, each with SQL like a panel's: asked only where it finds something. Each sees the same
# whoever acts, or what one sees and another doesn't would come and go.
DUES: list[tuple[Callable[[Any, date], list[Due]], str]] = []
# What is due on something that belongs to no concern, by its room: takes its id and today; returns its council and what is due.
OWN_DUES: dict[str, Callable[[UUID, date], tuple[Any, list[Due]] | None]] = {}
# Where a room's row is shown: source -> takes its id, returns the address.
PLACES: dict[str, Callable[[UUID], str]] = {}
# What is told of every concern on which an action left something, once, before the action's transaction ends or the actor's
# own access does. Takes the concern, the actor, the moment, and whether it had never been sent before.
SETTLING: list[Callable[..., None]] = []
# What keeps a mark of something of a room's own that changed, to be settled soon: takes the room, the id and the moment.
MARKING: list[Callable[[str, UUID, datetime], None]] = []
# SQL for the soonest of what is due on ``concerns_concern.id``, as JSON, for pages and lists; NULL where nothing keeps it.
SOONEST = ["NULL::jsonb"]
# The days as they are kept, with holds and agreements: takes a concern, returns kind -> day.
KEPT: list[Callable[[Any], Mapping[str, date]]] = []
# The same for everything that is due on it, as a JSON array, the soonest first.
ALL_DUE = ["NULL::jsonb"]


@dataclass(slots=True)
class Touched:
    """A concern that an action left something on."""

    concern: Any
    by: Any
    now: datetime
    fresh: bool


_touched: ContextVar[dict[UUID, Touched] | None] = ContextVar("touched", default=None)


@contextmanager
def settling() -> Iterator[None]:
    """What the actions inside leave on concerns is settled when the outermost of them is done; an exception forgets it."""
    if _touched.get() is not None:
        yield
        return
    token = _touched.set({})
    try:
        yield
        settle()
    finally:
        _touched.reset(token)


def touched(concern: Any, *, by: Any, now: datetime, fresh: bool = False) -> None:
    """Something was left on ``concern``; ``fresh``: nothing was ever due on it. Outside an action it is settled at once."""
    waiting = _touched.get()
    if waiting is not None:
        known = waiting.pop(concern.pk, None)
        waiting[concern.pk] = Touched(concern, by, now, fresh or (known is not None and known.fresh))
        return
    with settling():
        touched(concern, by=by, now=now, fresh=fresh)


def mark(room: str, row: UUID, *, now: datetime) -> None:
    """Something of a room's own changed, which belongs to no concern or isn't the actor's to see whole."""
    for keep in MARKING:
        keep(room, row, now)


def settle(leaving: Collection[UUID] | None = None) -> None:
    """Tell everybody who settles; with ``leaving``, only while one of these persons acts, who is about to lose their access."""
    waiting = _touched.get() or {}
    for key in [key for key, one in waiting.items() if leaving is None or (one.by is not None and one.by.pk in leaving)]:
        one = waiting.pop(key)
        for tell in SETTLING:
            tell(one.concern, by=one.by, now=one.now, fresh=one.fresh)
# What the rooms know for a letter: ``(concern, kind, to=person or None, by=writer, now=…)`` gives words for the names in
# braces of its template. Row security decides what each finds, and a letter's writer reads it before it is sent.
LETTER_FACTS: list[Callable[..., Mapping[str, str]]] = []
# Told inside system work when a virus is found in a stored file that was taken in before: the file and the moment.
INFECTED: list[Callable[[Any, datetime], None]] = []


def opened(concern: Any, proceeding: Any, *, by: Any, now: datetime) -> None:
    """Tell the procedure of this kind, if there is one, that it was opened."""
    if procedure := PROCEDURES.get(proceeding.kind):
        procedure.opened(concern, proceeding, by=by, now=now)


def ended(concern: Any, proceeding: Any, *, by: Any, now: datetime) -> None:
    """Tell the procedure of this kind, if there is one, that it has ended."""
    if procedure := PROCEDURES.get(proceeding.kind):
        procedure.ended(concern, proceeding, by=by, now=now)


def left(concern: Any, kind: str | None, people: Any, *, by: Any, now: datetime) -> list[Any] | None:
    """Tell the procedure of this kind that these people are out; who came in, or None when nobody is there to run it."""
    tell = getattr(PROCEDURES.get(kind or ""), "left", None)
    return tell(concern, people, by=by, now=now) if tell else []


def reopened(concern: Any, proceeding: Any, *, by: Any, now: datetime) -> list[Any]:
    """Tell the procedure of this kind that the concern was opened again; who was let in."""
    tell = getattr(PROCEDURES.get(proceeding.kind), "reopened", None)
    return tell(concern, proceeding, by=by, now=now) if tell else []


def kept_days(concern: Any) -> dict[str, date]:
    """The days of what is due on ``concern`` as they are kept, by kind; where nothing keeps them, none."""
    return {kind: day for days in KEPT for kind, day in days(concern).items()}


def objection(concern: Any, kind: str | None, action: Any, *, person: Any) -> str:
    """Why the procedure of this kind keeps ``action`` closed; "" when it doesn't."""
    procedure = PROCEDURES.get(kind or "")
    return procedure.objection(concern, action, person=person) if procedure else ""


def waits(concern: Any, kind: str, who: str) -> str:
    """What the procedure of this kind waits for, in one sentence that names ``who`` deals with it; "" when it doesn't say."""
    say = getattr(PROCEDURES.get(kind), "waits", None)
    return say(concern, who) if say else ""


def letter_facts(concern: Any, kind: str, *, to: Any, by: Any, now: datetime) -> dict[str, str]:
    """What the rooms know for a letter of that kind to that person; what none of them knows is left out."""
    found: dict[str, str] = {}
    for ask in LETTER_FACTS:
        found |= {name: words for name, words in ask(concern, kind, to=to, by=by, now=now).items() if words}
    return found


def exists(asked: Iterable[tuple[Any, str]]) -> str:
    """SQL for an array that says of each whether it finds something."""
    return f"ARRAY[{', '.join(f'EXISTS ({sql})' for _make, sql in asked)}]::boolean[]"


def panels(case: Any, there: Sequence[bool]) -> list[Panel]:
    """What the procedures show of a concern to this person; ``there`` is what ``exists(PANELS)`` says of it."""
    made = (make(case, something) for (make, _sql), something in zip(PANELS, there, strict=True))
    return [panel for panel in made if panel is not None]


def waiting(person: Any, today: date, there: Sequence[bool]) -> tuple[list[Waiting], list[Waiting]]:
    """What waits for this person outside their concerns, what is due first at the top; and the doors that stay open.

    ``there`` is what ``exists([*WAITING, *DOORS])`` says for them.
    """
    found = [item for (make, _sql), there_is in zip(WAITING, there, strict=False) if there_is for item in make(person, today)]
    open_doors = [item for (make, _sql), there_is in zip(DOORS, there[len(WAITING) :], strict=True) if there_is for item in make(person)]
    return sorted(found, key=lambda item: (item.due is None, item.due or today, item.label)), open_doors
