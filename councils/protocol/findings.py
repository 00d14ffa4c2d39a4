"""Collecting problems in the order people want to read them, each with the clauses it is about."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from councils.protocol.model import Problem
from councils.protocol.shaping import listed, mapping, words

TITLE_BLOCK = "hdr"
_PART = re.compile(r"[^.\[\]]+|\[\d+\]")


def path_of(parts: Iterable[object]) -> str:
    """`routes[3].steps[0].to` from its parts."""
    path = ""
    for part in parts:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    return path


def cites_at(data: Mapping[str, Any], path: str) -> tuple[str, ...]:
    """The clauses cited nearest to a place: by the part itself, else by what it belongs to."""
    found: tuple[str, ...] = ()
    here: Any = data
    for part in _PART.findall(path):
        if part.startswith("["):
            rows, place = listed(here), int(part[1:-1])
            here = rows[place] if place < len(rows) else None
        else:
            here = mapping(here).get(part)
        found = words(mapping(here).get("cites")) or found
    return found


@dataclass(slots=True)
class Findings:
    """The problems of one file so far."""

    file: str
    prefix: str = ""
    problems: list[Problem] = field(default_factory=list)

    def error(self, code: str, path: str, message: str, mend: str = "", cites: Iterable[str] = ()) -> None:
        self._add("error", code, path, message, mend, cites)

    def warning(self, code: str, path: str, message: str, mend: str = "", cites: Iterable[str] = ()) -> None:
        self._add("warning", code, path, message, mend, cites)

    def _add(self, level: str, code: str, path: str, message: str, mend: str, cites: Iterable[str]) -> None:
        clauses = tuple(dict.fromkeys(ref for ref in cites if ref))
        self.problems.append(Problem(level, self.file, self.prefix + path, message, mend, code, clauses))

    def has(self, path: str) -> bool:
        return any(problem.path == self.prefix + path for problem in self.problems)

    def with_clauses(self, data: Mapping[str, Any]) -> None:
        """What was found without a clause gets those cited where it was found."""
        for place, problem in enumerate(self.problems):
            path = problem.path.removeprefix(self.prefix)
            cites = problem.cites or cites_at(data, path) or ((TITLE_BLOCK,) if path.startswith("protocol.") else ())
            self.problems[place] = replace(problem, cites=cites)

    def sorted(self) -> list[Problem]:
        """Errors before warnings, otherwise in the order found; the same finding once."""
        unique = list(dict.fromkeys(self.problems))
        return sorted(unique, key=lambda problem: problem.level != "error")
