"""Word and PDF documents become blocks: numbers Word counts, tracked changes, page furniture, what can't be read. No database."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest

from studio.importing import pdf, splitting, word
from studio.importing.blocks import Reading, Unreadable
from tests.studio import papers
from tests.studio.papers import paragraph, run

BY = 'w:id="1" w:author="A" w:date="2026-01-01T00:00:00Z"'
GONE = f"<w:rPr><w:del {BY}/></w:rPr>"


def read(body: str, **parts: str) -> Reading:
    with ZipFile(BytesIO(papers.docx(body, **parts))) as archive:
        return word.read({name: archive.read(name) for name in archive.namelist()})


def clauses(reading: Reading) -> list[tuple[str, str]]:
    return [(row["number"], row["text"]) for row in splitting.split(reading.blocks) if row["kind"] == "clause"]


def deleted(words: str) -> str:
    return f"<w:del {BY}><w:r><w:delText>{words}</w:delText></w:r></w:del>"


def test_word_counts_its_numbers_and_parts_through_styles():
    bullet = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="2"/></w:numPr>'
    reading = read(
        paragraph("Example Council Protocol", "Title")
        + paragraph("Purpose .... 2", "Toc")
        + paragraph("Purpose", "H1")
        + paragraph("Bees are kept.", "Clause")
        + paragraph("They may be:", "Clause")
        + paragraph("fed", "Part")
        + paragraph("counted", "Part")
        + paragraph("Tools", "H1")
        + paragraph("A smoker", "Clause")
        + paragraph("gloves", more=bullet)
        + paragraph("No number here.", "Clause", '<w:numPr><w:numId w:val="0"/></w:numPr>')
    )
    assert clauses(reading) == [
        ("1.1", "Bees are kept."), ("1.2", "They may be:\n(a) fed\n(b) counted"), ("2.1", "A smoker\n- gloves\nNo number here."),
    ]  # fmt: skip
    rows = splitting.split(reading.blocks)
    assert [(row["number"], row["text"]) for row in rows if row["kind"] == "heading"] == [("1", "Purpose"), ("2", "Tools")]


def test_tracked_changes_read_as_accepted_and_are_counted():
    reading = read(
        paragraph("Purpose", "H1")
        + paragraph(run("Bees ") + deleted("never") + f"<w:ins {BY}>{run('always')}</w:ins>" + run(" hum."), "Clause")
        + paragraph(deleted("A clause that went."), "Clause", GONE)
        + paragraph(run("Half a ") + deleted("x"), "Clause", GONE)
        + paragraph("sentence.", "Clause")
        + f"<w:moveFrom {BY}>{run('Moved away')}</w:moveFrom>"
        + paragraph("Last one.", "Clause")
    )
    assert clauses(reading) == [("1.1", "Bees always hum."), ("1.2", "Half a sentence."), ("1.3", "Last one.")]
    assert [note.as_data() for note in reading.notes] == [{"code": "tracked", "taken": 1, "left_out": 6}]


def test_struck_hidden_and_commented_words():
    body = paragraph("Purpose", "H1") + "".join(
        paragraph(run("Bees ") + run("never ", "<w:strike/>") + run("secret", "<w:vanish/>") + run("hum."), "Clause") for _n in range(3)
    )
    reading = read(body, word__comments_xml=f"<w:comments {papers.W}/>")
    assert reading.blocks[1].text == "Bees ~~never ~~hum."
    assert clauses(reading)[0] == ("1.1", "Bees hum.")
    assert {note.code for note in reading.notes} == {"struck", "comments"}


def test_a_number_typed_behind_a_bullet_is_the_clauses():
    bullet = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="2"/></w:numPr>'
    body = "".join(paragraph(words, more=bullet) for words in ("6.1 Bees hum.", "a part", "6.2 They rest.", "6.3 They wake.", "07.03.16 Approved"))
    assert clauses(read(body)) == [("6.1", "Bees hum.\n- a part"), ("6.2", "They rest."), ("6.3", "They wake.\n- 07.03.16 Approved")]


def test_tables_are_rows_and_footnotes_are_left_out_of_the_clauses():
    cell = "<w:tc>" + paragraph("Date") + "</w:tc><w:tc>" + paragraph("1 May") + "</w:tc>"
    notes = f'<w:footnotes {papers.W}><w:footnote w:type="separator">{paragraph("-")}</w:footnote><w:footnote>{paragraph("A note.")}</w:footnote></w:footnotes>'
    reading = read(f"<w:tbl><w:tr>{cell}</w:tr></w:tbl>" + paragraph("Purpose", "H1") + paragraph("One.", "Clause") * 3, word__footnotes_xml=notes)
    assert [block.text for block in reading.blocks] == ["Date | 1 May", "Purpose", "One.", "One.", "One.", "A note."]
    assert [row["kind"] for row in splitting.split(reading.blocks)] == ["other", "heading", "clause", "clause", "clause", "other"]


@pytest.mark.parametrize(("body", "code"), [("", "no_text"), ("<w:sdt>" * 40 + "</w:sdt>" * 40, "damaged")])
def test_word_document_without_words_or_nested_without_end_is_refused(body, code):
    with pytest.raises(Unreadable) as refused:
        read(body)
    assert refused.value.code == code


# --- PDF -----------------------------------------------------------------------------------------------------------
def page(number: int, *lines: str, of: int = 3) -> list[tuple[int, str]]:
    return [(800, "Example Council - Protocol"), *((760 - 14 * at, line) for at, line in enumerate(lines)), (30, f"Page {number} of {of}")]


PAGES = [
    page(1, "1. Purpose", "1.1 Bees are kept by the council in every park that it has, and by nobody else", "who is not asked.", "1.2 They are"),
    page(2, "calm.", "2. Tools", "2.1 A smoker and gloves are needed whenever a hive is opened by somebody who", "keeps bees."),
    page(3, "2.2 Honey is shared."),
]


def test_pdf_loses_its_furniture_and_joins_what_a_page_end_broke():
    reading = pdf.read(papers.pdf(PAGES))
    assert clauses(reading) == [
        ("1.1", "Bees are kept by the council in every park that it has, and by nobody else who is not asked."),
        ("1.2", "They are calm."),
        ("2.1", "A smoker and gloves are needed whenever a hive is opened by somebody who keeps bees."),
        ("2.2", "Honey is shared."),
    ]
    assert reading.pages == 3
    assert [note.as_data() for note in reading.notes] == [{"code": "furniture", "lines": ["Example Council - Protocol", "Page 1 of 3"], "count": 2}]


def test_pdf_paragraphs_are_told_apart_by_the_gap_between_them():
    lines = [(700, "We keep bees because they are good for the town and for the people who live"), (686, "in it, as everybody knows."),
             (660, "They are counted in spring by whoever has the time to do so on a warm day of"), (646, "the month.")]  # fmt: skip
    blocks = pdf.read(papers.pdf([lines])).blocks
    assert [block.text[:9] for block in blocks] == ["We keep b", "They are "]


@pytest.mark.parametrize(
    ("pages", "chosen", "code"),
    [([[]] * 4, {}, "scanned"), ([PAGES[0]] * 101, {}, "too_many_pages"), (PAGES, {"first": 2, "last": 9}, "no_such_page"), (None, {}, "damaged")],
)
def test_pdf_that_cannot_be_read_is_refused(pages, chosen, code):
    with pytest.raises(Unreadable) as refused:
        pdf.read(papers.pdf(pages) if pages is not None else b"%PDF-1.4 nothing", **chosen)
    assert refused.value.code == code


def test_pages_of_a_long_pdf_can_be_chosen():
    reading = pdf.read(papers.pdf([*PAGES] * 100), first=7, last=8)
    assert reading.pages == 300
    assert {block.page for block in reading.blocks} == {7, 8}
