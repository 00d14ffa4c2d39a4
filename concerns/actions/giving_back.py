"""What came in while somebody was away goes back to them when whoever acted for them does so no more.

A concern raised during an absence goes to the deputy by the route, as the part of an office they act in. The office is its
holder's again afterwards, and so is that part; where the holder may not take it, whom the plan names in that place gets it,
and else the deputy keeps it in a post of their own. Nobody's part ends before somebody else has it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from concerns import plan, policy
from concerns.actions import triage
from concerns.actions.verb import store
from concerns.enums import Capacity, State
from concerns.models import Concern, Participation
from councils.models import Appointment, Person

GIVEN_BACK, KEPT_ON = "given_back", "kept_on"
DEALS_ALONE = (Capacity.HANDLER, Capacity.DECIDER)
# An acting part whose holder acts in that office no more, for a query that names participation p and its concern.
OVER = """p.acting_for <> '' AND p.hat = p.acting_for AND p.reason <> 'stands_in' AND NOT EXISTS (SELECT 1 FROM councils_appointment a
    WHERE a.person_id = p.person_id AND a.council_id = concerns_concern.council_id AND {holds}
      AND (a.acting_for_id IS NOT NULL AND a.role = p.acting_for OR a.role = 'acting_' || p.acting_for))"""


@dataclass(frozen=True, slots=True)
class Today:
    """The concern as the sweep has it before it: the day's plan, who may never take it, who is away."""

    concern: Concern
    made: plan.Plan
    out: Collection[UUID]
    away: Collection[UUID]
    on: date
    now: datetime


def over(concern: Concern, parts: Iterable[Participation], *, on: date) -> list[Participation]:
    """Those of ``parts`` that were given for an office its holder acted in, and acts in no more. No query unless there may be some."""
    acted = [part for part in parts if part.acting_for and part.hat == part.acting_for]
    if not acted:
        return []
    rows = Appointment.objects.current(on).filter(council=concern.council_id, person__in={part.person_id for part in acted})
    acting: set[tuple[UUID, str]] = set()
    for person, role, principal in rows.values_list("person_id", "role", "acting_for_id"):
        acting.add((person, role if principal else role.removeprefix("acting_") if role.startswith("acting_") else ""))
    return [part for part in acted if (part.person_id, part.acting_for) not in acting]


def give_back(day: Today, parts: Iterable[Participation]) -> tuple[int, list[Person]]:
    """Gives each of ``parts`` (from ``over``) to whose it is now; returns how many changed, and who has to be told that they have one."""
    changed, told = 0, {}
    for part in parts:
        heirs, waits = _heirs(day, part)
        if waits:
            continue
        token = _stand_here(day, part, heirs)
        changed += 1
        capacity = Capacity(part.capacity)
        others = [seat for seat in heirs if seat.person.pk != part.person_id]
        for seat in others:
            policy.grant(
                day.concern, seat.person, capacity, reason=GIVEN_BACK, by=None, now=day.now, hat=seat.hat, acting_for=seat.acting_for,
                token=token, cites=part.cites,
            )  # fmt: skip
            told[seat.person.pk] = seat.person
        policy.end(day.concern, part.person, by=None, now=day.now, reason="back" if others else KEPT_ON, only=capacity)
        own = _own_seat(day, part)
        if own is None and not others:
            own = next(iter(heirs), None) or plan.Seat(part.person, day.made.hat_of(part.person))
        if own is not None:
            policy.grant(
                day.concern, part.person, capacity, reason=KEPT_ON, by=None, now=day.now, hat=own.hat, acting_for=own.acting_for,
                token=token, cites=part.cites,
            )  # fmt: skip
    return changed, list(told.values())


def _heirs(day: Today, part: Participation) -> tuple[list[plan.Seat], bool]:
    """Whose the part is now (nobody: it stays), and whether that waits for somebody who is still away."""
    role = part.acting_for
    rows = Appointment.objects.filter(council=day.concern.council_id, role=role).select_related("person", "acting_for")
    principals = {row.acting_for.person_id for row in rows if row.person_id == part.person_id and row.acting_for is not None}
    held = [row for row in rows if _current(row, day.on) and row.acting_for is None and row.person.is_active]
    mine = [row for row in held if row.person_id in principals] or held
    alone = day.made.protocol.chair_alone == "forbidden" and role == "chair_of_council" and part.capacity in DEALS_ALONE
    free = [row for row in mine if row.person_id not in day.out and not alone]
    covered = {row.acting_for_id for row in rows if _current(row, day.on) and row.person_id not in {*day.out, *day.away}}
    there = [row for row in free if row.person_id not in day.away or row.pk in covered]
    if there:
        return [plan.Seat(row.person, role) for row in there], False
    if free:
        return [], True
    return [seat for seat in _named(day, part) if seat.person.pk not in {*day.out, *day.away} and seat.person.is_active], False


def _current(row: Appointment, on: date) -> bool:
    return row.starts_on <= on and (row.ends_on is None or row.ends_on >= on)


def _named(day: Today, part: Participation) -> tuple[plan.Seat, ...]:
    """Whom the plan has today in the place the part was given for."""
    if part.capacity == Capacity.EXCEPTION_HOLDER:
        return day.made.exception_seats
    step = _place(day, part)
    return step.seats if step else ()


def _place(day: Today, part: Participation) -> plan.Step | None:
    """The plan's step in the place of ``part``; while it waits there, and nobody is in that place, the route's next."""
    places = (step for step in day.made.steps if part.token and part.token in (step.token, step.instead_of))
    found = next((step for step in places if step.seats), None)
    waits = day.concern.state == State.LODGED and day.concern.mode != "all_of" and part.capacity == Capacity.RECIPIENT
    return triage.next_step(day.concern, day.made) if found is None and waits else found


def _stand_here(day: Today, part: Participation, heirs: Collection[plan.Seat]) -> str:
    """Where it waits with whoever stands in the office's place now, that place is theirs; returns the token it goes by."""
    concern, step = day.concern, _place(day, part)
    if concern.state != State.LODGED or step is None or step.token == part.token or not set(heirs) & set(step.seats):
        return part.token
    if concern.step < len(concern.route) and concern.route[concern.step]["token"] == part.token:
        triage.stand_here(concern, step)
    store(concern, now=day.now)
    return step.token


def _own_seat(day: Today, part: Participation) -> plan.Seat | None:
    """The deputy's own place beside it, where it was sent to all of them together."""
    if day.concern.mode != "all_of" or part.capacity == Capacity.EXCEPTION_HOLDER:
        return None
    seats = (seat for step in day.made.now for seat in step.seats)
    return next((seat for seat in seats if seat.person.pk == part.person_id and not seat.acting_for), None)
