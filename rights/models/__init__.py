"""What is kept of data rights. Columns that name a concern are called ``case_id``: what belongs to a concern goes with it."""

from .access import ExportItem, SubjectRequest
from .keeping import DraftWarning, Keeper, LegalHold, RetentionRule
from .matter import Line, Seat
from .purging import Disposal, Tombstone
from .telling import Breach, DataComplaint

__all__ = [
    "Breach", "DataComplaint", "Disposal", "DraftWarning", "ExportItem", "Keeper", "LegalHold", "Line", "RetentionRule", "Seat", "SubjectRequest", "Tombstone",
]  # fmt: skip
