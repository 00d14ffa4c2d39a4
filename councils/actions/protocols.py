"""Protocol versions: load → approve → bring into force (which supersedes the one before)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils import protocol as engine
from councils.actions.ground import explained, lock_council, plain, record, require_admin, require_dates, today
from councils.actions.people import add_council
from councils.actions.reviews import end_alerts
from councils.errors import Refusal
from councils.models import Council, CouncilEventKind, Person, ProtocolStatus, ProtocolVersion

NESTED_TOO_DEEP = 60


@transaction.atomic
def load_protocol(
    data: Mapping[str, Any],
    *,
    by: Person | None,
    now: datetime,
    source_name: str,
    council: Council | None = None,
    is_demo: bool = False,
) -> ProtocolVersion:
    """Takes a protocol configuration as plain data; returns its version, new or the one loaded before.

    A draft, unless the file says it is in force and names the approving body, the date and the minute. A council not
    yet known is added (operators and commands only). With `council`, the file must be that council's. Raises Refusal
    with every problem the checks found.
    """
    if not isinstance(data, Mapping):
        raise Refusal(_("{name} holds no protocol. Choose a protocol file.").format(name=source_name), field="file")
    problems = [problem for problem in engine.validate(data, file=source_name) if problem.level == "error"]
    if problems:
        raise Refusal(
            ngettext(
                "{name} has {count} problem. Mend it and load the file again.",
                "{name} has {count} problems. Mend them and load the file again.",
                len(problems),
            ).format(name=source_name, count=len(problems)),
            field="file",
            problems=tuple(str(problem) for problem in problems),
        )
    config = storable(engine.unwrap(data))
    if council is not None and council.key != config["key"]:
        raise Refusal(_("{name} is the protocol of another council. Choose this council's file.").format(name=source_name), field="file")
    council = council or add_or_find(config, by=by, now=now, is_demo=is_demo)
    council = lock_council(council)
    require_admin(council, by, now)
    content_hash = fingerprint(config)
    version = ProtocolVersion.objects.filter(council=council, content_hash=content_hash, is_demonstration=False).first()
    if version:
        return version
    version = ProtocolVersion(
        council=council,
        label=label_of(config),
        config=config,
        content_hash=content_hash,
        created_at=now,
    )
    with explained():
        version.save(force_insert=True)
    record(CouncilEventKind.PROTOCOL_LOADED, council=council, by=by, now=now, version=version.pk, content_hash=content_hash)
    adoption = adoption_of(config)
    if adoption and adoption["in_force_from"] <= today(now):
        in_force_from = adoption.pop("in_force_from")
        approve_protocol(version=version, by=by, now=now, **adoption)
        version = bring_into_force(version=version, in_force_from=in_force_from, by=by, now=now)
    return version


@transaction.atomic
def approve_protocol(
    *, version: ProtocolVersion, approving_body: str, approved_on: date, minute_ref: str, by: Person | None, now: datetime
) -> ProtocolVersion:
    """Records that a body approved a draft: which, when, and the minute; all three are needed. Raises Refusal."""
    council, version = _lock(version, by, now)
    body = plain(approving_body, field="approving_body", limit=200, what=_("The body that approved the protocol"))
    minute = plain(minute_ref, field="minute_ref", limit=200, what=_("The minute"))
    if not isinstance(approved_on, date):
        raise Refusal(_("Enter the date of the approval."), field="approved_on")
    require_dates(approved_on, None)
    if approved_on > today(now):
        raise Refusal(_("The date of the approval can't be in the future."), field="approved_on")
    if version.status != ProtocolStatus.DRAFT:
        raise Refusal(_("Only a draft can be approved. This version is already approved."))
    version.approving_body, version.approved_on, version.minute_ref = body, approved_on, minute
    version.approve()
    with explained():
        version.save(update_fields=("status", "approving_body", "approved_on", "minute_ref"))
    record(
        CouncilEventKind.PROTOCOL_APPROVED,
        council=council,
        by=by,
        now=now,
        version=version.pk,
        approving_body=body,
        approved_on=approved_on,
        minute_ref=minute,
    )
    return version


@transaction.atomic
def bring_into_force(*, version: ProtocolVersion, in_force_from: date, by: Person | None, now: datetime) -> ProtocolVersion:
    """Brings an approved version into force from a day on; the one before is superseded in the same breath.

    Raises Refusal unless the version is approved, and the day is not before its approval, not before the version it
    replaces, and not in the future.
    """
    council, version = _lock(version, by, now)
    if version.status != ProtocolStatus.APPROVED:
        raise Refusal(_("Only an approved version can be brought into force."))
    if not isinstance(in_force_from, date):
        raise Refusal(_("Enter the day it comes into force."), field="in_force_from")
    require_dates(in_force_from, None)
    if in_force_from > today(now):
        raise Refusal(_("Bring it into force on or after that day; until then the version before applies."), field="in_force_from")
    if version.approved_on and in_force_from < version.approved_on:
        raise Refusal(_("A protocol can't be in force before it was approved."), field="in_force_from")
    before = ProtocolVersion.objects.select_for_update().filter(council=council, status=ProtocolStatus.IN_FORCE).first()
    if before and before.in_force_from and in_force_from < before.in_force_from:
        raise Refusal(_("The version in force now began after that day. Choose a later day."), field="in_force_from")
    with explained():
        if before:
            before.superseded_on = in_force_from
            before.supersede()
            before.save(update_fields=("status", "superseded_on"))
            record(CouncilEventKind.PROTOCOL_SUPERSEDED, council=council, by=by, now=now, version=before.pk)
        version.in_force_from = in_force_from
        version.bring_into_force()
        version.save(update_fields=("status", "in_force_from"))
    record(CouncilEventKind.PROTOCOL_IN_FORCE, council=council, by=by, now=now, version=version.pk, in_force_from=in_force_from)
    end_alerts(council, now=now)
    return version


@transaction.atomic
def adopt_demonstration(*, version: ProtocolVersion, by: Person | None, now: datetime) -> ProtocolVersion:
    """Takes a draft of a demonstration council; returns a labelled copy in force, so that its routes can be worked.

    The draft stays a draft. Raises Refusal for a council that is not for demonstration.
    """
    council, draft = _lock(version, by, now)
    if not council.is_demo:
        raise Refusal(_("Only a demonstration council can adopt a protocol for demonstration."))
    if draft.status != ProtocolStatus.DRAFT:
        raise Refusal(_("Only a draft is adopted for demonstration. This version is already approved."))
    copy = ProtocolVersion.objects.filter(council=council, content_hash=draft.content_hash, is_demonstration=True).first()
    if copy:
        return copy
    copy = ProtocolVersion(
        council=council,
        label=_("Demonstration adoption — not adopted by any council"),
        config=draft.config,
        content_hash=draft.content_hash,
        is_demonstration=True,
        created_at=now,
    )
    with explained():
        copy.save(force_insert=True)
    record(CouncilEventKind.PROTOCOL_DEMONSTRATED, council=council, by=by, now=now, version=copy.pk, draft=draft.pk)
    approve_protocol(
        version=copy,
        approving_body=_("Demonstration only: no body approved this"),
        approved_on=today(now),
        minute_ref=_("Demonstration adoption, no minute"),
        by=by,
        now=now,
    )
    return bring_into_force(version=copy, in_force_from=today(now), by=by, now=now)


def add_or_find(config: Mapping[str, Any], *, by: Person | None, now: datetime, is_demo: bool = False) -> Council:
    """Takes a configuration; returns its council, added when its key is new. Raises Refusal."""
    return Council.objects.filter(key=config["key"]).first() or add_council(
        key=config["key"],
        name=config["name"],
        kind=str(config.get("kind") or ""),
        jurisdiction=config["jurisdiction"],
        is_demo=is_demo,
        by=by,
        now=now,
    )


def label_of(config: Mapping[str, Any]) -> str:
    """Takes a configuration; returns the words a version is listed under: title and version."""
    head = config.get("protocol") or {}
    title, version = str(head.get("title") or config.get("name") or ""), head.get("version")
    label = f"{title} ({version})" if version else title
    return plain(label, field="file", limit=2000, what=_("The protocol's title"))[:200]


def adoption_of(config: Mapping[str, Any]) -> dict[str, Any] | None:
    """Takes a configuration; returns body, date, minute and first day if the file claims all of them, else None."""
    head = config.get("protocol") or {}
    adoption = head.get("adoption") or {}
    if str(config.get("status") or head.get("status") or "").lower() != "in_force" or not isinstance(adoption, Mapping):
        return None
    body, minute, approved_on = adoption.get("body"), adoption.get("minute_ref"), as_day(adoption.get("date"))
    if not (body and minute and approved_on):
        return None
    in_force_from = as_day(head.get("in_force_from")) or approved_on
    return {
        "approving_body": str(body),
        "approved_on": approved_on,
        "minute_ref": str(minute),
        "in_force_from": max(in_force_from, approved_on),
    }


def as_day(value: Any) -> date | None:
    """Takes what a configuration holds for a day; returns the date, or None when it is none."""
    if isinstance(value, Mapping):
        value = value.get("date")
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def fingerprint(config: Mapping[str, Any]) -> str:
    """Takes a storable configuration; returns the same 64 characters for the same content, whatever its order."""
    text = json.dumps(config, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def storable(value: Any, depth: int = 0) -> Any:
    """Takes configuration data; returns it as JSON can hold it: text keys, days as text. Raises Refusal."""
    if depth > NESTED_TOO_DEEP:
        raise Refusal(_("The protocol file has lists inside lists too deep to be one."), field="file")
    if isinstance(value, Mapping):
        return {storable(str(key), depth + 1): storable(part, depth + 1) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [storable(part, depth + 1) for part in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        if "\x00" in value:
            raise Refusal(_("The protocol file contains a NUL character. Remove it and load the file again."), field="file")
        return value
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float) and value == value and abs(value) != float("inf"):
        return value
    raise Refusal(_("The protocol file holds something that is neither text, number, date nor list."), field="file")


def _lock(version: ProtocolVersion, by: Person | None, now: datetime) -> tuple[Council, ProtocolVersion]:
    council = lock_council(version.council)
    require_admin(council, by, now)
    return council, ProtocolVersion.objects.select_for_update().get(pk=version.pk)
