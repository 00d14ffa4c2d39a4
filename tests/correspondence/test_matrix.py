"""Every address of the room, asked by everybody, with a canary in each secret of the messages, the letters and the report."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pikepdf
import pytest
from django.urls import reverse

from concerns import policy
from concerns.actions.proceedings import open_proceeding
from concerns.enums import Action, Capacity, ProceedingKind
from concerns.models import Concern
from correspondence.actions import letters, messages
from correspondence.enums import LetterKind, Mark
from correspondence.models import CouncilReport, Letter, Message
from tests.factories.concerns import NOW, by, do
from tests.matrix.cells import ask, check_title, everything, plain, same
from tests.matrix.rows_correspondence import ROUTES
from tests.matrix.table import METHODS
from tests.matrix.world import CANARY, World, _sent, canary

pytestmark = pytest.mark.django_db
KINDS = {
    "councillor3": "raiser", "clerk": "handler", "councillor1": "reads", "vice": "status", "manager": "outside", "officer1": "subject",
    "visitor": "visitor",
}  # fmt: skip
# Of everything that was planted, what each kind may find.
THEIRS = {
    "raiser": {"one", "covers", "why", "agenda", "body", "told"},
    "handler": {"one", "covers", "why", "two", "letter", "draft", "address", "toname", "agenda", "body", "told"},
    "reads": {"agenda", "body", "told"},
    "outside": {"two"},
    "subject": {"letter"},
}


@dataclass
class Wrote:
    """A case with two messages, two letters and a report."""

    concern: Concern
    one: Message
    two: Message
    letter: Letter
    draft: Letter


@pytest.fixture(scope="module")
def wrote(world: World) -> Wrote:
    w = world.town
    case = _sent(w, "wrote", w["councillor3"], w["officer1"], token="role:proper_officer", witnesses=[world.people["witness"]])
    concern, clerk, raiser = case.concern, w["clerk"], w["councillor3"]
    do(Action.ACCEPT, concern, clerk)
    with by(raiser):
        one = messages.send_message(
            concern_id=concern.pk, by=raiser, now=NOW, body=canary("wrote", "one"), to=[clerk], marking=Mark.CONFIDENTIAL,
            covers=canary("wrote", "covers"), why=canary("wrote", "why"),
        )  # fmt: skip
    with by(clerk):
        policy.grant(concern, w["councillor1"], Capacity.READER, reason="handed_over", by=clerk, now=NOW)
        policy.grant(concern, w["vice"], Capacity.EXCEPTION_HOLDER, reason="finds_handler", by=clerk, now=NOW)
        two = messages.send_message(
            concern_id=concern.pk, by=clerk, now=NOW, body=canary("wrote", "two"), to=[w["manager"]], override_reason="needed"
        )
        letter = letters.draft_letter(concern=concern, kind=LetterKind.OUTCOME, by=clerk, now=NOW, to_person=w["officer1"])
        letters.edit_letter(letter_id=letter.pk, by=clerk, now=NOW, body=canary("wrote", "letter"))
        letter = letters.send_letter(letter_id=letter.pk, by=clerk, now=NOW)
        draft = letters.draft_letter(
            concern=concern, kind=LetterKind.REFERRAL, by=clerk, now=NOW, to_name=canary("wrote", "toname"), to_address=canary("wrote", "address")
        )
        letters.edit_letter(
            letter_id=draft.pk, by=clerk, now=NOW, body=canary("wrote", "draft"), to_name=canary("wrote", "toname"),
            to_address=canary("wrote", "address"),
        )  # fmt: skip
        open_proceeding(concern, ProceedingKind.COUNCIL_REPORT, by=clerk, now=NOW, session_type="no_names", meeting_on=NOW.date())
        texts = {"agenda_item": canary("wrote", "agenda"), "body": canary("wrote", "body"), "may_be_told": canary("wrote", "told")}
        CouncilReport.objects.filter(concern=concern).update(**texts)
    return Wrote(concern, one, two, letter, draft)


def url_of(route: str, wrote: Wrote, *, absent: bool = False) -> str:
    name = route.partition(":")[2]
    kind = "message" if name.startswith("message") and name not in ("messages", "message-new") else "concern"
    if name.startswith("letter") and name not in ("letters", "letter-new"):
        kind = "letter"
    known: dict[str, UUID] = {"message": wrote.one.pk, "letter": wrote.letter.pk, "concern": wrote.concern.pk}
    return reverse(route, kwargs={kind: uuid4() if absent else known[kind]})


def planted(answer: Any) -> set[str]:
    return {name.lower() for case, name in CANARY.findall(everything(answer)) if case.lower() == "wrote"}


def others(answer: Any) -> set[str]:
    return {case.lower() for case, _name in CANARY.findall(everything(answer))} - {"wrote"}


def look(world: World, wrote: Wrote, who: str, method: str, url: str) -> Any:
    answer = ask(world, who, method, url)
    kind = KINDS.get(who, "stranger")
    where = f"{who} ({kind}) {method.upper()} {url}"
    assert others(answer) == set(), where
    assert planted(answer) <= THEIRS.get(kind, set()), where
    if kind in ("outside", "subject", "stranger", "visitor"):
        assert wrote.concern.reference not in everything(answer), where
    check_title(world, answer)
    if answer.status_code != 405:
        assert answer["Cache-Control"] == "no-store, private", where
    return answer


def test_every_cell_of_every_address(world: World, wrote: Wrote) -> None:
    cells = 0
    for route, row in ROUTES.items():
        url, none = url_of(route, wrote), url_of(route, wrote, absent=True)
        nothing = {method: ask(world, "outsider", method, none) for method in METHODS}
        for who in world.people:
            kind = KINDS.get(who, "stranger")
            for method, wanted in zip(METHODS, row[kind].split(), strict=True):
                where = f"{who} ({kind}) {method.upper()} {route}"
                answer = look(world, wrote, who, method, url)
                if wanted == "login":
                    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={url}"), where
                else:
                    assert answer.status_code == int(wanted), f"{where}: {answer.status_code}, not {wanted}"
                if wanted == "404":
                    same(answer, nothing[method])
                if wanted == "401":
                    assert plain(answer) == plain(ask(world, who, method, none)), where
                cells += 1
    assert cells == len(ROUTES) * len(world.people) * 3


def test_message_to_somebody_outside_is_all_they_find(world: World, wrote: Wrote) -> None:
    url = reverse("correspondence:message", kwargs={"message": wrote.two.pk})
    for who in world.people:
        kind = KINDS.get(who, "stranger")
        wanted = {"outside": 200, "handler": 302, "visitor": 302}.get(kind, 404)
        assert look(world, wrote, who, "get", url).status_code == wanted, who
        for step in ("reply", "copy", "unmark"):
            address = reverse(f"correspondence:message-{step}", kwargs={"message": wrote.two.pk})
            wanted = {"handler": 409 if step == "unmark" else 200, "visitor": 302}.get(kind, 404)
            assert look(world, wrote, who, "get", address).status_code == wanted, (who, step)
    found = look(world, wrote, "manager", "get", url)
    assert planted(found) == {"two"}
    assert world.town["councillor3"].full_name not in everything(found)
    assert world.town["officer1"].full_name not in everything(found)


def test_draft_of_a_letter_is_found_by_whoever_deals_with_it_alone(world: World, wrote: Wrote) -> None:
    wanted = {"letter": (200, 405), "letter-edit": (200, 422), "letter-send": (200, 422), "letter-discard": (200, 422), "letter-pdf": (404, 405)}
    for name, (got, posted) in wanted.items():
        url = reverse(f"correspondence:{name}", kwargs={"letter": wrote.draft.pk})
        for who in world.people:
            kind = KINDS.get(who, "stranger")
            answer = look(world, wrote, who, "get", url)
            assert answer.status_code == {"handler": got, "visitor": 302}.get(kind, 404), (who, name)
        assert ask(world, "clerk", "post", url).status_code == posted, name


def test_pages_show_what_their_readers_may_find(world: World, wrote: Wrote) -> None:
    talk = reverse("correspondence:messages", kwargs={"concern": wrote.concern.pk})
    assert planted(ask(world, "councillor3", "get", talk)) == {"one", "covers", "why"}
    assert planted(ask(world, "clerk", "get", talk)) == {"one", "covers", "why", "two"}
    assert planted(ask(world, "councillor1", "get", talk)) == planted(ask(world, "vice", "get", talk)) == set()
    assert planted(ask(world, "officer1", "get", url_of("correspondence:letter", wrote))) == {"letter"}
    assert planted(ask(world, "councillor1", "get", url_of("correspondence:report", wrote))) == {"agenda", "body", "told"}


def test_letter_as_pdf_holds_the_letter_and_says_nothing_outside(world: World, wrote: Wrote) -> None:
    answer = ask(world, "officer1", "get", url_of("correspondence:letter-pdf", wrote))
    assert answer["Content-Disposition"] == 'attachment; filename="letter.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    with pikepdf.open(BytesIO(answer.content)) as document:
        assert str(document.docinfo.Title) == "The outcome"


def test_home_of_the_subject_points_at_the_letter_and_names_nothing(world: World, wrote: Wrote) -> None:
    home = ask(world, "officer1", "get", reverse("concerns:home"))
    assert reverse("correspondence:letter", kwargs={"letter": wrote.letter.pk}) in home.content.decode()
    assert planted(home) == set()
    assert wrote.concern.reference not in everything(home)
    outside = ask(world, "manager", "get", reverse("concerns:home"))
    assert reverse("correspondence:message", kwargs={"message": wrote.two.pk}) in outside.content.decode()
