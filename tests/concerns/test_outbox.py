"""Notices through a real mail server: fixed words to one person each, repeated with the same Message-ID, never lost in silence."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.utils import timezone

from concerns import outbox, policy, tasks
from concerns.enums import Action, ExclusionKind, NoticeKind
from concerns.models import Concern, Notice
from councils.rls import system_work
from tests.factories.concerns import CANARY, NOW, by, do, lodge
from tests.factories.councils import Town

COUNCILS = ("weston",)


@pytest.fixture
def concern(weston: Town) -> Concern:
    """Two notices wait: to the line manager and to the Clerk."""
    return lodge(weston, weston["officer1"], weston["councillor3"])


def notices() -> list[Notice]:
    with system_work():
        return list(Notice.objects.order_by("person__email"))


def age(days: float) -> None:
    """Let what waits be that old, and due."""
    with system_work():
        Notice.objects.update(created_at=timezone.now() - timedelta(days=days), due_at=timezone.now() - timedelta(minutes=1))


def test_one_message_a_person_with_fixed_words(weston: Town, concern: Concern, smtp_sink: Any) -> None:
    tasks.deliver_notices()
    assert sorted(tuple(to) for _from, to, _raw in smtp_sink.raw) == [("clerk@weston.example",), ("manager@weston.example",)]
    for (_from, _to, raw), message in zip(smtp_sink.raw, smtp_sink.messages, strict=True):
        assert message["Subject"] == "You have something to look at"
        assert message["Bcc"] is None and message["Cc"] is None
        assert message["Message-ID"].startswith("<") and UUID(message["Message-ID"][1:37])
        text = raw.decode() + message.get_payload(decode=True).decode()
        for secret in (
            CANARY,
            str(concern.pk),
            concern.reference,
            weston.council.name,
            "officer1",
            *(p.full_name for p in weston.people.values()),
        ):
            assert secret not in text
    bodies = {message.get_payload() for message in smtp_sink.messages}
    assert len(bodies) == 1  # the same words, whatever happened
    assert all(notice.sent_at and not notice.claimed_until for notice in notices())
    tasks.deliver_notices()
    assert len(smtp_sink.raw) == 2


def test_every_kind_sends_the_same_words(weston: Town, concern: Concern, smtp_sink: Any) -> None:
    with by(weston["clerk"]):
        for kind in NoticeKind:
            outbox.put(concern, kind, to=weston["clerk"], now=timezone.now())
    tasks.deliver_notices()
    assert len({(m["Subject"], m.get_payload()) for m in smtp_sink.messages}) == 1


def test_a_refusing_server_is_asked_again_later_with_the_same_message_id(concern: Concern, smtp_sink: Any) -> None:
    smtp_sink.refuse = "451 come back later"
    start = timezone.now()
    tasks.deliver_notices()
    for notice in notices():
        assert (notice.sent_at, notice.failed_at, notice.attempts) == (None, None, 1)
        assert notice.due_at >= start + outbox.FIRST_RETRY
        assert notice.last_error == "SMTPDataError 451"
    tasks.deliver_notices()
    assert [notice.attempts for notice in notices()] == [1, 1]  # not before it is due
    smtp_sink.refuse = ""
    ids = {str(notice.pk) for notice in notices()}
    age(0.5)
    tasks.deliver_notices()
    assert {message["Message-ID"][1:37] for message in smtp_sink.messages} == ids


def test_a_repeat_after_a_crash_carries_the_same_message_id(concern: Concern, smtp_sink: Any) -> None:
    with system_work():
        (first, *_rest) = outbox.claim(now=timezone.now())
    for _time in range(2):  # sent, then the worker died before it was marked
        outbox.message(first.id, first.email).send()
    assert len({message["Message-ID"] for message in smtp_sink.messages}) == 1


def test_no_mail_server_at_all_keeps_everything(concern: Concern, settings: Any) -> None:
    from protocol_portal.embedded import free_port

    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    tasks.deliver_notices()
    assert [(n.sent_at, n.failed_at, n.attempts, n.last_error.split()[0]) for n in notices()] == [
        (None, None, 1, "ConnectionRefusedError")
    ] * 2


@pytest.mark.parametrize(
    ("attempts", "wait"),
    [
        (1, timedelta(minutes=1)),
        (2, timedelta(minutes=2)),
        (5, timedelta(minutes=16)),
        (10, timedelta(hours=6)),
        (4000, timedelta(hours=6)),
    ],
)
def test_waits_grow_to_six_hours_and_no_further(concern: Concern, attempts: int, wait: timedelta) -> None:
    now, notice = timezone.now(), notices()[0]
    with system_work():
        outbox.failed(outbox.Claimed(notice.pk, "x@y.example", now, attempts), OSError("no"), now=now)
        assert Notice.objects.get(pk=notice.pk).due_at == now + wait


@pytest.mark.parametrize(
    ("days", "attempts", "given_up"), [(2, 14, False), (3.9, 30, False), (4.1, 30, True), (7, 1, False), (30, 5000, True)],
    ids=["two days", "nearly four", "over four", "worker was away a week", "month"],
)  # fmt: skip
def test_giving_up_is_kept_and_seen(concern: Concern, days: float, attempts: int, given_up: bool) -> None:
    now, notice = timezone.now(), notices()[0]
    claimed = outbox.Claimed(notice.pk, "x@y.example", now - timedelta(days=days), attempts)
    with system_work():
        outbox.failed(claimed, TimeoutError(f"{CANARY}"), now=now)
        kept = Notice.objects.get(pk=notice.pk)
    assert (kept.failed_at == now, kept.sent_at) == (given_up, None)
    assert kept.last_error == "TimeoutError"  # a class, never words


def test_an_address_refused_for_good_is_given_up_at_once(concern: Concern) -> None:
    now, notice = timezone.now(), notices()[0]
    for code, given_up in ((450, False), (550, True)):
        error = smtplib.SMTPRecipientsRefused({"x@y.example": (code, b"no such box")})
        with system_work():
            outbox.failed(outbox.Claimed(notice.pk, "x@y.example", now, 1), error, now=now)
            assert bool(Notice.objects.get(pk=notice.pk).failed_at) is given_up


def test_what_was_given_up_is_not_tried_again(concern: Concern, smtp_sink: Any) -> None:
    with system_work():
        Notice.objects.update(failed_at=timezone.now())
    tasks.deliver_notices()
    assert smtp_sink.raw == []


def test_a_lease_keeps_others_off_until_it_ends(concern: Concern) -> None:
    now = timezone.now()
    with system_work():
        assert len(outbox.claim(now=now)) == 2
        assert outbox.claim(now=now + outbox.LEASE - timedelta(seconds=1)) == []
        assert outbox.claim(now=now - timedelta(seconds=3)) == []  # a worker that looked at its clock, and was slow
        assert [claimed.attempts for claimed in outbox.claim(now=now + outbox.LEASE + timedelta(seconds=1))] == [2, 2]


def test_a_slow_mail_server_makes_no_worker_send_what_another_may_take(concern: Concern, smtp_sink: Any) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        smtp_sink.meanwhile = lambda: clock.shift(outbox.LAST_START + timedelta(seconds=1))
        tasks.deliver_notices()
        assert len(smtp_sink.raw) == 1
        clock.shift(outbox.LEASE)
        tasks.deliver_notices()
        assert len({message["Message-ID"] for message in smtp_sink.messages}) == len(smtp_sink.raw) == 2


def test_a_person_told_twice_in_one_action_gets_one_notice(weston: Town, concern: Concern) -> None:
    with by(weston["clerk"]):
        before = Notice.objects.count()
        outbox.put(concern, NoticeKind.PROGRESS, to=[weston["clerk"], weston["clerk"]], now=timezone.now())
        assert Notice.objects.count() == before + 1


def test_an_action_that_fails_queues_nothing(weston: Town, concern: Concern) -> None:
    from councils.errors import Refusal

    before = len(notices())
    with pytest.raises(Refusal):
        do(Action.NO_HANDLER, concern, weston["clerk"], reason=" ")
    assert len(notices()) == before


def test_whoever_was_excluded_since_gets_no_mail_and_nobody_waits_for_it(weston: Town, smtp_sink: Any) -> None:
    concern = do(Action.ACCEPT, lodge(weston, weston["councillor3"], weston["clerk"], chosen_token="role:chair_of_council"), weston["chair"])
    do(Action.DECLARE_CONFLICT, concern, weston["chair"])
    tasks.deliver_notices()
    sent_to = [message["To"] for message in smtp_sink.messages]
    assert weston["chair"].email not in sent_to
    assert sent_to.count(weston["councillor3"].email) == 2
    with system_work():
        row = Notice.objects.get(concern=concern, person=weston["chair"])
    assert (row.sent_at, row.last_error) == (None, "Withdrawn")
    assert row.failed_at == row.settled_at is not None


def test_a_whole_batch_withdrawn_keeps_no_other_mail_back(weston: Town, concern: Concern) -> None:
    other = do(Action.ACCEPT, lodge(weston, weston["councillor3"], weston["clerk"], chosen_token="role:chair_of_council"), weston["chair"])
    with by(weston["chair"]):
        outbox.put(other, NoticeKind.PROGRESS, to=weston["chair"], now=NOW)
    do(Action.DECLARE_CONFLICT, other, weston["chair"])
    with system_work():
        Notice.objects.exclude(person=weston["chair"]).update(due_at=timezone.now())
        assert len(outbox.claim(now=timezone.now(), limit=1)) == 1


def test_nobody_is_asked_to_telephone_somebody_who_was_excluded_since(weston: Town, smtp_sink: Any) -> None:
    concern = do(Action.ACCEPT, lodge(weston, weston["clerk"], weston["councillor6"]), weston["chair"])
    do(Action.HAND_OVER, concern, weston["chair"], to=weston["vice"], reason_code="absence", override_reason="Away")
    with system_work():
        Notice.objects.filter(concern=concern).update(failed_at=timezone.now())
    with by(weston["vice"]):
        assert {row.name for row in outbox.undelivered(weston["vice"])} >= {weston["chair"].full_name}
    with by(weston["vice"]):
        policy.exclude(concern, [weston["chair"]], ExclusionKind.RELATIONSHIP, by=weston["vice"], now=timezone.now())
    tasks.deliver_notices()
    with by(weston["vice"]):
        left = {row.name for row in outbox.undelivered(weston["vice"])}
    assert weston["chair"].full_name not in left
    assert weston["clerk"].full_name in left
