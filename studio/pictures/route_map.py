"""PURE: who hears what, in which order. One picture is one stage of a protocol; each row is one of its rules.

On the left who raises it about whom; in the middle who hears it; on the right, dashed, who instead; law in its own colour.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from studio.pictures.drawing import AWAY, BARRED, BY_LAW, FALLBACK, LAW, PLAIN, QUIET, RED, Look, Sheet, leading, width_of, wrap

WIDTH: Final = 760.0
KEY: Final = 345  # the key's width: a phone's
LEFT: Final = (6.0, 176.0)  # where a column begins, and how wide it is
MIDDLE: Final = (232.0, 248.0)
RIGHT: Final = (528.0, 226.0)
TEXT: Final = 14.0
SMALL: Final = 12.0
PAD: Final = 8.0
GAP: Final = 24.0
LOOKS: Final = {"who": PLAIN, "law": BY_LAW, "never": BARRED, "away": AWAY, "instead": FALLBACK}


@dataclass(frozen=True, slots=True)
class Box:
    """Somebody, or a procedure. ``kind``: who | law | never | away | instead. ``tag`` stands over it ("Law L2")."""

    words: str
    kind: str = "who"
    tag: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Who comes in when something holds: "If away", with those asked in turn."""

    label: str
    boxes: tuple[Box, ...]
    ordered: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One rule. ``link``: what stands between its boxes ("or", "and", "then"); ``ordered``: one after the other."""

    raiser: str
    about: str
    lead: str
    boxes: tuple[Box, ...]
    link: str = ""
    ordered: bool = False
    law: tuple[Box, ...] = ()
    law_lead: str = ""
    instead: tuple[Group, ...] = ()
    details: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage with its rules."""

    name: str  # for ids
    title: str
    desc: str
    rows: tuple[Row, ...]


def draw(stage: Stage, *, tallest: float = 0) -> tuple[str, ...]:
    """Takes a stage in words; returns its picture, in several where one would be higher than ``tallest`` (0: one, however high)."""
    sheets: list[tuple[Sheet, float]] = []
    sheet, y = Sheet(), 8.0
    for at, row in enumerate(stage.rows):
        if at and tallest and _row(Sheet(), y + 14, row) + 14 > tallest:
            sheets.append((sheet, y))
            sheet, y = Sheet(), 8.0
        elif at:
            sheet.line([(0, y), (WIDTH, y)], colour="#cecece", width=1)
            y += 14
        y = _row(sheet, y, row) + 14
    sheets.append((sheet, y))
    names = [stage.name] if len(sheets) == 1 else [f"{stage.name}-{at}" for at in range(1, len(sheets) + 1)]
    return tuple(
        done.svg(name=name, title=stage.title, desc=stage.desc, width=WIDTH, height=height)
        for name, (done, height) in zip(names, sheets, strict=True)
    )


def legend(name: str, title: str, entries: Sequence[tuple[str, str]]) -> str:
    """Takes (kind, words) pairs; returns the key to the pictures, no wider than a phone."""
    sheet, x, y = Sheet(), 4.0, 6.0
    for kind, words in entries:
        need = 42 + width_of(words, 13)
        if x > 4 and x + need > KEY:
            x, y = 4.0, y + 28
        sheet.rect(x, y, 30, 18, LOOKS[kind])
        if kind == "never":
            sheet.text(x + 15, y + 14, "×", size=15, bold=True, colour=RED, anchor="middle")
        sheet.text(x + 38, y + 14, words, size=13)
        x += need + 12
    desc = "; ".join(words for _kind, words in entries)
    return sheet.svg(name=name, title=title, desc=desc, width=KEY, height=y + 26, fixed=True)


def _row(sheet: Sheet, top: float, row: Row) -> float:
    left_x, left_width = LEFT
    who = wrap(row.raiser, left_width - 2 * PAD, TEXT, bold=True)
    about = wrap(row.about, left_width - 2 * PAD, TEXT)
    height = 2 * PAD + leading(TEXT) * (len(who) + len(about))
    sheet.rect(left_x, top, left_width, height, Look(fill="#eef3f8", line="#12436d", width=1.5))
    y = sheet.lines(left_x + PAD, top + PAD, who, bold=True)
    sheet.lines(left_x + PAD, y, about)
    lowest = top + height + 5
    for words in (*row.details, row.source):
        if words:
            lowest = sheet.lines(left_x, lowest, wrap(words, left_width, SMALL, most=5), size=SMALL, colour=QUIET) + 3
    begin = top + min(height / 2, 20)
    middle, first = _middle(sheet, top, begin, row)
    right = _right(sheet, top, first, row)
    return max(lowest, middle, right)


