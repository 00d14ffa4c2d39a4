"""A file as it is handed out: a download whose name says nothing, with nothing in it that a browser would run."""

from pathlib import PurePosixPath
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def handed_out(row: Any, number: int) -> HttpResponse:
    """One of the room's files as an attachment."""
    ending = PurePosixPath(row.name or "").suffix.lower()[:6]
    answer = HttpResponse(bytes(row.content), content_type=row.media_type)
    answer["Content-Disposition"] = content_disposition_header(True, f"paper-{number}{ending}")
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def find(papers: Any, wanted: Any) -> tuple[Any, int] | None:
    """One of ``papers`` and its number in their order; None when it isn't among them or a virus was found in it."""
    for number, row in enumerate(papers, start=1):
        if row.pk == wanted and not row.infected:
            return row, number
    return None
