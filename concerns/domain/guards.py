"""PURE: the guards of the state machine that need no answer from the person asking.

``refusal`` gives a code, not a sentence: ``concerns.wording`` turns it into words, in the reader's language.
"""

from dataclasses import dataclass, field

from concerns.enums import CLOSED_STATES, OPEN_STATES, Action, Capacity, State

A = Action
S = State

# Actions that don't move the machine, and the states they belong to.
_RUNNING = OPEN_STATES - {S.DRAFT}
STATES_OF: dict[Action, frozenset[State]] = {
    A.SAVE_DRAFT: frozenset({S.DRAFT}),
    A.DELETE_DRAFT: frozenset({S.DRAFT}),
    A.HOLD: _RUNNING,
    A.RELEASE: _RUNNING,
    A.DECLARE_CONFLICT: _RUNNING,
    A.ASK_CONSENT: _RUNNING,
    A.ANSWER_CONSENT: _RUNNING,
    A.TELL_SUBJECT: _RUNNING - {S.LODGED, S.NEEDS_HANDLER, S.DIRECT},
    A.OPEN_SUCCESSOR: frozenset({S.WITHDRAWN}),
    A.ADD_NOTE: _RUNNING,
    A.ADD_DOCUMENT: OPEN_STATES,
    A.ADD_WITNESS: OPEN_STATES,
    A.MAKE_COPY: _RUNNING | CLOSED_STATES - {S.REDIRECTED},
}
# What may still be done while a concern is on hold.
DURING_HOLD = frozenset(
    {
        A.RELEASE, A.DECLARE_CONFLICT, A.WITHDRAW, A.ANSWER_CONSENT, A.ADD_NOTE, A.ADD_DOCUMENT, A.HAND_OVER,
        A.FORMAL_CODE_COMPLAINT, A.NO_HANDLER, A.ASSIGN, A.MAKE_COPY,
    }
)  # fmt: skip
# What a declared formal Code complaint closes where the council says so.
LOCKED = frozenset({A.ACCEPT, A.CONCILIATE, A.START_GRIEVANCE, A.SETTLE, A.PASS_ON})


