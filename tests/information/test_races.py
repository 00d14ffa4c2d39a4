"""Two at once, on real connections: one wins, the other is told, and nothing is half done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from councils.models import Person
from councils.rls import as_person, system_work
from information.actions.verbs import ACTIONS
from information.enums import QuestionAction, RequestAction
from information.models import AccessDecision, AccessRequest, Line, RequestSeat
from tests.factories.concerns import NOW
from tests.factories.councils import Town, town
from tests.faults.test_faults_races import at_once
from tests.information.steps import HOW, ask, do, question

A = RequestAction
pytestmark = pytest.mark.django_db(transaction=True)
REFUSED = {"ground": "roving_commission", "reason": "No task of yours needs it"}


def doing(action: Any, row: Any, person: Person, **answers: Any) -> Callable[[], Any]:
    """That action, as its person, in a transaction of its own."""
    name = "request_id" if isinstance(row, AccessRequest) else "question_id"

    def call() -> Any:
        with as_person(person):
            return ACTIONS[action](**{name: row.pk}, by=person, now=NOW, **answers)

    return call


def left(row: Any) -> tuple[int, list[str]]:
    """How many decisions there are, and the trail."""
    with system_work():
        lines = sorted(Line.objects.filter(about_id=row.pk).values_list("type", flat=True))
        return AccessDecision.objects.filter(request_id=row.pk).count(), lines


def asked(where: Town) -> AccessRequest:
    return ask(where, "councillor3", justification="For my work", directorate="Place")


@pytest.fixture
def auth5c() -> Town:
    return town("auth5c")


def test_two_decisions_at_once_and_one_wins(auth5c: Town) -> None:
    request = asked(auth5c)
    told = at_once(doing(A.GRANT, request, auth5c["director1"], how=HOW), doing(A.REFUSE, request, auth5c["assistantdirector"], **REFUSED))
    assert sorted(told) == ["Refusal", "ok"]
    decisions, lines = left(request)
    assert decisions == 1
    assert len(lines) == 2


def test_decided_while_it_is_withdrawn_and_passed_on_while_it_is_decided(auth5c: Town) -> None:
    request = asked(auth5c)
    told = at_once(doing(A.GRANT, request, auth5c["director1"], how=HOW), doing(A.CLOSE, request, auth5c["councillor3"]))
    assert "ok" in told
    with system_work():
        state = AccessRequest.objects.values_list("state", flat=True).get(pk=request.pk)
    assert state == ("CLOSED" if told[1] == "ok" else "GRANTED")
    request = asked(auth5c)
    told = at_once(doing(A.GRANT, request, auth5c["director1"], how=HOW), doing(A.PASS_ON, request, auth5c["director1"]))
    assert sorted(told) in (["Http404", "ok"], ["NotVisible", "ok"], ["Refusal", "ok"])


def test_review_asked_for_twice_at_once_seats_one_reviewer(auth5c: Town) -> None:
    request = do(A.REFUSE, asked(auth5c), auth5c["director1"], **REFUSED)
    told = at_once(*[doing(A.ASK_REVIEW, request, auth5c["councillor3"], review_words="Please look again")] * 2)
    assert sorted(told) == ["Refusal", "ok"]
    with system_work():
        assert RequestSeat.objects.filter(request=request, part="reviewer").count() == 1


def test_question_published_twice_at_once_is_published_once(auth5c: Town) -> None:
    from information.models import PublishedAnswer

    row = do(QuestionAction.ANSWER, question(auth5c, "councillor3", words="What does it mean?"), auth5c["mo"], answer="This")
    told = at_once(*[doing(QuestionAction.PUBLISH, row, auth5c["mo"], public_question="What?", public_answer="This")] * 2)
    assert sorted(told) == ["Refusal", "ok"]
    with system_work():
        assert PublishedAnswer.objects.count() == 1
