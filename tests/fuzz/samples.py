"""Sound files of every kind that is accepted, each with the canary in everything it says about people and machines."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image, PngImagePlugin

WHO = "Kanari Metadata"  # must be in no copy
SAID = "Margaret Hollis said so."  # must be in every copy of words
DAY = (2026, 1, 15, 12, 0, 0)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ODF = "urn:oasis:names:tc:opendocument:xmlns"


def zipped(parts: Mapping[str, bytes | str], *, stored: tuple[str, ...] = ("mimetype",), comment: bytes = b"") -> bytes:
    """A zip file of ``parts``."""
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        for name, content in parts.items():
            entry = ZipInfo(name, DAY)
            entry.compress_type = ZIP_STORED if name in stored else ZIP_DEFLATED
            archive.writestr(entry, content)
        archive.comment = comment
    return made.getvalue()


def relations(*rows: tuple[str, str, str]) -> str:
    """A part of relations: (type, target, mode)."""
    found = "".join(
        f'<Relationship Id="r{n}" Type="{kind}" Target="{target}"{f" TargetMode={chr(34)}{mode}{chr(34)}" if mode else ""}/>'
        for n, (kind, target, mode) in enumerate(rows, 1)
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{PACKAGE}/relationships">{found}</Relationships>'


def types(**overrides: str) -> str:
    """The content types of a Microsoft package; ``_`` in a name stands for the part's path."""
    rows = "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in overrides.items())
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/><Default Extension="jpeg" ContentType="image/jpeg"/>{rows}</Types>'
    )


CORE = (
    f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    f"<dc:creator>{WHO}</dc:creator><cp:lastModifiedBy>{WHO}</cp:lastModifiedBy></cp:coreProperties>"
)


