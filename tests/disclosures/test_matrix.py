"""Every address of the subject's side, asked by everybody, with a canary in each secret of the concern and the disclosure."""

from __future__ import annotations

import html
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from concerns import policy
from concerns.enums import Action, Capacity
from concerns.models import Concern
from disclosures.enums import DisclosureAction as A
from disclosures.models import Disclosure, SubjectPaper
from tests.disclosures.telling import BY, act
from tests.factories.concerns import NOW, by, do
from tests.matrix.cells import ask, check_title, everything, plain, same
from tests.matrix.rows_disclosures import ROUTES
from tests.matrix.table import METHODS
from tests.matrix.world import CANARY, World, _sent, canary

pytestmark = pytest.mark.django_db
# Whom each person of the world is to the case; everybody else is a stranger.
KINDS = {
    "officer1": "told", "officer3": "other", "councillor3": "raiser", "clerk": "handler", "councillor1": "reads", "vice": "status",
    "visitor": "visitor",
}  # fmt: skip
# What the person it was disclosed to may find of everything that was planted, and who deals with it.
THEIRS = {"text", "answer", "mine", "companion", "reply"}
FILE = {"disclosures:told-paper", "disclosures:telling-paper", "disclosures:told-disclosed"}


@dataclass
class Told:
    """A case with a disclosure to each of two subjects."""

    concern: Concern
    row: Disclosure
    other: Disclosure
    paper: SubjectPaper
    given: Any


@pytest.fixture(scope="module")
def told(world: World) -> Told:
    w = world.town
    case = _sent(w, "telling", w["councillor3"], [w["officer1"], w["officer3"]], token="role:proper_officer", witnesses=[world.people["witness"]])
    concern, clerk = case.concern, w["clerk"]
    do(Action.ACCEPT, concern, clerk, note=canary("telling", "note"))
    with by(clerk):
        policy.grant(concern, w["councillor1"], Capacity.READER, reason="handed_over", by=clerk, now=NOW)
        policy.grant(concern, w["vice"], Capacity.EXCEPTION_HOLDER, reason="finds_handler", by=clerk, now=NOW)
    copy = a_copy(concern, clerk, case.files[0])
    row = draft(concern, clerk, w["officer1"], canary("telling", "text"), copies=[copy])
    act(A.DISCLOSE, clerk, concern_id=concern.pk, disclosure_id=row.pk)
    other = draft(concern, clerk, w["officer3"], canary("telling", "othertext"))
    act(A.DISCLOSE, clerk, concern_id=concern.pk, disclosure_id=other.pk)
    act(A.OPEN_DISCLOSURE, w["officer1"], disclosure_id=row.pk)
    act(A.NAME_COMPANION, w["officer1"], disclosure_id=row.pk, name=canary("telling", "companion"), kind="colleague")
    paper = act(A.ADD_SUBJECT_PAPER, w["officer1"], disclosure_id=row.pk, name=f"{canary('telling', 'mine')}.txt",
                content=canary("telling", "mine").encode())  # fmt: skip
    with by(clerk):
        given = Disclosure.objects.get(pk=row.pk).disclosed_papers.get()
    return Told(concern, row, other, paper, given)


def draft(concern: Concern, teller: Any, person: Any, text: str, **more: Any) -> Disclosure:
    known = {"kind": "allegations", "answer_by": BY, "basis": "set_here", **more}
    return act(A.DRAFT_DISCLOSURE, teller, concern_id=concern.pk, person=person, text=text, **known)


def a_copy(concern: Concern, by_whom: Any, document: Any) -> Any:
    """A copy of a paper from which its canary was taken out; its name still carries one."""
    from concerns.models import DisclosedCopy

    with by(by_whom):
        return DisclosedCopy.objects.create(
            concern=concern, document_id=document, name=f"{canary('telling', 'copyname')}.txt", media_type="text/plain", size=7,
            sha256="0" * 64, content=b"cleaned", made_by=by_whom, made_at=NOW,
        ).pk  # fmt: skip


def url_of(route: str, told: Told, *, absent: bool = False, row: Disclosure | None = None) -> str:
    """The address for the disclosure to ``officer1``, or of one that isn't there."""
    wanted: dict[str, Any] = {}
    name = route.partition(":")[2]
    if name.startswith(("telling", "discipline")):
        wanted["concern"] = uuid4() if absent else told.concern.pk
    if name not in ("told-list", "telling-new") and not name.startswith("discipline"):
        wanted["disclosure"] = uuid4() if absent else (row or told.row).pk
    if route in FILE:
        wanted["paper"] = uuid4() if absent else (told.given if route == "disclosures:told-disclosed" else told.paper).pk
    return reverse(route, kwargs=wanted)


