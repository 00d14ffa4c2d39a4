"""Documents a council brought: which there are, and the clauses they give. Callers have asked the loader who may look."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from councils.models import Council
from studio.importing import giving
from studio.models import ImportedDocument


def documents_of(council: Council) -> QuerySet[ImportedDocument]:
    """The council's documents, the newest first."""
    return ImportedDocument.objects.filter(council=council).order_by("-imported_at", "id")


def clauses_of(document: ImportedDocument) -> list[dict[str, Any]]:
    """A document's clauses as a protocol configuration holds them: number, heading, gist, text, parts."""
    return giving.clauses(document.rows, untitled=_("Clauses"), paragraph=_("paragraph {count}"))


def words_of(document: ImportedDocument) -> dict[str, str]:
    """The council's own words of each clause, by its number."""
    return {clause["number"]: clause.get("text", "") for clause in clauses_of(document)}
