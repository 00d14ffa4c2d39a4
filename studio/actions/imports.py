"""A protocol document: brought, corrected row by row, checked, given up. What was read is kept as it was read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import PurePosixPath
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from concerns.files import archives, office, pdfs, plain
from concerns.files.refusals import FileRefused, Why
from concerns.files.sniffing import LARGEST_FILE, plain_name
from councils.actions.ground import lock_council, record, require_admin
from councils.errors import Refusal
from councils.models import Council, CouncilEventKind, Person
from studio.importing import correcting, pdf, splitting, text, word
from studio.importing.blocks import Block, Reading, Unreadable
from studio.importing.correcting import MOST_ROWS, Unfit
from studio.importing.splitting import Row
from studio.models import DocumentKind, ImportedDocument
from studio.queries.import_words import UNFIT, refusal_of

KINDS = {".txt": DocumentKind.TEXT, ".docx": DocumentKind.WORD, ".pdf": DocumentKind.PDF}
HARMLESS_HERE = {Why.FETCHES, Why.HOLDS_FILES}  # only the words are read, and the file isn't kept


@transaction.atomic
def bring_document(
    *, council: Council, name: str, content: bytes, first_page: int | None = None, last_page: int | None = None, by: Person | None, now: datetime
) -> ImportedDocument:
    """Takes a .txt, .docx or .pdf file; returns it split into clauses, or the one brought before when it's the same. Raises Refusal."""
    require_admin(council, by, now)
    kind = _kind(name)
    if len(content) > LARGEST_FILE:
        raise FileRefused(Why.TOO_LARGE)
    if not content:
        raise FileRefused(Why.EMPTY)
    try:
        reading = _read(kind, content, first_page, last_page)
        rows = splitting.split(reading.blocks)
        if len(rows) > MOST_ROWS:
            raise Unreadable("too_many_rows", most=MOST_ROWS)
    except Unreadable as unreadable:
        raise refusal_of(unreadable.code, unreadable.facts) from None
    council = lock_council(council)
    content_hash = hashlib.sha256(content + f"|{first_page or ''}-{last_page or ''}".encode()).hexdigest()
    document = ImportedDocument.objects.filter(council=council, content_hash=content_hash).first()
    if document is not None:
        return document
    document = ImportedDocument.objects.create(
        council=council, title=_title(name), kind=kind, content_hash=content_hash, pages=reading.pages,
        blocks=[block.as_data() for block in reading.blocks], rows=rows, notes=[note.as_data() for note in reading.notes],
        imported_at=now, imported_by=by, changed_at=now,
    )  # fmt: skip
    _record("document_brought", document, by, now)
    return document


def _kind(name: str) -> DocumentKind:
    suffix = PurePosixPath(plain_name(name)).suffix.lower()
    if suffix in KINDS:
        return KINDS[suffix]
    if suffix in (".docm", ".dotm"):
        raise FileRefused(Why.ACTIVE)
    raise Refusal(_("Choose a Word (.docx), PDF or plain text (.txt) file. Save documents of other kinds as one of these first."), field="file")


def _title(name: str) -> str:
    return (plain_name(name).rpartition(".")[0].replace("_", " ").strip() or _("Document"))[:200]


def _read(kind: DocumentKind, content: bytes, first: int | None, last: int | None) -> Reading:
    """The words of a file that proved to be what its name says. Raises Unreadable or FileRefused."""
    if kind != DocumentKind.PDF and (first or last):
        raise Unreadable("no_pages")
    if kind == DocumentKind.TEXT:
        if content.startswith((b"%PDF", b"PK\x03\x04", archives.COMPOUND)):
            raise FileRefused(Why.NOT_WHAT_IT_SAYS)
        plain.check(text.decode(content)[0].encode("utf-8", "surrogatepass"))
        return text.read(content)
    if kind == DocumentKind.WORD:
        parts = archives.unpack(content)
        if any(office.MACROS.search(part) for part in parts) or b"macroEnabled" in parts.get("[Content_Types].xml", b""):
            raise FileRefused(Why.ACTIVE)
        if "word/document.xml" not in parts:
            raise FileRefused(Why.NOT_WHAT_IT_SAYS)
        for part in ("word/document.xml", "word/styles.xml", "word/numbering.xml", "word/footnotes.xml"):
            if part in parts:
                office.parse(parts[part])  # a document type is refused there
        return word.read(parts)
    if not content.startswith(b"%PDF"):
        raise FileRefused(Why.NOT_WHAT_IT_SAYS)
    try:
        pdfs.check(content)
    except FileRefused as refused:
        if refused.why not in HARMLESS_HERE:
            raise
    return pdf.read(content, first=first or 1, last=last)


