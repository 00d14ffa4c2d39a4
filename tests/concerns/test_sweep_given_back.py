"""What came in while somebody was away is theirs when they are back; and nobody keeps a hat they wear no more."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from concerns.enums import Action, Capacity, State, WiderCircle
from concerns.models import Concern, Participation
from councils import actions as council_actions
from councils.rls import system_work
from tests.concerns.casework import fresh, on_it, told, types
from tests.concerns.screens import at, client_of
from tests.concerns.test_sweep import TODAY, TOMORROW, WEEK, away, leave, noon, opened, swept, with_clerk
from tests.factories.concerns import NOW, do, lodge, sees
from tests.factories.councils import AppointmentFactory, DisclosedRelationshipFactory, Town

pytestmark = pytest.mark.django_db
COUNCILS = ("weston",)
BACK = WEEK + timedelta(days=1)


def during(town: Town) -> Concern:
    """Raised while the Clerk is away and the Deputy acts: it went to the Deputy by the route."""
    concern = lodge(town, town["councillor3"], town["officer3"], chosen_token="role:proper_officer")
    assert on_it(town, concern) == {"councillor3": {"raiser"}, "deputy": {"recipient"}}
    return concern


def shown(town: Town, who: str, concern: Concern, *, on: object = TODAY) -> str:
    with time_machine.travel(noon(on), tick=False):  # type: ignore[arg-type]
        return client_of(town[who]).get(at("page", concern)).content.decode()


def hats(concern: Concern, capacity: Capacity = Capacity.RECIPIENT) -> list[tuple[str, str, str]]:
    with system_work():
        found = Participation.objects.filter(concern=concern, capacity=capacity, until__isnull=True)
        return list(found.values_list("hat", "acting_for", "reason"))


def test_what_came_in_during_the_leave_is_the_clerks_when_it_is_cancelled(weston: Town) -> None:
    absence = away(weston, "clerk", "deputy")
    concern = during(weston)
    assert "standing in as" in shown(weston, "councillor3", concern)
    with time_machine.travel(noon(TODAY), tick=False):
        council_actions.cancel_absence(absence=absence, by=None, now=noon(TODAY))
    before = told(weston, concern)
    assert swept() == {"owner": 1}
    assert on_it(weston, concern) == {"councillor3": {"raiser"}, "clerk": {"recipient"}}
    assert hats(concern) == [("proper_officer", "", "given_back")]
    assert opened(weston, "deputy", concern) == (404, False)
    assert not sees(weston["deputy"], concern)
    assert opened(weston, "clerk", concern) == (200, True)
    assert sorted(told(weston, concern)) == sorted([*before, ("clerk", "received"), ("councillor3", "progress")])
    assert types(concern).count("stood_down") == 1
    with time_machine.travel(noon(TODAY), tick=False):
        page = client_of(weston["councillor3"]).get(at("page", concern))
    assert {entry["name"]: entry["hats"] for entry in page.context["circle"]}[weston["clerk"].full_name] == "Town Clerk"
    assert "standing in as" not in str(page.context["circle"])
    assert swept() == {}
    assert do(Action.ACCEPT, concern, weston["clerk"]).state == State.INFORMAL


def test_what_came_in_during_the_leave_is_the_clerks_after_its_last_day(weston: Town) -> None:
    away(weston, "clerk", "deputy")
    concern = during(weston)
    assert swept(WEEK).get("nobody", 0) == 0
    assert on_it(weston, concern)["deputy"] == {"recipient"}
    assert swept(BACK) == {"owner": 1}
    assert on_it(weston, concern) == {"councillor3": {"raiser"}, "clerk": {"recipient"}}
    assert not sees(weston["deputy"], concern)


def test_what_the_deputy_took_up_in_the_clerks_place_goes_back_too(weston: Town) -> None:
    away(weston, "clerk", "deputy")
    concern = do(Action.ACCEPT, during(weston), weston["deputy"])
    swept(BACK)
    assert on_it(weston, concern) == {"councillor3": {"raiser"}, "clerk": {"handler"}}
    assert hats(concern, Capacity.HANDLER) == [("proper_officer", "", "given_back")]
    assert fresh(concern).state == State.INFORMAL


def test_deputy_keeps_what_the_clerk_may_not_have_and_stands_in_for_nobody(weston: Town) -> None:
    away(weston, "clerk", "deputy")
    concern = during(weston)
    DisclosedRelationshipFactory(council=weston.council, person_a=weston["clerk"], person_b=weston["councillor3"], disclosed_on=TODAY)
    swept(BACK)
    assert "clerk" not in on_it(weston, concern)
    assert not sees(weston["clerk"], concern)
    assert on_it(weston, concern) == {"councillor3": {"raiser"}, "deputy": {"recipient"}}
    assert hats(concern) == [("deputy_proper_officer", "", "kept_on")]
    assert types(concern).count("stood_down") == 1
    assert swept(BACK).get("nobody", 0) == 0
    assert types(concern).count("stood_down") == 1


@pytest.mark.parametrize("wider", [WiderCircle.MAY_PASS_ON, WiderCircle.ASK_FIRST])
def test_whom_the_plan_names_gets_what_the_chair_may_not_have_if_the_raiser_agreed(weston: Town, wider: WiderCircle) -> None:
    """Chosen was the Chair, who has a tie by now: on to the Vice-Chair, but never past the raiser's choice without their word."""
    away(weston, "chair", "councillor8")
    concern = lodge(weston, weston["councillor3"], weston["clerk"], chosen_token="role:chair_of_council", sending={"wider_circle": wider})
    assert on_it(weston, concern) == {"councillor3": {"raiser"}, "councillor8": {"recipient"}}
    DisclosedRelationshipFactory(council=weston.council, person_a=weston["chair"], person_b=weston["councillor3"], disclosed_on=TODAY)
    if wider == WiderCircle.ASK_FIRST:
        assert swept(BACK) == {"owner": 1}
        assert on_it(weston, concern) == {"councillor3": {"raiser"}, "councillor8": {"recipient"}}
        assert hats(concern) == [("councillor", "", "kept_on")]
        return
    assert swept(BACK) == {"owner": 1}
    assert on_it(weston, concern) == {"councillor3": {"raiser"}, "vice": {"recipient"}}
    assert hats(concern) == [("vice_chair_of_council", "", "given_back")]
    assert not sees(weston["councillor8"], concern)
    assert ("vice", "received") in told(weston, concern)


