"""Two at once, on real connections: one wins, the other is told, and nothing is half done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from concerns.models import Concern
from councils.models import Person
from councils.rls import as_person
from referrals import queries
from referrals.actions import ACTIONS
from referrals.enums import Ground, ReferralEvent, State, Step
from referrals.models import Entry, Referral, ReferralAccess
from tests.factories.concerns import NOW
from tests.factories.councils import Town, town
from tests.factories.referrals import latest, referred, sealed, sent, take
from tests.faults.test_faults_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def weston() -> Town:
    return town("weston")


@pytest.fixture
def concern(weston: Town) -> Concern:
    return referred(weston, weston["officer1"], weston["councillor2"], weston["clerk"])


def doing(step: Step, referral: Referral, person: Person, **answers: Any) -> Callable[[], Any]:
    def call() -> Any:
        with as_person(person):
            return ACTIONS[step](referral_id=referral.pk, by=person, now=NOW, **answers)

    return call


def test_acknowledged_twice_at_once_is_acknowledged_once(weston: Town, concern: Concern) -> None:
    mo = Person.objects.get(email="helena.marsh@authority.example")
    referral = sent(concern, weston["clerk"], to=mo)
    told = at_once(*[doing(Step.ACKNOWLEDGE, referral, mo) for _tab in range(4)])
    assert sorted(told) == ["Refusal", "Refusal", "Refusal", "ok"]
    with as_person(weston["clerk"]):
        assert Entry.objects.filter(referral=referral, kind=ReferralEvent.ACKNOWLEDGED).count() == 1


def test_sent_twice_at_once_is_sent_once_to_one_desk(weston: Town, concern: Concern) -> None:
    mo = Person.objects.get(email="helena.marsh@authority.example")
    referral = sealed(concern, weston["clerk"], addressed_to=mo)
    assert sorted(at_once(*[doing(Step.SEND, referral, weston["clerk"]) for _tab in range(3)])) == ["Refusal", "Refusal", "ok"]
    with as_person(weston["clerk"]):
        assert ReferralAccess.objects.filter(referral=referral).count() == 1
        assert queries.latest(concern).state == State.SENT  # type: ignore[union-attr]


def test_sent_back_and_taken_to_investigation_at_once_has_one_answer(weston: Town, concern: Concern) -> None:
    mo = Person.objects.get(email="helena.marsh@authority.example")
    referral = sent(concern, weston["clerk"], to=mo)
    take(Step.ACKNOWLEDGE, referral, mo)
    take(Step.START_ASSESSING, referral, mo)
    told = at_once(
        doing(Step.ASK_LOCAL, referral, mo, grounds=[Ground.LOCAL_BETTER], words="Talk"),
        doing(Step.INVESTIGATE, referral, mo, grounds=[Ground.SERIOUS]),
    )
    assert sorted(told) == ["Refusal", "ok"]
    assert latest(concern, weston["clerk"]).state in (State.SENT_BACK, State.UNDER_INVESTIGATION)


def test_taken_back_twice_at_once_moves_the_concern_once(weston: Town, concern: Concern) -> None:
    from tests.concerns.casework import types
    from tests.factories.referrals import asked_local

    referral = asked_local(concern, weston["clerk"])
    told = at_once(*[doing(Step.TAKE_BACK, referral, weston["clerk"]) for _tab in range(2)])
    assert sorted(told) == ["Refusal", "ok"]
    assert types(concern, weston["clerk"]).count("sent_back") == 1
