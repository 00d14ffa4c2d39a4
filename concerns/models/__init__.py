"""The case tables. Every one of them is under forced row-level security (migration 0002)."""

from .access import ConcernUserObjectPermission, Consent, Exclusion, Opening, Participation
from .concern import Concern, ConcernSubject, Connection, Narrative, Witness, allowed_pairs, new_reference
from .files import DisclosedCopy, Document, DocumentOpening, StoredFile
from .glass import BreakGlass
from .record import Event, Notice, Proceeding
from .trail import Erasure, TrailAnchor, TrailDigest, TrailHead, TrailRenewal

__all__ = [
    "BreakGlass",
    "Concern",
    "ConcernSubject",
    "ConcernUserObjectPermission",
    "Connection",
    "Consent",
    "DisclosedCopy",
    "Document",
    "DocumentOpening",
    "Erasure",
    "Event",
    "Exclusion",
    "Narrative",
    "Notice",
    "Opening",
    "Participation",
    "Proceeding",
    "StoredFile",
    "TrailAnchor",
    "TrailDigest",
    "TrailHead",
    "TrailRenewal",
    "Witness",
    "allowed_pairs",
    "new_reference",
]
