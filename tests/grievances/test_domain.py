"""The pure rules: days and where they come from, who is left, who runs it, who may sit."""

from __future__ import annotations

from datetime import date

import pytest

from councils import law_layer
from grievances import wording
from grievances.domain import dates, machine
from grievances.domain.feasibility import Candidate, choose_convener, feasibility
from grievances.domain.machine import Answer, Seat, Standing
from grievances.enums import Deed, GrievanceEvent, Outside, Panel, Part, SeatStatus, Step
from grievances.enums import GrievanceState as S

THURSDAY = date(2026, 1, 15)


# --- days ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("day", "today", "problem"),
    [
        (date(2026, 1, 14), THURSDAY, "hearing_past"),
        (date(2026, 1, 24), THURSDAY, "hearing_weekend"),
        (date(2026, 1, 25), THURSDAY, "hearing_weekend"),
        (date(2026, 1, 21), THURSDAY, "hearing_short_notice"),
        (date(2026, 1, 22), THURSDAY, ""),
        (date(2027, 1, 15), THURSDAY, ""),  # a year
        (date(2027, 1, 18), THURSDAY, "hearing_far"),
        (date(2062, 1, 26), THURSDAY, "hearing_far"),
        (date(2026, 4, 3), THURSDAY, "hearing_bank_holiday"),  # Good Friday
        (date(2026, 4, 6), THURSDAY, "hearing_bank_holiday"),
        (date(2026, 12, 28), date(2026, 12, 1), "hearing_bank_holiday"),  # for Boxing Day
        (date(2026, 4, 8), date(2026, 3, 31), "hearing_short_notice"),  # two of the days are holidays
        (date(2026, 4, 9), date(2026, 3, 31), ""),
        (date(2026, 4, 10), date(2026, 3, 31), "hearing_short_notice"),
    ],
)
def test_day_of_a_hearing(day: date, today: date, problem: str) -> None:
    notice = 5 if day != date(2026, 4, 10) else 7
    assert dates.hearing_problem(day, today=today, notice=notice, jurisdiction="England") == problem


@pytest.mark.parametrize(
    ("day", "further", "problem"),
    [
        (date(2026, 1, 26), False, "postponed_earlier"),
        (date(2026, 1, 23), True, "postponed_earlier"),
        (date(2026, 1, 27), False, ""),
        (date(2026, 2, 2), False, ""),  # the fifth working day after a Monday
        (date(2026, 2, 3), False, "postponed_far"),
        (date(2026, 2, 3), True, ""),
        (date(2026, 1, 31), False, "hearing_weekend"),
        (date(2027, 1, 20), True, ""),  # a year from today
        (date(2027, 1, 21), True, "hearing_far"),
    ],
)
def test_hearing_moved_for_the_companion(day: date, further: bool, problem: str) -> None:
    proposed = date(2026, 1, 26)
    assert dates.postponement_problem(
        day, proposed=proposed, today=date(2026, 1, 20), days=5, jurisdiction="England", further=further
    ) == problem  # fmt: skip


def test_days_rest_on_the_council_the_law_or_practice() -> None:
    shipped = {name: law_layer.whole().default(code) for name, (_key, code) in dates.TARGETS.items()}
    assert dates.target("meeting", own={}, shipped=shipped["meeting"]) == dates.Target(10, "practice", "St Breock")
    assert dates.target("postponement", own={}, shipped=shipped["postponement"]) == dates.Target(5, "statute", "A4")
    own = {"set_by": "council", "basis": "default", "appeal_window_working_days": 5, "hearing_notice_working_days": 8}
    assert dates.target("appeal", own=own, shipped=shipped["appeal"]) == dates.Target(5, "practice", "")
    assert dates.target("notice", own=own, shipped=shipped["notice"]) == dates.Target(8, "council", "")
    shorter = {"companion_postponement_working_days": 3}  # the law's five are the fewest
    assert dates.target("postponement", own=shorter, shipped=shipped["postponement"]).days == 5
    assert {name: dates.target(name, own={}, shipped=entry).days for name, entry in shipped.items()} == dates.FALLBACK


