"""Every address of data rights, asked by everybody, as the matrix says; and nothing of any matter in what strangers get."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from concerns.enums import Action
from councils.rls import system_work
from rights import queries, tasks
from rights.actions import access, telling
from rights.actions.verbs import ACTIONS
from rights.forms.steps import FORMS
from rights.models import Disposal, ExportItem
from tests.cluster import FIXTURE_ROLE
from tests.concerns.answers import answers_for
from tests.factories import kept
from tests.factories.concerns import CANARY, by, do, lodge
from tests.factories.councils import Town
from tests.matrix.rows_rights import ROUTES
from tests.rights.conftest import act, closed, keepers

pytestmark = pytest.mark.django_db
PEOPLE = {"admin": "admin", "keeper": "clerk", "party": "councillor6", "own": "officer1", "member": "councillor4", "handler": "clerk", "stranger": "", "visitor": ""}


class _Undo(Exception):
    """Ends the file's transaction without keeping it."""


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    with django_db_blocker.unblock():
        try:
            with transaction.atomic():
                yield _build(kept.towns(["yateley", "weston"]))
                raise _Undo
        except _Undo:
            pass


def _build(towns: dict[str, Town]) -> dict[str, Any]:
    @contextmanager
    def as_owner() -> Iterator[None]:
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {FIXTURE_ROLE}")
        yield
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE portal_app")

    town = towns["yateley"]
    keepers(town, "clerk", "deputy", "councillor6")
    concern = closed(town, as_owner, raiser="officer3")
    tasks.retire()
    open_one = lodge(town, town["officer1"], town["councillor6"], text=f"{CANARY} it happened")
    do(Action.ACCEPT, open_one, town["clerk"], **answers_for(town, Action.ACCEPT, open_one, town["clerk"], Random(1)))
    do(Action.ADD_DOCUMENT, open_one, town["officer1"], name=f"{CANARY}.txt", content=b"words")
    asked = act(town["officer1"], access.ask_access, council=town.council, scope=f"{CANARY} all of it")
    act(town["clerk"], access.gather, row_id=asked.pk)
    tasks.look()
    complaint = act(town["officer1"], telling.complain, council=town.council, text=f"{CANARY} wrong", against=town["councillor6"])
    breach = act(town["officer1"], telling.report_breach, council=town.council, what=f"{CANARY} lost")
    released = act(town["officer2"], access.ask_access, council=town.council)
    with system_work():
        disposal = Disposal.objects.get(case_id=concern.pk)
        item = ExportItem.objects.filter(request=asked, source="concern").first()
        file = ExportItem.objects.get(request=asked, source="file")
        keeper = next(row for row in queries.keepers(town.council) if row.person_id == town["councillor6"].pk)
    return {
        "town": town, "other": towns["weston"], "disposal": disposal.pk, "access": asked.pk, "item": item.pk, "file": file.pk, "complaint": complaint.pk, "breach": breach.pk,
        "concern": open_one.pk, "keeper": keeper.pk, "released": released.pk,
    }  # fmt: skip


def url(world: dict[str, Any], route: str, *, absent: bool = False) -> str:
    name = route.partition(":")[2]
    key = {"key": world["town"].council.key}
    given: dict[str, Any] = {
        "keeper-end": {**key, "keeper": world["keeper"]}, "retention": {**key, "outcome": "resolved"}, "concern-hold": {"concern": world["concern"]},
        "access-item": {"row": world["access"], "item": world["item"]}, "access-item-file": {"row": world["access"], "item": world["file"]},
        "disposal-do": {"row": world["disposal"], "action": "place-hold"}, "access-do": {"row": world["access"], "action": "refuse-access"},
        "complaint-do": {"row": world["complaint"], "action": "answer-complaint"}, "breach-do": {"row": world["breach"], "action": "assess-breach"},
        "access-fetch": {"row": world["access"]},
    }.get(name, {"row": world[name]} if name in world else key)  # fmt: skip
    if absent:
        given = {k: (uuid4() if k not in ("key", "outcome", "action") else v) for k, v in given.items()}
    return reverse(route, kwargs=given)


def client_of(world: dict[str, Any], kind: str, name: str) -> Client:
    client = Client()
    if kind == "visitor":
        return client
    person = world["other"]["clerk"] if kind == "stranger" else world["town"][PEOPLE[kind]]
    if kind == "own" and name == "breach":
        person = world["town"]["officer1"]
    if kind == "party" and name.startswith("breach"):
        person = world["town"]["councillor5"]  # nobody is a party to a breach
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.parametrize("route", [name for name in ROUTES if name not in ("rights:complaint-new", "rights:access-fetch")])
def test_address_answers_each_person_as_in_the_table(world: dict[str, Any], route: str) -> None:
    name = route.partition(":")[2]
    for kind, wanted in ROUTES[route].items():
        client, address = client_of(world, kind, name), url(world, route)
        for method, code in zip(("get", "head", "post"), wanted.split(), strict=True):
            if method == "head" and kind not in ("stranger", "visitor"):
                continue  # as GET is, and quicker
            with transaction.atomic():
                answer = getattr(client, method)(address)
                transaction.set_rollback(True)
            where = f"{route} {kind} {method}: {answer.status_code}"
            if code == "login":
                assert answer.status_code == 302 and answer["Location"].startswith("/accounts/login/"), where
            else:
                assert answer.status_code == int(code), where
            if code in ("404", "login", "401"):
                assert CANARY.encode() not in answer.content, where
            if code == "404" and "row" in address:
                assert answer.content == getattr(client, method)(url(world, route, absent=True)).content, where
            assert CANARY not in answer.headers.get("Content-Disposition", "")


