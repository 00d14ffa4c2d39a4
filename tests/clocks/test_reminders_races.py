"""Three clocks at once, on real connections: each reminder is given once, silence goes on once, nobody waits for anybody."""

from __future__ import annotations

from collections import Counter

import pytest
import time_machine
from django.db import connection, transaction

from clocks import reminders
from clocks.models import Obligation, Preference, Reminder
from clocks.tasks import tick
from concerns.enums import NoticeKind
from concerns.models import Event, Notice
from councils.rls import as_person, system_work
from tests.clocks.ticking import at, tick_at
from tests.factories.concerns import lodge
from tests.factories.councils import Town, town
from tests.faults.test_faults_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
RAISERS = ("officer1", "officer2", "officer3")


@pytest.fixture
def weston() -> Town:
    return town("weston")


def test_three_clocks_at_once_give_each_reminder_once(weston: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    concerns = [lodge(weston, weston[RAISERS[n % 3]], weston[f"councillor{1 + n % 7}"]) for n in range(9)]
    with as_person(weston["manager"]):
        Preference.objects.create(person=weston["manager"], digest=True)
    monkeypatch.setattr(reminders.tick, "__kwdefaults__", {"limit": 2})  # small batches: they meet in the middle
    with time_machine.travel(at(1, 20), tick=False):
        assert at_once(tick, tick, tick) == ["ok", "ok", "ok"]
    with system_work():
        given = Counter(Notice.objects.filter(kind=NoticeKind.REMINDER).values_list("person_id", "concern_id"))
        assert Reminder.objects.count() == len(concerns)
    clerk, manager = weston["clerk"].pk, weston["manager"].pk
    assert {concern: count for (person, concern), count in given.items() if person == clerk} == {one.pk: 1 for one in concerns}
    assert {concern: count for (person, concern), count in given.items() if person == manager} == {None: 1}


def test_three_clocks_at_once_let_silence_go_on_once(weston: Town) -> None:
    concern = lodge(weston, weston["clerk"], weston["councillor3"])
    with time_machine.travel(at(1, 23), tick=False):
        assert at_once(tick, tick, tick) == ["ok", "ok", "ok"]
    with system_work():
        assert Event.objects.filter(concern_id=concern.pk, type="clock_escalated").count() == 1
        assert Notice.objects.filter(concern=concern, person=weston["vice"], kind=NoticeKind.RECEIVED).count() == 1


def test_a_concern_somebody_acts_on_is_looked_at_again_and_nobody_waits(weston: Town) -> None:
    concern = lodge(weston, weston["clerk"], weston["councillor3"])

    def meanwhile() -> None:
        tick_at(at(1, 23))

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE portal_system")
        cursor.execute("SELECT 1 FROM concerns_concern WHERE id = %s FOR NO KEY UPDATE", [concern.pk])
        assert at_once(meanwhile) == ["ok"]
    with system_work():
        assert not Event.objects.filter(concern_id=concern.pk, type="clock_escalated").exists()
        assert Obligation.objects.get(concern=concern).next_reminder_at == at(1, 23, 8, 2)
    tick_at(at(1, 23, 8, 2))
    with system_work():
        assert Event.objects.filter(concern_id=concern.pk, type="clock_escalated").count() == 1
