"""No internal step yields a finding about a councillor (R (Harvey) v Ledbury TC); measures are carried out, never added (E6).

The machine is walked exhaustively: every step from every state on both sides, by the same pure rules the pages ask, and
then in the database with every step tried in every state that can be reached.
"""

from __future__ import annotations

from collections import deque
from datetime import date
from itertools import product
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.http import Http404

from concerns.enums import Action
from concerns.models import Concern, Event
from councils.errors import Refusal
from councils.models import Person
from referrals.domain import chasing, course
from referrals.enums import Ground, MeasureKind, Outcome, ReferralEvent, Side, State, Step
from referrals.models import Entry, Measure, Referral, allowed_pairs
from referrals.models.referral import Referral as Row
from tests.concerns.casework import fresh
from tests.factories.concerns import NOW, by, do
from tests.factories.councils import Town
from tests.factories.referrals import LETTER, answered, asked_local, latest, sealed, sent, take
from tests.referrals.test_sealing import past_the_trigger

FACTS = [
    course.Facts(state, side, jurisdiction, desk, sealed_, consulted, waits, finding)
    for state, side, jurisdiction, desk, sealed_, consulted, waits, finding in product(
        State, Side, ("England", "Wales"), *[(False, True)] * 5
    )
]


def test_only_one_step_carries_a_finding_and_the_council_takes_it_only_from_a_letter() -> None:
    findings = {Outcome.BREACH, Outcome.NO_BREACH, Outcome.PSOW_NO_EVIDENCE}
    for facts in FACTS:
        possible = set(course.outcomes(facts.jurisdiction, facts.state)) & findings
        if facts.state != State.UNDER_INVESTIGATION:
            assert not possible
        open_ = not course.refusal(Step.RECORD_FINDING, facts)
        if facts.side == Side.COUNCIL and facts.has_desk:
            assert not open_  # the officer writes it, nobody for them
        assert not (open_ and facts.state not in (State.ASSESSING, State.UNDER_INVESTIGATION))
    assert Step.RECORD_FINDING in course.COPIED


def test_every_sequence_of_steps_passes_the_office_before_an_outcome() -> None:
    """Breadth first over the machine: no way leads to an outcome but through the office's states."""
    pairs = set(allowed_pairs())
    seen, todo = {("PREPARED",)}, deque([("PREPARED",)])
    while todo:
        way = todo.popleft()
        for source, target in pairs:
            if source == way[-1] and (longer := (*way, target)) not in seen:
                seen.add(longer)
                todo.append(longer)
    reached = [way for way in seen if way[-1] == "OUTCOME_RECEIVED"]
    assert len(seen) == 11 and len(reached) == 2
    for way in reached:
        assert way[:4] == ("PREPARED", "SENT", "ACKNOWLEDGED", "ASSESSING")


def test_suspension_is_nowhere_offered_and_refused_in_words() -> None:
    assert not any("suspen" in kind.value for kind in MeasureKind)
    for words in ("Suspend them", "A suspension of six weeks", "stop their allowances", "Remove all allowances", "withholding the allowance"):
        assert course.suspends(words), words
    for words in ("Training on respect", "An apology without suspense", "Removal from the committee"):
        assert not course.suspends(words), words
    assert course.measure_kinds("Wales") == ()


def test_in_wales_the_ombudsman_answers_and_nothing_english_is_offered() -> None:
    for state in State:
        assert all(outcome.value.startswith("psow_") for outcome in course.outcomes("Wales", state))
        assert not any(outcome.value.startswith("psow_") for outcome in course.outcomes("England", state))
    facts = course.Facts(State.ASSESSING, Side.COUNCIL, "Wales")
    assert course.refusal(Step.ASK_LOCAL, facts) == "not_weighed"
    for serious, repeated, code in ((True, False, "serious"), (False, True, "repeated"), (False, False, ""), (False, None, "not_weighed")):
        assert course.refusal(Step.ASK_LOCAL, course.Facts(State.ASSESSING, Side.COUNCIL, "Wales", serious=serious, repeated=repeated)) == code
    assert course.refusal(Step.WEIGH, facts) == ""
    assert course.refusal(Step.WEIGH, course.Facts(State.ASSESSING, Side.COUNCIL, "England")) == "only_wales"
    assert course.refusal(Step.CONSULT, facts) == "no_independent_person"
    assert not course.consult_first(Outcome.PSOW_NO_EVIDENCE, course.Facts(State.UNDER_INVESTIGATION, Side.COUNCIL, "Wales"))
    assert course.refusal(Step.ASK_LOCAL, course.Facts(State.ASSESSING, Side.COUNCIL, "Wales", clerks_own=True)) == "clerks_own"
    assert course.refusal(Step.ASK_LOCAL, course.Facts(State.ASSESSING, Side.COUNCIL, "Wales", in_public=True)) == "in_public"
    assert course.refusal(Step.ASK_LOCAL, course.Facts(State.ASSESSING, Side.COUNCIL, "England", in_public=True)) == ""


