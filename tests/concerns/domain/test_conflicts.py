"""Who may have no part in a concern."""

from datetime import date

import pytest

from concerns.domain.conflicts import excluded_people, find
from councils.cast import Cast


def cast(**values):
    return Cast("smallton", date(2026, 11, 22), **values)


def kind(one, person, **more):
    found = find(one, person, **{"raiser_id": "raiser", "subject_ids": ("subject",), **more})
    return found.kind if found else None


@pytest.mark.parametrize(("person", "expected"), [("subject", "subject"), ("raiser", "raiser"), ("stranger", None)])
def test_parties_are_out(person, expected):
    assert kind(cast(), person) == expected


def test_whole_line_below_the_subject_is_out():
    one = cast(line_managers={"a": "b", "b": "c", "c": "subject", "subject": "boss"})
    assert [kind(one, person) for person in ("a", "b", "c", "boss")] == ["line_managed_by_subject"] * 3 + [None]


def test_delegates_are_out_at_depth_three_and_beyond():
    one = cast(delegates={"subject": frozenset({"d1"}), "d1": frozenset({"d2"}), "d2": frozenset({"d3"}), "d3": frozenset({"d4"})})
    assert [kind(one, f"d{depth}") for depth in (1, 2, 3, 4)] == ["delegate_of_subject"] * 4
    assert find(one, "d3", raiser_id="raiser", subject_ids=("subject",)).through == "d2"


def test_circles_end():
    one = cast(
        line_managers={"a": "b", "b": "a"}, delegates={"subject": frozenset({"d"}), "d": frozenset({"subject", "e"}), "e": frozenset({"d"})}
    )
    assert kind(one, "a") is None
    assert kind(one, "e") == "delegate_of_subject"


@pytest.mark.parametrize("party", ["subject", "raiser"])
def test_relationship_with_either_side_is_a_conflict(party):
    assert kind(cast(relationships=frozenset({frozenset({"friend", party})})), "friend") == "relationship"


def test_witness_connected_and_involved_before():
    assert kind(cast(), "w", witnesses={"w"}) == "witness"
    assert kind(cast(), "c", connected={"c"}) == "connected"
    assert kind(cast(), "i", involved={"i"}) == "involved_before"


def test_gravest_reason_comes_first():
    one = cast(line_managers={"d": "subject"}, delegates={"subject": frozenset({"d"})})
    assert kind(one, "d", witnesses={"d"}) == "delegate_of_subject"


def test_excluded_people_are_everyone_but_the_raiser():
    one = cast(line_managers={"a": "subject"}, relationships=frozenset({frozenset({"raiser", "friend"})}))
    found = excluded_people(one, raiser_id="raiser", subject_ids=("subject",), witnesses={"w"})
    assert {person: conflict.kind for person, conflict in found.items()} == {
        "subject": "subject",
        "a": "line_managed_by_subject",
        "friend": "relationship",
        "w": "witness",
    }
