"""The machines of requests and questions: state × step × part, written out by hand; the FSM and the database hold the same."""

from __future__ import annotations

import importlib
from types import SimpleNamespace
from typing import Any

import pytest

from information import policy, wording
from information.actions.verbs import ACTIONS, LEAVES
from information.domain import machine
from information.enums import (
    ArrangementAction,
    ArrangementEvent,
    ArrangementKind,
    ArrangementState,
    QuestionAction,
    QuestionEvent,
    QuestionPart,
    QuestionState,
    RequestAction,
    RequestEvent,
    RequestPart,
    RequestState,
)
from information.models import AccessRequest, GuidanceQuestion

walls = importlib.import_module("information.migrations.0002_walls")
# step: (whose it is, from where)
STEPS = {
    "request_save": ("requester", "DRAFT"), "request_delete": ("requester", "DRAFT"), "request_ask": ("requester", "DRAFT"),
    "request_justify": ("requester", "JUSTIFICATION_NEEDED"), "request_send_again": ("requester", "ASKED WITH_DETERMINER"),
    "request_ask_justification": ("determiner", "WITH_DETERMINER"), "request_pass_on": ("determiner reviewer", "WITH_DETERMINER REVIEW_ASKED"),
    "request_ask_advice": ("determiner", "WITH_DETERMINER"), "request_give_advice": ("adviser", "WITH_DETERMINER"),
    "request_grant": ("determiner", "WITH_DETERMINER"), "request_partly_grant": ("determiner", "WITH_DETERMINER"),
    "request_refuse": ("determiner refuser", "WITH_DETERMINER"), "request_ask_review": ("requester", "REFUSED PARTLY_GRANTED"),
    "request_review_grant": ("reviewer", "REVIEW_ASKED"), "request_review_refuse": ("reviewer", "REVIEW_ASKED"),
    "request_receive": ("requester", "GRANTED PARTLY_GRANTED REVIEW_GRANTED REVIEW_REFUSED"),
    "request_close": (
        "requester",
        "ASKED JUSTIFICATION_NEEDED WITH_DETERMINER REVIEW_ASKED GRANTED PARTLY_GRANTED REFUSED REVIEW_GRANTED REVIEW_REFUSED",
    ),
}  # fmt: skip
# who decided can't hand on the review, who reviews can't hand on the decision
NOT_THEIRS = {
    (RequestAction.PASS_ON, "determiner", "REVIEW_ASKED"), (RequestAction.PASS_ON, "reviewer", "WITH_DETERMINER"),
}  # fmt: skip
QUESTION_STEPS = {
    "question_ask": ("asker", ""), "question_answer": ("answerer", "ASKED"), "question_pass_on": ("answerer", "ASKED"),
    "question_publish": ("answerer", "ANSWERED"), "question_close": ("asker", "ASKED ANSWERED PUBLISHED_ANONYMISED"),
}  # fmt: skip


def pairs_of(model: Any) -> set[tuple[str, str]]:
    """Every (from, to) of the model's transitions where the state changes."""
    found = set()
    for step in model._meta.get_field("state").get_all_transitions(model):
        targets = getattr(step.target, "allowed_states", None) or [step.target]
        found |= {(str(step.source), str(target)) for target in targets if target is not None}
    return {(source, target) for source, target in found if source != target}


def sql_pairs(steps: dict[str, str]) -> set[tuple[str, str]]:
    return {(source, target) for source, targets in steps.items() for target in targets.split()}


def test_database_allows_what_the_machine_has_and_nothing_else() -> None:
    stays = {(s, t) for s, t in pairs_of(AccessRequest) if s in policy_receive() and t in policy_receive()}
    assert pairs_of(AccessRequest) - stays == sql_pairs(walls.REQUEST_STEPS)
    assert pairs_of(GuidanceQuestion) == sql_pairs(walls.QUESTION_STEPS)


def policy_receive() -> frozenset[str]:
    """Accepting the purpose leaves the state; the FSM lists it as any to any."""
    return machine.REQUEST[RequestAction.RECEIVE].sources


