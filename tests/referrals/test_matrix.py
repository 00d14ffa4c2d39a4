"""Every address of a referral, asked by everybody, with a canary in each secret of the concern and the referral."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from concerns import policy
from concerns.enums import Action, Capacity
from concerns.models import Concern
from councils.models import Person
from referrals.enums import Ground, Outcome, Step
from referrals.models import Measure, Referral
from tests.factories.concerns import NOW, by, do
from tests.factories.referrals import latest, sealed, take
from tests.matrix.cells import ask, check_title, everything, plain, same
from tests.matrix.rows_referrals import ROUTES
from tests.matrix.table import METHODS
from tests.matrix.world import BACKEND, CANARY, World, _sent, canary

pytestmark = pytest.mark.django_db
KINDS = {
    "clerk": "follower", "officer3": "reads", "councillor1": "reads", "helena": "office", "gareth": "colleague", "visitor": "visitor",
}  # fmt: skip
# What the office may find of everything that was planted on screen; the rest is in the sealed papers.
OFFICES = {"paragraph", "room", "hello"}  # not what a file was called in the council
PART = {"referrals:referral-papers", "referrals:desk-papers"}


@dataclass
class Sent:
    """A case that was referred, and its referral."""

    concern: Concern
    row: Referral


@pytest.fixture(scope="module")
def referred(world: World) -> Sent:
    w = world.town
    for name, email in (("helena", "helena.marsh@authority.example"), ("gareth", "gareth.quill@authority.example")):
        person = Person.objects.get(email=email)
        world.people[name] = person
        world.clients[name] = browser = Client()
        browser.force_login(person, backend=BACKEND)
        browser.get(reverse("privacy"))
    case = _sent(w, "refer", w["officer3"], w["councillor2"], witnesses=[world.people["witness"]])
    concern, clerk = case.concern, w["clerk"]
    do(Action.ACCEPT, concern, clerk, note=canary("refer", "note"))
    do(Action.INFORMAL_OVER, concern, clerk, kind="failed", reason=canary("refer", "over"))
    do(Action.REFER_CODE, concern, clerk, code_paragraph=canary("refer", "paragraph"), official_capacity=True,
       reason=canary("refer", "reason"), override_reason=canary("refer", "override"))  # fmt: skip
    with by(clerk):
        policy.grant(concern, w["councillor1"], Capacity.READER, reason="handed_over", by=clerk, now=NOW)
    referral = sealed(
        concern, clerk, addressed_to=world.people["helena"], papers=["steps", str(case.files[0])], confidentiality_asked=True,
        confidentiality_reason=canary("refer", "room"), subject_told="by_office", subject_told_reason=canary("refer", "hello"),
    )  # fmt: skip
    take(Step.SEND, referral, clerk)
    return Sent(concern, latest(concern, clerk))


def url_of(route: str, sent: Sent, *, absent: bool = False, step: str = "") -> str:
    """The address of the referral, or of one that isn't there."""
    wanted: dict[str, Any] = {}
    name = route.partition(":")[2]
    if name == "inbox":
        return reverse(route)
    if name.startswith("referral"):
        wanted["concern"] = uuid4() if absent else sent.concern.pk
    wanted["referral"] = uuid4() if absent else sent.row.pk
    if name.endswith("-do"):
        wanted["step"] = step or "acknowledge"
    if name == "referral-measure":
        wanted["measure"] = uuid4()
    if route in PART:
        wanted["part"] = "pdf"
    return reverse(route, kwargs=wanted)


def planted(answer: Any) -> set[tuple[str, str]]:
    return {(case.lower(), name.lower()) for case, name in CANARY.findall(everything(answer))}


