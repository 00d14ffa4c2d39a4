"""PURE: the few shapes all pictures are made of, text that wraps, and the frame around them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape, quoteattr

FONT: Final = "Arial, Liberation Sans, Helvetica, sans-serif"
INK: Final = "#0b0c0c"
QUIET: Final = "#484949"
BLUE: Final = "#12436d"
LAW: Final = "#54319f"
RED: Final = "#942514"
GREY: Final = "#6b7072"
MOST_LINES: Final = 8
# How wide a letter is, in parts of the font's size; a little generous, so that no font runs over.
NARROW: Final = frozenset("iljtf.,'’|:;!()[]- I")
WIDE: Final = frozenset("mwMW@%—…")
UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Look:
    """How a box is drawn."""

    fill: str = "#ffffff"
    line: str = BLUE
    dashes: str = ""
    width: float = 2


PLAIN: Final = Look()
FALLBACK: Final = Look(line=QUIET, dashes="6 4", width=1.5)
BY_LAW: Final = Look(fill="#f4f1fa", line=LAW)
BARRED: Final = Look(fill="#f3f2f1", line=RED, width=1.5)
AWAY: Final = Look(fill="#f3f2f1", line=GREY, width=1.5)


def clean(text: object) -> str:
    """Takes anything; returns it as one line that XML can hold."""
    return " ".join(UNPRINTABLE.sub("", str(text)).split())


def width_of(text: str, size: float, bold: bool = False) -> float:
    """About how wide a line of text is, never less than it turns out."""
    parts = sum(0.36 if c in NARROW else 0.92 if c in WIDE else 0.72 if c.isupper() else 0.585 for c in text)
    return parts * size * (1.06 if bold else 1)


def wrap(text: str, width: float, size: float, *, bold: bool = False, most: int = MOST_LINES) -> list[str]:
    """Takes a text and a width; returns its lines. A word too long is broken; what is over the last line ends in "…"."""
    lines: list[str] = []
    line = ""
    for word in clean(text).split(" "):
        for piece in _pieces(word, width, size, bold):
            longer = f"{line} {piece}" if line else piece
            if line and width_of(longer, size, bold) > width:
                lines.append(line)
                line = piece
            else:
                line = longer
        if len(lines) > most:
            break
    lines.append(line)
    if len(lines) > most:
        lines = lines[:most]
        lines[-1] = lines[-1][: max(len(lines[-1]) - 2, 0)].rstrip() + "…"
    return [found for found in lines if found]


def _pieces(word: str, width: float, size: float, bold: bool) -> list[str]:
    if width_of(word, size, bold) <= width:
        return [word]
    pieces, piece = [], ""
    for letter in word[:400]:
        if piece and width_of(piece + letter, size, bold) > width:
            pieces.append(piece)
            piece = ""
        piece += letter
    return [*pieces, piece]


def number(value: float) -> str:
    """A length as SVG writes it."""
    return f"{value:.1f}".removesuffix(".0")


class Sheet:
    """What is drawn, in order. Coordinates grow to the right and down."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def rect(self, x: float, y: float, width: float, height: float, look: Look, *, round_by: float = 3) -> None:
        """A box."""
        dashes = f' stroke-dasharray="{look.dashes}"' if look.dashes else ""
        self.parts.append(
            f'<rect x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}" rx="{number(round_by)}" '
            f'fill="{look.fill}" stroke="{look.line}" stroke-width="{number(look.width)}"{dashes}/>'
        )

    def line(self, points: Sequence[tuple[float, float]], *, colour: str = INK, dashes: str = "", width: float = 1.5) -> None:
        """A line through points."""
        path = " ".join(f"{'L' if at else 'M'}{number(x)} {number(y)}" for at, (x, y) in enumerate(points))
        dash = f' stroke-dasharray="{dashes}"' if dashes else ""
        self.parts.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{number(width)}"{dash}/>')

    def arrow(self, points: Sequence[tuple[float, float]], *, colour: str = INK, dashes: str = "") -> None:
        """A line through points with a head at its end; the last stretch goes right or down."""
        (from_x, _from_y), (x, y) = points[-2], points[-1]
        right = x > from_x
        end = (x - 6, y) if right else (x, y - 6)
        self.line([*points[:-1], end], colour=colour, dashes=dashes)
        head = [(x, y), (x - 8, y - 4.5), (x - 8, y + 4.5)] if right else [(x, y), (x - 4.5, y - 8), (x + 4.5, y - 8)]
        path = " ".join(f"{number(a)},{number(b)}" for a, b in head)
        self.parts.append(f'<polygon points="{path}" fill="{colour}"/>')

    def text(
        self, x: float, y: float, words: str, *, size: float = 14, bold: bool = False, colour: str = INK, anchor: str = "start"
    ) -> None:
        """One line of text; ``y`` is its baseline."""
        weight = ' font-weight="bold"' if bold else ""
        middle = f' text-anchor="{anchor}"' if anchor != "start" else ""
        self.parts.append(
            f'<text x="{number(x)}" y="{number(y)}" font-size="{number(size)}" fill="{colour}"{weight}{middle}>{escape(clean(words))}</text>'
        )

    def lines(self, x: float, y: float, lines: Iterable[str], *, size: float = 14, bold: bool = False, colour: str = INK) -> float:
        """Several lines from ``y`` (their top) down; returns where they end."""
        step = leading(size)
        for line in lines:
            self.text(x, y + size * 0.95, line, size=size, bold=bold, colour=colour)
            y += step
        return y

    def dot(self, x: float, y: float, sign: str, *, colour: str = BLUE) -> None:
        """A filled circle with a sign in it."""
        self.parts.append(f'<circle cx="{number(x)}" cy="{number(y)}" r="9.5" fill="{colour}"/>')
        self.text(x, y + 4, sign, size=11, bold=True, colour="#ffffff", anchor="middle")

    def svg(self, *, name: str, title: str, desc: str, width: float, height: float, fixed: bool = False) -> str:
        """The whole picture. ``name`` is used for its ids, which must be unique on a page; ``fixed``: it doesn't grow with the page."""
        looks = "portal-picture portal-picture--fixed" if fixed else "portal-picture"
        safe = re.sub(r"[^A-Za-z0-9_-]", "-", name) or "picture"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="{looks}" role="img" aria-labelledby={quoteattr(f"{safe}-title {safe}-desc")} '
            f'viewBox="0 0 {number(width)} {number(height)}" width="{number(width)}" height="{number(height)}" font-family="{FONT}">'
            f'<title id="{safe}-title">{escape(clean(title))}</title><desc id="{safe}-desc">{escape(clean(desc))}</desc>'
            f'<rect width="{number(width)}" height="{number(height)}" fill="#ffffff"/>{"".join(self.parts)}</svg>'
        )


def leading(size: float) -> float:
    """The distance of two lines of text."""
    return round(size * 1.28)
