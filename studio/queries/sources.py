"""What a council's first draft can begin with: the plain protocol, the shape of another council's, its own document."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from councils.models import Council
from councils.protocol import read_yaml, unwrap
from studio.models import ImportedDocument

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Shape:
    """A protocol shipped with the portal: its code, whose it was, and how many clauses it has."""

    code: str
    name: str
    kind: str
    clauses: int


@cache
def shapes() -> tuple[Shape, ...]:
    """The councils' protocols that are shipped, by name. Read once."""
    found = []
    for path in sorted((FIXTURES / "protocols").glob("*.yaml")):
        config = shape_config(path.stem)
        found.append(Shape(path.stem, str(config["name"]), str(config.get("kind") or ""), len(config.get("clauses") or ())))
    return tuple(sorted(found, key=lambda shape: shape.name))


@cache
def shape_config(code: str) -> dict[str, Any]:
    """Takes the code of a shipped protocol, or PLAIN; returns its configuration: copy it before you change it. Raises KeyError."""
    folder = FIXTURES / ("shapes" if code == PLAIN else "protocols")
    known = {path.stem: path for path in folder.glob("*.yaml")}
    return dict(unwrap(read_yaml(known[code].read_bytes(), name=known[code].name)))


def titles() -> frozenset[str]:
    """The titles of the plain protocol and of every shape: a draft that still has one of them was given none of its own."""
    return frozenset(str(shape_config(code)["protocol"]["title"]) for code in (PLAIN, *(shape.code for shape in shapes())))


def documents(council: Council) -> list[ImportedDocument]:
    """Takes a council; returns the documents it brought, the newest first."""
    return list(ImportedDocument.objects.filter(council=council).order_by("-imported_at"))


def document(council: Council, pk: str) -> ImportedDocument | None:
    """Takes a council and an id as typed; returns its document of that id, or None."""
    try:
        return ImportedDocument.objects.filter(council=council, pk=UUID(pk)).first()
    except ValueError:
        return None
