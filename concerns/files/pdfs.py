"""PDF: checked object by object for what could run, fetch or hide; copied without metadata; its words read."""

from __future__ import annotations

import logging
import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import is_zipfile

import pikepdf
import pypdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from concerns.files import pictures
from concerns.files.refusals import FileRefused, Why

MOST_PAGES = 1_000
MOST_OBJECTS = 150_000
LARGEST_STREAM = 32 * 1024 * 1024
LARGEST_PICTURE = 120 * 1024 * 1024
MOST_UNPACKED = 240 * 1024 * 1024
DEEPEST = 60
# Process-wide and set before anything is opened: one stream that unpacks without end must not take the machine along.
pikepdf.settings.set_qpdf_limits(
    doc_max_warnings=200, parser_max_nesting=200, parser_max_container_size=1_000_000, max_stream_filters=4,
    flate_max_memory=LARGEST_STREAM, run_length_max_memory=LARGEST_STREAM, png_max_memory=LARGEST_STREAM,
    tiff_max_memory=LARGEST_STREAM, dct_max_memory=LARGEST_PICTURE,
)  # fmt: skip
logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it quotes what it reads
logging.getLogger("pikepdf").setLevel(logging.CRITICAL)

RUNS = {"/JS", "/JavaScript", "/XFA", "/RichMediaContent", "/Launch"}
RUNNING = {
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/Movie", "/Sound", "/RichMedia", "/RichMediaExecute", "/3D", "/Screen",
}  # fmt: skip
FILES = {"/EmbeddedFiles", "/EF", "/Collection"}
FILE_KINDS = {"/FileAttachment", "/GoToE", "/EmbeddedFile"}
ELSEWHERE = {"/GoToR", "/Thread"}
BAD_LINK = re.compile(rb"^\s*(javascript|vbscript|data|file|smb|ms-\w+):", re.IGNORECASE)
# What a copy leaves out, wherever it stands.
TELLTALE = ("/Metadata", "/PieceInfo", "/LastModified", "/AF", "/AA", "/Thumb", "/SpiderInfo")
OF_ROOT = ("/OpenAction", "/Collection", "/Perms", "/Legal", "/DSS", "/URI", "/Threads", "/Extensions", "/Requirements", "/Metadata")
OF_NOTES = ("/T", "/NM", "/M", "/CreationDate", "/Subj", "/RC")
GONE_NOTES = {"/FileAttachment", "/Movie", "/Sound", "/Screen", "/RichMedia", "/3D", "/TrapNet"}


def check(content: bytes) -> None:
    """Raises FileRefused unless ``content`` is one sound PDF that neither runs, fetches nor hides anything."""
    end = content.rfind(b"%%EOF")
    if end < 0:
        raise FileRefused(Why.DAMAGED)
    if content[end + 5 :].strip(b"\r\n\t \x00") or is_zipfile(BytesIO(content)):
        raise FileRefused(Why.TWO_IN_ONE)
    if b"/ObjStm" in content and b"/LZWDecode" in content:
        raise FileRefused(Why.TOO_MUCH_INSIDE)
    with opened(content) as pdf:
        try:
            _check_objects(pdf)
        except FileRefused:
            raise
        except Exception as error:  # noqa: BLE001 (whatever qpdf finds wrong while it reads on)
            raise FileRefused(Why.DAMAGED) from error


def opened(content: bytes) -> Pdf:
    """The document. Raises FileRefused when it's locked, damaged, empty or endless."""
    try:
        pdf = Pdf.open(BytesIO(content))
    except pikepdf.PasswordError as error:
        raise FileRefused(Why.PASSWORD) from error
    except Exception as error:  # noqa: BLE001
        raise FileRefused(Why.DAMAGED) from error
    try:
        count = len(pdf.pages)
    except Exception as error:  # noqa: BLE001
        pdf.close()
        raise FileRefused(Why.DAMAGED) from error
    if not 0 < count <= MOST_PAGES or len(pdf.objects) > MOST_OBJECTS:
        pdf.close()
        raise FileRefused(Why.DAMAGED if count == 0 else Why.TOO_MUCH_INSIDE)
    return pdf


def _check_objects(pdf: Pdf) -> None:
    room = MOST_UNPACKED
    for item in everything(pdf):
        if isinstance(item, Stream):
            room -= _unpacks_to(item)
            if room < 0:
                raise FileRefused(Why.TOO_MUCH_INSIDE)
        keys = set(item.keys())
        kinds = {str(item[key]) for key in ("/S", "/Subtype", "/Type") if key in keys and isinstance(item[key], Name)}
        if keys & RUNS or kinds & RUNNING:
            raise FileRefused(Why.ACTIVE)
        if keys & FILES or kinds & FILE_KINDS:
            raise FileRefused(Why.HOLDS_FILES)
        if kinds & ELSEWHERE or (isinstance(item, Stream) and "/F" in keys):
            raise FileRefused(Why.FETCHES)
        if "/URI" in keys and isinstance(item["/URI"], pikepdf.String) and BAD_LINK.match(bytes(item["/URI"])):
            raise FileRefused(Why.ACTIVE)


