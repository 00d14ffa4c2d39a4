"""Notes, files, witnesses, and the log of who opened what."""

import hashlib
from datetime import datetime
from io import BytesIO
from uuid import UUID
from zipfile import BadZipFile, ZipFile

import puremagic
from django.db import connection
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from concerns import audit
from concerns.actions.verb import answer_needed, begin, store, verb
from concerns.enums import Action, EventType, State
from concerns.models import Concern, Document, Opening, Witness
from councils.errors import Refusal
from councils.models import Person

LARGEST_FILE = 5 * 1024 * 1024
MOST_FILES = 10
# What a file must prove to be, by its own first bytes. Everything is served as an attachment.
ACCEPTED = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".odt": "application/vnd.oasis.opendocument.text",
}
# The office formats are all zip files; what tells them apart is a part that each must hold.
PART_OF = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml", ".odt": "content.xml"}
NOT_ACCEPTED = _("Choose a PDF, Word, OpenDocument, Excel, PNG, JPEG or plain text file.")


def _is_really(extension: str, content: bytes) -> bool:
    """Whether the bytes themselves say so; the name is never asked."""
    if extension in PART_OF:
        try:
            with ZipFile(BytesIO(content)) as archive:
                return PART_OF[extension] in archive.namelist()
        except (BadZipFile, ValueError, OSError, NotImplementedError):
            return False
    try:
        found = {match.extension.lower() for match in puremagic.magic_string(content)}
    except (puremagic.PureError, ValueError):
        return False
    return bool(found & ({".jpg", ".jpeg", ".jfif"} if extension in (".jpg", ".jpeg") else {extension}))


def sniff(name: str, content: bytes) -> str:
    """The media type ``content`` proves to have. Raises Refusal when it isn't one that is accepted."""
    extension = "." + name.rpartition(".")[2].lower()
    if extension == ".txt":
        try:
            content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Refusal(str(NOT_ACCEPTED), field="file") from error
        return "text/plain"
    if extension not in ACCEPTED:
        raise Refusal(str(NOT_ACCEPTED), field="file")
    if not _is_really(extension, content):
        raise Refusal(str(_("This file isn't what its name says. Save it again, or choose another one.")), field="file")
    return ACCEPTED[extension]


@verb(Action.ADD_DOCUMENT, EventType.DOCUMENT_ADDED)
def add_document(
    *, concern_id: UUID, by: Person, now: datetime, name: str, content: bytes, revision: int | None = None
) -> Document:
    """Add a file of at most 5 MB; it's kept whole, encrypted, with its SHA-256. Raises Refusal on ``file``."""
    concern = begin(Action.ADD_DOCUMENT, concern_id, by=by, now=now, revision=revision)
    if not content:
        raise Refusal(str(_("The file is empty. Choose another one.")), field="file")
    if len(content) > LARGEST_FILE:
        raise Refusal(str(_("The file must be smaller than 5 MB.")), field="file")
    if concern.documents.count() >= MOST_FILES:
        raise Refusal(str(_("There are ten files already. Put several papers into one file.")), field="file")
    plain_name = "".join(c for c in name.rpartition("/")[2] if c.isprintable())[-120:] or "file"
    document = Document.objects.create(
        concern=concern, name=plain_name, media_type=sniff(plain_name, content), size=len(content),
        sha256=hashlib.sha256(content).hexdigest(), content=content, added_by=by, added_at=now,
    )  # fmt: skip
    store(concern, now=now)
    if concern.state != State.DRAFT:
        audit.record(concern, EventType.DOCUMENT_ADDED, by=by, now=now, facts={"document": str(document.pk)})
    return document


def remove_document(*, concern_id: UUID, document_id: UUID, by: Person, now: datetime) -> None:
    """Take a file out of a draft for good. Not a ``verb``: a draft leaves no event. Raises Refusal once it was sent."""
    concern = begin(Action.SAVE_DRAFT, concern_id, by=by, now=now)
    concern.documents.filter(pk=document_id).delete()
    store(concern, now=now)


@verb(Action.ADD_NOTE, EventType.NOTE_ADDED)
def add_note(*, concern_id: UUID, by: Person, now: datetime, text: str, revision: int | None = None) -> Concern:
    """Add a note that everybody who may read the concern sees; it can't be changed afterwards."""
    concern = begin(Action.ADD_NOTE, concern_id, by=by, now=now, revision=revision)
    words = answer_needed(text, "text", _("Write the note."))
    store(concern, now=now)
    audit.record(concern, EventType.NOTE_ADDED, by=by, now=now, reason=words)
    return concern


@verb(Action.ADD_WITNESS, EventType.WITNESS_NAMED)
def add_witness(
    *, concern_id: UUID, by: Person, now: datetime, person: Person, revision: int | None = None
) -> Concern:
    """Name a witness, who then can't be the one to deal with it. Nobody is told."""
    concern = begin(Action.ADD_WITNESS, concern_id, by=by, now=now, revision=revision)
    parties = {concern.raiser_id, *concern.subjects.values_list("person_id", flat=True)}
    if person.pk in parties:
        raise Refusal(str(_("That person is part of the concern, not a witness.")), field="person")
    if concern.participations.filter(person=person, until__isnull=True).exists():
        raise Refusal(
            str(_("That person is dealing with it. They have to step out themselves before they can be a witness.")), field="person"
        )
    _witness, created = Witness.objects.get_or_create(concern=concern, person=person)
    if not created:
        raise Refusal(str(_("That person is named already.")), field="person")
    store(concern, now=now)
    if concern.state != State.DRAFT:
        audit.record(concern, EventType.WITNESS_NAMED, by=by, now=now)
    return concern


def record_opening(concern: Concern, *, by: Person, now: datetime) -> None:
    """Note that ``by`` opened ``concern``; everybody on the circle sees it. Drafts aren't logged."""
    if concern.state == State.DRAFT:
        return
    seen = Opening.objects.filter(concern=concern, person=by).update(last_at=now, times=F("times") + 1)
    if not seen:
        first = Opening(concern=concern, person=by, first_at=now, last_at=now)
        Opening.objects.bulk_create([first], ignore_conflicts=True)  # two tabs opened at the same moment are one opening


def log_opening(*, document_id: UUID, now: datetime, copy_id: UUID | None = None) -> None:
    """Note that the person the database answers for opened a file, or one copy of it; every reader sees it.

    Call it last, with the bytes at hand: it takes no lock on the concern, and holds its own line only until the answer
    is made. It may be somebody who doesn't see the concern. Raises DatabaseError for a file that doesn't exist.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT note_opening(%s, %s, %s)", [document_id, copy_id, now])
