"""Silence goes on: after the council's working days the next unconflicted person of the route is told, and the raiser sees it.

Whom the route names next and who is free is worked out on the day, as for every other step. Before anybody took it up they
come in as the route says; later they are told that it waits and see that it exists, its stage and its dates. Where nobody is
left, somebody is asked to find a person (T03). Nobody's part ends by their silence: they may still act.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from django.utils import timezone

from clocks import reconcile
from clocks.domain.reminding import MOST_ESCALATIONS, Days
from clocks.enums import ClockAction, ClockEvent
from clocks.models import OPEN, Obligation
from concerns import audit, outbox, plan, policy
from concerns.actions import consent
from concerns.actions.verb import Verbs, look_for_handler, place, store
from concerns.enums import Capacity, NoticeKind, State
from concerns.models import Concern, Event, Participation
from councils.models import Person

system = Verbs()
WORKING = frozenset({State.INFORMAL, State.CONCILIATION, State.COMPLAINT, State.INVESTIGATION, State.DECIDING})
REASON = "silence"


class Result(StrEnum):
    """What became of it."""

    GONE_ON = "gone_on"
    ALIVE = "alive"  # somebody did something since: counted from then
    OVER = "over"  # nothing waits any more, or its date moved
    BUSY = "busy"  # somebody is acting on the concern just now: look again


@system(ClockAction.ESCALATE, ClockEvent.ESCALATED)
def escalate(*, obligation: Obligation, after: int, days: Days, by: Person | None, now: datetime) -> Result:
    """Take what is overdue one person further. Takes an obligation this clock has locked; system work only.

    ``after``: the working days somebody has before it goes on. Writes the obligation's step; its next look is the caller's.
    """
    concern = _lock(obligation.concern_id)
    if concern is None:
        return Result.BUSY
    due_on = obligation.due_on
    reconcile.settle(concern, by=by, now=now)
    obligation.refresh_from_db()
    if obligation.met_at or obligation.ended_at or obligation.due_on != due_on or set(obligation.capacities) <= {Capacity.RAISER}:
        return Result.OVER
    sign = _sign_of_life(concern, obligation)
    if sign is not None and days.begins(days.after(sign, after)) > now:
        _note(obligation, silent_since=sign)
        return Result.ALIVE
    _go_on(concern, obligation, opens=days.next_open(now), by=by, now=now)
    return Result.GONE_ON


def _lock(concern_id: UUID | None) -> Concern | None:
    """The concern, unless somebody is acting on it: they hold its row and may wait for what this clock holds."""
    found = Concern.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
    return found.select_related("council", "protocol_version", "raiser").filter(pk=concern_id).first()


def _sign_of_life(concern: Concern, obligation: Obligation) -> date | None:
    """The last day on which somebody who has to act left something on it since it was due, or since silence went on.

    Before anybody took it up only taking it up counts.
    """
    if concern.state in (State.LODGED, State.NEEDS_HANDLER):
        return None
    owners = Participation.objects.filter(concern=concern, capacity__in=obligation.capacities, until__isnull=True)
    since = max(obligation.due_at, obligation.escalated_at or obligation.due_at)
    last = Event.objects.filter(concern_id=concern.pk, at__gt=since, by_id__in=owners.values("person_id")).order_by("-at").first()
    return timezone.localdate(last.at) if last else None


def _go_on(concern: Concern, obligation: Obligation, *, opens: datetime, by: Person | None, now: datetime) -> None:
    before, today = concern.state, timezone.localdate(now)
    parts = list(Participation.objects.filter(concern=concern, until__isnull=True))
    there = {part.person_id for part in parts}
    made = plan.for_concern(concern, on=today)
    step = _next_on_route(concern, made, there)
    told: list[Person] = []
    if step is not None and concern.state == State.LODGED:
        at = concern.step
        told = _let_in(concern, step, by=by, now=now)
        if concern.step != at:  # it was missed, not met: the next has the whole time, as if it had been passed on
            _note(obligation, ended_at=now)
    elif step is not None:
        told = _stand_by(concern, step.seats, token=step.token, by=by, now=now)
    elif concern.state == State.LODGED or concern.state in WORKING:
        silent = {part.person_id for part in parts if part.capacity in obligation.capacities}
        look_for_handler(concern, plan.for_concern(concern, on=today, also_out=silent - {concern.raiser_id}), by=by, now=now)
    elif seats := _others_of_exception_route(made, there):
        capacity = Capacity.EXCEPTION_HOLDER if concern.state == State.NEEDS_HANDLER else Capacity.STANDBY
        told = _grant(concern, seats, capacity, by=by, now=now)
    moved = concern.state != before
    audit.record(
        concern, ClockEvent.ESCALATED, by=by, now=now, from_state=before if moved else "",
        facts={"kind": obligation.kind, "due": obligation.due_on.isoformat(), "people": len(told)},
    )  # fmt: skip
    kind = NoticeKind.RECEIVED if concern.state == State.LODGED else NoticeKind.NEEDS_YOU
    outbox.put_each([(concern.pk, person.pk) for person in told], kind, now=now, due_at=opens)
    outbox.put_each([(concern.pk, concern.raiser_id)], NoticeKind.PROGRESS, now=now, due_at=opens)
    # nobody is left to tell: the same again would tell the raiser nothing new
    steps = obligation.escalated_step + 1 if told or moved else MOST_ESCALATIONS
    _note(obligation, escalated_step=steps, escalated_at=now, silent_since=today)


def _note(obligation: Obligation, **known: object) -> None:
    for name, value in known.items():
        setattr(obligation, name, value)
    obligation.save(update_fields=list(known))


def _next_on_route(concern: Concern, made: plan.Plan, there: Collection[UUID]) -> plan.Step | None:
    """The next of the route with somebody free who isn't on it yet; whoever stands in for its holder now comes first.

    Not past the raiser's choice unless they said it may; a talk in private or a body outside is no step the clock can take.
    """
    if concern.state not in WORKING and concern.state != State.LODGED:
        return None
    for item in _ahead(concern):
        step = made.step(item["token"]) or next((found for found in made.steps if found.instead_of == item["token"]), None)
        if step is None or step.is_direct or step.outside:
            continue
        seats = tuple(seat for seat in step.seats if seat.person.pk not in there)
        if seats and (not step.token.startswith("body:") or plan.quorate(made, step.token, len(step.seats))):
            return replace(step, seats=seats)
    return None


def _ahead(concern: Concern) -> Iterator[dict[str, str]]:
    """The route from where it is; where its order is free also what comes before, if the raiser said it may."""
    if concern.mode == "any_of" and not consent.past_choice(concern):
        return
    yield from concern.route[concern.step :]
    if concern.mode in ("any_of", "all_of"):
        yield from concern.route[: concern.step]


def _let_in(concern: Concern, step: plan.Step, *, by: Person | None, now: datetime) -> list[Person]:
    """The next of the route receives it, as if it had been passed on; whoever had it keeps it."""
    at = next((at for at, item in enumerate(concern.route) if item["token"] in (step.token, step.instead_of)), concern.step)
    concern.step = at
    if concern.route[at]["token"] != step.token and concern.mode != "any_of":
        here = concern.route[at]
        concern.route[at] = {**step.as_json(), "later": here["later"], "intake_only": here["intake_only"]}
    store(concern, now=now)
    return place(concern, step, Capacity.RECIPIENT, reason=REASON, by=by, now=now)


def _stand_by(concern: Concern, seats: Iterable[plan.Seat], *, token: str, by: Person | None, now: datetime) -> list[Person]:
    return _grant(concern, seats, Capacity.STANDBY, token=token, by=by, now=now)


def _grant(
    concern: Concern, seats: Iterable[plan.Seat], capacity: Capacity, *, by: Person | None, now: datetime, token: str = ""
) -> list[Person]:
    entrants = [policy.Entrant(seat.person, seat.hat, seat.acting_for) for seat in seats]
    policy.grant_all(concern, entrants, capacity, reason=REASON, by=by, now=now, token=token)
    return [entrant.person for entrant in entrants]


def _others_of_exception_route(made: plan.Plan, there: Collection[UUID]) -> tuple[plan.Seat, ...]:
    """The first of the council's exception route with somebody free who isn't on it yet."""
    never = {item.token for item in made.resolution.blocked if item.code == "never"}
    for token in made.protocol.exception_route.to:
        behind = plan.seats_behind(made, token) if token not in never else ()
        seats = tuple(seat for seat in behind if seat.person.pk not in there)
        if seats and (not token.startswith("body:") or plan.quorate(made, token, len(behind))):
            return seats
    return ()


def stand_down(concern: Concern, *, by: Person | None, now: datetime, fresh: bool = False) -> None:
    """Whoever was only told that it waits is done once somebody acted: nothing is open any more that went on by silence."""
    if fresh:
        return
    told = list(Participation.objects.filter(concern=concern, capacity=Capacity.STANDBY, until__isnull=True).select_related("person"))
    if not told or Obligation.objects.filter(OPEN, concern=concern, escalated_step__gt=0).exists():
        return
    for part in told:
        policy.end(concern, part.person, by=by, now=now, reason="step_done", only=Capacity.STANDBY)
