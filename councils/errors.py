"""The one exception an action raises for something a person can mend."""

from __future__ import annotations


class Refusal(Exception):
    """An action said no. `message` says why and what to do; `field` names the input it is about, if one.

    Views show it beside the field with what was typed kept; commands print it. `problems` holds further lines (a
    protocol file usually has several faults at once).
    """

    def __init__(self, message: str, *, field: str | None = None, problems: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.problems = problems

    def __str__(self) -> str:
        return str(self.message)
