"""What a copy to show others leaves out: words and areas are removed from the file, not covered in it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pikepdf
import pypdf
import pytest
from pikepdf import Array, Dictionary, Matrix, Name, String
from PIL import Image

from concerns.actions import copies
from concerns.enums import Scan
from concerns.files import archives, office, pictures, removal
from concerns.files.refusals import FileRefused, Why
from concerns.files.sniffing import PDF, TEXT
from concerns.models import Document
from concerns.reports import pdf as paper
from councils.errors import Refusal
from tests.fuzz import samples
from tests.fuzz.hostile_documents import word

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")
NAME = "Margaret Hollis"


def file(content: bytes, media_type: str, **more: Any) -> Document:
    return Document(content=content, media_type=media_type, **more)


def text_of(content: bytes) -> str:
    """What anybody can take out of a PDF as text, all pages."""
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(content)).pages)


def plain(content: bytes) -> bytes:
    """Every stream of a PDF unpacked, in one."""
    with pikepdf.open(BytesIO(content)) as pdf:
        made = BytesIO()
        pdf.save(made, qdf=True, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.generalized)
        return made.getvalue()


@pytest.mark.parametrize(
    ("text", "word", "made"),
    [
        ("Ms Hollis said", "Hollis", "Ms ██ said"),
        ("HOLLIS's and hollis,", "Hollis", "██'s and ██,"),
        ("MsHollis", "Hollis", "Ms██"),  # a reader of PDFs often loses spaces
        ("Hol lis said", "Hollis", "██ said"),
        ("Hol-\nlis said", "hollis", "██ said"),
        ("Hol\u00adlis", "Hollis", "██"),
        ("Margaret\nHollis", "Margaret Hollis", "██"),
        ("Griﬃn", "Griffin", "██"),
        ("Zoë and ZOE", "Zoe", "██ and ██"),
        ("t he rabbit", "her", "t he rabbit"),
        ("the rabbit", "her", "the rabbit"),
        ("gather", "her", "gat██"),
        ("07700 900-123", "07700900123", "██"),
        ("AABB", "AB", "A██B"),
    ],
)
def test_word_is_found_however_it_is_written(text: str, word: str, made: str) -> None:
    assert removal.remove(text, [word])[0] == made


def test_what_closes_around_a_block_is_taken_out_too() -> None:
    clean = copies.prepared(file(b"AABB", TEXT), words=["AB"])
    assert clean.content.decode() == "██"
    assert clean.done == {"words": 2, "areas": 0, "text_copy": False}


def test_words_leave_a_text_file() -> None:
    clean = copies.prepared(file(samples.txt(), TEXT), words=[NAME])
    assert (clean.content, clean.media_type) == (b"\xe2\x96\x88\xe2\x96\x88 said so.\r\nSecond line.\r\n", TEXT)


@pytest.mark.parametrize(
    ("content", "media_type", "kept"),
    [
        (samples.pdf, PDF, "said so."), (samples.docx, office.DOCX, "Put in later."), (samples.xlsx, office.XLSX, "said so."),
        (samples.odt, office.ODT, "said so."),
    ],
    ids=["pdf", "docx", "xlsx", "odt"],
)  # fmt: skip
def test_words_leave_a_document_by_a_copy_of_its_text(content: Any, media_type: str, kept: str) -> None:
    before = content()
    clean = copies.prepared(file(before, media_type), words=[NAME], number=3)
    text = text_of(clean.content)
    assert (clean.name, clean.media_type) == ("Document 3.pdf", PDF)
    assert clean.done == {"words": 1, "areas": 0, "text_copy": True}
    assert kept in text and "██" in text
    assert "Hollis" not in text and "Margaret" not in text and "deleted" not in text
    bare = plain(clean.content)
    assert not any(part in bare for part in (b"Hollis", b"Margaret", samples.WHO.encode(), "Hollis".encode("utf-16-be")))
    with pikepdf.open(BytesIO(clean.content)) as made:
        assert not any("/Subtype" in item and item.get("/Subtype") == Name.Image for item in made.objects if isinstance(item, pikepdf.Stream))
    assert content() == before


def test_page_numbers_and_pages_without_text_are_told() -> None:
    made = samples.blank_pdf(2)
    made.pages[1].obj.Contents = made.make_stream(b"")
    clean = copies.prepared(file(samples.saved(made), PDF), words=["Hollis"])
    text = text_of(clean.content)
    assert "Page 1" in text and "Page 2" in text


def test_area_is_painted_into_the_pixels() -> None:
    source = BytesIO()
    Image.new("RGB", (100, 50), (255, 0, 0)).save(source, "PNG")
    clean = copies.prepared(file(source.getvalue(), pictures.PNG), areas=[(1, 10, 20, 50, 60)])
    with Image.open(BytesIO(clean.content)) as made:
        assert made.size == (100, 50)
        black = {(x, y) for x in range(100) for y in range(50) if made.getpixel((x, y)) == (0, 0, 0)}
    assert black == {(x, y) for x in range(10, 51) for y in range(10, 31)}
    assert clean.done == {"words": 0, "areas": 1, "text_copy": False}


def test_area_is_where_it_is_seen_when_a_photograph_lies_on_its_side() -> None:
    turned = Image.Exif()
    turned[0x0112] = 6  # shown turned a quarter to the right
    source = BytesIO()
    Image.new("RGB", (80, 40), (255, 255, 255)).save(source, "JPEG", exif=turned, quality=95)
    clean = copies.prepared(file(source.getvalue(), pictures.JPEG), areas=[(1, 0, 0, 100, 25)])
    with Image.open(BytesIO(clean.content)) as made:
        assert made.size == (40, 80)
        assert max(made.getpixel((20, 5))) < 20 and min(made.getpixel((20, 60))) > 235


# --- areas of a PDF ----------------------------------------------------------------------------------------------
def page_of(content: bytes, *, rotate: int = 0, **more: Any) -> bytes:
    """One page of 600 by 800 with that content."""
    made = samples.blank_pdf(content=content)
    page = made.pages[0].obj
    page.MediaBox = Array([0, 0, 600, 800])
    if rotate:
        page.Rotate = rotate
    for key, value in more.items():
        page.Resources[f"/{key}"] = value(made)
    return samples.saved(made)


LINES = b"BT /F1 12 Tf 50 700 Td (Top secret) Tj 0 -300 Td (In the middle) Tj 0 -300 Td (At the foot) Tj ET"


@pytest.mark.parametrize(
    ("area", "left"),
    [
        ((1, 0, 0, 100, 20), {"In the middle", "At the foot"}),
        ((1, 0, 40, 100, 60), {"Top secret", "At the foot"}),
        ((1, 0, 80, 100, 100), {"Top secret", "In the middle"}),
        ((1, 0, 20, 5, 30), {"Top secret", "In the middle", "At the foot"}),
        ((1, 50, 0, 100, 20), {"In the middle", "At the foot"}),  # the line begins left of it: how far it reaches isn't known
        ((1, 0, 0, 100, 100), set()),
    ],
)
def test_lines_that_an_area_touches_leave_the_page(area: Any, left: set[str]) -> None:
    clean = copies.prepared(file(page_of(LINES), PDF), areas=[area])
    assert set(text_of(clean.content).splitlines()) - {""} == left
    for gone in {"Top secret", "In the middle", "At the foot"} - left:
        assert gone.encode() not in plain(clean.content)


@pytest.mark.parametrize(("rotate", "area"), [(90, (1, 80, 0, 100, 100)), (180, (1, 0, 80, 100, 100)), (270, (1, 0, 0, 20, 100))])
def test_area_is_where_it_is_seen_when_a_page_is_turned(rotate: int, area: Any) -> None:
    clean = copies.prepared(file(page_of(LINES, rotate=rotate), PDF), areas=[area])
    assert b"Top secret" not in plain(clean.content)
    assert b"In the middle" in plain(clean.content)


@pytest.mark.parametrize(
    "content",
    [
        b"BT /F1 12 Tf 1 0 0 1 50 700 Tm (Top secret) Tj ET", b"BT /F1 12 Tf 50 712 Td 12 TL (Top secret) ' ET",
        b'BT /F1 12 Tf 50 712 Td 12 TL 1 1 (Top secret) " ET', b"BT /F1 12 Tf 50 700 Td [(Top ) -200 (secret)] TJ ET",
        b"q .5 0 0 .5 0 0 cm BT /F1 24 Tf 100 1400 Td (Top secret) Tj ET Q", b"BT /F1 12 Tf 50 400 Td 300 Ts (Top secret) Tj ET",
        b"BT /F1 12 Tf 0 1 -1 0 50 200 Tm (Top secret) Tj ET", b"BT /F1 12 Tf 50 724 Td 12 TL T* T* (Top secret) Tj ET",
        b"BT /F1 12 Tf -100 Tz 300 100 Td (Top secret) Tj ET", b"BT /F1 12 Tf 590 700 Td [(x) 50000 (Top secret)] TJ ET",
        b"/Span <</ActualText (Top secret)>> BDC BT /F1 12 Tf 50 100 Td (x) Tj ET EMC",
        b"BT /F1 12 Tf 50 730 TD 0 -30 TD (Top secret) Tj ET",
    ],
)  # fmt: skip
def test_text_leaves_however_it_is_placed(content: bytes) -> None:
    clean = copies.prepared(file(page_of(content), PDF), areas=[(1, 0, 0, 100, 20)])
    assert b"secret" not in plain(clean.content) and b"Top" not in plain(clean.content)


def picture_in(pdf: Any) -> Any:
    return Dictionary(Im1=pdf.make_stream(b"\xaa\xbb\xcc" * 100, Type=Name.XObject, Subtype=Name.Image, Width=10, Height=10, ColorSpace=Name.DeviceRGB, BitsPerComponent=8))


def test_picture_that_an_area_touches_leaves_the_file() -> None:
    source = page_of(b"q 100 0 0 100 50 650 cm /Im1 Do Q", XObject=picture_in)
    inside = copies.prepared(file(source, PDF), areas=[(1, 0, 0, 100, 20)]).content
    outside = copies.prepared(file(source, PDF), areas=[(1, 0, 80, 100, 100)]).content
    assert b"\xaa\xbb\xcc" * 100 not in plain(inside)
    assert b"\xaa\xbb\xcc" * 100 in plain(outside)


def test_picture_in_the_line_leaves() -> None:
    source = page_of(b"q 100 0 0 100 50 650 cm BI /W 2 /H 2 /CS /G /BPC 8 ID WXYZ EI Q")
    assert b"WXYZ" not in plain(copies.prepared(file(source, PDF), areas=[(1, 0, 0, 100, 20)]).content)


def test_form_that_an_area_touches_leaves_as_a_whole() -> None:
    def form(pdf: Any) -> Any:
        return Dictionary(Fm1=pdf.make_stream(b"BT /F1 12 Tf 0 0 Td (Top secret) Tj ET", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 100, 20], Matrix=[1, 0, 0, 1, 50, 0]))

    source = page_of(b"q 1 0 0 1 0 700 cm /Fm1 Do Q", XObject=form)
    assert b"Top secret" not in plain(copies.prepared(file(source, PDF), areas=[(1, 0, 0, 100, 20)]).content)
    assert b"Top secret" in plain(copies.prepared(file(source, PDF), areas=[(1, 0, 50, 100, 70)]).content)


def test_drawing_that_an_area_touches_is_not_painted() -> None:
    source = page_of(b"50 700 m 60 710 l 70 700 l S 50 100 m 60 110 l S")
    made = plain(copies.prepared(file(source, PDF), areas=[(1, 0, 0, 100, 20)]).content)
    first = made[made.index(b"50 700 m") : made.index(b"50 100 m")]
    assert b"\nn\n" in first and b"\nS\n" not in first
    assert b"\nS\n" in made[made.index(b"50 100 m") :]


def test_notes_outlines_and_structure_leave_with_an_area() -> None:
    made = samples.blank_pdf(content=LINES)
    note = Dictionary(Type=Name.Annot, Subtype=Name.FreeText, Rect=[50, 750, 200, 800], Contents=String("Top secret note"))
    made.pages[0].obj.Annots = Array([made.make_indirect(note)])
    made.Root.Outlines = made.make_indirect(Dictionary(First=Dictionary(Title=String("Top secret chapter"))))
    made.Root.StructTreeRoot = made.make_indirect(Dictionary(K=Dictionary(ActualText=String("Top secret words"))))
    clean = copies.prepared(file(samples.saved(made), PDF), areas=[(1, 0, 0, 100, 20)])
    assert b"Top secret" not in plain(clean.content)


def box_of(content: bytes) -> list[Any]:
    with pikepdf.open(BytesIO(content)) as pdf:
        return [float(edge) for edge in pdf.pages[0].mediabox]


def test_area_leaves_a_real_page_with_its_other_lines_in_place() -> None:
    source = paper.from_html(
        "<html lang=en><head><title>t</title></head><body><p>Line of Margaret Hollis</p><p style='margin-top:120mm'>Line that stays</p></body></html>"
    )
    clean = copies.prepared(file(source, PDF), areas=[(1, 0, 0, 100, 30)])
    assert text_of(clean.content).strip() == "Line that stays"
    with pikepdf.open(BytesIO(clean.content)) as made:
        assert [float(edge) for edge in made.pages[0].mediabox] == box_of(source)


def test_words_and_areas_of_a_pdf_both_leave() -> None:
    clean = copies.prepared(file(page_of(LINES), PDF), words=["middle"], areas=[(1, 0, 0, 100, 20)])
    text = text_of(clean.content)
    assert "secret" not in text and "middle" not in text and "At the foot" in text
    assert clean.done == {"words": 1, "areas": 1, "text_copy": True}


def test_matrices_multiply_as_pages_do() -> None:
    assert (Matrix(1, 0, 0, 1, 10, 0) @ Matrix(2, 0, 0, 2, 0, 0)).transform((1, 1)) == (22, 2)


# --- what can't be made -------------------------------------------------------------------------------------------
def refused(content: bytes, media_type: str, **how: Any) -> tuple[str | None, str]:
    with pytest.raises(Refusal) as told:
        copies.prepared(file(content, media_type, **how.pop("with_", {})), **how)
    return told.value.field, str(told.value.why) if isinstance(told.value, FileRefused) else str(told.value)


@pytest.mark.parametrize(
    ("content", "media_type", "how", "answer"),
    [
        (samples.txt, TEXT, {"words": ["Nobody"]}, ("words", "“Nobody” isn't in the text of this file. Check how it's written there; nothing was made.")),
        (samples.txt, TEXT, {"words": ["a"]}, ("words", "“a” is too short: give at least two letters or figures.")),
        (samples.txt, TEXT, {"words": ["--"]}, ("words", "“--” is too short: give at least two letters or figures.")),
        (samples.txt, TEXT, {"words": [f"word{n}" for n in range(101)]}, ("words", "Give at most 100 words or phrases.")),
        (samples.txt, TEXT, {"areas": [(1, 0, 0, 50, 50)]}, ("areas", Why.AREAS_ELSEWHERE)),
        (samples.docx, office.DOCX, {"areas": [(1, 0, 0, 50, 50)]}, ("areas", Why.AREAS_ELSEWHERE)),
        (samples.png, pictures.PNG, {"words": ["Hollis"]}, ("words", Why.WORDS_ELSEWHERE)),
        (samples.png, pictures.PNG, {"areas": [(2, 0, 0, 50, 50)]}, ("areas", Why.NO_SUCH_PAGE)),
        (samples.pdf, PDF, {"areas": [(2, 0, 0, 50, 50)]}, ("areas", Why.NO_SUCH_PAGE)),
        (samples.pdf, PDF, {"areas": [(1, 50, 0, 50, 50)]}, ("areas", "An area needs its page, and left before right and top before bottom, from 0 to 100.")),
        (samples.pdf, PDF, {"areas": [(1, 0, 0, 50, 101)]}, ("areas", "An area needs its page, and left before right and top before bottom, from 0 to 100.")),
        (samples.pdf, PDF, {"areas": [(1, 0, 0, 50, 50)] * 51}, ("areas", "Give at most 50 areas.")),
        (lambda: page_of(b""), PDF, {"words": ["Hollis"]}, ("words", Why.NO_WORDS)),
        (samples.txt, TEXT, {"with_": {"scan": Scan.INFECTED}}, ("document", Why.INFECTED)),
    ],
)  # fmt: skip
def test_copy_that_cannot_be_made_is_refused_in_words(content: Any, media_type: str, how: dict[str, Any], answer: Any) -> None:
    assert refused(content(), media_type, **dict(how)) == answer


def test_word_document_keeps_its_words_and_loses_its_history() -> None:
    clean = copies.scrubbed(file(samples.docx(), office.DOCX))
    assert office.lines(clean.content, office.DOCX) == [samples.SAID, "Put in later."]
    bare = copies.scrubbed(file(word(), office.DOCX)).content
    parts = archives.unpack(bare)
    assert b"Author" in parts["word/comments.xml"] and b"A note." in parts["word/comments.xml"]
    assert b"w:del " not in parts["word/document.xml"] and b"w:ins " not in parts["word/document.xml"]
    assert b"rsid" not in parts["word/document.xml"]
    assert b"Exif" not in parts["word/media/image1.jpeg"]
    assert b"core-properties" not in parts["[Content_Types].xml"] + parts["_rels/.rels"]


def test_pdf_keeps_its_words_and_its_note_without_whose_it_is() -> None:
    clean = copies.scrubbed(file(samples.pdf(), PDF))
    assert samples.SAID in text_of(clean.content)
    with pikepdf.open(BytesIO(clean.content)) as made:
        (note,) = made.pages[0].obj.Annots
        assert str(note.Contents) == "A note." and "/T" not in note and "/NM" not in note
        assert b"Exif" not in made.pages[0].obj.Resources.XObject.Im1.read_raw_bytes()


def test_photograph_in_a_pdf_loses_its_place_however_its_packing_is_named() -> None:
    made = samples.blank_pdf()
    shot = made.make_stream(samples.jpeg(), Type=Name.XObject, Subtype=Name.Image, Width=64, Height=48, ColorSpace=Name.DeviceRGB, BitsPerComponent=8)
    shot.Filter = Array([Name.DCTDecode])
    made.pages[0].obj.Resources.XObject = Dictionary(Im1=shot)
    clean = copies.scrubbed(file(samples.saved(made), PDF))
    with pikepdf.open(BytesIO(clean.content)) as pdf:
        raw = pdf.pages[0].obj.Resources.XObject.Im1.read_raw_bytes()
    assert b"Exif" not in raw and samples.WHO.encode() not in raw
    with Image.open(BytesIO(raw)) as picture:
        picture.load()
        assert picture.size == (64, 48)


def test_text_of_an_open_document_and_of_a_sheet_is_read() -> None:
    assert office.lines(samples.odt(), office.ODT) == [samples.SAID]
    assert office.lines(samples.xlsx(), office.XLSX) == ["Sheet", f"{samples.SAID}\t2"]
