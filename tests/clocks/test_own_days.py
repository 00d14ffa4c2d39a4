"""Whoever a concern is about moves none of its dates by the council's own settings, and learns nothing of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from clocks import settling
from clocks.actions.targets import set_target
from clocks.models import OPEN, Obligation
from concerns.domain import targets
from concerns.enums import Action
from concerns.models import Concern, Event
from concerns.own_days import own_days
from councils import actions as council_actions
from councils.models import Council
from councils.rls import as_person, system_work
from grievances import plan as grievances_plan
from tests.concerns.screens import client_of
from tests.factories.concerns import NOW, do, lodge
from tests.factories.councils import AppointmentFactory, Town

pytestmark = pytest.mark.django_db
COUNCILS = ("weston",)
HOUR = timedelta(hours=1)
TODAY = date(2026, 1, 15)


@pytest.fixture
def about_admin(weston: Town) -> Concern:
    """With the Clerk, about an officer who is the council's administrator."""
    AppointmentFactory(council=weston.council, person=weston["officer3"], role="protocol_admin", starts_on=TODAY)
    return do(Action.ACCEPT, lodge(weston, weston["councillor3"], weston["officer3"], chosen_token="role:proper_officer"), weston["clerk"])


def settled(now: datetime) -> None:
    with system_work():
        while settling.settle_marked(now=now):
            pass


def change(weston: Town, days: int, who: str, *, code: str = "informal_review", now: datetime = NOW + HOUR) -> None:
    set_target(council=weston.council, code=code, days=days, by=weston[who], now=now)
    settled(now)


def row(concern: Concern, weston: Town) -> dict[str, Any]:
    with as_person(weston["clerk"]):
        (found,) = Obligation.objects.filter(OPEN, concern=concern).values("kind", "due_on", "basis", "target", "moves", "calculation")
    return found


def kept(concern: Concern, weston: Town) -> list[dict[str, Any]]:
    with as_person(weston["clerk"]):
        return [event.facts for event in Event.objects.filter(concern_id=concern.pk, type="clock_kept").order_by("at")]


def test_subject_who_lengthens_a_target_moves_nothing_of_their_own_case(weston: Town, about_admin: Concern) -> None:
    other = do(Action.ACCEPT, lodge(weston, weston["councillor3"], weston["officer1"], chosen_token="role:proper_officer"), weston["clerk"])
    change(weston, 200, "officer3")
    mine = row(about_admin, weston)
    assert (mine["due_on"], mine["target"], mine["basis"], mine["moves"]) == (date(2026, 1, 29), 10, "default", [])
    assert mine["calculation"][-2] == {"code": "kept", "n": 200, "unit": "working_days"}
    assert kept(about_admin, weston) == [{"kind": "informal_review", "due": "2026-01-29"}]
    assert (row(other, weston)["target"], row(other, weston)["basis"], kept(other, weston)) == (200, "council", [])


def test_what_is_opened_later_follows_the_old_target_as_well(weston: Town, about_admin: Concern) -> None:
    change(weston, 365, "officer3", code="choose_route")
    do(Action.INFORMAL_OVER, about_admin, weston["clerk"], kind="failed", reason="No way", now=NOW + 2 * HOUR)
    assert (row(about_admin, weston)["kind"], row(about_admin, weston)["target"]) == ("choose_route", 10)
    assert len(kept(about_admin, weston)) == 1


def test_another_administrators_change_counts(weston: Town, about_admin: Concern) -> None:
    change(weston, 200, "officer3")
    change(weston, 20, "admin", now=NOW + 2 * HOUR)
    mine = row(about_admin, weston)
    assert (mine["target"], mine["basis"], [move["why"] for move in mine["moves"]]) == (20, "council", ["target"])
    assert [line["code"] for line in mine["calculation"]] == ["from", "count", "due"]
    change(weston, 300, "officer3", now=NOW + 3 * HOUR)
    assert row(about_admin, weston)["target"] == 20


