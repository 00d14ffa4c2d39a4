"""What is typed into the screens of this room: far too much, signs that can't be kept, the wrong order; and what is told by mail."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from concerns import outbox
from concerns.enums import Action
from concerns.models import DisclosedCopy, Document, DocumentOpening, Notice
from councils.errors import Refusal
from councils.rls import system_work
from disclosures import queries
from disclosures.enums import DisclosureAction as A
from disclosures.models import DisclosedPaper, Disclosure, PaperOpening
from tests.concerns.screens import client_of, frozen
from tests.disclosures.telling import ANSWER, act, answered, as_kept, disclosed, drafted, opened, running
from tests.factories.concerns import CANARY, NOW, by, do, lodge
from tests.factories.councils import Town

COUNCILS = ("weston",)
RTL = "\u202eעברית\u202c <b>&amp; \u200f"


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with frozen():
        yield


def mine(name: str, row: Disclosure) -> str:
    return reverse(f"disclosures:{name}", kwargs={"disclosure": row.pk})


def body(answer: Any) -> str:
    return html.unescape(answer.content.decode())


@pytest.mark.parametrize(
    ("typed", "words"),
    [("", "Write your answer"), ("   ", "Write your answer"), ("a\x00b", "can't be kept"), ("x" * 1_000_000, "50000 characters")],
    ids=["nothing", "blanks", "nul", "a megabyte"],
)
def test_an_answer_that_cannot_be_kept_is_given_back(weston: Town, typed: str, words: str) -> None:
    row = disclosed(running(weston), weston["clerk"], weston["officer1"])
    answer = client_of(weston["officer1"]).post(mine("told-answer", row), {"answer": typed})
    assert answer.status_code == 422
    shown = body(answer)
    assert words in shown.replace(",", "")
    assert typed.replace("\x00", "").strip() in shown
    assert as_kept(row, weston["officer1"]).answer == ""


def test_words_that_turn_round_stay_in_their_own_place(weston: Town) -> None:
    row = disclosed(running(weston), weston["clerk"], weston["officer1"], text=RTL)
    client = client_of(weston["officer1"])
    assert client.post(mine("told-answer", row), {"answer": RTL}).status_code == 302
    client.post(mine("told-companion", row), {"name": RTL, "kind": "other"})
    page = client.get(mine("told", row)).content.decode()
    assert page.count("&lt;b&gt;&amp;amp;") >= 3
    assert "<b>&amp;" not in page
    assert as_kept(row, weston["clerk"]).answer == RTL.strip()
    assert "<bdi>" in page


def test_who_may_come_along_rests_on_the_law_for_officers_and_on_the_council_for_councillors(weston: Town) -> None:
    words = "Employment Relations Act 1999 s.10"
    officer = disclosed(running(weston), weston["clerk"], weston["officer1"])
    assert words in body(client_of(weston["officer1"]).get(mine("told-companion", officer)))
    about = lodge(weston, weston["officer1"], weston["councillor6"])
    do(Action.ACCEPT, about, weston["clerk"], note="x")
    councillor = disclosed(about, weston["clerk"], weston["councillor6"])
    page = body(client_of(weston["councillor6"]).get(mine("told-companion", councillor)))
    assert words not in page and "for the council’s own procedure" in page


def test_a_second_tab_is_told_and_its_words_are_given_back(weston: Town) -> None:
    concern = running(weston)
    row = answered(disclosed(concern, weston["clerk"], weston["officer1"]), weston["officer1"])
    client = client_of(weston["officer1"])
    late = client.post(mine("told-answer", row), {"answer": "The words of the other tab"})
    assert late.status_code == 409
    assert "The words of the other tab" in body(late)
    assert "You have answered already" in body(late)
    act(A.CLOSE_DISCLOSURE, weston["clerk"], concern_id=concern.pk, disclosure_id=row.pk)
    late = client.post(mine("told-answer", row), {"answer": "Once more"})
    assert (late.status_code, "Once more" in body(late), "This was closed" in body(late)) == (409, True, True)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("a.txt", b"", "empty"), ("a.exe", b"MZ\x00", ""), ("a.pdf", b"<svg onload=alert(1)>", ""), ("a.txt", b"x" * (5 * 1024 * 1024 + 1), "5 MB")],
    ids=["0 bytes", "program", "not a PDF", "over the limit"],
)  # fmt: skip
def test_a_paper_that_is_not_taken_says_why(weston: Town, name: str, content: bytes, words: str) -> None:
    row = disclosed(running(weston), weston["clerk"], weston["officer1"])
    answer = client_of(weston["officer1"]).post(mine("told-papers", row), {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 422
    assert words in body(answer)
    with by(weston["officer1"]):
        assert Disclosure.objects.get(pk=row.pk).papers.count() == 0


def test_a_draft_keeps_what_was_typed_when_it_is_refused(weston: Town) -> None:
    concern = running(weston)
    url = reverse("disclosures:telling-new", kwargs={"concern": concern.pk})
    typed = {"person": str(weston["officer1"].pk), "kind": "allegations", "text": f"{RTL} words", "basis": "agreed"}
    client = client_of(weston["clerk"])
    for wrong in ({"answer_by_day": "31", "answer_by_month": "2", "answer_by_year": "2026"}, {}, {"kind": "x"}, {"person": str(weston["officer3"].pk)}):
        answer = client.post(url, {**typed, **wrong})
        assert answer.status_code == 422
        assert f"{RTL} words" in body(answer)
    day = {"answer_by_day": "30", "answer_by_month": "1", "answer_by_year": "2026"}
    answer = client.post(url, {**typed, **day})
    assert answer.status_code == 302
    again = client.post(url, {**typed, **day})
    assert (again.status_code, "There is a draft for this person already" in body(again)) == (422, True)


def test_a_draft_in_two_tabs_is_disclosed_once_and_as_it_was_looked_at(weston: Town) -> None:
    concern = running(weston)
    row = drafted(concern, weston["clerk"], weston["officer1"])
    client, known = client_of(weston["clerk"]), {"concern": concern.pk, "disclosure": row.pk}
    drafted(concern, weston["clerk"], weston["officer1"], text="Changed in another tab", revision=row.revision)
    stale = client.post(reverse("disclosures:telling-disclose", kwargs=known), {"revision": str(row.revision)})
    assert stale.status_code == 422
    assert "Somebody changed this after you opened the page" in body(stale)
    assert "Changed in another tab" in body(stale)
    assert client.post(reverse("disclosures:telling-disclose", kwargs=known), {"revision": "2"}).status_code == 302
    assert client.post(reverse("disclosures:telling-disclose", kwargs=known), {"revision": "2"}).status_code == 409


def test_the_mail_to_the_subject_says_nothing(weston: Town, as_owner: Any) -> None:
    concern = running(weston)
    row = disclosed(concern, weston["clerk"], weston["officer1"], text=f"{CANARY} text")
    with as_owner():
        (notice,) = Notice.objects.filter(person=weston["officer1"])
    raw = outbox.message(notice.pk, weston["officer1"].email).message().as_string()
    for word in (CANARY, concern.reference, str(concern.pk), str(row.pk), weston["councillor3"].full_name, weston.council.name):
        assert word not in raw
    assert "You have something to look at" in raw


def test_opening_a_disclosed_paper_is_written_down_for_those_who_read_the_concern(weston: Town) -> None:
    concern = running(weston)
    copy = _copy(concern, weston["clerk"])
    row = opened(disclosed(concern, weston["clerk"], weston["officer1"], copies=[copy.pk]), weston["officer1"])
    with by(weston["officer1"]):
        given = Disclosure.objects.get(pk=row.pk).disclosed_papers.get()
        assert not DisclosedCopy.objects.exists()
    url = reverse("disclosures:told-disclosed", kwargs={"disclosure": row.pk, "paper": given.pk})
    client = client_of(weston["officer1"])
    assert client.head(url).status_code == 200
    assert client.get(url).content == b"cleaned"
    with by(weston["clerk"]):
        log = DocumentOpening.objects.get(copy=copy)
    assert (log.person, log.times, log.first_at) == (weston["officer1"], 1, NOW)


def test_copy_of_a_file_with_a_virus_is_not_given_to_the_subject(weston: Town) -> None:
    concern = running(weston)
    copy = _copy(concern, weston["clerk"])
    row = drafted(concern, weston["clerk"], weston["officer1"], copies=[copy.pk])  # the scanner looks only afterwards
    with system_work():
        Document.objects.filter(pk=copy.document_id).update(scan="infected", scanned_at=NOW)
    with pytest.raises(Refusal, match="A paper that was chosen isn't there any more"):
        act(A.DISCLOSE, weston["clerk"], concern_id=concern.pk, disclosure_id=row.pk)
    with by(weston["clerk"]):
        assert (queries.copies(concern), DisclosedPaper.objects.count()) == ([], 0)


def test_opening_a_paper_of_the_subject_is_shown_to_both_sides_without_names_to_the_subject(weston: Town) -> None:
    concern = running(weston)
    row = answered(disclosed(concern, weston["clerk"], weston["officer1"]), weston["officer1"])
    paper = act(A.ADD_SUBJECT_PAPER, weston["officer1"], disclosure_id=row.pk, name="a.txt", content=b"words")
    clerk, url = client_of(weston["clerk"]), {"concern": concern.pk, "disclosure": row.pk}
    file = reverse("disclosures:telling-paper", kwargs={**url, "paper": paper.pk})
    assert "first opened" not in body(client_of(weston["officer1"]).get(mine("told", row)))
    assert clerk.head(file).status_code == 200
    assert [clerk.get(file).content for _time in range(2)] == [b"words", b"words"]
    with by(weston["clerk"]):
        (log,) = PaperOpening.objects.all()
    assert (log.person, log.times, log.first_at) == (weston["clerk"], 2, NOW)
    assert f"opened by {weston['clerk'].full_name} on 15 Jan 2026" in body(clerk.get(reverse("disclosures:telling", kwargs=url)))
    assert "first opened on 15 Jan 2026 by those who deal with it" in body(client_of(weston["officer1"]).get(mine("told", row)))


def test_whoever_deals_with_it_is_told_when_the_message_did_not_arrive(weston: Town, as_owner: Any) -> None:
    concern = running(weston)
    row = disclosed(concern, weston["clerk"], weston["officer1"])
    url = reverse("disclosures:telling", kwargs={"concern": concern.pk, "disclosure": row.pk})
    assert "could not be delivered" not in body(client_of(weston["clerk"]).get(url))
    with as_owner():
        Notice.objects.filter(person=weston["officer1"]).update(failed_at=NOW)
    assert "could not be delivered" in body(client_of(weston["clerk"]).get(url))


def _copy(concern: Any, reader: Any) -> DisclosedCopy:
    from concerns.enums import Action
    from tests.factories.concerns import do

    document = do(Action.ADD_DOCUMENT, concern, reader, name=f"{CANARY}.txt", content=b"words")
    with by(reader):
        return DisclosedCopy.objects.create(
            concern=concern, document=document, name=f"{CANARY}.txt", media_type="text/plain", size=7, sha256="0" * 64,
            content=b"cleaned", made_by=reader, made_at=NOW,
        )  # fmt: skip


def test_start_page_says_what_waits_and_what_stays_open(weston: Town) -> None:
    concern = running(weston)
    row = disclosed(concern, weston["clerk"], weston["officer1"])
    client = client_of(weston["officer1"])
    assert "Something was disclosed to you" in body(client.get("/"))
    opened(row, weston["officer1"])
    act(A.ANSWER_DISCLOSURE, weston["officer1"], disclosure_id=row.pk, answer=ANSWER)
    page = body(client.get("/"))
    assert ("Something was disclosed to you" in page, "What was disclosed to you" in page) == (False, True)
    clerk = client_of(weston["clerk"])
    assert "An answer came" in body(clerk.get("/"))
    act(A.CLOSE_DISCLOSURE, weston["clerk"], concern_id=concern.pk, disclosure_id=row.pk)
    assert "An answer came" not in body(clerk.get("/"))
    assert "What was disclosed to you" in body(client.get("/"))
    assert "What was disclosed to you" not in body(client_of(weston["officer3"]).get("/"))
