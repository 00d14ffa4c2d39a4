"""Anybody tries anything, over and over: after each step the rules of a request hold. And rubbish in every form is told, never an error."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.db import transaction
from django.http import Http404
from django.urls import reverse

from councils.errors import Refusal
from councils.models import Person
from councils.rls import as_person
from information.actions.verbs import ACTIONS
from information.domain import machine
from information.enums import DecisionStage, Outcome, RequestAction, RequestState
from information.forms.steps import FORMS
from information.models import AccessDecision, AccessRequest, RequestSeat
from tests.concerns.screens import client_of, frozen
from tests.factories.concerns import NOW
from tests.factories.councils import Town
from tests.information.steps import HOW, ask, do, draft, seats

A = RequestAction
COUNCILS = ("auth5c", "alsager")
pytestmark = pytest.mark.django_db
ANSWERS: dict[RequestAction, dict[str, Any]] = {
    A.ASK: {}, A.JUSTIFY: {"justification": "For my work"}, A.SEND_AGAIN: {}, A.ASK_JUSTIFICATION: {"justification_asked": "Which?"},
    A.PASS_ON: {}, A.ASK_ADVICE: {"question": "May I?"}, A.GIVE_ADVICE: {"answer": "Yes"}, A.GRANT: {"how": HOW},
    A.PARTLY_GRANT: {"covers": "A page", "how": HOW, "ground": "other", "reason": "The rest isn't"},
    A.REFUSE: {"ground": "other", "reason": "No"}, A.ASK_REVIEW: {"review_words": "Look again"}, A.REVIEW_GRANT: {"how": HOW},
    A.REVIEW_REFUSE: {"ground": "other", "reason": "No"}, A.RECEIVE: {"accepted": True}, A.CLOSE: {},
}  # fmt: skip
TRIES = 160


def held(request: AccessRequest, requester: Person) -> str:
    """The invariants, as the requester's rows show them; returns the state."""
    with as_person(requester):
        now = AccessRequest.objects.get(pk=request.pk)
        decisions = {row.stage: row for row in AccessDecision.objects.filter(request=request)}
        current = RequestSeat.objects.filter(request=request, until__isnull=True)
        people = {(seat.person_id, seat.part) for seat in current}
    first, review = decisions.get(DecisionStage.DETERMINATION), decisions.get(DecisionStage.REVIEW)
    assert all(row.decided_by_id != requester.pk for row in decisions.values())
    assert requester.pk not in {pk for pk, _part in people}
    assert all(row.reason and row.ground for row in decisions.values() if row.outcome != Outcome.GRANTED)
    if review:
        assert first is not None
        assert review.decided_by_id != first.decided_by_id
    if now.state in (RequestState.REFUSED, RequestState.GRANTED, RequestState.PARTLY_GRANTED, RequestState.REVIEW_ASKED):
        assert first is not None
    if now.state in (RequestState.REVIEW_GRANTED, RequestState.REVIEW_REFUSED):
        assert review is not None
    assert not now.released_at or (now.purpose_accepted_at and any(row.outcome != Outcome.REFUSED for row in decisions.values()))
    reviewers = {pk for pk, part in people if part == "reviewer"}
    assert not first or first.decided_by_id not in reviewers
    return now.state


@pytest.mark.parametrize(("key", "who", "seed"), [("auth5c", "councillor3", 1), ("alsager", "councillor6", 2)])
def test_walk_of_everybody_trying_everything_keeps_the_rules(auth5c: Town, alsager: Town, key: str, who: str, seed: int) -> None:
    town, dice = {"auth5c": auth5c, "alsager": alsager}[key], random.Random(seed)
    crowd = ["councillor5", "admin", "clerk", "officer1", "chair", "director1", "director2", "assistantdirector", "chiefexecutive", "mo", "deputymo"]
    crowd = [name for name in crowd if name in town.people]
    requester, reached, done = town[who], set(), 0
    state = RequestState.DRAFT.value
    holder = None if key == "auth5c" else town["officer1"]
    request = draft(town, who, directorate="Place", holder=holder)
    for _turn in range(TRIES):
        likely = [action for action in ANSWERS if machine.legal(action, state) and action != A.CLOSE]
        action = dice.choice(likely * 3 + list(ANSWERS))
        seated = [town[name] for name in sorted(seats(town, request, requester))]
        theirs = [requester] if "requester" in machine.REQUEST[action].parts else seated
        by = dice.choice([*theirs * 4, requester, *seated, town[dice.choice(crowd)]])
        try:
            with transaction.atomic(), as_person(by):
                ACTIONS[action](request_id=request.pk, by=by, now=NOW, **ANSWERS[action])
            done += 1
        except (Refusal, Http404):
            pass
        state = held(request, requester)
        reached.add(state)
        if state == RequestState.CLOSED:
            state = RequestState.DRAFT.value
            request = draft(town, who, directorate=dice.choice(["Place", "People", ""]), claims=dice.choice([[], ["own_committee"]]), holder=holder)
    assert done > 15
    assert len(reached) >= 6


@pytest.mark.parametrize("action", list(FORMS))
@pytest.mark.parametrize("rubbish", ["", "\x00", "x" * 60_000, "<script>alert(1)</script>"])
def test_rubbish_in_a_step_is_told_or_kept_as_words(auth5c: Town, action: RequestAction, rubbish: str) -> None:
    request = ask(auth5c, "councillor3", justification="For my work", directorate="People")
    reviewing = {A.ASK_REVIEW, A.REVIEW_GRANT, A.REVIEW_REFUSE}
    if action in reviewing:
        do(A.REFUSE, request, auth5c["director2"], **ANSWERS[A.REFUSE])
    if action in reviewing - {A.ASK_REVIEW}:
        do(A.ASK_REVIEW, request, auth5c["councillor3"], **ANSWERS[A.ASK_REVIEW])
    if action == A.GIVE_ADVICE:
        do(A.ASK_ADVICE, request, auth5c["director2"], question="May I?")
    if action == A.RECEIVE:
        do(A.GRANT, request, auth5c["director2"], how=HOW)
    form = FORMS[action]
    typed = {name: rubbish for name in form.base_fields if name != "revision"}
    with frozen():
        for name in ("councillor3", "director2", "chiefexecutive", "mo"):
            url = reverse("information:do", kwargs={"request_id": request.pk, "action": action.value.removeprefix("request_")})
            answer = client_of(auth5c[name]).post(url, {**typed, "revision": rubbish[:20] or "0"})
            assert answer.status_code in (302, 404, 409, 422), answer.status_code
            assert b"<script>alert(1)" not in answer.content
