"""PNG and JPEG: checked chunk by chunk, copied pixel by pixel, so that no copy brings a place, a camera or a name along."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from io import BytesIO
from math import ceil, floor
from zipfile import is_zipfile

from PIL import Image, ImageDraw, ImageFile, ImageOps

from concerns.files.refusals import FileRefused, Why

PNG, JPEG = "image/png", "image/jpeg"
FORMATS = {PNG: {"PNG"}, JPEG: {"JPEG", "MPO"}}
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 20_000
Image.MAX_IMAGE_PIXELS = None  # our own limit is asked before a pixel is unpacked; Pillow's would only warn
PNG_START = b"\x89PNG\r\n\x1a\n"
PNG_KEPT = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs"}
# A picture with one of these in it was made to be taken for something else.
FOREIGN = (b"<script", b"<html", b"<svg xmlns", b"<?php", b"<!doctype", b"<iframe", b"javascript:", b"%pdf-1", b"%pdf-2")
HIDES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c")

Area = tuple[float, float, float, float]  # left, top, right, bottom as shares of the picture, 0 to 1


def check(content: bytes, media_type: str) -> None:
    """Raises FileRefused unless ``content`` is one whole picture of that type and nothing else."""
    lowered = content.lower()
    if any(word in lowered for word in FOREIGN) or any(mark in content for mark in HIDES) or is_zipfile(BytesIO(content)):
        raise FileRefused(Why.TWO_IN_ONE)
    if media_type == PNG:
        for kind, _start, end in _chunks(content):
            if kind == b"IEND" and end != len(content):
                raise FileRefused(Why.TWO_IN_ONE)
    _pixels(content, media_type).close()


def scrub(content: bytes, media_type: str, areas: Sequence[Area] = ()) -> bytes:
    """The picture drawn anew the right way up, with ``areas`` painted black: no EXIF, no text, no thumbnail, no profile."""
    picture = _pixels(content, media_type)
    try:
        picture = ImageOps.exif_transpose(picture)
    except Exception:  # noqa: BLE001 (damaged EXIF of any kind: it goes anyway)
        picture = picture.copy()
    clear = media_type == PNG and (picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info)
    mode = "RGBA" if clear else "L" if picture.mode in ("1", "L", "I", "I;16", "F") else "RGB"
    pixels = picture.convert(mode)
    fresh = Image.new(mode, pixels.size)
    fresh.paste(pixels)
    draw = ImageDraw.Draw(fresh)
    width, height = fresh.size
    for left, top, right, bottom in areas:
        # outwards to whole pixels; a rectangle's last row and column are drawn too
        box = (floor(left * width), floor(top * height), ceil(right * width), ceil(bottom * height))
        draw.rectangle(box, fill=(0, 0, 0, 255) if mode == "RGBA" else 0)
    made = BytesIO()
    fresh.save(made, "PNG" if media_type == PNG else "JPEG", **({} if media_type == PNG else {"quality": 90}))
    return made.getvalue()


def _pixels(content: bytes, media_type: str) -> Image.Image:
    """The decoded picture. Raises FileRefused when it's too large, damaged or of another type."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint sets it for the whole process when it's imported
    try:
        picture = Image.open(BytesIO(content), formats=sorted(FORMATS[media_type]))
    except Exception as error:  # noqa: BLE001 (whatever Pillow trips over)
        raise FileRefused(Why.DAMAGED) from error
    if picture.width * picture.height > MOST_PIXELS or max(picture.size) > LONGEST_SIDE:
        raise FileRefused(Why.TOO_MUCH_INSIDE)
    try:
        picture.load()
    except Exception as error:  # noqa: BLE001
        raise FileRefused(Why.DAMAGED) from error
    return picture


def _chunks(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Each chunk of a PNG: its kind, where it starts and where it ends. Raises FileRefused where the chain breaks."""
    at, kind = len(PNG_START), b""
    while kind != b"IEND":
        if at + 12 > len(content):
            raise FileRefused(Why.DAMAGED)
        (length,) = struct.unpack(">I", content[at : at + 4])
        kind, end = content[at + 4 : at + 8], at + 12 + length
        if end > len(content) or zlib.crc32(content[at + 4 : end - 4]) != struct.unpack(">I", content[end - 4 : end])[0]:
            raise FileRefused(Why.DAMAGED)
        yield kind, at, end
        at = end


def strip(content: bytes) -> bytes:
    """A picture inside a document without what was written into it; its pixels stay as they are. Others come back as they are."""
    if content.startswith(PNG_START):
        try:
            return PNG_START + b"".join(content[start:end] for kind, start, end in _chunks(content) if kind in PNG_KEPT)
        except FileRefused:
            return content
    return strip_jpeg(content) if content.startswith(b"\xff\xd8") else content


def strip_jpeg(content: bytes) -> bytes:
    """A JPEG without EXIF, XMP, IPTC, comments and profiles: of the application segments only JFIF and Adobe's colours stay."""
    kept, at = [b"\xff\xd8"], 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:  # padding
            at += 1
            continue
        if marker == 0xDA:  # the pixels, to the end
            end = content.rfind(b"\xff\xd9")
            kept.append(content[at : end + 2 if end > at else len(content)])
            return b"".join(kept)
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        if length < 2:
            return content
        if not (0xE1 <= marker <= 0xED or marker in (0xEF, 0xFE)):
            kept.append(content[at : at + 2 + length])
        at += 2 + length
    return content
