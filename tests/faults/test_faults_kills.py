"""Real processes, killed as a crash or a power cut would: nothing acknowledged is lost, nothing is half done, nothing twice."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from concerns.models import Concern
from tests.factories.concerns import draft, lodge
from tests.factories.councils import Town
from tests.faults.diskspace import full
from tests.faults.post_office import STAGES, nobody
from tests.faults.site import Site, alive, until
from tests.faults.table import times, told
from tests.seeds import chance

LAST = {"formal": "no", "wider_circle": "ask_first", "private_confirmed": "on", "constructive_confirmed": "on"}
DONE = "done"
Request = tuple[str, str, dict[str, str]]  # address, cookies, answers


@pytest.fixture(scope="module")
def web(site: Site, weston: Town) -> Any:
    """gunicorn, with everybody signed in."""
    for name in ("officer1", "clerk", "manager"):
        site.cookie(weston[name])
    return site.web()


@pytest.fixture(scope="module")
def worker(site: Site) -> Any:
    """A Celery worker with enough children that one is always there: killed ones are replaced every few seconds."""
    return site.worker(processes=12)


def new_draft(weston: Town) -> Concern:
    return draft(weston, weston["officer1"], weston["councillor3"], now=timezone.now())


def new_concern(weston: Town) -> Concern:
    return lodge(weston, weston["officer1"], weston["councillor3"], now=timezone.now())


def sending(site: Site, weston: Town, concern: Concern) -> Request:
    return reverse("concerns:draft-check", kwargs={"concern": concern.pk}), site.cookie(weston["officer1"]), LAST


def taking_up(site: Site, weston: Town, concern: Concern) -> Request:
    address = reverse("concerns:do", kwargs={"concern": concern.pk, "action": "accept"})
    return address, site.cookie(weston["clerk"]), {}


def post(site: Site, request: Request) -> int:
    address, cookie, answers = request
    return site.ask("POST", address, cookie=cookie, answers=answers)


def in_the_background(call: Callable[[], Any]) -> tuple[threading.Thread, list[Any]]:
    """Start ``call`` in a thread; returns the thread, and the list that its answer is put into."""
    answers: list[Any] = []
    thread = threading.Thread(target=lambda: answers.append(call()))
    thread.start()
    return thread, answers


def wait_for(seconds: float) -> None:
    """Let a random moment come."""
    threading.Event().wait(seconds)


def undisturbed(site: Site, weston: Town, make: Callable[[Town], Concern], ask: Callable[..., Request]) -> tuple[Any, Any, float]:
    """What is there before and after a request that nothing strikes, and how long it takes at its quickest of three, in seconds."""
    took = []
    for _example in range(3):
        example = make(weston)
        request = ask(site, weston, example)
        before, begun = site.signature(example.pk), time.monotonic()
        assert post(site, request) == 302
        took.append(time.monotonic() - begun)
    return before, site.signature(example.pk), min(took)


@pytest.mark.parametrize(
    ("name", "make", "ask"),
    [("kill_web_in_submit", new_draft, sending), ("kill_web_in_transition", new_concern, taking_up)],
    ids=["submit", "transition"],
)
def test_web_killed_while_it_answers(
    site: Site, weston: Town, web: Any, name: str, make: Callable[[Town], Concern], ask: Callable[..., Request]
) -> None:
    """kill -9 at a random moment of the request. What was answered is there; what wasn't is there as a whole or not at all."""
    rng, runs = chance(name), times(13, 250)
    before, after, took = undisturbed(site, weston, make, ask)
    assert before != after
    lost = twice = hit = 0
    for _run in range(runs):
        concern = make(weston)
        request = ask(site, weston, concern)
        (serving,) = until(lambda: alive(web.pid), "a process that serves")
        thread, answered = in_the_background(lambda asked=request: post(site, asked))
        wait_for(rng.uniform(0, 2 * took))  # the one that serves now was born a moment ago, and has to connect first
        os.kill(serving, signal.SIGKILL)
        thread.join()
        site.quiet()
        found = site.signature(concern.pk)
        hit += answered == [0]
        lost += found not in (before, after) or (answered == [302] and found != after)
        until(lambda gone=serving: gone not in alive(web.pid), "the killed process to be gone")
        again = 302 if found == after else post(site, request)
        lost += again != 302
        twice += site.signature(concern.pk) != after
    told(name, runs=runs, lost=lost, duplicated=twice, hit=hit)
    assert hit > runs // 4  # most kills must strike in the middle, or nothing was tried


def unsent(site: Site) -> int:
    return site.rows("SELECT count(*) FROM concerns_notice WHERE sent_at IS NULL")[0][0]


def notices(site: Site) -> set[str]:
    return {str(row[0]) for row in site.rows("SELECT id FROM concerns_notice")}


