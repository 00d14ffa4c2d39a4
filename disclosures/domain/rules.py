"""PURE: when something may be disclosed, and when a disclosure may be closed. Codes, not sentences."""

from datetime import date

from concerns.enums import CLOSED_STATES, OPEN_STATES, State
from disclosures.enums import Basis, DisclosureState, Kind

# Nobody is told while it is only sent, or while the raiser talks to them in private.
RUNNING = OPEN_STATES - {State.DRAFT, State.LODGED, State.NEEDS_HANDLER, State.DIRECT}
ENDED = CLOSED_STATES - {State.REDIRECTED}
ANSWER_WANTED = frozenset({Kind.BEFORE_FORMAL_STEP, Kind.ALLEGATIONS})


def may_disclose(kind: str, state: str, *, on_hold: bool) -> str:
    """Why a disclosure of that kind can't be made now, as a code; "" when it can."""
    if state in CLOSED_STATES:
        return "" if kind == Kind.OUTCOME and state in ENDED else "only_outcome"
    if state not in RUNNING:
        return "not_taken_up"
    return "on_hold" if on_hold else ""


def wrong_date(kind: str, answer_by: date | None, basis: str, *, today: date) -> tuple[str, str]:
    """(field, code) of what is wrong with the wanted date; ("", "") when it may stand."""
    if answer_by is None:
        return ("answer_by", "date_needed") if kind in ANSWER_WANTED else ("", "")
    if answer_by <= today:
        return "answer_by", "date_past"
    if basis not in list(Basis):
        return "basis", "basis_needed"
    return "", ""


def may_close(state: str, answer_by: date | None, *, today: date) -> str:
    """Why a disclosure can't be closed now, as a code; "" when it can. Nobody is cut off before the date they were given."""
    if state == DisclosureState.CLOSED:
        return "closed"
    if state == DisclosureState.DRAFTED:
        return "not_disclosed"
    if state != DisclosureState.ANSWERED and answer_by is not None and today <= answer_by:
        return "time_left"
    return ""
