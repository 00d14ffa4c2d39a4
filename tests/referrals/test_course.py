"""A referral's way out and back, step by step, at a desk and by letter."""

from __future__ import annotations

from datetime import date

import pytest

from concerns.enums import Action, State
from concerns.models import Concern, Event, Participation
from councils.errors import Refusal
from councils.models import Person
from referrals import policy
from referrals.enums import Ground, Outcome, ReferralEvent, Step
from referrals.enums import State as R
from referrals.models import Entry, Measure, Referral
from tests.concerns.casework import types, why_not
from tests.factories.concerns import NOW, by, do
from tests.factories.councils import Town
from tests.factories.referrals import CODE, LETTER, answered, assessing, concluded, latest, returned, sealed, sent, take


@pytest.fixture
def mo(weston: Town) -> Person:
    return Person.objects.get(email="helena.marsh@authority.example")


def test_referring_opens_a_referral_that_is_prepared(weston: Town, concern: Concern) -> None:
    found = latest(concern, weston["clerk"])
    assert (found.state, found.number, found.code_paragraph) == (R.PREPARED, 1, "3.1 respect")
    assert found.destination == "Monitoring Officer, North Somerset Council (demonstration)"
    assert found.jurisdiction == "England"


def test_at_the_desk_from_sent_to_closed(weston: Town, concern: Concern, mo: Person) -> None:
    clerk = weston["clerk"]
    referral = sent(concern, clerk, to=mo)
    assert (referral.state, referral.sent_by_way, referral.sent_on) == (R.SENT, "portal", NOW.date())
    take(Step.ACKNOWLEDGE, referral, mo)
    take(Step.START_ASSESSING, referral, mo)
    take(Step.INVESTIGATE, referral, mo, grounds=[Ground.SERIOUS])
    with pytest.raises(Refusal, match="Independent Person's view first"):
        take(Step.RECORD_FINDING, referral, mo, outcome=Outcome.BREACH, words="Reasons")
    take(Step.CONSULT, referral, mo, who="Ivy Pendant", consulted_on=NOW.date(), words="They agree")
    measures = [("training", "A day about respect"), ("apology", "In writing")]
    done = take(Step.RECORD_FINDING, referral, mo, outcome=Outcome.BREACH, words="Reasons", measures=measures)
    assert (done.state, done.outcome) == (R.OUTCOME_RECEIVED, Outcome.BREACH)
    closed = take(Step.TAKE_OVER, referral, clerk)
    assert (closed.state, closed.outcome) == (State.OUTCOME_RECORDED, "mo_breach_found")
    assert latest(concern, clerk).state == R.CLOSED
    assert sorted(types(concern, clerk)) == sorted(
        ["lodged", "accepted", "informal_over", "code_referred", "referral_sealed", "referral_sent", "referral_acknowledged",
         "referral_assessing", "referral_investigating", "referral_consulted", "referral_finding", "outcome_recorded"]
    )  # fmt: skip
    with by(clerk):
        rows = list(Measure.objects.filter(referral=referral))
        assert [(row.kind, row.words) for row in rows] == measures
    carried = {"carried_out_on": NOW.date(), "reference": "Minute 7"}
    take(Step.CARRY_OUT, referral, clerk, measure_id=rows[0].pk, **carried)
    with pytest.raises(Refusal, match="recorded already"):
        take(Step.CARRY_OUT, referral, clerk, measure_id=rows[0].pk, **carried)


def test_the_desks_steps_leave_the_officers_name_in_the_trail(weston: Town, concern: Concern, mo: Person) -> None:
    take(Step.ACKNOWLEDGE, sent(concern, weston["clerk"], to=mo), mo, words="We have it")
    with by(weston["officer1"]):
        line = Event.objects.get(concern_id=concern.pk, type=ReferralEvent.ACKNOWLEDGED)
        assert (line.by_name, line.reason, line.capacity) == ("Helena Marsh", "We have it", "")


def test_a_second_acknowledgement_says_when_the_first_was(weston: Town, concern: Concern, mo: Person) -> None:
    referral = sent(concern, weston["clerk"], to=mo)
    take(Step.ACKNOWLEDGE, referral, mo, revision=referral.revision)
    for state in (None, Step.START_ASSESSING):
        if state:
            take(state, referral, mo)
        with pytest.raises(Refusal, match="acknowledged already, on 15 January 2026, recorded by Helena Marsh"):
            take(Step.ACKNOWLEDGE, referral, mo, revision=referral.revision)
    with by(weston["clerk"]):
        assert Entry.objects.filter(referral=referral, kind=ReferralEvent.ACKNOWLEDGED).count() == 1


