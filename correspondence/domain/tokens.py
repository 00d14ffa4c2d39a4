"""PURE: the words in braces that a letter may hold. Plain names from a fixed list; nothing reaches into an object (trust.md 17)."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

# Known of every letter …
OF_EVERY_LETTER: Final = frozenset(
    {
        "name", "council", "reference", "protocol", "today", "sender", "sender_role", "raiser", "raiser_role", "subject",
        "subject_role", "proper_officer", "monitoring_officer", "councillor", "panel",
    }
)  # fmt: skip
# … and what the procedure that asks for it fills in.
OF_A_PROCEDURE: Final = frozenset(
    {
        "next_step", "answer_by", "matter", "hearing_date", "hearing_time", "hearing_place", "companion", "papers_by", "postpone_by",
        "findings", "decision", "reasons", "recommendations", "measures", "appeal_by", "appeal_to", "appeal_right", "appeal_grounds",
        "destination", "code_paragraph", "papers", "summary", "mediator", "meeting_date", "minute_ref", "agenda_item", "decided_by",
        "decided_on", "told_by",
    }
)  # fmt: skip
ALLOWED: Final = OF_EVERY_LETTER | OF_A_PROCEDURE
_TOKEN: Final = re.compile(r"\{([a-z_]{1,40})\}")
_BRACES: Final = re.compile(r"\{[^{}\n]{1,120}\}")


class UnknownToken(ValueError):
    """A value was given for a word that no letter knows."""


def fill(template: str, values: Mapping[str, str]) -> str:
    """``template`` with each ``{name}`` of the list replaced by its text, once.

    What has no value stays as it is, so that whoever edits the letter sees what is missing. A value is never read as a
    template. Raises UnknownToken when ``values`` names something that isn't on the list.
    """
    strange = sorted(set(values) - ALLOWED)
    if strange:
        raise UnknownToken(f"No letter knows {', '.join(strange)}.")
    return _TOKEN.sub(lambda found: str(values[found[1]]) if values.get(found[1]) else found[0], template)


def left(text: str) -> list[str]:
    """What still stands in braces, each once, in order: a letter that holds any isn't sent."""
    return list(dict.fromkeys(_BRACES.findall(text)))


def used(template: str) -> list[str]:
    """The names a template asks for, each once, in order."""
    return list(dict.fromkeys(_TOKEN.findall(template)))


def known(names: Iterable[str]) -> bool:
    """Whether every name is on the list."""
    return set(names) <= ALLOWED
