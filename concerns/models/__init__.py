"""The case tables. Every one of them is under forced row-level security (migration 0002)."""

from .access import ConcernUserObjectPermission, Consent, Exclusion, Opening, Participation
from .concern import Concern, ConcernSubject, Connection, Narrative, Witness, allowed_pairs, new_reference
from .record import Document, Event, Notice, Proceeding

__all__ = [
    "Concern",
    "ConcernSubject",
    "ConcernUserObjectPermission",
    "Connection",
    "Consent",
    "Document",
    "Event",
    "Exclusion",
    "Narrative",
    "Notice",
    "Opening",
    "Participation",
    "Proceeding",
    "Witness",
    "allowed_pairs",
    "new_reference",
]