def everything(pdf: Pdf) -> Iterator[Any]:
    """Every dictionary and stream of the file, those inside others too."""
    for top in pdf.objects:
        waiting = [(top, 0)]
        while waiting:
            item, depth = waiting.pop()
            if depth > DEEPEST:
                raise FileRefused(Why.TOO_MUCH_INSIDE)
            if isinstance(item, Dictionary | Stream):
                yield item
                inside = [item[key] for key in item.keys()]  # noqa: SIM118 (iterating a stream gives bytes)
            elif isinstance(item, Array):
                inside = list(item)
            else:
                continue
            waiting += [(one, depth + 1) for one in inside if isinstance(one, Dictionary | Array | Stream) and not one.is_indirect]


def _filters(stream: Any) -> list[str]:
    """How a stream is packed, outermost first."""
    filters = stream.get("/Filter")
    return [str(name) for name in filters] if isinstance(filters, Array) else [str(filters)] if filters is not None else []


def _unpacks_to(stream: Any) -> int:
    """How many bytes a stream unpacks to, found out without keeping them. Raises FileRefused above the limits."""
    names = _filters(stream)
    if sum(name in ("/FlateDecode", "/Fl", "/LZWDecode", "/LZW", "/RunLengthDecode", "/RL") for name in names) > 1:
        raise FileRefused(Why.TOO_MUCH_INSIDE)
    raw = stream.read_raw_bytes()
    if not names or names[0] not in ("/FlateDecode", "/Fl"):
        return len(raw)
    most = LARGEST_PICTURE if stream.get("/Subtype") == Name.Image else LARGEST_STREAM
    unpack, size, rest = zlib.decompressobj(), 0, raw
    try:
        while rest and not unpack.eof:
            size += len(unpack.decompress(rest, 1024 * 1024))
            rest = unpack.unconsumed_tail
            if size > most:
                raise FileRefused(Why.TOO_MUCH_INSIDE)
    except zlib.error:
        return size  # a viewer shows what there is; so do we
    return size


def scrub(content: bytes) -> bytes:
    """The same pages without who made them when and with what, earlier versions, scripts, attachments, authors of notes, EXIF."""
    with opened(content) as pdf:
        try:
            root = pdf.Root
            for key in OF_ROOT:
                if key in root:
                    del root[key]
            for tree in ("/EmbeddedFiles", "/JavaScript", "/Renditions", "/AlternatePresentations"):
                if "/Names" in root and tree in root.Names:
                    del root.Names[tree]
            if "/Info" in pdf.trailer:
                del pdf.trailer["/Info"]
            for page in pdf.pages:
                if "/Annots" in page.obj:
                    page.obj.Annots = Array([note for note in page.obj.Annots if _kept(note)])
            for item in everything(pdf):
                _forget(item)
            made = BytesIO()
            pdf.save(
                made, compress_streams=True, stream_decode_level=pikepdf.StreamDecodeLevel.none, deterministic_id=True, encryption=False,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
            )  # fmt: skip
        except FileRefused:
            raise
        except Exception as error:  # noqa: BLE001
            raise FileRefused(Why.DAMAGED) from error
    return made.getvalue()


def _kept(note: Any) -> bool:
    return isinstance(note, Dictionary) and str(note.get("/Subtype")) not in GONE_NOTES


def _forget(item: Any) -> None:
    """Takes what tells of people and machines off one object."""
    for key in TELLTALE:
        if key in item:
            del item[key]
    if "/A" in item and isinstance(item["/A"], Dictionary) and str(item["/A"].get("/S")) in RUNNING | ELSEWHERE | FILE_KINDS:
        del item["/A"]
    subtype = str(item.get("/Subtype"))
    if "/Rect" in item and subtype != "/Widget":  # a note or a mark in the margin
        for key in OF_NOTES:
            if key in item:
                del item[key]
    if isinstance(item, Stream) and subtype == "/Image" and _filters(item) in (["/DCTDecode"], ["/DCT"]):
        raw = item.read_raw_bytes()
        bare = pictures.strip_jpeg(raw)
        if bare != raw:
            how: Any = item.get("/DecodeParms")
            item.write(bare, filter=Name.DCTDecode, decode_parms=how)


def pages(content: bytes) -> list[list[str]]:
    """What each page says, line by line. Raises FileRefused for damage."""
    try:
        return [page.extract_text().splitlines() for page in pypdf.PdfReader(BytesIO(content), strict=False).pages]
    except Exception as error:  # noqa: BLE001 (whatever pypdf trips over)
        raise FileRefused(Why.DAMAGED) from error