def _middle(sheet: Sheet, top: float, begin: float, row: Row) -> tuple[float, float]:
    """Draws who hears it; returns where that ends, and the middle of the first box."""
    x, width = MIDDLE
    y = sheet.lines(x, top, wrap(row.lead, width, SMALL), size=SMALL, colour=QUIET) + 4
    places: list[float] = []
    for at, box in enumerate(row.boxes):
        if at and row.link:
            if row.ordered:
                sheet.arrow([(x + 20, y - GAP), (x + 20, y)])
            sheet.text(x + 34, y - 8, row.link, size=SMALL, colour=QUIET)
        end = _box(sheet, x, y, width, box, sign=str(at + 1) if row.ordered and len(row.boxes) > 1 else "")
        places.append((y + end) / 2)
        y = end + GAP
    y -= GAP if row.boxes else 0
    spine = x - 26
    if places:
        targets = places[:1] if row.ordered else places
        for aim in targets:
            sheet.arrow([(LEFT[0] + LEFT[1], begin), (spine, begin), (spine, aim), (x, aim)])
    if row.law:
        y = sheet.lines(x, y + 10, wrap(row.law_lead, width, SMALL), size=SMALL, colour=LAW) + 3
        for box in row.law:
            end = _box(sheet, x, y, width, box)
            aim = (y + end) / 2
            sheet.arrow([(LEFT[0] + LEFT[1], begin), (spine, begin), (spine, aim), (x, aim)], colour=LAW)
            y = end + 6
        y -= 6
    return y, places[0] if places else begin


def _right(sheet: Sheet, top: float, first: float, row: Row) -> float:
    x, width = RIGHT
    y = top
    for group in row.instead:
        kind = group.boxes[0].kind if group.boxes else "instead"
        colour = LOOKS[kind].line
        y = sheet.lines(x, y, wrap(group.label, width, SMALL, bold=True), size=SMALL, bold=True, colour=colour) + 3
        for at, box in enumerate(group.boxes):
            numbered = group.ordered and len(group.boxes) > 1
            end = _box(sheet, x, y, width, box, sign=str(at + 1) if numbered else "", small=True)
            if at == 0 and kind != "never":
                middle = (y + end) / 2
                edge = MIDDLE[0] + MIDDLE[1]
                sheet.line([(edge + 2, first), (edge + 22, first), (edge + 22, middle)], colour=colour, dashes="5 4")
                sheet.arrow([(edge + 22, middle), (x, middle)], colour=colour, dashes="5 4")
            y = end + 5
        y += 8
    return y - 8 if row.instead else y


def _box(sheet: Sheet, x: float, y: float, width: float, box: Box, *, sign: str = "", small: bool = False) -> float:
    size = 13.0 if small else TEXT
    words = f"× {box.words}" if box.kind == "never" else box.words
    room = width - 2 * PAD - (26 if sign else 0)
    lines = wrap(words, room, size)
    tag = wrap(box.tag, room, SMALL, bold=True) if box.tag else []
    note = wrap(box.note, room, SMALL, most=6) if box.note else []
    pad = 5.0 if small else PAD
    height = 2 * pad + leading(SMALL) * (len(tag) + len(note)) + leading(size) * len(lines)
    look = LOOKS.get(box.kind, PLAIN)
    sheet.rect(x, y, width, height, look)
    text_x = x + PAD
    if sign:
        sheet.dot(x + PAD + 9, y + pad + 9, sign, colour=look.line)
        text_x += 26
    at = sheet.lines(text_x, y + pad, tag, size=SMALL, bold=True, colour=look.line)
    at = sheet.lines(text_x, at, lines, size=size)
    sheet.lines(text_x, at, note, size=SMALL, colour=QUIET)
    return y + height
