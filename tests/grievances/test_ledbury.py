"""No sequence of steps leads to a finding or sanction about a councillor: every state and every move, breadth first (E5, E6)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest

from concerns import wording as concern_words
from concerns.domain.outcomes import NEUTRAL_ABOUT_COUNCILLOR
from grievances.domain import ledbury, machine
from grievances.domain.machine import Answer, Standing
from grievances.enums import FindingCode, Panel, Remit, SeatStatus, Step
from grievances.enums import GrievanceState as S

TODAY, LATER = date(2026, 1, 15), date(2026, 2, 15)
MEMBERS, OTHERS = ("m1", "m2"), ("a1", "a2")
EVERY_OUTCOME = tuple(concern_words.OUTCOMES) + ("something_new",)


def start(remit: Remit) -> Standing:
    return Standing(
        state=S.SUBMITTED, raiser="raiser", subjects=frozenset({"councillor"}), convener="clerk", remit=remit, size=2, appeal_size=2,
        out=frozenset({"councillor"}), outcomes=ledbury.outcomes(remit, EVERY_OUTCOME), told=False,
    )  # fmt: skip


def answers(step: Step, s: Standing) -> Iterator[Answer]:
    """Every answer that makes a difference to what may follow."""
    if step == Step.FORM_PANEL:
        yield Answer(asked=frozenset(MEMBERS if s.panel == Panel.FIRST else OTHERS) - {seat.person for seat in s.seats if seat.panel == s.panel})
    elif step == Step.DECLARE:
        yield Answer(free=True)
    elif step == Step.SEAT_PANEL:
        yield Answer(people=s.free, reason=True)
    elif step == Step.CHOOSE_CHAIR:
        yield from (Answer(person=person) for person in sorted(s.seated)[:1])
    elif step == Step.INVESTIGATE:
        yield Answer(person="officer")
    elif step in (Step.SET_HEARING, Step.POSTPONE_HEARING):
        yield Answer(on=TODAY)
    elif step == Step.DRAFT_DECISION:
        for outcome in EVERY_OUTCOME:
            yield Answer(outcome=outcome, reason=True)
            yield from (Answer(outcome=outcome, reason=True, found=frozenset(some)) for n in (1, 3) for some in combinations(FindingCode, n))
    elif step == Step.RELEASE_DECISION:
        yield Answer(until=TODAY)
    else:
        yield Answer(reason=step == Step.ADMIT_APPEAL)


def reachable(first: Standing) -> Iterator[Standing]:
    """Everything that can come to be, breadth first."""
    seen, queue = {first}, deque([first])
    people = ("raiser", "clerk", "officer", *MEMBERS, *OTHERS)
    while queue:
        s = queue.popleft()
        yield s
        following = [
            machine.after(step, s, person, day, answer)
            for step in Step
            for person in people
            for day in ((LATER,) if step in (Step.CLOSE, Step.APPEAL) else (TODAY,))
            if not machine.closed(step, s, person, day)
            for answer in answers(step, s)
            if not machine.refusal(step, s, person, day, answer)
        ]
        following.append(machine.ended(s))
        following += [machine.was_told(s)] if s.must_tell else []
        following += [machine.without(s, "m1", SeatStatus.LEFT)] if s.state == S.HEARING_SET else []
        for after in following:
            after = replace(after, points=min(after.points, 1))
            if after not in seen:
                seen.add(after)
                queue.append(after)


@pytest.mark.parametrize("remit", [Remit.SUPPORT_ONLY, Remit.STATUTORY])
def test_no_sequence_of_steps_reaches_a_finding(remit: Remit) -> None:
    states, count = set(), 0
    for s in reachable(start(remit)):
        count += 1
        states.add(s.state)
        assert s.told or s.hearing is None
        assert s.remit == remit
        assert not s.found and not s.points
        assert not s.outcome or not ledbury.makes_finding(s.outcome, s.found)
    assert states == set(S) and count > 400  # decided, appealed and closed among them


def test_the_same_walk_finds_findings_where_the_law_allows_them() -> None:
    seen = set()
    for s in reachable(start(Remit.FULL)):
        seen |= s.found
        if len(seen) == len(FindingCode):
            return
    raise AssertionError("an ordinary grievance can't be decided")


@pytest.mark.parametrize(
    ("sides", "roles", "kind", "no_finding", "statutory", "remit"),
    [
        ({"councillor"}, {"councillor"}, "town_council", True, True, Remit.SUPPORT_ONLY),
        ({"councillor", "officer"}, {"councillor", "officer"}, "town_council", True, True, Remit.SUPPORT_ONLY),
        ({"councillor"}, {"councillor"}, "community_council", False, True, Remit.FULL),  # Wales: E5 and E6 don't apply
        ({"officer"}, {"officer"}, "town_council", True, True, Remit.FULL),
        ({"officer"}, {"chief_executive"}, "principal_authority_executive", True, True, Remit.STATUTORY),
        ({"officer"}, {"monitoring_officer"}, "principal_authority", True, True, Remit.STATUTORY),
        ({"officer"}, {"proper_officer"}, "town_council", True, True, Remit.FULL),  # a parish clerk isn't one of them
        ({"officer"}, {"chief_executive"}, "town_council", True, True, Remit.FULL),
        ({"officer"}, {"chief_executive"}, "principal_authority", True, False, Remit.FULL),
    ],
)
def test_remit_by_whom_it_is_about(sides, roles, kind, no_finding, statutory, remit) -> None:
    assert ledbury.remit_of(sides=sides, roles=roles, council_kind=kind, no_finding=no_finding, statutory=statutory) == remit


def test_outcomes_by_remit() -> None:
    configured = ("resolved", "no_case", "mo_breach_found", "grievance_informal_only_closed", "disciplinary_outcome_recorded")
    assert ledbury.outcomes(Remit.SUPPORT_ONLY, configured) == ("resolved", "grievance_informal_only_closed")
    assert ledbury.outcomes(Remit.SUPPORT_ONLY, ()) == ("support_only_closed",)
    assert ledbury.outcomes(Remit.STATUTORY, ("no_case",)) == ("statutory_process", "support_only_closed")
    assert ledbury.outcomes(Remit.FULL, configured)[:3] == ledbury.OF_A_GRIEVANCE
    assert set(ledbury.outcomes(Remit.SUPPORT_ONLY, EVERY_OUTCOME)) <= NEUTRAL_ABOUT_COUNCILLOR - {"no_case"}
    assert ledbury.makes_finding("something_new", ()) and ledbury.makes_finding("resolved", [FindingCode.UPHELD])