def planted(answer: Any) -> set[tuple[str, str]]:
    return {(case.lower(), name.lower()) for case, name in CANARY.findall(everything(answer))}


def test_every_cell_of_every_address(world: World, told: Told) -> None:
    cells = 0
    strangers = [who for who in world.people if who not in KINDS]
    for turn, (route, row) in enumerate(ROUTES.items()):
        nothing = {method: ask(world, "outsider", method, url_of(route, told, absent=True)) for method in METHODS}
        # strangers take turns, so that each meets several addresses and each address several of them
        some = strangers if route == "disclosures:told" else [strangers[(turn * 5 + at) % len(strangers)] for at in range(5)]
        for who in [*KINDS, *some]:
            kind = KINDS.get(who, "stranger")
            url = url_of(route, told)
            for method, wanted in zip(METHODS, row[kind].split(), strict=True):
                answer = ask(world, who, method, url)
                where = f"{who} ({kind}) {method.upper()} {route}"
                if wanted == "login":
                    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={url}"), where
                else:
                    assert answer.status_code == int(wanted), f"{where}: {answer.status_code}, not {wanted}"
                if wanted == "404":
                    same(answer, nothing[method])
                if wanted == "401":
                    assert plain(answer) == plain(ask(world, who, method, url_of(route, told, absent=True))), where
                clean(world, told, who, kind, route, answer, where)
                cells += 1
    assert cells == (len(ROUTES) * len(KINDS) + (len(ROUTES) - 1) * 5 + len(strangers)) * len(METHODS)


def clean(world: World, told: Told, who: str, kind: str, route: str, answer: Any, where: str) -> None:
    """Nothing of the concern where the concern isn't read; nothing but the disclosure for the one it was made to."""
    check_title(world, answer)
    if answer.status_code != 405:
        assert answer["Cache-Control"] == "no-store, private", where
    if kind in ("handler", "reads"):
        return
    text = everything(answer)
    found = planted(answer)
    assert found <= ({("telling", name) for name in THEIRS} if kind == "told" else set()), (where, found)
    assert told.concern.reference not in text, where
    if route.startswith("disclosures:told"):
        assert (str(told.concern.pk) in text) is False, where
        assert str(told.other.pk) not in text or kind == "other", where
    hidden = {"councillor3", "witness", "officer3", "vice", "councillor1"} - {who}
    for name in hidden:
        person = world.people[name]
        assert person is not None
        assert person.full_name not in html.unescape(text), (where, name)


def test_the_subject_finds_what_was_disclosed_and_their_own_words(world: World, told: Told) -> None:
    page = ask(world, "officer1", "get", url_of("disclosures:told", told))
    assert planted(page) == {("telling", "text"), ("telling", "mine"), ("telling", "companion")}
    clerk = world.people["clerk"]
    assert clerk is not None
    assert f"{clerk.full_name}, as Town Clerk" in everything(page)
    assert planted(ask(world, "officer1", "get", url_of("disclosures:told-paper", told))) == {("telling", "mine")}
    given = ask(world, "officer1", "get", url_of("disclosures:told-disclosed", told))
    assert (given.content, given["Content-Disposition"]) == (b"cleaned", 'attachment; filename="paper-1.txt"')


def test_who_deals_with_it_finds_all_of_it(world: World, told: Told) -> None:
    page = ask(world, "clerk", "get", url_of("disclosures:telling", told))
    assert planted(page) == {("telling", "text"), ("telling", "mine"), ("telling", "companion"), ("telling", "copyname")}
    panel = everything(ask(world, "clerk", "get", reverse("concerns:page", kwargs={"concern": told.concern.pk})))
    assert (str(told.row.pk) in panel, str(told.other.pk) in panel) == (True, True)


def test_the_raiser_learns_that_and_when_but_not_what(world: World, told: Told) -> None:
    page = ask(world, "councillor3", "get", reverse("concerns:page", kwargs={"concern": told.concern.pk}))
    text = everything(page)
    assert "Something was disclosed to the person it is about" in text
    assert {name for _case, name in planted(page)} & {"text", "othertext", "answer", "mine", "companion", "copyname"} == set()
    assert str(told.row.pk) not in text


def test_the_start_page_says_it_in_fixed_words(world: World, told: Told) -> None:
    home = ask(world, "officer3", "get", "/")
    assert "Something was disclosed to you" in everything(home)
    assert planted(home) == set()
    assert told.concern.reference not in everything(home)
    assert "Something was disclosed to you" not in everything(ask(world, "councillor5", "get", "/"))