# --- who is left --------------------------------------------------------------------------------------------------
def members(*names: str, panel: Panel = Panel.FIRST, status: SeatStatus | None = None) -> list[Candidate]:
    return [Candidate(name, panel, status) for name in names]


def test_two_of_five_conflicted_leave_a_panel_and_a_warning() -> None:
    picture = feasibility(members("a", "b", "c", "d", "e"), {"d", "e"}, quorum=2, size=3, appeal_quorum=2, appeal_size=3)
    assert (picture.possible, picture.out, picture.left_for_appeal) == (3, ("d", "e"), 0)
    assert picture.warnings == ("too_few_for_appeal",)
    assert picture.routes == (Outside.SUBSTITUTES, Outside.PRINCIPAL_AUTHORITY, Outside.OTHER_COUNCIL)


def test_seating_the_quorum_keeps_people_for_the_appeal() -> None:
    picture = feasibility(members("a", "b", "c", "d"), (), quorum=2, size=3, appeal_quorum=2, appeal_size=3)
    assert (picture.left_for_appeal, picture.warnings, picture.routes) == (1, ("seat_fewer_for_appeal",), ())


def test_an_appeal_panel_of_its_own_is_counted_without_its_conflicted() -> None:
    people = [*members("a", "b", "c"), *members("x", "y", "z", panel=Panel.APPEAL)]
    assert feasibility(people, (), quorum=2, size=3, appeal_quorum=3, appeal_size=3).warnings == ()
    assert feasibility(people, {"z"}, quorum=2, size=3, appeal_quorum=3, appeal_size=3).warnings == ("seat_fewer_for_appeal",)


def test_one_left_can_never_act() -> None:
    picture = feasibility(members("a", "b", "c"), {"b", "c"}, quorum=2, size=3, appeal_quorum=2, appeal_size=3)
    assert picture.warnings[0] == "too_few_now"


def test_convener_is_no_party_and_no_candidate_where_that_can_be() -> None:
    orders = [["handler"], ["clerk"], ["vice"], ["m1"]]
    assert choose_convener(orders, never=(), avoid=()) == "handler"
    assert choose_convener(orders, never={"handler"}, avoid=()) == "clerk"
    assert choose_convener(orders, never={"handler", "clerk"}, avoid={"vice"}) == "m1"
    assert choose_convener(orders, never={"handler", "clerk", "m1"}, avoid={"vice"}) == "vice"
    assert choose_convener(orders, never={"handler", "clerk", "m1", "vice"}, avoid=()) is None


# --- the machine --------------------------------------------------------------------------------------------------
def appeal(**more: object) -> Standing:
    seats = [Seat(n, Panel.FIRST, SeatStatus.DONE, sat=True) for n in ("a", "b", "c")]
    seats += [Seat(n, Panel.APPEAL, SeatStatus.FREE) for n in more.pop("free", ("a", "b", "x"))]  # type: ignore[attr-defined]
    return Standing(
        state=S.APPEAL_OPEN, raiser="r", subjects=frozenset({"s"}), convener="k", seats=tuple(seats), **more  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("people", "free", "reason", "code"),
    [
        ({"a", "b"}, ("a", "b", "x"), True, "one_new_member"),
        ({"a", "x"}, ("a", "b", "x"), False, "separation_needs_reason"),
        ({"a", "x", "b"}, ("a", "b", "x"), True, ""),
        ({"a", "b", "c"}, ("a", "b", "c"), True, ""),  # nobody new is left
        ({"a", "x"}, ("a", "x", "y"), True, "appeal_must_be_separate"),
        ({"x", "y"}, ("a", "x", "y"), False, "smaller_needs_reason"),
        ({"x", "y"}, ("a", "x", "y"), True, ""),
        ({"x"}, ("a", "x"), True, "too_few"),
        ({"x", "z"}, ("a", "x"), True, "not_declared"),
    ],
)
def test_appeal_is_heard_by_others_wherever_possible(people: set[str], free: tuple[str, ...], reason: bool, code: str) -> None:
    s = appeal(free=free)
    assert machine.refusal(Step.SEAT_PANEL, s, "k", THURSDAY, Answer(people=frozenset(people), reason=reason)) == code


