"""PURE: whether a text names somebody: a warning before something is disclosed, never a lock."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

SHORTEST = 3  # of a part of a name: "Jo" is in too many words
TITLES = frozenset({"mrs", "miss", "rev", "sir", "dame", "lady", "lord", "the", "cllr", "prof"})


def words(text: str) -> list[str]:
    """The words of a text in lower case, without accents and signs that can't be seen."""
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in plain if unicodedata.category(c) not in ("Cf", "Mn"))
    return re.findall(r"[^\W_]+", plain.casefold())


def named(text: str, people: Mapping[str, Iterable[str]], *, but: Iterable[str] = ()) -> dict[str, list[str]]:
    """Which of ``people`` (code -> full names) the text names, by any part of a name; ``but``: who is told, and may be named."""
    found = set(words(text))
    own = {part for name in but for part in words(name)} | TITLES
    hits: dict[str, list[str]] = {}
    for code, names in people.items():
        for name in names:
            parts = {part for part in words(name) if len(part) >= SHORTEST} - own
            if parts & found:
                hits.setdefault(code, []).append(name)
    return hits
