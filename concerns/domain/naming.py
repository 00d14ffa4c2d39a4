"""PURE: which words of a text name somebody: one search for every text that others will read.

A name is found as a reader would find it: whole words in any case, without accents, marks and signs that can't be seen, in
parts joined by hyphens or apostrophes, and spread by dots ("K.e.n"). "Ann" isn't found in "planning". The three questions
differ in what they leave to the writer: ``named_in`` and ``names_in`` refuse, so an everyday word has to be left usable;
``named`` asks to confirm, and leaves out nothing.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

SHORTEST: Final = 3  # parts of a name shorter than this say nothing
_INVISIBLE: Final = ("Cf", "Mn")  # marks and characters that can't be seen
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SPREAD: Final = re.compile(r"(?<!\w)[^\W\d_](?:[.\-·_*][^\W\d_])+(?!\w)")  # K.e.n
_BETWEEN: Final = re.compile(r"[.\-·_*]")
REFERENCE: Final = re.compile(r"\b[2-9B-DF-HJ-NP-TV-Z]{4}-[2-9B-DF-HJ-NP-TV-Z]{4}\b", re.IGNORECASE)
ADDRESS: Final = re.compile(r"(?<!\S)\S+@\S+")  # from the start of a word alone: a long one isn't searched again from each of its letters
# In front of a name and part of none; a surname that is spelt like one is a name.
TITLES: Final = frozenset({"mrs", "miss", "rev", "sir", "dame", "lady", "lord", "the", "cllr", "councillor", "prof", "van"})
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
    return _bare(text).casefold()


def parts(name: str) -> tuple[str, ...]:
    """The parts of a full name that give it away, folded, each once; without a title in front of it."""
    words = name.split()
    last = len(words) - 1
    found = [part for at, word in enumerate(words) for part in _pieces(word) if at == last or part not in TITLES]
    return tuple(dict.fromkeys(found))


def named_in(text: str, names: Iterable[str]) -> list[str]:
    """The words of ``text`` that are part of one of the ``names``, as they are written there, each once, in order.

    An everyday word ("may", "hall") counts where it has a capital.
    """
    wanted = {part for name in names for part in parts(name)}
    found = (word for word in _words(text) if word.plain in wanted and not (word.plain in ALSO_WORDS and word.is_small))
    return list(dict.fromkeys(word.written for word in found))


def named(text: str, people: Mapping[str, Iterable[str]], *, but: Iterable[str] = ()) -> dict[str, list[str]]:
    """Which of ``people`` (code -> full names) the text names, by any part of a name; ``but``: who is told, and may be named."""
    found = {word.plain for word in _words(text)}
    own = {part for name in but for part in parts(name)}
    hits: dict[str, list[str]] = {}
    for code, names in people.items():
        for name in names:
            if found & (set(parts(name)) - own):
                hits.setdefault(code, []).append(name)
    return hits


def names_in(text: str, people: Iterable[str]) -> tuple[str, ...]:
    """What in ``text`` names one of many ``people``, say a whole council: each once, e-mail addresses and references first.

    A surname counts in any case, a first name where it has a capital.
    """
    surnames: set[str] = set()
    first: set[str] = set()
    for name in people:
        surname = set(_pieces(name.split()[-1])) if name.split() else set()
        surnames |= surname
        first |= set(parts(name)) - surname
    found = [*ADDRESS.findall(text), *REFERENCE.findall(text)]
    for word in _words(text):
        if word.plain in surnames or (word.plain in first and not word.is_small):
            found.append(_bare(word.whole.replace("’", "'")))
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a text, or a part of one, with the word it stands in."""

    written: str
    whole: str

    @property
    def plain(self) -> str:
        return folded(self.written)

    @property
    def is_small(self) -> bool:
        return self.written[:1].islower()


def _bare(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(c for c in apart if unicodedata.category(c) not in _INVISIBLE)


def _pieces(word: str) -> Iterator[str]:
    plain = folded(word)
    for piece in (*_LETTERS.findall(plain), *_LETTERS.findall(plain.replace("'", "").replace("’", ""))):
        if len(piece) >= SHORTEST:
            yield piece


def _words(text: str) -> Iterator[_Word]:
    composed = unicodedata.normalize("NFKC", text)
    visible = "".join(c for c in composed if unicodedata.category(c) not in _INVISIBLE)
    for found in _WORD.finditer(visible):
        word = found[0]
        head, mark, tail = word.replace("’", "'").partition("'")
        yield _Word(head, head if tail.casefold() == "s" or not mark else word)
        if mark:
            yield _Word(head + tail, word)  # O'Neill
            yield _Word(tail, word)
    for found in _SPREAD.finditer(visible):
        together = _BETWEEN.sub("", found[0])
        yield _Word(together, together)
