"""Several at once, on real connections: each date is opened, moved and met once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
import time_machine

from clocks.actions import targets
from clocks.models import Obligation, Unsettled
from clocks.tasks import look_at_all, settle_marked
from concerns.enums import Action
from concerns.models import Event, Participation
from councils.models import Council
from councils.rls import system_work
from tests.factories.concerns import NOW, do, lodge
from tests.factories.councils import Town, town
from tests.faults.test_faults_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def weston() -> Town:
    return town("weston")


def test_target_changed_while_people_act_moves_each_date_once(weston: Town) -> None:
    concerns = [
        lodge(weston, weston["councillor3"], weston[name], chosen_token="role:chair_of_council") for name in ("officer1", "officer2", "officer3")
    ]
    do(Action.ACCEPT, concerns[0], weston["chair"])
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        targets.set_target(council=weston.council, code="acknowledge_concern", days=6, by=None, now=NOW)
        told = at_once(settle_marked, settle_marked, look_at_all, lambda: do(Action.ACCEPT, concerns[1], weston["chair"]))
        settle_marked()
        settle_marked()
    assert told == ["ok"] * 4
    with system_work():
        assert Council.objects.get(pk=weston.council.pk).targets == {"acknowledge_concern": 6}
        assert not Unsettled.objects.exists()
        rows = Obligation.objects.filter(met_at=None, ended_at=None)
        assert Counter(rows.values_list("concern_id", "kind")) == {
            (concerns[0].pk, "informal_review"): 1, (concerns[1].pk, "informal_review"): 1, (concerns[2].pk, "acknowledge"): 1,
        }  # fmt: skip
        waiting = rows.get(kind="acknowledge")
        assert (waiting.due_on.isoformat(), len(waiting.moves)) == ("2026-01-23", 1)
        assert Event.objects.filter(concern_id=concerns[2].pk, type="clock_moved").count() == 1


def test_two_people_taking_it_up_at_once_leave_one_date(weston: Town) -> None:
    concern = lodge(weston, weston["clerk"], weston["councillor3"])
    handlers = [person for person in weston.people.values() if person.pk in _recipients(concern)][:2]
    at_once(*[(lambda person=person: do(Action.ACCEPT, concern, person)) for person in handlers])
    with system_work():
        kinds = list(Obligation.objects.filter(concern=concern, met_at=None, ended_at=None).values_list("kind", flat=True))
    assert kinds == ["informal_review"]


def _recipients(concern: object) -> set[object]:
    with system_work():
        return set(Participation.objects.filter(concern=concern, capacity="recipient", until=None).values_list("person_id", flat=True))
