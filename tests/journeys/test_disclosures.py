"""The subject answers without ever seeing the concern: told, read, answered, with a paper and a companion, and closed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.journeys import raising
from tests.journeys.course import SECRETS
from tests.journeys.visitor import Visitor

COUNCILS = ("weston",)
pytestmark = pytest.mark.browser
TOLD = "It is said that the plans were laid out late, and that nobody was told why."
ANSWER = "The plans came from the county on the day. I said so at the counter."


@pytest.fixture
def weston(towns: Any) -> Any:
    return towns("weston")


def finds_nothing(visitor: Visitor, concern: raising.Raised, raiser: str) -> None:
    """No trace of the concern on the page that is shown, nor anywhere else it could be looked for."""
    shown = visitor.page.content()
    for word in (concern.pk, concern.reference, raiser, *SECRETS):
        assert word not in shown, word
    assert visitor.finds(concern.pk, concern.reference, (*SECRETS, raiser), everywhere=True) == []


def test_the_subject_answers_without_ever_seeing_the_concern(weston: Any, visit: Any, tmp_path: Any) -> None:
    raiser, handler, subject = visit(weston["councillor3"]), visit(weston["clerk"]), visit(weston["officer1"])
    name = weston["councillor3"].full_name
    concern = raising.raise_concern(raiser, weston, "officer1", token="role:proper_officer")
    raising.act(handler, concern, "accept")
    subject.go("/")
    finds_nothing(subject, concern, name)

    # drafted with the raiser's name in it, warned, changed, looked at as the subject would see it, disclosed
    handler.go(concern.path)
    handler.press("draft_disclosure")
    handler.press("draft_disclosure")
    assert handler.errors == ["Choose why they are told", "Write what is disclosed"]
    by_when = timezone.localdate() + timedelta(days=14)
    handler.answer(kind="allegations", text=f"{name} says: {TOLD}", answer_by=by_when, basis="set_here")
    handler.press("draft_disclosure")
    assert name in handler.page.get_by_test_id("names").inner_text()
    handler.press("disclose")
    assert handler.errors == [f"The text names {name}. Change it, or confirm that they are meant to be named."]
    handler.follow("Change it")
    handler.answer(text=TOLD)
    handler.press("draft_disclosure")
    assert handler.page.get_by_test_id("names").count() == 0
    preview = handler.page.get_by_test_id("preview").inner_text()
    finds_nothing(subject, concern, name)
    handler.press("disclose")
    assert handler.page.get_by_test_id("telling-page").get_attribute("data-state") == "DISCLOSED"

    # the subject: at home, on the page, without a trace of the concern
    subject.go("/")
    subject.follow("Something was disclosed to you")
    shown = subject.page.get_by_test_id("told").inner_text()
    assert TOLD in shown
    for line in ("What happens next", f"{weston['clerk'].full_name}, as Town Clerk", "Your rights", "Employment Relations Act 1999 s.10"):
        assert line in shown
        assert line in preview
    finds_nothing(subject, concern, name)
    told = subject.page.url

    subject.press("companion")
    subject.answer(kind="trade_union_official", name="Una Unwin")
    subject.press("companion")
    paper = tmp_path / "counter.txt"
    paper.write_text("The day book of the counter.")
    subject.press("paper")
    subject.answer(file=paper)
    subject.press("paper")
    subject.press("answer")
    subject.press("answer")
    assert subject.errors == ["Write your answer"]
    subject.answer(answer=ANSWER)
    subject.press("answer")
    assert subject.page.get_by_test_id("answer").inner_text() == ANSWER
    finds_nothing(subject, concern, name)

    # whoever deals with it reads it and closes; the raiser learns that it happened and not what was said
    handler.go("/")
    handler.follow("An answer came")
    page = handler.text
    assert (ANSWER in page, "counter.txt" in page, "Una Unwin" in page) == (True, True, True)
    handler.press("close_disclosure")
    handler.answer(reply="Thank you. That is enough.")
    handler.press("close_disclosure")
    raiser.go(concern.path)
    assert "They answered" in raiser.text
    for words in (TOLD, ANSWER, "counter.txt", "Una Unwin", "That is enough"):
        assert words not in raiser.text

    # a second tab that was open all the time is told, and what was written in it is given back
    assert subject.go(f"{told}answer/") == 409
    subject.go(told)
    assert "Thank you. That is enough." in subject.text
    subject.go("/told/")
    assert "Closed" in subject.text
    finds_nothing(subject, concern, name)
