"""A document's rows → ``clauses`` of a protocol configuration: number, heading, gist, the council's own words, parts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from studio.importing.splitting import CLAUSE, HEADING, Row

LONGEST_GIST = 160
PART = re.compile(r"^(?:\(([a-z]{1,4}|\d{1,2})\)|-)\s+(\S.*)$")


def clauses(rows: Sequence[Row], *, untitled: str = "Clauses", paragraph: str = "paragraph {count}") -> list[dict[str, Any]]:
    """Takes rows; returns the clauses in order. Without a gist of its own a clause is listed under its first words.

    ``untitled`` is the heading of clauses that stand before any. Assigned numbers are marked so, and say which ``paragraph`` it is.
    """
    found = []
    for row, headings in under_headings(rows):
        number, text = str(row["number"]), str(row["text"]).strip()
        heading = " — ".join(headings) or untitled
        clause: dict[str, Any] = {"number": number, "heading": heading[:300]}
        if row.get("assigned"):
            clause |= {"display": f"{headings[-1] if headings else untitled}, {paragraph.format(count=_place(number))}"[:300], "ref_assigned": True}
        if text:
            clause |= {"gist": row.get("gist") or opening(_before_parts(text)), "text": text}
        else:
            clause["status"] = "deleted"
        parts = parts_of(number, text)
        if parts:
            clause["parts"] = parts
        found.append(clause)
    return found


def _place(number: str) -> str:
    """Where in its section a clause without a number of its own stands."""
    count = re.search(r"(\d+)\)?$", number)
    return count.group(1) if count else "1"


def under_headings(rows: Sequence[Row]) -> list[tuple[Row, list[str]]]:
    """Each clause with the headings it stands under, outermost first."""
    stack: list[tuple[int, str]] = []
    found = []
    for row in rows:
        if row["kind"] == HEADING:
            level = int(row.get("level") or 1)
            stack = [one for one in stack if one[0] < level] + [(level, " ".join(str(row["text"]).split()))]
        elif row["kind"] == CLAUSE:
            found.append((row, [text for _level, text in stack if text]))
    return found


def opening(text: str) -> str:
    """The first words of a text, cut between two of them."""
    said = " ".join(text.split())
    if len(said) <= LONGEST_GIST:
        return said
    return said[:LONGEST_GIST].rsplit(" ", 1)[0].rstrip(" ,;:-–") + "…"


def _before_parts(text: str) -> str:
    """What a clause says before its lettered or listed parts, which are listed by themselves; the whole where it begins with one."""
    lines = text.split("\n")
    first = next((at for at, line in enumerate(lines) if PART.match(line)), len(lines))
    return "\n".join(lines[:first]).strip() or text


def parts_of(number: str, text: str) -> list[dict[str, Any]]:
    """The lettered or listed parts of a clause, as they can be cited: 11.3(a); bullets are counted, 2.5(1)."""
    found: list[dict[str, Any]] = []
    seen: set[str] = set()
    bullets = 0
    for line in text.split("\n"):
        match = PART.match(line)
        if not match:
            continue
        label, words = match.groups()
        if label is None:
            bullets += 1
            label = str(bullets)
        ref = f"{number}({label})"
        if ref in seen:
            continue
        seen.add(ref)
        part: dict[str, Any] = {"ref": ref, "gist": opening(words)}
        if match.group(1) is None:
            part["ref_assigned"] = True
        found.append(part)
    return found