STATES = {  # state → answers of GET and POST (with an answer) at: answer, papers, companion, then telling-disclose, -write, -close
    "DRAFTED": ("404 404", "404 404", "404 404", "200 302", "200 302", "409 409"),
    "DISCLOSED": ("200 302", "200 302", "200 302", "302 409", "409 409", "409 409"),
    "OPENED": ("200 302", "200 302", "200 302", "302 409", "409 409", "409 409"),
    "ANSWERED": ("409 409", "200 302", "200 302", "302 409", "409 409", "200 302"),
    "CLOSED": ("409 409", "409 409", "409 409", "302 409", "409 409", "409 409"),
}


@pytest.mark.parametrize("state", STATES)
def test_each_address_by_state(world: World, state: str) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    w = world.town
    concern = _sent(w, "telling", w["councillor3"], w["officer1"], token="role:proper_officer").concern
    do(Action.ACCEPT, concern, w["clerk"])
    row = draft(concern, w["clerk"], w["officer1"], canary("telling", "text"))
    known = {"concern_id": concern.pk, "disclosure_id": row.pk}
    steps = [
        (A.DISCLOSE, "clerk", known), (A.OPEN_DISCLOSURE, "officer1", {"disclosure_id": row.pk}),
        (A.ANSWER_DISCLOSURE, "officer1", {"disclosure_id": row.pk, "answer": canary("telling", "answer")}),
        (A.CLOSE_DISCLOSURE, "clerk", {**known, "reply": canary("telling", "reply")}),
    ]  # fmt: skip
    for action, who, answers in steps[: list(STATES).index(state)]:
        act(action, w[who], **answers)
    mine, on = {"disclosure": row.pk}, {"concern": concern.pk, "disclosure": row.pk}
    day = {"answer_by_day": "30", "answer_by_month": "1", "answer_by_year": "2026"}
    asked = [
        ("officer1", "told-answer", mine, {"answer": "x"}),
        ("officer1", "told-papers", mine, None),
        ("officer1", "told-companion", mine, {"name": "Una", "kind": "colleague"}),
        ("clerk", "telling-disclose", on, {"revision": ""}),
        ("clerk", "telling-write", on, {"person": str(w["officer1"].pk), "kind": "allegations", "text": "x", "basis": "set_here", "revision": "1", **day}),
        ("clerk", "telling-close", on, {"revision": ""}),
    ]  # fmt: skip
    found = []
    for who, name, kwargs, data in asked:
        url = reverse(f"disclosures:{name}", kwargs=kwargs)
        body = data or {"file": SimpleUploadedFile("a.txt", b"words")}
        found.append(f"{ask(world, who, 'get', url).status_code} {ask(world, who, 'post', url, body).status_code}")
    assert tuple(found) == STATES[state]
    page = ask(world, "officer1", "get", reverse("disclosures:told", kwargs=mine))
    seen = {"DRAFTED": set(), "DISCLOSED": {"text"}, "OPENED": {"text"}, "ANSWERED": {"text", "answer"}, "CLOSED": {"text", "answer", "reply"}}
    assert {name for _case, name in planted(page)} == seen[state]


def test_an_ex_councillor_finds_their_own(world: World, told: Told) -> None:
    w, leaver = world.town, world.people["leaver"]
    assert leaver is not None
    early = NOW - timedelta(days=10)
    concern = _sent(w, "leaving", w["officer2"], leaver, now=early).concern
    do(Action.ACCEPT, concern, w["clerk"], now=early)
    row = act(A.DRAFT_DISCLOSURE, w["clerk"], concern_id=concern.pk, person=leaver, kind="told", text=canary("leaving", "text"))
    act(A.DISCLOSE, w["clerk"], concern_id=concern.pk, disclosure_id=row.pk)
    act(A.OPEN_DISCLOSURE, leaver, disclosure_id=row.pk)
    for route in ("told-list", "told", "told-answer", "told-papers", "told-companion"):
        url = reverse(f"disclosures:{route}", kwargs={} if route == "told-list" else {"disclosure": row.pk})
        for method, wanted in zip(METHODS, ROUTES[f"disclosures:{route}"]["told_ex"].split(), strict=True):
            answer = ask(world, "leaver", method, url)
            assert answer.status_code == int(wanted), (route, method)
            assert planted(answer) <= {("leaving", "text")}
    assert "Something was disclosed to you" not in everything(ask(world, "leaver", "get", "/"))  # opened, and no answer is asked for


def test_every_other_method_is_refused(world: World, told: Told) -> None:
    for method in ("put", "patch", "delete", "options", "trace"):
        for route in ROUTES:
            answer = ask(world, "officer1", method, url_of(route, told))
            assert (answer.status_code, answer.content) == (405, b""), (method, route)
