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
_WORD = re.compile(r"[^\W\d_]+(?:['’\-·.][^\W\d_]+)*")


def without_names(text: str, others: Iterable[str], *, own: str = "") -> tuple[str, int]:
    """``text`` without any part of the names of ``others``, but for the parts of ``own``; and how many words were taken out.

    An everyday word that is part of a name ("May", "Hall") goes where it is written with a capital.
    """
    spared = set(naming.parts(own))
    wanted = {part for name in others for part in naming.parts(name)} - spared
    text, addresses = naming.ADDRESS.subn(MARK, text)
    text, references = naming.REFERENCE.subn(MARK, text)
    count = 0

    def cover(found: re.Match[str]) -> str:
        nonlocal count
        word = found[0]
        if _names(word, wanted):
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


def _names(word: str, wanted: Collection[str]) -> bool:
    together = naming.folded(re.sub(r"['’\-·.]", "", word))
    pieces = {naming.folded(piece) for piece in re.split(r"['’\-·.]", word)} | {together}
    hits = pieces & set(wanted)
    if not hits:
        return False
    return not (hits <= naming.ALSO_WORDS and word[:1].islower())
