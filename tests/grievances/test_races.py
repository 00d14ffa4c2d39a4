"""Two people at once, on real connections: one wins, the other is told, and nothing is half done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import Any

import pytest

from concerns.models import Concern, Event
from councils.models import Person
from councils.rls import as_person, system_work
from grievances.actions.ground import verb
from grievances.enums import Step
from grievances.models import Decision, Grievance, PanelSeat
from tests.factories.concerns import NOW
from tests.factories.councils import Town, town
from tests.faults.test_faults_races import at_once
from tests.grievances.course import AFTER, HEARING, pk_of, started, take
from tests.grievances.course import told as tell_subject

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ilminster() -> Town:
    return town("ilminster")


def taking(step: Step, concern: Concern, person: Person, *, now: Any = NOW, **answers: Any) -> Callable[[], Any]:
    """That step, as its person, in a transaction of its own."""
    pk = pk_of(concern)

    def call() -> Any:
        with as_person(person):
            return verb.actions[step](grievance_id=pk, by=person, now=now, **answers)

    return call


def trail(concern: Concern) -> list[str]:
    with system_work():
        return [kind for kind in Event.objects.filter(concern_id=concern.pk).values_list("type", flat=True) if kind.startswith("grievance_")]


def test_declared_twice_in_two_tabs_counts_once(ilminster: Town) -> None:
    concern = started(ilminster)
    member = ilminster["councillor3"]
    yes, no = taking(Step.DECLARE, concern, member, free=True), taking(Step.DECLARE, concern, member, free=False)
    told = at_once(yes, no)
    assert sorted(told)[-1] == "ok" and told.count("ok") == 1
    with system_work():
        (seat,) = PanelSeat.objects.filter(person=member)
    assert seat.status == ("free" if told[0] == "ok" else "connected")
    assert trail(concern).count("grievance_declared") == 1


def test_two_who_seat_the_panel_at_once_seat_it_once(ilminster: Town) -> None:
    concern = started(ilminster)
    for name in ("councillor3", "councillor5", "chair"):
        take(Step.DECLARE, concern, ilminster[name], free=True)
    with system_work():
        revision = Grievance.objects.get(concern=concern).revision
    one = taking(Step.SEAT_PANEL, concern, ilminster["clerk"], people=[ilminster["councillor3"], ilminster["chair"]], reason="x", revision=revision)
    other = taking(Step.SEAT_PANEL, concern, ilminster["clerk"], people=[ilminster["councillor5"], ilminster["chair"]], reason="x", revision=revision)
    told = at_once(one, other)
    assert sorted(told) == ["Refusal", "ok"]
    wanted = {"councillor3", "chair"} if told[0] == "ok" else {"councillor5", "chair"}
    with system_work():
        seated = set(PanelSeat.objects.filter(status="seated").values_list("person_id", flat=True))
    assert seated == {ilminster[name].pk for name in wanted}


def test_released_twice_at_once_goes_out_once(ilminster: Town) -> None:
    concern = started(ilminster)
    for name in ("councillor3", "councillor5", "chair"):
        take(Step.DECLARE, concern, ilminster[name], free=True)
    take(Step.SEAT_PANEL, concern, ilminster["clerk"], people=[ilminster[n] for n in ("councillor3", "councillor5", "chair")])
    take(Step.CHOOSE_CHAIR, concern, ilminster["chair"], person=ilminster["councillor3"])
    take(Step.LIST_ALLEGATIONS, concern, ilminster["chair"], points=["Too much work"])
    tell_subject(concern, ilminster["chair"])
    take(Step.SET_HEARING, concern, ilminster["clerk"], held_on=HEARING, at=time(10), place="Room")
    with as_person(ilminster["chair"]):
        from grievances.models import Allegation

        found = dict.fromkeys(Allegation.objects.values_list("pk", flat=True), "upheld")
    take(
        Step.DRAFT_DECISION, concern, ilminster["chair"], now=AFTER, outcome="grievance_upheld", reasons="Because", findings=found
    )
    mine = taking(Step.RELEASE_DECISION, concern, ilminster["chair"], now=AFTER)  # who drafted it
    told = at_once(
        taking(Step.RELEASE_DECISION, concern, ilminster["councillor3"], now=AFTER),
        taking(Step.RELEASE_DECISION, concern, ilminster["councillor5"], now=AFTER), mine,
    )  # fmt: skip
    assert told.count("ok") == 1 and told[2] != "ok"
    with system_work():
        made = Decision.objects.get(concern=concern)
    assert made.released_by_id != made.drafted_by_id == ilminster["chair"].pk
    assert trail(concern).count("grievance_decision_released") == 1
