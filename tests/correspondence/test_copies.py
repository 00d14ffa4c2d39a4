"""Who may be copied, in every combination of council, sides and earlier audience. No database."""

from __future__ import annotations

from itertools import product
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerns.domain.confidentiality import CopyRule, copying
from correspondence.domain import copies
from correspondence.domain.copies import Answered, Party, Verdict, judge
from tests.councils.small_council import shipped

OFFICER = Party(uuid4(), "officer", in_circle=True)
FIRST = Party(uuid4(), "councillor", in_circle=True)
OTHER = Party(uuid4(), "councillor", in_circle=True)
COLLEAGUE = Party(uuid4(), "officer", in_circle=True)


def asked(key: str, person: Party, *, knows: bool = False, later: bool = False, marked: bool = False, writer: Party = OFFICER) -> Verdict:
    answered = Answered(FIRST, frozenset({OFFICER.id, *([person.id] if knows else [])}), marked=marked)
    return judge(copying(shipped(key)), writer=writer, person=person, answered=answered, later=later)


@pytest.mark.parametrize(
    ("key", "knows", "answer"),
    [
        ("auth5c", True, Verdict(exception="member_copied_others")),
        ("auth5c", False, Verdict(exception="exceptional_with_disclosure", needs_reason=True, discloses=True)),
        ("ilminster", True, Verdict(exception="exceptional_with_disclosure", needs_reason=True, discloses=True)),
        ("ilminster", False, Verdict(exception="exceptional_with_disclosure", needs_reason=True, discloses=True)),
        ("weston", True, Verdict("protocol_forbids")),
        ("weston", False, Verdict("protocol_forbids")),
        ("yateley", True, Verdict(exception="member_copied_others")),
        ("yateley", False, Verdict("protocol_forbids")),
        ("alsager", False, Verdict("protocol_forbids")),
    ],
)
def test_copy_of_a_members_words_to_another_member_follows_the_protocol(key: str, knows: bool, answer: Verdict) -> None:
    assert asked(key, OTHER, knows=knows) == answer


@pytest.mark.parametrize("key", ["auth5c", "ilminster", "weston", "yateley", "alsager"])
def test_copy_that_no_protocol_speaks_of_is_disclosed_all_the_same(key: str) -> None:
    told = Verdict(exception="further_copy", needs_reason=True, discloses=True)
    assert asked(key, COLLEAGUE) == told
    assert asked(key, OTHER, writer=FIRST) == told
    assert asked(key, COLLEAGUE, knows=True) == Verdict()
    assert asked(key, COLLEAGUE, knows=True, later=True) == told


def test_marked_message_goes_to_nobody_new() -> None:
    assert asked("auth5c", OTHER, marked=True) == Verdict("marked")
    assert asked("auth5c", OTHER, marked=True, knows=True).allowed


def test_foot_line_is_the_councils_own_where_it_has_one() -> None:
    own = copying(shipped("ilminster"))
    said = {"name": "A. {name} B", "default": "CC {name}"}
    assert copies.foot_line(own, exception=copies.EXCEPTIONAL, **said) == "CC councillor A. {name} B"
    assert copies.foot_line(own, exception=copies.FURTHER, **said) == "CC A. {name} B"


people = st.builds(
    Party, id=st.uuids(), side=st.sampled_from(["councillor", "officer", None]), never=st.booleans(), in_circle=st.booleans(),
    unread=st.booleans(), eligible=st.booleans(),
)  # fmt: skip
rules = st.builds(
    CopyRule, exceptions=st.lists(st.sampled_from(["member_copied_others", "exceptional_with_disclosure", "odd"])).map(tuple),
    disclosure_line=st.just(""), cites=st.just(()), basis=st.sampled_from(["stated", "default"]),
)  # fmt: skip


@given(rule=rules, writer=people, person=people, first=people, knows=st.booleans(), later=st.booleans(), marked=st.booleans())
def test_nobody_is_added_unseen_and_the_excluded_never(rule, writer, person, first, knows, later, marked) -> None:
    known = frozenset({person.id}) if knows else frozenset()
    verdict = judge(rule, writer=writer, person=person, answered=Answered(first, known, marked), later=later)
    if person.never or person.id == writer.id:
        assert not verdict.allowed
    if verdict.allowed:
        assert person.in_circle or (person.eligible and verdict.needs_consent and not person.unread)
        if not knows and person.id != first.id:
            assert verdict.discloses
            assert verdict.needs_reason
            assert not marked
    assert verdict.discloses <= bool(verdict.exception)


def test_new_message_needs_nothing_but_consent_for_those_outside() -> None:
    for never, circle, unread, eligible in product((True, False), repeat=4):
        person = Party(uuid4(), "councillor", never, circle, unread, eligible)
        verdict = judge(copying(shipped("weston")), writer=OFFICER, person=person, answered=None)
        expected = (
            Verdict("never") if never else Verdict() if circle else Verdict("status_only") if unread
            else Verdict(needs_consent=True) if eligible else Verdict("connected")
        )  # fmt: skip
        assert verdict == expected
