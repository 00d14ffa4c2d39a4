"""Fifty requests a second of real pages, for twenty seconds, from outside: gunicorn as in production, on loopback.

A council's whole cast and its concerns; home, lists, concerns, protocol, people and notes written, each by somebody who
would. Requests begin by the clock whether or not the ones before have been answered, and their time counts from when they
should have begun.
"""

from __future__ import annotations

import http.client
import os
import queue
import random
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections
from django.utils import timezone

from concerns.enums import Action
from councils.models import Person
from protocol_portal.embedded import BASE, Cluster, free_port
from tests.bench.place import Place
from tests.factories.concerns import do, lodge
from tests.factories.councils import town

RATE = 50
SECONDS = 20
WARM_UP = 6  # seconds that don't count: PostgreSQL plans for eight fresh connections, and two fresh processes put their questions into words
CONCERNS = 150
CALLERS = 48
DATABASE = "serving"
TOKEN = "a" * 32
Figure = tuple[str, float, float, bool]


@dataclass(frozen=True)
class Call:
    """One request: who asks for what; ``answers`` makes it a form that is sent."""

    cookie: str
    path: str
    answers: str = ""


def run(place: Place) -> list[Figure]:
    """Takes the benchmark's running cluster; returns the figures about serving."""
    with database(place.cluster) as url:
        calls = mix()
        connections["default"].close()
        with serving(url) as port:
            took, errors, lasted = fire(port, calls)
    p95 = statistics.quantiles(took, n=20)[-1] * 1000
    served = len(took) / lasted
    return [
        ("load_p95_milliseconds", round(p95), 300, p95 < 300),
        ("load_errors", errors, 0, errors == 0),
        ("load_served_per_second", round(served, 1), RATE * 0.98, served >= RATE * 0.98),
    ]


@contextmanager
def database(cluster: Cluster) -> Iterator[str]:
    """A migrated database of its own that Django's connections go to; gives its address for the portal's role."""
    cluster.drop_database(DATABASE)
    cluster.create_database(DATABASE)
    subprocess.run(
        [sys.executable, str(BASE / "manage.py"), "migrate", "--no-input", "--verbosity", "0"],
        env={**os.environ, "PORTAL_DB_ROLE": "owner", "DATABASE_OWNER_URL": cluster.url("portal_owner", DATABASE)}, cwd=BASE, check=True,
    )  # fmt: skip
    before = dict(connections.settings["default"])
    connections["default"].close()
    connections.settings["default"].update(
        NAME=DATABASE, USER="portal_app", PASSWORD=cluster._state["password"], HOST="127.0.0.1", PORT=str(cluster.port)
    )
    try:
        yield cluster.url("portal_app", DATABASE)
    finally:
        connections["default"].close()
        connections.settings["default"].update(before)
        cluster.drop_database(DATABASE)


def mix() -> list[Call]:
    """A council with its concerns, and what its people ask for, in the order they will."""
    weston, now, rng = town("weston"), timezone.now(), random.Random(50)
    raisers = [weston[name] for name in ("officer1", "officer2", "manager") if name in weston.people]
    concerns = []
    for number in range(CONCERNS):
        concern = lodge(weston, raisers[number % len(raisers)], weston["councillor3"], now=now)
        if number % 2:
            do(Action.ACCEPT, concern, weston["clerk"], now=now)
        concerns.append((concern, raisers[number % len(raisers)]))
    cookies = {person.pk: cookie(person) for person in (*raisers, weston["clerk"], weston["chair"], weston["councillor1"], weston["admin"])}
    clerk, key = cookies[weston["clerk"].pk], weston.council.key
    calls = []
    for _request in range(RATE * (SECONDS + WARM_UP)):
        concern, raiser = rng.choice(concerns)
        reader = rng.choice((clerk, cookies[raiser.pk]))
        anybody = rng.choice(list(cookies.values()))
        calls.append(rng.choices(
            [
                Call(anybody, "/"), Call(clerk, "/concerns/"), Call(clerk, "/concerns/?sort=recent&topic=conduct"),
                Call(reader, f"/concerns/{concern.pk}/"), Call(reader, f"/concerns/{concern.pk}/circle/"),
                Call(anybody, f"/c/{key}/protocol/"), Call(anybody, f"/c/{key}/people/"), Call(anybody, "/account/"),
                Call(cookies[raiser.pk], f"/concerns/new/{key}/"),
                Call(clerk, f"/concerns/{concern.pk}/do/add_note/", urlencode({"text": "Spoke to both."})),
            ],
            weights=[20, 20, 5, 25, 3, 5, 5, 4, 5, 8],
        )[0])  # fmt: skip
    return calls


def cookie(person: Person) -> str:
    """The cookies of a signed-in browser."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session["used"] = int(time.time()) + 3600
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={TOKEN}"


@contextmanager
def serving(url: str) -> Iterator[int]:
    """gunicorn with a process for each of two cores; gives its port."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "protocol_portal.wsgi:application", "--preload", "--workers", "2", "--worker-class",
         "gthread", "--threads", "4", "--bind", f"127.0.0.1:{port}", "--log-level", "critical", "--no-control-socket",
         "--graceful-timeout", "1"],
        env={**os.environ, "DATABASE_URL": url, "PORTAL_URL": f"http://127.0.0.1:{port}", "PORTAL_LOG_LEVEL": "CRITICAL"},
        cwd=BASE, start_new_session=True,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while ask(http.client.HTTPConnection("127.0.0.1", port, timeout=5), Call("", "/healthz")) != 200:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("gunicorn did not start")
            time.sleep(0.1)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def ask(line: http.client.HTTPConnection, call: Call) -> int:
    """One request; 0 when no answer came."""
    headers = {"Cookie": call.cookie, "X-CSRFToken": TOKEN}
    if call.answers:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        line.request("POST" if call.answers else "GET", call.path, call.answers or None, headers)
        answer = line.getresponse()
        answer.read()
        return answer.status
    except (OSError, http.client.HTTPException):
        line.close()
        return 0


def fire(port: int, calls: list[Call]) -> tuple[list[float], int, float]:
    """Send the calls by the clock; returns how long each took (without the warm-up's), how many failed, and how long it all was."""
    waiting: queue.Queue[tuple[float, Call] | None] = queue.Queue()
    took: list[float] = []
    failed: list[int] = []
    begun = time.perf_counter() + 0.5

    def caller() -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while (item := waiting.get()) is not None:
            due, call = item
            status = ask(line, call)
            if status != (302 if call.answers else 200):
                failed.append(status)
            if due - begun >= WARM_UP:
                took.append(time.perf_counter() - due)
        line.close()

    threads = [threading.Thread(target=caller) for _caller in range(CALLERS)]
    for thread in threads:
        thread.start()
    for number, call in enumerate(calls):
        due = begun + number / RATE
        time.sleep(max(due - time.perf_counter(), 0))
        waiting.put((due, call))
    for _thread in threads:
        waiting.put(None)
    for thread in threads:
        thread.join()
    return took, len(failed), time.perf_counter() - begun - WARM_UP
