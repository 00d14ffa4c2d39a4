"""The papers of a sealed bundle, as files, as one PDF and as a ZIP."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pikepdf
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from concerns.reports import pdf
from referrals.domain import sealing
from referrals.domain.sealing import Paper
from referrals.enums import Paper as Kind
from referrals.reports.stamping import stamp

IMAGES = ("image/png", "image/jpeg")
LONGEST_SIDE = 2000  # pixels of a picture on its page in the PDF; the ZIP holds the file as it is
ENDINGS = {
    "application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg", "text/plain": ".txt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx", "application/vnd.oasis.opendocument.text": ".odt",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class File:
    """A document to put in: what it is called, its sniffed type, its bytes, the hash of the original it was made from."""

    title: str
    media_type: str
    content: bytes
    original_sha256: str = ""


@dataclass(slots=True)
class Contents:
    """What goes into a bundle. ``cover``: context of the cover sheet; the lists hold (heading, text) and rows."""

    about: dict[str, str]
    cover: dict[str, Any]
    written: list[tuple[str, str]]
    steps: list[dict[str, str]] | None
    files: Sequence[File] = ()
    letter: bytes | None = None  # the covering letter, as PDF
    at: datetime = field(default_factory=datetime.now)


@dataclass(frozen=True, slots=True)
class Sealed:
    """The finished bundle and the hashes written down for it."""

    manifest: bytes
    seal: str
    pdf: bytes
    zip: bytes


def make(contents: Contents) -> Sealed:
    """Takes the contents; returns the bundle. A document that can't be shown as pages is listed and is in the ZIP."""
    papers = _papers(contents)
    manifest = sealing.manifest(papers, contents.about)
    seal = sealing.sha256(manifest)
    pages = {paper.file: _pages(paper) for paper in papers}
    first = 1 if papers[0].kind == Kind.LETTER else 0
    rows = [
        {"paper": paper, "number": at - first + 1, "size": len(paper.content), "only_in_zip": pages[paper.file] is None}
        for at, paper in enumerate(papers)
    ]
    cover = pdf.render("report/referral_cover.html", {**contents.cover, "papers": rows, "seal": seal, "sealed_at": contents.at})
    letter = [(contents.letter, True)] if contents.letter is not None else []
    rest = [(content, paper.media_type != "application/pdf" or paper.kind != Kind.DOCUMENT)
            for paper in papers if paper.kind != Kind.LETTER and (content := pages[paper.file]) is not None]  # fmt: skip
    merged = _merge([*letter, (cover, True), *rest], reference=contents.about["referral"])
    return Sealed(manifest, seal, merged, sealing.archive(papers, manifest, cover, at=contents.at))


def _papers(contents: Contents) -> list[Paper]:
    """Every paper in order, under a file name that says nothing of the matter."""
    papers = []
    if contents.letter is not None:
        papers.append(Paper("00-letter.pdf", _("Covering letter"), Kind.LETTER, "application/pdf", contents.letter))
    first = len(papers)
    title = _("What was written")
    written = pdf.render("report/referral_paper.html", {"heading": title, "parts": contents.written})
    papers.append(Paper("01-what-was-written.pdf", title, Kind.WRITTEN, "application/pdf", written))
    if contents.steps is not None:
        title = _("What has been done so far")
        steps = pdf.render("report/referral_steps.html", {"heading": title, "rows": contents.steps})
        papers.append(Paper("02-steps.pdf", title, Kind.STEPS, "application/pdf", steps))
    for document in contents.files:
        name = f"{len(papers) - first + 1:02d}-document{ENDINGS.get(document.media_type, '.bin')}"
        papers.append(Paper(name, document.title, Kind.DOCUMENT, document.media_type, document.content, document.original_sha256))
    return papers


def _pages(paper: Paper) -> bytes | None:
    """The paper as PDF pages, or None when it can't be shown as such."""
    if paper.media_type == "application/pdf":
        return paper.content if _opens(paper.content) else None
    if paper.media_type in IMAGES:
        return _picture(paper.content)
    if paper.media_type == "text/plain":
        try:
            text = paper.content.decode("utf-8")
        except UnicodeDecodeError:
            return None
        plain = "".join(c for c in text if c.isprintable() or c in "\n\t")
        return pdf.render("report/referral_paper.html", {"heading": paper.title, "parts": [("", plain)]})
    return None


def _opens(content: bytes) -> bool:
    try:
        with pikepdf.open(io.BytesIO(content)) as found:
            return len(found.pages) > 0
    except (pikepdf.PdfError, ValueError, RuntimeError):
        return False


def _picture(content: bytes) -> bytes | None:
    """One page with the picture and nothing that the file held beside it."""
    out = io.BytesIO()
    try:
        with Image.open(io.BytesIO(content)) as found:
            found.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            plain = Image.new("RGB", found.size, "white")
            shown = found.convert("RGBA")
            plain.paste(shown, mask=shown.getchannel("A"))
            plain.save(out, format="PDF", resolution=max(72.0, max(plain.size) / 10))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None
    return out.getvalue()


def _merge(parts: Sequence[tuple[bytes, bool]], *, reference: str) -> bytes:
    """One PDF of all pages, each with the reference and its number; nothing that runs, links out or is attached comes along.

    ``parts``: the pages of a paper, and whether they were laid out here, with a foot that is free.
    """
    merged = pikepdf.open(io.BytesIO(parts[0][0]))  # keeps the letter's tags, title and language
    ours = [parts[0][1]] * len(merged.pages)
    for content, own in parts[1:]:
        with pikepdf.open(io.BytesIO(content)) as part:
            for page in part.pages:
                for key in ("/Annots", "/AA"):
                    if key in page:
                        del page[key]
                merged.pages.append(page)
                ours.append(own)
    words = _("Referral %(reference)s, page %(number)d of %(all)d")
    lines = [words % {"reference": reference, "number": number, "all": len(ours)} for number in range(1, len(ours) + 1)]
    stamp(merged, lines, ours=ours)
    out = io.BytesIO()
    merged.save(out)
    merged.close()
    return out.getvalue()
