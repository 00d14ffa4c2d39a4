"""Areas of a PDF's pages removed, not covered: what is written, drawn or pictured there leaves the file.

How far a run of text reaches can't be known without its fonts. So a run goes when the line it stands on touches the
area and it begins left of the area's right edge, and what can't be measured at all (slanted text, fonts of drawings,
forms and pictures that only touch the area) goes as a whole: too much rather than too little.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Matrix, Name, Operator, Stream

from concerns.files import pdfs
from concerns.files.refusals import FileRefused, Why

Band = tuple[int, float, float, float, float]  # page, then left, top, right, bottom as shares of the page as seen
Area = tuple[int, float, float, float, float]  # the same in per cent, as people write it
Box = tuple[float, float, float, float]  # x0, y0, x1, y1 in the page's own units
ABOVE, BELOW = 1.2, 0.5  # how far letters reach over and under their line, in sizes of the font
PAINTS = {"S", "s", "f", "F", "f*", "B", "B*", "b", "b*"}
FAR_LEFT = 500  # thousandths of a size: a step back inside a run after which its start says nothing


def without(content: bytes, bands: Sequence[Band]) -> bytes:
    """The PDF without what touches ``bands``, each painted black. Raises FileRefused for damage or an absent page."""
    with pdfs.opened(content) as pdf:
        if any(not 1 <= band[0] <= len(pdf.pages) for band in bands):
            raise FileRefused(Why.NO_SUCH_PAGE, field="areas")
        try:
            for key in ("/StructTreeRoot", "/MarkInfo", "/Outlines", "/AcroForm", "/Dests"):  # they repeat what pages say
                if key in pdf.Root:
                    del pdf.Root[key]
            for number, page in enumerate(pdf.pages, 1):
                mine = [_placed(page, band) for band in bands if band[0] == number]
                if mine:
                    _blank(pdf, page, mine)
            pdf.remove_unreferenced_resources()  # a picture that isn't drawn any more leaves the file too
            made = BytesIO()
            pdf.save(made, encryption=False)
        except FileRefused:
            raise
        except Exception as error:  # noqa: BLE001 (whatever is wrong with its content)
            raise FileRefused(Why.DAMAGED) from error
    return made.getvalue()


def _placed(page: Any, band: Band) -> Box:
    """The area in the page's own units, whichever way the page is turned when it's seen."""
    _page, left, top, right, bottom = band
    corners = [(left, top), (right, bottom)]
    turn = int(page.obj.get("/Rotate", 0)) % 360
    if turn == 90:
        corners = [(v, 1 - u) for u, v in corners]
    elif turn == 180:
        corners = [(1 - u, 1 - v) for u, v in corners]
    elif turn == 270:
        corners = [(1 - v, u) for u, v in corners]
    x0, y0, x1, y1 = (float(edge) for edge in page.cropbox)
    x0, x1, y0, y1 = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
    xs = sorted(x0 + u * (x1 - x0) for u, _v in corners)
    ys = sorted(y1 - v * (y1 - y0) for _u, v in corners)
    return xs[0], ys[0], xs[1], ys[1]


def _blank(pdf: Any, page: Any, boxes: Sequence[Box]) -> None:
    kept = _Reader(page, boxes).kept()
    black = [([0, 0, 0], Operator("rg"))]
    for x0, y0, x1, y1 in boxes:
        black += [([x0, y0, x1 - x0, y1 - y0], Operator("re")), ([], Operator("f"))]
    whole = [([], Operator("q")), *kept, ([], Operator("Q")), ([], Operator("q")), *black, ([], Operator("Q"))]
    page.obj.Contents = Stream(pdf, pikepdf.unparse_content_stream(whole))
    if "/Annots" in page.obj:
        notes = [note for note in page.obj.Annots if isinstance(note, Dictionary) and not _touch(_rect(note), boxes)]
        page.obj.Annots = Array(notes)
    for key in ("/Thumb", "/PieceInfo", "/Metadata", "/StructParents"):
        if key in page.obj:
            del page.obj[key]


def _rect(note: Any) -> Box:
    x0, y0, x1, y1 = (float(edge) for edge in note.get("/Rect", [0, 0, 0, 0]))
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _touch(box: Box, boxes: Iterable[Box]) -> bool:
    return any(box[0] <= x1 and box[2] >= x0 and box[1] <= y1 and box[3] >= y0 for x0, y0, x1, y1 in boxes)


class _Reader:
    """Goes through a page's instructions, knowing where each draws, and keeps those that draw elsewhere."""

    def __init__(self, page: Any, boxes: Sequence[Box]) -> None:
        self.page, self.boxes = page, boxes
        self.ctm, self.saved = Matrix(), list[Any]()
        self.line = Matrix()  # where the line of text starts
        self.font, self.size, self.leading, self.stretch, self.rise = "", 0.0, 0.0, 100.0, 0.0
        self.path: list[tuple[float, float]] = []
        resources = page.obj.get("/Resources", Dictionary())
        self.things, self.fonts = resources.get("/XObject", Dictionary()), resources.get("/Font", Dictionary())

    def kept(self) -> list[Any]:
        """The instructions that stay."""
        found: list[Any] = []
        for step in pikepdf.parse_content_stream(self.page):
            if isinstance(step, pikepdf.ContentStreamInlineImage):
                if not self._square():
                    found.append(step)
                continue
            name, values = str(step.operator), list(step.operands)
            found += self._step(name, values, step)
        return found

    def _step(self, name: str, values: list[Any], step: Any) -> list[Any]:
        if name == "q":
            self.saved.append((self.ctm, self.font, self.size, self.leading, self.stretch, self.rise))
        elif name == "Q" and self.saved:
            self.ctm, self.font, self.size, self.leading, self.stretch, self.rise = self.saved.pop()
        elif name == "cm":
            self.ctm = Matrix(*(float(v) for v in values)) @ self.ctm
        elif name in ("BT", "Tm"):
            self.line = Matrix(*(float(v) for v in values)) if name == "Tm" else Matrix()
        elif name in ("Td", "TD"):
            self._move(float(values[0]), float(values[1]))
            self.leading = -float(values[1]) if name == "TD" else self.leading
        elif name == "T*":
            self._move(0, -self.leading)
        elif name == "Tf":
            self.font, self.size = str(values[0]), float(values[1])
        elif name == "TL":
            self.leading = float(values[0])
        elif name == "Tz":
            self.stretch = float(values[0])
        elif name == "Ts":
            self.rise = float(values[0])
        elif name in ("Tj", "TJ", "'", '"'):
            return self._show(name, values, step)
        elif name in ("BDC", "DP"):  # its properties may say in words what stands there
            return [([values[0]], Operator("BMC" if name == "BDC" else "MP"))]
        elif name == "Do":
            return [] if self._thing(values) else [step]
        elif name in ("m", "l", "c", "v", "y", "re"):
            self._draw(name, [float(v) for v in values])
        elif name in PAINTS or name == "n":
            hit = name in PAINTS and self.path and _touch(self._around(self.path), self.boxes)
            self.path = []
            return [([], Operator("n"))] if hit else [step]
        elif name == "sh":  # fills all there is room for
            return []
        return [step]

    def _move(self, x: float, y: float) -> None:
        self.line = Matrix(1, 0, 0, 1, x, y) @ self.line

    def _show(self, name: str, values: list[Any], step: Any) -> list[Any]:
        moved: list[Any] = []
        if name in ("'", '"'):
            self._move(0, -self.leading)
            moved = [([], Operator("T*"))]
            if name == '"':
                moved = [([values[0]], Operator("Tw")), ([values[1]], Operator("Tc")), *moved]
        place = self.line @ self.ctm
        upright = abs(place.b) < 1e-4 and abs(place.c) < 1e-4 and place.a > 0 and place.d > 0
        backwards = name == "TJ" and any(not isinstance(v, pikepdf.String) and float(v) > FAR_LEFT for v in values[0])
        drawn = self.fonts.get(self.font, Dictionary()).get("/Subtype") == Name.Type3
        upright_font = self.size > 0 and self.stretch > 0
        if not upright or drawn or not upright_font:
            return moved
        y, size = place.f + self.rise * place.d, self.size * place.d
        for _x0, y0, x1, y1 in self.boxes:
            if y - BELOW * size <= y1 and y + ABOVE * size >= y0 and (backwards or place.e <= x1):
                return moved
        return [step]

    def _thing(self, values: list[Any]) -> bool:
        """Whether a picture or form touches an area."""
        thing = self.things.get(str(values[0]))
        if thing is None or thing.get("/Subtype") != Name.Form:
            return self._square()
        x0, y0, x1, y1 = (float(edge) for edge in thing.get("/BBox", [0, 0, 1e6, 1e6]))
        own = Matrix(*(float(v) for v in thing["/Matrix"])) if "/Matrix" in thing else Matrix()
        place = own @ self.ctm
        return _touch(self._around([place.transform(c) for c in ((x0, y0), (x1, y0), (x0, y1), (x1, y1))]), self.boxes)

    def _square(self) -> bool:
        """Whether the unit square, into which pictures are drawn, touches an area."""
        return _touch(self._around([self.ctm.transform(c) for c in ((0, 0), (1, 0), (0, 1), (1, 1))]), self.boxes)

    def _draw(self, name: str, values: list[float]) -> None:
        if name == "re":
            x, y, w, h = values
            corners = [(x, y), (x + w, y), (x, y + h), (x + w, y + h)]
        else:
            corners = list(zip(values[::2], values[1::2], strict=True))
        self.path += [self.ctm.transform(corner) for corner in corners]

    @staticmethod
    def _around(corners: Iterable[tuple[float, float]]) -> Box:
        xs, ys = zip(*corners, strict=True)
        return min(xs), min(ys), max(xs), max(ys)
