"""What a block begins with: a clause's number, a part's letter, a bullet, or nothing; and whether it reads like a heading."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from studio.importing import lines
from studio.importing.blocks import Block, Kind, plain

NAMED = r"(?:clause|section|article|paragraph|para|rule|cymal|adran|paragraff)"
BULLETED = rf"(?:{lines.BULLET}\s+)?"
MANY = re.compile(rf"^{BULLETED}(?i:{NAMED}\s+)?([A-Z]{{0,2}})(\d{{1,3}}(?:\.\d{{1,3}})+)(?:-(\d{{1,3}}))?[.):]?(?:\s+|$)")
DAY = re.compile(r"^\d{1,2}\.\d{2}\.\d{2}\b")  # 07.03.16
ONE = re.compile(rf"^{BULLETED}(?:{NAMED}\s+(\d{{1,3}})[.):–-]?|(\d{{1,3}})[.):])(?:\s+|$)", re.IGNORECASE)
LETTERED = re.compile(r"^([A-Z])\.?(\d{1,3})[.):]?\s+(?=[A-Z“\"'(])")  # B2.
BARE = re.compile(r"^(\d{1,2})\s+(?=[A-Z])")
BULLET = re.compile(rf"^{lines.BULLET}\s+")
LETTER = re.compile(r"^\(?([a-z]{1,2}|[ivxl]{1,5})[.)]\s*(?=\S|$)|^\(([A-Za-z]{1,4}|\d{1,2})\)\s*")
SHORT_WORDS, SHORT_LETTERS, LONGEST_HEADING = 14, 110, 300
DANGLING = re.compile(r"(?:\b(?:and|or|the|of|to|a|an|in|by|for|with|that|must|should)|,|-)$", re.IGNORECASE)


class Sort(StrEnum):
    """The sort of a mark."""

    MANY = "many"  # 2.10
    ONE = "one"  # 2.
    ITEM = "item"  # (a) or a bullet
    NONE = "none"


@dataclass(frozen=True)
class Mark:
    """A block's mark and what follows it."""

    sort: Sort
    rest: str
    label: str = ""
    parts: tuple[int, ...] = ()


def mark_of(block: Block) -> Mark:
    """The mark of a block: the number Word counted, or the one that is written."""
    said = plain(block.text)
    if block.number and block.number != "•":
        counted = _written(f"{block.number} ")
        if counted.sort is not Sort.NONE:
            return Mark(counted.sort, said, counted.label, counted.parts)
        if re.fullmatch(r"\d{1,3}", block.number):
            return Mark(Sort.ONE, said, block.number, (int(block.number),))
    found = _written(said)
    if block.number == "•" or (block.kind is Kind.ITEM and not block.number):
        return found if found.sort is not Sort.NONE else Mark(Sort.ITEM, said, "-")
    if found.sort is Sort.NONE and block.kind is Kind.HEADING and (bare := BARE.match(said)):
        return Mark(Sort.ONE, said[bare.end() :], bare.group(1), (int(bare.group(1)),))
    return found


def _written(said: str) -> Mark:
    if (many := MANY.match(said)) and not DAY.match(said):
        parts = [int(part) for part in many.group(2).split(".")]
        if many.group(3):
            parts[-1] = int(many.group(3))  # 9.40-11: renumbered, the later number counts
        prefix = many.group(1).upper()
        return Mark(Sort.MANY, said[many.end() :], prefix + ".".join(map(str, parts)), tuple(parts))
    if lettered := LETTERED.match(said):
        letter, number = lettered.groups()
        return Mark(Sort.MANY, said[lettered.end() :], f"{letter}{int(number)}", (ord(letter), int(number)))
    if one := ONE.match(said):
        number = one.group(1) or one.group(2)
        return Mark(Sort.ONE, said[one.end() :].lstrip("-–—: "), str(int(number)), (int(number),))
    if bullet := BULLET.match(said):
        inner = LETTER.match(said[bullet.end() :])
        if inner:
            return Mark(Sort.ITEM, said[bullet.end() + inner.end() :], f"({(inner.group(1) or inner.group(2)).lower()})")
        return Mark(Sort.ITEM, said[bullet.end() :], "-")
    if letter := LETTER.match(said):
        return Mark(Sort.ITEM, said[letter.end() :], f"({(letter.group(1) or letter.group(2)).lower()})")
    return Mark(Sort.NONE, said)


def is_short(text: str) -> bool:
    """Whether a text has the length of a heading and doesn't end as a sentence does."""
    said = text.strip()
    return bool(said) and len(said) <= SHORT_LETTERS and len(said.split()) <= SHORT_WORDS and "\n" not in said and not lines.is_ended(said) and not DANGLING.search(said)


def starts_small(text: str) -> bool:
    """Whether it begins with a small letter: it goes on with something."""
    return text.lstrip("“\"'‘([ ")[:1].islower()


def same(text: str) -> str:
    """A heading's words for comparing: no number, no dots, no page, no capitals."""
    if len(text) > LONGEST_HEADING:
        return ""
    said = re.sub(r"[\s.…_|]*\b\d{0,3}\s*\|?\s*$", "", plain(text))
    said = re.sub(rf"^(?:{NAMED}\s+)?(?:\d{{1,3}}(?:\.\d{{1,3}})*[.):]?)\s+", "", said, flags=re.IGNORECASE)
    return " ".join(re.sub(r"[^\w’'&/-]+", " ", said.lower()).split())


def slug_of(heading: str, taken: set[str]) -> str:
    """A short reference made of a heading's own words, not among ``taken``: "Access to premises" → ACCESS."""
    folded = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode()
    words = [word.upper() for word in re.findall(r"[A-Za-z]+", folded) if word.lower() not in {"the", "of", "and", "to", "a", "an", "in", "for", "some", "if", "on", "y", "yr"}]
    words = words or ["TEXT"]
    for made in (words[0][:14], "-".join(words[:2])[:24], "-".join(words[:3])[:34]):
        if made not in taken:
            return made
    return next(made for n in range(2, 1000) if (made := f"{words[0][:14]}-{n}") not in taken)
