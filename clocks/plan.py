"""What is due on a concern: by its own stage, and by what the rooms say of their procedures. Reads; writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from clocks.domain.calculation import Calendar, Pause, Result, work_out
from clocks.enums import Basis, ObligationKind, Unit
from clocks.models import Obligation
from concerns import rooms
from concerns.domain import targets
from concerns.domain.targets import Target
from concerns.enums import CLOSED_STATES, FORMAL_STATES, Capacity, State
from concerns.models import Concern, Proceeding
from concerns.own_days import OwnDays
from concerns.rooms import Due
from councils import law_layer
from councils import queries as councils
from councils.models import Council

K = ObligationKind
C = Capacity
DEALING = (C.HANDLER, C.DECIDER, C.LIAISON)
# State -> what is due, which of the council's targets says by when, and whose move it is.
STAGES: Mapping[State, tuple[ObligationKind, str, tuple[Capacity, ...]]] = {
    State.LODGED: (K.ACKNOWLEDGE, "acknowledge_concern", (C.RECIPIENT,)),
    State.NEEDS_HANDLER: (K.FIND_HANDLER, "find_handler", (C.EXCEPTION_HOLDER,)),
    State.INFORMAL: (K.INFORMAL_REVIEW, "informal_review", (C.HANDLER,)),
    State.COMPLAINT: (K.INFORMAL_REVIEW, "informal_review", (C.HANDLER,)),
    State.INVESTIGATION: (K.INFORMAL_REVIEW, "informal_review", (C.HANDLER,)),
    State.CONCILIATION: (K.CONCILIATE, "conciliation_review", (C.HANDLER,)),
    State.DECIDING: (K.CHOOSE_ROUTE, "choose_route", (C.HANDLER, C.DECIDER, C.RAISER)),
}
STAGE = "stage"  # the source of what the concern's own stage opens; the rooms name themselves
GONE = frozenset({State.WITHDRAWN, State.REDIRECTED})  # what was due then is no longer needed, rather than met


def target(code: str, council: Council, written: Mapping[str, Any], own: Mapping[str, Any] | None = None) -> Target:
    """How long it may take: ``written`` is what the protocol's file says under its targets; ``own`` the council's that count here."""
    return targets.target(code, own=council.targets if own is None else own, written=written, shipped=law_layer.whole().default(code))


def written(concern: Concern) -> Mapping[str, Any]:
    """What the protocol it was sent under says of days."""
    return concern.protocol_version.protocol.targets if concern.protocol_version_id else {}


def dues_of(concern: Concern, *, today: date, there: Sequence[bool] | None = None) -> list[Due]:
    """Everything due on ``concern`` today. ``there`` says which rooms have something, where that is known."""
    if concern.lodged_at is None:
        return []
    asked = rooms.DUES if there is None else [pair for pair, has in zip(rooms.DUES, there, strict=True) if has]
    found = [due for make, _sql in asked for due in make(concern, today)]
    if concern.state in CLOSED_STATES:
        return [due for due in found if due.met] + list(_retention(concern))
    if concern.on_hold_until is not None and today <= concern.on_hold_until:
        found.append(
            Due(K.HOLD_REVIEW, STAGE, due_on=concern.on_hold_until, basis=Basis.AGREED, capacities=DEALING, stops=False)
        )
    found += _of_stage(concern)
    if not any(not due.met and due.kind != K.HOLD_REVIEW for due in found):
        found.append(Due(K.LOOK_AGAIN, STAGE, code="look_again", capacities=(*DEALING, C.CONVENER), restarts=True))
    return found


def _of_stage(concern: Concern) -> Iterable[Due]:
    state = State(concern.state)
    if state == State.DIRECT:
        yield Due(K.CHECK_BACK, STAGE, due_on=concern.check_back_on, code="" if concern.check_back_on else "look_again", basis=Basis.DEFAULT,
                  capacities=(C.RAISER,))  # fmt: skip
    elif state == State.LODGED and _is_raisers_move(concern):
        yield Due(K.LOOK_AGAIN, STAGE, code="look_again", capacities=(C.RAISER,), restarts=True)
    elif state == State.COUNCIL_REPORT:
        yield from _meeting(concern)
    elif state in STAGES:
        kind, code, capacities = STAGES[state]
        # a concern passed on waits for somebody else; each has the whole time
        yield Due(kind, f"{STAGE}:{concern.step}" if state == State.LODGED else f"{STAGE}:{state.lower()}", code=code, capacities=capacities)


def _is_raisers_move(concern: Concern) -> bool:
    token = concern.route[concern.step]["token"] if concern.step < len(concern.route) else ""
    return concern.mode != "all_of" and (token == "party:subject" or token.startswith("ext:"))


def _meeting(concern: Concern) -> Iterable[Due]:
    rows = Proceeding.objects.filter(concern=concern, meeting_on__isnull=False, closed_on__isnull=True)
    meeting = rows.order_by("-opened_on").values_list("meeting_on", flat=True).first()
    if meeting is not None:
        yield Due(K.COUNCIL_MEETING, STAGE, due_on=meeting, basis=Basis.AGREED, capacities=DEALING, stops=False)


def _retention(concern: Concern) -> Iterable[Due]:
    if concern.state == State.REDIRECTED:
        return
    formal = concern.closed_from in FORMAL_STATES
    yield Due(
        K.RETENTION_REVIEW, STAGE, from_on=timezone.localdate(concern.closed_at), code="retention_formal" if formal else "retention_informal",
        capacities=(*DEALING, C.RECIPIENT), stops=False,
    )  # fmt: skip


def calendar(council: Council, basis: str, own: OwnDays | None = None) -> Calendar:
    """Whose days count. A period the law sets goes on while the office is closed."""
    closed = frozenset() if basis == Basis.LAW else councils.closures(council)
    return Calendar(council.jurisdiction, closed - own.open_all_the_same if own else closed)


def shaped(row: Obligation, due: Due, council: Council, found: Target | None, own: OwnDays | None = None) -> Result:
    """The day of ``row`` as ``due`` says today, with holds and an agreed day. Sets what it rests on."""
    if due.due_on is not None:
        row.target, row.unit, row.basis, row.cites = None, Unit.DATE.value, str(due.basis or Basis.AGREED), list(due.cites)
    else:
        assert found is not None
        row.target, row.unit, row.basis, row.cites = found.days, found.unit, found.basis, [*found.cites, *due.cites]
    return recounted(row, council, before=due.before, set_on=due.due_on, own=own)


def recounted(
    row: Obligation, council: Council, *, before: bool = False, set_on: date | None = None, own: OwnDays | None = None
) -> Result:
    """The day of ``row`` from what it keeps."""
    return work_out(
        calendar(council, row.basis, own), from_on=row.opened_on, number=row.target, unit=row.unit, before=before, set_on=set_on,
        pause=Pause(row.paused_days, row.paused_on, row.paused_until), extended_to=row.extended_to,
    )  # fmt: skip
