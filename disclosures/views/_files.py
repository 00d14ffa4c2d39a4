"""A file as it is handed out: a download whose name says nothing, with nothing in it that a browser would run."""

from pathlib import PurePosixPath
from typing import Any

from django.http import HttpResponse

from concerns.views.documents import attachment


def handed_out(row: Any, number: int) -> HttpResponse:
    """One of the room's files as an attachment."""
    ending = PurePosixPath(row.name or "").suffix.lower()[:6]
    return attachment(bytes(row.content), row.media_type, f"paper-{number}{ending}")


def find(papers: Any, wanted: Any) -> tuple[Any, int] | None:
    """One of ``papers`` and its number in their order; None when it isn't among them or a virus was found in it."""
    for number, row in enumerate(papers, start=1):
        if row.pk == wanted and not row.infected:
            return row, number
    return None
