"""Drafts of a protocol: begin, change a part, put forward as a version, discard. One open state at a time: `revision` says which."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils import queries as council_queries
from councils.actions import protocols
from councils.actions.ground import lock_council, plain, require_admin, today
from councils.errors import Refusal
from councils.models import Council, Person, ProtocolStatus, ProtocolVersion
from councils.protocol import ProtocolFileError, read_yaml, unwrap, validate
from studio.domain import starting
from studio.domain.differences import clauses_touched
from studio.domain.written import unknown_keys
from studio.editing import changing
from studio.editing.describing import changes, reading
from studio.editing.spoken import in_full
from studio.importing.giving import clauses as clauses_of
from studio.models import Amendment, DraftSource, DraftStatus, ImportedDocument, ProtocolDraft
from studio.queries import sources

MOST_OPEN = 20
SHAPE = "shape:"


@transaction.atomic
def start_draft(
    *, council: Council, begins_with: str, by: Person | None, now: datetime, document: str | ImportedDocument = ""
) -> ProtocolDraft:
    """Takes `in_force`, `plain` or `shape:<code>`, and one of the council's documents (or its id); returns the new draft. Raises Refusal."""
    council = lock_council(council)
    require_admin(council, by, now)
    brought = sources.document(council, document) if isinstance(document, str) and document else document or None
    if document and (not isinstance(brought, ImportedDocument) or brought.council_id != council.pk):
        raise Refusal(_("Choose one of this council's documents."), field="document")
    own = clauses_of(brought.rows) if isinstance(brought, ImportedDocument) else []
    base = council_queries.protocol_in_force(council, on=today(now))
    if begins_with == DraftSource.IN_FORCE:
        if base is None:
            raise Refusal(_("No protocol is in force. Begin with the plain one, or with another."), field="begins_with")
        config = {**starting.next_version(base.config), "key": council.key}
        config = starting.with_clauses(config, own) if own else config
        source = DraftSource.IN_FORCE
    else:
        config, source = _model(begins_with), DraftSource.SHAPE if begins_with.startswith(SHAPE) else DraftSource.PLAIN
        config = starting.of_model(config, key=council.key, name=council.name, jurisdiction=council.jurisdiction, clauses=own)
    return _begun(council, config, source, base, brought or None, by, now)


def _model(code: str) -> dict[str, Any]:
    try:
        return sources.shape_config(code.removeprefix(SHAPE) if code.startswith(SHAPE) else {"plain": sources.PLAIN}[code])
    except KeyError:
        raise Refusal(_("Choose what to begin with."), field="begins_with") from None


@transaction.atomic
def import_draft(*, council: Council, name: str, content: bytes, by: Person | None, now: datetime) -> ProtocolDraft:
    """Takes a YAML file of this council's protocol; returns it as a draft, exactly as written. Raises Refusal and keeps nothing then."""
    council = lock_council(council)
    require_admin(council, by, now)
    try:
        config = dict(unwrap(read_yaml(content, name=name)))
    except ProtocolFileError as error:
        raise Refusal(str(error), field="file") from None
    except LookupError:
        raise Refusal(_("{name} must hold exactly one council.").format(name=name), field="file") from None
    config = protocols.storable(config)
    if unknown := unknown_keys(config):
        raise Refusal(
            _("{name} has keys that mean nothing here, so nothing was taken over.").format(name=name), field="file", problems=tuple(unknown[:20])
        )
    if config.get("key") != council.key:
        raise Refusal(
            _("{name} is the protocol of “{other}”. Write “key: {key}” in it to take it over as this council's.").format(
                name=name, other=str(config.get("key"))[:60], key=council.key
            ),
            field="file",
        )
    wrong = [problem for problem in validate(config, file=name) if problem.code in ("wrong_shape", "not_a_mapping") and problem.level == "error"]
    if wrong:
        raise Refusal(
            _("{name} isn't written as a protocol is, so nothing was taken over.").format(name=name),
            field="file",
            problems=tuple(str(problem) for problem in wrong[:20]),
        )
    return _begun(council, config, DraftSource.FILE, council_queries.protocol_in_force(council, on=today(now)), None, by, now)