def test_every_cell_of_every_address(world: World, referred: Sent) -> None:
    cells = 0
    strangers = [who for who in world.people if who not in KINDS]
    for turn, (route, row) in enumerate(ROUTES.items()):
        nothing = {method: ask(world, "outsider", method, url_of(route, referred, absent=True)) for method in METHODS}
        some = strangers if route == "referrals:desk" else [strangers[(turn * 5 + at) % len(strangers)] for at in range(5)]
        for who in [*KINDS, *some]:
            kind = KINDS.get(who, "stranger")
            url = url_of(route, referred)
            for method, wanted in zip(METHODS, row[kind].split(), strict=True):
                answer = ask(world, who, method, url)
                where = f"{who} ({kind}) {method.upper()} {route}"
                if wanted == "login":
                    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={url}"), where
                else:
                    assert answer.status_code == int(wanted), f"{where}: {answer.status_code}, not {wanted}"
                if wanted == "404" and route != "referrals:inbox":
                    same(answer, nothing[method])
                if wanted == "401":
                    assert plain(answer) == plain(ask(world, who, method, url_of(route, referred, absent=True))), where
                if route not in PART:
                    clean(world, referred, who, kind, answer, where)
                cells += 1
    assert cells == (len(ROUTES) * len(KINDS) + (len(ROUTES) - 1) * 5 + len(strangers)) * len(METHODS)


def clean(world: World, sent: Sent, who: str, kind: str, answer: Any, where: str) -> None:
    """Nothing of the concern where it isn't read; for the office nothing but what was referred."""
    check_title(world, answer)
    if answer.status_code != 405:
        assert answer["Cache-Control"] == "no-store, private", where
    if kind in ("follower", "reads"):
        return
    text = everything(answer)
    assert planted(answer) <= ({("refer", name) for name in OFFICES} if kind == "office" else set()), (where, planted(answer))
    assert kind == "visitor" or str(sent.concern.pk) not in text, where  # a visitor is sent to sign in and back
    for name in {"officer3", "witness", "councillor2", "councillor1"} - {who}:
        person = world.people[name]
        assert person is not None
        assert person.full_name not in html.unescape(text), (where, name)


def test_the_office_finds_what_was_referred(world: World, referred: Sent) -> None:
    page = ask(world, "helena", "get", url_of("referrals:desk", referred))
    assert planted(page) == {("refer", name) for name in OFFICES}
    assert referred.concern.reference not in everything(page)
    assert referred.row.reference in everything(ask(world, "helena", "get", reverse("referrals:inbox")))
    assert referred.row.reference not in everything(ask(world, "gareth", "get", reverse("referrals:inbox")))


def test_the_papers_come_as_an_attachment_that_says_nothing(world: World, referred: Sent) -> None:
    for part, kind in (("pdf", "application/pdf"), ("zip", "application/zip")):
        url = reverse("referrals:desk-papers", kwargs={"referral": referred.row.pk, "part": part})
        answer = ask(world, "helena", "get", url)
        assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == (kind, "nosniff")
        assert answer["Content-Disposition"] == f'attachment; filename="{referred.row.reference}.{part}"'
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert ask(world, "helena", "head", url).content == b""
        assert ask(world, "helena", "get", url.replace(f"/{part}/", "/exe/")).status_code == 404


def test_steps_that_arent_open_are_refused_with_the_reason(world: World, referred: Sent) -> None:
    for step in ("start-assessing", "ask-local", "investigate", "record-finding", "consult"):
        for method in METHODS:
            assert ask(world, "helena", method, url_of("referrals:desk-do", referred, step=step)).status_code == 409, step
    for step in ("seal", "send", "take-back", "nonsense", "carry-out"):
        assert ask(world, "helena", "get", url_of("referrals:desk-do", referred, step=step)).status_code == 404
    page = everything(ask(world, "clerk", "get", url_of("referrals:referral-do", referred, step="acknowledge")))
    assert "works on it in this service and records it there" in page
    page = everything(ask(world, "officer3", "get", url_of("referrals:referral-do", referred, step="seal")))
    assert "for whoever follows the referral" in page


