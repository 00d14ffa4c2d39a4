"""An office document without what it says about people and machines: rewritten part by part as plain zip and XML."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from concerns.files import archives, pictures
from concerns.files.office import DOCX, ODT, RELATIONS, W, is_xml, parse

TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
DC = "{http://purl.org/dc/elements/1.1/}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
CONFIG = "{urn:oasis:names:tc:opendocument:xmlns:config:1.0}"
MANIFEST = "{urn:oasis:names:tc:opendocument:xmlns:manifest:1.0}"
SOMEBODY = "Author"
GONE = re.compile(
    r"(docProps/|customXml/|_xmlsignatures/|META-INF/documentsignatures|Thumbnails/|printerSettings|xl/revisions/|"
    r"(word|xl)/people\.xml|xl/persons/|xl/threadedComments/|word/comments(Ids|Extended|Extensible)\.xml|word/recipientData|"
    r"Configurations2/|layout-cache$)",
    re.IGNORECASE,
)
NAMES = {"author", "initials", "userName", "userId", "displayName", "lastUser"}  # attributes, whatever their namespace
NUMBERS = re.compile(r"^(rsid\w*|paraId|textId|dateUtc|durableId)$")
WHEN = f"{W}date"
REVISIONS = (f"{W}rsids", f"{W}docVars", f"{W}attachedTemplate", f"{W}mailMerge")
EMPTY_META = (
    b'<?xml version="1.0" encoding="UTF-8"?><office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    b'office:version="1.2"><office:meta/></office:document-meta>'
)


def scrub(content: bytes, media_type: str) -> bytes:
    """The document without properties, authors, dates of changes, what was deleted with changes tracked, and pictures' EXIF.

    Comments stay, without whose they are. Raises FileRefused for damage.
    """
    parts = archives.unpack(content)
    kept = {name: part for name, part in parts.items() if not GONE.search(name)}
    tidy: Callable[[str, etree._Element], None] = _open if media_type == ODT else _word if media_type == DOCX else _sheet
    for name, part in kept.items():
        if name == "meta.xml" and media_type == ODT:
            kept[name] = EMPTY_META
        elif is_xml(name):
            root = parse(part)
            _forget_parts(root, name, kept)
            for element in root.iter():
                _anonymous(element)
            tidy(name, root)
            for comment in list(root.iter(etree.Comment)):
                if comment.getparent() is not None:
                    _lift(comment, keep_children=False)
            kept[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
        else:
            kept[name] = pictures.strip(part)
    return archives.pack(kept)


def _anonymous(element: etree._Element) -> None:
    """Takes names of people, times of writing and numbers of editing sessions off one element."""
    for key in list(element.attrib):
        plain = etree.QName(key).localname
        if plain in NAMES:
            element.set(key, SOMEBODY[0] if plain == "initials" else SOMEBODY)
        elif key == WHEN or NUMBERS.match(plain):
            del element.attrib[key]


def _forget_parts(root: etree._Element, name: str, kept: dict[str, bytes]) -> None:
    """Takes what no longer exists out of the lists of parts."""
    if name.endswith(".rels"):
        for relation in list(root.iter(f"{RELATIONS}Relationship")):
            if relation.get("TargetMode") != "External" and GONE.search(_target(relation.get("Target") or "", name)):
                root.remove(relation)
    elif name == "[Content_Types].xml":
        for declared in list(root.iter(f"{TYPES}Override")):
            if (declared.get("PartName") or "").lstrip("/") not in kept:
                root.remove(declared)
    elif name == "META-INF/manifest.xml":
        for entry in list(root.iter(f"{MANIFEST}file-entry")):
            path = entry.get(f"{MANIFEST}full-path") or ""
            if path != "/" and not path.endswith("/") and path not in kept:
                root.remove(entry)


def _target(target: str, rels: str) -> str:
    """The part a relation points at, from where the relation stands."""
    if target.startswith("/"):
        return target[1:]
    path = rels.split("/")[:-2]
    for step in target.split("/"):
        if step == "..":
            path = path[:-1]
        elif step != ".":
            path.append(step)
    return "/".join(path)


def _lift(element: etree._Element, *, keep_children: bool) -> None:
    """Takes an element away; what was in it stays in its place if asked. The text after it always stays."""
    parent = element.getparent()
    if parent is None:
        return
    at = parent.index(element)
    if keep_children:
        for number, child in enumerate(list(element)):
            parent.insert(at + number, child)
    tail = element.tail or ""
    element.tail = None
    before = element.getprevious()
    parent.remove(element)
    if tail:
        if before is not None:
            before.tail = (before.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail


def _word(name: str, root: etree._Element) -> None:
    """Tracked changes as accepted; the marks of editing away."""
    for gone in list(root.iter(f"{W}del", f"{W}moveFrom", f"{W}rPrChange", f"{W}pPrChange", f"{W}sectPrChange", f"{W}tblPrChange", *REVISIONS)):
        _lift(gone, keep_children=False)
    for taken in list(root.iter(f"{W}ins", f"{W}moveTo")):
        _lift(taken, keep_children=True)


def _sheet(name: str, root: etree._Element) -> None:
    """Authors of notes, the path it was saved under, printers."""
    for author in root.iter(f"{SHEET}author"):
        author.text = SOMEBODY
    for setup in root.iter(f"{SHEET}pageSetup"):
        for key in [key for key in setup.attrib if key.endswith("}id")]:
            del setup.attrib[key]
    for element in list(root.iter()):
        if isinstance(element.tag, str) and etree.QName(element).localname in ("absPath", "fileSharing", "legacyDrawingHF"):
            _lift(element, keep_children=False)


def _open(name: str, root: etree._Element) -> None:
    """Creators and dates of notes, tracked changes as accepted, the printer and the place it was saved."""
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            continue
        plain = etree.QName(element).localname
        if element.tag in (f"{DC}creator", f"{DC}date") or plain in ("creator-initials", "sender-initials", "printed-by", "initial-creator"):
            element.text = ""
        elif element.tag == f"{TEXT}tracked-changes" or plain in ("change", "change-start", "change-end", "author-name", "author-initials"):
            _lift(element, keep_children=False)
        elif element.tag == f"{CONFIG}config-item" and re.search(r"Printer|Redline|RsidRoot|Rsid|Path|URL", element.get(f"{CONFIG}name") or ""):
            element.text = ""
