"""Conciliation: both sides agree, one person helps, and they get the agreed summary and nothing else, until the stage ends."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from concerns import policy
from concerns.enums import Action, Capacity, State
from concerns.models import Consent, Narrative, Participation
from correspondence.actions import letters
from correspondence.models import Letter
from councils.errors import Refusal
from tests.concerns.answers import agree_to_conciliation
from tests.concerns.casework import event, on_it
from tests.concerns.screens import client_of
from tests.factories.concerns import CANARY, NOW, by, do, lodge, sees
from tests.factories.councils import Town

pytestmark = pytest.mark.django_db
COUNCILS = ("yateley",)
SUMMARY = "They want to agree how requests reach the office."


@pytest.fixture
def running(yateley: Town) -> Any:
    concern = lodge(yateley, yateley["officer1"], yateley["councillor4"])
    do(Action.ACCEPT, concern, yateley["clerk"])
    agree_to_conciliation(concern)
    return concern


def conciliate(town: Town, concern: Any, **more: Any) -> Any:
    answers = {"mediator": "ext:conciliator", "summary": SUMMARY, "other_side_agreed_on": date(2026, 1, 14), **more}
    return do(Action.CONCILIATE, concern, town["clerk"], **answers)


def free(town: Town) -> str:
    """Somebody whom the plan finds free and who has no part in it yet."""
    return "deputy"


def test_conciliation_needs_both_sides(yateley: Town) -> None:
    concern = lodge(yateley, yateley["officer1"], yateley["councillor4"])
    do(Action.ACCEPT, concern, yateley["clerk"])
    with pytest.raises(Refusal) as refused:
        conciliate(yateley, concern, other_side_agreed_on=None)
    assert refused.value.field == "other_side_agreed_on"
    with pytest.raises(Refusal, match="hasn't agreed"):
        conciliate(yateley, concern)
    with by(yateley["clerk"]):
        assert not Consent.objects.filter(concern=concern, kind="conciliation", status="overridden").exists()


def test_mediator_of_the_council_sees_stage_dates_and_summary_until_the_stage_ends(yateley: Town, running: Any) -> None:
    helper = yateley[free(yateley)]
    assert conciliate(yateley, running, mediator_person=helper).state == State.CONCILIATION
    assert on_it(yateley, running)[free(yateley)] == {"mediator"}
    with by(helper):
        assert not policy.visible_to(helper, permission=policy.READ).exists()
        assert not Narrative.objects.exists()
    page = client_of(helper).get(reverse("concerns:page", kwargs={"concern": running.pk}))
    assert page.status_code == 200
    assert SUMMARY in page.content.decode()
    assert CANARY not in page.content.decode()
    with by(yateley["clerk"]):
        assert not Letter.objects.exists()  # nobody outside is written to
    do(Action.SETTLE, running, yateley["clerk"], summary="Settled", raiser_agrees=True)
    assert not sees(helper, running)
    with by(yateley["officer1"]):
        part = Participation.objects.get(concern=running, capacity=Capacity.MEDIATOR)
        ended = running.proceedings.get(kind="conciliation")
    assert (part.until, part.ended_reason) == (NOW, "step_done")
    assert (ended.outcome, ended.closed_on) == ("agreed", NOW.date())


@pytest.mark.parametrize(("action", "answers"), [(Action.INFORMAL_OVER, {"kind": "failed", "reason": "No way was found"})])
def test_conciliation_that_fails_keeps_that_and_not_what_was_said(yateley: Town, running: Any, action: Action, answers: dict[str, str]) -> None:
    helper = yateley[free(yateley)]
    conciliate(yateley, running, mediator_person=helper)
    do(action, running, yateley["clerk"], **answers)
    assert not sees(helper, running)
    with by(yateley["officer1"]):
        ended = running.proceedings.get(kind="conciliation")
    assert (ended.outcome, ended.closed_on, ended.summary) == ("not_agreed", NOW.date(), SUMMARY)


@pytest.mark.parametrize("who", ["clerk", "officer1", "councillor4"])
def test_mediator_has_no_part_in_it(yateley: Town, running: Any, who: str) -> None:
    with pytest.raises(Refusal) as refused:
        conciliate(yateley, running, mediator_person=yateley[who])
    assert refused.value.field == "mediator_person"
    with by(yateley["clerk"]):
        assert not Participation.objects.filter(concern=running, capacity=Capacity.MEDIATOR).exists()


def test_mediator_with_a_connection_is_refused(yateley: Town) -> None:
    concern = lodge(yateley, yateley["officer1"], yateley["councillor4"], connected=[yateley["deputy"]])
    do(Action.ACCEPT, concern, yateley["clerk"])
    agree_to_conciliation(concern)
    with pytest.raises(Refusal, match="connection"):
        conciliate(yateley, concern, mediator_person=yateley["deputy"])


def test_mediator_outside_has_no_account_and_gets_a_letter_with_the_summary_alone(yateley: Town, running: Any) -> None:
    with pytest.raises(Refusal) as refused:
        conciliate(yateley, running, mediator="ext:independent_person", mediator_person=yateley["deputy"])
    assert refused.value.field == "mediator_person"
    conciliate(yateley, running, mediator="ext:independent_person", mediator_name="Ira Independent")
    with by(yateley["clerk"]):
        (letter,) = Letter.objects.all()
        assert (letter.kind, letter.to_name, letter.marking, letter.state) == ("conciliation", "Ira Independent", "confidential", "DRAFT")
        assert letter.body.count(SUMMARY) == 1
        assert CANARY not in letter.body
        for person in (yateley["officer1"], yateley["councillor4"]):
            assert person.full_name not in letter.body
        letters.send_letter(letter_id=letter.pk, by=yateley["clerk"], now=NOW)
    assert event(running, "letter_sent").facts["means"] == "printed"
    with by(yateley["officer1"]):
        assert not Participation.objects.filter(concern=running, capacity=Capacity.MEDIATOR).exists()


def test_mediator_can_say_that_they_have_a_connection_after_all(yateley: Town, running: Any) -> None:
    helper = yateley[free(yateley)]
    conciliate(yateley, running, mediator_person=helper)
    do(Action.DECLARE_CONFLICT, running, helper)
    assert not sees(helper, running)
