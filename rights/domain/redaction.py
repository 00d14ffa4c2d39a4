"""PURE: other people's names out of a text that somebody is given because it is about them (law layer D3).

Every part of every name is taken out, as a reader would recognise it; so are addresses of e-mail. Too much is taken out
rather than too little: whoever prepares the answer sees how much, and a second person looks at it before it goes out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from concerns.domain import naming

#: Stands where a name stood.
MARK = "█████"
#: Marks that stand behind their letter (text from a Mac or out of a PDF), and what can't be seen.
_UNSEEN = "[\u0300-\u036f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*"
_LETTERS = rf"(?:[^\W\d_]{_UNSEEN})+"
_WORD = re.compile(rf"{_LETTERS}(?:['’\-·.]{_UNSEEN}{_LETTERS})*")
#: Two letters that are no name where they stand in front of one.
_BEFORE = frozenset({"mr", "ms", "mx", "dr", "cr", "st", "de", "da", "di", "du", "la", "le", "el", "ap", "ab"})


def without_names(text: str, others: Iterable[str], *, own: str = "") -> tuple[str, int]:
    """``text`` without any part of the names of ``others``, but for the parts of ``own``; and how many words were taken out.

    An everyday word that is part of a name ("May", "Hall"), and a name of two letters ("Jo", "Ng"), go where they are written
    with a capital.
    """
    names = list(others)
    wanted = {part for name in names for part in naming.parts(name)} - set(naming.parts(own))
    short = {part for name in names for part in _short(name)} - set(_short(own))
    text, addresses = naming.ADDRESS.subn(MARK, text)
    text, references = naming.REFERENCE.subn(MARK, text)
    count = 0

    def cover(found: re.Match[str]) -> str:
        nonlocal count
        word = found[0]
        if _names(word, wanted, short):
            count += 1
            return MARK
        return word

    return _WORD.sub(cover, text), count + addresses + references


def without_words(text: str, words: Collection[str]) -> tuple[str, int]:
    """``text`` without each of the ``words`` or phrases, in any case; and how many were taken out."""
    phrases = sorted({word.strip() for word in words if word.strip()}, key=len, reverse=True)
    if not phrases:
        return text, 0
    return re.subn("|".join(re.escape(phrase) for phrase in phrases), MARK, text, flags=re.IGNORECASE)


def _short(name: str) -> list[str]:
    """The parts of a name that have two letters."""
    words = [naming.folded(word) for word in re.split(r"[\s'’\-·.]+", name) if word]
    return [word for at, word in enumerate(words) if len(word) == 2 and word.isalpha() and (at == len(words) - 1 or word not in _BEFORE)]


def _names(word: str, wanted: Collection[str], short: Collection[str]) -> bool:
    together = naming.folded(re.sub(r"['’\-·.]", "", word))
    pieces = {naming.folded(piece) for piece in re.split(r"['’\-·.]", word)} | {together}
    if not (hits := pieces & {*wanted, *short}):
        return False
    return not (word[:1].islower() and hits <= {*naming.ALSO_WORDS, *short})
