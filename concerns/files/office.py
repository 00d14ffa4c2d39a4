"""Word, Excel and OpenDocument: the parts inside are checked for what could run or fetch, and their words are read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from io import BytesIO

from lxml import etree
from openpyxl import load_workbook

from concerns.files import archives
from concerns.files.refusals import FileRefused, Why

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
# The part that each must hold, and for the Microsoft formats what it must be declared as (a macro document says otherwise).
MAIN = {
    DOCX: ("word/document.xml", b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"),
    XLSX: ("xl/workbook.xml", b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"),
    ODT: ("content.xml", b""),
}
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
MACROS = re.compile(r"(^|/)(vbaproject\.bin|vbadata\.xml|basic/|scripts/|macros/|activex/|ctrlprops/|customui/)", re.IGNORECASE)
EMBEDDED = re.compile(r"(^|/)(embeddings/|oleobject|object \d+/|objectreplacements/)", re.IGNORECASE)
RUNS = (b"<office:scripts", b"script:event-listener", b"macroEnabled", b"ddeLink", b"macro://", b"vnd.sun.star.script:")
COMMANDS = re.compile(r"\b(DDEAUTO|DDE|MACROBUTTON)\b")
INCLUSIONS = re.compile(r"\b(INCLUDETEXT|INCLUDEPICTURE|INCLUDE|RD)\b")
CELL_COMMANDS = re.compile(rb"<f[^>]*>(?:[^<\"]*\w\||[^<]*\b(?:CALL|REGISTER\.ID|EXEC)\()", re.IGNORECASE)
CELL_INCLUSIONS = re.compile(rb"<f[^>]*>[^<]*\bWEBSERVICE\(", re.IGNORECASE)
HARMLESS_OUTSIDE = ("/hyperlink",)


def check(content: bytes, media_type: str) -> None:
    """Raises FileRefused unless ``content`` is one whole document of that type that neither runs, fetches nor hides anything."""
    parts = archives.unpack(content)
    main, declared = MAIN[media_type]
    if any(MACROS.search(name) for name in parts):
        raise FileRefused(Why.ACTIVE)
    if media_type == ODT:
        first = next(iter(parts), "")
        if first != "mimetype" or parts["mimetype"].strip() != ODT.encode() or main not in parts:
            raise FileRefused(Why.NOT_WHAT_IT_SAYS)
        if "encryption-data" in parts.get("META-INF/manifest.xml", b"").decode("utf-8", "replace"):
            raise FileRefused(Why.PASSWORD)
    else:
        types = parts.get("[Content_Types].xml", b"")
        if b"macroEnabled" in types or b"vbaProject" in types:
            raise FileRefused(Why.ACTIVE)
        if main not in parts or declared not in types:
            raise FileRefused(Why.NOT_WHAT_IT_SAYS)
    if any(EMBEDDED.search(name) for name in parts):
        raise FileRefused(Why.HOLDS_FILES)
    archives.check_inside(parts)
    for name, part in parts.items():
        if is_xml(name):
            _check_part(name, part, media_type)


def is_xml(name: str) -> bool:
    """Whether a part is XML by its name."""
    return name.lower().endswith((".xml", ".rels", ".rdf", ".vml"))


def parse(part: bytes) -> etree._Element:
    """The XML of a part; nothing is looked up or expanded. Raises FileRefused when it's no sound XML."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True)
    try:
        root = etree.fromstring(part, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FileRefused(Why.DAMAGED) from error
    if root.getroottree().docinfo.doctype:
        raise FileRefused(Why.FETCHES)
    return root


def _check_part(name: str, part: bytes, media_type: str) -> None:
    """Raises FileRefused for a document type, a script, a command field, or something taken from elsewhere."""
    try:
        part.decode("utf-8-sig")
    except UnicodeDecodeError:
        if not part.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise FileRefused(Why.DAMAGED) from None
        part = part.decode("utf-16").encode()
        part = re.sub(rb"^<\?xml[^>]*\?>", b"", part.lstrip(b"\xef\xbb\xbf"))
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise FileRefused(Why.FETCHES)
    if any(word in part for word in RUNS) or (name.startswith("xl/worksheets/") and CELL_COMMANDS.search(part)):
        raise FileRefused(Why.ACTIVE)
    if name.startswith("xl/worksheets/") and CELL_INCLUSIONS.search(part):
        raise FileRefused(Why.FETCHES)
    root = parse(part)
    if name.endswith(".rels"):
        for relation in root.iter(f"{RELATIONS}Relationship"):
            if relation.get("TargetMode") == "External" and not (relation.get("Type") or "").endswith(HARMLESS_OUTSIDE):
                raise FileRefused(Why.FETCHES)
            if (relation.get("Target") or "").lower().startswith(("javascript:", "vbscript:", "file:", "data:", "\\\\")):
                raise FileRefused(Why.ACTIVE)
    elif media_type == DOCX:
        said = "".join(field.text or "" for field in root.iter(f"{W}instrText"))
        said += " ".join(field.get(f"{W}instr") or "" for field in root.iter(f"{W}fldSimple"))
        if COMMANDS.search(said):
            raise FileRefused(Why.ACTIVE)
        if INCLUSIONS.search(said):
            raise FileRefused(Why.FETCHES)
    elif media_type == ODT and name == "content.xml":
        for element in root.iter():
            for key, value in element.attrib.items():
                if key.endswith("}href") and not value.startswith(("#", "http:", "https:", "mailto:", "Pictures/", "./", "tel:")):
                    raise FileRefused(Why.FETCHES)
                outside = value.startswith(("http:", "https:"))
                if key.endswith("}href") and outside and not str(element.tag).endswith("}a"):
                    raise FileRefused(Why.FETCHES)


# --- the words in it ---------------------------------------------------------------------------------------------
def lines(content: bytes, media_type: str) -> list[str]:
    """What it says, paragraph by paragraph, row by row, as it reads with all changes accepted; notes in the margin left out."""
    if media_type == XLSX:
        return list(_rows(content))
    parts = archives.unpack(content)
    return list(_word(parts) if media_type == DOCX else _open(parts["content.xml"]))


def _word(parts: Mapping[str, bytes]) -> Iterator[str]:
    names = ["word/document.xml", *sorted(name for name in parts if re.fullmatch(r"word/(header|footer|footnotes|endnotes)\d*\.xml", name))]
    for name in names:
        for paragraph in parse(parts[name]).iter(f"{W}p"):
            said = []
            for node in paragraph.iter(f"{W}t", f"{W}tab", f"{W}br", f"{W}cr", f"{W}noBreakHyphen", f"{W}p"):
                if node.tag == f"{W}p":
                    continue
                inside = next(node.iterancestors(f"{W}p"))
                if inside is not paragraph or any(True for _found in node.iterancestors(f"{W}del", f"{W}moveFrom")):
                    continue
                said.append({f"{W}t": node.text or "", f"{W}tab": "\t", f"{W}noBreakHyphen": "-"}.get(node.tag, "\n"))
            yield "".join(said)


def _open(part: bytes) -> Iterator[str]:
    root = parse(part)
    for gone in list(root.iter(f"{TEXT}tracked-changes", f"{OFFICE}annotation")):
        tail, parent = gone.tail or "", gone.getparent()
        before = gone.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
        parent.remove(gone)
    for space in root.iter(f"{TEXT}s", f"{TEXT}tab", f"{TEXT}line-break"):
        space.text = {f"{TEXT}tab": "\t", f"{TEXT}line-break": "\n"}.get(space.tag, " " * min(int(space.get(f"{TEXT}c") or 1), 100))
    for paragraph in root.iter(f"{TEXT}p", f"{TEXT}h"):
        if next(paragraph.iterancestors(f"{TEXT}p", f"{TEXT}h"), None) is None:
            yield "".join(paragraph.itertext())


def _rows(content: bytes) -> Iterator[str]:
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            yield sheet.title
            for row in sheet.iter_rows(values_only=True, max_row=20_000, max_col=200):
                cells = ["" if value is None else str(value) for value in row]
                if any(cells):
                    yield "\t".join(cells).rstrip("\t")
        book.close()
    except Exception as error:  # noqa: BLE001 (openpyxl trips over damage in many ways)
        raise FileRefused(Why.DAMAGED) from error