def test_the_follower_and_the_officer_are_told(weston: Town, concern: Concern, mo: Person) -> None:
    referral = sent(concern, weston["clerk"], to=mo)
    take(Step.ACKNOWLEDGE, referral, mo)
    take(Step.START_ASSESSING, referral, mo)
    take(Step.ASK_LOCAL, referral, mo, grounds=[Ground.LOCAL_BETTER], words="Please talk")


def test_sent_back_opens_informal_means_and_it_can_go_out_again(weston: Town, concern: Concern, mo: Person) -> None:
    clerk = weston["clerk"]
    back = returned(concern, clerk)
    assert (back.state, back.internal_routes_locked) == (State.INFORMAL, False)
    assert latest(concern, clerk).state == R.SENT_BACK
    do(Action.INFORMAL_OVER, concern, clerk, kind="failed", reason="Still not")
    do(Action.REFER_CODE, concern, clerk, override_reason="x", **CODE)
    second = sent(concern, clerk, to=mo)
    assert (second.number, second.state) == (2, R.SENT)
    with by(clerk):
        assert [row.number for row in Referral.objects.filter(concern=concern).order_by("number")] == [1, 2]
        assert second.bundles.count() == 1


@pytest.mark.parametrize("action", [Action.SENT_BACK, Action.RECORD_OUTCOME, Action.CLOSE_NO_ACTION])
def test_the_concerns_own_steps_wait_for_the_office(weston: Town, concern: Concern, action: Action) -> None:
    clerk = weston["clerk"]
    sent(concern, clerk)
    answers = {"note": "x"} if action == Action.SENT_BACK else {"reason": "x"} if action == Action.CLOSE_NO_ACTION else {}
    if action == Action.RECORD_OUTCOME:
        answers = {"outcome": "mo_breach_found", "reference": "x"}
    with pytest.raises(Refusal, match="office has it|hasn't answered"):
        do(action, concern, clerk, **answers)


def test_before_it_is_sent_the_concern_can_be_closed_without_action(weston: Town, concern: Concern) -> None:
    assert "hasn't been sent yet" in why_not(weston["clerk"], Action.SENT_BACK, concern)
    done = do(Action.CLOSE_NO_ACTION, concern, weston["clerk"], reason="It was settled")
    assert (done.state, latest(concern, weston["clerk"]).state) == (State.NO_ACTION, R.CLOSED)


def test_a_formal_complaint_that_was_never_sent_cant_be_closed(ilminster: Town) -> None:
    from tests.factories.concerns import lodge

    concern = lodge(ilminster, ilminster["officer1"], ilminster["councillor6"])
    do(Action.FORMAL_CODE_COMPLAINT, concern, ilminster["officer1"], declared=True, **CODE)
    with pytest.raises(Refusal, match="formal written complaint"):
        do(Action.CLOSE_NO_ACTION, concern, ilminster["officer1"], reason="x")


def test_copying_needs_the_letters_date_and_reference(weston: Town, concern: Concern) -> None:
    referral = sent(concern, weston["clerk"])
    with pytest.raises(Refusal, match="date of the office's letter"):
        take(Step.ACKNOWLEDGE, referral, weston["clerk"])
    with pytest.raises(Refusal, match="reference of the office's letter"):
        take(Step.ACKNOWLEDGE, referral, weston["clerk"], on=NOW.date())
    with pytest.raises(Refusal, match="can't be in the future"):
        take(Step.ACKNOWLEDGE, referral, weston["clerk"], on=date(2026, 1, 16), letter="L1")
    with pytest.raises(Refusal, match="can't be before 15 January 2026"):
        take(Step.ACKNOWLEDGE, referral, weston["clerk"], on=date(2026, 1, 14), letter="L1")
    assert take(Step.ACKNOWLEDGE, referral, weston["clerk"], **LETTER).state == R.ACKNOWLEDGED


def test_nobody_copies_while_an_officer_has_a_desk(weston: Town, concern: Concern, mo: Person) -> None:
    referral = sent(concern, weston["clerk"], to=mo)
    with pytest.raises(Refusal, match="works on it in this service"):
        take(Step.ACKNOWLEDGE, referral, weston["clerk"], **LETTER)


