"""The reference and the number of the page on every page of a bundle, so that a page that got loose finds its place.

On a page that isn't ours the line stands in a strip added below it: nothing of what was put in is covered.
"""

import pikepdf

STRIP, SIZE, EDGE, BASELINE = 20, 8, 57, 7  # points


def stamp(document: pikepdf.Pdf, lines: list[str], *, ours: list[bool]) -> None:
    """Writes ``lines[n]`` at the foot of page n. ``ours``: whether the page keeps its foot free already."""
    font = document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica, Encoding=pikepdf.Name.WinAnsiEncoding
        )
    )
    for page, line, own in zip(document.pages, lines, ours, strict=True):
        turn = int(page.obj.get("/Rotate", 0)) % 360
        box = [float(value) for value in page.cropbox]
        box = [min(box[0], box[2]), min(box[1], box[3]), max(box[0], box[2]), max(box[1], box[3])]
        strip, matrix = _foot(box, turn, 0 if own else STRIP)
        if not own:
            page.mediabox = page.cropbox = pikepdf.Array(
                [min(box[0], strip[0]), min(box[1], strip[1]), max(box[2], strip[2]), max(box[3], strip[3])]
            )
        page.contents_add(b"q\n", prepend=True)
        name = page.add_resource(font, pikepdf.Name.Font)
        page.contents_add(_drawn(str(name), line, matrix, None if own else strip))


def _foot(box: list[float], turn: int, height: int) -> tuple[list[float], tuple[int, int, int, int, float, float]]:
    """The strip below the page as it is seen, and where and in which direction the line is written."""
    left, bottom, right, top = box
    up = BASELINE
    if turn == 90:
        return [right, bottom, right + height, top], (0, 1, -1, 0, right + height - up, bottom + EDGE)
    if turn == 180:
        return [left, top, right, top + height], (-1, 0, 0, -1, right - EDGE, top + height - up)
    if turn == 270:
        return [left - height, bottom, left, top], (0, -1, 1, 0, left - height + up, top - EDGE)
    return [left, bottom - height, right, bottom], (1, 0, 0, 1, left + EDGE, bottom - height + up)


def _drawn(font: str, line: str, matrix: tuple[float, ...], strip: list[float] | None) -> bytes:
    """Marked as an artifact: it isn't read out as part of the text."""
    text = line.encode("cp1252", "replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    white = b""
    if strip is not None:
        left, bottom, right, top = strip
        white = f"1 g {left:.2f} {bottom:.2f} {right - left:.2f} {top - bottom:.2f} re f\n".encode()
    place = " ".join(f"{value:.2f}" for value in matrix).encode()
    return b"\nQ\n/Artifact BMC\nq\n" + white + b"0.2 g BT " + font.encode() + f" {SIZE} Tf ".encode() + place + b" Tm (" + text + b") Tj ET\nQ\nEMC\n"
