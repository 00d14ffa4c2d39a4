"""Changing hands and pausing (T25, T26)."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from concerns import audit, outbox, plan, policy
from concerns.actions import consent
from concerns.actions.verb import answer_needed, begin, store, verb
from concerns.enums import (
    CLOSED_STATES,
    READING_CAPACITIES,
    Action,
    Capacity,
    ConsentKind,
    EventType,
    HandOverReason,
    NoticeKind,
    State,
)
from concerns.models import Concern, Participation
from councils.errors import Refusal
from councils.models import Person

LONGEST_HOLD = timedelta(days=365)
HANDED_ON = {Capacity.HANDLER, Capacity.DECIDER, Capacity.LIAISON, Capacity.CONVENER}


def parts_of_mine(person: Person) -> QuerySet[Participation]:
    """What ``person`` is on any concern now."""
    return Participation.objects.filter(person=person, until__isnull=True)


def handled_by(person: Person) -> QuerySet[Concern]:
    """The open concerns ``person`` deals with and may hand over, oldest first, each with how many ``files`` it has.

    ``passes_words``: whether whoever takes it reads what was written; who only runs a panel's procedure passes no more than that.
    """
    parts = parts_of_mine(person).filter(capacity__in=[Capacity.HANDLER, Capacity.CONVENER])
    found = policy.visible_to(person).filter(pk__in=parts.values("concern_id")).exclude(state__in=[s.value for s in CLOSED_STATES])
    found = found.select_related("council", "protocol_version", "raiser").annotate(files=Count("documents"))
    reading = HANDED_ON & READING_CAPACITIES
    found = found.annotate(passes_words=Exists(parts_of_mine(person).filter(concern=OuterRef("pk"), capacity__in=reading)))
    return found.order_by("lodged_at", "id")


def waiting_for(person: Person) -> QuerySet[Concern]:
    """The open concerns that wait for ``person`` to take them up, oldest first; they can't be handed over before."""
    parts = parts_of_mine(person).filter(capacity=Capacity.RECIPIENT)
    return policy.visible_to(person).filter(pk__in=parts.values("concern_id"), state=State.LODGED).order_by("lodged_at", "id")


@verb(Action.HAND_OVER, EventType.HANDED_OVER)
def hand_over(
    *,
    concern_id: UUID,
    by: Person,
    now: datetime,
    to: Person,
    reason_code: str,
    note: str = "",
    override_reason: str = "",
    revision: int | None = None,
) -> None:
    """T25: somebody else free of conflict handles it; the old handler's access ends and the raiser is told.

    Returns nothing: the actor may not see the concern any more.
    """
    concern = begin(Action.HAND_OVER, concern_id, by=by, now=now, revision=revision)
    if reason_code not in list(HandOverReason):
        raise Refusal(str(_("Choose why it changes hands.")), field="reason_code")
    made = plan.for_concern(concern, on=timezone.localdate(now))
    if to.pk == by.pk or to.pk not in {person.pk for person in made.successors()}:
        raise Refusal(str(_("That person can't take it. Choose from the list.")), field="to")
    if concern.protocol_version.protocol.chair_alone == "forbidden" and "chair_of_council" in made.cast.roles_of(to.pk):
        raise Refusal(str(_("The Chair should not deal with this alone. Choose somebody else.")), field="to")
    consent.cover(concern, ConsentKind.WIDER_CIRCLE, by=by, now=now, override_reason=override_reason)
    consent.lapse(concern, now=now)
    concern.hand_over()
    store(concern, now=now)
    hat = made.hat_of(to)
    mine = Participation.objects.filter(concern=concern, person=by, until__isnull=True).exclude(capacity=Capacity.RAISER)
    parts = {Capacity(value) for value in mine.values_list("capacity", flat=True)}
    for capacity in sorted(parts & HANDED_ON):
        policy.grant(concern, to, capacity, reason="handed_over", by=by, now=now, hat=hat)
    audit.record(concern, EventType.HANDED_OVER, by=by, now=now, facts={"reason": reason_code}, reason=note.strip())
    outbox.put(concern, NoticeKind.RECEIVED, to=to, now=now)
    outbox.put(concern, NoticeKind.PROGRESS, to=concern.raiser, now=now)
    for capacity in sorted(parts):
        policy.end(concern, by, by=by, now=now, reason="handed_over", only=capacity)


@verb(Action.HOLD, EventType.HELD)
def hold(
    *, concern_id: UUID, by: Person, now: datetime, until: date | None, reason: str, revision: int | None = None
) -> Concern:
    """T26: nothing moves until the date, a year away at most, with the reason; the raiser is told."""
    concern = begin(Action.HOLD, concern_id, by=by, now=now, revision=revision)
    if until is None:
        raise Refusal(str(_("Give the date until which it waits.")), field="until")
    if until <= timezone.localdate(now):
        raise Refusal(str(_("The date must be in the future.")), field="until")
    if until > timezone.localdate(now) + LONGEST_HOLD:
        raise Refusal(str(_("It can wait for a year at most. Hold it again then, if it still has to.")), field="until")
    words = answer_needed(reason, "reason", _("Say why it has to wait."))
    concern.hold_or_release()
    concern.on_hold_until = until
    concern.hold_reason = words
    store(concern, now=now)
    audit.record(concern, EventType.HELD, by=by, now=now, facts={"until": until.isoformat()}, reason=words)
    outbox.put(concern, NoticeKind.PROGRESS, to=concern.raiser, now=now)
    return concern


@verb(Action.RELEASE, EventType.RELEASED)
def release(*, concern_id: UUID, by: Person, now: datetime, note: str = "", revision: int | None = None) -> Concern:
    """T26: the hold ends before its date."""
    concern = begin(Action.RELEASE, concern_id, by=by, now=now, revision=revision)
    concern.hold_or_release()
    concern.on_hold_until = None
    concern.hold_reason = None
    store(concern, now=now)
    audit.record(concern, EventType.RELEASED, by=by, now=now, reason=note.strip())
    outbox.put(concern, NoticeKind.PROGRESS, to=concern.raiser, now=now)
    return concern
