"""Reminders are given by a tick: due rows are taken with SKIP LOCKED, so that any number of clocks may run at once.

What has been dealt with is kept on the row itself (``reminded_upto``) and, as one row for each moment of the plan, in
``Reminder``: neither a second clock, nor one that died, stood still or jumped, gives a reminder twice or none. The words of
a reminder are the one mail's; what it is about is on the start page.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils import timezone

from clocks import escalation
from clocks.domain.reminding import Days, Habit, Habits, Moment, first_after, turn
from clocks.enums import ObligationKind
from clocks.escalation import Result
from clocks.models import OPEN, CouncilHours, Obligation, ReminderHabit
from concerns import outbox, plan, policy
from concerns.enums import NoticeKind
from concerns.models import Concern
from councils import queries as councils
from councils.models import Council, Person

log = logging.getLogger(__name__)
BATCH = 250
BUSY = timedelta(minutes=1)  # somebody acts on the concern just now
BROKEN = timedelta(hours=1)  # something is wrong with one row; the others go on
OWN_ALERTS = {ObligationKind.PROTOCOL_REVIEW}


def first_at(obligation: Obligation) -> datetime | None:
    """When the clock first looks at a row that opens or moves: at its next tick, which then plans it."""
    return None if obligation.kind in OWN_ALERTS else obligation.opened_at


def habits_of(council_ids: Collection[UUID]) -> dict[UUID, Habits]:
    """How each of these councils has dates remembered, and when people there may be written to."""
    hours = {row.council_id: row for row in CouncilHours.objects.filter(council__in=council_ids)}
    own: dict[UUID, dict[str, Habit]] = defaultdict(dict)
    for row in ReminderHabit.objects.filter(council__in=council_ids):
        own[row.council_id][row.kind] = Habit(tuple(row.before), row.on_the_day, tuple(row.after), row.escalate_after)
    made = {}
    for council in Council.objects.filter(pk__in=council_ids):
        kept = hours.get(council.pk) or CouncilHours()
        days = Days(council.jurisdiction, councils.closures(council), kept.opens, kept.closes)
        made[council.pk] = Habits(own.get(council.pk, {}), days)
    return made


@dataclass(slots=True)
class Looked:
    """A row the clock looked at: what it gives, whether silence goes on, and when to look again."""

    row: Obligation
    habits: Habits
    remind: Moment | None
    escalate: Moment | None
    upto: datetime
    again: datetime | None
    given: int  # reminders since it was opened or moved


def look(row: Obligation, habits: Habits, now: datetime) -> Looked:
    """What ``row`` needs now, by its council's habits."""
    upto = row.reminded_upto or row.opened_at
    moments = habits.plan(row.kind, row.due_on, steps=row.escalated_step, stepped_on=row.silent_since)
    today = timezone.localdate(now)
    if row.paused_on and row.paused_until and row.paused_on <= today < row.paused_until and row.kind != ObligationKind.HOLD_REVIEW:
        return Looked(row, habits, None, None, upto, habits.days.next_open(habits.days.begins(row.paused_until)), row.reminded_step)
    found = turn(moments, upto=upto, now=now)
    given = row.reminded_step + (found.remind is not None)
    return Looked(row, habits, found.remind, found.escalate, found.upto, found.look_again, given)


def tick(*, now: datetime, limit: int = BATCH) -> int:
    """Deal with up to ``limit`` rows whose moment has come; returns how many. One transaction of system work."""
    plan_anew(now=now)
    due = Obligation.objects.select_for_update(skip_locked=True, of=("self",)).filter(OPEN, next_reminder_at__lte=now)
    rows = list(due.order_by("next_reminder_at")[:limit])
    if not rows:
        return 0
    habits = habits_of({row.council_id for row in rows})
    looked = [look(row, habits[row.council_id], now) for row in rows]
    give([one for one in looked if one.remind], now=now)
    for one in looked:
        if one.escalate:
            _escalate(one, now=now)
    _write(looked)
    return len(rows)