@dataclass(frozen=True, slots=True)
class Refused:
    """Why an action is closed: a code and what to put into its sentence."""

    code: str
    params: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the guards look at: one concern, one person, one day."""

    state: State
    legal: frozenset[Action]  # steps the machine allows from here
    stage: str = ""  # informal or complaint: which first stage it was lodged under
    topic: str = ""
    raiser_side: str = ""
    subject_sides: frozenset[str] = frozenset()
    stages_on: frozenset[str] = frozenset()
    formal_tokens: frozenset[str] = frozenset()  # what the protocol and the law offer at "deciding"
    is_decider: bool = False  # the deciding rule names this person
    direct_offered: bool = False
    reads: bool = True  # sees what was written, not only stage and dates
    intake_only: bool = False  # the person's own step receives and passes on, no more
    may_skip_informal: bool = True
    chair_alone_forbidden: bool = False
    is_chair: bool = False
    hr_matter: bool = False
    has_next_step: bool = False
    investigation_named: bool = False
    locked: bool = False
    on_hold: bool = False
    consent_pending: bool = False
    subject_told: bool = False
    members_excluded: bool = False  # the protocol keeps members out of officer discipline, and this is one


def legal(action: Action, facts: Facts) -> bool:
    """Whether the machine, or for actions beside it the table above, allows ``action`` from this state."""
    states = STATES_OF.get(action)
    return action in facts.legal if states is None else facts.state in states


def refusal(action: Action, f: Facts, held: frozenset[Capacity]) -> Refused | None:
    """The first guard that closes ``action``, or None when it is open."""
    if f.on_hold and f.state not in CLOSED_STATES and action not in DURING_HOLD:
        return Refused("on_hold")
    if f.locked and action in LOCKED:
        return Refused("locked_by_code_complaint")
    check = _CHECKS.get(action)
    return check(f, held) if check else None


def _first(*pairs: tuple[bool, str]) -> Refused | None:
    """The first code whose condition holds."""
    return next((Refused(code) for closed, code in pairs if closed), None)


def _accept(f: Facts, held: frozenset[Capacity]) -> Refused | None:
    return _first(
        (f.stage == "complaint", "use_accept_complaint"),
        (f.intake_only, "intake_only"),
        _chair_alone(f),
        ("informal" not in f.stages_on, "stage_off"),
    )


def _chair_alone(f: Facts) -> tuple[bool, str]:
    return (f.chair_alone_forbidden and f.is_chair and f.hr_matter, "chair_alone")


def _redirect(f: Facts, held: frozenset[Capacity]) -> Refused | None:
    """Once it was sent, what was written isn't the raiser's alone to remove."""
    return _first((f.state != S.DRAFT and Capacity.RAISER in held, "withdraw_instead"))


def _straight_to_formal(f: Facts, held: frozenset[Capacity]) -> Refused | None:
    """T14, where the council allows it. Before a draft is sent no protocol is pinned: the action looks then (AMB-Y04)."""
    if not f.may_skip_informal:
        return Refused("informal_first")
    if Capacity.RAISER in held:
        return None
    return _first((f.intake_only, "intake_only"), _chair_alone(f))


def _write(f: Facts, held: frozenset[Capacity]) -> Refused | None:
    return _first((not f.reads, "status_only"))


def _accept_complaint(f: Facts, held: frozenset[Capacity]) -> Refused | None:
    return _first((f.stage != "complaint", "use_accept"), ("complaint" not in f.stages_on, "stage_off"))


def _settle(f: Facts, held: frozenset[Capacity]) -> Refused | None:
    return _first((f.state == S.DIRECT and Capacity.RAISER not in held, "only_raiser"))


def _start_grievance(f: Facts, held: frozenset[Capacity]) -> Refused | None:
    return _first(
        (f.raiser_side != "officer", "grievance_is_for_employees"),
        ("proc:grievance" not in f.formal_tokens, "not_a_route_here"),
    )


def _start_disciplinary(f: Facts, held: frozenset[Capacity]) -> Refused | None:
    return _first(
        (f.subject_sides != {"officer"}, "discipline_is_for_officers"),
        ("proc:disciplinary" not in f.formal_tokens, "not_a_route_here"),
        (f.members_excluded, "members_excluded"),
        (f.chair_alone_forbidden and f.is_chair, "chair_alone"),
        (not f.is_decider, "not_the_decider"),
    )


def _refer_code(f: Facts, held: frozenset[Capacity]) -> Refused | None:
    return _first(
        ("councillor" not in f.subject_sides, "code_is_for_councillors"),
        ("proc:code_of_conduct" not in f.formal_tokens, "not_a_route_here"),
    )


def _report_to_council(f: Facts, held: frozenset[Capacity]) -> Refused | None:
    return _first(
        ("councillor" not in f.subject_sides, "report_is_about_councillors"),
        (not f.formal_tokens & {"body:full_council", "proc:report_to_council"}, "not_a_route_here"),
        (not f.is_decider, "not_the_decider"),
    )


_CHECKS = {
    A.ACCEPT: _accept,
    A.ACCEPT_COMPLAINT: _accept_complaint,
    A.SETTLE: _settle,
    A.PASS_ON: lambda f, held: _first((not f.has_next_step, "no_next_step")),
    A.TAKE_UP_DIRECTLY: lambda f, held: _first((not f.direct_offered, "direct_not_offered")),
    A.DIRECT_FAILED: lambda f, held: _first((not f.has_next_step, "no_next_step")),
    A.CONCILIATE: lambda f, held: _first(("conciliation" not in f.stages_on, "stage_off")),
    A.INSTIGATE_INVESTIGATION: lambda f, held: _first(
        (f.topic != "breach_of_confidence" and not f.investigation_named, "investigation_not_named"),
        (f.intake_only, "intake_only"),
        _chair_alone(f),
    ),
    A.STRAIGHT_TO_FORMAL: _straight_to_formal,
    A.REDIRECT: _redirect,
    A.ADD_NOTE: _write,
    A.ADD_DOCUMENT: _write,
    A.ADD_WITNESS: _write,
    A.MAKE_COPY: _write,
    A.INFORMAL_OVER: lambda f, held: _first((f.state == S.DIRECT and Capacity.RAISER not in held, "only_raiser")),
    A.START_GRIEVANCE: _start_grievance,
    A.START_DISCIPLINARY: _start_disciplinary,
    A.REFER_CODE: _refer_code,
    A.FORMAL_CODE_COMPLAINT: lambda f, held: _first(("councillor" not in f.subject_sides, "code_is_for_councillors")),
    A.REPORT_TO_COUNCIL: _report_to_council,
    A.HOLD: lambda f, held: _first((f.on_hold, "already_on_hold")),
    A.RELEASE: lambda f, held: _first((not f.on_hold, "not_on_hold")),
    A.REOPEN: lambda f, held: _first(
        (f.locked, "locked_by_code_complaint"),
    ),
    A.ASK_CONSENT: lambda f, held: _first((f.consent_pending, "consent_already_asked")),
    A.ANSWER_CONSENT: lambda f, held: _first((not f.consent_pending, "nothing_asked")),
    A.TELL_SUBJECT: lambda f, held: _first((f.subject_told, "subject_already_told")),
}
