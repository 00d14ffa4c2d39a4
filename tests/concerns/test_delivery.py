"""What could not be delivered: seen by those who deal with the concern, dealt with once, and never tried for ever."""

from __future__ import annotations

import io
import smtplib
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.utils import timezone

from concerns import outbox, policy, tasks
from concerns.enums import Action, Capacity, NoticeKind
from concerns.models import Concern, Notice
from councils.models import Person, RefusedMailbox
from councils.rls import system_work
from tests.concerns.screens import at, client_of
from tests.factories.concerns import CANARY, by, do, lodge
from tests.factories.councils import Town
from tests.matrix.rows_delivery import ROUTES

COUNCILS = ("weston",)
WHO = {"deals": "clerk", "raiser": "officer1", "stranger": "councillor1"}


@pytest.fixture
def concern(weston: Town) -> Concern:
    """The Clerk deals with it; what the raiser was told came back."""
    made = lodge(weston, weston["officer1"], weston["councillor3"])
    do(Action.ACCEPT, made, weston["clerk"])
    with system_work():
        Notice.objects.exclude(person=weston["officer1"]).update(sent_at=timezone.now())
        assert Notice.objects.filter(person=weston["officer1"]).count() == 1
    return made


@pytest.fixture
def came_back(weston: Town, concern: Concern) -> Concern:
    refuse(weston)
    return concern


def refuse(weston: Town, name: str = "officer1") -> None:
    """The raiser's mailbox refuses what waits, for good."""
    with system_work():
        for claimed in outbox.claim(now=timezone.now()):
            assert claimed.email == weston[name].email
            error = smtplib.SMTPRecipientsRefused({claimed.email: (550, b"no such box")})
            outbox.failed(claimed, error, now=timezone.now())


def notices(**wanted: Any) -> list[Notice]:
    with system_work():
        return list(Notice.objects.filter(**wanted).order_by("created_at", "id"))


def settle(concern: Concern, weston: Town, who: str, answer: str, whom: str = "officer1") -> Any:
    return client_of(weston[who]).post(f"/undelivered/{concern.pk}/{weston[whom].pk}/", {"answer": answer})


def shown(weston: Town, who: str) -> list[str]:
    answer = client_of(weston[who]).get("/undelivered/")
    assert answer.status_code == 200
    return [row["name"] for row in answer.context["rows"]]


def test_owner_sees_whom_it_did_not_reach(weston: Town, came_back: Concern) -> None:
    clerk = client_of(weston["clerk"])
    assert "A message that could not be delivered" in clerk.get("/").content.decode()
    assert shown(weston, "clerk") == [weston["officer1"].full_name]
    page = clerk.get(at("page", came_back)).content.decode()
    assert f"A message to {weston['officer1'].full_name} could not be delivered" in page and "/undelivered/" in page
    assert CANARY not in clerk.get("/undelivered/").content.decode()


def test_others_see_nothing_of_it(weston: Town, came_back: Concern) -> None:
    for who in ("councillor3", "councillor1", "admin", "officer1"):
        assert shown(weston, who) == []
        assert "could not be delivered" not in client_of(weston[who]).get("/").content.decode()


def test_who_never_was_on_it_is_not_named(weston: Town, came_back: Concern) -> None:
    with system_work():
        Notice.objects.filter(person=weston["officer1"]).update(person=weston["councillor8"])
    assert shown(weston, "clerk") == ["Somebody who was told that it waits"]


def test_sent_again_is_a_new_notice_that_goes_out(weston: Town, came_back: Concern, smtp_sink: Any) -> None:
    (before,) = notices(person=weston["officer1"])
    assert settle(came_back, weston, "clerk", "again").status_code == 302
    old, new = notices(person=weston["officer1"])
    assert (old.pk, old.settled_by_id, old.kind) == (before.pk, weston["clerk"].pk, new.kind)
    assert (new.attempts, new.sent_at, new.failed_at, new.concern_id) == (0, None, None, came_back.pk)
    assert shown(weston, "clerk") == []
    tasks.deliver_notices()
    assert [message["Message-ID"][1:37] for message in smtp_sink.messages] == [str(new.pk)]
    with system_work():
        assert not RefusedMailbox.objects.exists()  # it works again


def test_told_in_another_way_is_noted_and_nothing_is_sent(weston: Town, came_back: Concern) -> None:
    assert settle(came_back, weston, "clerk", "told").status_code == 302
    (notice,) = notices(person=weston["officer1"])
    assert (notice.settled_by_id, bool(notice.settled_at), notice.sent_at) == (weston["clerk"].pk, True, None)
    assert shown(weston, "clerk") == []


