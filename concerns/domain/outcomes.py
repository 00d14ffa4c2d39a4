"""PURE: which outcomes may be recorded where (L2: R (Harvey) v Ledbury Town Council [2018] EWHC 1151 (Admin)).

A council that isn't deciding a Code of Conduct referral makes no finding about a councillor and sets no sanction.
Known codes say what they mean; an unknown code about a councillor is refused, because it might be a finding.
"""

from collections.abc import Iterable
from typing import Final

from concerns.enums import State

AGREEMENT: Final = frozenset({"resolved", "conciliated"})
NO_CASE: Final = frozenset({"no_case", "not_upheld"})
WITHOUT_FINDING: Final = frozenset(
    {"reported_to_council_minor", "grievance_informal_only_closed", "support_only_closed", "dealt_with_under_standing_orders"}
)
OF_THE_CODE: Final = ("mo_", "code_", "psow_", "ombudsman_", "referred_")
NEUTRAL_ABOUT_COUNCILLOR: Final = AGREEMENT | WITHOUT_FINDING | {"no_case"}
BY_STATE: Final = {
    State.DISCIPLINARY: ("disciplinary_outcome_recorded", "management_action", "no_case", "not_upheld", "upheld_management_action"),
    State.COUNCIL_REPORT: ("reported_to_council_minor", "resolved"),
}
# What the body that decides on the Code may answer, whatever a council lists (England; then Wales, W1).
ANSWERS: Final = frozenset(
    {
        "mo_no_further_action", "mo_no_breach", "mo_breach_found", "psow_not_investigated", "psow_no_evidence", "psow_no_action",
        "psow_to_committee", "psow_to_panel",
    }
)  # fmt: skip
OF_DISCIPLINE: Final = frozenset({"disciplinary_outcome_recorded"})


def allowed(
    configured: Iterable[str], *, state: State, about_councillor: bool, no_finding: bool
) -> tuple[str, ...]:
    """The council's outcomes that fit ``state``, in its own order.

    ``no_finding`` says that the law bars a finding about a councillor outside the Code process (England, from 2012-07-01).
    """
    codes = tuple(dict.fromkeys(configured))
    if state == State.CODE_REFERRAL:
        return tuple(code for code in codes if code.startswith(OF_THE_CODE) or code in AGREEMENT)
    fitting = [code for code in codes if not code.startswith(OF_THE_CODE)]
    if state in BY_STATE:
        fitting = [code for code in fitting if code in BY_STATE[state]]
    else:
        fitting = [code for code in fitting if code not in OF_DISCIPLINE]
    if about_councillor and no_finding:
        fitting = [code for code in fitting if code in NEUTRAL_ABOUT_COUNCILLOR]
    return tuple(fitting)


def is_answer(state: State, outcome: str) -> bool:
    """Whether ``outcome`` is the answer of the body that decides on the Code, to a concern that is with it."""
    return state == State.CODE_REFERRAL and outcome in ANSWERS
