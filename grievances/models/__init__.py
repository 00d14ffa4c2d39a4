"""The tables of a grievance. Every one of them is under forced row-level security (migration 0002)."""

from .grievance import Grievance, Hearing, Inquiry, PanelSeat, allowed_pairs
from .papers import Allegation, AppealGrounds, Decision, Finding, Report, Support, TieFlag

__all__ = [
    "Allegation",
    "AppealGrounds",
    "Decision",
    "Finding",
    "Grievance",
    "Hearing",
    "Inquiry",
    "PanelSeat",
    "Report",
    "Support",
    "TieFlag",
    "allowed_pairs",
]
