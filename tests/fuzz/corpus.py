"""A hostile corpus of uploads, made here and the same each time: each with the class of answer it must get."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO

from concerns.files.refusals import Why
from tests.fuzz import hostile_documents, hostile_pdfs, hostile_pictures, samples
from tests.fuzz.samples import GOOD, docx, jpeg, pdf, png, txt

ACCEPTED = "accepted"
OVER = 5 * 1024 * 1024 + 1


@dataclass
class Sample:
    """One upload: what it's called, how its bytes are made, what must be said."""

    title: str
    name: str
    make: Callable[[], bytes]
    wanted: str

    @cached_property
    def content(self) -> bytes:
        """Its bytes, made once."""
        return self.make()


def everything() -> list[Sample]:
    """The whole corpus."""
    found = [*_sound(), *_names(), *_wrong_endings(), *_sizes(), *_broken(), *_polyglots(), *_texts()]
    for module in (hostile_pdfs, hostile_documents, hostile_pictures):
        found += [Sample(f"{module.__name__.rpartition('_')[2]}: {title}", *row) for title, row in module.rows().items()]
    return found


def _sound() -> Iterator[Sample]:
    for ending, make in GOOD.items():
        yield Sample(f"sound {ending}", f"paper{ending}", make, ACCEPTED)
    yield Sample("sound .jpeg", "PHOTO.JPEG", jpeg, ACCEPTED)


def _names() -> Iterator[Sample]:
    kept = (
        "../../etc/passwd.pdf", "..\\..\\windows\\system32\\x.pdf", "/etc/cron.d/x.pdf", "C:\\x.pdf", "nul\x00byte.pdf", "line\nbreak.pdf",
        "\u202epdf.exe\u202c.pdf", "\u2066x\u2069.pdf", "x" * 400 + ".pdf", "😀.pdf", "مرحبا.pdf", "a';--.pdf", "<script>.pdf", "%00.pdf",
        "x.pdf.", "x.pdf ", "CON.pdf", "x;y=z.pdf", "=cmd|' /C calc'!A0.pdf",
    )  # fmt: skip
    for name in kept:
        yield Sample(f"name {name[:30]!r}", name, pdf, ACCEPTED)
    endings = (
        "exe", "js", "svg", "html", "htm", "doc", "xls", "docm", "xlsm", "dotm", "zip", "7z", "rar", "msi", "lnk", "bat", "sh", "py", "heic", "gif",
        "webp", "eml", "msg", "rtf", "csv", "xml", "hta", "scr", "jar", "iso", "ods", "pptx", "tiff", "bmp", "",
    )  # fmt: skip
    for ending in endings:
        yield Sample(f"ending {ending!r}", f"paper.pdf.{ending}" if ending else "paper", pdf, Why.NOT_ACCEPTED)
    yield Sample("nothing but an ending", ".pdf", pdf, Why.NOT_ACCEPTED)
    # the name reads "…exe.pdf" but ends in .exe
    yield Sample("ending turned around", "paper\u202efdp.exe", pdf, Why.NOT_ACCEPTED)
    yield Sample("ending behind a NUL", "paper.pdf\x00.exe", pdf, Why.NOT_ACCEPTED)


def _wrong_endings() -> Iterator[Sample]:
    for ending, make in GOOD.items():
        for other in GOOD:
            if other != ending:
                yield Sample(f"{ending} called {other}", f"paper{other}", make, Why.NOT_WHAT_IT_SAYS)
    html = b"<!doctype html><script>alert(1)</script>"
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
    program, gif = b"MZ" + bytes(200), b"GIF89a" + bytes(40)
    for title, content in (("HTML", html), ("SVG", svg), ("a program", program), ("a GIF", gif)):
        for ending in GOOD:
            yield Sample(f"{title} called {ending}", f"paper{ending}", lambda content=content: content, Why.NOT_WHAT_IT_SAYS)  # type: ignore[misc]


def _sizes() -> Iterator[Sample]:
    for ending, make in GOOD.items():
        yield Sample(f"no bytes {ending}", f"paper{ending}", bytes, Why.EMPTY)
        yield Sample(f"over the limit {ending}", f"paper{ending}", lambda make=make: make().ljust(OVER, b" "), Why.TOO_LARGE)  # type: ignore[misc]
    yield Sample("just the limit", "paper.txt", lambda: b"a" * (OVER - 1), ACCEPTED)


