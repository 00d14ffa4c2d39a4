"""The sweep: no open concern without somebody who keeps it going (trust.md 8). System work, one concern at a time.

Posts end, connections come to light, people go away and come back, a time runs out. Access ends with the day by itself
(``my_void`` in PostgreSQL, ``policy``); the sweep tidies up after it, lets deputies in, and where nobody is left takes
the way the protocol names: the next of the route, whoever has to find a handler, at last the raiser, who is told.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from concerns import audit, outbox, plan, policy, queries, rooms
from concerns.actions import away, giving_back, triage
from concerns.actions.verb import Verbs, store
from concerns.domain.conflicts import delegates_of
from concerns.enums import (
    OPEN_STATES,
    Capacity,
    EventType,
    ExclusionKind,
    GlassStatus,
    NoticeKind,
    State,
    SweepAction,
    SweepEvent,
)
from concerns.models import BreakGlass, Concern, Event, Exclusion, Participation
from councils.errors import Refusal
from councils.models import Absence, Appointment, Person

system = Verbs()
MAY_WAIT = timedelta(days=7)  # for somebody who is back by then and has no deputy
LATELY = timedelta(minutes=15)  # longer than a worker is away for an upgrade
STANDS_IN, BREAK_GLASS = "stands_in", "break_glass"
PASSED_ON = (
    Capacity.RECIPIENT, Capacity.HANDLER, Capacity.DECIDER, Capacity.LIAISON, Capacity.CONVENER, Capacity.EXCEPTION_HOLDER,
)  # fmt: skip
# A draft is its raiser's, and so is a concern that waits for a talk in private.
SWEPT = tuple(sorted(state.value for state in OPEN_STATES - {State.DRAFT, State.DIRECT}))


class Kept(StrEnum):
    """Who keeps a concern going after the sweep."""

    OWNER = "owner"
    WAITS = "waits"  # they are away, and back soon
    RAISER = "raiser"  # nobody at the council: the raiser was told
    NOBODY = "nobody"  # nor can the raiser sign in


@dataclass(slots=True)
class Scene:
    """A concern under lock, with what the sweep asks of it."""

    concern: Concern
    now: datetime
    today: date
    made: plan.Plan
    parts: list[Participation]
    in_post: set[UUID]
    away: dict[UUID, date | None]  # until when

    def of(self, *capacities: Capacity) -> list[Participation]:
        return [part for part in self.parts if part.capacity in capacities]


def candidates(*, now: datetime, lately: bool = False) -> list[UUID]:
    """The open concerns the sweep has something to look at in; inside system work. One statement.

    ``lately``: only where the council recorded a change of its people in the last minutes, or the glass was broken.
    """
    values: dict[str, Any] = {"on": timezone.localdate(now), "states": list(SWEPT), "lately": lately, "since": now - LATELY, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(_sql(), values)
        return [row[0] for row in cursor.fetchall()]


def _sql() -> str:
    owners = ", ".join(
        f"('{state}', ARRAY[{', '.join(repr(c.value) for c in sorted(triage.OWNERS.get(State(state), {Capacity.HANDLER})))}])"
        for state in SWEPT
    )
    holds = "{0}.starts_on <= %(on)s AND ({0}.ends_on IS NULL OR {0}.ends_on >= %(on)s)"
    changed = policy.changed_for("p.person_id", "%(on)s")
    passed = ", ".join(repr(c.value) for c in PASSED_ON)
    return f"""
