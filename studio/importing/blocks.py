"""What every reader gives: blocks of text in the document's order, what was noticed on the way, and why a document can't be read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

MOST_WORDS, MOST_LETTERS, MOST_BLOCKS = 60_000, 1_000_000, 5_000
STRUCK = re.compile(r"~~(.+?)~~", re.DOTALL)
SPACES = re.compile(r"[ \u00a0\u2000-\u200a\t]+")
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u0080-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufffe\uffff]")


class Kind(StrEnum):
    """What a block is, as far as the document itself says."""

    PARAGRAPH = "p"
    HEADING = "h"
    ITEM = "i"
    TABLE = "t"
    CONTENTS = "c"
    FOOTNOTE = "f"


@dataclass(frozen=True)
class Block:
    """One paragraph. ``number`` is what Word counts by itself; struck words stand between ``~~`` and ``~~``."""

    text: str
    kind: Kind = Kind.PARAGRAPH
    level: int = 0
    number: str = ""
    page: int = 0

    def as_data(self) -> dict[str, Any]:
        """As it's kept: what is empty is left out."""
        return {key: str(value) if key == "kind" else value for key, value in asdict(self).items() if value}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Block:
        """A block as it was kept."""
        return cls(str(data.get("text", "")), Kind(data.get("kind", "p")), data.get("level", 0), data.get("number", ""), data.get("page", 0))

    @property
    def shown(self) -> str:
        """The text with the number that Word counted."""
        return f"{self.number} {self.text}".strip()


@dataclass(frozen=True)
class Note:
    """Something noticed while reading: a fixed code, and numbers or words for the sentence about it."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """As it's kept."""
        return {"code": self.code, **self.facts}


@dataclass(frozen=True)
class Reading:
    """What was read of a document."""

    blocks: tuple[Block, ...]
    notes: tuple[Note, ...] = ()
    pages: int | None = None


class Unreadable(ValueError):
    """The document can't be brought. ``code`` says why, ``facts`` go into the sentence."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def tidy(text: str) -> str:
    """Text without what can't be seen, runs of spaces as one; line breaks stay."""
    lines = [SPACES.sub(" ", UNSEEN.sub("", line)).strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").split("\n")]
    return "\n".join(line for line in lines if line)


def plain(text: str) -> str:
    """The text without the words that are struck out, tidied up around the gaps."""
    if "~~" not in text:
        return text
    kept = STRUCK.sub("", text).replace("~~", "")
    kept = re.sub(r"[ \t]{2,}", " ", kept)
    return "\n".join(re.sub(r"\s+([,.;:)])", r"\1", line).strip() for line in kept.split("\n") if line.strip())


def pieces(text: str) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it's struck out."""
    found: list[tuple[str, bool]] = []
    end = 0
    for match in STRUCK.finditer(text):
        found += [(text[end : match.start()], False), (match.group(1), True)]
        end = match.end()
    found.append((text[end:].replace("~~", ""), False))
    return [piece for piece in found if piece[0]]


def require_length(text: str, words: int = 0) -> None:
    """Raises Unreadable when a text is far longer than a protocol: before anything looks for patterns in it."""
    if len(text) > MOST_LETTERS or words > MOST_WORDS:
        raise Unreadable("too_long", words=words or len(text.split()), most=MOST_WORDS)


def settled(blocks: list[Block], notes: list[Note], pages: int | None = None) -> Reading:
    """The reading of these blocks, empty ones left out. Raises Unreadable when there is nothing, or far too much."""
    kept = tuple(block for block in blocks if block.text.strip())
    words = sum(len(block.text.split()) for block in kept)
    if not words:
        raise Unreadable("no_text", pages=pages or 0)
    require_length("", words)
    require_length("".join(block.text for block in kept))
    if len(kept) > MOST_BLOCKS:
        raise Unreadable("too_many_rows", most=MOST_BLOCKS)
    struck = sum(1 for block in kept if STRUCK.search(block.text))
    return Reading(kept, (*notes, *([Note("struck", {"count": struck})] if struck else [])), pages)
