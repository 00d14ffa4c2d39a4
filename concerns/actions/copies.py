"""Copies of documents that may be shown to others: without hidden data, and without what was marked for removal.

The original is never touched. Text is taken out by making a copy of the words alone, so that nothing can lie under a
black bar; areas are taken out of the pixels, or out of the page's own instructions.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from concerns import audit, policy, queries
from concerns.actions.verb import begin, store, verb
from concerns.enums import Action, EventType
from concerns.files import blanking, cleaning, office, pdfs, pictures, plain, removal
from concerns.files.blanking import Area
from concerns.files.refusals import FileRefused, Why
from concerns.files.sniffing import ENDING, PDF, TEXT
from concerns.models import DisclosedCopy, StoredFile
from concerns.reports import pdf as paper
from councils.errors import Refusal
from councils.models import Person

MOST_WORDS, MOST_AREAS = 100, 50
PAGE_BREAK = "\f"


@dataclass(frozen=True, slots=True)
class Clean:
    """A copy, not stored yet: a name that says nothing, its bytes, and what was done."""

    name: str
    media_type: str
    content: bytes
    done: dict[str, Any] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return len(self.content)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def scrubbed(file: StoredFile, *, number: int = 1) -> Clean:
    """The copy of ``file`` (the ``number``-th of its list) without hidden data. Raises Refusal when it can't be given out."""
    return prepared(file, number=number)


def prepared(file: StoredFile, *, words: Sequence[str] = (), areas: Sequence[Area] = (), number: int = 1) -> Clean:
    """Like ``scrubbed``, with ``words`` and ``areas`` removed as well; reads and writes no table, and holds no lock.

    Raises Refusal on ``words`` or ``areas`` when they can't be removed from this kind of file, or a word isn't in it.
    """
    if file.infected:
        raise FileRefused(Why.INFECTED, field="document")
    words = list(dict.fromkeys(word.strip() for word in words if word.strip()))
    _check_asked(words, areas)
    content, media_type = bytes(file.content), file.media_type
    if areas and media_type not in (PDF, *pictures.FORMATS):
        raise FileRefused(Why.AREAS_ELSEWHERE, field="areas")
    done = {"words": 0, "areas": len(areas), "text_copy": False}
    shares = [(page, left / 100, top / 100, right / 100, bottom / 100) for page, left, top, right, bottom in areas]
    if media_type in pictures.FORMATS:
        if words:
            raise FileRefused(Why.WORDS_ELSEWHERE, field="words")
        if any(page != 1 for page, *_box in shares):
            raise FileRefused(Why.NO_SUCH_PAGE, field="areas")
        made = pictures.scrub(content, media_type, [box for _page, *box in shares])  # type: ignore[misc]
    elif media_type == TEXT:
        text, done["words"] = _taken_out(plain.read(content), words)
        made = text.encode()
    else:
        if shares:
            content = blanking.without(content, shares)
        if words:
            made, done["words"] = _text_copy(content, media_type, words)
            media_type, done["text_copy"] = PDF, True
        else:
            made = pdfs.scrub(content) if media_type == PDF else cleaning.scrub(content, media_type)
    return Clean(_("Document %(number)d") % {"number": number} + ENDING[media_type], media_type, made, done)


def _check_asked(words: Sequence[str], areas: Sequence[Area]) -> None:
    if len(words) > MOST_WORDS:
        raise Refusal(_("Give at most %(most)d words or phrases.") % {"most": MOST_WORDS}, field="words")
    for word in words:
        if len(removal.folded(word)[0]) < 2:
            raise Refusal(_("“%(word)s” is too short: give at least two letters or figures.") % {"word": word}, field="words")
    if len(areas) > MOST_AREAS:
        raise Refusal(_("Give at most %(most)d areas.") % {"most": MOST_AREAS}, field="areas")
    for page, left, top, right, bottom in areas:
        if not (page >= 1 and 0 <= left < right <= 100 and 0 <= top < bottom <= 100):
            raise Refusal(_("An area needs its page, and left before right and top before bottom, from 0 to 100."), field="areas")


def _taken_out(text: str, words: Sequence[str]) -> tuple[str, int]:
    """``text`` without ``words``, and how many places that were. Raises Refusal when one of them isn't in it."""
    made, found = removal.remove(text, words)
    if absent := [word for word, places in found.items() if not places]:
        raise Refusal(
            _("“%(word)s” isn't in the text of this file. Check how it's written there; nothing was made.") % {"word": absent[0]},
            field="words",
        )
    total = sum(found.values())
    while any(removal.holds(made, word) for word in words):  # what stood on both sides of a block may make the word again
        made, found = removal.remove(made, words)
        total += sum(found.values())
    return made, total


def _text_copy(content: bytes, media_type: str, words: Sequence[str]) -> tuple[bytes, int]:
    """A PDF of the words alone, laid out anew, without ``words``; and how many places were taken out."""
    pages = pdfs.pages(content) if media_type == PDF else [office.lines(content, media_type)]
    text = PAGE_BREAK.join("\n".join(lines) for lines in pages)
    if not removal.folded(text)[0]:
        raise FileRefused(Why.NO_WORDS, field="words")
    made, places = _taken_out(_printable(text), words)
    shown = [page.split("\n") for page in made.split(PAGE_BREAK)]
    return paper.render("report/text_copy.html", {"pages": shown, "block": removal.BLOCK, "is_pdf": media_type == PDF}), places


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() or c in "\n\t\f" else " " for c in text)


@verb(Action.MAKE_COPY, EventType.COPY_MADE)
def make_copy(
    *, concern_id: UUID, by: Person, now: datetime, document_id: UUID, words: Sequence[str] = (), areas: Sequence[Area] = (),
    reason: str = "", revision: int | None = None,
) -> DisclosedCopy:  # fmt: skip
    """Make a copy of a document that may be shown to others. The work is done before the concern is locked.

    Raises Refusal on ``words``, ``areas`` or ``reason`` (needed when something besides hidden data is taken out).
    """
    found = queries.load(concern_id, person=by, permission=policy.READ)
    order = list(found.documents.values_list("pk", flat=True))
    if document_id not in order:
        raise Refusal(_("There is no such file on this concern."))
    clean = prepared(found.documents.get(pk=document_id), words=words, areas=areas, number=order.index(document_id) + 1)
    if (clean.done["words"] or clean.done["areas"]) and not reason.strip():
        raise Refusal(_("Say why this is taken out."), field="reason")
    concern = begin(Action.MAKE_COPY, concern_id, by=by, now=now, revision=revision)
    copy = DisclosedCopy.objects.create(
        concern=concern, document_id=document_id, name=clean.name, media_type=clean.media_type, size=clean.size, sha256=clean.sha256,
        content=clean.content, done=clean.done, reason=reason.strip() or None, made_by=by, made_at=now,
    )  # fmt: skip
    store(concern, now=now)
    audit.record(concern, EventType.COPY_MADE, by=by, now=now, facts={"document": str(document_id), "copy": str(copy.pk), **clean.done})
    return copy