WITH owning(state, capacities) AS (VALUES {owners})
SELECT concerns_concern.id FROM concerns_concern JOIN owning ON owning.state = concerns_concern.state
WHERE concerns_concern.state = ANY(%(states)s) AND (NOT %(lately)s
  OR concerns_concern.council_id IN (SELECT e.council FROM councils_councilevent e WHERE e.at BETWEEN %(since)s AND %(now)s)
  OR concerns_concern.id IN (SELECT b.concern_id FROM concerns_breakglass b WHERE b.status IN ('OPEN', 'ENDED') AND b.concern_id IS NOT NULL)
) AND (
  EXISTS (SELECT 1 FROM concerns_participation p WHERE p.concern_id = concerns_concern.id AND p.until IS NULL
    AND (p.reason IN ('{STANDS_IN}', '{BREAK_GLASS}')
      OR {giving_back.OVER.format(holds=holds.format("a"))}
      OR (p.person_id <> concerns_concern.raiser_id OR concerns_concern.successor_of_id IS NOT NULL) AND ({changed})))
  OR EXISTS (SELECT 1 FROM concerns_participation p JOIN councils_appointment h ON h.person_id = p.person_id
      AND h.council_id = concerns_concern.council_id JOIN councils_appointment a ON a.acting_for_id = h.id
    WHERE p.concern_id = concerns_concern.id AND p.until IS NULL AND p.capacity IN ({passed}) AND {holds.format("a")})
  OR concerns_concern.state = 'NEEDS_HANDLER' AND EXISTS (SELECT 1 FROM concerns_participation p
    WHERE p.concern_id = concerns_concern.id AND p.until IS NULL AND p.capacity IN ('recipient', 'handler')
      AND NOT EXISTS (SELECT 1 FROM councils_absence n WHERE n.person_id = p.person_id
        AND n.council_id = concerns_concern.council_id AND {holds.format("n")}))
  OR NOT EXISTS (SELECT 1 FROM concerns_participation p JOIN councils_person w ON w.id = p.person_id AND w.is_active
      JOIN councils_appointment a ON a.person_id = p.person_id AND a.council_id = concerns_concern.council_id
    WHERE p.concern_id = concerns_concern.id AND p.until IS NULL AND p.capacity = ANY(owning.capacities) AND {holds.format("a")}
      AND NOT EXISTS (SELECT 1 FROM councils_absence n
        WHERE n.person_id = p.person_id AND n.council_id = a.council_id AND {holds.format("n")})))
ORDER BY concerns_concern.id
"""  # noqa: S608 (fixed words and codes only; the day and the states are parameters)


@system(SweepAction.TEND, None)
def tend(*, concern_id: UUID, by: None = None, now: datetime) -> Kept:
    """Puts out who may not be on it any more, lets deputies in and out, and sees to it that somebody keeps it going.

    Inside system work. Again at once it changes nothing.
    """
    scene = _scene(concern_id, now)
    if scene is None:
        return Kept.OWNER
    if _end_what_ran_out(scene):
        _look_again(scene)
    _put_out(scene)
    _ask_to_check(scene)
    _let_deputies_in(scene)
    kept = _owned(scene)
    there = scene.in_post - scene.away.keys() - _kept_out(scene)
    away.say_who_is_back(scene.concern, scene.parts, there, now=now)
    return kept


def _scene(concern_id: UUID, now: datetime) -> Scene | None:
    found = Concern.objects.select_for_update(of=("self",), no_key=True).select_related("council", "raiser", "protocol_version")
    concern = found.filter(pk=concern_id, state__in=SWEPT).first()
    if concern is None or not concern.subjects.exists():
        return None
    today = timezone.localdate(now)
    scene = Scene(concern, now, today, plan.for_concern(concern, on=today), [], set(), {})
    _look_again(scene)
    out = _kept_out(scene)
    absent = Absence.objects.current(today).filter(council=concern.council_id)
    scene.away = {row.person_id: row.ends_on for row in absent if not _booked_by(row, out)}
    return scene


def _kept_out(scene: Scene) -> set[UUID]:
    """Whoever may neither take this concern nor say who does: everybody excluded or in conflict, and its raiser."""
    excluded = Exclusion.objects.filter(concern=scene.concern).values_list("person_id", flat=True)
    return {*excluded, *scene.made.excluded, scene.concern.raiser_id}


def _booked_by(absence: Absence | None, people: Collection[UUID]) -> bool:
    """Whether one of ``people`` booked it for somebody else: the subject, as administrator, chooses nobody's deputy here."""
    return absence is not None and absence.booked_by_id in people and absence.booked_by_id != absence.person_id


