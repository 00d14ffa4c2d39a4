"""One field of a section: where it stands in the configuration, what it asks, and what may be answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from councils.protocol import Protocol

Choices = Callable[[Protocol], list[tuple[str, Any]]]
LIST, MAP, SINGLE = "list", "map", "single"


@dataclass(frozen=True)
class Field:
    """`kind`: text, long, choice, truth, many, role, token, tokens, steps, cites, number, yes, date.

    `name` is a dotted path inside the item; the form's control has the same name with underscores.
    """

    name: str
    kind: str
    label: Any
    hint: Any = ""
    choices: Choices | None = None
    required: bool = False
    places: int = 2  # how many selects a list begins with; there is always one to spare
    most: int = 200
    is_more: bool = False  # rarely filled in: folded away until somebody opens it

    @property
    def control(self) -> str:
        """Its Django name."""
        return self.name.replace(".", "_")


@dataclass(frozen=True)
class Section:
    """One part of a protocol that is edited on its own pages."""

    code: str
    title: Any
    intro: Any
    path: str
    kind: str
    fields: tuple[Field, ...]
    title_of: Callable[[Any, str, Protocol], str]
    id_of: Callable[[Any, str], str] = lambda item, key: key
    one: Any = ""  # what one of them is called, for "Add …"
    codes: Callable[[Protocol], list[tuple[str, Any]]] | None = None  # of a mapping: which keys there may be
    wrap: Callable[[Any], Mapping[str, Any]] = lambda raw: raw if isinstance(raw, Mapping) else {}
    unwrap: Callable[[Mapping[str, Any], Any], Any] = lambda item, raw: item
    is_ordered: bool = False
