"""Reads about drafts and versions: the amendment record, and a version's line of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from councils.models import Council, ProtocolStatus, ProtocolVersion
from councils.protocol.shaping import as_date
from studio.models import Amendment


@dataclass(frozen=True)
class Line:
    """One line of the amendment record. Without `pk` it is what the document itself lists."""

    label: str
    event: str
    body: str
    day: Any  # a date; as printed where the document has no whole one
    minute_ref: str
    what: str
    cites: tuple[str, ...] = ()
    pk: UUID | None = None
    status: str = ""


def amendment_of(version: ProtocolVersion) -> Amendment | None:
    """What a version changes, in the administrator's words; None where nobody wrote it."""
    return Amendment.objects.filter(version=version).first()


def version_before(version: ProtocolVersion) -> ProtocolVersion | None:
    """Takes a version; returns the one that applied before it, or applies while it is waiting. None for the first."""
    rows = ProtocolVersion.objects.filter(council=version.council, is_demonstration=False, in_force_from__isnull=False).exclude(pk=version.pk)
    if version.in_force_from:
        rows = rows.filter(in_force_from__lte=version.in_force_from)
    return rows.order_by("-in_force_from", "-created_at").first()


def amendment_record(council: Council) -> list[Line]:
    """Takes a council; returns its amendment record, the newest first: the approved versions, then what the document lists."""
    versions = list(
        ProtocolVersion.objects.filter(council=council, is_demonstration=False)
        .exclude(status=ProtocolStatus.DRAFT)
        .select_related("amendment")
        .order_by("-approved_on", "-created_at")
    )
    lines = [
        Line(
            label=row.label, event=str(row.get_status_display()), body=row.approving_body, day=row.approved_on, minute_ref=row.minute_ref,
            what=row.amendment.what if hasattr(row, "amendment") else "", cites=tuple(row.amendment.cites) if hasattr(row, "amendment") else (),
            pk=row.pk, status=row.status,
        )
        for row in versions
    ]  # fmt: skip
    known = {str(line.day) for line in lines}
    printed = versions[0].config.get("protocol", {}).get("amendment_record") if versions else []
    return lines + [line for line in map(_printed, reversed(printed or [])) if str(line.day) not in known]


def _printed(entry: Any) -> Line:
    item = entry if isinstance(entry, Mapping) else {}
    said = {key: str(item.get(key) or "") for key in ("version", "event", "by", "date", "on", "minute_ref", "what")}
    day = said["date"] or said["on"]
    return Line(said["version"], said["event"], said["by"], as_date(day) or day, said["minute_ref"], said["what"])
