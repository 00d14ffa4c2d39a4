"""PURE: which findings and outcomes exist at all, given whom a grievance is about (law.md E5, E6, P1, P2).

In England a council makes no finding and sets no sanction about a councillor outside the Code process: *R (Harvey) v
Ledbury Town Council* [2018] EWHC 1151 (Admin). Its panel may support the employee and settle how people work together.
A principal authority's statutory officers have a process of their own. Parish clerks are not among them.
"""

from collections.abc import Collection, Iterable
from typing import Final

from concerns.domain.outcomes import AGREEMENT, OF_DISCIPLINE, OF_THE_CODE, WITHOUT_FINDING
from grievances.enums import FindingCode, Remit

STATUTORY_PROCESS: Final = "statutory_process"
SUPPORT_ONLY: Final = "support_only_closed"
# "dealt_with_under_standing_orders" isn't a panel's to record.
NO_FINDING: Final = (AGREEMENT | WITHOUT_FINDING) - {"reported_to_council_minor", "dealt_with_under_standing_orders"}
STATUTORY_OFFICERS: Final = frozenset({"chief_executive", "head_of_paid_service", "monitoring_officer", "chief_finance_officer"})
PRINCIPAL: Final = frozenset({"principal_authority", "principal_authority_executive"})
# A grievance's own outcomes, whatever else the council's protocol lists.
OF_A_GRIEVANCE: Final = ("grievance_upheld", "grievance_partly_upheld", "grievance_not_upheld")


def remit_of(
    *, sides: Collection[str], roles: Collection[str], council_kind: str, no_finding: bool, statutory: bool
) -> Remit:
    """What a panel may do. ``no_finding``: L2 is in force here; ``statutory``: L7 or L7W is.

    A councillor among the subjects decides it, whoever else is one.
    """
    if no_finding and "councillor" in sides:
        return Remit.SUPPORT_ONLY
    if statutory and council_kind in PRINCIPAL and set(roles) & STATUTORY_OFFICERS:
        return Remit.STATUTORY
    return Remit.FULL


def findings(remit: Remit) -> tuple[FindingCode, ...]:
    """The findings a panel may make on a point: none unless its remit is full."""
    return tuple(FindingCode) if remit == Remit.FULL else ()


def outcomes(remit: Remit, configured: Iterable[str]) -> tuple[str, ...]:
    """The outcomes a panel may record: the procedure's own, then those the council uses, in its order. Never empty."""
    codes = [code for code in dict.fromkeys(configured) if not code.startswith(OF_THE_CODE) and code not in OF_DISCIPLINE]
    if remit == Remit.FULL:
        return (*OF_A_GRIEVANCE, *codes)
    allowed = [code for code in codes if code in NO_FINDING] or [SUPPORT_ONLY]
    return (STATUTORY_PROCESS, *allowed) if remit == Remit.STATUTORY else tuple(allowed)


def makes_finding(outcome: str, found: Collection[FindingCode]) -> bool:
    """Whether a decision says anything about somebody's conduct. An outcome nobody knows might."""
    return bool(found) or outcome not in NO_FINDING | {STATUTORY_PROCESS}
