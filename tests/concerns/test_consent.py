"""Nothing moves to a wider circle without the raiser's recorded consent, or a recorded override with its reason."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from concerns.enums import Action, State
from concerns.models import Concern, Consent
from councils.errors import Refusal
from councils.models import Person
from tests.concerns.answers import FIXED
from tests.concerns.casework import open_to, told
from tests.concerns.screens import client_of
from tests.factories.concerns import by, do, lodge, those_who_see
from tests.factories.councils import Town

COUNCILS = ("alsager", "weston", "yateley")


def widening(weston: Town, yateley: Town, alsager: Town, name: str) -> tuple[Concern, Person, Action, dict[str, Any], str]:
    """A concern at the point where this widening step is open; who takes it, with which answers; which consent covers it."""
    if name in ("pass_on", "hand_over"):
        concern = lodge(weston, weston["councillor3"], weston["officer1"], chosen_token="rel:line_manager_of_subject")
        do(Action.ACCEPT, concern, weston["manager"])
        answers = {"token": "role:chair_of_council"} if name == "pass_on" else {"to": weston["clerk"], "reason_code": "absence"}
        return concern, weston["manager"], Action(name), answers, "wider_circle"
    if name == "instigate_investigation":
        concern = lodge(yateley, yateley["officer1"], yateley["councillor6"], topic="breach_of_confidence")
        return concern, yateley["clerk"], Action(name), {"reason": "x", "investigator": yateley["manager"]}, "wider_circle"
    town, subject = (yateley, "officer1") if name == "start_disciplinary" else (alsager, "councillor6")
    raiser = "councillor6" if name == "start_disciplinary" else "officer1"
    concern = lodge(town, town[raiser], town[subject])
    do(Action.ACCEPT, concern, town["clerk"])
    do(Action.INFORMAL_OVER, concern, town["clerk"], kind="failed", reason="x")
    answers = {key: value for key, value in FIXED[Action(name)].items() if key != "override_reason"}
    return concern, town["clerk"], Action(name), answers, "formal"


STEPS = ["pass_on", "hand_over", "instigate_investigation", "start_disciplinary", "refer_code", "report_to_council"]


@pytest.mark.parametrize("name", STEPS)
def test_without_consent_it_is_refused_and_nothing_moves(weston: Town, yateley: Town, alsager: Town, name: str) -> None:
    concern, person, action, answers, _kind = widening(weston, yateley, alsager, name)
    for blank in ("", "   "):
        with pytest.raises(Refusal, match="hasn't agreed") as refused:
            do(action, concern, person, **answers, override_reason=blank)
        assert refused.value.field == "override_reason"
    with by(person):
        assert not Consent.objects.filter(concern=concern).exclude(kind="route").exists()


@pytest.mark.parametrize("name", STEPS)
def test_with_consent_it_goes_through(weston: Town, yateley: Town, alsager: Town, name: str) -> None:
    concern, person, action, answers, kind = widening(weston, yateley, alsager, name)
    do(Action.ASK_CONSENT, concern, person, kind=kind, wording="May I?")
    do(Action.ANSWER_CONSENT, concern, concern.raiser, agree=True)
    do(action, concern, person, **answers)
    with by(concern.raiser):
        assert list(Consent.objects.filter(concern=concern, kind=kind).values_list("status", flat=True)) == ["given"]


@pytest.mark.parametrize("name", STEPS)
def test_an_override_is_kept_with_its_reason(weston: Town, yateley: Town, alsager: Town, name: str) -> None:
    concern, person, action, answers, kind = widening(weston, yateley, alsager, name)
    do(action, concern, person, **answers, override_reason="A duty of care")
    with by(concern.raiser):
        kept = Consent.objects.get(concern=concern, kind=kind)
    assert (kept.status, kept.wording, kept.asked_by) == ("overridden", "A duty of care", person)


@pytest.mark.parametrize("name", STEPS)
def test_a_refusal_closes_it(weston: Town, yateley: Town, alsager: Town, name: str) -> None:
    concern, person, action, answers, kind = widening(weston, yateley, alsager, name)
    for agree in (True, False):  # the last answer counts
        do(Action.ASK_CONSENT, concern, person, kind=kind, wording="May I?")
        do(Action.ANSWER_CONSENT, concern, concern.raiser, agree=agree, now=concern.lodged_at.replace(minute=30 if agree else 45))
    with pytest.raises(Refusal, match="hasn't agreed"):
        do(action, concern, person, **answers)


def test_said_beforehand_covers_the_wider_circle_and_no_formal_step(weston: Town) -> None:
    concern = lodge(
        weston, weston["councillor3"], weston["officer1"], chosen_token="role:chair_of_council", sending={"wider_circle": "may_pass_on"}
    )
    do(Action.PASS_ON, concern, weston["chair"], token="role:proper_officer")
    assert those_who_see(weston, concern) == {"councillor3", "clerk"}
    do(Action.ACCEPT, concern, weston["clerk"])
    do(Action.INFORMAL_OVER, concern, weston["clerk"], kind="failed", reason="x")
    answers = {key: value for key, value in FIXED[Action.START_DISCIPLINARY].items() if key != "override_reason"}
    with pytest.raises(Refusal, match="hasn't agreed"):
        do(Action.START_DISCIPLINARY, concern, weston["clerk"], **answers)


def test_asked_first_a_conflict_does_not_carry_it_past_the_raisers_choice(weston: Town) -> None:
    concern = lodge(weston, weston["councillor3"], weston["officer1"], chosen_token="role:chair_of_council")
    do(Action.DECLARE_CONFLICT, concern, weston["chair"])
    with by(weston["councillor3"]):
        assert Concern.objects.get(pk=concern.pk).state == State.NEEDS_HANDLER
    assert "accept" not in open_to(weston["clerk"], concern)  # who looks for somebody reads nothing


def test_sequence_needs_no_consent_because_it_was_shown(weston: Town, yateley: Town) -> None:
    concern = lodge(yateley, yateley["councillor6"], yateley["clerk"])
    do(Action.DIRECT_FAILED, concern, yateley["councillor6"])
    assert ("councillor4", "received") in told(yateley, concern)


def test_one_question_at_a_time(weston: Town) -> None:
    concern = lodge(weston, weston["councillor3"], weston["officer1"], chosen_token="role:chair_of_council")
    do(Action.ASK_CONSENT, concern, weston["chair"], kind="wider_circle", wording="May I?")
    with pytest.raises(Refusal, match="waiting for an answer already"):
        do(Action.ASK_CONSENT, concern, weston["chair"], kind="formal", wording="And that?")


def test_a_no_after_may_pass_on_asks_for_the_reason_on_the_page_and_no_conflict_goes_past_it(weston: Town) -> None:
    concern = lodge(
        weston, weston["councillor3"], weston["officer1"], chosen_token="role:chair_of_council", sending={"wider_circle": "may_pass_on"}
    )
    page = reverse("concerns:do", kwargs={"concern": concern.pk, "action": "pass_on"})
    assert 'name="override_reason"' not in client_of(weston["chair"]).get(page).content.decode()
    do(Action.ASK_CONSENT, concern, weston["chair"], kind="wider_circle", wording="May the Clerk see it?")
    do(Action.ANSWER_CONSENT, concern, weston["councillor3"], agree=False)
    assert 'name="override_reason"' in client_of(weston["chair"]).get(page).content.decode()
    do(Action.DECLARE_CONFLICT, concern, weston["chair"])
    with by(weston["councillor3"]):
        assert Concern.objects.get(pk=concern.pk).state == State.NEEDS_HANDLER
    assert "accept" not in open_to(weston["clerk"], concern)
