"""Pictures made to harm, or to tell too much."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from io import BytesIO

from PIL import Image

from concerns.files.refusals import Why
from tests.fuzz.samples import WHO, chunk, exif, jpeg, picture, png

ACCEPTED = "accepted"
START = b"\x89PNG\r\n\x1a\n"
Row = tuple[str, Callable[[], bytes], str]


def _png(width: int, height: int, *, bits: int = 8, colours: int = 2, pixels: bytes = b"", more: bytes = b"") -> bytes:
    header = struct.pack(">IIBBBBB", width, height, bits, colours, 0, 0, 0)
    return START + chunk(b"IHDR", header) + more + chunk(b"IDAT", pixels or zlib.compress(bytes(100))) + chunk(b"IEND", b"")


def _saved(image: Image.Image, kind: str, **how: object) -> bytes:
    made = BytesIO()
    image.save(made, kind, **how)  # type: ignore[arg-type]
    return made.getvalue()


def _huge_jpeg() -> bytes:
    """The frame says 65,000 by 65,000."""
    whole = jpeg()
    at = whole.find(b"\xff\xc0")
    return whole[: at + 5] + struct.pack(">HH", 65_000, 65_000) + whole[at + 9 :]


def _with_exif(content: bytes) -> bytes:
    segment = b"Exif\0\0" + content
    return jpeg()[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + jpeg()[2:]


def rows() -> dict[str, Row]:
    """By title: name, bytes, wanted."""
    white = zlib.compress(bytes((1 + 30 * 3) * 20))
    loop = b"II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\x08\0\0\0"  # an IFD that points at itself
    many = b"II*\0\x08\0\0\0\xff\xff" + b"\x0f\x01\x02\0\xff\xff\xff\x7f\x08\0\0\0" * 4_000
    return {
        "bomb of 30,000 by 30,000": ("b.png", lambda: _png(30_000, 30_000, bits=1, colours=0), Why.TOO_MUCH_INSIDE),
        "bomb of two thousand million wide": ("b.png", lambda: _png(2**31 - 1, 1), Why.TOO_MUCH_INSIDE),
        "bomb just above the limit": ("b.png", lambda: _png(8_000, 5_001), Why.TOO_MUCH_INSIDE),
        "bomb that is one line": ("b.png", lambda: _png(40_000, 1), Why.TOO_MUCH_INSIDE),
        "bomb for a JPEG": ("b.jpg", _huge_jpeg, Why.TOO_MUCH_INSIDE),
        "no size at all": ("b.png", lambda: _png(0, 0), Why.DAMAGED),
        "fewer pixels than it says": ("b.png", lambda: _png(300, 200), Why.DAMAGED),
        "a wrong sum": ("b.png", lambda: png()[:20] + b"\x01" + png()[21:], Why.DAMAGED),
        "a chunk longer than the file": ("b.png", lambda: png()[:33] + b"\x7f\xff\xff\xff" + png()[37:], Why.DAMAGED),
        "no end": ("b.png", lambda: png()[:-12], Why.DAMAGED),
        "only its start": ("b.png", lambda: START, Why.DAMAGED),
        "pixels that aren't packed": ("b.png", lambda: _png(30, 20, pixels=b"no zlib here"), Why.DAMAGED),
        "an unknown colour": ("b.png", lambda: _png(30, 20, colours=9), Why.DAMAGED),
        "a note that unpacks without end": ("b.png", lambda: _png(30, 20, pixels=white, more=chunk(b"zTXt", b"c\0\0" + zlib.compress(bytes(80_000_000)))), Why.DAMAGED),
        "a profile that isn't one": ("b.png", lambda: _png(30, 20, pixels=white, more=chunk(b"iCCP", b"p\0\0" + zlib.compress(b"x" * 100))), ACCEPTED),
        "sound, by hand": ("b.png", lambda: _png(30, 20, pixels=white), ACCEPTED),
        "sixteen bits": ("b.png", lambda: _saved(Image.new("I;16", (20, 20), 40_000), "PNG"), ACCEPTED),
        "one bit": ("b.png", lambda: _saved(picture(mode="1"), "PNG"), ACCEPTED),
        "a palette": ("b.png", lambda: _saved(picture(mode="P"), "PNG"), ACCEPTED),
        "see-through": ("b.png", lambda: _saved(picture(mode="RGBA"), "PNG"), ACCEPTED),
        "moving": ("b.png", lambda: _saved(picture(), "PNG", save_all=True, append_images=[picture((64, 48))]), ACCEPTED),
        "four colours": ("b.jpg", lambda: _saved(picture(mode="CMYK"), "JPEG", exif=exif()), ACCEPTED),
        "grey": ("b.jpg", lambda: _saved(picture(mode="L"), "JPEG", comment=WHO.encode()), ACCEPTED),
        "in steps": ("b.jpg", lambda: _saved(picture(), "JPEG", progressive=True, exif=exif()), ACCEPTED),
        "two pictures of a telephone": ("b.jpg", lambda: _saved(picture(), "MPO", save_all=True, append_images=[picture()], exif=exif()), ACCEPTED),
        "something a telephone puts behind": ("b.jpg", lambda: jpeg() + b"SEFH" + bytes(40) + b"SEFT", ACCEPTED),
        "EXIF that points at itself": ("b.jpg", lambda: _with_exif(loop), ACCEPTED),
        "EXIF with four thousand lies": ("b.jpg", lambda: _with_exif(many), ACCEPTED),
        "EXIF of rubbish": ("b.jpg", lambda: _with_exif(bytes(range(256)) * 20), ACCEPTED),
        "EXIF cut short": ("b.jpg", lambda: _with_exif(b"MM\0*"), ACCEPTED),
        "JPEG of a start only": ("b.jpg", lambda: b"\xff\xd8\xff\xe0" + bytes(20), Why.DAMAGED),
        "JPEG without tables": ("b.jpg", lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF\0" + bytes(9) + b"\xff\xd9", Why.DAMAGED),
    }  # fmt: skip
