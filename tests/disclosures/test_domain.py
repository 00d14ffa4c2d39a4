"""The pure rules: what is named in a text, and when something may be disclosed or closed."""

from datetime import date

import pytest

from concerns.domain.naming import named
from concerns.enums import State
from disclosures.domain.rules import may_close, may_disclose, wrong_date

TODAY = date(2026, 1, 15)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Nothing about anybody.", {}),
        ("SMITH said so", {"raiser": ["Ann Smith"]}),
        ("Ann’s note", {"raiser": ["Ann Smith"]}),
        ("S\u200bmi\u00adth said so", {"raiser": ["Ann Smith"]}),
        ("Zoe\u0308 saw it", {"witness": ["Zoë Li"]}),
        ("Li and Mrs Jones", {}),
        ("a blacksmith, an annual report", {}),
        ("Both Smith and Zoë", {"raiser": ["Ann Smith"], "witness": ["Zoë Li"]}),
    ],
)
def test_named(text: str, found: dict[str, list[str]]) -> None:
    assert named(text, {"raiser": ["Ann Smith"], "witness": ["Zoë Li"]}, but=["Mrs Bob Jones"]) == found


def test_whoever_is_told_may_be_named_though_somebody_shares_the_name() -> None:
    assert named("Mr Smith", {"raiser": ["Ann Smith"]}, but=["Bob Smith"]) == {}


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        *[(state, "not_taken_up") for state in (State.DRAFT, State.LODGED, State.NEEDS_HANDLER, State.DIRECT)],
        *[(state, "") for state in (State.INFORMAL, State.DECIDING, State.GRIEVANCE, State.DISCIPLINARY, State.CODE_REFERRAL)],
        *[(state, "only_outcome") for state in (State.RESOLVED, State.NO_ACTION, State.WITHDRAWN, State.REDIRECTED)],
    ],
)
def test_when_something_is_disclosed(state: State, expected: str) -> None:
    assert may_disclose("told", state, on_hold=False) == expected


def test_the_outcome_after_the_end_and_nothing_on_hold() -> None:
    assert may_disclose("outcome", State.NO_ACTION, on_hold=False) == ""
    assert may_disclose("outcome", State.REDIRECTED, on_hold=False) == "only_outcome"
    assert may_disclose("told", State.INFORMAL, on_hold=True) == "on_hold"


@pytest.mark.parametrize(
    ("kind", "day", "basis", "expected"),
    [
        ("told", None, "", ("", "")),
        ("outcome", None, "", ("", "")),
        ("allegations", None, "", ("answer_by", "date_needed")),
        ("before_formal_step", None, "set_here", ("answer_by", "date_needed")),
        ("told", TODAY, "set_here", ("answer_by", "date_past")),
        ("told", date(2026, 1, 16), "", ("basis", "basis_needed")),
        ("allegations", date(2026, 1, 16), "agreed", ("", "")),
    ],
)
def test_the_wanted_date(kind: str, day: date | None, basis: str, expected: tuple[str, str]) -> None:
    assert wrong_date(kind, day, basis, today=TODAY) == expected


@pytest.mark.parametrize(
    ("state", "day", "expected"),
    [
        ("DRAFTED", None, "not_disclosed"), ("CLOSED", None, "closed"), ("ANSWERED", date(2026, 2, 1), ""),
        ("OPENED", TODAY, "time_left"), ("OPENED", date(2026, 1, 14), ""), ("DISCLOSED", None, ""),
    ],
)  # fmt: skip
def test_when_it_is_closed(state: str, day: date | None, expected: str) -> None:
    assert may_close(state, day, today=TODAY) == expected