def _broken() -> Iterator[Sample]:
    for ending, make in GOOD.items():
        if ending == ".txt":
            continue
        for part in (30, 55, 80, 95):
            yield Sample(f"{ending} cut at {part}%", f"paper{ending}", lambda make=make, part=part: make()[: len(make()) * part // 100], Why.DAMAGED)  # type: ignore[misc]
        yield Sample(f"{ending} without its start", f"paper{ending}", lambda make=make: make()[4:], Why.NOT_WHAT_IT_SAYS)  # type: ignore[misc]
        yield Sample(f"{ending} of noughts", f"paper{ending}", lambda make=make: bytes(len(make())), Why.NOT_WHAT_IT_SAYS)  # type: ignore[misc]


def _polyglots() -> Iterator[Sample]:
    """Two files in one, in either order."""
    def row(title: str, name: str, make: Callable[[], bytes], wanted: str = Why.TWO_IN_ONE) -> Sample:
        return Sample(f"polyglot: {title}", name, make, wanted)

    page = b"<html><script>alert(1)</script></html>"
    small = samples.zipped({"x.txt": "x"})
    yield row("PDF, then zip", "paper.pdf", lambda: pdf() + small)
    yield row("PDF, then zip that ends like a PDF", "paper.pdf", lambda: pdf() + samples.zipped({"x.txt": "x"}, comment=b"%%EOF"))
    yield row("PDF, then HTML", "paper.pdf", lambda: pdf() + page)
    yield row("PDF, then a program", "paper.pdf", lambda: pdf() + b"\nMZ" + bytes(300))
    yield row("PDF, then a docx", "paper.pdf", lambda: pdf() + docx())
    yield row("PDF, then a docx, called so", "paper.docx", lambda: pdf() + docx(), Why.NOT_WHAT_IT_SAYS)
    yield row("words, then PDF", "paper.pdf", lambda: b"words " + pdf(), Why.NOT_WHAT_IT_SAYS)
    yield row("HTML, then PDF", "paper.pdf", lambda: page + pdf(), Why.NOT_WHAT_IT_SAYS)
    yield row("PNG, then PDF, called PDF", "paper.pdf", lambda: png() + pdf(), Why.NOT_WHAT_IT_SAYS)
    yield row("PNG, then zip", "paper.png", lambda: png() + small)
    yield row("PNG, then HTML", "paper.png", lambda: png() + page)
    yield row("PNG, then a byte", "paper.png", lambda: png() + b"x")
    yield row("PNG with HTML inside", "paper.png", lambda: png()[:33] + samples.chunk(b"tEXt", b"Comment\0" + page) + png()[33:])
    yield row("PNG with PHP inside", "paper.png", lambda: png()[:33] + samples.chunk(b"tEXt", b"c\0<?php system($_GET[0]);") + png()[33:])
    yield row("JPEG, then zip", "paper.jpg", lambda: jpeg() + small)
    yield row("JPEG, then RAR", "paper.jpg", lambda: jpeg() + b"Rar!\x1a\x07\x01\x00" + bytes(50))
    yield row("JPEG, then HTML", "paper.jpg", lambda: jpeg() + page)
    comment = b"<script>alert(1)</script>"
    yield row("JPEG with a script for a comment", "paper.jpg", lambda: jpeg()[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + jpeg()[2:])
    yield row("JPEG with a PDF for a comment", "paper.jpg", lambda: jpeg()[:2] + b"\xff\xfe" + struct.pack(">H", 12) + b"%PDF-1.4\r\n" + jpeg()[2:])
    yield row("docx, then a byte", "paper.docx", lambda: docx() + b"x")
    yield row("docx, then HTML", "paper.docx", lambda: docx() + page)
    yield row("docx with a note on the archive", "paper.docx", lambda: samples.zipped(samples.docx_parts(), comment=b"hidden"))
    yield row("docx with room between its parts", "paper.docx", _gap)
    yield row("HTML, then docx", "paper.docx", lambda: page + docx(), Why.NOT_WHAT_IT_SAYS)
    yield row("two archives", "paper.docx", lambda: small + docx())
    yield row("text, then zip", "paper.txt", lambda: txt() + small, Why.NOT_WHAT_IT_SAYS)
    yield row("compressed bytes for text", "paper.txt", lambda: zlib.compress(b"x" * 1000), Why.NOT_WHAT_IT_SAYS)


def _gap() -> bytes:
    """The directory and what it points at, moved behind two hundred hidden bytes."""
    whole = docx()
    at = whole.rfind(b"PK\x05\x06")
    (start,) = struct.unpack("<I", whole[at + 16 : at + 20])
    made = BytesIO()
    made.write(whole[:start] + b"MZ" + bytes(198) + whole[start:at])
    made.write(whole[at : at + 16] + struct.pack("<I", start + 200) + whole[at + 20 :])
    return made.getvalue()


def _texts() -> Iterator[Sample]:
    good = {
        "with a mark of its order": b"\xef\xbb\xbfWords", "of one long line": b"word " * 100_000, "in another script": "שלום עולם".encode(),
        "of signs": "😀\u2028x".encode(), "that speaks of <script>": b"He wrote <script>alert(1)</script> on the wall.", "of tabs": b"a\tb\r\nc\x0c",
        "that looks like a formula": b"=cmd|' /C calc'!A0", "of blanks": b"   \n",
    }  # fmt: skip
    bad = {
        "HTML": b"<!DOCTYPE html><p>x", "HTML after blanks": b"\n\n  <html><body onload=x>", "a script": b"<script>alert(1)</script>", "SVG": b"<svg onload=x>",
        "PHP": b"<?php phpinfo();", "XML": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
        "a shell script": b"#!/bin/sh\nrm -rf /", "RTF": b"{\\rtf1\\ansi words}", "PDF": b"%PDF-1.4 words", "a web archive": b"MIME-Version: 1.0\nContent-Type: x",
        "a batch file": b"@echo off\r\nformat c:", "a shortcut": b"[InternetShortcut]\r\nURL=file://x", "a registry file": b"Windows Registry Editor Version 5.00",
        "UTF-16": "words".encode("utf-16"), "Latin": "caf\xe9".encode("latin-1"), "a NUL": b"a\x00b", "an escape": b"\x1b[31mred", "half a character": b"\xe2\x82",
        "halves of a pair": b"\xed\xa0\x80", "ASP": b"<%eval request%>", "a page in a frame": b"<iframe src=x>",
    }  # fmt: skip
    for title, content in good.items():
        yield Sample(f"text {title}", "paper.txt", lambda content=content: content, ACCEPTED)  # type: ignore[misc]
    for title, content in bad.items():
        yield Sample(f"text that is {title}", "paper.txt", lambda content=content: content, Why.NOT_WHAT_IT_SAYS)  # type: ignore[misc]
