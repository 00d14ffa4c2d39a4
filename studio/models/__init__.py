"""What the studio keeps: fields and constraints only, no workflow. None of it is case content."""

from studio.models.draft import Amendment, Decision, DraftSource, DraftStatus, ProtocolDraft
from studio.models.imported import DocumentKind, ImportedDocument
from studio.models.proof import RehearsalRun
from studio.models.publication import Publication
from studio.models.setup import CouncilSetUp, Invitation, PeopleImport

__all__ = [
    "Amendment",
    "CouncilSetUp",
    "Decision",
    "DocumentKind",
    "DraftSource",
    "DraftStatus",
    "ImportedDocument",
    "Invitation",
    "PeopleImport",
    "ProtocolDraft",
    "Publication",
    "RehearsalRun",
]
