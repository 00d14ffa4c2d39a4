"""Notes, files, witnesses, and the log of who opened what."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from concerns import audit, queries
from concerns.actions.verb import answer_needed, begin, store, verb
from concerns.enums import Action, EventType, Scan, State
from concerns.files import scanning
from concerns.files.refusals import FileRefused, Why
from concerns.files.sniffing import LARGEST_FILE, plain_name, sniff
from concerns.models import Concern, Document, Opening, Witness
from councils.errors import Refusal
from councils.models import Person

__all__ = [
    "LARGEST_FILE", "MOST_FILES", "Accepted", "accept", "add_document", "add_note", "add_witness", "log_opening", "look",
    "record_opening", "remove_document", "sniff",
]  # fmt: skip
MOST_FILES = 10


@dataclass(frozen=True, slots=True)
class Accepted:
    """A file that may be kept: what it proves to be, and what the scanner said. Not stored yet."""

    name: str
    media_type: str
    size: int
    sha256: str
    content: bytes
    scan: Scan
    scanned_at: datetime | None

    def fields(self) -> dict[str, Any]:
        """What a ``StoredFile`` keeps of it, by column."""
        return {name: getattr(self, name) for name in self.__slots__}


def accept(*, name: str, content: bytes, now: datetime) -> Accepted:
    """Check ``content`` and have it scanned. Raises FileRefused (a Refusal on ``file``) with words that say what to do.

    It locks nothing and writes nothing: call it before anything is locked, since a scan may take seconds. With the
    scanner away the file is accepted as "not scanned", shown so, and looked at again by the clock.
    """
    kept = plain_name(name)
    media_type = sniff(kept, content)
    said, looked = look(content)
    if said == Scan.INFECTED:
        raise FileRefused(Why.INFECTED)
    digest = hashlib.sha256(content).hexdigest()
    return Accepted(kept, media_type, len(content), digest, content, said, now if looked else None)


def look(content: bytes) -> tuple[Scan, bool]:
    """What the scanner says of ``content``, and whether it looked; "not scanned" when there's none or it's away."""
    if not scanning.configured():
        return Scan.NOT_SCANNED, False
    try:
        return scanning.scan(content), True
    except scanning.ScannerAway:
        return Scan.NOT_SCANNED, False
    except scanning.ScannerRefused:
        return Scan.NOT_SCANNED, True


@verb(Action.ADD_DOCUMENT, EventType.DOCUMENT_ADDED)
def add_document(
    *, concern_id: UUID, by: Person, now: datetime, name: str, content: bytes, revision: int | None = None
) -> Document:
    """Add a file of at most 5 MB; it's kept whole, encrypted, with its SHA-256. Raises Refusal on ``file``."""
    queries.load(concern_id, person=by)  # a stranger's file isn't even looked at
    accepted = accept(name=name, content=content, now=now)
    concern = begin(Action.ADD_DOCUMENT, concern_id, by=by, now=now, revision=revision)
    if concern.documents.count() >= MOST_FILES:
        raise Refusal(str(_("There are ten files already. Put several papers into one file.")), field="file")
    document = Document.objects.create(concern=concern, added_by=by, added_at=now, **accepted.fields())
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
