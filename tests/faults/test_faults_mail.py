"""Mail that can't be sent for a long time, and mail that never can: nothing is dropped, and people see it in the portal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from concerns import outbox, tasks
from concerns.enums import Action
from concerns.models import Notice
from councils.rls import system_work
from protocol_portal.embedded import free_port
from tests.concerns.screens import client_of
from tests.factories.concerns import do, lodge
from tests.factories.councils import Town, town
from tests.faults.table import told

pytestmark = pytest.mark.django_db


@pytest.fixture
def weston() -> Town:
    return town("weston")


def notices(**wanted: Any) -> list[Notice]:
    with system_work():
        return list(Notice.objects.filter(**wanted))


def tick_for(length: timedelta, every: timedelta) -> None:
    """Ticks over that length of time, from now on."""
    begun = timezone.now()
    for turn in range(1, length // every + 1):
        with time_machine.travel(begun + turn * every):
            tasks.deliver_notices()


def test_mail_server_down_for_two_days_drops_nothing(weston: Town, smtp_sink: Any, settings: Any) -> None:
    made = [lodge(weston, weston["officer1"], weston["councillor3"], now=timezone.now()) for _concern in range(5)]
    wanted = {str(notice.pk) for notice in notices()}
    there, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    tick_for(timedelta(hours=48), timedelta(hours=1))
    waiting = notices(sent_at=None)
    assert {str(notice.pk) for notice in waiting} == wanted and len(wanted) == 2 * len(made)
    assert {notice.failed_at for notice in waiting} == {None}
    assert {notice.last_error.split()[0] for notice in waiting} == {"ConnectionRefusedError"}
    settings.EMAIL_PORT = there
    with time_machine.travel(timezone.now() + timedelta(hours=48) + outbox.LONGEST_RETRY):
        tasks.deliver_notices()
    came = [message["Message-ID"][1:37] for message in smtp_sink.messages]
    told("smtp_down_48_hours", runs=len(wanted), lost=len(wanted - set(came)), duplicated=len(came) - len(wanted))
    assert notices(sent_at=None) == []


def test_mail_server_down_for_a_week_is_told_to_whoever_deals_with_it(weston: Town, settings: Any) -> None:
    """After four days the notice rests where people see it, and stays there until somebody deals with it."""
    concern = lodge(weston, weston["officer1"], weston["councillor3"], now=timezone.now())
    do(Action.ACCEPT, concern, weston["clerk"], now=timezone.now())
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    tick_for(timedelta(days=5), timedelta(hours=3))
    assert {bool(notice.failed_at) for notice in notices()} == {True}
    tries = {notice.attempts for notice in notices()}
    tick_for(timedelta(days=7), timedelta(days=1))
    assert {notice.attempts for notice in notices()} == tries
    clerk = client_of(weston["clerk"])
    assert "A message that could not be delivered" in clerk.get("/").content.decode()
    rows = clerk.get("/undelivered/").context["rows"]
    assert weston["officer1"].full_name in {row["name"] for row in rows}
    assert {str(row["why"]) for row in rows} == {"The mail server could not deliver it for four days."}
    for row in list(rows):
        clerk.post(f"/undelivered/{concern.pk}/{row['found'].person_id}/", {"answer": "again"})
    assert len(notices(failed_at=None)) == len(rows) and clerk.get("/undelivered/").context["rows"] == []
