"""Where a document's own text begins and ends: the title block, the table of contents, and what is signed at the end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from studio.importing.blocks import Block, Kind, plain
from studio.importing.marks import Sort, is_short, mark_of, same, starts_small

CONTENTS = re.compile(r"^(?:table of )?contents(?: page)?:?$|^index$|^cynnwys$", re.IGNORECASE)
ABOUT = re.compile(
    r"\b(protocol|council|policy|version|draft|adopted|approved|review(?:ed)?|date|page|part \w+|schedule|appendix|issue|owner|author|minute|"
    r"protocol|cyngor|polisi|fersiwn|drafft)\b", re.IGNORECASE,
)  # fmt: skip
SIGNED = re.compile(
    r"^(?:adopted|approved|agreed|ratified|signed?|signature|dated?\b|chair(?:man|woman|person)?\b|(?:town )?mayor\b|(?:town |parish )?clerk\b|minute|"
    r"amendment record|amendments?\b|document (?:history|control)|version\b|revision|review(?:ed)?\b|next review|history\b|printed name|name\b|"
    r"mabwysiad|llofnod|dyddiad|cymeradwy|adolyg|fersiwn)", re.IGNORECASE,
)  # fmt: skip
RECORD = re.compile(r"^(?:amendment record|amendments?|document (?:history|control)|version (?:control|history)|revision (?:record|history)|record of amendments?)$", re.IGNORECASE)
FEWEST_ENTRIES = 2


@dataclass(frozen=True)
class Layout:
    """``start`` ≤ the document's own text < ``end``; ``contents`` are inside; ``known`` headings stand in the contents."""

    start: int
    end: int
    contents: frozenset[int]
    known: frozenset[str]


def layout_of(blocks: Sequence[Block]) -> Layout:
    """Where the parts of a document are."""
    listed, entries = _contents(blocks)
    end = _end(blocks)
    start = max(listed) + 1 if listed and max(listed) < len(blocks) * 0.6 else _start(blocks, listed, end)
    return Layout(min(start, end), end, frozenset(listed), frozenset(entries))


def _contents(blocks: Sequence[Block]) -> tuple[set[int], list[str]]:
    """The lines of a table of contents, and what they name."""
    listed: set[int] = set()
    entries: list[str] = []
    for at, block in enumerate(blocks):
        if not CONTENTS.match(plain(block.text).strip()):
            continue
        listed.add(at)
        for after in range(at + 1, len(blocks)):
            entry = blocks[after]
            if entry.kind not in (Kind.CONTENTS, Kind.TABLE):
                said = mark_of(entry).rest or entry.text
                if not is_short(said) or (len(entries) >= FEWEST_ENTRIES and same(entry.text) == entries[0]):
                    break
            listed.add(after)
            if same(entry.text):
                entries.append(same(entry.text))
        break
    run: list[int] = []
    for at, block in enumerate([*blocks, Block("")]):
        if block.kind is Kind.CONTENTS:
            run.append(at)
            continue
        if len(run) >= 3:
            listed.update(run)
            entries += [same(blocks[one].text) for one in run]
        run = []
    return listed, entries


def _start(blocks: Sequence[Block], listed: set[int], end: int) -> int:
    """The first heading, number or sentence that is the document's own and not its title."""
    before: int | None = None
    for at in range(end):
        block = blocks[at]
        if at in listed or block.kind is Kind.TABLE:
            continue
        mark = mark_of(block)
        if mark.sort in (Sort.MANY, Sort.ONE):
            return at if before is None else before
        if is_short(plain(block.text)) or block.kind is Kind.HEADING:
            # the heading right above the text begins it; a title, or a line about the document, doesn't
            before = None if ABOUT.search(block.text) and block.kind is not Kind.HEADING or _is_title(blocks, at) else (at if before is None else before)
        elif not starts_small(block.text):
            if before is not None or not ABOUT.search(block.text):
                return at if before is None else before
            if not any(mark_of(one).sort in (Sort.MANY, Sort.ONE) for one in blocks[at:end]) and not _heading_follows(blocks, at, end):
                return at
    return 0 if before is None else before


def _is_title(blocks: Sequence[Block], at: int) -> bool:
    """Whether a heading is the document's title: it says so, and another heading or line about the document follows it."""
    text = blocks[at].text
    return bool(re.search(r"\b(protocol|council|cyngor|part \w+)\b", text, re.IGNORECASE)) and at < 8 and mark_of(blocks[at]).sort is Sort.NONE


def _heading_follows(blocks: Sequence[Block], at: int, end: int) -> bool:
    return any(blocks[one].kind is Kind.HEADING or is_short(plain(blocks[one].text)) for one in range(at + 1, min(at + 6, end)))


def _end(blocks: Sequence[Block]) -> int:
    """After the last clause: signatures and records of amendments at the end are left out."""
    end = len(blocks)
    while end > 0 and blocks[end - 1].kind is Kind.FOOTNOTE:
        end -= 1
    last = end
    while last > 0:
        block = blocks[last - 1]
        said = plain(block.text).strip()
        if mark_of(block).sort is Sort.NONE and len(said.split()) <= 20 and (SIGNED.match(said) or block.kind is Kind.TABLE):
            last -= 1
        else:
            break
    for at in range(len(blocks) // 2, last):  # "Amendment record" and everything behind it, when no clause follows
        if RECORD.match(plain(blocks[at].text).strip()) and not any(mark_of(one).sort is Sort.MANY for one in blocks[at:end]):
            return at
    return last