def _begun(
    council: Council, config: Mapping[str, Any], source: DraftSource, base: ProtocolVersion | None,
    document: Any, by: Person | None, now: datetime,
) -> ProtocolDraft:  # fmt: skip
    if ProtocolDraft.objects.filter(council=council, status=DraftStatus.OPEN).count() >= MOST_OPEN:
        raise Refusal(_("There are {count} drafts already. Discard one first.").format(count=MOST_OPEN))
    stored = protocols.storable(config)
    return ProtocolDraft.objects.create(
        council=council, label=unlike(council, named(stored, council, now)), source=source, config=stored, base=base, document=document,
        created_at=now, created_by=by, changed_at=now, changed_by=by,
    )  # fmt: skip


def named(config: Mapping[str, Any], council: Council, now: datetime) -> str:
    """What a draft is called until somebody names it: the title, and the day it was begun."""
    title = protocols.label_of(config) or council.name
    return _("{title}, draft of {day}").format(title=title[:150], day=date_format(today(now), "j F Y"))


def unlike(council: Council, label: str, but: ProtocolDraft | None = None) -> str:
    """The label, with a number where another open draft of the council is called so already."""
    rows = ProtocolDraft.objects.filter(council=council, status=DraftStatus.OPEN)
    taken = set((rows.exclude(pk=but.pk) if but else rows).values_list("label", flat=True))
    return next(name for name in (label, *(f"{label} – {at}" for at in range(2, MOST_OPEN + 2))) if name not in taken)


@transaction.atomic
def change_draft(
    *, draft: ProtocolDraft, revision: int | None, section: str, key: str, item: Mapping[str, Any], by: Person | None, now: datetime
) -> ProtocolDraft:
    """Puts an item in its place: at `key` (a number, a code, "only"), at the end for "new". Problems may remain. Raises Refusal."""
    draft = lock(draft, revision, by, now)
    return keep(draft, changing.with_item(draft.config, section, key, item), by, now)


@transaction.atomic
def remove_part(*, draft: ProtocolDraft, revision: int | None, section: str, key: str, by: Person | None, now: datetime) -> ProtocolDraft:
    """Takes an item out. Raises Refusal."""
    draft = lock(draft, revision, by, now)
    return keep(draft, changing.without_item(draft.config, section, key), by, now)


@transaction.atomic
def move_part(
    *, draft: ProtocolDraft, revision: int | None, section: str, key: str, by_places: int, by: Person | None, now: datetime
) -> ProtocolDraft:
    """Moves an item up (-1) or down (1). Raises Refusal."""
    draft = lock(draft, revision, by, now)
    return keep(draft, changing.with_moved(draft.config, section, key, by_places), by, now)


@transaction.atomic
def take_clauses(*, draft: ProtocolDraft, revision: int | None, document: str, by: Person | None, now: datetime) -> ProtocolDraft:
    """Takes one of the council's documents, by id: its clauses come in the place of the draft's. What the rules cite stays. Raises Refusal."""
    draft = lock(draft, revision, by, now)
    brought = sources.document(draft.council, document)
    own = clauses_of(brought.rows) if brought else []
    if not own:
        raise Refusal(_("Choose one of this council's documents that has clauses."), field="document")
    draft.document = brought
    return keep(draft, starting.with_clauses(draft.config, own), by, now)


@transaction.atomic
def name_draft(*, draft: ProtocolDraft, revision: int | None, label: str, by: Person | None, now: datetime) -> ProtocolDraft:
    """Gives the draft another name. Raises Refusal."""
    draft = lock(draft, revision, by, now)
    draft.label = plain(label, field="label", limit=200, what=_("The name of the draft"))
    return keep(draft, draft.config, by, now)


