"""Who is reminded of what is due, when, and how often: those who have to act, in open hours, each time once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection

from clocks.models import CouncilHours, Obligation, Preference, Reminder, ReminderHabit
from concerns import policy
from concerns.enums import Action, Capacity, NoticeKind
from concerns.models import Notice
from councils import actions
from councils.rls import system_work
from tests.clocks.ticking import at, due, notices, tick_at, tick_through
from tests.concerns.casework import TODAY
from tests.factories.concerns import CANARY, NOW, by, do, lodge
from tests.factories.councils import Town

COUNCILS = ("weston",)
pytestmark = pytest.mark.django_db
# Lodged on Thursday 15 January 2026, to be acknowledged by Tuesday the 20th.
MONDAY, TUESDAY, WEDNESDAY = at(1, 19), at(1, 20), at(1, 21)


@pytest.fixture
def concern(weston: Town):
    """With the officer's line manager and the Clerk, about a councillor."""
    return lodge(weston, weston["officer1"], weston["councillor3"])


def test_those_who_have_to_act_are_reminded_before_on_and_after(weston: Town, concern) -> None:
    assert due(concern).due_on == date(2026, 1, 20)
    tick_through(NOW, at(1, 22), every=timedelta(hours=3))
    assert notices(weston) == [
        ("clerk", "19 Jan 09:00"), ("manager", "19 Jan 09:00"), ("clerk", "20 Jan 09:00"), ("manager", "20 Jan 09:00"),
        ("clerk", "21 Jan 09:00"), ("manager", "21 Jan 09:00"),
    ]  # fmt: skip
    with system_work():
        given = list(Reminder.objects.filter(concern=concern).order_by("at").values_list("code", "people"))
    assert given == [("before:1", 2), ("on:0", 2), ("after:1", 2)]


def test_a_reminder_carries_nothing_but_ids(weston: Town, concern, smtp_sink) -> None:
    from concerns.tasks import deliver_notices

    with system_work():
        Notice.objects.update(sent_at=NOW)
    tick_at(MONDAY)
    with system_work():
        Notice.objects.filter(sent_at=None).update(due_at=NOW)
    deliver_notices()
    assert len(smtp_sink.raw) == 2
    for _from, to, raw in smtp_sink.raw:
        text = raw.decode()
        assert len(to) == 1
        for secret in (CANARY, str(concern.pk), concern.reference, weston.council.name, weston["councillor3"].full_name, "acknowledge"):
            assert secret not in text


def test_a_tick_before_the_day_begins_gives_nothing(weston: Town, concern) -> None:
    tick_at(NOW, at(1, 19, 7, 59))
    assert notices(weston) == []
    tick_at(at(1, 19, 8, 0))
    assert len(notices(weston)) == 2


def test_a_missed_tick_is_caught_up_with_once(weston: Town, concern) -> None:
    tick_at(at(1, 21, 11), at(1, 21, 11, 1), at(1, 21, 12))
    assert notices(weston) == [("clerk", "21 Jan 11:01"), ("manager", "21 Jan 11:01")]
    with system_work():
        assert [row.code for row in Reminder.objects.filter(concern=concern)] == ["after:1"]


def test_what_is_caught_up_with_at_night_waits_for_the_morning(weston: Town, concern) -> None:
    tick_at(at(1, 17, 23))  # a Saturday: nothing was missed
    assert notices(weston) == []
    tick_at(at(1, 20, 21))
    assert {when for _who, when in notices(weston)} == {"21 Jan 08:00"}


def test_a_clock_that_jumps_back_or_ahead_repeats_nothing(weston: Town, concern) -> None:
    tick_at(MONDAY, at(1, 12), NOW - timedelta(days=400), at(1, 19, 9), TUESDAY, MONDAY, TUESDAY)
    assert [when for who, when in notices(weston) if who == "clerk"] == ["19 Jan 08:01", "20 Jan 08:01"]


def test_subject_and_their_delegates_are_never_told(weston: Town) -> None:
    concern = lodge(weston, weston["councillor3"], weston["clerk"], chosen_token="role:chair_of_council")
    with system_work():
        assert set(Obligation.objects.get(concern=concern).capacities) == {Capacity.RECIPIENT}
    tick_through(NOW, at(3, 31), every=timedelta(days=1))
    with system_work():
        told = set(Notice.objects.filter(person__in=list(weston.people.values())).values_list("person_id", flat=True))
    names = {name for name, person in weston.people.items() if person.pk in told}
    assert "chair" in names
    assert names.isdisjoint({"clerk", "deputy", "manager", "officer1", "officer2", "officer3"})  # the Clerk, who deputises, whom they manage


