"""PURE: a row of people as marks, for each panel, with lines as long as its quorum and its full size."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from studio.pictures.drawing import BLUE, GREY, INK, Look, Sheet

MARK: Final = 28.0
STEP: Final = 36.0
LEFT: Final = 12.0
LOOKS: Final = {
    "member": Look(fill="#d2e2f1", line=BLUE),
    "substitute": Look(fill="#ffffff", line=BLUE, dashes="4 3"),
    "both": Look(fill="#fff7bf", line=INK),
    "needed": Look(fill="#ffffff", line=GREY, dashes="2 3", width=1.5),
}
SIGNS: Final = {"member": "●", "substitute": "+", "both": "2", "needed": "?"}


@dataclass(frozen=True, slots=True)
class Strip:
    """One panel: its label, its marks (member | substitute | both | needed), how many it needs, and how many it is made of."""

    label: str
    marks: tuple[str, ...]
    quorum: int
    size: int


def draw(name: str, title: str, desc: str, strips: Sequence[Strip]) -> str:
    """Takes one strip a panel; returns the picture."""
    sheet, y, widest = Sheet(), 4.0, 300.0
    for strip in strips:
        sheet.text(LEFT, y + 14, strip.label, size=14, bold=True)
        y += 24
        for at, kind in enumerate(strip.marks):
            x = LEFT + at * STEP
            sheet.rect(x, y, MARK, MARK, LOOKS[kind])
            sheet.text(x + MARK / 2, y + 19, SIGNS[kind], size=15, bold=True, anchor="middle")
        y += MARK + 8
        sheet.line([(LEFT, y), (_end(strip.quorum), y)], width=4)
        sheet.line([(LEFT, y + 7), (_end(strip.size), y + 7)], colour=GREY, width=3, dashes="6 4")
        y += 26
        widest = max(widest, _end(max(len(strip.marks), strip.size)) + 12, 16 + 9 * len(strip.label))
    return sheet.svg(name=name, title=title, desc=desc, width=widest, height=y, fixed=True)


def _end(number: int) -> float:
    return LEFT + max(number, 1) * STEP - (STEP - MARK)