def _look_again(scene: Scene) -> None:
    parts = Participation.objects.filter(concern=scene.concern, until__isnull=True).select_related("person").order_by("since", "id")
    scene.parts = list(parts)
    held = Appointment.objects.current(scene.today).filter(council=scene.concern.council_id, person__in={p.person_id for p in scene.parts})
    scene.in_post = {row.person_id for row in held.select_related("person") if row.person.is_active}


def _end_what_ran_out(scene: Scene) -> bool:
    """Ends the parts of deputies who don't act any more, and of those for whom the glass was broken for a time."""
    concern, now = scene.concern, scene.now
    held = BreakGlass.objects.filter(concern=concern, status=GlassStatus.OPEN)
    held.filter(expires_at__lte=now).update(status=GlassStatus.ENDED, ended_at=now)
    live = set(held.values_list("asker_id", flat=True))
    acting = {
        (row.person_id, row.role, part.capacity)
        for part, chain in _chains(scene, [part for part in scene.of(*PASSED_ON) if part.reason not in (STANDS_IN, BREAK_GLASS)])
        for row in chain
    }
    ended = []
    for part in scene.parts:
        if part.reason == BREAK_GLASS and part.person_id not in live:
            ended.append((part, "time_over", SweepEvent.GLASS_ENDED))
        elif part.reason == STANDS_IN and (part.person_id, part.acting_for, part.capacity) not in acting:
            ended.append((part, "back", SweepEvent.STOOD_DOWN))
    for part, reason, _event in ended:
        policy.end(concern, part.person, by=None, now=now, reason=reason, only=Capacity(part.capacity))
    changed, back = _give_back(scene)
    stood_down = [SweepEvent.STOOD_DOWN] if changed else []
    for event in dict.fromkeys([*(event for _part, _reason, event in ended), *stood_down]):
        audit.record(concern, event, by=None, now=now)
        outbox.put(concern, NoticeKind.PROGRESS, to=concern.raiser, now=now)
    outbox.put(concern, NoticeKind.RECEIVED, to=back, now=now)
    return bool(ended or changed)


def _give_back(scene: Scene) -> tuple[int, list[Person]]:
    """What came to a deputy by the route, while they acted, is its holder's again: how many parts, and who has one now."""
    mine = scene.concern.raiser_id if scene.concern.successor_of_id is None else None
    held = [part for part in scene.of(*PASSED_ON) if part.reason not in (STANDS_IN, BREAK_GLASS) and part.person_id != mine]
    over = giving_back.over(scene.concern, held, on=scene.today)
    if not over:
        return 0, []
    day = giving_back.Today(scene.concern, scene.made, _kept_out(scene), scene.away, scene.today, scene.now)
    return giving_back.give_back(day, over)


def _put_out(scene: Scene) -> None:
    """Whoever left the council, or has a connection by now, is out; whom the protocol names comes in."""
    concern, made, now = scene.concern, scene.made, scene.now
    party = concern.raiser_id if concern.successor_of_id is None else None
    others = {part.person_id: part.person for part in scene.parts if part.person_id != party}
    connected = {pk for pk in others if made.excluded.get(pk, (None, ""))[1] in plan.SHUTS_OUT}
    gone = others.keys() - scene.in_post - connected
    if not connected and not gone:
        return
    deputies = set(delegates_of(made.cast, connected)) - {concern.raiser_id} if connected else set()
    out = connected | gone | deputies
    scene.made = plan.for_concern(concern, on=scene.today, also_out=out)
    before = concern.state
    try:
        told = triage.replace(concern, scene.made, out=out, by=None, now=now)
    except Refusal:  # a formal step with nobody to ask: they are out all the same, and the raiser is told below
        told = []
    if concern.state == before:
        store(concern, now=now)
    audit.record(
        concern, SweepEvent.PUT_OUT, by=None, now=now, from_state=before if concern.state != before else "",
        facts={"people": len(connected | gone), "replaced_by": len(told)},
    )  # fmt: skip
    outbox.put(concern, NoticeKind.RECEIVED, to=told, now=now)
    outbox.put(concern, NoticeKind.PROGRESS, to=concern.raiser, now=now)
    for pk in gone:
        policy.end(concern, others[pk], by=None, now=now, reason="left_council")
    kinds = {pk: plan.SHUTS_OUT[made.excluded[pk][1]] for pk in connected}
    policy.exclude_all(concern, [(others[pk], kind) for pk, kind in kinds.items()], by=None, now=now)
    policy.exclude(concern, [made.people[pk] for pk in deputies - connected if pk in made.people], ExclusionKind.DELEGATE, by=None, now=now)
    _look_again(scene)


