"""What the office does: at its desk, or copied from its letter by whoever follows it for the council."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from concerns.actions.verb import answer_needed
from concerns.enums import NoticeKind
from councils.errors import Refusal
from councils.models import Person
from referrals import queries
from referrals.actions import ground
from referrals.actions.ground import Held, begin, verb
from referrals.domain import course
from referrals.enums import Ground, MeasureKind, Outcome, ReferralEvent, State, Step
from referrals.models import Measure, Referral, ReferralAccess

MOST_MEASURES = 10


@verb(Step.ACKNOWLEDGE, ReferralEvent.ACKNOWLEDGED)
def acknowledge(
    *, referral_id: UUID, by: Person, now: datetime, words: str = "", on: date | None = None, letter: str = "", revision: int | None = None
) -> Referral:
    """The office has it. A second time nothing changes: Refusal says when it was acknowledged."""
    held = begin(Step.ACKNOWLEDGE, referral_id, by=by, now=now, revision=revision)
    day, reference = ground.letter(held, on, letter)
    held.referral.acknowledge()
    held.referral.acknowledged_on = day
    return _done(held, ReferralEvent.ACKNOWLEDGED, by=by, now=now, on=day, letter=reference, words=words.strip())


@verb(Step.START_ASSESSING, ReferralEvent.ASSESSING)
def start_assessing(
    *, referral_id: UUID, by: Person, now: datetime, words: str = "", on: date | None = None, letter: str = "", revision: int | None = None
) -> Referral:
    """The office looks whether there is something to investigate."""
    held = begin(Step.START_ASSESSING, referral_id, by=by, now=now, revision=revision)
    day, reference = ground.letter(held, on, letter)
    held.referral.start_assessing()
    held.referral.assessing_on = day
    return _done(held, ReferralEvent.ASSESSING, by=by, now=now, on=day, letter=reference, words=words.strip())


@verb(Step.CONSULT, ReferralEvent.CONSULTED)
def consult(
    *, referral_id: UUID, by: Person, now: datetime, who: str, consulted_on: date | None, words: str, letter: str = "",
    revision: int | None = None,
) -> Referral:  # fmt: skip
    """The Independent Person was asked and gave a view: who, when and what (E2)."""
    held = begin(Step.CONSULT, referral_id, by=by, now=now, revision=revision)
    name = answer_needed(who, "who", _("Say who was consulted."))
    view = answer_needed(words, "words", _("Write down their view."))
    if consulted_on is None:
        raise Refusal(str(_("Give the day on which they gave their view.")), field="consulted_on")
    ground.check_day(consulted_on, not_before=held.referral.sent_on, today=held.today, field="consulted_on")
    ground.store(held.referral)
    ground.write(held, ReferralEvent.CONSULTED, by=by, now=now, on=consulted_on, letter=letter.strip(), who=name, words=view)
    ground.record(held, ReferralEvent.CONSULTED, by=by, now=now, consulted_on=consulted_on.isoformat())
    return held.referral


def _grounds(step: Step, chosen: Sequence[str], *, needed: bool = True) -> list[Ground]:
    """The grounds chosen, each one of those that fit the step."""
    fitting = course.GROUNDS[step]
    if any(code not in fitting for code in chosen):
        raise Refusal(str(_("Choose grounds from the list.")), field="grounds")
    if needed and not chosen:
        raise Refusal(str(_("Choose at least one ground.")), field="grounds")
    return [Ground(code) for code in dict.fromkeys(chosen)]


@verb(Step.WEIGH, ReferralEvent.WEIGHED)
def weigh(
    *, referral_id: UUID, by: Person, now: datetime, serious: bool | None, repeated: bool | None, words: str = "", revision: int | None = None
) -> Referral:
    """In Wales: whether the matter is serious, or one of several like it. Either closes the way to a local settlement (W3)."""
    held = begin(Step.WEIGH, referral_id, by=by, now=now, revision=revision)
    if serious is None:
        raise Refusal(str(_("Say whether it is serious.")), field="serious")
    if repeated is None:
        raise Refusal(str(_("Say whether it was raised before.")), field="repeated")
    held.referral.serious, held.referral.repeated = serious, repeated
    ground.store(held.referral)
    answers = {"serious": "yes" if serious else "no", "repeated": "yes" if repeated else "no"}
    ground.write(held, ReferralEvent.WEIGHED, by=by, now=now, on=held.today, words=words.strip())
    ground.record(held, ReferralEvent.WEIGHED, by=by, now=now, reason=words.strip(), **answers)
    return held.referral


@verb(Step.ASK_LOCAL, ReferralEvent.LOCAL_ASKED)
def ask_local(
    *, referral_id: UUID, by: Person, now: datetime, grounds: Sequence[str], words: str, on: date | None = None, letter: str = "",
    revision: int | None = None,
) -> Referral:  # fmt: skip
    """The office asks for a local settlement. The council takes it back; it can be referred again."""
    held = begin(Step.ASK_LOCAL, referral_id, by=by, now=now, revision=revision)
    chosen = _grounds(Step.ASK_LOCAL, grounds)
    asked = answer_needed(words, "words", _("Say what the council is asked to do."))
    day, reference = ground.letter(held, on, letter)
    held.referral.ask_local()
    held.referral.sent_back_on = day
    return _done(held, ReferralEvent.LOCAL_ASKED, by=by, now=now, on=day, letter=reference, words=asked, grounds=chosen, needs=True)


@verb(Step.INVESTIGATE, ReferralEvent.INVESTIGATING)
def investigate(
    *, referral_id: UUID, by: Person, now: datetime, grounds: Sequence[str], words: str = "", on: date | None = None, letter: str = "",
    revision: int | None = None,
) -> Referral:  # fmt: skip
    """The office investigates."""
    held = begin(Step.INVESTIGATE, referral_id, by=by, now=now, revision=revision)
    chosen = _grounds(Step.INVESTIGATE, grounds)
    day, reference = ground.letter(held, on, letter)
    held.referral.investigate()
    held.referral.investigating_on = day
    return _done(held, ReferralEvent.INVESTIGATING, by=by, now=now, on=day, letter=reference, words=words.strip(), grounds=chosen)


@verb(Step.RECORD_FINDING, ReferralEvent.FINDING)
def record_finding(
    *, referral_id: UUID, by: Person, now: datetime, outcome: str, words: str, grounds: Sequence[str] = (),
    measures: Sequence[tuple[str, str]] = (), on: date | None = None, letter: str = "", revision: int | None = None,
) -> Referral:  # fmt: skip
    """The office's answer, with its reasons and, after a breach in England, the measures it recommends.

    Raises Refusal for an answer that isn't open from here, before the Independent Person was consulted about an
    investigated allegation, and for a measure that would suspend (E3).
    """
    held = begin(Step.RECORD_FINDING, referral_id, by=by, now=now, revision=revision)
    referral = held.referral
    if outcome not in course.outcomes(referral.jurisdiction, State(referral.state)):
        raise Refusal(str(_("Choose an outcome from the list.")), field="outcome")
    answer = Outcome(outcome)
    if course.consult_first(answer, held.facts):
        words_ = _("Record the Independent Person's view first. It must be sought and weighed before an investigated allegation is decided (Localism Act 2011 s.28(7)).")
        raise Refusal(str(words_), field="outcome")
    reasons = answer_needed(words, "words", _("Give the reasons."))
    chosen = _grounds(Step.RECORD_FINDING, grounds, needed=answer == Outcome.NO_FURTHER_ACTION and referral.state == State.ASSESSING)
    wanted = _measures(answer, referral.jurisdiction, measures)
    day, reference = ground.letter(held, on, letter)
    rows = [
        Measure(concern_id=referral.concern_id, referral=referral, number=number, kind=kind, words=text, recommended_by=by, recommended_at=now)
        for number, (kind, text) in enumerate(wanted, 1)
    ]
    Measure.objects.bulk_create(rows)
    referral.receive_outcome()
    referral.outcome, referral.outcome_on = answer, day
    referral.outcome_reference = reference or referral.reference
    return _done(
        held, ReferralEvent.FINDING, by=by, now=now, on=day, letter=reference, words=reasons, grounds=chosen, needs=True,
        outcome=course.concern_outcome(answer, ()),
    )  # fmt: skip


def _measures(answer: Outcome, jurisdiction: str, measures: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The measures recommended, checked. Raises Refusal on ``measures``."""
    wanted = [(kind, text.strip()) for kind, text in measures if kind or text.strip()]
    if wanted and not course.measures_fit(answer, jurisdiction):
        raise Refusal(str(_("Measures can be recommended only with a breach.")), field="measures")
    if len(wanted) > MOST_MEASURES:
        raise Refusal(str(_("Recommend at most ten measures.")), field="measures")
    for kind, text in wanted:
        if kind not in list(MeasureKind):
            raise Refusal(str(_("Choose what each measure is.")), field="measures")
        if not text:
            raise Refusal(str(_("Say what each measure asks for.")), field="measures")
        if course.suspends(text):
            words = _("Nobody may suspend a councillor or stop allowances for a breach of the Code (Localism Act 2011). Take that out.")
            raise Refusal(str(words), field="measures")
    return wanted


