"""Whose deputy comes in, and who chooses them: never for a seat or another office, and never by the choice of a party."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection

from concerns import policy
from concerns.enums import Action, Capacity
from concerns.models import Concern
from councils import actions as council_actions
from councils.models import Appointment
from councils.rls import system_work
from tests.concerns.casework import on_it, types
from tests.concerns.test_sweep import TODAY, WEEK, away, noon, swept, with_clerk
from tests.factories.concerns import NOW, by, do, lodge, sees
from tests.factories.councils import AppointmentFactory, Town

pytestmark = pytest.mark.django_db
COUNCILS = ("weston",)


def given(concern: Concern, town: Town, who: str, capacity: Capacity, **more: str) -> None:
    with system_work():
        policy.grant(concern, town[who], capacity, reason="named_by_route", by=None, now=NOW, **more)


def about_clerk(town: Town) -> Concern:
    """With the Chair, about the Clerk."""
    return do(Action.ACCEPT, lodge(town, town["councillor3"], town["clerk"], chosen_token="role:chair_of_council"), town["chair"])


def test_a_seat_on_a_body_passes_to_nobody_who_acts_in_an_office(weston: Town) -> None:
    concern = lodge(weston, weston["clerk"], weston["councillor6"])
    given(concern, weston, "councillor2", Capacity.RECIPIENT, hat="hr_panel", token="body:hr_panel")
    away(weston, "councillor2", "councillor8")  # acts as chair of a committee
    swept()
    assert "councillor8" not in on_it(weston, concern)
    assert not sees(weston["councillor8"], concern)


def test_a_part_given_for_one_office_passes_to_nobody_who_acts_in_another(weston: Town) -> None:
    concern = about_clerk(weston)
    other = AppointmentFactory(council=weston.council, person=weston["chair"], role="committee_chair", starts_on=date(2025, 5, 1))
    AppointmentFactory(
        council=weston.council, person=weston["councillor8"], role="committee_chair", kind="deputy_acting", acting_for=other, starts_on=TODAY
    )
    swept()
    assert "councillor8" not in on_it(weston, concern)
    held = Appointment.objects.get(council=weston.council, person=weston["chair"], role="chair_of_council")
    AppointmentFactory(
        council=weston.council, person=weston["councillor7"], role="chair_of_council", kind="deputy_acting", acting_for=held, starts_on=TODAY
    )
    swept()
    assert on_it(weston, concern)["councillor7"] == {"handler"}
    assert "councillor8" not in on_it(weston, concern)


def test_who_acts_in_another_office_of_the_deputy_is_no_link_of_the_chain(weston: Town) -> None:
    concern = with_clerk(weston)
    away(weston, "clerk", "deputy")
    own = Appointment.objects.get(council=weston.council, person=weston["deputy"], role="deputy_proper_officer")
    AppointmentFactory(
        council=weston.council, person=weston["officer2"], role="deputy_proper_officer", kind="deputy_acting", acting_for=own, starts_on=TODAY
    )
    swept()
    assert on_it(weston, concern)["deputy"] == {"handler"}
    assert "officer2" not in on_it(weston, concern)


def test_what_a_raiser_follows_themselves_is_not_their_deputys(weston: Town) -> None:
    concern = lodge(weston, weston["clerk"], weston["councillor6"])
    given(concern, weston, "clerk", Capacity.LIAISON)
    away(weston, "clerk", "deputy", until=None)
    swept()
    assert "deputy" not in on_it(weston, concern)
    assert not sees(weston["deputy"], concern)


def test_the_subject_as_administrator_chooses_no_deputy_for_the_handler(weston: Town) -> None:
    AppointmentFactory(council=weston.council, person=weston["clerk"], role="protocol_admin", starts_on=TODAY)
    concern, other = about_clerk(weston), do(Action.ACCEPT, lodge(weston, weston["clerk"], weston["councillor6"]), weston["chair"])
    council_actions.book_absence(
        council=weston.council, person=weston["chair"], deputy=weston["councillor8"], starts_on=TODAY, by=weston["clerk"], now=NOW
    )
    swept()
    for kept in (concern, other):
        assert "councillor8" not in on_it(weston, kept)
        assert on_it(weston, kept)["chair"] == {"handler"}
        assert "nobody_left" not in types(kept)


def test_the_absent_themselves_choose_their_deputy_also_where_the_administrator_is_the_subject(weston: Town) -> None:
    concern = about_clerk(weston)
    council_actions.book_absence(
        council=weston.council, person=weston["chair"], deputy=weston["vice"], starts_on=TODAY, by=weston["chair"], now=NOW
    )
    swept()
    assert on_it(weston, concern)["vice"] == {"handler"}


def test_who_acted_for_one_holder_keeps_nothing_by_acting_for_another_of_the_same_role(weston: Town) -> None:
    concern = about_clerk(weston)
    posts = {
        who: AppointmentFactory(council=weston.council, person=weston[who], role="committee_chair", starts_on=date(2025, 5, 1))
        for who in ("councillor4", "councillor5")
    }
    given(concern, weston, "councillor4", Capacity.HANDLER, hat="committee_chair")
    away(weston, "councillor4", "councillor8", until=TODAY)
    swept()
    assert on_it(weston, concern)["councillor8"] == {"handler"}
    AppointmentFactory(
        council=weston.council, person=weston["councillor8"], role="committee_chair", kind="deputy_acting", acting_for=posts["councillor5"],
        starts_on=TODAY,
    )  # fmt: skip
    swept(TODAY + timedelta(days=1))
    assert "councillor8" not in on_it(weston, concern)
    assert not sees(weston["councillor8"], concern)


def test_whose_part_holds_no_more_is_told_to_nobody_who_doesnt_know_of_the_concern(weston: Town) -> None:
    concern = with_clerk(weston, about="officer3")
    away(weston, "clerk", "deputy")
    swept()
    after, asked = WEEK + timedelta(days=1), "SELECT my_void(%s, %s)"
    values = [weston["deputy"].pk, policy.permission_id(policy.VIEW)]
    for who, known in (("officer3", []), ("councillor8", []), ("clerk", [concern.pk]), ("deputy", [concern.pk])):
        with time_machine.travel(noon(after), tick=False), by(weston[who]), connection.cursor() as cursor:
            cursor.execute(asked, values)
            assert cursor.fetchone()[0] == known, who


def test_the_wrong_deputy_sees_nothing_any_more_at_once(weston: Town) -> None:
    concern = with_clerk(weston)
    absence = away(weston, "clerk", "officer2")
    swept()
    with time_machine.travel(noon(TODAY), tick=False):
        assert sees(weston["officer2"], concern)
        council_actions.cancel_absence(absence=absence, by=None, now=noon(TODAY))
        assert not sees(weston["officer2"], concern)  # before any sweep
    swept()
    assert on_it(weston, concern) == {"councillor3": {"raiser"}, "clerk": {"handler"}}
    assert types(concern).count("stood_down") == 1
