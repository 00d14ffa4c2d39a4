"""Plain text: what it's coded in, its simple marks (# headings, **bold**, | tables), and lines that were wrapped."""

from __future__ import annotations

import re

from studio.importing import lines
from studio.importing.blocks import Block, Kind, Note, Reading, Unreadable, require_length, settled, tidy

HASHES = re.compile(r"^\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
WHOLLY_BOLD = re.compile(r"^\s*(\*\*|__)(?!\s)(.+?)(?<!\s)\1:?\s*$", re.DOTALL)
BOLD = re.compile(r"(\*\*|__)(?=\S)(.{1,500}?)(?<=\S)\1")
TAGS = re.compile(r"</?(?:b|i|u|em|strong|p|br|sup|sub|span)\b[^>]{0,200}>", re.IGNORECASE)
LINK = re.compile(r"\[([^\]\n]{1,300})\]\((?:#|https?:|mailto:)[^)\s]{0,500}\)")
GAP = re.compile(r"[^\S\n]{12,}")
UNWRAPPED = 160  # a line longer than this is a whole paragraph: nobody wrapped this text


def decode(content: bytes) -> tuple[str, list[Note]]:
    """The text of bytes in UTF-8, UTF-16 or Windows-1252. Raises Unreadable for anything else."""
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise Unreadable("empty")
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16"), []
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        raise Unreadable("not_text") from None
    if "\x00" in text or sum(1 for c in text if ord(c) < 32 and c not in "\t\n\r\f") > 3:
        raise Unreadable("not_text")
    return text, [Note("windows_1252")]


def read(content: bytes) -> Reading:
    """The blocks of a plain text. Raises Unreadable when it's none, or empty, or far too long."""
    text, notes = decode(content)
    require_length(text, len(text.split()))
    text = GAP.sub(" " * 12, text)
    raw = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n").split("\n")
    width = lines.width_of(raw)
    is_wrapped = max((len(line) for line in raw), default=0) <= UNWRAPPED
    blocks: list[Block] = []
    waiting: list[str] = []

    def put() -> None:
        found = lines.paragraphs(waiting, width=width) if is_wrapped else waiting
        blocks.extend(_block(part) for part in found if part.strip())
        waiting.clear()

    for line in _bold_lines(raw):
        line = TAGS.sub("", line)
        if _is_rule(line):
            put()
        elif (match := HASHES.match(line)) or (match := WHOLLY_BOLD.match(line)):
            put()
            blocks.append(Block(_said(match.group(2)), Kind.HEADING, len(match.group(1)) if match.group(1).startswith("#") else 0))
        elif line.lstrip().startswith("|"):
            put()
            blocks.append(Block(_said(" | ".join(cell.strip() for cell in line.strip().strip("|").split("|"))), Kind.TABLE))
        elif not line.strip():
            put()
        else:
            waiting.append(line)
    put()
    return settled(blocks, notes)


def _is_rule(line: str) -> bool:
    """Whether a line is drawn: under a table's head, or across the page."""
    drawn = "".join(line.split())
    return len(drawn) >= 3 and (set(drawn) <= {"|", ":", "-"} or (len(set(drawn)) == 1 and drawn[0] in "-_*="))


def _bold_lines(raw: list[str]) -> list[str]:
    """Lines, a bold passage that runs over several given on each of them."""
    found: list[str] = []
    is_bold = False
    for line in raw:
        marks = line.count("**")
        if marks % 2:
            found.append(f"**{line.strip()}" if is_bold else f"{line.rstrip()}**")
            is_bold = not is_bold
        else:
            found.append(f"**{line.strip()}**" if is_bold and line.strip() and not marks else line)
        if not line.strip():
            is_bold = False
    return found


def _block(line: str) -> Block:
    kind = Kind.CONTENTS if lines.has_leader(line) and len(line) < 200 and not lines.is_ended(line) else Kind.PARAGRAPH
    return Block(_said(line), kind)


def _said(text: str) -> str:
    return tidy(LINK.sub(r"\1", BOLD.sub(r"\2", text)))
