"""PURE: which step is open from where and to whom, and what an office may answer.

A finding about a councillor is the office's alone (Localism Act 2011 s.28; R (Harvey) v Ledbury TC): no step of the
council's side yields one but copying the office's own letter, with its date and reference. Measures come with the
finding and are never added to (Taylor v Honiton TC). Nobody suspends (E3). In Wales the office is the Public Services
Ombudsman and E1 to E8 are off (W1).
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from referrals.enums import WITH_THE_OFFICE, Ground, MeasureKind, Outcome, Side, State, Step

S = State
BOTH: Final = frozenset(Side)
COUNCIL: Final = frozenset({Side.COUNCIL})
OFFICE: Final = frozenset({Side.OFFICE})

# step: (who takes it, from where)
STEPS: Final[dict[Step, tuple[frozenset[Side], frozenset[State]]]] = {
    Step.SEAL: (COUNCIL, frozenset({S.PREPARED})),
    Step.SEND: (COUNCIL, frozenset({S.PREPARED})),
    Step.ACKNOWLEDGE: (BOTH, frozenset({S.SENT})),
    Step.START_ASSESSING: (BOTH, frozenset({S.ACKNOWLEDGED})),
    Step.CONSULT: (BOTH, frozenset({S.ASSESSING, S.UNDER_INVESTIGATION})),
    Step.WEIGH: (BOTH, frozenset({S.ASSESSING})),
    Step.ASK_LOCAL: (BOTH, frozenset({S.ASSESSING})),
    Step.INVESTIGATE: (BOTH, frozenset({S.ASSESSING})),
    Step.RECORD_FINDING: (BOTH, frozenset({S.ASSESSING, S.UNDER_INVESTIGATION})),
    Step.TAKE_BACK: (COUNCIL, frozenset({S.SENT_BACK})),
    Step.TAKE_OVER: (COUNCIL, frozenset({S.OUTCOME_RECEIVED})),
    Step.CARRY_OUT: (COUNCIL, frozenset({S.OUTCOME_RECEIVED, S.CLOSED})),
    Step.PREPARE_AGAIN: (COUNCIL, frozenset({S.SENT_BACK, S.CLOSED})),
    Step.READDRESS: (COUNCIL, WITH_THE_OFFICE),
    Step.STEP_ASIDE: (OFFICE, WITH_THE_OFFICE),
}
# What the council's follower copies from a letter, while nobody of the office has a desk for it.
COPIED: Final = frozenset(
    {Step.ACKNOWLEDGE, Step.START_ASSESSING, Step.CONSULT, Step.WEIGH, Step.ASK_LOCAL, Step.INVESTIGATE, Step.RECORD_FINDING}
)
ENGLAND: Final = "England"
WALES: Final = "Wales"
MONTHS_OLD: Final = 12
_SUSPEND: Final = re.compile(r"\bsuspend|\bsuspension|\b(stop|withhold|remov)\w*\s+(\w+\s+){0,3}allowances?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules look at: one referral, one side."""

    state: State
    side: Side
    jurisdiction: str = ENGLAND
    has_desk: bool = False  # somebody of the office signs in for it
    sealed: bool = False
    consulted: bool = False  # the Independent Person's view is recorded
    concern_waits: bool = True  # the concern is still with the Code process
    has_finding: bool = False
    clerks_own: bool = False  # raised by the clerk (W3)
    in_public: bool = False  # spoken of in public (W3)
    serious: bool | None = None  # as recorded; None while nobody has said (W3)
    repeated: bool | None = None


def refusal(step: Step, f: Facts) -> str:
    """The code of why ``step`` is closed, "" when it is open."""
    sides, states = STEPS[step]
    again = step == Step.TAKE_OVER and f.state == S.CLOSED and f.has_finding and f.concern_waits  # after it was opened again
    checks = (
        (f.side not in sides, "not_yours"),
        (f.state not in states and not again, "not_from_here"),
        (step in COPIED and f.side == Side.COUNCIL and f.has_desk, "desk_writes"),
        (step == Step.READDRESS and f.has_desk, "desk_writes"),
        (step == Step.SEND and not f.sealed, "not_sealed"),
        (step == Step.CONSULT and f.jurisdiction == WALES, "no_independent_person"),
        (step in (Step.TAKE_BACK, Step.TAKE_OVER, Step.PREPARE_AGAIN) and not f.concern_waits, "taken_already"),
        (step == Step.PREPARE_AGAIN and f.state == S.SENT_BACK, "take_back_first"),
        (step == Step.CARRY_OUT and not f.has_finding, "no_finding"),
        (step == Step.WEIGH and f.jurisdiction != WALES, "only_wales"),
        (step == Step.ASK_LOCAL and f.jurisdiction == WALES and f.clerks_own, "clerks_own"),
        (step == Step.ASK_LOCAL and f.jurisdiction == WALES and f.in_public, "in_public"),
        (step == Step.ASK_LOCAL and f.jurisdiction == WALES and None in (f.serious, f.repeated), "not_weighed"),
        (step == Step.ASK_LOCAL and f.jurisdiction == WALES and f.serious is True, "serious"),
        (step == Step.ASK_LOCAL and f.jurisdiction == WALES and f.repeated is True, "repeated"),
    )
    return next((code for closed, code in checks if closed), "")


