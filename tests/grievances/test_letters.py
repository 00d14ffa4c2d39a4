"""Letters of a grievance are filled in with what the grievance knows, and only its raiser is told what was decided."""

from __future__ import annotations

import pytest

from correspondence.actions import letters
from correspondence.enums import LetterKind
from grievances.enums import Step
from tests.factories.concerns import CANARY, NOW, by
from tests.factories.councils import Town
from tests.grievances.course import AFTER, decided, heard, seated, started, take

pytestmark = pytest.mark.django_db


def body(town: Town, concern, kind: str, to: str, *, who: str = "clerk", now=NOW) -> str:
    with by(town[who]):
        return str(letters.draft_letter(concern=concern, kind=kind, by=town[who], now=now, to_person=town[to]).body)


def test_invitation_says_when_where_and_before_whom(ilminster: Town) -> None:
    concern = started(ilminster)
    take(Step.DECLARE, concern, ilminster["councillor5"], free=False)
    take(Step.FORM_PANEL, concern, ilminster["clerk"])
    seated(ilminster, concern, "councillor3", "councillor2", "chair")
    heard(ilminster, concern)
    text = body(ilminster, concern, LetterKind.INVITATION, "officer1")
    chair, *others = [ilminster[name].full_name for name in ("councillor3", "councillor2", "chair")]
    for words in (
        f"on Monday 26 January 2026 at 10:30am, {CANARY} committee room, before", f"{chair} (chair), {', '.join(sorted(others))}",
        f"your grievance, {concern.reference}", "somebody you work with, or an official of a trade union", "up to 2 February 2026",
    ):  # fmt: skip
        assert words in text, words
    assert text.count("{") == 1 and "{papers_by}" in text


def test_outcome_is_filled_in_for_the_raiser_alone(ilminster: Town) -> None:
    concern = started(ilminster)
    take(Step.DECLARE, concern, ilminster["councillor5"], free=False)
    take(Step.FORM_PANEL, concern, ilminster["clerk"])
    seated(ilminster, concern, "councillor3", "councillor2", "chair")
    take(Step.LIST_ALLEGATIONS, concern, ilminster["councillor3"], points=[f"{CANARY} a point"])
    heard(ilminster, concern)
    decided(ilminster, concern, "councillor3", "chair")
    text = body(ilminster, concern, LetterKind.OUTCOME, "officer1", now=AFTER)
    for words in (f"{CANARY} reasons", f"The panel recommends: {CANARY} rota", "on 26 January 2026", "You may appeal to", "on each point stands in the decision itself"):
        assert words in text, words
    assert "{" not in text and "a point" not in text  # whoever runs the procedure doesn't read the points
    other = body(ilminster, concern, LetterKind.OUTCOME, "officer2", now=AFTER)
    assert CANARY not in other and "{decision}" in other and "{reasons}" in other