def plan_anew(*, now: datetime) -> None:
    """Where a council changed its habits, everything open there is looked at anew."""
    changed = CouncilHours.objects.select_for_update(skip_locked=True).filter(changed=True)
    for hours in changed:
        Obligation.objects.filter(OPEN, council_id=hours.council_id).exclude(kind__in=OWN_ALERTS).update(next_reminder_at=now)
        hours.changed = False
        hours.save(update_fields=["changed"])


# Who has to act: on a concern those in these capacities now, else the persons named. Never who is excluded, or gone; whoever a
# post, tie or line of today may put out is looked at more closely.
TO_TELL = f"""
SELECT o.id, concerns_concern.id, who.person_id, bool_or({policy.changed_for("who.person_id", "%(on)s")})
FROM clocks_obligation o JOIN concerns_concern ON concerns_concern.id = o.concern_id
JOIN concerns_participation who ON who.concern_id = o.concern_id AND who.until IS NULL AND who.capacity = ANY(o.capacities)
JOIN councils_person person ON person.id = who.person_id AND person.is_active
WHERE o.id = ANY(%(ids)s) AND NOT EXISTS (
    SELECT 1 FROM concerns_exclusion x WHERE x.concern_id = o.concern_id AND x.person_id = who.person_id)
  AND (who.reason NOT IN ('stands_in', 'break_glass') OR o.concern_id <> ALL (my_void(who.person_id, %(view)s)))
GROUP BY 1, 2, 3
UNION ALL
SELECT o.id, NULL, person.id, false
FROM clocks_obligation o JOIN councils_person person ON person.id = ANY(o.owners) AND person.is_active
WHERE o.id = ANY(%(ids)s) AND o.concern_id IS NULL AND EXISTS (
    SELECT 1 FROM councils_appointment a WHERE a.person_id = person.id AND a.council_id = o.council_id
        AND a.starts_on <= %(on)s AND (a.ends_on IS NULL OR a.ends_on >= %(on)s))
"""  # noqa: S608 (no value is put into the text; they are parameters)