@transaction.atomic
def put_forward(*, draft: ProtocolDraft, revision: int | None, what: str, by: Person | None, now: datetime) -> ProtocolVersion:
    """The draft becomes a version that can be approved, with its line of the amendment record. Refuses one with errors, each named.

    Whatever the draft says of itself, the version is a draft until somebody records its approval.
    """
    draft = lock(draft, revision, by, now)
    words = plain(what.replace("\r\n", " ").replace("\n", " "), field="what", limit=1000, what=_("What this version changes"))
    config = starting.unadopted(draft.config)
    problems = [problem for problem in validate(config) if problem.level == "error"]
    if problems:
        raise Refusal(
            ngettext("The draft has {count} problem that must be mended first.", "The draft has {count} problems that must be mended first.", len(problems))
            .format(count=len(problems)),
            problems=tuple(in_full(problem, reading(config)) for problem in problems[:20]),
        )  # fmt: skip
    version = protocols.load_protocol(config, by=by, now=now, source_name=_("The draft"), council=draft.council)
    if version.status != ProtocolStatus.DRAFT:
        raise Refusal(_("This text is there already, as the version “{label}”. Change something, or discard the draft.").format(label=version.label))
    cites = clauses_touched(changes(draft.base.config, config)) if draft.base else ()
    Amendment.objects.get_or_create(version=version, defaults={"what": words, "cites": list(cites), "recorded_at": now, "recorded_by": by})
    draft.status, draft.version = DraftStatus.PUT_FORWARD, version
    keep(draft, draft.config, by, now)
    return version


@transaction.atomic
def reopen_draft(*, draft: ProtocolDraft, revision: int | None, by: Person | None, now: datetime) -> ProtocolDraft:
    """Takes back a draft that was put forward and isn't approved yet; the version goes, the draft is open again. Raises Refusal."""
    draft = lock(draft, revision, by, now, status=DraftStatus.PUT_FORWARD)
    version = draft.version
    if version is not None:
        if version.status != ProtocolStatus.DRAFT:
            raise Refusal(_("The version is approved already. Begin a new draft instead."))
        try:
            version.delete()
        except ProtectedError:
            raise Refusal(_("The version is part of a review or another record by now. Begin a new draft instead.")) from None
    draft.status, draft.version = DraftStatus.OPEN, None
    return keep(draft, draft.config, by, now)


@transaction.atomic
def discard_draft(*, draft: ProtocolDraft, revision: int | None, by: Person | None, now: datetime) -> ProtocolDraft:
    """Puts a draft away for good. Raises Refusal."""
    draft = lock(draft, revision, by, now)
    draft.status = DraftStatus.DISCARDED
    return keep(draft, draft.config, by, now)


def lock(draft: ProtocolDraft, revision: int | None, by: Person | None, now: datetime, status: str = DraftStatus.OPEN) -> ProtocolDraft:
    """The draft as it is now, locked. Refuses whoever isn't an administrator, a draft that is closed, and a page that is behind."""
    council = lock_council(draft.council)
    require_admin(council, by, now)
    found = ProtocolDraft.objects.select_for_update().get(pk=draft.pk)
    if found.status != status:
        raise Refusal(_("This draft can't be changed any more: it was put forward, taken back or discarded in the meantime."))
    if revision != found.revision:
        raise Refusal(_("Somebody changed the draft since you opened this page, perhaps you in another window. Open the page again; what you typed is still below."))
    found.council = council
    return found


def keep(draft: ProtocolDraft, config: Mapping[str, Any], by: Person | None, now: datetime) -> ProtocolDraft:
    """Keeps the configuration as the draft's next state."""
    draft.config = protocols.storable(config)
    draft.revision += 1
    draft.changed_at, draft.changed_by = now, by
    draft.save()
    return draft
