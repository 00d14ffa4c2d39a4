"""Away, back, gone: deputies find the work but never what is about them, who left sees nothing, and nothing is stranded."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse

from concerns.actions import glass
from concerns.actions.sweep import Kept
from concerns.enums import Action, State
from concerns.models import Concern
from councils import actions as council_actions
from councils.models import Appointment, Person
from councils.rls import system_work
from tests.concerns.casework import event, fresh, on_it, told, types
from tests.concerns.screens import at, client_of
from tests.factories.concerns import CANARY, NOW, do, lodge, sees
from tests.factories.councils import AppointmentFactory, DisclosedRelationshipFactory, Town

pytestmark = pytest.mark.django_db
COUNCILS = ("weston",)
TODAY, TOMORROW = date(2026, 1, 15), date(2026, 1, 16)
WEEK = TODAY + timedelta(days=6)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def swept(day: date = TODAY) -> dict[str, int]:
    """The sweep on that day: who keeps what it looked at."""
    with time_machine.travel(noon(day), tick=False):
        return {kept.value: n for kept, n in glass.sweep(now=noon(day), within=system_work).items()}


def away(town: Town, who: str, deputy: str | None = None, *, until: date | None = WEEK, since: date = TODAY) -> Any:
    return council_actions.book_absence(
        council=town.council, person=town[who], deputy=town[deputy] if deputy else None, starts_on=since, ends_on=until, by=None, now=NOW
    )


def leave(town: Town, *people: str, on: date = TODAY) -> None:
    """Their posts end on that day."""
    for row in Appointment.objects.filter(council=town.council, person__in=[town[who] for who in people], ends_on=None):
        council_actions.end_appointment(appointment=row, ends_on=on, by=None, now=NOW)


def opened(town: Town, who: str, concern: Concern | UUID, *, on: date = TODAY, at_time: datetime | None = None) -> tuple[int, bool]:
    """What the concern's page answers that day, and whether it shows what was written."""
    with time_machine.travel(at_time or noon(on), tick=False):
        answer = client_of(town[who]).get(at("page", concern))
    return answer.status_code, CANARY in answer.content.decode()


def listed(person: Person, concern: Concern, *, on: date) -> bool:
    """Whether the person's own list shows it that day."""
    with time_machine.travel(noon(on), tick=False):
        return concern.reference in client_of(person).get(reverse("concerns:list")).content.decode()


def with_clerk(town: Town, raiser: str = "councillor3", about: str = "officer3", **more: Any) -> Concern:
    """A concern the Clerk has taken up."""
    concern = lodge(town, town[raiser], town[about], chosen_token="role:proper_officer", **more)
    return do(Action.ACCEPT, concern, town["clerk"])


def test_deputy_finds_the_work_while_the_clerk_is_away_and_not_after(weston: Town) -> None:
    concern = with_clerk(weston)
    assert opened(weston, "deputy", concern) == (404, False)
    away(weston, "clerk", "deputy")
    assert swept() == {"owner": 1}
    assert on_it(weston, concern) == {"councillor3": {"raiser"}, "clerk": {"handler"}, "deputy": {"handler"}}
    assert opened(weston, "deputy", concern) == (200, True)
    assert ("deputy", "received") in told(weston, concern)
    assert event(concern, "stood_in").facts == {"people": 1, "until": WEEK.isoformat()}
    assert swept() == {"owner": 1}
    assert types(concern).count("stood_in") == 1
    back = WEEK + timedelta(days=1)
    assert opened(weston, "deputy", concern, on=back) == (404, False)  # before any sweep
    assert not listed(weston["deputy"], concern, on=back)
    assert swept(back) == {"owner": 1}
    assert on_it(weston, concern) == {"councillor3": {"raiser"}, "clerk": {"handler"}}
    assert event(concern, "stood_down").by_name == ""
    assert opened(weston, "clerk", concern, on=back) == (200, True)


def test_deputy_never_gets_the_case_about_them(weston: Town) -> None:
    concern = with_clerk(weston, about="deputy")
    other = with_clerk(weston)
    away(weston, "clerk", "deputy")
    assert swept() == {"owner": 1, "waits": 1}  # the Clerk is back within the week
    assert opened(weston, "deputy", concern) == (404, False)
    assert opened(weston, "deputy", other) == (200, True)
    assert set(on_it(weston, concern)) == {"councillor3", "clerk"}