@cache
def docx_parts() -> dict[str, bytes | str]:
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = (
        f'<w:p w:rsidR="00A1"><w:r><w:t>{SAID}</w:t></w:r></w:p><w:p><w:ins w:id="1" w:author="{WHO}" w:date="2026-01-01T00:00:00Z">'
        f'<w:r><w:t>Put in later.</w:t></w:r></w:ins><w:del w:id="2" w:author="{WHO}"><w:r><w:delText>{WHO} deleted</w:delText></w:r></w:del>'
        '<w:r><w:commentReference w:id="0"/></w:r></w:p>'
    )
    return {
        "[Content_Types].xml": types(**{
            "word/document.xml": f"{WORD}.document.main+xml", "word/comments.xml": f"{WORD}.comments+xml",
            "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        }),
        "_rels/.rels": relations(
            (f"{DOCUMENT}/officeDocument", "word/document.xml", ""), (f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml", "")
        ),
        "word/document.xml": f'<?xml version="1.0" encoding="UTF-8"?><w:document {w}><w:body>{body}</w:body></w:document>',
        "word/_rels/document.xml.rels": relations(
            (f"{DOCUMENT}/comments", "comments.xml", ""), (f"{DOCUMENT}/image", "media/image1.jpeg", ""),
            (f"{DOCUMENT}/hyperlink", "https://www.example.gov.uk/", "External"),
        ),
        "word/comments.xml": f'<w:comments {w}><w:comment w:id="0" w:author="{WHO}" w:initials="KM"><w:p><w:r><w:t>A note.</w:t></w:r></w:p></w:comment></w:comments>',
        "word/media/image1.jpeg": jpeg(),
        "docProps/core.xml": CORE,
    }  # fmt: skip


@cache
def xlsx_parts() -> dict[str, bytes | str]:
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return {
        "[Content_Types].xml": types(**{
            "xl/workbook.xml": f"{EXCEL}.sheet.main+xml", "xl/worksheets/sheet1.xml": f"{EXCEL}.worksheet+xml",
            "xl/comments1.xml": f"{EXCEL}.comments+xml", "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        }),
        "_rels/.rels": relations(
            (f"{DOCUMENT}/officeDocument", "xl/workbook.xml", ""), (f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml", "")
        ),
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{DOCUMENT}"><fileSharing userName="{WHO}"/><sheets><sheet name="Sheet" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations((f"{DOCUMENT}/worksheet", "worksheets/sheet1.xml", "")),
        "xl/worksheets/sheet1.xml": f'<worksheet {main}><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>{SAID}</t></is></c><c r="B1"><f>1+1</f><v>2</v></c></row></sheetData></worksheet>',
        "xl/worksheets/_rels/sheet1.xml.rels": relations((f"{DOCUMENT}/comments", "../comments1.xml", "")),
        "xl/comments1.xml": f'<comments {main}><authors><author>{WHO}</author></authors><commentList/></comments>',
        "docProps/core.xml": CORE,
    }  # fmt: skip


@cache
def odt_parts() -> dict[str, bytes | str]:
    spaces = f'xmlns:office="{ODF}:office:1.0" xmlns:text="{ODF}:text:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    spaces += f'xmlns:meta="{ODF}:meta:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:draw="{ODF}:drawing:1.0" xmlns:script="{ODF}:script:1.0"'
    files = "".join(f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>' for name in ("content.xml", "meta.xml"))
    return {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f"<office:document-content {spaces}><office:body><office:text><text:tracked-changes><text:changed-region>"
        f"<text:deletion><dc:creator>{WHO}</dc:creator><text:p>{WHO} deleted</text:p></text:deletion></text:changed-region></text:tracked-changes>"
        f"<text:p>{SAID}<office:annotation><dc:creator>{WHO}</dc:creator><text:p>A note.</text:p></office:annotation></text:p></office:text></office:body></office:document-content>",
        "meta.xml": f"<office:document-meta {spaces}><office:meta><meta:initial-creator>{WHO}</meta:initial-creator></office:meta></office:document-meta>",
        "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{ODF}:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/>{files}</manifest:manifest>',
    }


@cache
def docx() -> bytes:
    return zipped(docx_parts())


@cache
def xlsx() -> bytes:
    return zipped(xlsx_parts())


@cache
def odt() -> bytes:
    return zipped(odt_parts())


def picture(size: tuple[int, int] = (64, 48), mode: str = "RGB") -> Image.Image:
    """A small picture with something in it."""
    made = Image.new("RGB", size, (200, 220, 240))
    for x in range(0, size[0], 4):
        made.putpixel((x, x % size[1]), (x * 3 % 255, 20, 90))
    return made.convert(mode)


def exif() -> Image.Exif:
    """Camera, owner and a place."""
    found = Image.Exif()
    found[0x010F], found[0x013B], found[0x8298], found[0x0112] = WHO, WHO, WHO, 1
    found.get_ifd(0x8825).update({1: "N", 2: (51.0, 20.0, 30.0), 3: "W", 4: (2.0, 58.0, 0.0)})
    return found


@cache
def jpeg() -> bytes:
    made = BytesIO()
    picture().save(made, "JPEG", exif=exif(), comment=WHO.encode(), quality=85)
    return made.getvalue()


@cache
def png() -> bytes:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", WHO)
    notes.add_itxt("XML:com.adobe.xmp", f"<x>{WHO}</x>")
    notes.add_text("Comment", WHO, zip=True)
    made = BytesIO()
    picture().save(made, "PNG", pnginfo=notes, exif=exif())
    return made.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


TEXT = f"BT /F1 12 Tf 72 720 Td ({SAID}) Tj ET".encode()


def blank_pdf(pages: int = 1, content: bytes = TEXT) -> Pdf:
    """A document with words on each page, open."""
    pdf = Pdf.new()
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    for _page in range(pages):
        page = Dictionary(
            Type=Name.Page, MediaBox=[0, 0, 595, 842], Contents=pdf.make_stream(content), Resources=Dictionary(Font=Dictionary(F1=font))
        )
        pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    return pdf


def saved(pdf: Pdf, **how: object) -> bytes:
    """Its bytes, the same each time."""
    made = BytesIO()
    pdf.save(made, **({"static_id": True} | how))
    return made.getvalue()


@cache
def pdf() -> bytes:
    made = blank_pdf()
    made.docinfo["/Author"], made.docinfo["/Title"] = String(WHO), String(WHO)
    with made.open_metadata(set_pikepdf_as_editor=False) as meta:
        meta["dc:creator"] = [WHO]
    page = made.pages[0].obj
    note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=[10, 10, 30, 30], Contents=String("A note."), T=String(WHO), NM=String(WHO))
    page.Annots = Array([made.make_indirect(note)])
    page.PieceInfo = Dictionary(Kanari=Dictionary(Private=String(WHO)))
    shot = made.make_stream(jpeg(), Type=Name.XObject, Subtype=Name.Image, Width=64, Height=48, ColorSpace=Name.DeviceRGB, BitsPerComponent=8)
    shot.Filter = Name.DCTDecode
    page.Resources.XObject = Dictionary(Im1=shot)
    page.Contents = made.make_stream(TEXT + b" q 100 0 0 75 72 500 cm /Im1 Do Q")
    return saved(made)


def txt() -> bytes:
    return f"{SAID}\r\nSecond line.\r\n".encode()


GOOD = {".pdf": pdf, ".png": png, ".jpg": jpeg, ".docx": docx, ".xlsx": xlsx, ".odt": odt, ".txt": txt}
