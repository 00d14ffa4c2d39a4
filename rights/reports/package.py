"""What somebody is given of their data: one ZIP with a tagged PDF to read, the same as JSON, and the files. Fixed names alone."""

from __future__ import annotations

import io
import json
import mimetypes
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from concerns.reports import pdf
from rights import wording
from rights.domain.redaction import without_words
from rights.enums import Source, Verdict
from rights.models import ExportItem, SubjectRequest

EPOCH = (1980, 1, 1, 0, 0, 0)


def shown(item: ExportItem) -> str:
    """The text of an item as it is given: without what was taken out."""
    text, _count = without_words(str(item.body or ""), str(item.hidden or "").splitlines())
    return text


def build(request: SubjectRequest, items: Sequence[ExportItem], *, now: datetime) -> bytes:
    """The ZIP for what is given of ``items``. That something was withheld, or how much, can't be told from it."""
    given = [item for item in items if item.verdict == Verdict.GIVE]
    rows: list[dict[str, Any]] = []
    files: dict[str, bytes] = {}
    for number, item in enumerate(given, 1):
        row: dict[str, Any] = {"number": number, "kind": str(wording.SOURCES[Source(item.source)]), "text": shown(item)}
        if item.at:
            row["on"] = timezone.localdate(item.at).isoformat()
        if item.content is not None:
            name = f"files/{number:03d}{mimetypes.guess_extension(item.media_type) or '.bin'}"
            files[name], row["file"] = bytes(item.content), name
        rows.append(row)
    context = {
        "title": _("The data kept of you"), "council": request.council.name, "name": request.requester.full_name, "reference": request.reference,
        "day": date_format(timezone.localdate(now), "j F Y"), "rows": rows, "rights": [str(line) for line in wording.RIGHTS],
        "left_out": str(wording.LEFT_OUT),
    }  # fmt: skip
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        def put(name: str, content: bytes) -> None:
            archive.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)

        put("your-data.pdf", pdf.render("report/your_data.html", context))
        told = {"council": request.council.name, "reference": request.reference, "name": request.requester.full_name, "items": rows,
                "left_out": context["left_out"]}  # fmt: skip
        put("your-data.json", json.dumps(told, ensure_ascii=False, indent=1).encode())
        for name, content in files.items():
            put(name, content)
    return made.getvalue()