def _done(
    held: Held, event: ReferralEvent, *, by: Person, now: datetime, on: date, letter: str, words: str, grounds: Sequence[Ground] = (),
    needs: bool = False, **facts: str,
) -> Referral:  # fmt: skip
    """Store, keep what was said, leave the line, tell the other side."""
    ground.store(held.referral)
    ground.write(held, event, by=by, now=now, on=on, letter=letter, words=words, grounds=grounds)
    ground.record(held, event, by=by, now=now, reason=words, on=on.isoformat(), **facts)
    ground.tell(held, NoticeKind.NEEDS_YOU if needs and held.concern is None else NoticeKind.PROGRESS, by=by, now=now)
    return held.referral


@verb(Step.STEP_ASIDE, ReferralEvent.STEPPED_ASIDE)
def step_aside(*, referral_id: UUID, by: Person, now: datetime, words: str = "", revision: int | None = None) -> Referral:
    """An officer of the office can't act in it. Their access ends; the council addresses it to somebody else."""
    held = begin(Step.STEP_ASIDE, referral_id, by=by, now=now, revision=revision)
    ground.store(held.referral)
    ground.record(held, ReferralEvent.STEPPED_ASIDE, by=by, now=now, reason=words.strip())
    ground.tell(held, NoticeKind.NEEDS_YOU, by=by, now=now)
    mine = ReferralAccess.objects.filter(referral=held.referral, person=by, until__isnull=True)
    mine.update(until=now, ended_reason=queries.STEPPED_ASIDE)
    return held.referral
