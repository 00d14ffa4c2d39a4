"""Every address of requests and questions, asked by everybody of the world with every method, scanned for canaries."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse

from information.enums import QuestionAction, RequestAction
from information.forms.steps import FORMS, QUESTION_FORMS
from information.models import AccessRequest
from tests.concerns.screens import frozen
from tests.factories.councils import town
from tests.information.world import ASKER, CIRCLES, QUESTIONS, World, build
from tests.matrix.cells import TITLE, ask, canaries, everything, plain, same
from tests.matrix.rows_information import ROUTES
from tests.matrix.table import METHODS

pytestmark = pytest.mark.django_db
DRAFTS = ("information:draft-what", "information:draft-why", "information:draft-send", "information:draft-delete")
# The steps open to each part in each state of a request.
OPEN = {
    "justify": {"requester": "justify close"},
    "waiting": {"requester": "close", "determiner": "ask_justification pass_on grant partly_grant refuse", "adviser": "give_advice"},
    "place": {"requester": "close", "determiner": "ask_justification pass_on ask_advice grant partly_grant refuse", "refuser": "refuse"},
    "passed": {"requester": "close", "determiner": "ask_justification pass_on ask_advice grant partly_grant refuse"},
    "concern": {"requester": "send_again close", "determiner": "ask_justification pass_on ask_advice grant partly_grant refuse"},
    "granted": {"requester": "receive close"},
    "partly": {"requester": "receive ask_review close"},
    "refused": {"requester": "ask_review close"},
    "review": {"requester": "close", "reviewer": "pass_on review_grant review_refuse"},
    "upheld": {"requester": "close"},
    "found": {"requester": "receive close"},
    "closed": {},
}


class _Undo(Exception):
    """Ends the file's transaction without keeping it."""


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    logging.getLogger("django.request").disabled = True
    with django_db_blocker.unblock(), frozen():
        try:
            with transaction.atomic():
                yield build(town("auth5c"), town("weston"))
                raise _Undo
        except _Undo:
            pass
    logging.getLogger("django.request").disabled = False


def address(route: str, row: Any, **more: Any) -> str:
    pk = row if not hasattr(row, "pk") else row.pk
    name = "question_id" if "question" in route else "request_id"
    return reverse(route, kwargs={name: pk, **more})


def part(name: str, who: str) -> str:
    if who == "visitor":
        return "visitor"
    return {**CIRCLES, **QUESTIONS}[name].get(who, "stranger")


def check(world: World, name: str, who: str, url: str, wanted: str, answer: Any) -> None:
    where = f"{who} · {name} · {url}"
    if wanted == "login":
        assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={url}"), where
    else:
        assert answer.status_code == int(wanted), f"{where}: {answer.status_code}, not {wanted}"
    sees = part(name, who) not in ("stranger", "visitor", "passed")
    assert canaries(answer) <= ({name} if sees else set()), where
    for other, row in world.rows.items():
        assert (other == name and sees) or row.reference not in everything(answer), where
    title = TITLE.search(answer.content.decode("utf-8", "replace"))
    if title:
        assert "kanari" not in title[1]
        assert not any(person and person.full_name in title[1] for person in world.people.values())
    if answer.status_code != 405:
        assert answer["Cache-Control"] == "no-store, private", where


@pytest.mark.parametrize("name", list(CIRCLES))
def test_request_screens_answer_each_person_as_in_the_table(world: World, name: str) -> None:
    row = world.rows[name]
    for route in ("information:page", *(DRAFTS if name in ("draft", "waiting") else ())):
        nothing = {method: ask(world, "outsider", method, address(route, uuid4())) for method in METHODS}
        for who in world.people:
            kind = part(name, who)
            for method, wanted in zip(METHODS, ROUTES[route][kind].split(), strict=True):
                answer = ask(world, who, method, address(route, row))
                if wanted == "404":
                    same(answer, nothing[method])
                else:
                    check(world, name, who, address(route, row), wanted, answer)
                if kind == "visitor" and wanted == "401":
                    assert plain(answer) == plain(ask(world, who, method, address(route, uuid4())))


@pytest.mark.parametrize("name", list(CIRCLES))
def test_request_steps_are_open_to_their_part_in_their_state_and_to_nobody_else(world: World, name: str) -> None:
    row = world.rows[name]
    slugs = [action.value.removeprefix("request_") for action in FORMS]
    nothing = {method: ask(world, "outsider", method, address("information:do", uuid4(), action="close")) for method in METHODS}
    for number, who in enumerate(world.people):
        kind = part(name, who)
        inside = kind not in ("stranger", "visitor", "passed")
        some = ["grant"] if number % 2 else ["no-such-step"]
        for slug in [*slugs, "ask", "save", "delete", "no-such-step"] if inside else some:
            url = address("information:do", row, action=slug)
            # what is closed to a part is refused before the form is looked at: one POST of those is enough
            asked = ("get", "post") if not inside or slug in OPEN.get(name, {}).get(kind, "").split() or slug == "grant" else ("get",)
            for method in METHODS if slug == "grant" and inside else asked:
                wanted = _step(name, kind, slug, method)
                answer = ask(world, who, method, url)
                if wanted == "404":
                    same(answer, nothing[method])
                else:
                    check(world, name, who, url, wanted, answer)


