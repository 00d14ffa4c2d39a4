"""Somebody on a concern who comes to have a connection with it, or leaves the council, while it runs: out at the next request."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from concerns.actions import glass
from concerns.enums import Action, State
from concerns.models import Concern
from councils.models import Appointment, ReportingLine
from councils.rls import system_work
from tests.concerns.casework import event, fresh, on_it, types
from tests.concerns.screens import at, client_of, frozen
from tests.factories.concerns import CANARY, NOW, do, lodge, sees
from tests.factories.councils import AppointmentFactory, DisclosedRelationshipFactory, ReportingLineFactory, Town

pytestmark = pytest.mark.django_db
COUNCILS = ("weston",)
TODAY, YESTERDAY = date(2026, 1, 15), date(2026, 1, 14)


def running(town: Town) -> Concern:
    """A councillor's concern about the Clerk, which the Chair deals with."""
    concern = lodge(town, town["councillor3"], town["clerk"], chosen_token="role:chair_of_council")
    return do(Action.ACCEPT, concern, town["chair"])


def opened(town: Town, who: str, concern: Concern | UUID, name: str = "page", **more: str) -> tuple[int, bool]:
    """What the address answers ``who``, and whether it shows what was written."""
    with frozen():
        answer = client_of(town[who]).get(at(name, concern, **more))
    return answer.status_code, CANARY in answer.content.decode()


@pytest.mark.parametrize("other", ["clerk", "councillor3"])
def test_handler_with_new_tie_to_a_party_is_out_at_the_next_request(weston: Town, other: str) -> None:
    concern = running(weston)
    assert opened(weston, "chair", concern) == (200, True)
    DisclosedRelationshipFactory(council=weston.council, person_a=weston["chair"], person_b=weston[other], disclosed_on=TODAY)
    assert opened(weston, "chair", concern) == (404, False)
    assert not sees(weston["chair"], concern)
    assert "chair" not in on_it(weston, concern)
    assert fresh(concern).state == State.NEEDS_HANDLER  # nobody is left on it: somebody is asked to find a person
    assert event(concern, "conflict_declared").by_name == weston["chair"].full_name
    assert opened(weston, "councillor3", concern) == (200, True)


def test_recipient_who_comes_to_stand_in_for_the_subject_is_out(weston: Town) -> None:
    concern = lodge(weston, weston["councillor3"], weston["officer1"], chosen_token="rel:line_manager_of_subject")
    assert opened(weston, "manager", concern) == (200, True)
    theirs = Appointment.objects.get(person=weston["officer1"], council=weston.council)
    AppointmentFactory(
        council=weston.council, person=weston["manager"], role="officer", kind="deputy_acting", acting_for=theirs, starts_on=TODAY
    )
    assert opened(weston, "manager", concern) == (404, False)
    assert not sees(weston["manager"], concern)


def test_recipient_whom_the_subject_comes_to_manage_is_out_whatever_they_try(weston: Town) -> None:
    concern = lodge(weston, weston["councillor3"], weston["officer3"], chosen_token="role:proper_officer")
    ReportingLine.objects.filter(officer=weston["officer3"]).delete()
    ReportingLine.objects.filter(officer=weston["manager"]).update(manager=weston["officer3"])
    ReportingLineFactory(council=weston.council, officer=weston["clerk"], manager=weston["manager"], starts_on=TODAY)  # two steps up
    with frozen():
        answer = client_of(weston["clerk"]).post(at("do", concern, action="accept"), {"revision": ""})
    assert answer.status_code == 404
    assert not sees(weston["clerk"], concern)
    assert "accepted" not in types(concern)


@pytest.mark.parametrize("name", ["page", "circle"])
def test_handler_without_a_post_left_is_out_the_day_after(weston: Town, name: str) -> None:
    concern = running(weston)
    held = Appointment.objects.filter(person=weston["chair"], council=weston.council)
    held.update(ends_on=TODAY)
    assert opened(weston, "chair", concern, name)[0] == 200  # the last day counts
    held.update(ends_on=YESTERDAY)
    assert opened(weston, "chair", concern, name) == (404, False)
    assert not sees(weston["chair"], concern)
    glass.sweep(now=NOW, within=system_work)  # whoever comes in for them
    assert "chair" not in on_it(weston, concern)
    assert fresh(concern).state == State.NEEDS_HANDLER


def test_handler_of_a_closed_concern_who_left_finds_nothing(weston: Town) -> None:
    concern = running(weston)
    do(Action.SETTLE, concern, weston["chair"], summary="x", raiser_agrees=True)
    assert opened(weston, "chair", concern) == (200, True)
    Appointment.objects.filter(person=weston["chair"]).update(ends_on=YESTERDAY)
    assert opened(weston, "chair", concern) == (404, False)


def test_raiser_who_left_still_reads_their_own(weston: Town) -> None:
    concern = running(weston)
    Appointment.objects.filter(person=weston["councillor3"]).update(ends_on=YESTERDAY)
    assert opened(weston, "councillor3", concern) == (200, True)
    assert sees(weston["councillor3"], concern)


def test_change_that_has_nothing_to_do_with_it_changes_nothing(weston: Town) -> None:
    concern = running(weston)
    DisclosedRelationshipFactory(council=weston.council, person_a=weston["chair"], person_b=weston["councillor7"], disclosed_on=TODAY)
    AppointmentFactory(council=weston.council, person=weston["chair"], role="committee_chair", starts_on=TODAY)
    assert opened(weston, "chair", concern) == (200, True)
    assert on_it(weston, concern)["chair"] == {"handler"}
