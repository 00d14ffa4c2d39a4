"""Records keepers, how long things are kept, and holds."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from concerns.enums import Capacity
from concerns.models import Concern, Participation
from councils.actions.ground import lock_council, plain, record, require_admin
from councils.errors import Refusal
from councils.models import Council, CouncilEventKind, Person
from rights import audit, queries
from rights.actions.verbs import begin, needed, store, verb
from rights.domain.retention import MOST_MONTHS
from rights.enums import LineType, OutcomeClass, Step
from rights.models import Disposal, Keeper, LegalHold, RetentionRule

LONGEST_HOLD = timedelta(days=366)
MAY_HOLD = (Capacity.HANDLER, Capacity.DECIDER, Capacity.LIAISON, Capacity.CONVENER)


@verb(Step.NAME_KEEPER, None)
def name_keeper(*, council: Council, person: Person, by: Person | None, now: datetime) -> Keeper:
    """Make somebody else in post a records keeper. They get a seat on what is open, but for cases they are a party to. Raises Refusal.

    An administrator sees nothing of a matter, so nobody lets themselves in.
    """
    council = lock_council(council)
    require_admin(council, by, now)
    if by is not None and person.pk == by.pk:
        raise Refusal(_("Nobody makes themselves a records keeper. Another administrator of the council can name you."), field="person")
    if not queries.may_keep(council, on=timezone.localdate(now)).filter(pk=person.pk).exists():
        raise Refusal(_("Choose somebody who holds a post here today."), field="person")
    if Keeper.objects.filter(council=council, person=person, until__isnull=True).exists():
        raise Refusal(_("They keep the council’s records already."), field="person")
    row = Keeper.objects.create(council=council, person=person, since=now, named_by=by)
    record(CouncilEventKind.COUNCIL_CHANGED, council=council, by=by, now=now, records_keeper=str(person.pk), named=True)
    return row


@verb(Step.END_KEEPER, None)
def end_keeper(*, keeper: Keeper, by: Person | None, now: datetime) -> Keeper:
    """They keep the records no longer: their seats end at once. Raises Refusal where they had ended before."""
    council = lock_council(keeper.council)
    require_admin(council, by, now)
    row = Keeper.objects.select_for_update().filter(pk=keeper.pk, council=council, until__isnull=True).first()
    if row is None:
        raise Refusal(_("They don’t keep the records any more."))
    row.until, row.ended_by = now, by
    row.save(update_fields=["until", "ended_by"])
    record(CouncilEventKind.COUNCIL_CHANGED, council=council, by=by, now=now, records_keeper=str(row.person_id), named=False)
    return row


@verb(Step.SET_RETENTION, None)
def set_retention(
    *, council: Council, outcome_class: str, months: int, minute_ref: str = "", by: Person | None, now: datetime, revision: int | None = None
) -> RetentionRule:
    """Keep what ended in that way for so many months after its close. Never shorter than somebody may go to a tribunal. Raises Refusal."""
    council = lock_council(council)
    require_admin(council, by, now)
    if outcome_class not in set(OutcomeClass):
        raise Refusal(_("Choose one of the outcomes listed."))
    least = queries.least_months(OutcomeClass(outcome_class))
    if not least <= months <= MOST_MONTHS:
        words = _("Enter a whole number of months from %(least)d to %(most)d. The shortest leaves time for a claim to a tribunal.")
        if outcome_class == OutcomeClass.DRAFT:
            words = _("Enter a whole number of months from %(least)d to %(most)d.")
        raise Refusal(words % {"least": least, "most": MOST_MONTHS}, field="months")
    minute = plain(minute_ref, field="minute_ref", limit=120, what=_("The minute")) if minute_ref.strip() else ""
    row = RetentionRule.objects.select_for_update().filter(council=council, outcome_class=outcome_class).first()
    if revision is not None and revision != (row.revision if row else 0):
        raise Refusal(_("The page you sent was out of date. Look at what is shown now, then choose again."))
    row = row or RetentionRule(council=council, outcome_class=outcome_class)
    before = row.months
    row.months, row.set_at, row.set_by, row.minute_ref, row.revision = months, now, by, minute, row.revision + 1
    row.save()
    record(CouncilEventKind.COUNCIL_CHANGED, council=council, by=by, now=now, retention=outcome_class, before=before, after=months)
    return row


def _review_day(review_on: date, today: date) -> date:
    if not today < review_on <= today + LONGEST_HOLD:
        raise Refusal(_("Choose a day in the next year on which somebody looks whether it is still needed."), field="review_on")
    return review_on


@verb(Step.PLACE_HOLD, LineType.HELD)
def place_hold(*, row_id: UUID, by: Person, now: datetime, reason: str, review_on: date, revision: int | None = None) -> LegalHold:
    """A records keeper keeps one case longer: nobody can destroy it until the hold is lifted. Raises Refusal."""
    disposal = begin(Step.PLACE_HOLD, row_id, by=by, now=now, revision=revision)
    words = needed(reason, "reason", _("Say why it has to be kept."))
    day = _review_day(review_on, timezone.localdate(now))
    hold = _hold(disposal.council, disposal.case_id, words, day, by=by, now=now)
    before = disposal.state
    if disposal.state == "ASKED":
        disposal.decline()
        disposal.asked_by = disposal.asked_at = None
    store(disposal, "asked_by", "asked_at", now=now)
    audit.record(disposal, LineType.HELD, by=by, now=now, from_state=before, reason=words, facts={"review_on": day.isoformat()})
    return hold


@verb(Step.LIFT_HOLD, LineType.HOLD_LIFTED)
def lift_hold(*, row_id: UUID, by: Person, now: datetime, reason: str, revision: int | None = None) -> Disposal:
    """Lift the hold on a case, with a reason. Raises Refusal."""
    disposal = begin(Step.LIFT_HOLD, row_id, by=by, now=now, revision=revision)
    words = needed(reason, "reason", _("Say why it isn’t needed any more."))
    _lift(queries.holds_on(disposal.case_id), words, by=by, now=now)
    store(disposal, now=now)
    audit.record(disposal, LineType.HOLD_LIFTED, by=by, now=now, reason=words)
    return disposal


def _hold(council: Council, case: UUID | None, words: str, day: date, *, by: Person, now: datetime) -> LegalHold:
    return LegalHold.objects.create(council=council, case_id=case, reason=words, review_on=day, placed_by=by, placed_at=now)


def _lift(holds: list[LegalHold], words: str, *, by: Person, now: datetime) -> None:
    for hold in holds:
        hold.lifted_by, hold.lifted_at, hold.lifted_why = by, now, words
        hold.save(update_fields=["lifted_by", "lifted_at", "lifted_why"])


def may_hold(concern: Concern, person: Person) -> bool:
    """Whether the person deals with the concern, or did when it was closed."""
    part = Participation.objects.filter(concern=concern, person=person, until__isnull=True, capacity__in=[c.value for c in MAY_HOLD])
    return part.exists()


@transaction.atomic
def hold_concern(*, concern: Concern, by: Person, now: datetime, reason: str, review_on: date) -> LegalHold:
    """Whoever deals with a concern keeps it longer, closed or not. Raises Refusal."""
    if not may_hold(concern, by):
        raise Refusal(_("Whoever deals with the concern decides that."))
    if queries.holds_on(concern.pk):
        raise Refusal(_("It is kept longer already."))
    words = needed(reason, "reason", _("Say why it has to be kept."))
    return _hold(concern.council, concern.pk, words, _review_day(review_on, timezone.localdate(now)), by=by, now=now)


@transaction.atomic
def release_concern(*, concern: Concern, by: Person, now: datetime, reason: str) -> None:
    """Whoever deals with a concern lifts the hold on it. Raises Refusal."""
    holds = queries.holds_on(concern.pk)
    if not may_hold(concern, by) or not holds:
        raise Refusal(_("There is no hold on it that you can lift."))
    _lift(holds, needed(reason, "reason", _("Say why it isn’t needed any more.")), by=by, now=now)


@transaction.atomic
def hold_council(*, council: Council, by: Person, now: datetime, reason: str, review_on: date) -> LegalHold:
    """A records keeper keeps everything of the council, say for an inquiry. Raises Refusal."""
    if not queries.is_keeper(council):
        raise Refusal(_("A records keeper decides that."))
    if LegalHold.objects.filter(council=council, case_id__isnull=True, lifted_at__isnull=True).exists():
        raise Refusal(_("Everything is kept already."))
    words = needed(reason, "reason", _("Say why it has to be kept."))
    hold = _hold(council, None, words, _review_day(review_on, timezone.localdate(now)), by=by, now=now)
    record(CouncilEventKind.COUNCIL_CHANGED, council=council, by=by, now=now, hold_on_everything=True)
    return hold


@transaction.atomic
def release_council(*, council: Council, by: Person, now: datetime, reason: str) -> None:
    """A records keeper lifts the hold on everything. Raises Refusal."""
    holds: Any = list(LegalHold.objects.filter(council=council, case_id__isnull=True, lifted_at__isnull=True))
    if not queries.is_keeper(council) or not holds:
        raise Refusal(_("There is no hold that you can lift."))
    _lift(holds, needed(reason, "reason", _("Say why it isn’t needed any more.")), by=by, now=now)
    record(CouncilEventKind.COUNCIL_CHANGED, council=council, by=by, now=now, hold_on_everything=False)