def test_case_is_destroyed_by_two_in_the_browser(world: dict[str, Any]) -> None:
    def steps(name: str, action: str, **answers: str) -> int:
        client = Client()
        client.force_login(world["town"][name], backend="allauth.account.auth_backends.AuthenticationBackend")
        address = reverse("rights:disposal-do", kwargs={"row": world["disposal"], "action": action})
        found = client.get(address)
        revision = found.context["matter"].revision
        return int(client.post(address, {"revision": revision, **answers}).status_code)

    with transaction.atomic():
        assert steps("clerk", "ask-purge") == 302
        assert steps("clerk", "purge", sure="on") == 409  # whoever asked
        assert steps("deputy", "purge") == 422
        assert steps("deputy", "purge", sure="on") == 302
        with by(world["town"]["deputy"]):
            assert Disposal.objects.get(pk=world["disposal"]).state == "DONE"
        transaction.set_rollback(True)
    assert set(FORMS) <= set(ACTIONS)


def test_what_was_released_is_fetched_by_whoever_asked_and_nobody_else(world: dict[str, Any]) -> None:
    town, row = world["town"], world["released"]
    page = reverse("rights:access-fetch", kwargs={"row": row})
    with transaction.atomic():
        act(town["clerk"], access.gather, row_id=row)
        tasks.look()
        with by(town["clerk"]):
            left = list(ExportItem.objects.filter(request_id=row, verdict=""))
        for item in left:
            act(town["clerk"], access.decide_item, row_id=row, item=item, verdict="give")
        act(town["clerk"], access.prepare, row_id=row)
        act(town["deputy"], access.release, row_id=row, sure=True)
        own, keeper = Client(), Client()
        own.force_login(town["officer2"], backend="allauth.account.auth_backends.AuthenticationBackend")
        keeper.force_login(town["clerk"], backend="allauth.account.auth_backends.AuthenticationBackend")
        got = own.get(page)
        assert (got.status_code, got["Content-Type"], got.content[:2]) == (200, "application/zip", b"PK")
        assert got["Content-Disposition"].startswith('attachment; filename="') and town["officer2"].full_name not in got["Content-Disposition"]
        assert keeper.get(page).status_code == 404 and Client().get(page).status_code == 302
        assert b"Fetch your data" in own.get("/").content or b"Your data is ready to fetch" in own.get("/").content
        transaction.set_rollback(True)


def test_start_page_and_council_page_show_each_what_is_theirs(world: dict[str, Any]) -> None:
    home = {}
    for name in ("clerk", "councillor6", "councillor4"):
        client = Client()
        client.force_login(world["town"][name], backend="allauth.account.auth_backends.AuthenticationBackend")
        home[name] = client.get("/").content.decode()
        hub = client.get(url(world, "rights:council")).content.decode()
        assert (str(world["disposal"]) in hub) is (name == "clerk"), name
        assert (str(world["complaint"]) in hub) is (name == "clerk"), name
    words = ("A case whose time is over", "A request for somebody’s own data", "A complaint about data", "A data breach waits")
    assert [word in home["clerk"] for word in words] == [True] * 4
    assert [word in home["councillor6"] for word in words] == [False, True, False, True]  # of somebody else
    assert not any(word in home["councillor4"] for word in words)


def test_administrator_learns_that_a_records_keeper_is_missing_and_nothing_else(world: dict[str, Any]) -> None:
    town = world["town"]
    with transaction.atomic():
        client = Client()
        client.force_login(town["admin"], backend="allauth.account.auth_backends.AuthenticationBackend")
        assert "waits until another records keeper" not in client.get("/").content.decode()
        lodge(town, town["councillor3"], town["deputy"], witnesses=[town["officer1"]])  # with whoever asked for their data
        home, hub = client.get("/").content.decode(), client.get(url(world, "rights:council")).content.decode()
        assert "Something about data waits until another records keeper is named" in home and 'data-testid="too-few"' in hub
        assert str(world["access"]) not in home + hub
        transaction.set_rollback(True)


def test_register_is_public_and_holds_nothing_of_anybody(world: dict[str, Any]) -> None:
    answer = Client().get(f"/public/{world['town'].council.key}/register/")
    assert answer.status_code == 200
    words = answer.content.decode()
    assert "What personal data is kept" in words and "Ended in a formal procedure: 6 years" in words
    assert not any(person.full_name in words for person in world["town"].people.values())
