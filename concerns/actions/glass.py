"""Breaking the glass: access for a time where nobody free of a connection can act. Two people, a reason, an end.

One asks with the concern's reference, another approves. Neither sees the concern, so the portal itself looks (``look``,
system work): once before the other person is shown the request, once before it opens. The raiser and those who have a
part are told at once. Whoever is kept from the concern gets the same answer as for a reference that doesn't exist.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from concerns import audit, outbox, plan, policy
from concerns.actions.sweep import BREAK_GLASS, SWEPT, Kept, candidates, system, tend
from concerns.actions.verb import Verbs, answer_needed, people_as
from concerns.casefile import NotVisible
from concerns.enums import LONGEST_GLASS_HOURS, Capacity, GlassStatus, NoticeKind, State, SweepAction, SweepEvent
from concerns.models import BreakGlass, Concern, Exclusion
from councils import queries as councils
from councils.errors import Refusal
from councils.models import Council, Person
from councils.roles import ADMIN_ROLE

log = structlog.get_logger(__name__)
glass = Verbs()
MOST_A_DAY = 5
ENDED = (GlassStatus.REFUSED, GlassStatus.DECLINED, GlassStatus.ENDED)


def mine(person: Person) -> QuerySet[BreakGlass]:
    """What a person asked, and what they were asked to approve once the portal had looked; newest first."""
    asked = Q(asker=person) | Q(approver=person, shown_at__isnull=False)
    return BreakGlass.objects.filter(asked).select_related("council", "asker", "approver").order_by("-asked_at")


@glass(SweepAction.ASK_GLASS, None)
def ask(
    *, council: Council, reference: str, approver: Person | None, reason: str, hours: int, by: Person, now: datetime
) -> BreakGlass:
    """Asks for access to the concern of that reference, and names who is to approve it. Raises Refusal."""
    if not _in_office(by, council, now):
        raise Refusal(str(_("Only people with a post at the council can ask.")))
    written = answer_needed(reference, "reference", _("Enter the reference of the concern.")).upper()
    if len(written) > 40:
        raise Refusal(str(_("A reference looks like K7QF-2M9X. Check it.")), field="reference")
    if approver is None or approver.pk == by.pk:
        raise Refusal(str(_("One person alone can’t do it. Choose somebody else to approve it.")), field="approver")
    if not _in_office(approver, council, now):
        raise Refusal(str(_("They hold no post at the council today. Choose somebody else.")), field="approver")
    words = answer_needed(reason, "reason", _("Say why it can’t wait."))
    if not isinstance(hours, int) or not 1 <= hours <= LONGEST_GLASS_HOURS:
        raise Refusal(str(_("Choose for how long: from an hour to a week.")), field="hours")
    if BreakGlass.objects.filter(asker=by, asked_at__gt=now - timedelta(days=1)).count() >= MOST_A_DAY:
        raise Refusal(str(_("You asked %s times within a day. Try again tomorrow.")) % MOST_A_DAY)
    row = BreakGlass(
        council=council, reference=written, asker=by, asked_at=now, reason=words, hours=hours, approver=approver, status=GlassStatus.ASKED
    )
    row.save(force_insert=True)
    return row


@glass(SweepAction.ANSWER_GLASS, None)
def answer(*, request_id: UUID, approve: bool, words: str, by: Person, now: datetime) -> BreakGlass:
    """The other person approves or declines, with a reason. Raises Refusal, and NotVisible for everybody else."""
    row = _locked(request_id, by)
    if row.approver_id != by.pk:
        raise Refusal(str(_("Whoever asks can’t approve it as well.")))
    if row.status != GlassStatus.WAITING:
        raise Refusal(str(_("It has been answered already.")))
    if not _in_office(by, row.council, now):
        raise Refusal(str(_("Only people with a post at the council can approve.")))
    row.answer = answer_needed(words, "words", _("Say why."))
    row.status, row.answered_at = GlassStatus.APPROVED if approve else GlassStatus.DECLINED, now
    row.save(update_fields=["answer", "status", "answered_at"])
    if not approve:
        outbox.put(None, NoticeKind.NEEDS_YOU, to=row.asker, now=now)
    return row


@glass(SweepAction.END_GLASS, None)
def end(*, request_id: UUID, by: Person, now: datetime) -> BreakGlass:
    """Either of the two ends it before its time; from the next request on nothing is shown. Raises Refusal, NotVisible."""
    row = _locked(request_id, by)
    if row.status in ENDED:
        raise Refusal(str(_("It is over already.")))
    row.status, row.ended_at = GlassStatus.ENDED, now
    row.save(update_fields=["status", "ended_at"])
    return row


@system(SweepAction.LOOK_AT_GLASS, SweepEvent.GLASS_OPENED)
def look(*, request_id: UUID, by: None = None, now: datetime) -> GlassStatus:
    """What the portal does with a request, inside system work: shows it to the other person, opens it, or refuses it."""
    row = BreakGlass.objects.select_for_update(of=("self",)).select_related("asker", "approver", "council").get(pk=request_id)
    if row.status not in (GlassStatus.ASKED, GlassStatus.APPROVED):
        return GlassStatus(row.status)
    concern = _may_open(row, now)
    if concern is None:
        row.status = GlassStatus.REFUSED
        row.save(update_fields=["status"])
        outbox.put(None, NoticeKind.NEEDS_YOU, to=row.asker, now=now)
    elif row.status == GlassStatus.ASKED:
        row.concern, row.status, row.shown_at = concern, GlassStatus.WAITING, now
        row.save(update_fields=["concern", "status", "shown_at"])
        outbox.put(None, NoticeKind.NEEDS_YOU, to=row.approver, now=now)
    else:
        _open(row, concern, now)
    return GlassStatus(row.status)


def _open(row: BreakGlass, concern: Concern, now: datetime) -> None:
    row.status, row.opened_at, row.expires_at = GlassStatus.OPEN, now, now + timedelta(hours=row.hours)
    row.save(update_fields=["status", "opened_at", "expires_at"])
    told = people_as(concern, *Capacity)
    parts = [Capacity.READER, *([Capacity.EXCEPTION_HOLDER] if concern.state == State.NEEDS_HANDLER else [])]
    for capacity in parts:
        policy.grant(concern, row.asker, capacity, reason=BREAK_GLASS, by=row.approver, now=now)
    facts = {"until": timezone.localdate(row.expires_at).isoformat(), "hours": row.hours}
    audit.record(concern, SweepEvent.GLASS_OPENED, by=row.asker, now=now, facts=facts, reason=str(row.reason))
    outbox.put(concern, NoticeKind.RECEIVED, to=row.asker, now=now)
    outbox.put(concern, NoticeKind.PROGRESS, to=[concern.raiser, *told], now=now)


def _may_open(row: BreakGlass, now: datetime) -> Concern | None:
    """The concern, if nobody can act in it and both are free of a connection; None, whatever the reason."""
    found = Concern.objects.filter(reference=row.reference, council=row.council, state__in=SWEPT).first()
    if found is None or tend(concern_id=found.pk, now=now) not in (Kept.RAISER, Kept.NOBODY, Kept.WAITS):
        return None
    concern = Concern.objects.select_related("council", "raiser", "protocol_version").get(pk=found.pk)
    made = plan.for_concern(concern, on=timezone.localdate(now))
    out = set(Exclusion.objects.filter(concern=concern).values_list("person_id", flat=True)) | set(made.excluded) | {concern.raiser_id}
    both = (row.asker, row.approver)
    if any(person.pk in out or not _in_office(person, row.council, now) for person in both):
        return None
    return concern


def _in_office(person: Person, council: Council, now: datetime) -> bool:
    """Whether they may sign in and hold a post at the council, besides looking after its records."""
    held = councils.roles_of(person, council, on=timezone.localdate(now))
    return person.is_active and any(appointment.role != ADMIN_ROLE for appointment in held)


def _locked(request_id: UUID, by: Person) -> BreakGlass:
    row = mine(by).select_for_update(of=("self",)).filter(pk=request_id).first() if isinstance(request_id, UUID) else None
    if row is None:
        raise NotVisible
    return row


def sweep(*, now: datetime, within: Callable[[], AbstractContextManager[None]], lately: bool = False) -> Counter[Kept]:
    """The whole sweep: every open concern that needs it, each in a transaction of its own, then what was asked here.

    ``within`` makes it system work; ``lately``: only where something changed in the last minutes. Returns how many of the concerns looked at are kept going by whom; one that couldn't be
    looked at counts as nobody's, and doesn't keep the others from it.
    """
    with within():
        found = candidates(now=now, lately=lately)
    kept: Counter[Kept] = Counter()
    for pk in found:
        kept[_apart(within, Kept.NOBODY, lambda pk=pk: tend(concern_id=pk, now=now))] += 1
    with within():
        asked = list(BreakGlass.objects.filter(status__in=(GlassStatus.ASKED, GlassStatus.APPROVED)).values_list("pk", flat=True))
    for pk in asked:
        _apart(within, None, lambda pk=pk: look(request_id=pk, now=now))
    return kept


def _apart(within: Callable[[], AbstractContextManager[None]], otherwise: Any, run: Callable[[], Any]) -> Any:
    try:
        with within():
            return run()
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the others are looked at
        log.error("sweep_failed", error=type(error).__name__)
        return otherwise