def clear_the_desk(site: Site) -> None:
    """Nothing waits to be sent, and the mail server forgets what it had."""
    with site.superuser() as raw:
        raw.execute("DELETE FROM concerns_notice")
    site.mail.taken.clear()
    site.mail.at, site.mail.drops, site.mail.refuse = nobody, 0, ""


def later(site: Site) -> None:
    """Time passes: leases end, and what waits for its next try is due."""
    with site.superuser() as raw:
        raw.execute("UPDATE concerns_notice SET claimed_until = claimed_until - interval '6 hours', due_at = least(due_at, now())")


def deliver_all(site: Site) -> None:
    """Ticks until everything is sent."""

    def tick() -> bool:
        later(site)
        site.wake()
        deadline = time.monotonic() + 1
        while unsent(site) and time.monotonic() < deadline:
            wait_for(0.02)
        return unsent(site) == 0

    until(tick, "everything to be sent")


def missing_and_extra(site: Site) -> tuple[int, int, int]:
    """Obligations without a mail; mails that belong to none; mails that came again under the same Message-ID."""
    wanted, came = notices(site), site.mail.taken
    return len(wanted - set(came)), len(set(came) - wanted), sum(came.values()) - len(came)


def test_worker_killed_around_the_mail_server(site: Site, weston: Town, worker: Any) -> None:
    """kill -9 at each stage of a message in turn, from the greeting to after the answer."""
    runs, hit = times(25, 500), 0
    clear_the_desk(site)
    for run in range(runs):
        new_concern(weston)
        stage, struck = STAGES[run % len(STAGES)], list[int]()

        def kill(at: str, sender: int, *, when: str = stage, done: list[int] = struck) -> None:
            if at == when and sender and not done:
                done.append(sender)
                os.kill(sender, signal.SIGKILL)

        site.mail.senders = lambda: alive(worker.pid)
        until(lambda: len(alive(worker.pid)) > 1, "a child that sends")
        site.mail.at = kill
        site.wake()
        until(lambda done=struck: done, "the kill")
        until(lambda done=struck: done[0] not in alive(worker.pid), "the killed child to be dead")
        site.mail.at = nobody
        hit += 1
        site.quiet()
        deliver_all(site)
    missing, extra, repeats = missing_and_extra(site)
    assert len(notices(site)) == 2 * runs
    told("kill_worker_around_smtp", runs=runs, lost=missing, duplicated=extra, hit=hit, repeats=repeats)
    assert hit == runs


def test_mail_server_takes_messages_and_hangs_up(site: Site, weston: Town, worker: Any) -> None:
    """Taken without an answer: sent again under the same Message-ID."""
    runs = times(5, 50)
    clear_the_desk(site)
    for _run in range(runs):
        new_concern(weston)
        site.mail.drops = 1
        site.wake()
        until(lambda: site.mail.drops == 0, "a message that is dropped")
        deliver_all(site)
    missing, extra, repeats = missing_and_extra(site)
    told("smtp_accepts_then_drops", runs=runs, lost=missing, duplicated=extra, repeats=repeats)
    assert repeats >= runs


def test_redis_flushed_and_down(site: Site, weston: Town, web: Any, worker: Any) -> None:
    """Raising a concern never fails, and two ticks after Redis is back everything is sent."""
    runs, failed, late = times(5, 50), 0, 0
    clear_the_desk(site)
    for run in range(runs):
        concern = new_draft(weston)
        down = run % 2 == 1
        site.wake(times=3)
        if down:
            site.redis.stop()
        else:
            flush(site)
        failed += post(site, sending(site, weston, concern)) != 302
        failed += site.ask("GET", "/accounts/login/") != 200
        if down:
            site.redis.start()
        for _tick in range(2):
            site.wake()
        try:
            until(lambda: unsent(site) == 0, "two ticks to send everything", patience=45)
        except AssertionError:
            late += 1
            deliver_all(site)
    missing, extra, repeats = missing_and_extra(site)
    told("redis_flushed_or_down", runs=runs, lost=missing + failed + late, duplicated=extra, repeats=repeats)


def flush(site: Site) -> None:
    from redis import Redis

    with Redis.from_url(site.redis.url) as client:
        client.flushall()


