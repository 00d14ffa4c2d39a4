"""A tie that comes to light after a panel decided is considered by a person; opened again, others look at it (A-11)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine

from concerns import policy
from concerns.enums import Action, Capacity, State
from concerns.models import Participation
from councils.actions import disclose_relationship
from councils.rls import system_work
from grievances.actions.flags import consider_flag
from grievances.enums import GrievanceState as S
from grievances.enums import Step
from grievances.models import TieFlag
from grievances.tasks import flag_ties
from tests.concerns.casework import fresh, on_it
from tests.factories.concerns import NOW, by, do, lodge
from tests.grievances.course import decided, heard, of, seated, started, take

COUNCILS = ("ilminster",)
LATER = datetime(2026, 2, 25, 12, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def test_a_case_opened_again_goes_to_members_who_were_not_involved(ilminster) -> None:
    concern = started(ilminster)
    seated(ilminster, concern, "councillor3", "chair", reason="two")
    take(Step.LIST_ALLEGATIONS, concern, ilminster["chair"], points=["Too much work"])
    heard(ilminster, concern)
    decided(ilminster, concern, "councillor3", "chair")
    take(Step.CLOSE, concern, ilminster["clerk"], now=LATER, reference="HR 4/26")
    assert fresh(concern).state == State.OUTCOME_RECORDED
    disclose_relationship(
        council=ilminster.council, person_a=ilminster["councillor3"], person_b=ilminster["officer1"], kind="family",
        starts_on=date(2025, 1, 1), by=ilminster["councillor3"], now=LATER,
    )  # fmt: skip
    with time_machine.travel(LATER, tick=False):
        flag_ties()
    clerk = ilminster["clerk"]
    with by(clerk):
        flag = TieFlag.objects.get()
        assert (flag.concern_id, flag.person, flag.told) == (concern.pk, ilminster["councillor3"], clerk)
    assert fresh(concern).state == State.OUTCOME_RECORDED  # nothing is reversed by itself
    with by(clerk):
        consider_flag(flag_id=flag.pk, by=clerk, now=LATER, choice="appeal", reason="Others should hear it")
    assert fresh(concern).state == State.GRIEVANCE
    asked = {name for name, held in on_it(ilminster, concern).items() if "candidate" in held}
    assert asked == {"councillor5", "councillor2"}  # neither who sat, nor whose tie was known; the substitute comes in
    assert of(concern, clerk, today=LATER.date()).grievance.state == S.PANEL_FORMING


def test_a_redirected_case_somebody_had_keeps_no_tie_from_being_found_in_another(ilminster) -> None:
    concern = started(ilminster)
    seated(ilminster, concern, "councillor3", "chair", reason="two")
    take(Step.LIST_ALLEGATIONS, concern, ilminster["chair"], points=["Too much work"])
    heard(ilminster, concern)
    decided(ilminster, concern, "councillor3", "chair")
    take(Step.CLOSE, concern, ilminster["clerk"], now=LATER, reference="HR 4/26")
    gone = lodge(ilminster, ilminster["officer1"], ilminster["councillor4"])
    with system_work():
        policy.grant(gone, ilminster["councillor3"], Capacity.HANDLER, reason="accepted", by=None, now=NOW)
        receiver = Participation.objects.filter(concern=gone, capacity=Capacity.RECIPIENT).select_related("person").first().person
    do(Action.REDIRECT, gone, receiver, reason_code="police")
    disclose_relationship(
        council=ilminster.council, person_a=ilminster["councillor3"], person_b=ilminster["officer1"], kind="family",
        starts_on=date(2025, 1, 1), by=ilminster["councillor3"], now=LATER,
    )  # fmt: skip
    with time_machine.travel(LATER, tick=False):
        flag_ties()
    with by(ilminster["clerk"]):
        assert [flag.concern_id for flag in TieFlag.objects.all()] == [concern.pk]
