"""What must hold for every protocol and every case, not only those somebody thought of."""

from hypothesis import given, settings
from hypothesis import strategies as st

from concerns.domain.routing import resolve
from councils.protocol.matching import matching_rule
from tests.councils.small_council import KEYS, protocol, rule, shipped

ROLES = (
    "councillor",
    "chair_of_council",
    "leader",
    "officer",
    "proper_officer",
    "deputy_proper_officer",
    "chief_executive",
    "monitoring_officer",
)
TOKENS = (
    "role:proper_officer", "role:deputy_proper_officer", "role:chair_of_council", "role:vice_chair_of_council", "role:chief_executive",
    "rel:line_manager_of_subject", "rel:line_manager_of_raiser", "party:subject", "body:hr_panel", "ext:principal_mo", "proc:grievance",
)  # fmt: skip
STAGES = ("informal", "complaint", "deciding")
DEPUTIES = [
    {"principal": "proper_officer", "deputy": "deputy_proper_officer"},
    {"principal": "deputy_proper_officer", "deputy": "proper_officer"},
]
some_tokens = st.lists(st.sampled_from(TOKENS), unique=True, max_size=4)
few = st.frozensets(st.sampled_from(TOKENS), max_size=4)


@st.composite
def rules(draw):
    return rule(
        "R1", draw(st.sampled_from(("any", "councillor", "officer"))), draw(st.sampled_from(("person", "councillor", "officer"))),
        draw(st.lists(st.sampled_from(TOKENS), unique=True, min_size=1, max_size=4)), stage=draw(st.sampled_from(STAGES)),
        mode=draw(st.sampled_from(("any_of", "all_of", "sequence", "first_available"))), if_conflicted=draw(some_tokens),
        if_unavailable=draw(st.none() | some_tokens), never=draw(st.lists(st.sampled_from(TOKENS), max_size=1)),
    )  # fmt: skip


@st.composite
def cases(draw):
    one = protocol(
        draw(rules()), deputies=draw(st.sampled_from(([], DEPUTIES))),
        conflict_rules={"chair_alone_on_hr": {"value": draw(st.sampled_from(("forbidden", "warn", "not_applicable")))}},
    )  # fmt: skip
    asked = {"raiser": draw(st.sampled_from(ROLES)), "subject": draw(st.sampled_from(ROLES)), "stage": draw(st.sampled_from(STAGES))}
    return one, asked


@settings(max_examples=400, deadline=None)
@given(cases(), few, few)
def test_answer_keeps_its_promises(case, conflicted, vacant):
    one, asked = case
    answer = resolve(one, **asked, conflicted=conflicted, vacant=vacant)
    tokens = answer.tokens
    assert tokens == resolve(one, **asked, conflicted=conflicted, vacant=vacant).tokens
    assert len(set(tokens)) == len(tokens)
    assert not set(tokens) & (conflicted | vacant)
    assert f"role:{asked['subject']}" not in tokens
    assert f"role:{asked['raiser']}" not in tokens
    assert not {f"role:{deputy}" for deputy in one.deputies_of(asked["subject"])} & set(tokens)
    assert answer.needs_handler == (not tokens)
    found, _ties = matching_rule(one, **asked)
    if found is not None:
        assert not set(found.never) & set(tokens)


@settings(max_examples=300, deadline=None)
@given(cases(), few, st.sampled_from(TOKENS))
def test_one_more_conflict_never_adds_the_conflicted(case, conflicted, another):
    one, asked = case
    answer = resolve(one, **asked, conflicted=conflicted | {another})
    assert another not in answer.tokens
    assert all(recipient.instead_of != recipient.token for recipient in answer.to)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(TOKENS), unique=True, min_size=1, max_size=5), st.sampled_from(("any_of", "first_available", "sequence")), few
)
def test_order_is_the_order_written(named, mode, conflicted):
    one = protocol(rule("R1", "councillor", "officer", named, mode=mode))
    tokens = resolve(one, raiser="councillor", subject="officer", stage="informal", conflicted=conflicted).tokens
    assert list(tokens) == [token for token in named if token in tokens]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(KEYS), st.sampled_from(ROLES), st.sampled_from(ROLES), st.sampled_from(STAGES), few, few)
def test_shipped_protocols_never_send_it_to_a_party(key, raiser, subject, stage, conflicted, vacant):
    answer = resolve(shipped(key), raiser=raiser, subject=subject, stage=stage, conflicted=conflicted, vacant=vacant)
    assert not {f"role:{raiser}", f"role:{subject}", *conflicted, *vacant} & set(answer.tokens)