def test_who_was_put_out_since_is_not_reminded(weston: Town, concern) -> None:
    actions.disclose_relationship(
        council=weston.council, person_a=weston["manager"], person_b=weston["councillor3"], kind="family",
        starts_on=TODAY, by=weston["manager"], now=NOW,
    )  # fmt: skip
    tick_at(MONDAY)
    assert notices(weston) == [("clerk", "19 Jan 08:01")]


def test_who_left_the_council_is_not_reminded(weston: Town, concern) -> None:
    with system_work():
        weston["manager"].appointments.update(ends_on=date(2026, 1, 18))
    tick_at(MONDAY)
    assert notices(weston) == [("clerk", "19 Jan 08:01")]


def test_what_is_met_or_over_is_not_remembered(weston: Town, concern) -> None:
    do(Action.WITHDRAW, concern, weston["officer1"], reason="Settled between us")
    tick_through(NOW, at(2, 10), every=timedelta(hours=12))
    assert notices(weston) == []


def test_taken_up_the_next_date_is_remembered(weston: Town, concern) -> None:
    do(Action.ACCEPT, concern, weston["clerk"], now=NOW)
    tick_through(NOW, at(1, 23), every=timedelta(hours=12))
    assert notices(weston) == []
    review = due(concern, "informal_review")
    assert review.due_on == date(2026, 1, 29)
    tick_at(at(1, 26))
    assert {who for who, _when in notices(weston)} >= {"clerk"}


def test_on_hold_nothing_is_remembered(weston: Town, concern) -> None:
    do(Action.ACCEPT, concern, weston["clerk"], now=NOW)
    do(Action.HOLD, concern, weston["clerk"], now=NOW, until=date(2026, 3, 2), reason="They are away")
    tick_through(NOW, at(2, 20), every=timedelta(days=1))
    assert notices(weston) == []
    tick_through(at(2, 27), at(3, 3), every=timedelta(hours=12))  # the review of the hold itself
    assert {who for who, _when in notices(weston)} == {"clerk", "manager"}


def test_a_councils_own_habits_count_from_the_next_tick(weston: Town, concern) -> None:
    tick_at(NOW)
    ReminderHabit.objects.create(council=weston.council, kind="acknowledge", before=[2], on_the_day=False, after=[], escalate_after=None)
    CouncilHours.objects.create(council=weston.council, opens="10:30", closes="16:00", changed=True)
    tick_at(at(1, 16, 10, 29), at(1, 16, 11))
    tick_through(at(1, 19, 11), at(1, 30), every=timedelta(days=1))
    assert notices(weston) == [("clerk", "16 Jan 11:01"), ("manager", "16 Jan 11:01")]


def test_a_digest_is_one_message_a_day_whatever_is_due(weston: Town, concern) -> None:
    lodge(weston, weston["officer2"], weston["councillor4"])
    with by(weston["clerk"]):
        Preference.objects.create(person=weston["clerk"], digest=True)
    tick_at(MONDAY, at(1, 19, 8, 5), TUESDAY)
    assert [when for who, when in notices(weston) if who == "clerk"] == ["19 Jan 08:01", "20 Jan 08:01"]
    assert len([who for who, _when in notices(weston) if who == "manager"]) == 4
    with system_work():
        assert set(Notice.objects.filter(person=weston["clerk"], kind=NoticeKind.REMINDER).values_list("concern", flat=True)) == {None}


def test_a_clock_that_died_leaves_nothing_half_done(weston: Town, concern) -> None:
    from clocks import reminders

    class Died(Exception):
        pass

    def half() -> None:
        with system_work():
            assert reminders.tick(now=MONDAY) == 1
            raise Died

    with pytest.raises(Died):
        half()
    assert notices(weston) == []
    tick_at(MONDAY)
    assert len(notices(weston)) == 2


def test_the_database_refuses_the_same_reminder_twice(weston: Town, concern) -> None:
    tick_at(MONDAY)
    with system_work():
        Obligation.objects.filter(concern=concern).update(reminded_upto=NOW, next_reminder_at=NOW)  # as if it had been forgotten
    tick_at(MONDAY)
    assert len(notices(weston)) == 2


def test_a_tick_reads_due_rows_by_their_index(weston: Town, concern) -> None:
    with system_work(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")  # a tiny table
        cursor.execute(
            "EXPLAIN SELECT id FROM clocks_obligation WHERE met_at IS NULL AND ended_at IS NULL AND next_reminder_at <= now() "
            "ORDER BY next_reminder_at LIMIT 250 FOR UPDATE SKIP LOCKED"
        )
        assert any("obligation_reminder" in line for (line,) in cursor.fetchall())


def test_nobody_else_sees_that_somebody_was_reminded(weston: Town, concern) -> None:
    tick_at(MONDAY)
    with by(weston["clerk"]):
        assert Reminder.objects.count() == 1
        assert policy.can_see(weston["clerk"], concern)
    for name in ("councillor3", "councillor5", "admin"):
        with by(weston[name]):
            assert Reminder.objects.count() == 0