def test_case_about_the_deputy_goes_on_when_the_clerk_stays_away(weston: Town) -> None:
    concern = with_clerk(weston, about="deputy")
    away(weston, "clerk", "deputy", until=None)
    assert swept() == {"owner": 1}
    assert fresh(concern).state == State.NEEDS_HANDLER
    finders = {name for name, parts in on_it(weston, concern).items() if "exception_holder" in parts}
    assert finders
    assert finders.isdisjoint({"deputy", "clerk"})
    assert ("councillor3", "progress") in told(weston, concern)
    assert not sees(weston["deputy"], concern)


def test_chain_of_deputies_passes_the_work_to_the_third_and_never_to_the_subject(weston: Town) -> None:
    concern, about_third = with_clerk(weston), with_clerk(weston, about="manager")
    away(weston, "clerk", "deputy")
    away(weston, "deputy", "officer2")
    away(weston, "officer2", "manager")
    swept()
    assert on_it(weston, concern)["manager"] == {"handler"}
    assert "deputy" not in on_it(weston, concern)
    assert "manager" not in on_it(weston, about_third)
    assert not sees(weston["manager"], about_third)


def test_deputy_with_a_tie_to_the_raiser_is_left_out(weston: Town) -> None:
    concern = with_clerk(weston)
    DisclosedRelationshipFactory(council=weston.council, person_a=weston["deputy"], person_b=weston["councillor3"], disclosed_on=TODAY)
    away(weston, "clerk", "deputy")
    assert swept() == {"waits": 1}
    assert not sees(weston["deputy"], concern)


def test_leaver_sees_nothing_the_day_after_and_nothing_is_stranded(weston: Town) -> None:
    lodged = lodge(weston, weston["councillor3"], weston["clerk"], chosen_token="role:chair_of_council")
    taken = do(Action.ACCEPT, lodge(weston, weston["councillor4"], weston["clerk"], chosen_token="role:chair_of_council"), weston["chair"])
    own = lodge(weston, weston["chair"], weston["officer3"], chosen_token="role:proper_officer")
    leave(weston, "chair", "councillor3")
    for concern in (lodged, taken, own):
        assert opened(weston, "chair", concern) == (200, True)  # the last day counts
    for concern in (lodged, taken):
        assert opened(weston, "chair", concern, on=TOMORROW) == (404, False)
        assert not listed(weston["chair"], concern, on=TOMORROW)
    assert opened(weston, "chair", own, on=TOMORROW) == (200, True)  # party rights continue
    assert opened(weston, "councillor3", lodged, on=TOMORROW) == (200, True)
    kept = swept(TOMORROW)
    assert kept.get("nobody", 0) == 0
    assert "chair" not in on_it(weston, lodged)
    assert "chair" not in on_it(weston, taken)
    assert event(taken, "put_out").facts == {"people": 1, "replaced_by": 0}
    assert ("councillor3", "progress") in told(weston, lodged)
    again = swept(TOMORROW)
    assert again.get("nobody", 0) == 0
    assert types(taken).count("put_out") == 1


def test_leaver_is_signed_out_once_by_the_next_request(weston: Town) -> None:
    client = client_of(weston["chair"])
    Person.objects.filter(pk=weston["chair"].pk).update(last_login=NOW)
    leave(weston, "chair")
    home = reverse("concerns:home")
    with time_machine.travel(noon(TODAY), tick=False):
        assert client.get(home).status_code == 200
    with time_machine.travel(datetime(2026, 1, 16, 0, 0, 1, tzinfo=UTC), tick=False):
        answer = client.get(home)
        assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("account_login"))
        assert client.get(home).status_code == 302
        assert client_of(weston["chair"]).get(home).status_code == 200  # they may sign in again, for what is their own


