"""Silence goes on to the next of the route who is free, as the route says; the raiser sees it; the subject's side never hears of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from clocks.models import Obligation
from concerns import policy
from concerns.enums import Action, Capacity, NoticeKind, State, WiderCircle
from concerns.models import Exclusion, Narrative, Notice
from councils.rls import system_work
from tests.clocks.ticking import at, due, notices, tick_at, tick_through
from tests.concerns.casework import event, fresh, on_it, types
from tests.concerns.screens import at as page_of
from tests.concerns.screens import client_of
from tests.factories.concerns import CANARY, NOW, by, do, lodge, sees
from tests.factories.councils import Town

COUNCILS = ("weston",)
pytestmark = pytest.mark.django_db
# Lodged on Thursday 15 January 2026, to be acknowledged by Tuesday the 20th, silent until Friday the 23rd.
FRIDAY = at(1, 23)
FROM_CLERK = ("clerk", "councillor3")  # W-R04: the Chair, then the vice-chair, then the panel


def from_clerk(weston: Town, subject: str = "councillor3"):
    return lodge(weston, weston["clerk"], weston[subject])


def test_the_next_of_the_route_receives_it_and_the_raiser_is_told(weston: Town) -> None:
    concern = from_clerk(weston)
    tick_at(at(1, 22), at(1, 22, 17))
    assert on_it(weston, concern) == {"clerk": {"raiser"}, "chair": {"recipient"}}
    tick_at(FRIDAY)
    assert on_it(weston, concern) == {"clerk": {"raiser"}, "chair": {"recipient"}, "vice": {"recipient"}}
    assert fresh(concern).state == State.LODGED
    assert types(concern) == ["lodged", "clock_escalated"]
    line = event(concern, "clock_escalated")
    assert (line.by_id, line.facts) == (None, {"kind": "acknowledge", "due": "2026-01-20", "people": 1})
    assert notices(weston, NoticeKind.PROGRESS) == [("clerk", "23 Jan 08:01")]
    assert ("vice", "23 Jan 08:01") in notices(weston, NoticeKind.RECEIVED)
    with by(weston["vice"]):
        assert Narrative.objects.filter(concern_id=concern.pk).exists()
    do(Action.ACCEPT, concern, weston["vice"], now=FRIDAY)
    assert fresh(concern).state == State.INFORMAL


def test_the_next_has_the_whole_time_and_then_it_goes_on(weston: Town) -> None:
    concern = from_clerk(weston)
    tick_at(FRIDAY)
    assert due(concern).due_on == date(2026, 1, 28)
    with system_work():
        missed = Obligation.objects.get(concern=concern, due_on=date(2026, 1, 20))
    assert (missed.met_at, missed.ended_at) == (None, FRIDAY)
    tick_through(at(1, 24), at(1, 30), every=timedelta(days=1))
    assert "councillor1" not in on_it(weston, concern)
    tick_at(at(2, 2))
    panel = {name for name, parts in on_it(weston, concern).items() if parts == {"recipient"}} - {"chair", "vice"}
    assert len(panel) >= 2 and "councillor3" not in panel
    assert types(concern).count("clock_escalated") == 2


def test_a_month_without_a_clock_is_one_step(weston: Town) -> None:
    concern = from_clerk(weston)
    tick_at(at(2, 20), at(2, 20, 8, 2), at(2, 20, 12))
    assert on_it(weston, concern) == {"clerk": {"raiser"}, "chair": {"recipient"}, "vice": {"recipient"}}


def test_who_is_the_subject_is_passed_over(weston: Town) -> None:
    concern = from_clerk(weston, "vice")
    tick_at(FRIDAY)
    assert "vice" not in on_it(weston, concern)
    assert not sees(weston["vice"], concern)
    assert len(on_it(weston, concern)) >= 4  # the panel


def test_nobody_left_is_the_path_of_no_handler_and_comes_back_to_the_raiser(weston: Town) -> None:
    concern = from_clerk(weston)
    tick_through(FRIDAY, at(2, 27), every=timedelta(days=1))
    assert fresh(concern).state == State.NEEDS_HANDLER
    assert ("clerk",) in {(who,) for who, _when in notices(weston, NoticeKind.NEEDS_YOU)}
    assert due(concern, "find_handler")
    # the vice-chair, the panel, nobody, and once that there is still nobody
    assert types(concern) == ["lodged", *["clock_escalated"] * 4]
    tick_through(at(3, 2), at(4, 30), every=timedelta(days=3))
    assert types(concern) == ["lodged", *["clock_escalated"] * 4]


def test_the_raisers_choice_is_not_passed_by(weston: Town) -> None:
    concern = lodge(weston, weston["councillor3"], weston["officer1"], chosen_token="role:chair_of_council")
    tick_at(FRIDAY)
    assert fresh(concern).state == State.NEEDS_HANDLER
    assert on_it(weston, concern)["clerk"] == {"exception_holder"}
    with by(weston["clerk"]):
        assert not Narrative.objects.filter(concern_id=concern.pk).exists()
    assert types(concern) == ["lodged", "clock_escalated"]
    assert event(concern, "clock_escalated").to_state == State.NEEDS_HANDLER


def test_where_the_raiser_said_so_it_goes_on_to_the_others(weston: Town) -> None:
    concern = lodge(
        weston, weston["councillor3"], weston["officer1"], chosen_token="role:chair_of_council",
        sending={"wider_circle": WiderCircle.MAY_PASS_ON},
    )  # fmt: skip
    tick_at(FRIDAY)
    assert fresh(concern).state == State.LODGED
    assert on_it(weston, concern)["clerk"] == {"recipient"}


def test_a_no_of_the_raiser_since_counts_more_than_what_they_said_when_sending(weston: Town) -> None:
    concern = lodge(
        weston, weston["councillor3"], weston["officer1"], chosen_token="role:chair_of_council",
        sending={"wider_circle": WiderCircle.MAY_PASS_ON},
    )  # fmt: skip
    do(Action.ASK_CONSENT, concern, weston["chair"], kind="wider_circle", wording="May the Clerk see it?")
    do(Action.ANSWER_CONSENT, concern, weston["councillor3"], agree=False)
    tick_at(FRIDAY)
    assert fresh(concern).state == State.NEEDS_HANDLER
    assert on_it(weston, concern)["clerk"] == {"exception_holder"}
    with by(weston["clerk"]):
        assert not Narrative.objects.filter(concern_id=concern.pk).exists()


def test_the_subjects_deputy_is_never_asked(weston: Town) -> None:
    concern = lodge(weston, weston["councillor3"], weston["clerk"], chosen_token="role:chair_of_council")
    tick_through(FRIDAY, at(3, 31), every=timedelta(days=1))
    assert fresh(concern).state == State.NEEDS_HANDLER
    assert on_it(weston, concern)["vice"] == {"exception_holder"}
    for name in ("clerk", "deputy", "manager", "officer1"):
        assert not sees(weston[name], concern)
    with system_work():
        out = list(Exclusion.objects.filter(concern=concern).values_list("person_id", flat=True))
        assert not Notice.objects.filter(concern=concern, person__in=out).exists()
        assert not Notice.objects.filter(person__in=[weston["clerk"], weston["deputy"]]).exists()


def taken_up(weston: Town):
    """With the Chair since the 15th; to be looked at by the 29th, silent until 5 February."""
    concern = from_clerk(weston)
    do(Action.ACCEPT, concern, weston["chair"], now=NOW)
    assert due(concern, "informal_review").due_on == date(2026, 1, 29)
    return concern


def test_taken_up_and_silent_the_next_is_told_and_sees_dates_only(weston: Town) -> None:
    concern = taken_up(weston)
    tick_at(at(2, 4), at(2, 5))
    assert on_it(weston, concern) == {"clerk": {"raiser"}, "chair": {"handler"}, "vice": {"standby"}}
    assert fresh(concern).state == State.INFORMAL
    with by(weston["vice"]):
        assert policy.can_see(weston["vice"], concern)
        assert not Narrative.objects.filter(concern_id=concern.pk).exists()
        held = policy.capacities(weston["vice"], concern)
    assert held == {Capacity.STANDBY}
    assert ("vice", "05 Feb 08:01") in notices(weston, NoticeKind.NEEDS_YOU)
    assert ("clerk", "05 Feb 08:01") in notices(weston, NoticeKind.PROGRESS)


def test_the_pages_say_that_it_happened_and_show_dates_only_to_who_was_told(weston: Town) -> None:
    concern = taken_up(weston)
    tick_at(at(2, 5))
    with time_machine.travel(at(2, 5, 9), tick=False):
        raisers = client_of(weston["clerk"]).get(page_of("page", concern))
        told = client_of(weston["vice"]).get(page_of("page", concern))
        home = client_of(weston["vice"]).get(reverse("concerns:home"))
    assert "Nobody had acted by the date, so it went on to the next person" in raisers.content.decode()
    assert told.status_code == 200
    assert CANARY in raisers.content.decode() and CANARY not in told.content.decode()
    assert "was told that it waits (sees stage, people and dates, nothing that was written)" in told.content.decode()
    assert [row["concern"].pk for row in home.context["waiting"]] == [concern.pk]


def test_who_was_told_sees_nothing_once_it_is_closed(weston: Town) -> None:
    concern = taken_up(weston)
    tick_at(at(2, 5))
    assert sees(weston["vice"], concern)
    do(Action.WITHDRAW, concern, weston["clerk"], now=at(2, 6), reason="No longer needed")
    assert not sees(weston["vice"], concern)


def test_who_was_told_sees_nothing_once_somebody_acted(weston: Town) -> None:
    concern = taken_up(weston)
    tick_at(at(2, 5))
    assert sees(weston["vice"], concern)
    do(Action.INFORMAL_OVER, concern, weston["chair"], now=at(2, 6), kind="failed", reason="They could not agree")
    assert not sees(weston["vice"], concern)
    assert sees(weston["chair"], concern)


def test_a_sign_of_life_counts_as_none_of_silence(weston: Town) -> None:
    concern = taken_up(weston)
    do(Action.ADD_NOTE, concern, weston["chair"], now=at(2, 2, 15), text="Spoke to both; they meet on Monday")
    tick_through(at(2, 3), at(2, 6), every=timedelta(days=1))
    assert "vice" not in on_it(weston, concern)
    tick_at(at(2, 9))
    assert on_it(weston, concern)["vice"] == {"standby"}


def test_a_note_of_the_raiser_is_no_sign_of_the_handler(weston: Town) -> None:
    concern = taken_up(weston)
    do(Action.ADD_NOTE, concern, weston["clerk"], now=at(2, 4), text="Has anybody looked at this?")
    tick_at(at(2, 5))
    assert on_it(weston, concern)["vice"] == {"standby"}


def test_taken_up_and_nobody_left_somebody_is_found_and_the_handler_may_still_be_chosen(weston: Town) -> None:
    concern = taken_up(weston)
    tick_through(at(2, 5), at(3, 6), every=timedelta(days=1))
    assert fresh(concern).state == State.NEEDS_HANDLER
    assert on_it(weston, concern)["chair"] == {"handler"}


def test_one_broken_concern_doesnt_stop_the_clock(weston: Town) -> None:
    broken, well = from_clerk(weston), lodge(weston, weston["officer1"], weston["councillor4"])
    with system_work():
        from concerns.models import ConcernSubject

        ConcernSubject.objects.filter(concern=broken).delete()  # no plan can be made without one
    tick_at(FRIDAY)
    assert types(broken) == ["lodged"]
    assert "clock_escalated" in types(well)
    with system_work():
        row = Obligation.objects.get(concern=broken)
    assert row.next_reminder_at == FRIDAY + timedelta(hours=1)