@pytest.mark.parametrize("answer", ["again", "told"])
def test_dealt_with_twice_counts_once(weston: Town, came_back: Concern, answer: str) -> None:
    settle(came_back, weston, "clerk", answer)
    before = notices()
    again = client_of(weston["clerk"]).post(f"/undelivered/{came_back.pk}/{weston['officer1'].pk}/", {"answer": "again"}, follow=True)
    assert "Somebody has dealt with this already." in again.content.decode()
    assert notices() == before


@pytest.mark.parametrize("answer", ["", "both"])
def test_no_answer_is_told_and_changes_nothing(weston: Town, came_back: Concern, answer: str) -> None:
    told = client_of(weston["clerk"]).post(f"/undelivered/{came_back.pk}/{weston['officer1'].pk}/", {"answer": answer}, follow=True)
    assert "Choose whether it is to be sent again" in told.content.decode()
    assert shown(weston, "clerk") == [weston["officer1"].full_name]


def test_addresses_answer_as_the_matrix_says(weston: Town, came_back: Concern) -> None:
    url = f"/undelivered/{came_back.pk}/{weston['officer1'].pk}/"
    for kind, wanted in ROUTES["concerns:settle"].items():
        client = Client() if kind == "visitor" else client_of(weston[WHO[kind]])
        answers = [getattr(client, method)(url).status_code for method in ("get", "head")]
        assert [*answers, client.post(url, {"answer": "told"}).status_code] == [int(code) for code in wanted.split()], kind
    client = client_of(weston["councillor1"])
    assert [client.get("/undelivered/").status_code, client.post("/undelivered/").status_code] == [200, 405]
    assert Client().get("/undelivered/")["Location"].startswith("/accounts/login/")


@pytest.fixture
def handler_unreached(weston: Town) -> Concern:
    """The Clerk deals with it, and mail to the Clerk comes back."""
    made = lodge(weston, weston["officer1"], weston["councillor3"])
    do(Action.ACCEPT, made, weston["clerk"])
    with system_work():
        policy.end(made, weston["manager"], by=None, now=timezone.now(), reason="step_done")
        outbox.put(made, NoticeKind.NEEDS_YOU, to=weston["clerk"], now=timezone.now())
        Notice.objects.exclude(person=weston["clerk"]).update(sent_at=timezone.now())
        Notice.objects.filter(person=weston["clerk"], kind=NoticeKind.RECEIVED).update(sent_at=timezone.now())
    refuse(weston, "clerk")
    return made


def test_raiser_sees_that_nobody_who_deals_with_it_was_reached(weston: Town, handler_unreached: Concern) -> None:
    raiser = client_of(weston["officer1"])
    assert "A message that could not be delivered" in raiser.get("/").content.decode()
    page = raiser.get("/undelivered/").content.decode()
    assert "We could not reach them by e-mail, nor anybody else who deals with it." in page
    assert "mailbox refused" not in page
    assert shown(weston, "officer1") == [weston["clerk"].full_name]
    for who in ("councillor3", "councillor1", "deputy", "admin"):
        assert shown(weston, who) == []
        assert "could not be delivered" not in client_of(weston[who]).get("/").content.decode()


def test_raiser_has_it_sent_again_or_tells_them(weston: Town, handler_unreached: Concern) -> None:
    assert settle(handler_unreached, weston, "officer1", "again", "clerk").status_code == 302
    _received, old, new = notices(person=weston["clerk"])
    assert (old.settled_by_id, new.sent_at, new.failed_at) == (weston["officer1"].pk, None, None)
    assert shown(weston, "officer1") == []
    refuse(weston, "clerk")
    assert settle(handler_unreached, weston, "officer1", "told", "clerk").status_code == 302
    assert shown(weston, "officer1") == []


def test_raiser_isnt_asked_while_somebody_who_deals_with_it_was_reached(weston: Town, handler_unreached: Concern) -> None:
    with system_work():
        policy.grant(handler_unreached, weston["chair"], Capacity.RECIPIENT, reason="passed_on", by=None, now=timezone.now())
    assert shown(weston, "officer1") == []
    assert shown(weston, "chair") == [weston["clerk"].full_name]
    assert settle(handler_unreached, weston, "officer1", "told", "clerk").status_code == 404
    with by(weston["officer1"]), connection.cursor() as cursor:
        cursor.execute("SELECT settle_notices(%s, %s, false, %s)", [handler_unreached.pk, weston["clerk"].pk, timezone.now()])
        assert cursor.fetchone() == (0,)


def test_whoever_finds_a_handler_sees_whom_it_did_not_reach(weston: Town, came_back: Concern) -> None:
    with system_work():
        policy.grant(came_back, weston["vice"], Capacity.EXCEPTION_HOLDER, reason="finds_handler", by=None, now=timezone.now())
    assert shown(weston, "vice") == [weston["officer1"].full_name]
    assert settle(came_back, weston, "vice", "told").status_code == 302
    assert shown(weston, "clerk") == []


