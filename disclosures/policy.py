"""Who may do what beside a concern: those who tell, and the one who is told."""

from concerns.enums import Capacity
from disclosures.enums import DisclosureAction

A, C = DisclosureAction, Capacity
DEALS = frozenset({C.HANDLER, C.DECIDER})
TELLS = DEALS | {C.PANEL_MEMBER}  # the panel tells the person before its hearing, where nobody else reads the concern
# By capacity on the concern. The subject's own steps need none: the disclosure names its person.
PERMISSIONS: dict[DisclosureAction, frozenset[Capacity]] = {
    A.DRAFT_DISCLOSURE: TELLS,
    A.DISCARD_DISCLOSURE: TELLS,
    A.DISCLOSE: TELLS,
    A.CLOSE_DISCLOSURE: TELLS,
    A.PROCEDURE_BEGAN: DEALS,
    A.PROCEDURE_OVER: DEALS,
}
THE_SUBJECTS = (A.OPEN_DISCLOSURE, A.ANSWER_DISCLOSURE, A.ADD_SUBJECT_PAPER, A.NAME_COMPANION)


def may(action: DisclosureAction, held: frozenset[Capacity], *, reads: bool, is_raiser: bool) -> bool:
    """Whether a part in the concern carries the step. Whoever raised it never tells the other side, nor reads the answer."""
    return bool(held & PERMISSIONS[action]) and reads and not is_raiser
