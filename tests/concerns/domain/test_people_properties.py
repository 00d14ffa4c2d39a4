"""Whoever holds what, nobody tied to the subject ever receives the concern."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from concerns.domain.conflicts import LINE_MANAGED_BY_SUBJECT, find
from concerns.domain.routing import resolve_people
from councils.cast import BodyCast, Cast, Holder
from tests.councils.small_council import KEYS, shipped

PEOPLE = tuple(f"p{number}" for number in range(8))
ROLES = (
    "proper_officer", "deputy_proper_officer", "chair_of_council", "vice_chair_of_council", "chief_executive", "monitoring_officer",
    "strategic_director", "appointed_officer", "officer", "councillor",
)  # fmt: skip
person = st.sampled_from(PEOPLE)
someone = st.lists(person, unique=True, max_size=2)
lines = st.dictionaries(person, person, max_size=6)


@st.composite
def casts(draw):
    return Cast(
        council_key="any",
        on=date(2026, 11, 22),
        roles={role: tuple(Holder(one, role) for one in draw(someone)) for role in ROLES},
        line_managers=draw(lines),
        directors=draw(lines),
        bodies={"hr_panel": BodyCast("hr_panel", tuple(draw(st.lists(person, unique=True, max_size=4))), draw(st.integers(0, 3)))},
        externals=draw(st.sampled_from(({}, {"principal_mo": "Monitoring Officer"}))),
        relationships=frozenset(draw(st.lists(st.frozensets(person, min_size=2, max_size=2), max_size=3))),
        delegates=draw(st.dictionaries(person, st.frozensets(person, max_size=2), max_size=4)),
    )


@settings(max_examples=300, deadline=None)
@given(
    casts(), st.sampled_from(KEYS), person, st.sampled_from(("councillor", "officer", "proper_officer", "chair_of_council")),
    st.lists(st.tuples(person, st.sampled_from(("councillor", "officer", "proper_officer"))), min_size=1, max_size=3),
    st.sampled_from(("informal", "complaint", "deciding")), st.frozensets(person, max_size=2),
)  # fmt: skip
def test_nobody_tied_to_the_parties_receives_it(cast, key, raiser, role, subjects, stage, connected):
    asked = {"raiser_id": raiser, "raiser_role": role, "subjects": tuple(subjects), "stage": stage, "connected": connected}
    answer = resolve_people(shipped(key), cast, **asked)
    subject_ids = [one for one, _role in subjects]
    for addressed in (*answer.recipients, *answer.exception_holders):
        for one in addressed.people:
            tie = find(cast, one, raiser_id=raiser, subject_ids=subject_ids, connected=connected)
            named = addressed.token.startswith("role:") and answer.resolution.basis == "stated"
            assert tie is None or (tie.kind == LINE_MANAGED_BY_SUBJECT and named)
            assert one not in answer.excluded
        if addressed.token.startswith("body:"):
            assert len(addressed.people) >= 2 or answer.resolution.mode == "all_of"
    assert set(subject_ids) - {raiser} <= set(answer.excluded)
    if answer.resolution.mode == "all_of":
        received = [one for addressed in answer.recipients for one in addressed.people]
        assert len(received) == len(set(received))
    assert answer == resolve_people(shipped(key), cast, **asked)