@transaction.atomic
def correct_row(
    *, document: ImportedDocument, row: int, revision: int, kind: str, number: str, text: str, gist: str = "", level: int = 1, by: Person | None, now: datetime
) -> ImportedDocument:
    """Takes what a row is to be (clause, heading, other), its number and words; returns the document with it. Raises Refusal."""
    made = {"kind": kind, "number": number, "text": text, "gist": gist, "level": level}
    return _changed(document, revision, lambda rows: correcting.change(rows, row, **made), by, now)  # type: ignore[arg-type]


@transaction.atomic
def split_row(*, document: ImportedDocument, row: int, revision: int, place: int, by: Person | None, now: datetime) -> ImportedDocument:
    """Makes two clauses of one, the second beginning at ``place``. Raises Refusal."""
    return _changed(document, revision, lambda rows: correcting.split_at(rows, row, place), by, now)


@transaction.atomic
def join_row(*, document: ImportedDocument, row: int, revision: int, by: Person | None, now: datetime) -> ImportedDocument:
    """Puts a row to the clause before it. Raises Refusal."""
    return _changed(document, revision, lambda rows: correcting.join(rows, row), by, now)


@transaction.atomic
def leave_out_row(*, document: ImportedDocument, row: int, revision: int, by: Person | None, now: datetime) -> ImportedDocument:
    """Leaves a row out of the protocol; it stays in the document. Raises Refusal."""
    return _changed(document, revision, lambda rows: correcting.leave_out(rows, row), by, now)


@transaction.atomic
def put_struck_back(*, document: ImportedDocument, row: int, revision: int, by: Person | None, now: datetime) -> ImportedDocument:
    """Puts words that were struck out back into a clause. Raises Refusal."""
    blocks = [Block.of(block) for block in document.blocks]
    return _changed(document, revision, lambda rows: correcting.unstruck(rows, row, splitting.whole(blocks, rows[correcting.find(rows, row)])), by, now)


@transaction.atomic
def start_over(*, document: ImportedDocument, revision: int, by: Person | None, now: datetime) -> ImportedDocument:
    """Gives up all corrections: the rows are again as they were read. Raises Refusal."""
    blocks = [Block.of(block) for block in document.blocks]
    return _changed(document, revision, lambda _rows: splitting.split(blocks), by, now)


@transaction.atomic
def finish_document(*, document: ImportedDocument, revision: int, by: Person | None, now: datetime) -> ImportedDocument:
    """Records that the clauses were checked. Raises Refusal while something must be mended."""
    document = _locked(document, revision, by, now)
    if not correcting.can_finish(document.rows):
        raise Refusal(_("Mend what is listed under “Mend these first”."))
    document.finished_at = document.changed_at = now
    document.revision += 1
    document.save(update_fields=("finished_at", "changed_at", "revision"))
    _record("document_checked", document, by, now)
    return document


@transaction.atomic
def remove_document(*, document: ImportedDocument, by: Person | None, now: datetime) -> None:
    """Removes a document and its words. What was made of it stays. Raises Refusal."""
    council = lock_council(document.council)
    require_admin(council, by, now)
    found = ImportedDocument.objects.select_for_update().filter(pk=document.pk).first()
    if found is not None:
        _record("document_removed", found, by, now)
        found.delete()


def _changed(
    document: ImportedDocument, revision: int, how: Callable[[list[Row]], list[Row]], by: Person | None, now: datetime
) -> ImportedDocument:
    document = _locked(document, revision, by, now)
    try:
        document.rows = how(document.rows)
    except Unfit as unfit:
        raise Refusal(str(UNFIT[unfit.code]), field=unfit.field or None) from None
    document.revision += 1
    document.changed_at, document.finished_at = now, None
    document.save(update_fields=("rows", "revision", "changed_at", "finished_at"))
    _record("document_corrected", document, by, now)
    return document


def _locked(document: ImportedDocument, revision: int, by: Person | None, now: datetime) -> ImportedDocument:
    council = lock_council(document.council)
    require_admin(council, by, now)
    found = ImportedDocument.objects.select_for_update().filter(pk=document.pk).first()
    if found is None:
        raise Refusal(_("This document was removed in the meantime."))
    if found.revision != revision:
        raise Refusal(_("The document was changed in another window. Nothing was lost: look at it as it is now, and make your change again."))
    return found


def _record(what: str, document: ImportedDocument, by: Person | None, now: datetime) -> None:
    document_id: UUID = document.pk
    record(CouncilEventKind.COUNCIL_CHANGED, council=document.council, by=by, now=now, what=what, document=document_id)
