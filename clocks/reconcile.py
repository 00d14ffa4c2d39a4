"""What is due is derived, never fired: from where a concern stands, its rows are opened, moved, met and ended.

Settling twice is settling once. It runs inside every action that leaves something on a concern (``concerns.rooms``), under
the concern's lock, and as system work where inputs of many changed: targets, closures, bank holidays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL
from django.utils import timezone

from clocks import plan
from clocks.domain.calculation import Result, end_of, stood_still
from clocks.enums import ClockEvent, Moved, Unit
from clocks.models import OPEN, Obligation, Unsettled
from concerns import audit, rooms
from concerns.enums import CLOSED_STATES
from concerns.models import Concern
from concerns.own_days import OwnDays, own_days
from concerns.rooms import Due
from councils.models import Council, Person
from councils.statements import insert

#: When to remind first of a row that was opened or moved: takes the row, returns the moment or None.
PLANNED: list[Callable[[Obligation], datetime | None]] = []
RECORDED = frozenset({Moved.TARGET, Moved.DAYS_OFF})  # nobody's action moved these, so a line of their own says so
KEPT, COUNTED = "kept", "counted"  # lines of a calculation
Key = tuple[str, str, UUID | None]
# What settling writes of a row that stands. The rest is the reminders': a clock may have it in hand just now.
WRITTEN = (
    "opened_on", "target", "unit", "due_on", "due_at", "basis", "cites", "code", "calculation", "capacities", "owners", "watchers",
    "paused_on", "paused_until", "paused_days", "extended_to", "revision",
)  # fmt: skip
PLANNED_ANEW = ("moves", "reminded_step", "escalated_step", "escalated_at", "next_reminder_at")


@dataclass(slots=True)
class _Scene:
    """Whose rows are settled, when, and on what."""

    council: Council
    concern: Concern | None
    written: Any
    now: datetime
    today: date
    acting: bool = False
    holds_until: date | None = None
    gone: bool = False
    own: OwnDays | None = None  # where somebody who is kept out of it changed the council's own


def settle(concern: Concern, *, by: Person | None, now: datetime, fresh: bool = False) -> None:
    """Make the rows of ``concern`` what they should be now. ``fresh``: it was sent just now, so there is none yet.

    Where the actor can't see the concern (the desk of an outside office), a mark is left and system work settles it.
    """
    today = timezone.localdate(now)
    if fresh:
        dues = plan.dues_of(concern, today=today, there=[False] * len(rooms.DUES))
        _match(_scene(concern, now, today, acting=True), dues, [])
        return
    there = RawSQL(rooms.exists(rooms.DUES) if rooms.DUES else "ARRAY[]::boolean[]", [], output_field=ArrayField(BooleanField()))  # noqa: S611
    current = Concern.objects.filter(pk=concern.pk).select_related("council").annotate(due_there=there).defer("hold_reason").first()
    if current is None:
        mark("concern", concern.pk, now)
        return
    known = concern._state.fields_cache.get("protocol_version")
    if known is not None and known.pk == current.protocol_version_id:
        current.protocol_version = known
    rows = list(Obligation.objects.filter(OPEN, concern=current))
    scene = _scene(current, now, today, acting=by is not None)
    _match(scene, plan.dues_of(current, today=today, there=current.due_there), rows)  # type: ignore[attr-defined]


def settle_own(room: str, row_id: UUID, *, now: datetime) -> None:
    """The same for what belongs to no concern. System work: each of its people sees only a part."""
    today = timezone.localdate(now)
    found = rooms.OWN_DUES[room](row_id, today)
    rows = list(Obligation.objects.filter(OPEN, concern=None, source__startswith=room, source_id=row_id).select_related("council"))
    if found is None:
        if rows:
            _match(_Scene(rows[0].council, None, {}, now, today, gone=True), [], rows)
        return
    council, dues = found
    _match(_Scene(council, None, {}, now, today), dues, rows)


def mark(room: str, row_id: UUID, now: datetime) -> None:
    """Ask system work to settle something soon; it commits with what asked for it."""
    insert([Unsettled(room=room, row_id=row_id, at=now)])


def _scene(concern: Concern, now: datetime, today: date, *, acting: bool) -> _Scene:
    until = concern.on_hold_until if concern.on_hold_until and concern.state not in CLOSED_STATES else None
    return _Scene(
        concern.council, concern, plan.written(concern), now, today, acting=acting, holds_until=until, gone=concern.state in plan.GONE,
        own=own_days(concern),
    )


def _match(scene: _Scene, dues: list[Due], rows: list[Obligation]) -> None:
    """Rows that stand are moved where something changed; what is new is opened; what is gone is met or has ended."""
    standing: dict[Key, Obligation] = {(row.kind, row.source, row.source_id): row for row in rows}
    new = []
    for due in dues:
        row = standing.pop((str(due.kind), due.source, due.source_id), None)
        if due.met:
            if row is not None:
                _close(row, scene, met=True)
        elif row is not None:
            _move(row, due, scene)
        else:
            new.append(_open(due, scene))
    for (_kind, source, _id), row in standing.items():
        _close(row, scene, met=source.startswith(plan.STAGE) and not scene.gone)
    insert(new)


def _open(due: Due, scene: _Scene) -> Obligation:
    row = Obligation(
        council_id=scene.council.pk, concern_id=scene.concern.pk if scene.concern else None, source=due.source, source_id=due.source_id,
        kind=str(due.kind), code=due.code, opened_on=due.from_on or scene.today, opened_at=scene.now,
        capacities=[str(capacity) for capacity in due.capacities], owners=list(due.owners), watchers=list(due.watchers),
    )  # fmt: skip
    if scene.holds_until and _stops(due) and scene.today < scene.holds_until:
        row.paused_on, row.paused_until = scene.today, scene.holds_until
    result = plan.shaped(row, due, scene.council, _target(due, scene), scene.own)
    row.due_on, row.due_at, row.calculation = result.due_on, end_of(result.due_on), _lines(row, result, scene)
    row.council = scene.council
    _planned(row)
    _say_kept([], row, scene)
    return row


def _move(row: Obligation, due: Due, scene: _Scene) -> None:
    was = (row.opened_on, row.target, row.unit, row.due_on, row.paused_on, row.paused_until, row.paused_days, row.extended_to)
    people = ([str(c) for c in due.capacities], list(due.owners), list(due.watchers))
    kept = (row.capacities, row.owners, row.watchers)
    row.capacities, row.owners, row.watchers = people
    if due.from_on is not None:
        row.opened_on = due.from_on
    elif due.restarts and scene.acting:
        row.opened_on = scene.today
    if _stops(due):
        _hold(row, scene)
    row.code, row.council = due.code, scene.council
    result = plan.shaped(row, due, scene.council, _target(due, scene), scene.own)
    lines = _lines(row, result, scene)
    row.due_on = result.due_on
    now_is = (row.opened_on, row.target, row.unit, row.due_on, row.paused_on, row.paused_until, row.paused_days, row.extended_to)
    if now_is == was and kept == people and row.calculation == lines:
        return
    moved = row.due_on != was[3]
    before, row.calculation = row.calculation, lines
    _say_kept(before, row, scene)
    if moved:
        _moved(row, was[3], _why(was, now_is), scene)
    _write(row, *(PLANNED_ANEW if moved else ()))


def _write(row: Obligation, *more: str) -> None:
    row.revision += 1
    row.save(update_fields=[*WRITTEN, *more])


def _why(was: tuple[Any, ...], now_is: tuple[Any, ...]) -> Moved:
    if was[4:7] != now_is[4:7]:
        return Moved.HOLD
    if was[7] != now_is[7]:
        return Moved.AGREED
    if was[0] != now_is[0] or now_is[2] == "date" or was[2] == "date":
        return Moved.COURSE
    return Moved.TARGET if was[1:3] != now_is[1:3] else Moved.DAYS_OFF


def _moved(row: Obligation, before: date, why: Moved, scene: _Scene) -> None:
    row.moves = [*row.moves, {"on": scene.today.isoformat(), "from": before.isoformat(), "to": row.due_on.isoformat(), "why": why.value}]
    row.due_at = end_of(row.due_on)
    row.reminded_step = row.escalated_step = 0
    row.escalated_at = None
    _planned(row)
    if why in RECORDED and scene.concern is not None:
        facts = {"kind": row.kind, "from": before.isoformat(), "to": row.due_on.isoformat(), "why": why.value}
        audit.record(scene.concern, ClockEvent.MOVED, by=None, now=scene.now, facts=facts, cites=row.cites, settles=False)


def _planned(row: Obligation) -> None:
    row.next_reminder_at = min(filter(None, (plan_of(row) for plan_of in PLANNED)), default=None)


def _hold(row: Obligation, scene: _Scene) -> None:
    """Stop the clock while the concern is on hold; a hold that is over is counted once."""
    until = scene.holds_until
    if row.paused_on is not None and (until != row.paused_until or scene.today >= row.paused_until):
        over = min(scene.today, row.paused_until)
        row.paused_days += stood_still(row.unit, row.paused_on, over, plan.calendar(scene.council, row.basis, scene.own))
        row.paused_on = row.paused_until = None
    if until is not None and scene.today < until and row.paused_on is None:
        row.paused_on, row.paused_until = scene.today, until


def _close(row: Obligation, scene: _Scene, *, met: bool) -> None:
    row.met_at, row.ended_at = (scene.now, None) if met else (None, scene.now)
    row.paused_on = row.paused_until = row.next_reminder_at = None
    _write(row, "met_at", "ended_at", "next_reminder_at")


def _stops(due: Due) -> bool:
    return due.stops and due.due_on is None


def _target(due: Due, scene: _Scene) -> Any:
    return None if due.due_on is not None else plan.target(due.code, scene.council, scene.written, scene.own.targets if scene.own else None)


def _lines(row: Obligation, result: Result, scene: _Scene) -> list[dict[str, Any]]:
    """How the day was worked out; and that the council's days were changed since, where that doesn't count here."""
    lines = list(result.lines)
    if row.unit == Unit.DATE or scene.own is None or row.extended_to is not None:
        return lines
    elsewhere = plan.target(row.code, scene.council, scene.written)
    if (elsewhere.days, elsewhere.unit) != (row.target, row.unit):
        lines.insert(-1, {"code": KEPT, "n": elsewhere.days, "unit": elsewhere.unit})
    if any(day.isoformat() > row.opened_on.isoformat() and day <= row.due_on for day in scene.own.open_all_the_same):
        lines.insert(-1, {"code": COUNTED})
    return lines


def _say_kept(before: list[dict[str, Any]], row: Obligation, scene: _Scene) -> None:
    """A line of the trail where the council's days were changed by somebody who moves nothing here."""
    said = [line for line in row.calculation if line["code"] in (KEPT, COUNTED)]
    if scene.concern is not None and any(line not in before for line in said):
        facts = {"kind": row.kind, "due": row.due_on.isoformat()}
        audit.record(scene.concern, ClockEvent.KEPT, by=None, now=scene.now, facts=facts, cites=row.cites, settles=False)


def extend(row: Obligation, to: date, concern: Concern, *, now: datetime) -> None:
    """The agreed day stands from now on, whatever was counted before; a later hold comes on top."""
    scene = _scene(concern, now, timezone.localdate(now), acting=True)
    before, row.extended_to, row.paused_days = row.due_on, to, 0
    row.council = scene.council
    result = plan.recounted(row, scene.council, own=scene.own)
    row.due_on, row.calculation = result.due_on, list(result.lines)
    _moved(row, before, Moved.AGREED, scene)
    _write(row, *PLANNED_ANEW)
