"""What is said of somebody who is away, or there again: once, to those it matters to, in the trail and by a notice."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from concerns import audit, outbox
from concerns.enums import Capacity, EventType, NoticeKind, State, SweepEvent
from concerns.models import Concern, Event, Participation


def say_it_waits(concern: Concern, *, until: date, now: datetime) -> None:
    """Nobody acts for whoever has it, and they are back soon: the raiser is told once that it waits until then."""
    facts = {"until": until.isoformat()}
    if Event.objects.filter(concern_id=concern.pk, type=SweepEvent.WAITS, facts=facts).exists():
        return
    audit.record(concern, SweepEvent.WAITS, by=None, now=now, facts=facts)
    outbox.put(concern, NoticeKind.PROGRESS, to=concern.raiser, now=now)


def say_who_is_back(concern: Concern, parts: Collection[Participation], there: Collection[UUID], *, now: datetime) -> None:
    """Somebody is looked for because those who had it were away; where one of them is ``there`` again, the finders are told.

    The machine lets only a finder choose (T04), so it isn't put back without them. ``parts`` are everybody's current ones.
    """
    if concern.state != State.NEEDS_HANDLER:
        return
    finders = {part.person_id: part.person for part in parts if part.capacity == Capacity.EXCEPTION_HOLDER}
    had = {str(part.pk) for part in parts if part.person_id in there and part.person_id not in finders}
    said = Event.objects.filter(concern_id=concern.pk, type__in=(EventType.NEEDS_HANDLER, SweepEvent.THERE_AGAIN)).order_by("-at", "-seq")
    last = said.first() if had else None
    if last is None or last.type != EventType.NEEDS_HANDLER or not had & set(last.facts.get("away", ())):
        return
    audit.record(concern, SweepEvent.THERE_AGAIN, by=None, now=now, facts={"people": len(had & set(last.facts["away"]))})
    outbox.put(concern, NoticeKind.NEEDS_YOU, to=finders.values() or [concern.raiser], now=now)
    if finders:
        outbox.put(concern, NoticeKind.PROGRESS, to=concern.raiser, now=now)
