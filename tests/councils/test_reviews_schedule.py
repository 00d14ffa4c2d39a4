"""When a protocol is to be reviewed: all dates beside each other, the earliest counts. No database."""

from __future__ import annotations

from datetime import date

import pytest

from councils.protocol.reviewing import Concluded, Occasion, counting, earliest, later, period, reached, schedule
from tests.councils.small_council import protocol, rule, shipped

ADOPTED = date(2026, 1, 15)


def rules(*found: dict) -> object:
    head = {"title": "Protocol", "status": "draft", "review": {"body": {"value": "Full Council"}, "rules": list(found)}}
    return protocol(rule("R1", "councillor", "officer", ["role:proper_officer"]), protocol=head)


def seen(dates: object) -> list[tuple[str, date | None, str, bool]]:
    return [(row.source, row.on, row.event, row.is_done) for row in dates]  # type: ignore[attr-defined]


def test_weston_gives_2027_and_2028_and_the_earlier_counts() -> None:
    dates = schedule(shipped("weston"), adopted_on=date(2024, 10, 14))
    assert seen(dates) == [
        ("fixed_date", date(2027, 6, 30), "", False),
        ("interval", date(2028, 10, 14), "", False),
        ("event", None, "new_administration", False),
    ]
    assert [row.on for row in counting(dates)] == [date(2027, 6, 30), date(2028, 10, 14)]
    due = earliest(dates)
    assert (due.on, due.printed, due.basis, due.cites) == (date(2027, 6, 30), "June 2027", "stated", ("hdr",))


@pytest.mark.parametrize(
    ("key", "on", "source", "basis"),
    [
        ("alsager", date(2023, 12, 31), "interval", "default"),
        ("yateley", date(2025, 2, 15), "interval", "default"),
        ("ilminster", date(2028, 7, 31), "fixed_date", "stated"),
    ],
)
def test_each_council_is_due_when_its_own_text_says(key: str, on: date, source: str, basis: str) -> None:
    due = earliest(schedule(shipped(key), adopted_on=None))
    assert (due.on, due.source, due.basis) == (on, source, basis)


def test_council_without_a_date_is_due_never_until_one_is_set_or_an_event_happens() -> None:
    text = shipped("auth5c")
    assert earliest(schedule(text, adopted_on=ADOPTED)) is None
    assert [(row.source, row.on) for row in schedule(text, adopted_on=ADOPTED)] == [("event", None), ("interval", None)]
    assert earliest(schedule(text, adopted_on=ADOPTED, occasions=[Occasion("council_date", date(2027, 5, 1))])).basis == "council"
    happened = schedule(text, adopted_on=ADOPTED, occasions=[Occasion("code_of_conduct_adopted", date(2026, 9, 1))])
    assert (earliest(happened).on, earliest(happened).basis, earliest(happened).is_named) == (date(2026, 9, 1), "inferred", True)
    assert [row.on for row in happened] == [date(2026, 9, 1), None]  # the event that waited has come


def test_event_makes_a_review_due_on_its_day_before_every_other_date() -> None:
    dates = schedule(shipped("weston"), adopted_on=date(2024, 10, 14), occasions=[Occasion("new_administration", date(2027, 5, 6))])
    assert [row.on for row in dates] == [date(2027, 5, 6), date(2027, 6, 30), date(2028, 10, 14)]
    assert (earliest(dates).event, earliest(dates).cites) == ("new_administration", ("hdr",))


def test_event_the_protocol_does_not_name_is_the_councils_own() -> None:
    dates = schedule(shipped("weston"), adopted_on=date(2024, 10, 14), occasions=[Occasion("sooner_if_required", date(2026, 3, 2))])
    assert (earliest(dates).on, earliest(dates).basis, earliest(dates).is_named) == (date(2026, 3, 2), "council", False)


def test_review_answers_the_date_it_was_held_for_and_the_interval_runs_anew() -> None:
    text = shipped("weston")
    early = schedule(text, adopted_on=date(2024, 10, 14), concluded=[Concluded(date(2027, 5, 20), date(2027, 6, 30))])
    assert seen(early) == [
        ("interval", date(2031, 5, 20), "", False),
        ("event", None, "new_administration", False),
        ("fixed_date", date(2027, 6, 30), "", True),
    ]
    assert early[0].counted_from == date(2027, 5, 20)
    not_for_it = schedule(text, adopted_on=date(2024, 10, 14), concluded=[Concluded(date(2026, 5, 20))])
    assert [row.on for row in counting(not_for_it)] == [date(2027, 6, 30), date(2030, 5, 20)]


def test_interval_without_a_day_is_counted_from_adoption() -> None:
    text = rules({"id": "1", "type": "interval", "every": "P18M", "counted_from": "adopted_on", "cites": ["1"]})
    assert earliest(schedule(text, adopted_on=date(2026, 8, 31))).on == date(2028, 2, 29)
    assert earliest(schedule(text, adopted_on=None)) is None


def test_interval_of_no_length_is_done_with_by_a_review_of_its_day() -> None:
    text = rules({"id": "1", "type": "interval", "every": None, "gives": "2026-03-01"})
    assert earliest(schedule(text, adopted_on=ADOPTED)).on == date(2026, 3, 1)
    assert earliest(schedule(text, adopted_on=ADOPTED, concluded=[Concluded(date(2026, 3, 1))])) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [("P4Y", (4, 0)), ("P18M", (0, 18)), ("P1Y6M", (1, 6)), ("", None), ("P", None), ("P0Y", None), ("4Y", None), ("P4W", None), ("every four years", None)],
)
def test_interval_is_read_in_years_and_months(text: str, found: tuple[int, int] | None) -> None:
    assert period(text) == found


@pytest.mark.parametrize(
    ("day", "years", "months", "then"),
    [
        (date(2024, 2, 29), 1, 0, date(2025, 2, 28)),
        (date(2024, 2, 29), 4, 0, date(2028, 2, 29)),
        (date(2026, 12, 31), 0, 2, date(2027, 2, 28)),
        (date(2026, 11, 30), 0, 1, date(2026, 12, 30)),
        (date(2026, 10, 31), 0, 14, date(2027, 12, 31)),
    ],
)
def test_so_long_after_a_day_stays_in_its_month(day: date, years: int, months: int, then: date) -> None:
    assert later(day, years, months) == then


@pytest.mark.parametrize(
    ("today", "steps"),
    [
        (date(2027, 1, 1), (180,)),
        (date(2026, 12, 31), ()),
        (date(2027, 4, 1), (180, 90)),
        (date(2027, 5, 31), (180, 90, 30)),
        (date(2027, 6, 23), (180, 90, 30, 7)),
        (date(2027, 6, 29), (180, 90, 30, 7)),
        (date(2027, 6, 30), (180, 90, 30, 7, 0)),
        (date(2027, 7, 1), (180, 90, 30, 7, 0, -1)),
        (date(2031, 1, 1), (180, 90, 30, 7, 0, -1)),
    ],
)
def test_alerts_whose_day_has_come(today: date, steps: tuple[int, ...]) -> None:
    assert reached(date(2027, 6, 30), today) == steps