def test_clocks_killed_and_two_at_once(site: Site, weston: Town, worker: Any) -> None:
    """Two clocks tick at once and do no harm; kill -9 of one, and the other goes on. Each tick says when its clock sent it."""
    runs = times(1, 20)
    clear_the_desk(site)

    def clock(number: int) -> Any:
        schedule = str(site.room / f"clock-{number}")
        return site.run(
            "celery", "-A", "protocol_portal.celery", "beat", "--schedule", schedule, "--pidfile", "", "--loglevel", "CRITICAL",
            more={"PORTAL_TICK_SECONDS": "0.5"},
        )  # fmt: skip

    clocks = [clock(0), clock(1)]
    for run in range(runs):
        new_concern(weston)
        until(lambda: unsent(site) == 0, "the clocks to have everything sent")
        site.end(clocks.pop(0))
        new_concern(weston)
        until(lambda: unsent(site) == 0, "the clock that is left to have everything sent")
        clocks.append(clock(run + 2))
    for left in clocks:
        site.end(left)
    missing, extra, repeats = missing_and_extra(site)
    told("kill_clock_of_two", runs=runs, lost=missing, duplicated=extra + repeats)
    heard = site.rows("SELECT name FROM operations_heartbeat WHERE at > now() - interval '5 minutes' AND count > 1 ORDER BY 1")
    assert heard == [("beat",), ("worker",)]


def test_three_tickers_at_once(site: Site, weston: Town) -> None:
    """Three processes, woken together again and again: as many Message-IDs as obligations, each once."""
    items = 1000
    clear_the_desk(site)
    concern = new_concern(weston)
    with site.superuser() as raw:
        raw.execute(
            "INSERT INTO concerns_notice (id, concern_id, person_id, kind, created_at, due_at, attempts, last_error)"
            " SELECT gen_random_uuid(), %s, %s, 'progress', now(), now(), 0, '' FROM generate_series(3, %s)",
            [concern.pk, weston["clerk"].pk, items],
        )
    site.wake(times=9)
    three = site.worker(processes=3)
    until(lambda: unsent(site) == 0, "a thousand messages", patience=90)
    site.end(three.release())
    missing, extra, repeats = missing_and_extra(site)
    assert (len(site.mail.taken), repeats) == (items, 0)
    told("three_tickers_at_once", runs=items, lost=missing, duplicated=extra + repeats)


def test_disk_full(site: Site, weston: Town, web: Any) -> None:
    """No space is left for the database: raising says so and changes nothing; with space again the same answers go in."""
    runs, lost, twice, refused = times(1, 10), 0, 0, 0
    example = new_draft(weston)
    before = site.signature(example.pk)
    assert post(site, sending(site, weston, example)) == 302
    after = site.signature(example.pk)
    for _run in range(runs):
        drafts = [new_draft(weston) for _draft in range(30)]
        connection.close()
        statuses: list[int] = []
        with full(site):
            for concern in drafts:
                statuses.append(post(site, sending(site, weston, concern)))
                if statuses[-1] != 302:
                    break
        refused += statuses[-1] == 500
        site.quiet()
        for concern, status in zip(drafts, statuses, strict=False):
            found = site.signature(concern.pk)
            lost += found != (after if status == 302 else before)
        lost += post(site, sending(site, weston, drafts[len(statuses) - 1])) != 302
        twice += site.signature(drafts[len(statuses) - 1].pk) != after
    told("disk_full", runs=runs, lost=lost, duplicated=twice, hit=refused)
    assert refused == runs


def test_postgres_killed_under_load(site: Site, weston: Town, web: Any) -> None:
    """kill -9 of PostgreSQL while people send concerns: after the restart every answered one is there, whole."""
    rng, runs, hit, lost, twice = chance("postgres"), times(5, 100), 0, 0, 0
    example = new_draft(weston)
    before = site.signature(example.pk)
    assert post(site, sending(site, weston, example)) == 302
    after = site.signature(example.pk)
    for _run in range(runs):
        drafts = [new_draft(weston) for _draft in range(8)]
        connection.close()
        halves = [drafts[::2], drafts[1::2]]
        sent = [in_the_background(lambda mine=half: [post(site, sending(site, weston, one)) for one in mine]) for half in halves]
        wait_for(rng.uniform(0.02, 0.25))
        site.cluster.kill()
        for thread, _answers in sent:
            thread.join()
        with_a_session = site.cookie(weston["clerk"])
        assert [site.ask("GET", "/healthz"), site.ask("GET", "/healthz", cookie=with_a_session)] == [503, 503]
        assert [site.ask("GET", address, cookie=with_a_session) for address in ("/", "/accounts/login/")] == [503, 503]
        site.restart_postgres()
        until(site.answers, "the web to be well again")
        hit += any(status != 302 for _thread, (statuses,) in sent for status in statuses)
        for half, (_thread, (statuses,)) in zip(halves, sent, strict=True):
            for concern, status in zip(half, statuses, strict=True):
                found = site.signature(concern.pk)
                lost += found not in (before, after) or (status == 302 and found != after)
                if found == before:
                    lost += post(site, sending(site, weston, concern)) != 302
                twice += site.signature(concern.pk) != after
    told("kill_postgres_fsync_on", runs=runs, lost=lost, duplicated=twice, hit=hit)
    assert hit >= runs - 1
