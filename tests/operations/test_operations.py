"""Whether it runs: told to anybody in two letters, to operators and machines with the token in numbers, and nothing of a case."""

from __future__ import annotations

import http.server
import os
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from concerns.models import Notice
from councils.rls import system_work
from operations import actions, queries
from operations.enums import BEAT, SENT_AT, TICK, WORKER
from operations.models import Heartbeat
from operations.tasks import tick
from protocol_portal import checks
from protocol_portal.celery import app
from tests.concerns.screens import client_of
from tests.factories.concerns import CANARY, lodge
from tests.factories.councils import PersonFactory, Town, town
from tests.matrix.rows_delivery import ROUTES

pytestmark = pytest.mark.django_db
TOKEN = "a-token-for-machines"
PAGES = {"operations:page": "/operations/", "operations:metrics": "/metrics"}


@pytest.fixture
def operator() -> Client:
    return client_of(PersonFactory(is_operator=True))


@pytest.fixture
def weston() -> Town:
    return town("weston")


def ticked(**more: Any) -> None:
    """A tick that beat sent just now, or when ``at`` says."""
    at = more.get("at", timezone.now())
    tick.apply(headers={SENT_AT: at.isoformat()})


def value(text: str, name: str) -> float:
    (line,) = [line for line in text.splitlines() if line.startswith(f"{name} ")]
    return float(line.rpartition(" ")[2])


def metrics() -> str:
    answer = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_operator_finds_the_way_to_set_a_council_up_at_home(operator: Client) -> None:
    shown = operator.get("/").content.decode()
    assert f'href="{reverse("studio:set-ups")}"' in shown and "hold no post at a council" in shown
    nobody = client_of(PersonFactory()).get("/").content.decode()
    assert reverse("studio:set-ups") not in nobody and "You hold no post at any council today." in nobody


def test_anybody_learns_two_letters(operator: Client, weston: Town) -> None:
    for client in (Client(), client_of(weston["clerk"]), client_of(weston["admin"])):
        answer = client.get("/healthz")
        assert (answer.status_code, answer.content) == (200, b"ok")
    assert operator.get("/healthz").content.startswith(b"ok\nversion ")


def test_operator_without_the_second_factor_asked_of_them_learns_two_letters(operator: Client, settings: Any) -> None:
    settings.PORTAL_REQUIRE_MFA = True
    assert operator.get("/healthz").content == b"ok"


def test_addresses_answer_as_the_matrix_says(operator: Client, weston: Town, settings: Any) -> None:
    settings.PORTAL_METRICS_TOKEN = TOKEN
    clients = {
        "operator": operator, "anybody": client_of(weston["clerk"]), "visitor": Client(),
        "machine": Client(headers={"Authorization": f"Bearer {TOKEN}"}),
    }  # fmt: skip
    for route, url in PAGES.items():
        for kind, wanted in ROUTES[route].items():
            answers = [getattr(clients[kind], method)(url) for method in ("get", "head", "post")]
            codes = ["login" if a.status_code == 302 and a["Location"].startswith("/accounts/login/") else str(a.status_code) for a in answers]
            assert codes == wanted.split(), (route, kind)


@pytest.mark.parametrize("token", ["", "a", f"{TOKEN}x"])
def test_metrics_need_the_token_and_without_one_there_are_none(settings: Any, token: str) -> None:
    settings.PORTAL_METRICS_TOKEN = TOKEN
    assert Client().get("/metrics", headers={"Authorization": f"Bearer {token}"}).status_code == 404
    settings.PORTAL_METRICS_TOKEN = ""
    assert Client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_metrics_tell_ages_and_counts_and_nothing_of_a_case(weston: Town, settings: Any) -> None:
    settings.PORTAL_METRICS_TOKEN = TOKEN
    concern = lodge(weston, weston["officer1"], weston["councillor3"])
    now = timezone.now()
    with system_work():
        Notice.objects.update(due_at=now - timedelta(minutes=20), created_at=now)
    ticked()
    told = metrics()
    assert value(told, "portal_notices_waiting") == 2
    assert 1199 <= value(told, "portal_notices_oldest_seconds") <= 1230
    assert (value(told, "portal_notices_failed"), value(told, "portal_well")) == (0, 0)
    assert 0 <= value(told, 'portal_heartbeat_age_seconds{part="worker"}') < 30
    for secret in (CANARY, str(concern.pk), concern.reference, weston.council.key, weston.council.name, "@"):
        assert secret not in told
    with system_work():
        Notice.objects.update(failed_at=now)
    told = metrics()
    assert (value(told, "portal_notices_waiting"), value(told, "portal_notices_failed"), value(told, "portal_well")) == (0, 2, 1)


