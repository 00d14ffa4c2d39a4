"""The law that sits over every protocol, as shipped in fixtures/law.yaml; read once in the life of the process."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

from councils import law

SOURCE = Path(__file__).resolve().parent.parent / "fixtures" / "law.yaml"


@lru_cache(maxsize=1)
def whole() -> law.Law:
    """Returns the whole layer, items not yet commenced included. Raises ProtocolFileError for a damaged file."""
    return law.load(SOURCE.read_bytes(), name=SOURCE.name)


def in_force(jurisdiction: str, on: date) -> tuple[law.LawItem, ...]:
    """Takes a jurisdiction and a day; returns what applies there on it, in the order written."""
    return whole().in_force(jurisdiction, on)