def test_database_itself_refuses_others(weston: Town, came_back: Concern) -> None:
    for who, wanted in (("officer1", 0), ("councillor1", 0), ("councillor3", 0), ("clerk", 1)):
        with by(weston[who]), connection.cursor() as cursor:
            cursor.execute(
                "SELECT settle_notices(%s, %s, false, %s)", [came_back.pk, weston["officer1"].pk, timezone.now()]
            )
            assert cursor.fetchone() == (wanted,), who
    with by(weston["clerk"]):
        assert Notice.objects.update(sent_at=timezone.now()) == 0


def test_mailbox_that_refuses_for_ever_is_tried_no_more(weston: Town, came_back: Concern, smtp_sink: Any) -> None:
    for _month in range(3):
        tasks.deliver_notices()
    (notice,) = notices(person=weston["officer1"])
    assert (notice.attempts, bool(notice.failed_at), notice.sent_at, smtp_sink.raw) == (1, True, None, [])


def test_administrator_sees_the_address_and_nothing_else(weston: Town, came_back: Concern) -> None:
    page = f"/c/{weston.council.key}/people/"
    assert client_of(weston["admin"]).get(page).content.decode().count("Mail comes back") == 1
    assert "Mail comes back" not in client_of(weston["councillor1"]).get(page).content.decode()
    own = client_of(weston["officer1"])
    assert "Mail to your own address comes back" in own.get("/").content.decode()
    assert "Mail comes back" in own.get("/account/").content.decode()
    assert [field.name for field in RefusedMailbox._meta.get_fields()] == ["person", "email"]  # no day, no number, no concern
    Person.objects.filter(pk=weston["officer1"].pk).update(email="new@weston.example")
    assert "Mail comes back" not in client_of(weston["admin"]).get(page).content.decode()


def test_portal_role_may_not_write_who_is_refused(weston: Town) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic():
        RefusedMailbox.objects.create(person=weston["clerk"], email="x@y.example")


REPORT = """From: mailer@mx.example
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It did not arrive.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {to}
Action: {action}
Status: {status}

--b
Content-Type: text/rfc822-headers

Message-ID: <{id}@{domain}>
Subject: x

--b--
"""


def read(monkeypatch: pytest.MonkeyPatch, settings: Any, **values: str) -> str:
    given = {"action": "failed", "status": "5.1.1", "domain": settings.PORTAL_MAIL_DOMAIN, **values}
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(REPORT.format(**given).encode())))
    out = io.StringIO()
    call_command("read_bounce", stdout=out)
    return out.getvalue().strip()


def test_report_that_comes_back_later_is_seen(weston: Town, concern: Concern, smtp_sink: Any, settings: Any, monkeypatch: Any) -> None:
    tasks.deliver_notices()
    (notice,) = notices(person=weston["officer1"])
    wrong = [
        {"to": "other@weston.example"}, {"to": weston["officer1"].email, "action": "delayed"},
        {"to": weston["officer1"].email, "domain": "elsewhere.example"}, {"to": weston["officer1"].email, "id": "0" * 36},
    ]  # fmt: skip
    for values in wrong:
        assert read(monkeypatch, settings, **{"id": str(notice.pk), **values}) == "0", values
    assert notices(failed_at__isnull=False) == []
    assert read(monkeypatch, settings, id=str(notice.pk), to=weston["officer1"].email) == "1"
    (kept,) = notices(failed_at__isnull=False)
    assert (kept.pk, kept.last_error) == (notice.pk, "Bounced 5.1.1")
    assert shown(weston, "clerk") == [weston["officer1"].full_name]
    assert read(monkeypatch, settings, id=str(notice.pk), to=weston["officer1"].email) == "0"  # once


@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(days=400)], ids=["hour", "year"])
def test_clock_that_jumps_back_keeps_nothing_waiting(concern: Concern, ahead: timedelta) -> None:
    """Written, claimed and failed while the clock was ahead: due at once when it's right again."""
    now = timezone.now()
    wrong: datetime = now + ahead
    with system_work():
        Notice.objects.filter(sent_at=None).update(created_at=wrong, due_at=wrong)
        (claimed,) = outbox.claim(now=wrong)
        assert [c.id for c in outbox.claim(now=now)] == [claimed.id]  # the lease from the future counts for nothing
        assert outbox.claim(now=now) == []  # the one taken now does
        outbox.failed(claimed, OSError("no"), now=wrong)
        assert [c.id for c in outbox.claim(now=now)] == [claimed.id]