def test_beat_that_stopped_is_seen_although_the_worker_lives() -> None:
    with time_machine.travel(timezone.now(), tick=False):
        ticked(at=timezone.now() - timedelta(hours=1))
        health = queries.health(now=timezone.now())
    assert (health.worker, health.beat, health.well) == (0, 3600, False)


def test_silence_is_not_well_and_never_heard_is_said(operator: Client) -> None:
    assert queries.health(now=timezone.now()).well is False
    page = operator.get("/operations/").content.decode()
    assert "never" in page and "Something that has to run" in page and "Look at the lines" in page
    with time_machine.travel(timezone.now(), tick=False):
        ticked()
        assert "Everything that has to run runs." in operator.get("/operations/").content.decode()
        later = queries.health(now=timezone.now() + timedelta(minutes=5))
    assert (later.well, later.worker) == (False, 300)


def test_clock_that_jumped_back_is_believed() -> None:
    now = timezone.now()
    actions.beat(WORKER, now=now + timedelta(days=1))
    assert queries.health(now=now).worker == 0  # not a day in the future
    actions.beat(WORKER, now=now)
    row = Heartbeat.objects.get(pk=WORKER)
    assert (row.at, row.count) == (now, 2)


def test_tick_carries_when_beat_sent_it() -> None:
    from django.apps import apps

    headers: dict[str, Any] = {}
    from celery import signals

    assert apps.is_installed("operations")
    signals.before_task_publish.send(sender=TICK, headers=headers)
    signals.before_task_publish.send(sender="another.task", headers=(other := {}))
    assert (set(headers), other) == ({SENT_AT}, {})
    assert {"look-at-itself", "deliver-notices"} <= set(app.conf.beat_schedule)
    ticked()
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {WORKER, BEAT}


@pytest.mark.parametrize(
    ("name", "value"), [("PORTAL_DEADMAN_URL", "file:///etc/passwd"), ("PORTAL_DEADMAN_URL", "watch.example"), ("PORTAL_METRICS_TOKEN", "short")]
)
def test_portal_does_not_start_with_an_unsound_watch_or_token(name: str, value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=name):
        checks.require_sound_environment({**os.environ, name: value})
    checks.require_sound_environment({**os.environ, "PORTAL_DEADMAN_URL": "https://watch.example/1", "PORTAL_METRICS_TOKEN": TOKEN * 2})


class Watch(http.server.BaseHTTPRequestHandler):
    """The dead-man's address."""

    def do_GET(self) -> None:  # noqa: N802 (the library's name)
        self.server.heard.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""


@pytest.fixture
def watch(settings: Any) -> Iterator[Any]:
    server = http.server.HTTPServer(("127.0.0.1", 0), Watch)
    server.heard = []
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    settings.PORTAL_DEADMAN_URL = f"http://127.0.0.1:{server.server_port}/alive"
    yield server
    server.shutdown()
    server.server_close()


def test_watch_is_called_while_all_is_well_and_not_otherwise(watch: Any) -> None:
    ticked(at=timezone.now() - timedelta(hours=1))
    assert watch.heard == []
    ticked()
    assert watch.heard == ["/alive"]


def test_watch_that_is_away_stops_nothing(settings: Any) -> None:
    settings.PORTAL_DEADMAN_URL = "http://127.0.0.1:1/alive"
    ticked()
    assert queries.health(now=timezone.now()).well
