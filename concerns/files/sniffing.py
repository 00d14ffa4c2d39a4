"""The door: what a file proves to be by its own bytes. Its name and what the browser says are only compared with that."""

from __future__ import annotations

from pathlib import PurePosixPath

import puremagic

from concerns.files import office, pdfs, pictures, plain
from concerns.files.refusals import FileRefused, Why

LARGEST_FILE = 5 * 1024 * 1024
LONGEST_NAME = 120
TEXT, PDF = "text/plain", "application/pdf"
ACCEPTED = {
    ".pdf": PDF,
    ".png": pictures.PNG,
    ".jpg": pictures.JPEG,
    ".jpeg": pictures.JPEG,
    ".docx": office.DOCX,
    ".xlsx": office.XLSX,
    ".odt": office.ODT,
    ".txt": TEXT,
}
ENDING = {TEXT: ".txt", PDF: ".pdf", pictures.PNG: ".png", pictures.JPEG: ".jpg", office.DOCX: ".docx", office.XLSX: ".xlsx", office.ODT: ".odt"}
STARTS = {PDF: {".pdf"}, pictures.PNG: {".png"}, pictures.JPEG: {".jpg", ".jpeg", ".jfif", ".jpe"}}
# Characters that turn the way a name reads around, or can't be seen: "exe.fdp" would show as "pdf.exe".
TURNING = {"\u200e", "\u200f", "\u061c", *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A)), "\ufeff", "\u200b"}


def plain_name(name: str) -> str:
    """A file's name as it's kept: no folders, nothing unseen, not too long."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(c for c in last if c.isprintable() and c not in TURNING).strip(" .")
    return shown[-LONGEST_NAME:] or "file"


def sniff(name: str, content: bytes) -> str:
    """The media type ``content`` proves to have. Raises FileRefused, with words that say what to do, when it isn't accepted."""
    media_type = ACCEPTED.get(PurePosixPath(plain_name(name)).suffix.lower())
    if media_type is None:
        raise FileRefused(Why.NOT_ACCEPTED)
    if not content:
        raise FileRefused(Why.EMPTY)
    if len(content) > LARGEST_FILE:
        raise FileRefused(Why.TOO_LARGE)
    if media_type in STARTS and not _starts_as(content) & STARTS[media_type]:
        raise FileRefused(Why.NOT_WHAT_IT_SAYS)
    if media_type == PDF:
        pdfs.check(content)
    elif media_type == TEXT:
        plain.check(content)
    elif media_type in pictures.FORMATS:
        pictures.check(content, media_type)
    else:
        office.check(content, media_type)
    return media_type


def _starts_as(content: bytes) -> set[str]:
    """The kinds that its first bytes, and no others, may be."""
    try:
        return {match.extension.lower() for match in puremagic.magic_string(content) or () if match.offset == 0}
    except (puremagic.PureError, ValueError):
        return set()
