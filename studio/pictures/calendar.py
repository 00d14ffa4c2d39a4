"""PURE: days on a line of years: one row a day, the text beside it, today as an upright line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from studio.pictures.drawing import BLUE, GREY, INK, QUIET, RED, Look, Sheet, width_of, wrap

WIDTH: Final = 760.0
EDGE: Final = 14.0
ROW: Final = 34.0
SIGNS: Final = {"done": "✓", "counts": "!", "late": "!", "due": "•", "began": "▸"}
COLOURS: Final = {"done": GREY, "counts": BLUE, "late": RED, "due": QUIET, "began": INK}


@dataclass(frozen=True, slots=True)
class Day:
    """A day with its words. ``kind``: began | done | due | counts (the one that counts) | late (it counts, and is past)."""

    on: date
    words: str
    kind: str = "due"


def draw(name: str, title: str, desc: str, days: Sequence[Day], *, today: date, today_words: str) -> str:
    """Takes days and today; returns the picture. The line begins with the first of them and ends after the last."""
    found = sorted(days, key=lambda day: day.on)
    first = min([day.on for day in found] + [today])
    last = max([day.on for day in found] + [today])
    begin, end = date(first.year, 1, 1), date(min(last.year + 1, 9999), 1, 1)
    span = max((end - begin).days, 1)

    def place(day: date) -> float:
        return EDGE + (day - begin).days / span * (WIDTH - 2 * EDGE)

    sheet = Sheet()
    height = 46 + ROW * len(found) + 10
    years = range(begin.year, end.year + 1)
    step = max(1, -(-len(years) // 12))
    for year in years:
        x = place(date(year, 1, 1))
        sheet.line([(x, 26), (x, height)], colour="#e3e3e3", width=1)
        if (year - begin.year) % step == 0 and x < WIDTH - 30:
            sheet.text(x + 3, 18, str(year), size=12, colour=QUIET)
    sheet.line([(EDGE, 26), (WIDTH - EDGE, 26)], colour=GREY)
    now = place(today)
    sheet.line([(now, 26), (now, height)], colour=INK, dashes="3 3")
    right = now + width_of(today_words, 12, bold=True) + 6 < WIDTH
    sheet.text(now + (5 if right else -5), 40, today_words, size=12, bold=True, anchor="start" if right else "end")
    y = 46.0 + ROW / 2
    for day in found:
        _row(sheet, place(day.on), y, day)
        y += ROW
    return sheet.svg(name=name, title=title, desc=desc, width=WIDTH, height=height)


def _row(sheet: Sheet, x: float, y: float, day: Day) -> None:
    """A mark, and its words on the side where there is more room, on white so that no line runs through them."""
    right = x < WIDTH / 2
    room = (WIDTH - x if right else x) - 26
    lines = wrap(day.words, room, 12.5, bold=day.kind in ("counts", "late"), most=2)
    widest = max((width_of(line, 12.5, bold=day.kind in ("counts", "late")) for line in lines), default=0)
    left = x + 15 if right else x - 15 - widest
    sheet.rect(left - 2, y - 8 * len(lines), widest + 4, 16 * len(lines), Look(line="#ffffff", width=0.5), round_by=0)
    sheet.dot(x, y, SIGNS[day.kind], colour=COLOURS[day.kind])
    top = y - 8 * len(lines) + 12
    for at, line in enumerate(lines):
        sheet.text(x + 15 if right else x - 15, top + 16 * at, line, size=12.5, bold=day.kind in ("counts", "late"), anchor="start" if right else "end")
