"""One cell of the matrix: ask as somebody, look for what must not be there, compare with the table."""

from __future__ import annotations

import copy
import html
import re
from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.urls import reverse

from concerns.enums import Action
from concerns.models import (
    ConcernSubject,
    ConcernUserObjectPermission,
    Document,
    Event,
    Exclusion,
    Narrative,
    Notice,
    Opening,
    Participation,
    Witness,
)  # fmt: skip
from tests.factories.concerns import by
from tests.matrix.table import CASE_ROUTES, DONE_WHEN_EMPTY, METHODS, OPEN, RAISERS, expected, kind_of
from tests.matrix.world import CANARY, Case, World

TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
NOT_STEPS = (Action.SAVE_DRAFT, Action.DELETE_DRAFT, Action.SUBMIT, Action.MAKE_COPY)  # a draft's, and a file's own
STEPS = [action.value for action in Action if action not in NOT_STEPS]
NO_STEPS = ["submit", "save_draft", "delete_draft", "make_copy", "no-such-step"]


def ask(world: World, who: str, method: str, url: str, data: Any = None, *, keep: bool = False, **more: Any) -> Any:
    """The answer; whatever it changed is undone unless ``keep``. A form always brings something, as browsers do."""
    client = world.client(who)
    cookies = copy.deepcopy(client.cookies)
    send = getattr(client, method)
    with transaction.atomic():
        answer = send(url, data or {"sent": "1"}, **more) if method == "post" else send(url, **more)
        if not keep:
            transaction.set_rollback(True)
    client.cookies = cookies
    return answer


def everything(answer: Any) -> str:
    """Body, headers and cookies as one text, as a person or a proxy would see them."""
    head = "\n".join(f"{name}: {value}" for name, value in answer.items()) + "\n" + answer.cookies.output()
    return head + "\n\n" + html.unescape(answer.content.decode("utf-8", "replace"))


def canaries(answer: Any) -> set[str]:
    """The cases whose secrets are somewhere in the answer."""
    return {case.lower() for case, _name in CANARY.findall(everything(answer))}


def references(world: World, answer: Any) -> set[str]:
    """The cases whose references are somewhere in the answer."""
    text = everything(answer)
    return {case.name for case in world.cases.values() if case.concern.reference in text}


def check_title(world: World, answer: Any) -> None:
    """The title is fixed words: no name, reference or secret."""
    page = answer.content.decode("utf-8", "replace")
    assert 'href=""' not in page, page[:400]  # a link that leads nowhere
    found = TITLE.search(page)
    if found is None:
        return
    title = html.unescape(found[1])
    assert title.strip().endswith(" – Protocol Portal"), title
    assert not CANARY.search(title), title
    secret = [case.concern.reference for case in world.cases.values()]
    secret += [person.full_name for person in world.people.values() if person is not None]
    assert not any(words in title for words in secret), title


def address(route: str, case: Case, **more: Any) -> str:
    """The address of one screen of a case."""
    if route in ("concerns:document", "concerns:draft-file-remove"):
        more["document"] = case.files[0]
    return reverse(route, kwargs={"concern": case.pk, **more})


def absent(world: World, route: str, case: Case, **more: Any) -> str:
    """The same screen of a case that doesn't exist."""
    return address(route, Case("none", type(case.concern)(id=uuid4()), [uuid4()]), **more)


def same(answer: Any, other: Any) -> None:
    """Two answers that nobody could tell apart: body, headers, cookies."""
    assert answer.status_code == other.status_code
    assert answer.content == other.content
    assert dict(answer.items()) == dict(other.items())
    assert answer.cookies.output() == other.cookies.output()


def plain(answer: Any) -> tuple[str, dict[str, str], list[str]]:
    """What may be compared of a page with a form: without the form's token and the ids of its own address."""
    body = TOKEN.sub("", answer.content.decode())
    return ID.sub("", body), dict(answer.items()), sorted(answer.cookies)


def clean(world: World, answer: Any) -> None:
    """Nobody is named in the answer, and nothing of any case is in it."""
    text = everything(answer)
    assert not any(person is not None and person.full_name in text for person in world.people.values())
    assert canaries(answer) == references(world, answer) == set()