def answers(step: Step, referral: Referral) -> dict[str, Any]:
    """Good answers to every step."""
    return {
        Step.SEAL: {"papers": ["steps"], "identity_warned": True, "confidentiality_asked": False, "subject_told": "told"},
        Step.SEND: {"way": "post", "sent_on": NOW.date()},
        Step.ACKNOWLEDGE: LETTER, Step.START_ASSESSING: LETTER,
        Step.CONSULT: {"who": "Ivy Pendant", "consulted_on": NOW.date(), "words": "View"},
        Step.WEIGH: {"serious": False, "repeated": False},
        Step.ASK_LOCAL: {"grounds": [Ground.LOCAL_BETTER], "words": "Talk", **LETTER},
        Step.INVESTIGATE: {"grounds": [Ground.SERIOUS], **LETTER},
        Step.RECORD_FINDING: {"outcome": Outcome.BREACH, "words": "x", **LETTER},
        Step.CARRY_OUT: {"measure_id": referral.pk, "carried_out_on": NOW.date(), "reference": "Minute 1"},
        Step.READDRESS: {"addressed_to": Person.objects.get(email="helena.marsh@authority.example")},
    }.get(step, {})  # fmt: skip


def test_every_step_in_every_state_of_the_database(weston: Town, concern: Concern) -> None:
    """From each state that can be reached, each step by whoever follows it: none but the letter's outcome makes a finding."""
    clerk = weston["clerk"]
    referral = latest(concern, clerk)
    before = {State.PREPARED: referral}
    tried = 0
    chain = [
        (State.PREPARED, lambda: None), (State.PREPARED, lambda: sealed(concern, clerk)), (State.SENT, lambda: sent(concern, clerk)),
        (State.ACKNOWLEDGED, lambda: take(Step.ACKNOWLEDGE, referral, clerk, **LETTER)),
        (State.ASSESSING, lambda: take(Step.START_ASSESSING, referral, clerk, **LETTER)),
        (State.UNDER_INVESTIGATION, lambda: take(Step.INVESTIGATE, referral, clerk, grounds=[Ground.SERIOUS], **LETTER)),
    ]  # fmt: skip
    for state, move in chain:
        move()
        assert latest(concern, clerk).state == state
        for step in Step:
            with by(clerk):
                try:
                    with transaction.atomic():
                        take(step, referral, clerk, **answers(step, referral))
                        row = Referral.objects.filter(concern=concern).latest("number")
                        assert row.outcome == ""  # a breach needs the Independent Person's view; nothing else makes one
                        transaction.set_rollback(True)
                except (Refusal, Http404):
                    pass
                tried += 1
    assert (tried, before) == (len(chain) * len(Step), {State.PREPARED: referral})


def test_no_outcome_of_the_casework_is_recorded_while_the_office_has_it(weston: Town, concern: Concern) -> None:
    from concerns.actions.formal import outcomes_for

    clerk = weston["clerk"]
    sent(concern, clerk)
    with by(clerk):
        codes = outcomes_for(concern, on=NOW.date())
    for code in (*codes, "mo_breach_found", "upheld_management_action", "psow_no_evidence"):
        with pytest.raises(Refusal):
            do(Action.RECORD_OUTCOME, concern, clerk, outcome=code, reference="Minute 1")
    assert fresh(concern).state == "CODE_REFERRAL"


def test_the_council_adds_no_measure_by_any_door(weston: Town, concern: Concern) -> None:
    clerk = weston["clerk"]
    referral = answered(concern, clerk, outcome=Outcome.BREACH, measures=[("training", "A day")])
    with by(clerk), pytest.raises(DatabaseError), transaction.atomic():
        Measure.objects.create(
            concern=concern, referral=referral, number=2, kind="censure", words="More", recommended_by=clerk, recommended_at=NOW
        )
    for change in ({"kind": "censure"}, {"number": 9}, {"words": "More"}):
        with by(clerk), pytest.raises(DatabaseError), transaction.atomic():
            Measure.objects.filter(referral=referral).update(**change)
    with by(clerk), pytest.raises(DatabaseError), transaction.atomic():
        Measure.objects.filter(referral=referral).delete()
    with by(clerk):
        measure = Measure.objects.get(referral=referral)
    with pytest.raises(Http404):
        take(Step.CARRY_OUT, referral, clerk, measure_id=referral.pk, carried_out_on=NOW.date(), reference="x")
    done = take(Step.CARRY_OUT, referral, clerk, measure_id=measure.pk, carried_out_on=NOW.date(), reference="Minute 3")
    assert (done.carried_out_on, done.carried_out_ref) == (NOW.date(), "Minute 3")


def test_a_finding_is_never_written_over(weston: Town, concern: Concern) -> None:
    clerk = weston["clerk"]
    referral = answered(concern, clerk, outcome=Outcome.NO_BREACH)
    with pytest.raises(Refusal):
        take(Step.RECORD_FINDING, referral, clerk, outcome=Outcome.BREACH, words="x", **LETTER)
    with by(clerk), pytest.raises(DatabaseError), transaction.atomic():
        Row.objects.filter(pk=referral.pk).update(outcome="breach")


