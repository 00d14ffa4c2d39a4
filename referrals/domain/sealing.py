"""PURE: the manifest of a sealed bundle, and the check that nothing of it was changed.

The seal is the SHA-256 of ``manifest.json``; the manifest holds the SHA-256 of each paper. ``manifest.txt`` says the same
in the form that ``sha256sum -c`` reads, so that anybody can check it without the portal.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

MANIFEST: Final = "manifest.json"
LISTING: Final = "manifest.txt"
COVER: Final = "00-cover-sheet.pdf"


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper: its file name in the bundle, what it is called, its kind and its bytes."""

    file: str
    title: str
    kind: str
    media_type: str
    content: bytes
    original_sha256: str = ""  # of the file it was made from

    @property
    def sha256(self) -> str:
        return sha256(self.content)


def sha256(content: bytes) -> str:
    """Hex digest."""
    return hashlib.sha256(content).hexdigest()


def manifest(papers: Sequence[Paper], about: Mapping[str, str]) -> bytes:
    """The manifest as JSON, the same bytes for the same papers. ``about``: references and the time of sealing."""
    listed = [
        {"file": p.file, "title": p.title, "kind": p.kind, "media_type": p.media_type, "size": len(p.content), "sha256": p.sha256}
        | ({"original_sha256": p.original_sha256} if p.original_sha256 else {})
        for p in papers
    ]
    return json.dumps({**about, "papers": listed}, ensure_ascii=False, indent=1, sort_keys=True).encode()


def listing(papers: Sequence[Paper]) -> bytes:
    """The hashes as ``sha256sum -c`` reads them."""
    return "".join(f"{paper.sha256}  {paper.file}\n" for paper in papers).encode()


def archive(papers: Sequence[Paper], manifest_json: bytes, cover: bytes, *, at: datetime) -> bytes:
    """The ZIP: papers, both manifests and the cover sheet, the same bytes for the same content."""
    out = io.BytesIO()
    stamp = (max(at.year, 1980), at.month, at.day, at.hour, at.minute, 0)
    files = [(COVER, cover), (MANIFEST, manifest_json), (LISTING, listing(papers)), *((p.file, p.content) for p in papers)]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in files:
            bundle.writestr(zipfile.ZipInfo(name, stamp), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def without(zip_: bytes, files: Collection[str], *, at: datetime) -> bytes:
    """The same ZIP without some of its papers; its manifest still lists them. Raises what a broken ZIP raises."""
    out = io.BytesIO()
    stamp = (max(at.year, 1980), at.month, at.day, at.hour, at.minute, 0)
    with zipfile.ZipFile(io.BytesIO(zip_)) as whole, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as rest:
        for name in whole.namelist():
            if name not in files:
                rest.writestr(zipfile.ZipInfo(name, stamp), whole.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Check:
    """The result of looking: whether all is as sealed, and what isn't (codes and file names)."""

    papers: int
    wrong: tuple[str, ...] = ()

    @property
    def intact(self) -> bool:
        return not self.wrong


def verify(*, pdf: bytes, zip_: bytes, manifest_json: bytes, seal: str, pdf_sha256: str, zip_sha256: str) -> Check:
    """Compare everything with what was written down when it was sealed. Never raises: what can't be read is wrong."""
    wrong: list[str] = []
    if sha256(manifest_json) != seal:
        wrong.append(MANIFEST)
    if sha256(pdf) != pdf_sha256:
        wrong.append("bundle.pdf")
    if sha256(zip_) != zip_sha256:
        wrong.append("bundle.zip")
    try:
        papers = json.loads(manifest_json)["papers"]
        with zipfile.ZipFile(io.BytesIO(zip_)) as bundle:
            if bundle.read(MANIFEST) != manifest_json and MANIFEST not in wrong:
                wrong.append(MANIFEST)
            names = set(bundle.namelist())
            for paper in papers:
                if paper["file"] not in names or sha256(bundle.read(paper["file"])) != paper["sha256"]:
                    wrong.append(str(paper["file"]))
            known = {COVER, MANIFEST, LISTING, *(paper["file"] for paper in papers)}
            wrong += sorted(names - known)
    except (ValueError, KeyError, TypeError, OSError, zipfile.BadZipFile, NotImplementedError):
        return Check(0, tuple(wrong or ["bundle.zip"]))
    return Check(len(papers), tuple(wrong))
