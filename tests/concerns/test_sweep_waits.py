"""Nobody may act for whoever is away: the raiser is told until when, and whoever looks for somebody is told who is back."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from concerns.enums import Action, State
from concerns.models import Concern
from councils import actions as council_actions
from councils.rls import system_work
from tests.concerns.casework import event, fresh, on_it, told, types
from tests.concerns.screens import at, client_of
from tests.concerns.test_sweep import TODAY, TOMORROW, away, noon, swept, with_clerk
from tests.factories.concerns import NOW, do, lodge
from tests.factories.councils import Town

pytestmark = pytest.mark.django_db
COUNCILS = ("weston",)
FIVE = TODAY + timedelta(days=4)


def next_of(town: Town, who: str, concern: Concern, *, on: object = TODAY) -> str:
    with time_machine.travel(noon(on), tick=False):  # type: ignore[arg-type]
        return client_of(town[who]).get(at("page", concern)).context["next"].what


@pytest.mark.parametrize("taken", [True, False])
def test_raiser_is_told_once_that_it_waits_and_until_when(weston: Town, taken: bool) -> None:
    concern = with_clerk(weston, about="deputy") if taken else lodge(weston, weston["councillor3"], weston["deputy"], chosen_token="role:proper_officer")
    away(weston, "clerk", "deputy", until=FIVE)
    before = told(weston, concern)
    words = f"{weston['clerk'].full_name} is away until 19 January 2026, and nobody acts for them in this. It goes on then."
    assert words not in next_of(weston, "councillor3", concern)
    for _again in range(2):
        assert swept() == {"waits": 1}
    assert swept(TOMORROW) == {"waits": 1}
    assert event(concern, "waits_until_back").facts == {"until": FIVE.isoformat()}
    assert sorted(told(weston, concern)) == sorted([*before, ("councillor3", "progress")])
    assert next_of(weston, "councillor3", concern).endswith(words)
    assert "away until" not in next_of(weston, "councillor3", concern, on=FIVE + timedelta(days=1))


def test_page_says_no_more_that_it_waits_once_the_clerk_is_back_early(weston: Town) -> None:
    concern = with_clerk(weston, about="deputy")
    absence = away(weston, "clerk", "deputy", until=FIVE)
    swept()
    with time_machine.travel(noon(TODAY), tick=False):
        council_actions.cancel_absence(absence=absence, by=None, now=NOW)
    assert "away until" not in next_of(weston, "councillor3", concern)


def stuck(town: Town) -> tuple[Concern, object]:
    """About the Deputy, while the Clerk is away for long: somebody is looked for."""
    concern = with_clerk(town, about="deputy")
    absence = away(town, "clerk", "deputy", until=None)
    swept()
    assert fresh(concern).state == State.NEEDS_HANDLER
    return concern, absence


def test_finder_is_told_once_that_the_clerk_is_there_again(weston: Town) -> None:
    concern, absence = stuck(weston)
    (finder,) = [who for who, parts in on_it(weston, concern).items() if "exception_holder" in parts]
    before = told(weston, concern)
    assert "is there again" not in next_of(weston, "councillor3", concern)
    with time_machine.travel(noon(TOMORROW), tick=False):
        council_actions.end_absence(absence=absence, ends_on=TODAY, by=None, now=noon(TOMORROW))  # type: ignore[arg-type]
    for _again in range(2):
        assert swept(TOMORROW).get("owner") == 1
    assert types(concern).count("there_again") == 1
    assert sorted(told(weston, concern)) == sorted([*before, (finder, "needs_you"), ("councillor3", "progress")])
    for who in (finder, "councillor3", "clerk"):
        assert next_of(weston, who, concern, on=TOMORROW).startswith(
            f"{weston['clerk'].full_name}, who had it before, is there again. {weston[finder].full_name} can choose them"
        )
        with time_machine.travel(noon(TOMORROW), tick=False):
            assert "Nobody is there to take it" not in client_of(weston[who]).get(at("page", concern)).content.decode()
    do(Action.ASSIGN, concern, weston[finder], assignee=weston["clerk"], reason="Back again", now=noon(TOMORROW))
    assert fresh(concern).state == State.INFORMAL
    assert on_it(weston, concern) == {"councillor3": {"raiser"}, "clerk": {"handler"}}


def test_nobody_is_told_of_who_is_back_where_they_left_it_themselves(weston: Town) -> None:
    concern = with_clerk(weston, about="deputy")
    do(Action.NO_HANDLER, concern, weston["clerk"], reason="I can't")
    with system_work():
        assert fresh(concern).state == State.NEEDS_HANDLER
    swept()
    assert "there_again" not in types(concern)