def test_each_entry_says_that_it_was_copied_from_a_letter(weston: Town, concern: Concern) -> None:
    referral = asked_local(concern, weston["clerk"])
    with by(weston["clerk"]):
        rows = Entry.objects.filter(referral=referral)
        assert {(row.copied, row.letter) for row in rows} == {(True, "Letter of the office")}
        assert {row.kind for row in rows} == {ReferralEvent.ACKNOWLEDGED, ReferralEvent.ASSESSING, ReferralEvent.LOCAL_ASKED}


def test_wales_goes_to_the_ombudsman_by_letter(weston: Town, as_owner: Any) -> None:
    """W1: the destination is the Ombudsman; the letter's outcome is recorded as it is, and no English decision is offered."""
    from councils.models import ExternalBody
    from tests.factories.referrals import referred

    ExternalBody.objects.create(
        council=weston.council, code="ombudsman_wales", name="Public Services Ombudsman for Wales", starts_on=date(2006, 4, 1)
    )
    clerk = weston["clerk"]
    concern = referred(weston, weston["officer1"], weston["councillor2"], clerk)
    referral = latest(concern, clerk)
    assert referral.jurisdiction == "England"  # the protocol says so; what follows is the same row in Wales
    with past_the_trigger(as_owner, "referrals_referral", "guard_referral"):
        Referral.objects.filter(pk=referral.pk).update(jurisdiction="Wales")
    found = answered(concern, clerk, outcome=Outcome.PSOW_TO_COMMITTEE, wales=True)
    assert found.outcome == "psow_to_committee"
    assert take(Step.TAKE_OVER, found, clerk).outcome == "psow_to_committee"


def test_in_wales_a_local_settlement_waits_for_what_kind_of_matter_it_is(weston: Town, as_owner: Any) -> None:
    from councils.models import ExternalBody
    from referrals.views import _shown
    from tests.factories.referrals import assessing, referred

    ExternalBody.objects.create(
        council=weston.council, code="ombudsman_wales", name="Public Services Ombudsman for Wales", starts_on=date(2006, 4, 1)
    )
    clerk = weston["clerk"]
    concern = referred(weston, weston["officer1"], weston["councillor2"], clerk)
    with past_the_trigger(as_owner, "referrals_referral", "guard_referral"):
        Referral.objects.filter(pk=latest(concern, clerk).pk).update(jurisdiction="Wales")
    referral = assessing(concern, clerk)
    local = {"grounds": [Ground.LOCAL_BETTER], "words": "Talk", **LETTER}
    with pytest.raises(Refusal, match="Say first whether the matter is serious or repeated"):
        take(Step.ASK_LOCAL, referral, clerk, **local)
    with pytest.raises(Refusal, match="Say whether it is serious"):
        take(Step.WEIGH, referral, clerk, serious=None, repeated=False)
    take(Step.WEIGH, referral, clerk, serious=True, repeated=False, words="A threat")
    with pytest.raises(Refusal, match="isn't for a serious matter"):
        take(Step.ASK_LOCAL, referral, clerk, **local)
    with by(clerk):
        shown = {row["key"]: row["value"] for row in _shown.about(latest(concern, clerk), today=NOW.date())}
        assert shown["Low-level matter (W3)"] == "Serious, not raised before. A local settlement is closed."
        event = Event.objects.get(concern_id=concern.pk, type="referral_weighed")
        assert (event.facts["serious"], event.facts["repeated"], event.reason) == ("yes", "no", "A threat")
    take(Step.WEIGH, referral, clerk, serious=False, repeated=False)
    assert take(Step.ASK_LOCAL, referral, clerk, **local).state == State.SENT_BACK


@pytest.mark.parametrize(
    ("state", "jurisdiction", "expected"),
    [
        (State.SENT, "England", date(2026, 1, 26)),
        (State.ACKNOWLEDGED, "England", date(2026, 3, 2)),
        (State.ASSESSING, "England", date(2026, 3, 2)),
        (State.SENT, "Wales", date(2026, 2, 19)),
        (State.PREPARED, "England", None),
        (State.CLOSED, "England", None),
        (State.UNDER_INVESTIGATION, "England", None),
    ],
)
def test_when_to_ask_the_office(state: State, jurisdiction: str, expected: date | None) -> None:
    found = chasing.chase(state, jurisdiction, sent_on=date(2026, 1, 15), acknowledged_on=date(2026, 1, 19))
    assert (found.on if found else None) == expected


@pytest.mark.parametrize(
    ("happened", "received", "old"),
    [
        (date(2025, 1, 15), date(2026, 1, 15), False), (date(2025, 1, 14), date(2026, 1, 15), True), (None, date(2026, 1, 15), False),
        (date(2024, 2, 29), date(2025, 2, 28), False), (date(2024, 2, 29), date(2025, 3, 1), True),
    ],
)  # fmt: skip
def test_twelve_months(happened: date | None, received: date, old: bool) -> None:
    assert course.too_old(happened, received) is old


def test_assessing_needs_an_acknowledgement_first(weston: Town, concern: Concern) -> None:
    referral = sent(concern, weston["clerk"])
    with pytest.raises(Refusal, match="isn't open where the referral stands"):
        take(Step.START_ASSESSING, referral, weston["clerk"], **LETTER)