@pytest.mark.parametrize("action", list(RequestAction))
@pytest.mark.parametrize("state", list(RequestState))
def test_request_state_by_step_by_part(state: RequestState, action: RequestAction) -> None:
    """Through the same question the buttons ask, with every other guard out of the way."""
    whose, where = STEPS[action.value]
    request = SimpleNamespace(state=state.value, kind="document", released_at=None, decisions=SimpleNamespace(all=lambda: [SimpleNamespace(stage="review", outcome="granted")]))
    for part in RequestPart:
        who = policy.Standing(
            parts=frozenset({part.value}), in_post=True, reviewable=True, determiners_left=False, advice_mine=True, adviser_free=True
        )
        why = policy.refusal(action, request, who)  # type: ignore[arg-type]
        theirs = part.value in whose.split() and (action, part.value, state.value) not in NOT_THEIRS
        assert (why == "") == (theirs and state.value in where.split()), (part, why)


@pytest.mark.parametrize("action", list(QuestionAction))
@pytest.mark.parametrize("state", list(QuestionState))
def test_question_state_by_step_by_part(state: QuestionState, action: QuestionAction) -> None:
    whose, where = QUESTION_STEPS[action.value]
    for part in QuestionPart:
        question = SimpleNamespace(state=state.value)
        why = policy.question_refusal(action, question, frozenset({part.value}), in_post=True)  # type: ignore[arg-type]
        assert (why == "") == (part.value == whose and state.value in where.split()), (part, why)


@pytest.mark.parametrize(
    ("action", "state", "standing", "words"),
    [
        (RequestAction.ASK_REVIEW, "REFUSED", {"reviewable": False}, wording.NO_REVIEWER),
        (RequestAction.ASK_ADVICE, "WITH_DETERMINER", {"adviser_free": False}, wording.NO_ADVISER),
        (RequestAction.ASK_ADVICE, "WITH_DETERMINER", {"adviser_free": True, "advice_pending": True}, wording.ADVICE_PENDING),
        (RequestAction.GIVE_ADVICE, "WITH_DETERMINER", {}, wording.NO_ADVICE_ASKED),
        (RequestAction.SEND_AGAIN, "WITH_DETERMINER", {"determiners_left": True}, wording.STILL_WITH_SOMEBODY),
        (RequestAction.JUSTIFY, "JUSTIFICATION_NEEDED", {"in_post": False}, wording.LEFT),
        (RequestAction.RECEIVE, "REVIEW_REFUSED", {}, wording.NOTHING_GRANTED),
    ],
)
def test_closed_step_says_why(action: RequestAction, state: str, standing: dict[str, bool], words: Any) -> None:
    request = SimpleNamespace(state=state, kind="document", released_at=None, decisions=SimpleNamespace(all=list))
    who = policy.Standing(**{"parts": frozenset(RequestPart), "in_post": True, **standing})  # type: ignore[arg-type]
    assert policy.refusal(action, request, who) == str(words)  # type: ignore[arg-type]


def test_every_verb_has_one_function_and_leaves_one_kind_of_event() -> None:
    assert set(ACTIONS) == {*RequestAction, *QuestionAction, *ArrangementAction}
    for action, function in ACTIONS.items():
        assert function.__name__ == action.value
        assert function.__doc__
    assert {action for action, leaves in LEAVES.items() if leaves is None} == {RequestAction.SAVE, RequestAction.DELETE}
    assert sorted(leaves for leaves in LEAVES.values() if leaves) == sorted([*RequestEvent, *QuestionEvent, *ArrangementEvent])


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        (wording.STATES, RequestState), (wording.ACTIONS, RequestAction), (wording.QUESTION_STATES, QuestionState),
        (wording.QUESTION_ACTIONS, QuestionAction), (wording.EVENTS, [*RequestEvent, *QuestionEvent, *ArrangementEvent]),
        (wording.PARTS, RequestPart), (wording.ARRANGEMENTS, ArrangementKind), (wording.ARRANGEMENT_STATES, ArrangementState),
        (wording.ARRANGEMENT_ACTIONS, ArrangementAction),
        (wording.COLOURS, RequestState),
    ],
)  # fmt: skip
def test_every_code_has_its_words(words: Any, codes: Any) -> None:
    assert set(words) == set(codes)
    assert all(str(part).strip() for value in words.values() for part in (value if isinstance(value, tuple) else (value,)))