def to_tell(ids: Iterable[UUID], *, now: datetime) -> dict[UUID, list[tuple[UUID | None, UUID]]]:
    """For each of these rows, whom to remind, as (concern or None, person)."""
    today = timezone.localdate(now)
    found: dict[UUID, list[tuple[UUID | None, UUID]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(TO_TELL, {"ids": list(ids), "on": today, "view": policy.permission_id(policy.VIEW)})
        rows = cursor.fetchall()
    suspects: dict[UUID, set[UUID]] = defaultdict(set)
    for _row, concern, person, changed in rows:
        if changed:
            suspects[concern].add(person)
    out = {concern: put_out(concern, people, on=today) for concern, people in suspects.items()}
    for row, concern, person, _changed in rows:
        if person not in out.get(concern, ()):
            found[row].append((concern, person))
    return found


def put_out(concern_id: UUID, people: Collection[UUID], *, on: date) -> set[UUID]:
    """Of these people, whom the concern's own page would turn away today: in conflict by now, or without a post there."""
    concern = Concern.objects.select_related("council", "protocol_version", "raiser").get(pk=concern_id)
    try:
        made = plan.for_concern(concern, on=on)
    except (ValueError, LookupError):  # nobody knows whose side they are on: rather nobody is told
        return set(people)
    mine = {concern.raiser_id} if concern.successor_of_id is None else set()
    return {
        pk for pk in people
        if pk not in mine and (made.excluded.get(pk, (None, ""))[1] in plan.SHUTS_OUT or not councils.roles_of(Person(pk=pk), concern.council, on=on))
    }  # fmt: skip


GIVEN = """
INSERT INTO clocks_reminder (id, obligation_id, concern_id, due_on, code, at, people)
SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::date[], %s::text[], %s::timestamptz[], %s::int[])
ON CONFLICT DO NOTHING RETURNING obligation_id
"""


def give(given: list[Looked], *, now: datetime) -> None:
    """Queue a notice for everybody who has to act on one of these; each moment of each due date once, whatever happens."""
    if not given:
        return
    told = to_tell([one.row.pk for one in given], now=now)
    columns = zip(
        *(
            (uuid4(), one.row.pk, one.row.concern_id, one.row.due_on, one.remind.code, now, len(told[one.row.pk]))
            for one in given if one.remind
        ),
        strict=True,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(GIVEN, [list(column) for column in columns])
        fresh = {row for (row,) in cursor.fetchall()}
    digests = _digests({person for people in told.values() for _concern, person in people})
    at: dict[datetime, list[tuple[UUID | None, UUID]]] = defaultdict(list)
    daily: dict[UUID, Days] = {}
    for one in given:
        if one.row.pk not in fresh:
            continue
        opens = one.habits.days.next_open(now)
        for concern, person in told[one.row.pk]:
            if person in digests:
                daily.setdefault(person, one.habits.days)
            else:
                at[opens].append((concern, person))
    for person, days in sorted(daily.items()):
        due = days.next_digest(now)
        if _first_of_day(person, timezone.localdate(due)):
            at[due].append((None, person))
    for due, people in at.items():
        outbox.put_each(people, NoticeKind.REMINDER, now=now, due_at=due)


def _digests(people: Collection[UUID]) -> set[UUID]:
    """Of these people, who wants one message a day. Locked in one order, so that clocks don't wait for each other in a ring."""
    if not people:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id FROM clocks_preference WHERE digest AND person_id = ANY(%s) ORDER BY person_id FOR UPDATE", [list(people)]
        )
        return {person for (person,) in cursor.fetchall()}


def _first_of_day(person: UUID, day: date) -> bool:
    """Whether their message of that day is still to be written; from now on it isn't."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE clocks_preference SET digest_on = %(day)s WHERE person_id = %(person)s AND (digest_on IS NULL OR digest_on < %(day)s)",
            {"day": day, "person": person},
        )
        return bool(cursor.rowcount)


def _escalate(one: Looked, *, now: datetime) -> None:
    """Let silence go on; what can't be done now is tried again, and nothing of it counts as done."""
    moment = one.escalate
    habit, row = one.habits.of(one.row.kind), one.row
    if moment is None or habit.escalate_after is None or row.concern_id is None:
        return
    try:
        with transaction.atomic():
            result = escalation.escalate(obligation=row, after=habit.escalate_after, days=one.habits.days, by=None, now=now)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one concern, the clock goes on for the others
        log.error("escalation failed", exc_info=error)
        result, wait = None, BROKEN
    else:
        wait = BUSY
    if result in (None, Result.BUSY):
        one.upto, one.again = min(one.upto, moment.at - timedelta(microseconds=1)), now + wait
        return
    moments = one.habits.plan(row.kind, row.due_on, steps=row.escalated_step, stepped_on=row.silent_since)
    over = row.met_at or row.ended_at
    one.again = None if over else now if result == Result.OVER else first_after(moments, one.upto)


WRITE = """
UPDATE clocks_obligation o SET next_reminder_at = v.again, reminded_upto = v.upto, reminded_step = v.step
FROM unnest(%s::uuid[], %s::timestamptz[], %s::timestamptz[], %s::int[]) AS v (id, again, upto, step) WHERE o.id = v.id
"""


def _write(looked: Iterable[Looked]) -> None:
    columns = zip(*((one.row.pk, one.again, one.upto, one.given) for one in looked), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [list(column) for column in columns])


def kinds_of(council_id: UUID) -> Mapping[str, tuple[Habit, bool]]:
    """For a council's own screen: how each kind is remembered there, and whether the council set it itself."""
    habits = habits_of([council_id])[council_id]
    return {kind.value: (habits.of(kind), kind in habits.own) for kind in ObligationKind if kind not in OWN_ALERTS}
