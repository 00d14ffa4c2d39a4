"""What the studio keeps: fields and constraints only, no workflow. None of it is case content."""

from studio.models.imported import DocumentKind, ImportedDocument

__all__ = ["DocumentKind", "ImportedDocument"]
