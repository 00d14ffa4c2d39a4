"""Two at once, on real connections: one wins, the other is told why, and the record shows one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection

from councils import actions
from councils.errors import Refusal
from councils.models import Appointment, CouncilEvent, ProtocolVersion
from tests.factories.councils import NOW, TODAY, CouncilFactory, PersonFactory, ProtocolVersionFactory, protocol_file

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], object]) -> list[str]:
    """Runs the calls at the same moment, each on its own connection; returns "done" or the refusal, sorted."""
    barrier, answers = threading.Barrier(len(calls)), []

    def run(call: Callable[[], object]) -> None:
        try:
            barrier.wait(10)
            call()
            answers.append("done")
        except Refusal as refusal:
            answers.append(refusal.message)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(answers, reverse=True)


def test_two_clerks_appointed_at_once_leaves_one():
    council = CouncilFactory()
    people = PersonFactory.create_batch(2)

    def appoint(person):
        return lambda: actions.appoint(council=council, person=person, role="proper_officer", starts_on=TODAY, by=None, now=NOW)

    assert at_once(*map(appoint, people)) == [
        "done",
        "Someone holds this role on some of these days, and it has one holder. End that appointment first.",
    ]
    assert (Appointment.objects.count(), CouncilEvent.objects.count()) == (1, 1)


def test_two_versions_brought_into_force_at_once_leave_one_in_force():
    council = CouncilFactory()
    versions = [ProtocolVersionFactory(council=council, source=source) for source in ("weston", "yateley")]
    adoption = {"approving_body": "Full Council", "approved_on": date(2025, 1, 1), "minute_ref": "1"}
    for version in versions:
        actions.approve_protocol(version=version, **adoption, by=None, now=NOW)

    def bring(version):
        return lambda: actions.bring_into_force(version=version, in_force_from=date(2025, 2, 1), by=None, now=NOW)

    assert at_once(*map(bring, versions)) == ["done", "done"]
    assert sorted(ProtocolVersion.objects.values_list("status", flat=True)) == ["IN_FORCE", "SUPERSEDED"]


def test_same_file_loaded_twice_at_once_is_one_version():
    CouncilFactory(key="weston")

    def load():
        actions.load_protocol(protocol_file(), by=None, now=NOW, source_name="weston.yaml")

    assert at_once(load, load) == ["done", "done"]
    assert ProtocolVersion.objects.count() == 1
