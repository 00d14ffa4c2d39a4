"""The zip file around an office document: what is in it, how much it unpacks to, and whether it hides anything."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError

from concerns.files.refusals import FileRefused, Why

MOST_ENTRIES = 2_000
MOST_UNPACKED = 80 * 1024 * 1024
MOST_OF_ONE = 40 * 1024 * 1024
STEEPEST = 200  # how many times its packed size one entry may unpack to, once it's larger than this:
STEEP_FROM = 1024 * 1024
LARGEST_GAP = 64  # between entries: a data descriptor, and no room for a second file
PIECE = 256 * 1024
BEFORE_TIME = (1980, 1, 1, 0, 0, 0)
# What must not be inside: archives, programs, and the binary office formats (which hold macros and files in turn).
PACKED = (b"PK\x03\x04", b"PK\x05\x06", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ", b"MSCF", b"ustar")
PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"#!/", b"L\x00\x00\x00\x01\x14\x02\x00")
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def unpack(content: bytes) -> dict[str, bytes]:
    """Every entry by name, in order. Raises FileRefused for damage, a password, a bomb, or anything hidden."""
    if not content.startswith(b"PK\x03\x04"):
        raise FileRefused(Why.PASSWORD if content.startswith(COMPOUND) else Why.NOT_WHAT_IT_SAYS)
    try:
        with ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_size(entries)
            _check_layout(archive, entries, content)
            _check_names(entries)
            return _read(archive, entries)
    except FileRefused:
        raise
    except (BadZipFile, ZlibError, ValueError, OSError, NotImplementedError, RuntimeError, EOFError, OverflowError, LookupError) as error:
        raise FileRefused(Why.DAMAGED) from error


def _check_size(entries: list[ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise FileRefused(Why.TOO_MUCH_INSIDE)
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise FileRefused(Why.PASSWORD)
        if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise FileRefused(Why.DAMAGED)
        if entry.file_size > MOST_OF_ONE or (entry.file_size > STEEP_FROM and entry.file_size > STEEPEST * max(entry.compress_size, 1)):
            raise FileRefused(Why.TOO_MUCH_INSIDE)


def _check_layout(archive: ZipFile, entries: list[ZipInfo], content: bytes) -> None:
    """The entries stand one after the other from the first byte to the last; nothing is before, between or behind them."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        at = entry.header_offset
        if at < end:
            raise FileRefused(Why.TOO_MUCH_INSIDE)  # they overlap: a bomb that shares its packed bytes
        if at - end > (LARGEST_GAP if end else 0) or content[at : at + 4] != b"PK\x03\x04":
            raise FileRefused(Why.TWO_IN_ONE)
        name, extra = content[at + 26 : at + 28], content[at + 28 : at + 30]
        end = at + 30 + int.from_bytes(name, "little") + int.from_bytes(extra, "little") + entry.compress_size
    if archive.comment or archive.start_dir - end > LARGEST_GAP or archive.start_dir < end:
        raise FileRefused(Why.TWO_IN_ONE)
    # the directory's end is the file's: 22 bytes without a comment
    if content.rfind(b"PK\x05\x06") != len(content) - 22:
        raise FileRefused(Why.TWO_IN_ONE)


def _check_names(entries: list[ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if len({name.lower() for name in names}) != len(names):
        raise FileRefused(Why.DAMAGED)
    for entry in entries:
        name = entry.orig_filename
        parts = name.replace("\\", "/").split("/")
        if name != entry.filename or "\\" in name or ".." in parts or name.startswith("/") or ":" in name or not name.isprintable():
            raise FileRefused(Why.DAMAGED)
        if (entry.external_attr >> 16) & 0o170000 == 0o120000:  # a link to somewhere else
            raise FileRefused(Why.DAMAGED)


def _read(archive: ZipFile, entries: list[ZipInfo]) -> dict[str, bytes]:
    """Unpacks with a limit of its own: what the directory says of the sizes may be a lie."""
    found: dict[str, bytes] = {}
    total = 0
    for entry in entries:
        pieces = []
        with archive.open(entry) as stream:
            while piece := stream.read(PIECE):
                total += len(piece)
                if total > MOST_UNPACKED:
                    raise FileRefused(Why.TOO_MUCH_INSIDE)
                pieces.append(piece)
        found[entry.filename] = b"".join(pieces)
    return found


def check_inside(parts: Mapping[str, bytes]) -> None:
    """Raises FileRefused when one of the parts is an archive, a program or a document of its own."""
    for name, content in parts.items():
        if content.startswith(COMPOUND) or (content.startswith(PACKED)) or name.lower().endswith((".exe", ".dll", ".js", ".vbs", ".jar", ".bat")):
            raise FileRefused(Why.HOLDS_FILES)
        if content.startswith(PROGRAMS):
            raise FileRefused(Why.ACTIVE)
        start = content[:512].lstrip().lower()
        if (name.lower().endswith((".svg", ".html", ".htm")) or start.startswith((b"<svg", b"<html"))) and (
            b"<script" in content.lower() or b"javascript:" in content.lower() or b" onload" in content.lower()
        ):
            raise FileRefused(Why.ACTIVE)


def pack(parts: Mapping[str, bytes]) -> bytes:
    """A zip file of ``parts``, in their order, without a date, an owner or a note; "mimetype" isn't compressed (OpenDocument)."""
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        for name, content in parts.items():
            entry = ZipInfo(name, BEFORE_TIME)
            entry.create_system = 0
            entry.compress_type = ZIP_STORED if name == "mimetype" else ZIP_DEFLATED
            archive.writestr(entry, content)
    return made.getvalue()
