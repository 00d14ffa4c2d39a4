"""Every verb has a function and words; every code that people may meet has words."""

import inspect
from typing import Any

import pytest

from concerns import actions, policy, wording
from concerns.actions.verb import ACTIONS, LEAVES
from concerns.domain import guards
from concerns.enums import Action, Capacity, EventType, InformalOver, SaidInPublic, State

DRAFTS_LEAVE_NONE = {Action.SAVE_DRAFT, Action.DELETE_DRAFT}


def test_every_action_has_one_function() -> None:
    assert set(ACTIONS) == set(Action)
    assert len({inspect.unwrap(function) for function in ACTIONS.values()}) == len(Action)
    assert actions.__all__ == ["close", "consent", "copies", "formal", "handover", "informal", "intake", "papers", "triage"]


@pytest.mark.parametrize("action", list(Action))
def test_action_takes_by_and_now_by_name_and_says_what_it_does(action: Action) -> None:
    function = ACTIONS[action]
    parameters = inspect.signature(function).parameters
    assert all(p.kind is inspect.Parameter.KEYWORD_ONLY for p in parameters.values())
    assert list(parameters)[:3] == ["concern_id", "by", "now"]
    assert function.__doc__
    assert function.__name__ == action.value


def test_every_action_leaves_one_kind_of_event() -> None:
    assert {action for action, leaves in LEAVES.items() if leaves is None} == DRAFTS_LEAVE_NONE
    kinds = [leaves for leaves in LEAVES.values() if leaves is not None]
    assert sorted(kinds) == sorted(EventType)  # each exactly once


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        (wording.STATES, State), (wording.ACTIONS, Action), (wording.CAPACITIES, Capacity), (wording.EVENTS, EventType),
        (wording.INFORMAL_OVER, InformalOver), (wording.SAID_IN_PUBLIC, SaidInPublic), (policy.PERMISSIONS, Action),
    ],
    ids=["states", "actions", "capacities", "events", "informal over", "said in public", "permissions"],
)  # fmt: skip
def test_every_code_has_its_words(words: dict[Any, Any], codes: Any) -> None:
    assert set(words) == set(codes)
    assert all(str(part).strip() for value in words.values() for part in (value if isinstance(value, tuple) else (value,)))


def test_every_refusal_of_a_guard_has_words() -> None:
    source = inspect.getsource(guards)
    import re

    codes = set(re.findall(r'Refused\("(\w+)"\)', source)) | set(re.findall(r', "([a-z_]+)"\)', source))
    assert codes == set(wording.REFUSALS)


def test_every_reason_on_the_circle_has_words() -> None:
    import re
    from pathlib import Path

    used = set()
    for path in Path(actions.__file__).parent.glob("*.py"):
        used |= set(re.findall(r'(?:policy\.(?:grant|end)\(|place\(|end_all\(|_let_in\()[^)]*?reason="(\w+)"', path.read_text(), re.S))
    assert used <= set(wording.REASONS) | {"excluded"}
    assert used >= {"raised_it", "named_by_route", "handed_over", "finds_handler"}


def test_a_function_without_by_or_now_is_no_action() -> None:
    from concerns.actions.verb import verb

    def careless(*, concern_id: object, by: object) -> None:
        """No now."""

    with pytest.raises(TypeError, match="keyword-only by= and now="):
        verb(Action.ACCEPT, EventType.ACCEPTED)(careless)
