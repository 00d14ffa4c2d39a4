"""Who may do what with a matter. Access hangs on rows: one's own matter, one's seat on it, which the database gives."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from councils import queries as councils
from councils.models import Council, Person
from rights import queries, wording
from rights.enums import AccessState, BreachState, ComplaintState, DisposalState, Kind, Step

A, B, C, D = AccessState, BreachState, ComplaintState, DisposalState
#: Step -> the kind of matter, from which states, and whose it is: a keeper's with a seat, or the person's own.
STEPS: Mapping[Step, tuple[Kind, frozenset[str], str]] = {
    Step.ASK_PURGE: (Kind.DISPOSAL, frozenset({D.DUE}), "seat"),
    Step.DECLINE_PURGE: (Kind.DISPOSAL, frozenset({D.ASKED}), "seat"),
    Step.PURGE: (Kind.DISPOSAL, frozenset({D.ASKED}), "seat"),
    Step.PLACE_HOLD: (Kind.DISPOSAL, frozenset({D.DUE, D.ASKED}), "seat"),
    Step.LIFT_HOLD: (Kind.DISPOSAL, frozenset({D.DUE, D.ASKED}), "seat"),
    Step.CLARIFY: (Kind.ACCESS, frozenset({A.RECEIVED}), "seat"),
    Step.ANSWER_CLARIFICATION: (Kind.ACCESS, frozenset({A.CLARIFYING}), "own"),
    Step.EXTEND: (Kind.ACCESS, frozenset({A.RECEIVED, A.GATHERING, A.PREPARING, A.PREPARED}), "seat"),
    Step.GATHER: (Kind.ACCESS, frozenset({A.RECEIVED, A.PREPARING}), "seat"),
    Step.DECIDE_ITEM: (Kind.ACCESS, frozenset({A.PREPARING}), "seat"),
    Step.PREPARE: (Kind.ACCESS, frozenset({A.PREPARING}), "seat"),
    Step.SEND_BACK: (Kind.ACCESS, frozenset({A.PREPARED}), "seat"),
    Step.RELEASE: (Kind.ACCESS, frozenset({A.PREPARED}), "seat"),
    Step.REFUSE_ACCESS: (Kind.ACCESS, frozenset({A.RECEIVED, A.PREPARING, A.PREPARED}), "seat"),
    Step.WITHDRAW_ACCESS: (Kind.ACCESS, frozenset({A.RECEIVED, A.CLARIFYING, A.GATHERING, A.PREPARING, A.PREPARED}), "own"),
    Step.ACKNOWLEDGE: (Kind.COMPLAINT, frozenset({C.RECEIVED}), "seat"),
    Step.ANSWER_COMPLAINT: (Kind.COMPLAINT, frozenset({C.RECEIVED, C.ACKNOWLEDGED}), "seat"),
    Step.ASSESS_BREACH: (Kind.BREACH, frozenset({B.REPORTED, B.ASSESSED}), "seat"),
    Step.CLOSE_BREACH: (Kind.BREACH, frozenset({B.ASSESSED}), "seat"),
}
KIND_OF = {step: kind for step, (kind, _states, _whose) in STEPS.items()}


def mine(row: Any, person: Person) -> bool:
    """Whether it is the person's own: they asked, complained or reported."""
    return person.pk in {getattr(row, name, None) for name in ("requester_id", "complainant_id", "reported_by_id")}


def refusal(step: Step, row: Any, person: Person) -> str:
    """Why the step isn't open, in words for the reader; "" when it is."""
    kind, states, whose = STEPS[step]
    if whose == "own":
        if not mine(row, person):
            return str(wording.NOT_YOURS)
    elif row.pk not in queries.seated():
        return str(wording.NOT_YOURS)
    if row.state not in states:
        return str(wording.NOT_FROM_HERE) % {"state": wording.state_label(kind, row.state)}
    return str(_guard(step, row, person))


def _guard(step: Step, row: Any, person: Person) -> object:
    if step in (Step.ASK_PURGE, Step.PURGE):
        if step == Step.PURGE and row.asked_by_id == person.pk:
            return wording.SECOND_PERSON
        why = queries.why_kept(row)
        if why:
            return wording.KEPT[why]
    if step == Step.PLACE_HOLD and queries.holds_on(row.case_id):
        return wording.HELD_ALREADY
    if step == Step.LIFT_HOLD and not queries.holds_on(row.case_id):
        return wording.NOT_HELD
    if step == Step.RELEASE and row.prepared_by_id == person.pk:
        return wording.SECOND_PERSON
    if step == Step.EXTEND and row.extended_on is not None:
        return wording.EXTENDED_ALREADY
    if step == Step.PREPARE and row.items.filter(verdict="").exists():
        return wording.NOT_ALL_DECIDED
    return ""


def is_admin(person: Person, council: Council, *, on: date) -> bool:
    """Whether the person administers the council's set-up: they name records keepers, and see no case."""
    return councils.is_admin(person, council, on=on)
