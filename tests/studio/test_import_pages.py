"""Bringing a document: the pages and their buttons, two tabs, files that aren't taken; only the council's administrator gets in."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from councils.models import Appointment, CouncilEvent, ProtocolVersion
from studio.models import ImportedDocument
from studio.queries.imports import clauses_of, words_of
from tests.councils.views_cast import Place, client, place, today  # noqa: F401
from tests.matrix.rows_imports import ROUTES
from tests.studio import papers
from tests.studio.papers import paragraph

TEXT = (
    b"Example Council Protocol\n\n1. Bees\n\n1.1 Bees are kept. They are calm.\n\n1.2 They ~~never~~ sting.\n\n2. Tools\n\n2.1 A smoker.\n\n2.1 Gloves, too.\n"
)


class Desk:
    """The administrator's browser on the council's document pages."""

    def __init__(self, place: Place) -> None:  # noqa: F811
        self.place = place
        self.browser = client(place.admin)

    def url(self, name: str, **more: Any) -> str:
        return reverse(f"studio:{name}", kwargs={"key": self.place.council.key, **more})

    def bring(self, name: str, content: bytes, **more: Any) -> Any:
        return self.browser.post(self.url("imports"), {"file": SimpleUploadedFile(name, content), **more})

    def brought(self, content: bytes = TEXT) -> ImportedDocument:
        assert self.bring("protocol.txt", content).status_code == 302
        return ImportedDocument.objects.get()

    def do(self, document: ImportedDocument, step: str, **more: Any) -> Any:
        data = {"revision": document.revision, **more}
        return self.browser.post(self.url("import-do", document=document.pk, step=step), data)


@pytest.fixture
def desk(place: Place) -> Desk:  # noqa: F811
    return Desk(place)


def page(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def row_of(document: ImportedDocument, number: str) -> dict[str, Any]:
    return next(row for row in document.rows if row["number"] == number and row["kind"] == "clause")


def numbers(document: ImportedDocument) -> list[str]:
    document.refresh_from_db()
    return [row["number"] for row in document.rows if row["kind"] == "clause"]


def test_document_is_brought_corrected_and_checked(desk):
    document = desk.brought()
    shown = page(desk.browser.get(desk.url("import", document=document.pk)))
    assert "4 clauses were found." in shown
    assert "The number 2.1 is given 2 times. All are kept: give each its own number." in shown
    assert '<del><span class="govuk-visually-hidden">struck out: </span>never</del>' in shown
    assert "finish-import" not in shown  # something must be mended first
    assert desk.do(document, "finish").status_code == 422
    twice = next(row["id"] for row in reversed(document.rows) if row["number"] == "2.1")
    edit = desk.url("import-row", document=document.pk, row=twice)
    assert "Gloves, too." in page(desk.browser.get(edit))
    data = {"kind": "clause", "number": "2.2", "text": "Gloves, too.", "gist": "Gloves are worn.", "level": "1", "revision": "0"}
    answer = desk.browser.post(edit, data)
    assert (answer.status_code, answer["Location"]) == (302, f"{desk.url('import', document=document.pk)}#row-{twice}")
    document.refresh_from_db()
    assert desk.do(document, "finish").status_code == 302
    document.refresh_from_db()
    assert (document.revision, document.finished_at is not None, document.title) == (2, True, "protocol")
    assert f'href="{desk.url("draft-start")}?document={document.pk}"' in page(desk.browser.get(desk.url("import", document=document.pk)))
    assert [(one["number"], one["heading"], one["gist"]) for one in clauses_of(document)] == [
        ("1.1", "Bees", "Bees are kept. They are calm."), ("1.2", "Bees", "They sting."), ("2.1", "Tools", "A smoker."), ("2.2", "Tools", "Gloves are worn."),
    ]  # fmt: skip
    assert words_of(document)["2.2"] == "Gloves, too."
    events = CouncilEvent.objects.filter(council=desk.place.council.pk, kind="council_changed").order_by("at")
    assert sorted(event.detail["what"] for event in events) == ["document_brought", "document_checked", "document_corrected"]
    assert "Gloves" not in str([event.detail for event in events])


def test_buttons_split_join_leave_out_put_back_and_start_over(desk):
    document = desk.brought()
    first = row_of(document, "1.1")["id"]
    split = desk.url("import-split", document=document.pk, row=first)
    assert "They are calm." in page(desk.browser.get(split))
    assert desk.browser.post(split, {"place": "15", "revision": "0"}).status_code == 302
    assert numbers(document) == ["1.1", "1.1A", "1.2", "2.1", "2.1"]
    second = row_of(document, "1.1A")
    assert second["text"] == "They are calm."
    answer = desk.do(document, "join", row=second["id"])
    assert answer["Location"].endswith(f"#row-{first}")
    assert numbers(document) == ["1.1", "1.2", "2.1", "2.1"]
    struck = row_of(document, "1.2")["id"]
    assert desk.do(document, "put-back", row=struck).status_code == 302
    document.refresh_from_db()
    assert row_of(document, "1.2")["text"] == "They never sting."
    assert desk.do(document, "leave-out", row=struck).status_code == 302
    assert numbers(document) == ["1.1", "2.1", "2.1"]
    assert "They never sting." in str(document.rows)  # it is left out, not lost
    assert desk.do(document, "start-over").status_code == 302
    assert numbers(document) == ["1.1", "1.2", "2.1", "2.1"]


def test_second_tab_loses_nothing(desk):
    document = desk.brought()
    desk.do(document, "leave-out", row=row_of(document, "1.2")["id"])
    late = {"kind": "clause", "number": "1.1", "text": "What the other tab wrote.", "gist": "", "level": "1", "revision": "0"}
    answer = desk.browser.post(desk.url("import-row", document=document.pk, row=row_of(document, "1.1")["id"]), late)
    assert answer.status_code == 422
    assert "The document was changed in another window." in page(answer)
    assert "What the other tab wrote." in page(answer)
    stale = desk.do(document, "join", row=row_of(document, "1.2")["id"])
    assert stale.status_code == 422 and "changed in another window" in page(stale)
    assert numbers(document) == ["1.1", "2.1", "2.1"]


def test_same_file_is_brought_once_and_a_removed_one_is_gone(desk):
    document = desk.brought()
    again = desk.bring("renamed.txt", TEXT)
    assert again["Location"] == desk.url("import", document=document.pk)
    assert desk.browser.post(desk.url("import-remove", document=document.pk)).status_code == 302
    assert ImportedDocument.objects.count() == 0
    assert desk.browser.get(desk.url("import", document=document.pk)).status_code == 404


def test_word_and_pdf_are_brought_and_what_was_noticed_is_said(desk):
    gone = '<w:del w:id="1" w:author="A" w:date="2026-01-01T00:00:00Z"><w:r><w:delText>x</w:delText></w:r></w:del>'
    body = paragraph("Bees", "H1") + paragraph("They hum.", "Clause") + paragraph(gone)
    assert desk.bring("protocol.docx", papers.docx(body)).status_code == 302
    document = ImportedDocument.objects.get()
    assert numbers(document) == ["1.1"]
    said = page(desk.browser.get(desk.url("import", document=document.pk)))
    assert "Insertions taken: 0. Deletions left out: 1." in said
    lines = [(760, "1.1 Bees are kept by the council."), (740, "1.2 They are calm and do not sting."), (720, "1.3 Honey is shared by all.")]
    assert desk.bring("protocol.pdf", papers.pdf([lines, lines]), first_page="2", last_page="2").status_code == 302
    assert numbers(ImportedDocument.objects.get(kind="pdf")) == ["1.1", "1.2", "1.3"]


def bomb() -> bytes:
    made = BytesIO(papers.docx(paragraph("x")))
    with ZipFile(made, "a", ZIP_DEFLATED) as archive:
        archive.writestr("word/styles2.xml", b" " * 60_000_000)
    return made.getvalue()


def locked() -> bytes:
    made = BytesIO()
    with pikepdf.Pdf.open(BytesIO(papers.pdf([[(700, "1.1 Bees are kept here.")]]))) as document:
        document.save(made, encryption=pikepdf.Encryption(owner="o", user="u"))
    return made.getvalue()


BAD = {
    "scan.pdf": (lambda: papers.pdf([[], []]), "2 of 2 pages are pictures without text"),
    "constitution.pdf": (lambda: papers.pdf([[(700, f"Page {n} of the constitution says {n} words.")] for n in range(300)]), "That is 300 pages; 100 can be read at once."),
    "locked.pdf": (locked, "locked with a password"),
    "macro.docx": (lambda: papers.docx(paragraph("x"), word__vbaProject_bin=b"\xd0\xcf"), "holds a program (a macro or a script)"),
    "macro.docm": (lambda: b"PK", "holds a program (a macro or a script)"),
    "bomb.docx": (bomb, "unpacks to far more than a document needs"),
    "nested.docx": (lambda: papers.docx("<w:sdt>" * 40 + "</w:sdt>" * 40), "damaged"),
    "old.doc": (lambda: b"\xd0\xcf\x11\xe0", "Choose a Word (.docx), PDF or plain text (.txt) file."),
    "picture.txt": (lambda: b"\x89PNG\r\n\x1a\n\x00\x00\x00\x00\x01\x02\x03\x04", "plain text file"),
    "empty.txt": (lambda: b"", "The file is empty."),
    "blank.txt": (lambda: b" \n \n", "The file is empty."),
    "pdf.docx": (lambda: b"%PDF-1.4", "what its name says"),
    "large.txt": (lambda: b"bee " * 1_400_000, "smaller than 5 MB"),
    "wordless.docx": (lambda: papers.docx(""), "There are no words in this document."),
    "entities.docx": (lambda: papers.docx(paragraph("x"), word__footnotes_xml='<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'), "from somewhere else"),
}  # fmt: skip


def test_files_that_are_not_taken_say_why_and_leave_nothing_behind(desk):
    for name, (made, words) in BAD.items():
        answer = desk.bring(name, made())
        assert answer.status_code == 422, name
        assert words in page(answer).replace("&#x27;", "'").replace("&#39;", "'"), (name, answer.context["form"].errors)
    assert "Choose the document" in page(desk.browser.post(desk.url("imports"), {}))
    assert "Only a PDF has pages" in page(desk.bring("a.txt", TEXT, first_page="1"))
    assert ImportedDocument.objects.count() == 0
    assert ProtocolVersion.objects.count() == 1


def test_odd_addresses_and_answers_are_refused_in_words(desk):
    document = desk.brought()
    first = row_of(document, "1.1")["id"]
    assert desk.do(document, "explode").status_code == 404
    assert "Something was missing." in page(desk.do(document, "join", row="one"))
    assert "There is no clause before it" in page(desk.do(document, "join", row=first))
    assert desk.browser.get(desk.url("import-row", document=document.pk, row=999)).status_code == 404
    edit = desk.url("import-row", document=document.pk, row=first)
    answer = desk.browser.post(edit, {"kind": "clause", "number": "", "text": "Kept words", "revision": "0"})
    assert answer.status_code == 422 and "Enter the clause’s number." in page(answer) and "Kept words" in page(answer)
    answer = desk.browser.post(desk.url("import-split", document=document.pk, row=first), {"place": "3", "revision": "0"})
    assert answer.status_code == 422
    assert numbers(document) == ["1.1", "1.2", "2.1", "2.1"]


def test_only_the_councils_administrator_gets_in(desk):
    document = desk.brought()
    where = desk.place
    one = {"document": document.pk}
    kwargs = {"imports": {}, "import": one, "import-remove": one, "import-row": {**one, "row": 3}, "import-split": {**one, "row": 3}, "import-do": {**one, "step": "finish"}}
    asked = {"stranger": where.outsider, "member": where.clerk, "former": where.former, "visitor": None, "admin": where.admin}
    browsers = {who: client(person) for who, person in asked.items()}
    for route, row in ROUTES.items():
        url = desk.url(route.removeprefix("studio:"), **kwargs[route.removeprefix("studio:")])
        for who, browser in browsers.items():
            if (route, who) == ("studio:import-remove", "admin"):
                continue  # an empty form is a yes there
            for method, wanted in zip(("get", "head", "post"), row["stranger" if who == "former" else who].split(), strict=True):
                answer = getattr(browser, method)(url)
                assert answer.status_code == (302 if wanted == "login" else int(wanted)), (route, who, method)
    elsewhere = reverse("studio:import", kwargs={"key": Appointment.objects.get(person=where.outsider).council.key, "document": document.pk})
    assert client(where.outsider).get(elsewhere).status_code == 404  # another council's administrator, under their own key
