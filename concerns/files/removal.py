"""Words taken out of text: every place where their letters stand, however they are spaced, broken or written."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

BLOCK = "██"
DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2212"


def folded(text: str) -> tuple[str, list[int]]:
    """The letters and digits of ``text``, without case, accents, ligatures and spaces; and where in ``text`` each stood."""
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for part in unicodedata.normalize("NFKD", character).casefold():
            for plain in unicodedata.normalize("NFKD", part):
                if plain.isalnum():
                    letters.append(plain)
                    places.append(place)
    return "".join(letters), places


def _spans(text: str, word: str) -> Iterable[tuple[int, int]]:
    """Where ``word`` stands: as part of a longer word too; across spaces and line ends only as a word of its own."""
    wanted, _places = folded(word)
    if not wanted:
        return
    letters, places = folded(text)
    spaced = any(not c.isalnum() for c in word.strip())
    at = letters.find(wanted)
    while at >= 0:
        start, end = places[at], places[at + len(wanted) - 1] + 1
        inside = text[start:end]
        whole = not any(c.isspace() for c in inside)
        alone = (start == 0 or not text[start - 1].isalnum()) and (end >= len(text) or not text[end].isalnum())
        broken = any(c in f"{DASHES}\u00ad" for c in inside) and "\n" in inside  # hyphenated at the end of a line
        if whole or alone or spaced or broken:
            yield start, end
        at = letters.find(wanted, at + 1)


def remove(text: str, words: Iterable[str]) -> tuple[str, dict[str, int]]:
    """``text`` with a black block for every place of each of ``words``, and how many there were of each."""
    found: dict[str, int] = {}
    spans: list[tuple[int, int]] = []
    for word in words:
        places = list(_spans(text, word))
        found[word] = len(places)
        spans += places
    spans.sort()
    made: list[str] = []
    done = 0
    for start, end in spans:
        if start >= done:
            made += [text[done:start], BLOCK]
        done = max(done, end)
    made.append(text[done:])
    return "".join(made), found


def holds(text: str, word: str) -> bool:
    """Whether ``word`` can still be found in ``text``."""
    return any(True for _span in _spans(text, word))
