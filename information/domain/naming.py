"""Whether words meant for everyone of the council name somebody of it."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

REFERENCE: Final = re.compile(r"\b[2-9B-DF-HJ-NP-TV-Z]{4}-[2-9B-DF-HJ-NP-TV-Z]{4}\b", re.IGNORECASE)
ADDRESS: Final = re.compile(r"\S+@\S+")
WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
TITLES: Final = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "cllr", "councillor", "sir", "dame", "lord", "lady", "the", "of", "de", "van"})
SHORTEST: Final = 3


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def names_in(text: str, people: Iterable[str]) -> tuple[str, ...]:
    """Takes a text and people's full names; returns what in it names somebody, as written, each once.

    A surname counts in any case, a first name where it is written with a capital; so do e-mail addresses and references.
    """
    surnames: set[str] = set()
    first: set[str] = set()
    for full_name in people:
        parts = [part for part in WORD.findall(_plain(full_name)) if part.casefold() not in TITLES]
        if parts:
            surnames.add(parts[-1].casefold())
            first |= {part.casefold() for part in parts[:-1] if len(part) >= SHORTEST}
    found = [*ADDRESS.findall(text), *REFERENCE.findall(text)]
    for word in WORD.findall(_plain(text)):
        bare = word.removesuffix("'s").removesuffix("'")
        is_first = bare.casefold() in first and bare[:1].isupper()
        if (bare.casefold() in surnames and len(bare) >= SHORTEST) or is_first:
            found.append(bare)
    return tuple(dict.fromkeys(found))