def test_deputy_keeps_it_while_the_clerk_is_away_again_without_anybody_acting(weston: Town) -> None:
    away(weston, "clerk", "deputy")
    concern = during(weston)
    away(weston, "clerk", None, since=BACK, until=BACK)
    swept(BACK)
    assert on_it(weston, concern)["deputy"] == {"recipient"}
    assert "stood_down" not in types(concern)
    swept(BACK + timedelta(days=1))
    assert on_it(weston, concern) == {"councillor3": {"raiser"}, "clerk": {"recipient"}}


def test_another_deputy_acts_next_and_the_first_is_out(weston: Town) -> None:
    away(weston, "clerk", "deputy")
    concern = during(weston)
    away(weston, "clerk", "officer2", since=BACK, until=BACK)
    swept(BACK)
    assert on_it(weston, concern) == {"councillor3": {"raiser"}, "clerk": {"recipient"}, "officer2": {"recipient"}}
    assert not sees(weston["deputy"], concern)


def test_deputy_who_is_appointed_keeps_it_in_their_own_post(weston: Town) -> None:
    away(weston, "clerk", "deputy")
    concern = during(weston)
    leave(weston, "clerk")
    with time_machine.travel(noon(TOMORROW), tick=False):
        AppointmentFactory(council=weston.council, person=weston["deputy"], role="proper_officer", starts_on=TOMORROW)
    swept(TOMORROW)
    assert on_it(weston, concern) == {"councillor3": {"raiser"}, "deputy": {"recipient"}}
    assert hats(concern) == [("proper_officer", "", "kept_on")]


def test_what_was_sent_to_the_deputys_own_office_stays_theirs(weston: Town) -> None:
    away(weston, "clerk", "deputy")
    concern = during(weston)
    with system_work():
        Participation.objects.filter(concern=concern, capacity="recipient").update(hat="deputy_proper_officer", acting_for="")
    assert swept(BACK) == {}
    assert on_it(weston, concern)["deputy"] == {"recipient"}


def test_it_can_be_walked_back_and_forth_without_leaving_anybody_behind(weston: Town) -> None:
    concern = with_clerk(weston)
    absence = away(weston, "clerk", "deputy")
    swept()
    came = during(weston)
    with time_machine.travel(noon(TODAY), tick=False):
        council_actions.cancel_absence(absence=absence, by=None, now=NOW)
    swept()
    away(weston, "clerk", "deputy")
    swept()
    assert on_it(weston, came) == {"councillor3": {"raiser"}, "clerk": {"recipient"}, "deputy": {"recipient"}}
    assert on_it(weston, concern) == {"councillor3": {"raiser"}, "clerk": {"handler"}, "deputy": {"handler"}}
    swept(BACK)
    for one in (concern, came):
        assert set(on_it(weston, one)) == {"councillor3", "clerk"}
        assert not sees(weston["deputy"], one)