def _ask_to_check(scene: Scene) -> None:
    """Who was named, after they took it up, to act for somebody it is about goes on, and is asked once whether they are free."""
    concern, now = scene.concern, scene.now
    if not scene.made.set_aside:
        return
    before = Event.objects.filter(concern_id=concern.pk, type=SweepEvent.NAMED_SINCE).values_list("facts", flat=True)
    known = {UUID(pk) for facts in before for pk in facts["acting"]}
    rows = Appointment.objects.filter(pk__in=scene.made.set_aside - known).select_related("person").order_by("id")
    if not rows:
        return
    people = {row.person_id: row.person for row in rows}
    audit.record(concern, SweepEvent.NAMED_SINCE, by=None, now=now, facts={"acting": [str(row.pk) for row in rows], "people": len(people)})
    outbox.put(concern, NoticeKind.NEEDS_YOU, to=people.values(), now=now)
    outbox.put(concern, NoticeKind.PROGRESS, to=concern.raiser, now=now)


def _let_deputies_in(scene: Scene) -> None:
    """Whoever acts for somebody who is away gets the parts that person works in, unless they are kept from it."""
    concern, now = scene.concern, scene.now
    mine = concern.raiser_id if concern.successor_of_id is None else None  # what a raiser follows themselves is no office's
    held = [part for part in scene.of(*PASSED_ON) if part.reason != BREAK_GLASS and part.person_id != mine]
    out = _kept_out(scene)
    wanted = [(part, chain[-1]) for part, chain in _chains(scene, held) if chain]
    known = {(part.person_id, part.capacity) for part in scene.parts}
    alone = scene.made.protocol.chair_alone == "forbidden"
    came: dict[UUID, Appointment] = {}
    for part, row in wanted:
        kept_out = row.person_id in out or not row.person.is_active or (alone and row.role == "chair_of_council")
        if kept_out or (row.person_id, part.capacity) in known:
            continue
        known.add((row.person_id, part.capacity))
        came[row.person_id] = row
        policy.grant(
            concern, row.person, Capacity(part.capacity), reason=STANDS_IN, by=None, now=now, hat=row.role, acting_for=row.role,
            token=part.token, cites=part.cites,
        )  # fmt: skip
    if not came:
        return
    until = min((row.ends_on for row in came.values() if row.ends_on), default=None)
    facts = {"people": len(came), **({"until": until.isoformat()} if until else {})}
    audit.record(concern, SweepEvent.STOOD_IN, by=None, now=now, facts=facts)
    outbox.put(concern, NoticeKind.RECEIVED, to=[row.person for row in came.values()], now=now)
    outbox.put(concern, NoticeKind.PROGRESS, to=concern.raiser, now=now)
    _look_again(scene)


def _chains(scene: Scene, parts: Collection[Participation]) -> list[tuple[Participation, list[Appointment]]]:
    """Who acts today where each part was given, each acting for the one before; empty where nobody does."""
    if not parts:
        return []
    out = _kept_out(scene)
    rows = Appointment.objects.current(scene.today).filter(council=scene.concern.council_id, acting_for__isnull=False)
    found = rows.select_related("person", "acting_for", "absence").order_by("starts_on", "id")
    acting = [row for row in found if not _booked_by(row.absence, out)]
    offices = _offices(scene, {part.person_id for part in parts}) if acting else {}
    return [(part, _chain(part, acting, offices.get(part.person_id, set()))) for part in parts]


def _offices(scene: Scene, people: Collection[UUID]) -> dict[UUID, set[str]]:
    """The roles each of these people holds or acts in today."""
    found: dict[UUID, set[str]] = {}
    held = Appointment.objects.current(scene.today).filter(council=scene.concern.council_id, person__in=people)
    for person, role in held.values_list("person_id", "role"):
        found.setdefault(person, set()).add(role)
    return found


