"""The public register of a council: what other rooms add to it. A room calls ``add`` when the project starts.

A section's reading takes (council, day) and returns what its template reads; it must hold nothing of a case or a person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from councils.models import Council

Reading = Callable[[Council, date], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the register: its id on the page, heading, template and what it reads."""

    code: str
    heading: Any
    template: str
    reading: Reading


_sections: dict[str, Section] = {}
_pages: dict[str, tuple[Any, Callable[[Council], bool]]] = {}


def add(code: str, *, heading: Any, template: str, reading: Reading) -> None:
    """Adds a section to every council's register; the same code again replaces it."""
    _sections[code] = Section(code, heading, template, reading)


def sections(council: Council, on: date) -> list[dict[str, Any]]:
    """The sections as the page draws them, in the order they were added."""
    return [
        {"code": row.code, "heading": row.heading, "template": row.template, "content": row.reading(council, on)} for row in _sections.values()
    ]


def add_page(address: str, *, label: Any, is_there: Callable[[Council], bool]) -> None:
    """Adds another room's public page to the links of every council for which ``is_there``."""
    _pages[address] = (label, is_there)


def pages(council: Council) -> list[tuple[str, Any]]:
    """(address, label) of the pages that other rooms have for this council."""
    return [(address, label) for address, (label, is_there) in _pages.items() if is_there(council)]
