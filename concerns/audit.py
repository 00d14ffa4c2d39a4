"""The trail: one appended line per action, without foreign keys, never read to decide (house rule 6)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from concerns import rooms
from concerns.enums import Capacity
from concerns.models import Concern, Event, Participation
from councils.models import Person
from councils.statements import insert


def record(
    concern: Concern,
    type: StrEnum,
    *,
    by: Person | None,
    now: datetime,
    capacity: Capacity | None = None,
    from_state: str = "",
    reason: str = "",
    cites: Iterable[str] = (),
    facts: Mapping[str, object] | None = None,
    parts: Iterable[Participation] | None = None,
    settles: bool = True,
) -> Event:
    """Append ``type`` to the trail of ``concern`` as done by ``by`` at ``now``; each room has event types of its own.

    ``reason`` is what the person wrote (encrypted); ``facts`` holds codes and ISO dates only, never words or names.
    The hat the person wears is taken from their part in the concern: the earliest of ``parts``, their current ones in order
    of time where the caller has them. What is due on the concern is settled with it, unless the line itself tells of that.
    """
    part = None
    if by is not None:
        if parts is None:
            parts = Participation.objects.filter(concern=concern, person=by, until__isnull=True).order_by("since")
        part = next((part for part in parts if not capacity or part.capacity == capacity), None)
    event = Event(
        concern_id=concern.pk,
        type=type,
        at=now,
        by_id=by.pk if by else None,
        by_name=by.full_name if by else "",
        capacity=part.capacity if part else (capacity or ""),
        hat=part.hat if part else "",
        acting_for=part.acting_for if part else "",
        from_state=from_state,
        to_state=concern.state if from_state else "",
        rule_id=concern.rule_id,
        protocol_label=concern.protocol_version.label if concern.protocol_version_id else "",
        cites=list(cites),
        facts=dict(facts or {}),
        reason=reason or None,
    )
    insert([event])
    if settles:
        rooms.touched(concern, by=by, now=now, fresh=from_state == "DRAFT")
    return event