def outcomes(jurisdiction: str, state: State) -> tuple[Outcome, ...]:
    """What the office may answer from ``state``: without investigation never a finding."""
    if jurisdiction == WALES:
        early: tuple[Outcome, ...] = (Outcome.PSOW_NOT_INVESTIGATED,)
        late: tuple[Outcome, ...] = (Outcome.PSOW_NO_EVIDENCE, Outcome.PSOW_NO_ACTION, Outcome.PSOW_TO_COMMITTEE, Outcome.PSOW_TO_PANEL)
    else:
        early = (Outcome.NO_FURTHER_ACTION,)
        late = (Outcome.NO_BREACH, Outcome.BREACH, Outcome.NO_FURTHER_ACTION)
    if state == S.ASSESSING:
        return early
    return late if state == S.UNDER_INVESTIGATION else ()


def consult_first(outcome: Outcome, f: Facts) -> bool:
    """Whether the Independent Person's view is still missing (s.28(7): before an investigated allegation is decided)."""
    return f.jurisdiction == ENGLAND and f.state == S.UNDER_INVESTIGATION and not f.consulted


def measures_fit(outcome: Outcome, jurisdiction: str) -> bool:
    """Whether measures may come with this outcome: only with a breach, and in England (E3, E6)."""
    return outcome == Outcome.BREACH and jurisdiction == ENGLAND


def suspends(words: str) -> bool:
    """Whether a recommended measure would suspend a member or stop allowances, which nobody may in England (E3)."""
    return bool(_SUSPEND.search(words))


def measure_kinds(jurisdiction: str) -> tuple[MeasureKind, ...]:
    """What may be recommended there; in Wales committee and panel decide, and the portal records only where it went."""
    return tuple(MeasureKind) if jurisdiction == ENGLAND else ()


def too_old(happened_on: date | None, received_on: date) -> bool:
    """Whether more than twelve months lie between (published practice: some offices refuse those, so it is warned of)."""
    if happened_on is None:
        return False
    day = min(happened_on.day, 28) if happened_on.month == 2 else happened_on.day
    return received_on > date(happened_on.year + MONTHS_OLD // 12, happened_on.month, day)


GROUNDS_AGAINST: Final = (
    Ground.CAPACITY, Ground.NOT_COUNCILLOR_THEN, Ground.NO_PRIMA_FACIE, Ground.PUBLIC_INTEREST, Ground.TOO_OLD, Ground.ALREADY_DEALT_WITH,
    Ground.TRIVIAL, Ground.NOT_ENOUGH_INFORMATION,
)  # fmt: skip
GROUNDS_LOCAL: Final = (Ground.LOCAL_BETTER, Ground.PUBLIC_INTEREST, Ground.TRIVIAL, Ground.TOO_OLD)
GROUNDS_FOR: Final = (Ground.SERIOUS, Ground.PUBLIC_INTEREST)
GROUNDS: Final[dict[Step, tuple[Ground, ...]]] = {
    Step.ASK_LOCAL: GROUNDS_LOCAL, Step.INVESTIGATE: GROUNDS_FOR, Step.RECORD_FINDING: GROUNDS_AGAINST,
}  # fmt: skip

# The office's answer → the codes under which councils list it, best first; the first is used where a council lists none.
CONCERN_OUTCOMES: Final[dict[Outcome, tuple[str, ...]]] = {
    Outcome.NO_FURTHER_ACTION: ("mo_no_further_action", "code_no_further_action"),
    Outcome.NO_BREACH: ("mo_no_breach", "code_no_breach"),
    Outcome.BREACH: ("mo_breach_found", "code_breach_found"),
    Outcome.PSOW_NOT_INVESTIGATED: ("psow_not_investigated",),
    Outcome.PSOW_NO_EVIDENCE: ("psow_no_evidence",),
    Outcome.PSOW_NO_ACTION: ("psow_no_action",),
    Outcome.PSOW_TO_COMMITTEE: ("psow_to_committee",),
    Outcome.PSOW_TO_PANEL: ("psow_to_panel",),
}


def concern_outcome(outcome: Outcome, listed: Collection[str]) -> str:
    """The outcome to record on the concern for the office's answer: as the council lists it, else the plain one."""
    codes = CONCERN_OUTCOMES[outcome]
    return next((code for code in codes if code in listed), codes[0])