def test_leaver_of_one_post_who_keeps_another_stays(weston: Town) -> None:
    concern = do(Action.ACCEPT, lodge(weston, weston["councillor3"], weston["clerk"], chosen_token="role:chair_of_council"), weston["chair"])
    AppointmentFactory(council=weston.council, person=weston["chair"], role="committee_chair", starts_on=date(2025, 5, 1))
    row = Appointment.objects.get(council=weston.council, person=weston["chair"], role="chair_of_council")
    council_actions.end_appointment(appointment=row, ends_on=TODAY, by=None, now=NOW)
    assert opened(weston, "chair", concern, on=TOMORROW) == (200, True)
    assert on_it(weston, concern)["chair"] == {"handler"}


def test_whole_council_leaves_and_the_raiser_has_it_told(weston: Town) -> None:
    concern = with_clerk(weston)
    everybody = [name for name in weston.people if name not in ("councillor3", "former")]
    leave(weston, *everybody)
    assert swept(TOMORROW) == {"raiser": 1}
    assert fresh(concern).state == State.NEEDS_HANDLER
    assert on_it(weston, concern) == {"councillor3": {"raiser"}}
    assert ("councillor3", "needs_you") in told(weston, concern)
    count = len(told(weston, concern))
    assert swept(TOMORROW) == {"raiser": 1}
    assert len(told(weston, concern)) == count  # told once
    with time_machine.travel(noon(TOMORROW), tick=False):
        chair = AppointmentFactory(council=weston.council, role="chair_of_council", starts_on=TOMORROW).person
        assert swept(TOMORROW) == {"owner": 1}
        assert sees(chair, concern)


def test_new_connection_is_found_by_the_sweep_before_they_look(weston: Town) -> None:
    concern = do(Action.ACCEPT, lodge(weston, weston["councillor3"], weston["clerk"], chosen_token="role:chair_of_council"), weston["chair"])
    DisclosedRelationshipFactory(council=weston.council, person_a=weston["chair"], person_b=weston["clerk"], disclosed_on=TODAY)
    assert sees(weston["chair"], concern)
    assert swept() == {"owner": 1}
    assert not sees(weston["chair"], concern)
    assert "chair" not in on_it(weston, concern)
    assert fresh(concern).state == State.NEEDS_HANDLER


def test_command_prints_nobody_and_fails_when_somebody_is_left_alone(weston: Town, capsys: pytest.CaptureFixture[str]) -> None:
    with_clerk(weston)
    call_command("sweep")
    assert capsys.readouterr().out.splitlines()[-1] == "Without anybody: 0"
    everybody = [name for name in weston.people if name != "former"]
    leave(weston, *everybody)
    Person.objects.filter(pk=weston["councillor3"].pk).update(is_active=False)
    with time_machine.travel(noon(TOMORROW), tick=False), pytest.raises(CommandError):
        call_command("sweep")
    assert capsys.readouterr().out.splitlines()[-1] == "Without anybody: 1"


def test_handler_whose_account_was_closed_is_replaced(weston: Town) -> None:
    concern = with_clerk(weston)
    Person.objects.filter(pk=weston["clerk"].pk).update(is_active=False)
    assert swept() == {"owner": 1}
    assert fresh(concern).state == State.NEEDS_HANDLER
    assert "clerk" not in on_it(weston, concern)


def test_minutes_look_where_people_changed_and_the_half_hour_everywhere(weston: Town) -> None:
    with_clerk(weston)
    away(weston, "clerk", "deputy", until=None, since=TOMORROW)

    def found(moment: datetime, *, lately: bool) -> int:
        return sum(glass.sweep(now=moment, within=system_work, lately=lately).values())

    assert found(noon(TOMORROW), lately=True) == 0  # booked yesterday: the half hour finds it
    assert found(noon(TOMORROW), lately=False) == 1
    council_actions.appoint(
        council=weston.council, person=weston["officer2"], role="senior_officer", starts_on=TOMORROW, by=None, now=noon(TOMORROW)
    )
    assert found(noon(TOMORROW) + timedelta(minutes=1), lately=True) == 1


def test_sweep_has_nothing_to_do_with_what_is_in_order(weston: Town) -> None:
    with_clerk(weston)
    lodge(weston, weston["councillor3"], weston["clerk"], chosen_token="role:chair_of_council")
    assert swept() == {}
    assert Kept.NOBODY not in swept()
