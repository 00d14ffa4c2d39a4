"""T14's guard: a council may want an informal step before anything formal, whoever asks and by whichever door."""

from __future__ import annotations

import pytest
from django.urls import reverse

from concerns.enums import Action, State
from councils.errors import Refusal
from tests.concerns.casework import open_to
from tests.concerns.screens import client_of, frozen
from tests.factories.concerns import do, draft, lodge
from tests.factories.councils import ProtocolVersionFactory, Town, in_force, protocol_file

pytestmark = pytest.mark.django_db
COUNCILS = ("weston",)
CHAIR = "role:chair_of_council"
WORDS = "Your council wants an informal step first"


@pytest.fixture
def strict(weston: Town) -> Town:
    """Weston under a new version that lets nobody leave the informal step out."""
    config = dict(weston.version.config)
    config["stages_enabled"] = {**config["stages_enabled"], "informal": {"enabled": True, "may_be_skipped": False, "cites": ["11.1"]}}
    in_force(ProtocolVersionFactory(council=weston.council, config=config, label="Informal first"), since=weston.version.in_force_from)
    return weston


def _check(town: Town, concern: object) -> str:
    with frozen():
        return client_of(town["councillor3"]).get(reverse("concerns:draft-check", kwargs={"concern": concern})).content.decode()


def test_straight_to_formal_where_the_council_is_silent_is_open(weston: Town) -> None:
    assert "may_be_skipped" not in str(protocol_file()["stages_enabled"])
    concern = draft(weston, weston["councillor3"], weston["officer1"], chosen_token=CHAIR)
    assert 'data-action="straight_to_formal"' in _check(weston, concern.pk)
    assert do(Action.STRAIGHT_TO_FORMAL, concern, weston["councillor3"], kind="not_appropriate", reason="x", wider_circle="ask_first").state == State.DECIDING


def test_straight_to_formal_of_a_draft_where_the_informal_step_comes_first_is_refused(strict: Town) -> None:
    concern = draft(strict, strict["councillor3"], strict["officer1"], chosen_token=CHAIR)
    with pytest.raises(Refusal, match=WORDS):
        do(Action.STRAIGHT_TO_FORMAL, concern, strict["councillor3"], kind="not_appropriate", reason="x", wider_circle="ask_first")
    assert 'data-action="straight_to_formal"' not in _check(strict, concern.pk)


def test_forged_post_past_the_informal_step_keeps_the_draft_and_says_why(strict: Town) -> None:
    concern = draft(strict, strict["councillor3"], strict["officer1"], chosen_token=CHAIR)
    sent = {"way": "straight_to_formal", "kind": "not_appropriate", "reason": "It can't wait", "wider_circle": "ask_first", "formal": "no"}
    with frozen():
        answer = client_of(strict["councillor3"]).post(
            reverse("concerns:draft-check", kwargs={"concern": concern.pk}), {**sent, "revision": concern.revision}
        )
    assert answer.status_code == 422
    assert WORDS in answer.content.decode()
    assert 'data-action="submit"' in _check(strict, concern.pk)  # still a draft, still theirs to send


def test_straight_to_formal_of_a_sent_concern_where_the_informal_step_comes_first_is_closed(strict: Town) -> None:
    concern = lodge(strict, strict["councillor3"], strict["officer1"], chosen_token=CHAIR)
    assert Action.STRAIGHT_TO_FORMAL not in open_to(strict["chair"], concern)
    assert Action.STRAIGHT_TO_FORMAL not in open_to(strict["councillor3"], concern)
    assert Action.ACCEPT in open_to(strict["chair"], concern)
    with pytest.raises(Refusal, match=WORDS):
        do(Action.STRAIGHT_TO_FORMAL, concern, strict["councillor3"], kind="not_appropriate", reason="x")