def _step(name: str, kind: str, slug: str, method: str) -> str:
    if kind == "visitor":
        return "401" if method == "post" else "login"
    if kind in ("stranger", "passed", "owner") or f"request_{slug}" not in {action.value for action in FORMS}:
        return "404"
    if slug not in OPEN[name].get(kind, "").split():
        return "409"
    return "422" if method == "post" else "200"  # without the version of the page nothing is done


@pytest.mark.parametrize("name", list(QUESTIONS))
def test_question_screens_answer_each_person_as_in_the_table(world: World, name: str) -> None:
    row = world.rows[name]
    opened = {("question", "asker"): "close", ("question", "answerer"): "answer pass_on", ("answered", "asker"): "close", ("answered", "answerer"): "publish"}
    none = {method: ask(world, "outsider", method, address("information:question", uuid4())) for method in METHODS}
    for who in world.people:
        kind = part(name, who)
        url = address("information:question", row)
        for method, wanted in zip(METHODS, ROUTES["information:question"][kind].split(), strict=True):
            answer = ask(world, who, method, url)
            if wanted == "404":
                same(answer, none[method])
            else:
                check(world, name, who, url, wanted, answer)
        every = [action.value.removeprefix("question_") for action in QUESTION_FORMS] + ["ask"]
        for action in every if kind not in ("stranger", "visitor") else ["answer"]:
            for method in ("get", "post"):
                answer = ask(world, who, method, address("information:question-do", row, action=action))
                check(world, name, who, address("information:question-do", row, action=action), _question_step(name, kind, action, method, opened), answer)


def _question_step(name: str, kind: str, action: str, method: str, opened: dict[tuple[str, str], str]) -> str:
    if kind == "visitor":
        return "401" if method == "post" else "login"
    if kind == "stranger" or action in ("ask", "no-such-step"):
        return "404"
    if action not in opened[name, kind].split():
        return "409"
    return "422" if method == "post" else "200"


def test_lists_show_each_person_their_own_and_what_they_have_a_seat_on(world: World) -> None:
    for who in world.people:
        for route in ("information:list", "information:questions", "concerns:home"):
            answer = ask(world, who, "get", reverse(route))
            if who == "visitor":
                assert answer.status_code == 302
                continue
            assert answer.status_code == 200
            mine = {name for name, circle in {**CIRCLES, **QUESTIONS}.items() if circle.get(who, "passed") != "passed"}
            assert canaries(answer) <= mine, (who, route)
            assert {name for name, row in world.rows.items() if row.reference in everything(answer)} <= mine, (who, route)
    shown = everything(ask(world, "director2", "get", reverse("information:list")))
    assert str(world.rows["waiting"].pk) in shown
    assert str(world.rows["passed"].pk) not in shown


def test_addresses_of_a_council_are_for_its_people(world: World) -> None:
    kinds = {"councillor1": "councillor", "officer1": "officer", "outsider": "stranger", "leaver": "stranger", "operator": "stranger", "visitor": "visitor"}
    for route in ("information:new-in", "information:question-new-in", "information:published", "information:arrangement-new-in"):
        url = reverse(route, kwargs={"key": "auth5c", **({"kind": "contact"} if "arrangement" in route else {})})
        for who, kind in kinds.items():
            for method, wanted in zip(METHODS, ROUTES[route][kind].split(), strict=True):
                answer = ask(world, who, method, url)
                if wanted == "login":
                    assert answer["Location"] == f"/accounts/login/?next={url}"
                else:
                    assert answer.status_code == int(wanted), (who, method, url)
    assert ask(world, "admin", "get", reverse("information:published", kwargs={"key": "auth5c"})).status_code == 200
    assert ask(world, "admin", "get", reverse("information:new-in", kwargs={"key": "auth5c"})).status_code == 404


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_every_other_method_is_refused(world: World, method: str) -> None:
    row = world.rows["waiting"]
    for url in (address("information:page", row), address("information:do", row, action="grant"), reverse("information:list"), reverse("information:questions")):
        for who in ("visitor", ASKER, "councillor3"):
            assert ask(world, who, method, url).status_code == 405


def test_the_requester_never_sees_advice_or_how_before_the_purpose_is_accepted(world: World) -> None:
    pages = {name: everything(ask(world, ASKER, "get", address("information:page", world.rows[name]))) for name in ("waiting", "granted", "found")}
    assert "kanari-waiting-advicewanted" not in pages["waiting"]
    assert "kanari-granted-how" not in pages["granted"]
    assert "kanari-found-how" not in pages["found"]
    assert "kanari-waiting-advicewanted" in everything(ask(world, "mo", "get", address("information:page", world.rows["waiting"])))


def test_steps_of_the_matrix_are_the_steps_there_are() -> None:
    used = {slug for circle in OPEN.values() for steps in circle.values() for slug in steps.split()}
    assert used == {action.value.removeprefix("request_") for action in FORMS}
    assert {*FORMS, RequestAction.SAVE, RequestAction.DELETE, RequestAction.ASK} == set(RequestAction)
    assert {*QUESTION_FORMS, QuestionAction.ASK} == set(QuestionAction)
    assert AccessRequest._meta.default_permissions == ()
