"""A grievance from its start to the end of an appeal, through the actions and both walls."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from concerns import policy
from concerns.enums import Action, State
from councils.errors import Refusal
from grievances.actions.support import give_support
from grievances.enums import GrievanceState as S
from grievances.enums import SeatStatus, Step
from grievances.models import Allegation, Decision, Finding
from tests.concerns.casework import fresh, on_it, open_to, types
from tests.factories.concerns import CANARY, NOW, by, do, lodge, sees
from tests.grievances.course import AFTER, HEARING, about_councillor, decided, heard, of, seated, started, take

COUNCILS = ("ilminster", "weston")
pytestmark = pytest.mark.django_db


def reads(person, concern) -> bool:
    with by(person):
        return policy.visible_to(person, permission=policy.READ).filter(pk=concern.pk).exists()


def test_grievance_runs_to_decision_and_appeal(ilminster) -> None:
    concern = started(ilminster)
    assert fresh(concern).state == State.GRIEVANCE
    assert on_it(ilminster, concern) == {
        "officer1": {"raiser"}, "clerk": {"convener"}, "chair": {"candidate"}, "councillor3": {"candidate"}, "councillor5": {"candidate"},
    }  # fmt: skip
    assert not any(reads(ilminster[name], concern) for name in ("clerk", "chair", "councillor3", "councillor4"))
    take(Step.DECLARE, concern, ilminster["councillor5"], free=False)  # the second of five; councillor4's tie was known
    take(Step.FORM_PANEL, concern, ilminster["clerk"])  # the substitute
    seated(ilminster, concern, "councillor3", "councillor2", "chair")
    assert reads(ilminster["councillor2"], concern) and not reads(ilminster["clerk"], concern)
    take(Step.LIST_ALLEGATIONS, concern, ilminster["councillor3"], points=[f"{CANARY} too much work", f"{CANARY} no cover"])
    heard(ilminster, concern)
    take(Step.NAME_COMPANION, concern, ilminster["officer1"], kind="trade_union_official", name=f"{CANARY} Union Una")
    decided(ilminster, concern, "councillor3", "chair")
    held = of(concern, ilminster["officer1"])
    assert held.grievance.state == S.DECIDED
    assert held.grievance.appeal_until.isoformat() == "2026-02-02"
    with by(ilminster["officer1"]):
        assert Decision.objects.get(concern=concern).reasons == f"{CANARY} reasons"
        assert Finding.objects.filter(concern=concern).count() == 2
    for name in ("councillor2", "councillor3", "councillor5", "chair"):
        assert not sees(ilminster[name], concern)
    take(Step.APPEAL, concern, ilminster["officer1"], now=AFTER, grounds=f"{CANARY} nobody asked me")
    assert {name for name, held in on_it(ilminster, concern).items() if "candidate" in held} == {"councillor6", "councillor7", "councillor8"}
    seated(ilminster, concern, "councillor6", "councillor7", "councillor8", now=AFTER)
    later = datetime(2026, 2, 9, 12, 0, tzinfo=UTC)
    take(Step.SET_HEARING, concern, ilminster["clerk"], now=AFTER, held_on=later.date(), at=time(9, 0), place="x")
    decided(ilminster, concern, "councillor6", "councillor7", now=later, outcome="grievance_upheld", found="upheld")
    assert of(concern, ilminster["officer1"]).grievance.state == S.APPEAL_DECIDED
    take(Step.CLOSE, concern, ilminster["clerk"], now=later, reference="HR minute 4")
    assert (fresh(concern).state, fresh(concern).outcome) == (State.OUTCOME_RECORDED, "grievance_upheld")
    assert types(concern).count("grievance_closed") == 1 and "outcome_recorded" not in types(concern)
    assert on_it(ilminster, concern) == {"officer1": {"raiser"}, "clerk": {"convener"}}


def test_declaring_a_connection_puts_out_for_good(ilminster) -> None:
    concern = started(ilminster)
    take(Step.DECLARE, concern, ilminster["councillor3"], free=False)
    assert not sees(ilminster["councillor3"], concern)
    with pytest.raises(Http404):
        take(Step.DECLARE, concern, ilminster["councillor3"], free=True)
    held = of(concern, ilminster["clerk"])
    assert held.seat_of(ilminster["councillor3"].pk).status == SeatStatus.CONNECTED
    assert held.seat_of(ilminster["councillor4"].pk).status == SeatStatus.AUTOMATIC


def test_the_panels_outcome_is_recorded_nowhere_else(weston) -> None:
    concern = about_councillor(weston)
    assert on_it(weston, concern)["clerk"] == {"handler", "convener"}
    assert not {"record_outcome", "close_no_action"} & open_to(weston["clerk"], concern)
    with pytest.raises(Refusal, match="recorded in the grievance"):
        do(Action.RECORD_OUTCOME, concern, weston["clerk"], outcome="no_case", reference="x")


def test_quorum_lost_before_the_hearing_loses_nothing(ilminster) -> None:
    concern = started(ilminster)
    seated(ilminster, concern, "councillor3", "councillor5", reason=f"{CANARY} two")
    heard(ilminster, concern)
    do(Action.DECLARE_CONFLICT, concern, ilminster["councillor3"])
    held = of(concern, ilminster["clerk"])
    assert (held.grievance.state, held.grievance.resumes) == (S.PANEL_FORMING, S.HEARING_SET)
    assert held.hearing.held_on == HEARING
    take(Step.DECLARE, concern, ilminster["chair"], free=True)
    take(Step.SEAT_PANEL, concern, ilminster["clerk"], people=[ilminster["chair"]], reason="two again")
    assert of(concern, ilminster["clerk"]).grievance.state == S.HEARING_SET


def test_withdrawing_ends_the_panels_part(ilminster) -> None:
    concern = started(ilminster)
    seated(ilminster, concern, "councillor3", "councillor5", "chair")
    do(Action.WITHDRAW, concern, ilminster["officer1"])
    held = of(concern, ilminster["officer1"])
    assert (held.grievance.state, held.grievance.ended_early) == (S.CLOSED, True)
    assert not sees(ilminster["councillor3"], concern) and not sees(ilminster["clerk"], concern)


def test_about_a_councillor_the_panel_can_only_support(weston) -> None:
    concern = about_councillor(weston)
    held = of(concern, weston["clerk"])
    assert (held.grievance.remit, held.grievance.limit) == ("support_only", "L2")
    seated(weston, concern, "councillor2", "councillor3", "councillor5")
    with pytest.raises(Refusal, match="makes no findings"):
        take(Step.LIST_ALLEGATIONS, concern, weston["councillor2"], points=["he shouted"])
    heard(weston, concern)
    for outcome in ("grievance_upheld", "not_upheld", "upheld_management_action", "no_case", "code_breach_found"):
        with pytest.raises(Refusal, match="from the list"):
            take(Step.DRAFT_DECISION, concern, weston["councillor2"], now=AFTER, outcome=outcome, reasons="x")
    decided(weston, concern, "councillor2", "councillor3", outcome="grievance_informal_only_closed")
    assert of(concern, weston["officer1"]).grievance.state == S.DECIDED


def test_postgresql_refuses_a_finding_about_a_councillor(weston, as_owner) -> None:
    concern = about_councillor(weston)
    held = of(concern, weston["clerk"])
    row = {"grievance": held.grievance, "concern": concern, "panel": "first", "drafted_by": weston["clerk"], "drafted_at": NOW}
    with as_owner():
        with pytest.raises(IntegrityError, match="allows no finding"), transaction.atomic():
            Decision.objects.create(outcome="upheld_management_action", **row)
        made = Decision.objects.create(outcome="support_only_closed", **row)
        point = Allegation.objects.create(grievance=held.grievance, concern=concern, number=1, text="x")
        with pytest.raises(IntegrityError, match="allows no finding"), transaction.atomic():
            Finding.objects.create(decision=made, allegation=point, grievance=held.grievance, concern=concern, code="not_upheld")


def test_support_stays_open_after_a_formal_code_complaint(ilminster) -> None:
    concern = lodge(ilminster, ilminster["officer1"], ilminster["councillor6"])
    do(Action.FORMAL_CODE_COMPLAINT, concern, ilminster["officer1"], declared=True, code_paragraph="3", official_capacity=True)
    assert fresh(concern).internal_routes_locked
    assert "start_grievance" not in open_to(ilminster["officer1"], concern)
    with by(ilminster["officer1"]):
        made = give_support(concern_id=concern.pk, by=ilminster["officer1"], now=NOW, kind="working_arrangements", text=f"{CANARY} rota")
    assert made.asked and "grievance_support" in types(concern)