def test_chair_of_the_council_does_not_chair_the_panel() -> None:
    seats = tuple(Seat(n, Panel.FIRST, SeatStatus.SEATED, sat=True) for n in ("chair", "b"))
    s = Standing(state=S.PANEL_FORMING, raiser="r", subjects=frozenset({"s"}), seats=seats, no_chair=frozenset({"chair"}))
    assert machine.refusal(Step.CHOOSE_CHAIR, s, "b", THURSDAY, Answer(person="chair")) == "may_not_chair"
    assert machine.refusal(Step.CHOOSE_CHAIR, s, "b", THURSDAY, Answer(person="b")) == ""


def test_nobody_is_heard_about_before_they_were_told() -> None:
    seats = tuple(Seat(n, Panel.FIRST, SeatStatus.SEATED, n == "b", True) for n in ("a", "b"))
    s = Standing(state=S.PANEL_FORMING, raiser="r", subjects=frozenset({"s"}), convener="k", seats=seats, told=False)
    assert s.must_tell
    assert [machine.closed(Step.SET_HEARING, s, person, THURSDAY) for person in ("k", "a")] == ["subject_untold"] * 2
    told = machine.was_told(s)
    assert (told.must_tell, machine.closed(Step.SET_HEARING, told, "k", THURSDAY)) == (False, "")
    nobody = Standing(state=S.PANEL_FORMING, raiser="r", subjects=frozenset({"s"}), convener="k", told=False)
    assert (nobody.must_tell, machine.closed(Step.SET_HEARING, nobody, "k", THURSDAY)) == (False, "no_panel")


def test_every_code_has_its_words_and_every_step_its_place() -> None:
    assert set(machine.STATES) == set(machine.PERMISSIONS) == set(Step) == set(wording.STEPS)
    assert set(wording.STATES) == set(S) and set(wording.PARTS) == set(Part)
    assert set(wording.EVENTS) == set(GrievanceEvent) and set(wording.DEEDS) == set(Deed)
    assert set(wording.FIELDS) <= set(wording.REFUSALS)
    import inspect
    import re

    source = inspect.getsource(machine)
    assert set(re.findall(r', "([a-z_]+)"\)', source)) <= set(wording.REFUSALS)


def test_draft_of_somebody_who_left_the_panel_is_not_released() -> None:
    s = Standing(
        state=S.HEARING_SET, raiser="r", subjects=frozenset({"s"}), convener="k", points=1, hearing=THURSDAY, drafter="a",
        outcome="grievance_not_upheld", seats=tuple(Seat(n, Panel.FIRST, SeatStatus.SEATED, n == "b", True) for n in ("a", "b", "c")),
    )  # fmt: skip
    assert machine.closed(Step.RELEASE_DECISION, s, "b", THURSDAY) == ""
    gone = machine.without(s, "a", SeatStatus.CONNECTED)
    assert machine.closed(Step.RELEASE_DECISION, gone, "b", THURSDAY) == "drafter_gone"
    assert machine.closed(Step.DRAFT_DECISION, gone, "b", THURSDAY) == ""
    anew = machine.after(Step.DRAFT_DECISION, gone, "b", THURSDAY, Answer(outcome="grievance_not_upheld"))
    assert [machine.closed(Step.RELEASE_DECISION, anew, n, THURSDAY) for n in ("b", "c")] == ["two_people", ""]
