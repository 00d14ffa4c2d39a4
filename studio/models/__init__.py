"""What the studio keeps: fields and constraints only, no workflow. None of it is case content."""

from studio.models.imported import DocumentKind, ImportedDocument
from studio.models.setup import CouncilSetUp, Invitation, PeopleImport

__all__ = ["CouncilSetUp", "DocumentKind", "ImportedDocument", "Invitation", "PeopleImport"]
