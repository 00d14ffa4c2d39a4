"""What is due follows from where a concern stands; settling it twice changes nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clocks import reconcile
from clocks.models import OPEN, Obligation
from concerns.enums import OPEN_STATES, Action, State
from concerns.models import Concern
from councils.models import Council, Person
from councils.rls import as_person
from tests.factories.concerns import NOW, do, lodge
from tests.factories.councils import Town

pytestmark = pytest.mark.django_db
COUNCILS = ("weston",)
DAY = timedelta(days=1)


def open_rows(concern: Concern, person: Person) -> list[tuple[str, str, str]]:
    with as_person(person):
        rows = Obligation.objects.filter(OPEN, concern=concern).order_by("due_on", "kind")
        return [(row.kind, row.due_on.isoformat(), row.basis) for row in rows]


def all_rows(concern: Concern, person: Person) -> list[dict[str, object]]:
    with as_person(person):
        return list(Obligation.objects.filter(concern=concern).order_by("opened_at", "kind").values())


@pytest.fixture
def concern(weston: Town) -> Concern:
    return lodge(weston, weston["councillor3"], weston["officer1"], chosen_token="role:chair_of_council")


def test_sending_opens_the_acknowledgement_with_its_calculation(weston: Town, concern: Concern) -> None:
    (row,) = all_rows(concern, weston["chair"])
    assert (row["kind"], row["target"], row["unit"], row["basis"], row["capacities"]) == (
        "acknowledge", 3, "working_days", "default", ["recipient"],
    )  # fmt: skip
    assert row["due_on"] == date(2026, 1, 20)  # Thursday 15: Friday 16, Monday 19, Tuesday 20
    assert row["due_at"] == datetime(2026, 1, 21, tzinfo=UTC)
    assert [line["code"] for line in row["calculation"]] == ["from", "count", "due"]


def test_taking_it_up_meets_one_and_opens_the_next(weston: Town, concern: Concern) -> None:
    do(Action.ACCEPT, concern, weston["chair"], now=NOW + DAY)
    first, second = all_rows(concern, weston["chair"])
    assert (first["kind"], first["met_at"], first["ended_at"]) == ("acknowledge", NOW + DAY, None)
    assert (second["kind"], second["opened_on"], second["due_on"], second["met_at"]) == (
        "informal_review", date(2026, 1, 16), date(2026, 1, 30), None,
    )  # fmt: skip


def test_withdrawing_ends_what_was_due_and_meets_nothing(weston: Town, concern: Concern) -> None:
    do(Action.WITHDRAW, concern, weston["councillor3"], now=NOW + DAY)
    rows = {row["kind"]: row for row in all_rows(concern, weston["councillor3"])}
    assert (rows["acknowledge"]["met_at"], rows["acknowledge"]["ended_at"]) == (None, NOW + DAY)
    assert rows["retention_review"]["due_on"] == date(2027, 1, 18)  # 16 January 2027 is a Saturday
    assert set(rows) == {"acknowledge", "retention_review"}


def test_actor_who_loses_their_access_leaves_it_settled(weston: Town, concern: Concern) -> None:
    do(Action.DECLARE_CONFLICT, concern, weston["chair"], now=NOW + DAY)
    with as_person(weston["chair"]):
        assert not Obligation.objects.filter(concern=concern).exists()
    assert len(open_rows(concern, weston["councillor3"])) == 1


def test_hold_stops_the_clock_and_release_starts_it_again(weston: Town, concern: Concern) -> None:
    do(Action.ACCEPT, concern, weston["chair"], now=NOW)  # ten working days: 29 January
    do(Action.HOLD, concern, weston["chair"], now=NOW + 4 * DAY, until=date(2026, 1, 26), reason="Away")  # Monday 19 to Monday 26: 5
    assert open_rows(concern, weston["chair"]) == [
        ("hold_review", "2026-01-26", "agreed"), ("informal_review", "2026-02-05", "default"),
    ]  # fmt: skip
    do(Action.RELEASE, concern, weston["chair"], now=NOW + 6 * DAY)  # on Wednesday 21: two days
    assert open_rows(concern, weston["chair"]) == [("informal_review", "2026-02-02", "default")]
    row = next(row for row in all_rows(concern, weston["chair"]) if row["kind"] == "informal_review")
    assert (row["paused_on"], row["paused_days"]) == (None, 2)
    assert row["moves"] == [
        {"on": "2026-01-19", "from": "2026-01-29", "to": "2026-02-05", "why": "hold"},
        {"on": "2026-01-21", "from": "2026-02-05", "to": "2026-02-02", "why": "hold"},
    ]


def test_hold_that_ran_out_counts_to_its_last_day_only(weston: Town, concern: Concern) -> None:
    do(Action.ACCEPT, concern, weston["chair"], now=NOW)
    do(Action.HOLD, concern, weston["chair"], now=NOW + 4 * DAY, until=date(2026, 1, 21), reason="Away")
    do(Action.ADD_NOTE, concern, weston["chair"], now=NOW + 12 * DAY, text="Back")
    assert open_rows(concern, weston["chair"]) == [("informal_review", "2026-02-02", "default")]


def test_settling_twice_writes_nothing(weston: Town, concern: Concern) -> None:
    do(Action.ACCEPT, concern, weston["chair"], now=NOW)
    before = all_rows(concern, weston["chair"])
    with as_person(weston["chair"]), CaptureQueriesContext(connection) as captured:
        reconcile.settle(concern, by=weston["chair"], now=NOW + DAY)
        reconcile.settle(concern, by=None, now=NOW + 2 * DAY)
    assert [query["sql"] for query in captured.captured_queries if query["sql"].startswith(("INSERT", "UPDATE", "EXECUTE"))] == []
    assert all_rows(concern, weston["chair"]) == before


def test_changed_target_moves_live_dates_and_is_recorded(weston: Town, concern: Concern) -> None:
    Council.objects.filter(pk=weston.council.pk).update(targets={"acknowledge_concern": 5})
    with as_person(weston["chair"]):
        reconcile.settle(concern, by=None, now=NOW + DAY)
    assert open_rows(concern, weston["chair"]) == [("acknowledge", "2026-01-22", "council")]
    (row,) = all_rows(concern, weston["chair"])
    assert row["moves"] == [{"on": "2026-01-16", "from": "2026-01-20", "to": "2026-01-22", "why": "target"}]
    assert _moved(concern, weston["chair"]) == [{"kind": "acknowledge", "from": "2026-01-20", "to": "2026-01-22", "why": "target"}]


def test_new_closure_moves_live_dates_and_is_recorded(weston: Town, concern: Concern) -> None:
    Council.objects.filter(pk=weston.council.pk).update(closed_days=[date(2026, 1, 19)])
    with as_person(weston["chair"]):
        reconcile.settle(concern, by=None, now=NOW + DAY)
    assert open_rows(concern, weston["chair"]) == [("acknowledge", "2026-01-21", "default")]
    assert [facts["why"] for facts in _moved(concern, weston["chair"])] == ["days_off"]


def _moved(concern: Concern, person: Person) -> list[dict[str, str]]:
    from concerns.models import Event

    with as_person(person):
        return [event.facts for event in Event.objects.filter(concern_id=concern.pk, type="clock_moved")]


def test_concern_passed_on_gives_the_next_person_the_whole_time(weston: Town) -> None:
    concern = lodge(weston, weston["councillor3"], weston["clerk"])
    with as_person(weston["councillor3"]):
        kept = Concern.objects.get(pk=concern.pk)
    assert kept.state in OPEN_STATES
    assert len(open_rows(concern, weston["councillor3"])) == 1


def test_raiser_and_stranger_see_what_they_may(weston: Town, concern: Concern) -> None:
    assert len(all_rows(concern, weston["councillor3"])) == 1
    assert all_rows(concern, weston["officer1"]) == []  # the subject
    assert all_rows(concern, weston["councillor4"]) == []


def test_state_without_a_date_of_its_own_is_looked_at_again(weston: Town, concern: Concern) -> None:
    from clocks import plan
    from concerns.rooms import Due

    for state in sorted(OPEN_STATES - {State.DRAFT}):
        concern.__dict__["state"] = state.value
        due: list[Due] = plan.dues_of(concern, today=NOW.date(), there=[False] * len(__import__("concerns.rooms").rooms.DUES))
        assert [one for one in due if not one.met], state