def _chain(part: Participation, acting: Iterable[Appointment], offices: Collection[str]) -> list[Appointment]:
    """Who acts in the office the part was given for, and who for them, to the end.

    A seat on a body has no deputy. A part given for one of ``offices`` goes to who acts in that one and in no other; one
    that was given to the person goes to whoever acts for them.
    """
    if part.token.startswith("body:"):
        return []
    hats = {part.acting_for, part.hat}
    first = [row for row in acting if row.acting_for is not None and row.acting_for.person_id == part.person_id]
    found = next((row for row in first if row.role in hats), None)
    if found is None and not hats & set(offices):
        found = next(iter(first), None)
    chain: list[Appointment] = []
    while found is not None and found not in chain:
        chain.append(found)
        found = next((row for row in acting if row.acting_for_id == chain[-1].pk), None)
    return chain


def _owned(scene: Scene) -> Kept:
    """Who keeps it going now; if nobody does, the protocol's next person is let in."""
    concern, now = scene.concern, scene.now
    owners = _owners(scene)
    if _there(scene, owners) or _raisers_move(scene):
        return Kept.OWNER
    back = [scene.away[part.person_id] for part in owners if part.person_id in scene.in_post]
    if back and all(day is not None and day <= scene.today + MAY_WAIT for day in back):
        away.say_it_waits(concern, until=min(day for day in back if day is not None), now=now)
        return Kept.WAITS
    before = concern.state
    try:
        told = _bring_in(scene)
    except Refusal:
        told = []
    _look_again(scene)
    if concern.state != before or told:
        if concern.state == before:
            store(concern, now=now)
        moved = concern.state == State.NEEDS_HANDLER and before != concern.state
        event = EventType.NEEDS_HANDLER if moved else SweepEvent.NOBODY_LEFT
        had = [str(part.pk) for part in owners if part.person_id in scene.away] if moved else []
        facts = {"replaced_by": len(told), **({"away": had} if had else {})}
        audit.record(concern, event, by=None, now=now, from_state=before if concern.state != before else "", facts=facts)
        outbox.put(concern, NoticeKind.RECEIVED, to=told, now=now)
        outbox.put(concern, NoticeKind.PROGRESS, to=concern.raiser, now=now)
    elif not Event.objects.filter(concern_id=concern.pk, type__in=(EventType.NEEDS_HANDLER, SweepEvent.NOBODY_LEFT)).exists():
        audit.record(concern, SweepEvent.NOBODY_LEFT, by=None, now=now, facts={"replaced_by": 0})
        outbox.put(concern, NoticeKind.NEEDS_YOU, to=concern.raiser, now=now)
    if _there(scene, _owners(scene)):
        return Kept.OWNER
    return Kept.RAISER if concern.raiser.is_active else Kept.NOBODY


def _bring_in(scene: Scene) -> list[Person]:
    concern = scene.concern
    if concern.state == State.GRIEVANCE:
        came = rooms.left(concern, policy.ROOM_OF[State.GRIEVANCE], set(), by=None, now=scene.now)
        if came is None:
            triage.look_for_handler(concern, scene.made, by=None, now=scene.now)
        return came or []
    return triage.bring_in(concern, scene.made, left=[], out=set(scene.away), by=None, now=scene.now)


def _owners(scene: Scene) -> list[Participation]:
    return scene.of(*triage.OWNERS.get(State(scene.concern.state), {Capacity.HANDLER}))


def _there(scene: Scene, owners: Iterable[Participation]) -> bool:
    """Whether one of them is in post and not away. The raiser follows a referral whatever post they hold."""
    return any(part.person_id == scene.concern.raiser_id or (part.person_id in scene.in_post and part.person_id not in scene.away) for part in owners)


def _raisers_move(scene: Scene) -> bool:
    """Whether it waits for the raiser by the protocol: a talk in private, a body outside, a formal route nobody else chooses."""
    concern = scene.concern
    if concern.state == State.DECIDING:
        had = Participation.objects.filter(concern=concern, capacity__in=triage.OWNERS[State.DECIDING])
        return not had.exists()
    return queries.with_raiser(concern)
