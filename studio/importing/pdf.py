"""A PDF with text → blocks: what stands on every page (running heads and feet, page numbers) is taken out and said."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pypdf

from studio.importing import lines
from studio.importing.blocks import Block, Kind, Note, Reading, Unreadable, require_length, settled, tidy

MOST_PAGES = 100
LARGEST_PAGE = 4 * 1024 * 1024
GAP = 0.25  # of a line's height: how finely gaps between lines are measured
EDGE = 3  # lines from the top and from the bottom that may be furniture
PAGE_NUMBER = re.compile(r"^(?:page|tudalen|p\.?)?\s*[-–—|\[(]?\s*(?:\d{1,3}|[ivxl]{1,6})\s*(?:(?:of|o|/)\s*\d{1,3})?\s*[-–—|\])]?\s*(?:page)?$", re.IGNORECASE)
FEWEST_WORDS = 8  # a page with fewer says nothing: a scan


def read(content: bytes, *, first: int = 1, last: int | None = None) -> Reading:
    """The blocks of the pages ``first`` to ``last``. Raises Unreadable: damaged, no text, too many pages, no such page."""
    try:
        document = pypdf.PdfReader(BytesIO(content), strict=False)
        count = len(document.pages)
    except Exception:  # noqa: BLE001 (whatever pypdf trips over)
        raise Unreadable("damaged") from None
    last = count if last is None else last
    if not 1 <= first <= last or last > count:
        raise Unreadable("no_such_page", pages=count)
    if last - first + 1 > MOST_PAGES:
        raise Unreadable("too_many_pages", pages=last - first + 1, most=MOST_PAGES)
    pages = [_lines(document.pages[number]) for number in range(first - 1, last)]
    require_length("\n".join(line for page in pages for line in page))
    silent = sum(1 for page in pages if sum(len(line.split()) for line in page) < FEWEST_WORDS)
    if silent > len(pages) / 2:
        raise Unreadable("scanned", pages=silent, count=len(pages))
    notes = [Note("silent_pages", {"count": silent})] if silent else []
    pages, gone = without_furniture(pages)
    if gone:
        notes.append(Note("furniture", {"lines": gone[:6], "count": len(gone)}))
    return settled(_blocks(pages, first), notes, count)


def without_furniture(pages: Sequence[Sequence[str]]) -> tuple[list[list[str]], list[str]]:
    """The pages without the lines at their edges that come back on many of them, and those lines, each once."""
    edges = [_edge(page) for page in pages]
    seen = Counter(key for page, edge in zip(pages, edges, strict=True) for key in {_key(page[at]) for at in edge})
    often = {key for key, times in seen.items() if times >= 2 and times >= 0.4 * len(pages) and len(pages) >= 2}
    gone: dict[str, str] = {}
    kept = []
    shown: set[str] = set()
    for page, edge in zip(pages, edges, strict=True):
        left = []
        for at, line in enumerate(page):
            key = _key(line)
            is_number = at in edge and bool(PAGE_NUMBER.match(line.strip()))
            if at in edge and (is_number or key in often):
                if not is_number and key not in shown and page is pages[0] and not re.search(r"#", key):
                    shown.add(key)
                    left.append(line)  # a running head says the title: once it's kept
                gone.setdefault("#" if is_number else key, line.strip())
            else:
                left.append(line)
        kept.append(left)
    return kept, [line for key, line in gone.items() if key != "#"] + ([gone["#"]] if "#" in gone else [])


def _edge(page: Sequence[str]) -> set[int]:
    """The lines nearest to the page's top and bottom that say something."""
    said = [at for at, line in enumerate(page) if line.strip()]
    return set(said[:EDGE] + said[-EDGE:])


def _key(line: str) -> str:
    return re.sub(r"\d+", "#", " ".join(line.lower().split()))


def _lines(page: Any) -> list[str]:
    """What a page says, line by line, an empty one for a gap."""
    try:
        contents = page.get_contents()
        if contents is not None and len(contents.get_data()) > LARGEST_PAGE:
            raise Unreadable("too_long_page")
        try:
            said = page.extract_text(extraction_mode="layout", layout_mode_strip_rotated=True, layout_mode_font_height_weight=GAP)
        except Exception:  # noqa: BLE001 (fonts that say nothing about their widths: the plain way still reads them)
            said = page.extract_text()
        return [_legible(line) for line in said.splitlines()]
    except Unreadable:
        raise
    except Exception:  # noqa: BLE001
        raise Unreadable("damaged") from None


def _legible(line: str) -> str:
    for ligature, letters in (("ﬁ", "fi"), ("ﬂ", "fl"), ("ﬀ", "ff"), ("ﬃ", "ffi"), ("ﬄ", "ffl")):
        line = line.replace(ligature, letters)
    return line.rstrip()


def _blocks(pages: Sequence[Sequence[str]], first: int) -> list[Block]:
    width = lines.width_of([" ".join(line.split()) for page in pages for line in page])
    blocks: list[Block] = []
    for number, page in enumerate(_spaced(pages), first):
        said = [re.sub(r"(?<=\S) {2,}(?=\S)", _gap, line) for line in page]
        for part in lines.paragraphs([line.strip() for line in said], width=width):
            kind = Kind.CONTENTS if lines.has_leader(part) and len(part) < 200 else Kind.PARAGRAPH
            blocks.append(Block(tidy(part), kind, page=number))
    return blocks


def _gap(match: re.Match[str]) -> str:
    """A wide gap inside a line is kept as a tab (a table, a line of contents); a narrow one is a space."""
    return "\t" if len(match.group()) >= 6 else " "


def _spaced(pages: Sequence[Sequence[str]]) -> list[list[str]]:
    """The lines with one empty line where the gap is wider than it usually is in this document, and none elsewhere."""
    steps: Counter[int] = Counter()
    for page in pages:
        said = [at for at, line in enumerate(page) if line.strip()]
        steps.update(other - one for one, other in zip(said, said[1:], strict=False))
    usual = steps.most_common(1)[0][0] if steps else 1
    found = []
    for page in pages:
        kept: list[str] = []
        before: int | None = None
        for at, line in enumerate(page):
            if line.strip():
                if before is not None and at - before > usual + max(1, 0.3 * usual):
                    kept.append("")
                kept.append(line)
                before = at
        found.append(kept)
    return found