def test_a_second_acknowledgement_on_screen_says_when(world: World, referred: Sent) -> None:
    url = url_of("referrals:desk-do", referred)
    helena = world.people["helena"]
    assert helena is not None
    take(Step.ACKNOWLEDGE, referred.row, helena)
    for method in ("get", "post"):
        answer = ask(world, "helena", method, url)
        assert answer.status_code == 409
        assert "acknowledged already, on 15 January 2026, recorded by Helena Marsh" in everything(answer)


def test_every_step_is_done_on_screen_and_bad_answers_are_given_back(world: World, referred: Sent) -> None:
    """The desk from assessment to outcome, with empty and broken forms first: 422, and nothing lost."""
    def seen() -> dict[str, Any]:
        with by(world.people["clerk"]):  # type: ignore[arg-type]
            return {"revision": str(Referral.objects.get(pk=referred.row.pk).revision)}

    def go(step: str, **data: Any) -> Any:
        return ask(world, "helena", "post", url_of("referrals:desk-do", referred, step=step), {**seen(), **data}, keep=True)

    day = {"consulted_on_day": "15", "consulted_on_month": "1", "consulted_on_year": "2026"}
    assert ask(world, "helena", "post", url_of("referrals:desk-do", referred, step="acknowledge")).status_code == 422  # from no page at all
    assert go("acknowledge").status_code == 302
    assert go("start-assessing").status_code == 302
    assert go("investigate").status_code == 422
    assert go("investigate", grounds="nonsense").status_code == 422
    assert go("investigate", grounds=Ground.SERIOUS.value).status_code == 302
    assert go("record-finding", outcome=Outcome.BREACH.value, words="x").status_code == 422  # the Independent Person first
    assert go("consult", who="", words="y").status_code == 422
    assert go("consult", who="Ivy", words="y", **{**day, "consulted_on_year": "2027"}).status_code == 422
    assert go("consult", who="Ivy", words=canary("refer", "view"), **day).status_code == 302
    back = go("record-finding", outcome=Outcome.BREACH.value, words="kept words", kind_1="other", measure_1="Suspend them")
    assert back.status_code == 422
    assert "kept words" in everything(back) and "Nobody may suspend" in everything(back)
    assert go("record-finding", outcome=Outcome.BREACH.value, words="w", kind_1="training", measure_1="A day").status_code == 302
    assert go("record-finding", outcome=Outcome.NO_BREACH.value, words="w").status_code == 409
    view = url_of("referrals:referral", referred)
    assert "kanari-refer-view" in everything(ask(world, "clerk", "get", view))
    assert "kanari-refer-view" not in everything(ask(world, "officer3", "get", view))  # whoever raised it doesn't see the view
    with by(world.people["clerk"]):  # type: ignore[arg-type]
        measure = Measure.objects.get(referral=referred.row)
    kwargs = {"concern": referred.concern.pk, "referral": referred.row.pk, "measure": measure.pk}
    url = reverse("referrals:referral-measure", kwargs=kwargs)
    assert ask(world, "officer3", "post", url).status_code == 409
    assert ask(world, "clerk", "post", url).status_code == 422
    done = {"carried_out_on_day": "15", "carried_out_on_month": "1", "carried_out_on_year": "2026", "reference": "Minute 2"}
    assert ask(world, "clerk", "post", url, {**done, **seen()}, keep=True).status_code == 302
    assert ask(world, "clerk", "post", url, {**done, **seen()}, keep=True).status_code == 422
    take_over = url_of("referrals:referral-do", referred, step="take-over")
    assert ask(world, "clerk", "post", take_over, seen(), keep=True).status_code == 302
    assert ask(world, "clerk", "post", take_over, seen(), keep=True).status_code == 409


def test_the_desk_filter_takes_anything(world: World, referred: Sent) -> None:
    for query in ("state=open", "state=SENT", "state=nonsense", "council=weston", "council=nonsense", "page=0", "page=x", "state=SENT&council=weston"):
        assert ask(world, "helena", "get", f"{reverse('referrals:inbox')}?{query}").status_code == 200, query
