"""A file on the way: added, marked "not scanned", opened, a copy made to show others; a hostile one refused."""

from __future__ import annotations

from io import BytesIO

import pypdf
import pytest
from PIL import Image

from concerns.enums import Action
from tests.factories.concerns import do, lodge
from tests.fuzz import samples
from tests.fuzz.hostile_pdfs import script, with_action
from tests.journeys.raising import Raised

COUNCILS = ("weston",)
pytestmark = pytest.mark.browser


@pytest.fixture
def weston(towns):
    return towns("weston")


def fetched(visitor, link) -> bytes:
    """What a link gives: always a download."""
    with visitor.page.expect_download() as waiting:
        link.click()
    return waiting.value.path().read_bytes()


def test_file_is_added_opened_and_copied_without_a_name(weston, visit):
    concern = lodge(weston, weston["councillor1"], weston["officer1"], chosen_token="role:proper_officer")
    do(Action.ACCEPT, concern, weston["clerk"])
    path = Raised(str(concern.pk), concern.reference).path
    raiser, clerk = visit(weston["councillor1"]), visit(weston["clerk"])
    raiser.go(path)
    raiser.press("add_document")
    raiser.answer(file={"name": "minutes.pdf", "mimeType": "application/pdf", "buffer": with_action(script())})
    raiser.press("add_document")
    assert raiser.errors == ["The file holds a program (a macro or a script). Print it to a PDF, and choose that."]
    raiser.answer(file={"name": "minutes.pdf", "mimeType": "application/pdf", "buffer": samples.pdf()})
    raiser.press("add_document")
    files = raiser.page.get_by_test_id("documents")
    assert "Not scanned" in files.inner_text().replace("NOT SCANNED", "Not scanned")
    assert "Nobody has opened it yet." in files.inner_text()
    assert fetched(raiser, files.get_by_role("link", name="minutes.pdf")) == samples.pdf()

    clerk.go(path)
    clerk.press("make_copy")
    clerk.answer(words="Margaret Hollis\nNobody Else", reason="Not a party to this.")
    clerk.press("make_copy")
    assert clerk.errors == ["“Nobody Else” isn't in the text of this file. Check how it's written there; nothing was made."]
    assert clerk.page.locator("[name=words]").input_value() == "Margaret Hollis\nNobody Else"
    clerk.answer(words="Margaret Hollis")
    clerk.press("make_copy")
    copies = clerk.page.get_by_test_id("documents")
    assert "without hidden data, words taken out at 1 place, the words only, laid out anew" in copies.inner_text()
    made = fetched(clerk, copies.locator("li li a"))
    text = pypdf.PdfReader(BytesIO(made)).pages[0].extract_text()
    assert "██ said so." in text and "Hollis" not in text

    raiser.go(path)
    opened = raiser.page.get_by_test_id("documents").locator("details")
    assert [item.inner_text() for item in opened.locator("summary").all()] == ["Opened by 1 person", "Opened by 1 person"]
    opened.nth(1).locator("summary").click()
    assert weston["clerk"].full_name in opened.nth(1).inner_text()
    assert raiser.complaints == clerk.complaints == []


def test_area_of_a_picture_is_painted_out(weston, visit):
    concern = lodge(weston, weston["councillor2"], weston["officer1"], chosen_token="role:proper_officer")
    do(Action.ADD_DOCUMENT, concern, weston["councillor2"], name="photo.jpg", content=samples.jpeg())
    do(Action.ACCEPT, concern, weston["clerk"])
    clerk = visit(weston["clerk"])
    clerk.go(Raised(str(concern.pk), concern.reference).path)
    clerk.press("make_copy")
    clerk.answer(areas="0, 0, 100%, 100%", reason="Somebody else's face.")
    clerk.press("make_copy")
    made = fetched(clerk, clerk.page.get_by_test_id("documents").locator("li li a"))
    with Image.open(BytesIO(made)) as picture:
        assert max(high for _low, high in picture.convert("RGB").getextrema()) < 10
    assert clerk.complaints == []