def check(world: World, who: str, case: Case, url: str, method: str, wanted: str, answer: Any) -> None:
    """Status as in the table; nothing of any case that this person may not read."""
    where = f"{who} · {case.name} · {method.upper()} {url}"
    if wanted == "login":
        assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={url}"), where
    else:
        assert answer.status_code == int(wanted), f"{where}: {answer.status_code}, not {wanted}"
    kind = kind_of(who, case.name)
    may_read = kind in ("owner", "raiser", "reads") and case.name != "redirected"
    assert canaries(answer) <= ({case.name} if may_read else set()), where
    assert references(world, answer) <= (set() if kind in ("stranger", "visitor") else {case.name}), where
    if kind == "visitor":
        clean(world, answer)
    if answer.status_code != 405 and not answer.streaming:
        assert answer["Cache-Control"] == "no-store, private", where
    check_title(world, answer)


def named_or_out(world: World, case: Case) -> set[str]:
    """Whom a case is about, who saw it, and who is excluded from it."""
    raiser = world.people[RAISERS[case.name]]
    assert raiser is not None
    found: set[Any] = set()
    with by(raiser):
        for model in (ConcernSubject, Witness, Exclusion):
            found.update(model.objects.filter(concern_id=case.pk).values_list("person_id", flat=True))
    return {who for who, person in world.people.items() if person is not None and person.pk in found}


def screens(world: World, case: Case) -> int:
    """Every screen of one case and every method; returns the number of cells.

    For everybody in its circle, everybody it names or keeps out, and half of the rest: those take turns from case to case.
    """
    cells, turn = 0, list(world.cases).index(case.name)
    never_away = named_or_out(world, case)
    away = {who for who in world.people if kind_of(who, case.name) == "stranger" and who not in never_away}
    away = set(sorted(away)[turn % 2 :: 2])
    for route in CASE_ROUTES:
        url, none = address(route, case), absent(world, route, case)
        nothing = {method: ask(world, "outsider", method, none) for method in METHODS}
        for answer in nothing.values():
            clean(world, answer)
        for who in (who for who in world.people if who not in away):
            kind = kind_of(who, case.name)
            inside = kind not in ("stranger", "visitor")
            for method, wanted in zip(METHODS, expected(who, case.name, route), strict=True):
                answer = ask(world, who, method, url, keep=not inside)
                if wanted == "404":
                    same(answer, nothing[method])
                else:
                    check(world, who, case, url, method, wanted, answer)
                if kind == "visitor" and wanted == "401":
                    assert plain(answer) == plain(ask(world, who, method, none))
                cells += 1
    return cells


def steps(world: World, case: Case) -> int:
    """Every step for those in the circle, and each time another few for everybody else; returns the number of cells."""
    cells = 0
    nothing = {method: ask(world, "outsider", method, absent(world, "concerns:do", case, action="accept")) for method in METHODS}
    turn = list(world.cases).index(case.name)
    for number, who in enumerate(world.people):
        kind = kind_of(who, case.name)
        inside = kind not in ("stranger", "visitor")
        # strangers take turns, so that each meets every step at some case, and each step every stranger
        some = [STEPS[(number * 5 + turn * 3 + at) % len(STEPS)] for at in range(3)]
        for step in [*STEPS, *NO_STEPS] if inside else [*some, NO_STEPS[number % len(NO_STEPS)]]:
            url = address("concerns:do", case, action=step)
            for method in METHODS if step in some else ("get", "post"):
                wanted = _step(who, case.name, kind, step, method)
                answer = ask(world, who, method, url, keep=not inside)
                if wanted == "404":
                    same(answer, nothing[method])
                else:
                    check(world, who, case, url, method, wanted, answer)
                cells += 1
    return cells


def _step(who: str, case: str, kind: str, step: str, method: str) -> str:
    if kind == "visitor":
        return "401" if method == "post" else "login"
    if kind in ("stranger", "owner") or step in NO_STEPS:
        return "404"
    if step not in OPEN[case][who].split():
        return "409"
    if method == "post":
        return "302" if step in DONE_WHEN_EMPTY else "422"
    return "200"


def fingerprint(world: World, case: Case) -> Any:
    """What the database holds of a case, as its raiser finds it: rows of every kind."""
    raiser = world.people[RAISERS[case.name]]
    assert raiser is not None
    with by(raiser):
        row = type(case.concern).objects.filter(pk=case.pk).values().first()
        many: Iterable[Any] = (Narrative, Participation, Document, Opening, ConcernUserObjectPermission)
        counts = {}
        for model in many:
            key = "content_object_id" if model is ConcernUserObjectPermission else "concern_id"
            counts[model.__name__] = model.objects.filter(**{key: case.pk}).count()
        counts["Event"] = Event.objects.filter(concern_id=case.pk).count()
        counts["Notice"] = Notice.objects.filter(concern_id=case.pk).count()
        return row, counts
