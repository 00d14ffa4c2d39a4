"""Collecting problems in the order people want to read them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from councils.protocol.model import Problem


def path_of(parts: Iterable[object]) -> str:
    """`routes[3].steps[0].to` from its parts."""
    path = ""
    for part in parts:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    return path


@dataclass(slots=True)
class Findings:
    """The problems of one file so far."""

    file: str
    prefix: str = ""
    problems: list[Problem] = field(default_factory=list)

    def error(self, code: str, path: str, message: str, mend: str = "") -> None:
        self.problems.append(Problem("error", self.file, self.prefix + path, message, mend, code))

    def warning(self, code: str, path: str, message: str, mend: str = "") -> None:
        self.problems.append(Problem("warning", self.file, self.prefix + path, message, mend, code))

    def has(self, path: str) -> bool:
        return any(problem.path == self.prefix + path for problem in self.problems)

    def sorted(self) -> list[Problem]:
        """Errors before warnings, otherwise in the order found; the same finding once."""
        unique = list(dict.fromkeys(self.problems))
        return sorted(unique, key=lambda problem: problem.level != "error")
