"""PURE: does a text name somebody it must not name? For reports to council without names, and for every agenda."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

SHORTEST: Final = 3  # parts of a name shorter than this say nothing
_WORD: Final = re.compile(r"[^\W\d_]+")
_INVISIBLE: Final = ("Cf", "Mn")  # marks and characters that can't be seen
# English words that are names too: counted as a name only where they are written with a capital.
ALSO_WORDS: Final = frozenset(
    {
        "may", "will", "mark", "grant", "rose", "hope", "hall", "young", "long", "short", "brown", "green", "white", "black", "wood",
        "hill", "church", "field", "page", "price", "king", "day", "case", "bill", "rob", "sue", "frank", "art", "dean", "ward", "clerk",
        "march", "june", "april", "august", "summer", "parish", "best", "rich", "wise", "small", "cross", "bridge", "park", "lane", "street",
        "marsh", "moor", "stone", "west", "north", "east", "south", "the", "and", "for", "not", "new", "old", "law", "per", "van", "von", "der",
    }
)  # fmt: skip


def folded(text: str) -> str:
    """Without accents, marks and invisible characters, in small letters: as a reader would recognise it."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(c for c in apart if unicodedata.category(c) not in _INVISIBLE).casefold()


def parts(name: str) -> tuple[str, ...]:
    """The parts of a full name that give it away, folded, each once."""
    plain = folded(name)
    found = [*_WORD.findall(plain), *_WORD.findall(plain.replace("'", "").replace("’", ""))]
    return tuple(dict.fromkeys(word for word in found if len(word) >= SHORTEST))


def named_in(text: str, names: Iterable[str]) -> list[str]:
    """The words of ``text`` that are part of one of the ``names``, as they are written there, each once, in order.

    Whole words only: "Ann" isn't found in "planning", but in "Ann's" and "ANN". A word spread by hyphens or dots is looked
    at without them too.
    """
    wanted = {part for name in names for part in parts(name)}
    visible = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    found: dict[str, None] = {}
    for word in _words(visible):
        plain = folded(word)
        if plain in wanted and not (plain in ALSO_WORDS and word[:1].islower()):
            found.setdefault(word)
    return list(found)


_SPREAD: Final = re.compile(r"(?<!\w)[^\W\d_](?:[.\-·_*][^\W\d_])+(?!\w)")  # K.e.n


def _words(text: str) -> Iterable[str]:
    for found in re.finditer(r"[^\W\d_]+(?:['’][^\W\d_]+)?", text):
        word = found[0]
        head = re.split(r"['’]", word)[0]
        yield head
        if head != word:
            yield word.replace("'", "").replace("’", "")  # O'Neill
            yield re.split(r"['’]", word)[1]
    for found in _SPREAD.finditer(text):
        yield re.sub(r"[.\-·_*]", "", found[0])
