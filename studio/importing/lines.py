"""Lines of a printed or wrapped text put together to paragraphs again, and the marks a line may begin with."""

from __future__ import annotations

import re
from collections.abc import Sequence

BULLET = r"[-•*–—▪●○◦∙·§o\uf0b7\uf0a7]"
ITEM = re.compile(rf"^\s*(?:{BULLET}(?=\s)|\(?[a-z]{{1,2}}[.)](?=\s)|\(?[ivxl]{{1,5}}[.)](?=\s)|\([A-Za-z]{{1,4}}\)|\(\d{{1,2}}\)(?=[\s(]))\s*")
NUMBERED = re.compile(rf"^\s*(?:{BULLET}\s+)?(?:[A-Z]{{1,2}})?\d{{1,3}}(?:(?:\.\d{{1,3}})+(?:-\d{{1,3}})?[.):]?|[.):])(?:\s|$)")
LEADER = re.compile(r"(?:\.{3,}|…{1,}|_{4,}|\s{3,}|\t)\s*\|?\s*\d{1,3}\s*\|?$")
ENDED = re.compile(r"""(?:[.:;!?]["'”’)\]]*|https?://\S+)$""")
SOFT = "\u00ad"
LOOKED_AT = 120  # letters from the end of a line: however long it is, its end says enough
SHORT = 0.72  # of the usual width: a line that ends before it may be the last of its paragraph


def is_ended(text: str) -> bool:
    """Whether a line ends as a sentence, or a part of a list, does."""
    return bool(ENDED.search(text.rstrip()[-LOOKED_AT:]))


def has_leader(text: str) -> bool:
    """Whether a line ends in dots, or a gap, and a page number: a line of a table of contents."""
    return bool(LEADER.search(text.rstrip()[-LOOKED_AT:]))


def width_of(lines: Sequence[str]) -> int:
    """How long a full line is."""
    lengths = sorted(len(line.strip()) for line in lines if line.strip())
    return lengths[int(len(lengths) * 0.9)] if lengths else 0


def paragraphs(lines: Sequence[str], *, width: int | None = None) -> list[str]:
    """The lines as paragraphs, "" for an empty one. A line begins a new one after an empty line, at a number or a bullet, and
    after a line that ended early."""
    width = width or width_of(lines)
    found: list[str] = []
    is_open = is_marked = False
    before, indent = "", 0
    for line in lines:
        said = line.strip()
        if not said:
            is_open = False
            continue
        hangs = is_marked and len(line) - len(line.lstrip()) > indent and not is_ended(before) and not ITEM.match(said) and not NUMBERED.match(said)
        if is_open and (hangs or goes_on(before, said, width)):
            found[-1] = f"{found[-1].removesuffix(SOFT)}{said}" if _is_broken(found[-1], said) else f"{found[-1]} {said}"
        else:
            found.append(said)
            is_marked, indent = bool(ITEM.match(said) or NUMBERED.match(said)), len(line) - len(line.lstrip())
        is_open, before = True, said
    return found


def goes_on(before: str, line: str, width: int) -> bool:
    """Whether ``line`` belongs to the paragraph whose last line is ``before``."""
    if ITEM.match(line) or has_leader(line) or has_leader(before):
        return False
    if NUMBERED.match(line):
        return not is_ended(before) and line.lstrip("0123456789.-) ")[:1].islower()
    if len(before) >= SHORT * width or (before.isupper() and line.isupper() and len(before) > 30):
        return True
    return line[:1].islower() or (not is_ended(before) and before.endswith((",", "-")))


def _is_broken(before: str, line: str) -> bool:
    """Whether a word goes on in the next line. A hyphen that can be seen is kept: word processors divide words with one that can't."""
    return before.endswith(SOFT) or (before.endswith("-") and before[-2:-1].isalpha() and line[:1].islower())