def test_the_outcome_taken_over_is_the_offices(weston: Town, concern: Concern) -> None:
    done = concluded(concern, weston["clerk"], outcome=Outcome.NO_BREACH)
    assert (done.state, done.outcome) == (State.OUTCOME_RECORDED, "mo_no_breach")


def test_assessment_ends_it_without_a_finding(weston: Town, concern: Concern) -> None:
    referral = assessing(concern, weston["clerk"])
    with pytest.raises(Refusal, match="Choose an outcome"):
        take(Step.RECORD_FINDING, referral, weston["clerk"], outcome=Outcome.BREACH, words="x", **LETTER)
    with pytest.raises(Refusal, match="at least one ground"):
        take(Step.RECORD_FINDING, referral, weston["clerk"], outcome=Outcome.NO_FURTHER_ACTION, words="x", **LETTER)
    take(
        Step.RECORD_FINDING, referral, weston["clerk"], outcome=Outcome.NO_FURTHER_ACTION, words="x", grounds=[Ground.NO_PRIMA_FACIE], **LETTER
    )
    assert take(Step.TAKE_OVER, referral, weston["clerk"]).outcome == "mo_no_further_action"


@pytest.mark.parametrize("words", ["Suspend them for a month", "suspension from office", "Stop the allowances", "withhold all their allowances"])
def test_a_measure_that_suspends_is_refused(weston: Town, concern: Concern, words: str) -> None:
    with pytest.raises(Refusal, match="Nobody may suspend"):
        answered(concern, weston["clerk"], outcome=Outcome.BREACH, measures=[("other", words)])


def test_measures_come_only_with_a_breach(weston: Town, concern: Concern) -> None:
    with pytest.raises(Refusal, match="only with a breach"):
        answered(concern, weston["clerk"], outcome=Outcome.NO_BREACH, measures=[("training", "A day")])


def test_reopened_with_new_evidence_it_is_prepared_anew(weston: Town, concern: Concern) -> None:
    clerk = weston["clerk"]
    first = answered(concern, clerk)
    take(Step.TAKE_OVER, first, clerk)
    do(Action.REOPEN, concern, clerk, reason="A new paper", new_evidence=True)
    new = take(Step.PREPARE_AGAIN, first, clerk)
    assert (new.number, new.state) == (2, R.PREPARED)
    with pytest.raises(Refusal):
        take(Step.PREPARE_AGAIN, first, clerk)
    assert sent(concern, clerk).state == R.SENT


def test_a_stale_page_is_told(weston: Town, concern: Concern) -> None:
    referral = latest(concern, weston["clerk"])
    sealed(concern, weston["clerk"])
    with pytest.raises(Refusal, match="after you opened the page"):
        take(Step.SEND, referral, weston["clerk"], way="post", sent_on=NOW.date(), revision=referral.revision)


def test_support_and_the_raisers_part_are_never_locked(ilminster: Town) -> None:
    """Q3, L2: a declared complaint locks internal routes; the raiser's notes and papers, and who supports them, stay."""
    from tests.concerns.casework import open_to
    from tests.factories.concerns import lodge

    concern = lodge(ilminster, ilminster["officer1"], ilminster["councillor6"])
    done = do(Action.FORMAL_CODE_COMPLAINT, concern, ilminster["officer1"], declared=True, **CODE)
    assert done.internal_routes_locked
    sent(concern, ilminster["officer1"])
    assert {"add_note", "add_document"} <= open_to(ilminster["officer1"], concern)
    for action in (Action.CONCILIATE, Action.START_GRIEVANCE, Action.SETTLE, Action.ACCEPT):
        assert action.value not in open_to(ilminster["officer1"], concern)
    with by(ilminster["officer1"]):
        assert Participation.objects.filter(concern=concern, person=ilminster["officer1"], until__isnull=True).exists()
        assert policy.on_desk(ilminster["officer1"], on=NOW.date()).count() == 0


def test_the_councils_own_days_say_when_to_ask(weston: Town, concern: Concern) -> None:
    from referrals.views import _shown

    referral = sent(concern, weston["clerk"])
    with by(weston["clerk"]):
        found = _shown.chase(referral, NOW.date())
        assert found is not None and (found.on, found.days) == (date(2026, 1, 26), 7)
        own = _shown.chase(referral, NOW.date(), known={weston.council.pk: {"chase_mo_acknowledgement": 2}})
        assert own is not None and own.on == date(2026, 1, 19)
        assert "7 working days" in _shown.chase_words(found, NOW.date())
        assert "Nothing was heard by 26 January 2026" in _shown.chase_words(found, date(2026, 1, 26))
