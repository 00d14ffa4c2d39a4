"""Where a secret could get out besides the page: mail, logs, sessions, the cache, files, tasks, rows at rest, error pages."""

from __future__ import annotations

import inspect
import io
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from celery.signals import before_task_publish
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from concerns import lists
from concerns.actions import verb
from concerns.enums import Action
from concerns.models import Concern, Exclusion, Notice
from councils.rls import system_work
from protocol_portal import logs
from protocol_portal.celery import app
from tests.concerns.screens import at
from tests.factories.concerns import by
from tests.matrix.cells import ask
from tests.matrix.world import BACKEND, CANARY, World, canary

pytestmark = pytest.mark.django_db
SECRET = "kanari-live-secret"


def secrets_of(world: World) -> list[str]:
    """What must be nowhere outside a page: references and names of everybody."""
    return [case.concern.reference for case in world.cases.values()] + [p.full_name for p in world.people.values() if p is not None]


@contextmanager
def logged(level: int = logging.DEBUG) -> Iterator[io.StringIO]:
    """Everything that any logger writes meanwhile, formatted as in production."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    made = logs.configuration(json=True, level="DEBUG")["formatters"]["line"]
    handler.setFormatter(made.pop("()")(**made))
    root, request = logging.getLogger(), logging.getLogger("django.request")
    before = root.level, request.disabled
    root.addHandler(handler)
    root.setLevel(level)
    request.disabled = False
    try:
        yield stream
    finally:
        root.removeHandler(handler)
        root.setLevel(before[0])
        request.disabled = before[1]


def test_mail_is_fixed_words_to_one_person_each(world: World, smtp_sink: Any) -> None:
    from concerns.tasks import deliver_notices

    with system_work():
        kept_out = Exists(Exclusion.objects.filter(concern=OuterRef("concern"), person=OuterRef("person")))
        waiting = Notice.objects.filter(sent_at__isnull=True)
        queued, withdrawn = waiting.exclude(kept_out).count(), waiting.filter(kept_out).values_list("person__email", flat=True)
        assert list(withdrawn) == [world.town["councillor5"].email]  # declared a connection since
    assert queued > 30
    deliver_notices()
    assert len(smtp_sink.raw) == queued
    bodies = set()
    for (sender, recipients, raw), message in zip(smtp_sink.raw, smtp_sink.messages, strict=True):
        text = raw.decode("utf-8", "replace")
        assert len(recipients) == 1
        assert message.get_all("To") == [recipients[0]]
        assert (message["Cc"], message["Bcc"], message["Reply-To"]) == (None, None, None)
        assert message["Subject"] == "You have something to look at"
        assert sender == "no-reply@portal.invalid"
        assert not CANARY.search(text)
        assert not any(secret in text for secret in secrets_of(world))
        assert not any(str(case.pk) in text for case in world.cases.values())
        assert world.town.council.name not in text
        payload = message.get_payload(decode=True)
        assert isinstance(payload, bytes)
        bodies.add(payload.decode())
    assert len(bodies) == 1  # whatever happened, the words are the same
    assert "weston" not in bodies.pop().lower()


def test_mail_goes_to_nobody_outside_the_circle(world: World) -> None:
    with system_work():
        for case in world.cases.values():
            told = set(Notice.objects.filter(concern_id=case.pk).values_list("person__email", flat=True))
            ever = {part.person.email for part in case.concern.participations.select_related("person")}
            assert told <= ever, case.name
    with by(world.people["vice"]):  # type: ignore[arg-type]
        assert Notice.objects.exclude(concern_id=world.cases["nobody"].pk).count() == 0


def live_through(world: World, browser: Client) -> None:
    """Every kind of request with a secret in it: raising, wrong answers, steps, a search, an address, a failed sign-in."""
    officer = world.town["officer1"]
    new = reverse("concerns:new-in", kwargs={"key": "weston"})
    answers = {"subjects": [str(officer.pk)], "topic": "conduct", "said_in_public": "others", "where_said": SECRET}
    browser.post(new, {**answers, "topic": SECRET})
    made = browser.post(new, answers)
    assert made.status_code == 302, made.content.decode()
    pk = made["Location"].split("/")[3]
    browser.post(at("draft-writing", pk), {"what_happened": SECRET + "\x00"})
    browser.post(at("draft-writing", pk), {"what_happened": SECRET, "wanted_outcome": SECRET})
    browser.post(at("draft-where", pk), {"chosen_token": SECRET})
    browser.post(at("draft-where", pk), {"chosen_token": "role:proper_officer"})
    last = {"wider_circle": "ask_first", "private_confirmed": "on", "constructive_confirmed": "on"}
    assert browser.post(at("draft-check", pk), {**last, "skip_direct_reason": SECRET}).status_code == 302
    browser.get(f"/concerns/?search={SECRET}")
    browser.get(f"/concerns/{SECRET}/")
    browser.get(f"/concerns/{world.cases['grievance'].pk}/?note={SECRET}", headers={"referer": f"http://testserver/{SECRET}"})
    for step, typed in (("add_note", {"text": SECRET}), ("withdraw", {"reason": SECRET}), ("settle", {"summary": SECRET})):
        browser.post(at("do", pk, action=step), typed)
    Client().post(reverse("account_login"), {"login": f"{SECRET}@weston.example", "password": SECRET})
    Client().post(at("draft-writing", pk), {"what_happened": SECRET})
    Client().get(reverse("account_reset_password"))
    Client().post(reverse("account_reset_password"), {"email": f"{SECRET}@weston.example"})


def test_logs_sessions_cache_files_and_tasks_hold_no_secret(
    world: World, django_capture_on_commit_callbacks: Callable[..., Any], tmp_path: Any
) -> None:
    browser = Client()
    browser.force_login(world.town["councillor8"], backend=BACKEND)
    published: list[Any] = []

    def keep(body: Any = None, headers: Any = None, **more: Any) -> None:
        published.append((body, headers, more))

    before_task_publish.connect(keep, weak=False)
    try:
        with logged() as written, django_capture_on_commit_callbacks(execute=True):
            live_through(world, browser)
    finally:
        before_task_publish.disconnect(keep)
    text = written.getvalue()
    assert "Not Found" in text  # the log was heard
    places = {
        "log": text,
        "tasks": repr(published),
        "cache": repr(getattr(cache, "_cache", {})),
        "sessions": repr([session.get_decoded() for session in Session.objects.all()]),
        "cookies": browser.cookies.output(),
    }
    for place, held in places.items():
        # the address somebody made up themselves is theirs; nothing else repeats a secret
        held = held.replace(f"/concerns/{SECRET}/", "")
        assert "kanari" not in held.lower(), (place, re.findall(r".{80}kanari.{40}", held, re.IGNORECASE | re.DOTALL)[:3])
        assert not any(secret in held for secret in secrets_of(world)), place
    media = settings.MEDIA_ROOT
    for file in list(__import__("pathlib").Path(media).rglob("*")) if media else []:
        assert not file.is_file() or b"kanari" not in file.read_bytes().lower(), file


def test_tasks_take_no_arguments() -> None:
    ours = {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}
    assert "concerns.tasks.deliver_notices" in ours
    for name, task in ours.items():
        assert list(inspect.signature(task.run).parameters) == [], name
        assert task.ignore_result, name
    assert all(not entry.get("args") and not entry.get("kwargs") for entry in settings.CELERY_BEAT_SCHEDULE.values())


# Short facts that lists and procedures need; everything a person wrote in sentences is encrypted.
IN_CLEAR = {
    ("concerns_document", "filename"), ("concerns_document", "papername"), ("concerns_proceeding", "mediator"),
    ("concerns_proceeding", "paragraph"),
}  # fmt: skip


def test_rows_at_rest_hold_nothing_that_was_written(world: World, as_owner: Callable[[], Any]) -> None:
    found: set[tuple[str, str]] = set()
    with as_owner(), connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if name.startswith(("concerns_", "councils_", "django_"))]
        for table in tables:
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {connection.ops.quote_name(table)} t")
            for _case, name in CANARY.findall(cursor.fetchone()[0] or ""):
                found.add((table, name))
        cursor.execute("SELECT count(*) FROM concerns_narrative")
        assert cursor.fetchone()[0] >= 15  # the wall was down: the rows were there to be read
    assert found <= IN_CLEAR, found - IN_CLEAR


def failing(*_args: Any, **_kwargs: Any) -> Any:
    words = SECRET  # a local variable, as an error report would show it
    raise RuntimeError(f"broken with {words}")


@pytest.mark.parametrize(
    ("target", "url", "data"),
    [
        ("concerns.views.page.papers.record_opening", "page", None),
        ("concerns.views.steps.attempt", "add_note", {"text": SECRET}),
        ("concerns.outbox.put", "pass_on", {"token": "role:chair_of_council", "note": SECRET, "override_reason": SECRET}),
        ("concerns.audit.record", "accept", {"note": SECRET}),
    ],
)
def test_an_error_shows_no_words_and_leaves_nothing_behind(world: World, target: str, url: str, data: Any) -> None:
    case = world.cases["leaver"]
    browser = Client(raise_request_exception=False)
    browser.cookies = world.client("clerk").cookies
    where = at("page", case.pk) if url == "page" else at("do", case.pk, action=url)
    with by(world.town["clerk"]):
        before = Concern.objects.values().get(pk=case.pk)
    module, _dot, name = target.rpartition(".")
    owner: Any = __import__("importlib").import_module(module) if module != "concerns.views.page.papers" else __import__(
        "concerns.actions.papers", fromlist=["papers"]
    )
    with logged() as written, patch.object(owner, name, failing), transaction.atomic():
        answer = browser.post(where, data) if data else browser.get(where)
    assert answer.status_code == 500
    page = answer.content.decode()
    for words in (SECRET, "RuntimeError", "Traceback", "failing", case.concern.reference, str(case.pk)):
        assert words not in page
    assert "RuntimeError" in written.getvalue()  # the log says where
    assert SECRET not in written.getvalue()
    with by(world.town["clerk"]):
        assert Concern.objects.values().get(pk=case.pk) == before


def test_an_error_in_the_database_quotes_no_row(world: World) -> None:
    browser = Client(raise_request_exception=False)
    browser.cookies = world.client("councillor7").cookies

    def collide(*_args: Any, **_kwargs: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::int", [SECRET])

    with logged() as written, patch.object(lists, "first_page", collide), transaction.atomic():
        answer = browser.get("/concerns/")
    assert answer.status_code == 500
    assert SECRET not in answer.content.decode()
    assert "DataError" in written.getvalue() or "InvalidTextRepresentation" in written.getvalue()
    assert SECRET not in written.getvalue()


def test_a_task_that_fails_logs_no_words(world: World) -> None:
    from concerns.tasks import deliver_notices

    with logged() as written, patch("concerns.outbox.claim", failing):
        result = deliver_notices.apply()
    assert result.failed()
    assert SECRET not in written.getvalue()


def test_one_address_two_people_two_answers_and_nothing_kept(world: World) -> None:
    case = world.cases["settled"]
    for url in (at("page", case.pk), at("circle", case.pk), f"/concerns/{case.pk}/documents/{case.files[0]}/", "/concerns/", "/"):
        answers = {who: ask(world, who, "get", url) for who in ("clerk", "officer1", "councillor7", "officer1", "clerk")}
        assert answers["clerk"].content != answers["officer1"].content
        for answer in answers.values():
            assert answer["Cache-Control"] == "no-store, private"
            assert "ETag" not in answer and "Last-Modified" not in answer and "Expires" not in answer
    assert not any(name in repr(getattr(cache, "_cache", {})) for name in (case.concern.reference, str(case.pk)))


def test_the_log_of_every_step_of_the_world_is_silent(world: World) -> None:
    """The actions, run once more with every logger at its loudest."""
    case = world.cases["passed"]
    chair = world.town["chair"]
    with logged() as written, by(chair), transaction.atomic():
        verb.ACTIONS[Action.ADD_NOTE](concern_id=case.pk, by=chair, now=timezone.now(), text=canary("passed", "loud"))
        transaction.set_rollback(True)
    assert "kanari" not in written.getvalue().lower()
