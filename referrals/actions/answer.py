"""What the council does with the office's answer: take it back, take it over, carry out what was recommended (E6)."""

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from concerns.actions import formal
from concerns.actions.verb import answer_needed
from concerns.enums import EventType
from concerns.models import Concern
from councils.errors import Refusal
from councils.models import Person
from referrals import queries
from referrals.actions import ground
from referrals.actions.ground import begin, driving, verb
from referrals.domain import course
from referrals.enums import Outcome, ReferralEvent, Step
from referrals.models import Entry, Measure, Referral


def _said(referral: Referral, kind: ReferralEvent) -> Entry:
    return Entry.objects.filter(referral=referral, kind=kind).latest("at")


@verb(Step.TAKE_BACK, EventType.SENT_BACK)
def take_back(*, referral_id: UUID, by: Person, now: datetime, revision: int | None = None) -> Concern:
    """T21, driven from here: informal means open again, for what the office asked. It can be referred again."""
    held = begin(Step.TAKE_BACK, referral_id, by=by, now=now, revision=revision)
    entry = _said(held.referral, ReferralEvent.LOCAL_ASKED)
    note = "\n".join(str(part) for part in (entry.words, entry.letter) if part)
    with driving(held.concern):  # type: ignore[arg-type]
        return formal.sent_back(concern_id=held.referral.concern_id, by=by, now=now, note=note)


@verb(Step.TAKE_OVER, EventType.OUTCOME_RECORDED)
def take_over(*, referral_id: UUID, by: Person, now: datetime, revision: int | None = None) -> Concern:
    """T20, driven from here: the office's outcome is the concern's, as it is. Nothing can be chosen or added."""
    held = begin(Step.TAKE_OVER, referral_id, by=by, now=now, revision=revision)
    referral = held.referral
    entry = _said(referral, ReferralEvent.FINDING)
    listed = formal.outcomes_for(held.concern, on=held.today)  # type: ignore[arg-type]
    with driving(held.concern):  # type: ignore[arg-type]
        return formal.record_outcome(
            concern_id=referral.concern_id, by=by, now=now, outcome=course.concern_outcome(Outcome(referral.outcome), listed),
            reference=str(referral.outcome_reference or referral.reference), summary=str(entry.words or ""),
        )  # fmt: skip


@verb(Step.CARRY_OUT, ReferralEvent.CARRIED_OUT)
def carry_out(
    *, referral_id: UUID, by: Person, now: datetime, measure_id: UUID, carried_out_on: date | None, reference: str, revision: int | None = None
) -> Measure:
    """Record that a recommended measure was carried out, on which day and by which minute. None can be added (E6)."""
    held = begin(Step.CARRY_OUT, referral_id, by=by, now=now, revision=revision)
    measure = Measure.objects.select_for_update().filter(referral=held.referral, pk=measure_id).first()
    if measure is None:
        raise queries.NotVisible
    if measure.carried_out_on is not None:
        raise Refusal(str(_("That was recorded already.")))
    if carried_out_on is None:
        raise Refusal(str(_("Give the day on which it was carried out.")), field="carried_out_on")
    ground.check_day(carried_out_on, not_before=held.referral.outcome_on, today=held.today, field="carried_out_on")
    measure.carried_out_ref = answer_needed(reference, "reference", _("Give the minute or letter it is recorded in."))
    measure.carried_out_on, measure.carried_out_by = carried_out_on, by
    measure.save(update_fields=["carried_out_on", "carried_out_ref", "carried_out_by"])
    ground.store(held.referral)
    ground.record(held, ReferralEvent.CARRIED_OUT, by=by, now=now, on=carried_out_on.isoformat(), measure=measure.kind)
    return measure
