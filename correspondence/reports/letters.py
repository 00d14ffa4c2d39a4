"""A letter and a report to council as tagged PDF."""

import hashlib
from typing import Any

from django.utils.translation import gettext as _

from concerns.reports import pdf
from correspondence import queries, wording
from correspondence.models import CouncilReport, Letter


def checksum(content: bytes) -> str:
    """SHA-256 as stored beside the file."""
    return hashlib.sha256(content).hexdigest()


def letter_context(letter: Letter, *, day: str) -> dict[str, Any]:
    """What the template of a letter needs; the page in the portal shows the same."""
    concern = letter.concern
    protocol = concern.protocol_version.protocol if concern.protocol_version_id else None
    return {
        "title": wording.heading(letter.kind),
        "council": concern.council.name,
        "reference": concern.reference,
        "day": day,
        "to": letter.to_person.full_name if letter.to_person else letter.to_name,
        "address": [line.strip() for line in str(letter.to_address or "").splitlines() if line.strip()],
        "marking": wording.mark_label(letter.marking, protocol),
        "paragraphs": paragraphs(str(letter.body or "")),
    }


def paragraphs(text: str) -> list[str]:
    """What was written, split at empty lines."""
    blocks = "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").split("\n")).split("\n\n")
    return [block.strip("\n") for block in blocks if block.strip()]


def letter_pdf(letter: Letter) -> bytes:
    """The letter as it is sent. ``letter.sent_at`` is its date."""
    assert letter.sent_at is not None
    return pdf.render("report/letter.html", letter_context(letter, day=queries.day(letter.sent_at)))


def report_pdf(report: CouncilReport, *, session: str, confidential: bool) -> bytes:
    """The report as it goes to the meeting, with the agenda's wording and what the council may be told."""
    concern = report.concern
    meeting = report.proceeding.meeting_on
    return pdf.render(
        "report/council_report.html",
        {
            "title": _("Report to council"),
            "council": concern.council.name,
            "day": queries.day(meeting) if meeting else "",
            "session": session,
            "confidential": confidential,
            "agenda_item": report.agenda_item,
            "paragraphs": paragraphs(str(report.body or "")),
            "told": paragraphs(str(report.may_be_told or "")),
        },
    )