def test_what_the_subject_had_changed_before_it_was_sent_stands(weston: Town) -> None:
    AppointmentFactory(council=weston.council, person=weston["officer3"], role="protocol_admin", starts_on=TODAY - timedelta(days=9))
    change(weston, 30, "officer3", now=NOW - timedelta(days=2))
    council = Council.objects.get(pk=weston.council.pk)
    concern = do(Action.ACCEPT, lodge(weston, weston["councillor3"], weston["officer3"], chosen_token="role:proper_officer"), weston["clerk"])
    assert council.day_changes == [
        {"at": (NOW - timedelta(days=2)).isoformat(), "by": str(weston["officer3"].pk), "code": "informal_review", "before": None, "after": 30}
    ]
    assert row(concern, weston)["target"] == 30


def test_settling_again_says_it_once(weston: Town, about_admin: Concern) -> None:
    change(weston, 200, "officer3")
    for hours in (2, 3):
        do(Action.ADD_NOTE, about_admin, weston["clerk"], text="Seen", now=NOW + hours * HOUR)
        with system_work():
            settling.mark_changed(now=NOW + hours * HOUR)
        settled(NOW + hours * HOUR)
    assert len(kept(about_admin, weston)) == 1


def test_office_closed_by_the_subject_moves_nothing_of_their_own_case(weston: Town, about_admin: Concern) -> None:
    council_actions.add_closure(
        council=weston.council, starts_on=date(2026, 1, 19), ends_on=date(2026, 1, 23), reason="Works", by=weston["officer3"], now=NOW + HOUR
    )
    settled(NOW + HOUR)
    mine = row(about_admin, weston)
    assert (mine["due_on"], mine["calculation"][-2]) == (date(2026, 1, 29), {"code": "counted"})
    assert len(kept(about_admin, weston)) == 1


def test_subject_is_answered_as_ever_and_the_handler_sees_why(weston: Town, about_admin: Concern) -> None:
    with time_machine.travel(NOW + HOUR, tick=False):
        answers = [
            client_of(weston[who]).post(reverse("clocks:target", kwargs={"key": "weston", "code": "informal_review"}), {"days": days}, follow=True).content.decode()
            for who, days in (("officer3", "200"), ("admin", "201"), ("officer3", "202"))
        ]
    assert ["Saved. Dates that are still to come move within a minute" in answer for answer in answers] == [True] * 3
    assert about_admin.reference not in "".join(answers)
    settled(NOW + HOUR)
    with time_machine.travel(NOW + HOUR, tick=False):
        page = client_of(weston["clerk"]).get(reverse("clocks:concern", kwargs={"concern": about_admin.pk})).content.decode()
    assert "The council’s target is 202 working days now. Somebody who is kept out of this changed it, so it doesn’t count here." in page


def test_panel_follows_the_same_days(weston: Town, about_admin: Concern) -> None:
    change(weston, 300, "officer3", code="grievance_meeting")
    concern = Concern.objects.none()
    with as_person(weston["clerk"]):
        concern = Concern.objects.select_related("council", "protocol_version").get(pk=about_admin.pk)
        assert grievances_plan.target(concern, "meeting").days == 10
        assert own_days(concern).targets == {}


AT = datetime(2026, 1, 1, tzinfo=UTC)


def test_changes_are_replayed_without_those_of_the_people_kept_out() -> None:
    def at(day: int, by: str, before: int | None, after: int | None) -> dict[str, Any]:
        return {"at": (AT + timedelta(days=day)).isoformat(), "by": by, "code": "x", "before": before, "after": after}

    changes = [at(-1, "s", None, 3), at(1, "s", 3, 9), at(2, "a", 9, 5), at(3, "s", 5, None)]
    assert targets.without({}, changes, people={"s"}, since=AT) == {"x": 5}
    assert targets.without({}, changes[:2] + changes[3:], people={"s"}, since=AT) == {"x": 3}
    assert targets.without({"x": 9, "y": 1}, changes[1:2], people={"s"}, since=AT) == {"x": 3, "y": 1}
    assert targets.without({"x": 4}, [at(1, "a", None, 4)], people={"s"}, since=AT) == {"x": 4}
    assert targets.without({"x": 9}, [at(1, "s", None, 9)], people={"s"}, since=AT) == {}
