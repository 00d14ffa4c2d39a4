"""Originals sealed, copies made and shown, every opening written down: by the actions, on the page, and in PostgreSQL."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction

from concerns.actions import papers
from concerns.enums import Action, Capacity, NoticeKind, Scan
from concerns.files.refusals import WORDS, Why
from concerns.models import Concern, DisclosedCopy, Document, DocumentOpening, Notice
from concerns.outbox import put
from councils.errors import Refusal
from councils.rls import system_work
from tests.concerns.casework import event
from tests.concerns.screens import NOW, at, client_of, frozen, page
from tests.factories.concerns import CANARY, by, do, draft, lodge
from tests.factories.councils import PersonFactory, Town
from tests.fuzz import samples

pytestmark = pytest.mark.django_db
COUNCILS = ("weston",)
Owner = Callable[[], AbstractContextManager[None]]


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with frozen():
        yield


@pytest.fixture
def taken(weston: Town) -> Concern:
    """A councillor's concern about an officer, with a file of the raiser's, taken up by the clerk."""
    concern = lodge(weston, weston["councillor1"], weston["officer1"], chosen_token="role:proper_officer")
    do(Action.ADD_DOCUMENT, concern, weston["councillor1"], name="Margaret.txt", content=samples.txt())
    do(Action.ACCEPT, concern, weston["clerk"])
    return concern


def document(concern: Concern) -> Document:
    with by(concern.raiser):
        return Document.objects.get(concern=concern)


def copy_of(weston: Town, concern: Concern, **answers: Any) -> DisclosedCopy:
    found: DisclosedCopy = do(Action.MAKE_COPY, concern, weston["clerk"], document_id=document(concern).pk, **answers)
    return found


# --- what is kept -------------------------------------------------------------------------------------------------
def test_original_is_kept_whole_with_its_digest_and_says_that_nobody_scanned_it(weston: Town, taken: Concern) -> None:
    row = document(taken)
    assert bytes(row.content) == samples.txt()
    assert (row.name, row.media_type, row.size) == ("Margaret.txt", "text/plain", len(samples.txt()))
    assert row.sha256 == hashlib.sha256(samples.txt()).hexdigest()
    assert (row.scan, row.scanned_at) == (Scan.NOT_SCANNED, None)


def test_copy_leaves_the_original_and_one_event(weston: Town, taken: Concern) -> None:
    copy = copy_of(weston, taken, words=["Hollis", "Margaret"], reason=f"{CANARY} not theirs to see")
    assert bytes(document(taken).content) == samples.txt()
    with by(weston["clerk"]):
        row = DisclosedCopy.objects.get()
    assert row.pk == copy.pk
    assert bytes(row.content).decode() == "██ ██ said so.\r\nSecond line.\r\n"
    assert row.sha256 == hashlib.sha256(bytes(row.content)).hexdigest()
    assert (row.name, row.reason, row.made_by_id, row.made_at) == ("Document 1.txt", f"{CANARY} not theirs to see", weston["clerk"].pk, NOW)
    assert row.done == {"words": 2, "areas": 0, "text_copy": False}
    assert event(taken, "copy_made").facts == {
        "document": str(document(taken).pk), "copy": str(copy.pk), "words": 2, "areas": 0, "text_copy": False,
    }  # fmt: skip


def test_copy_needs_a_reason_when_something_is_taken_out(weston: Town, taken: Concern) -> None:
    with pytest.raises(Refusal) as told:
        copy_of(weston, taken, words=["Hollis"], reason=" ")
    assert (told.value.field, str(told.value)) == ("reason", "Say why this is taken out.")
    assert copy_of(weston, taken).reason in ("", None)


def test_only_who_deals_with_it_makes_copies(weston: Town, taken: Concern) -> None:
    with pytest.raises(Refusal) as told:
        do(Action.MAKE_COPY, taken, weston["councillor1"], document_id=document(taken).pk)
    assert str(told.value) == "Only somebody who is dealing with it or may choose the formal route can do this."
    assert Capacity.HANDLER


def test_no_copy_of_a_file_of_something_else(weston: Town, taken: Concern) -> None:
    other = lodge(weston, weston["councillor2"], weston["officer1"], chosen_token="role:proper_officer")
    theirs = do(Action.ADD_DOCUMENT, other, weston["councillor2"], name="x.txt", content=b"x")
    for pk in (theirs.pk, uuid4()):
        with pytest.raises(Refusal) as told:
            do(Action.MAKE_COPY, taken, weston["clerk"], document_id=pk)
        assert str(told.value) == "There is no such file on this concern."


def test_copy_can_be_made_after_the_end_and_on_hold(weston: Town, taken: Concern) -> None:
    do(Action.HOLD, taken, weston["clerk"], until=NOW.date().replace(month=3), reason="away")
    copy_of(weston, taken)
    do(Action.RELEASE, taken, weston["clerk"], note="")
    do(Action.CLOSE_NO_ACTION, taken, weston["clerk"], reason="done")
    copy_of(weston, taken)
    with by(weston["clerk"]):
        assert DisclosedCopy.objects.count() == 2


# --- sealed -------------------------------------------------------------------------------------------------------
CHANGES = (
    "UPDATE {table} SET content = '\\x00'", "UPDATE {table} SET sha256 = 'x'", "UPDATE {table} SET name = '\\x00'", "UPDATE {table} SET size = 0",
    "UPDATE {table} SET media_type = 'text/html'", "UPDATE {table} SET concern_id = gen_random_uuid()", "DELETE FROM {table}",
)  # fmt: skip


@pytest.mark.parametrize("table", ["concerns_document", "concerns_disclosedcopy"])
@pytest.mark.parametrize("statement", CHANGES)
def test_nobody_changes_or_deletes_a_file_once_it_is_sent(weston: Town, taken: Concern, as_owner: Owner, table: str, statement: str) -> None:
    copy_of(weston, taken)
    with as_owner(), connection.cursor() as cursor, pytest.raises(DatabaseError, match="a file is sealed"), transaction.atomic():
        cursor.execute(statement.format(table=table))
    loud = table == "concerns_document" and statement.startswith("UPDATE")  # all else finds no row that may be touched
    for name in ("councillor1", "clerk"):
        with by(weston[name]), connection.cursor() as cursor:
            sealed = pytest.raises(DatabaseError, match="a file is sealed|row-level security") if loud else nullcontext()
            with sealed, transaction.atomic():
                cursor.execute(statement.format(table=table))
                assert cursor.rowcount == 0


@pytest.mark.parametrize("statement", CHANGES[1:2] + CHANGES[3:])
def test_system_work_changes_nothing_but_keys_and_what_the_scanner_said(weston: Town, taken: Concern, statement: str) -> None:
    with pytest.raises(DatabaseError, match="a file is sealed"), system_work(), connection.cursor() as cursor:
        cursor.execute(statement.format(table="concerns_document"))
    with system_work():
        assert Document.objects.update(scan=Scan.CLEAN, scanned_at=NOW) == 1


def test_file_of_a_draft_is_its_raisers_to_remove(weston: Town) -> None:
    concern = draft(weston, weston["councillor1"], weston["officer1"], chosen_token="role:proper_officer")
    row = do(Action.ADD_DOCUMENT, concern, weston["councillor1"], name="x.txt", content=b"x")
    with by(weston["councillor1"]):
        papers.remove_document(concern_id=concern.pk, document_id=row.pk, by=weston["councillor1"], now=NOW)
        assert Document.objects.count() == 0


def test_copies_and_openings_go_with_what_was_sent_to_the_wrong_place(weston: Town, taken: Concern, as_owner: Owner) -> None:
    copy = copy_of(weston, taken)
    client_of(weston["clerk"]).get(at("copy", taken, document=document(taken).pk, copy=copy.pk))
    do(Action.PASS_ON, taken, weston["clerk"], token="role:chair_of_council", override_reason="duty", note="")
    do(Action.REDIRECT, taken, weston["chair"], reason_code="police")
    with as_owner():
        assert (Document.objects.count(), DisclosedCopy.objects.count(), DocumentOpening.objects.count()) == (0, 0, 0)


# --- openings -----------------------------------------------------------------------------------------------------
def openings(person: Any) -> list[tuple[str, bool, int]]:
    with by(person):
        rows = DocumentOpening.objects.select_related("person").order_by("first_at", "person__full_name", "copy")
        return sorted((row.person.full_name, row.copy_id is not None, row.times) for row in rows)


def test_every_opening_is_written_down_per_person_and_file(weston: Town, taken: Concern) -> None:
    clerk, raiser = weston["clerk"], weston["councillor1"]
    copy = copy_of(weston, taken)
    first, second = at("document", taken, document=document(taken).pk), at("copy", taken, document=document(taken).pk, copy=copy.pk)
    for person, url in ((clerk, first), (clerk, first), (clerk, second), (raiser, first)):
        assert client_of(person).get(url).status_code == 200
    assert client_of(clerk).head(first).status_code == 200  # looking whether it's there is no opening
    assert openings(raiser) == sorted([(clerk.full_name, False, 2), (clerk.full_name, True, 1), (raiser.full_name, False, 1)])
    text = page(weston, "councillor1", taken).content.decode()
    assert "Opened by 2 people" in text and "Opened by 1 person" in text
    assert f"{clerk.full_name}, 2 times, first on 15 Jan 2026, 12:00pm, last on 15 Jan 2026, 12:00pm" in text


def test_opening_changes_nothing_of_the_concern(weston: Town, taken: Concern) -> None:
    def revision() -> int:
        with by(taken.raiser):
            return Concern.objects.values_list("revision", flat=True).get(pk=taken.pk)

    before = revision()
    client_of(weston["clerk"]).get(at("document", taken, document=document(taken).pk))
    assert revision() == before


def test_draft_keeps_no_log_of_its_raiser(weston: Town) -> None:
    concern = draft(weston, weston["councillor1"], weston["officer1"], chosen_token="role:proper_officer")
    row = do(Action.ADD_DOCUMENT, concern, weston["councillor1"], name="x.txt", content=b"x")
    assert client_of(weston["councillor1"]).get(at("document", concern, document=row.pk)).status_code == 200
    assert openings(weston["councillor1"]) == []


def test_nobody_writes_an_opening_for_somebody_else_or_of_nothing(weston: Town, taken: Concern) -> None:
    pk = document(taken).pk
    with by(weston["clerk"]), connection.cursor() as cursor:
        for statement in (
            f"INSERT INTO concerns_documentopening VALUES (gen_random_uuid(), '{taken.pk}', now(), now(), 1, NULL, '{pk}', '{weston['officer2'].pk}')",
            f"SELECT note_opening('{uuid4()}', NULL, now())",
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(statement)
    with by(None), connection.cursor() as cursor, pytest.raises(DatabaseError), transaction.atomic():  # type: ignore[arg-type]
        cursor.execute(f"SELECT note_opening('{pk}', NULL, now())")
    assert openings(weston["clerk"]) == []


def test_opening_is_written_for_nobody_who_may_not_open_the_file(weston: Town, taken: Concern) -> None:
    with by(weston["clerk"]):
        pk = document(taken).pk
    for who in ("councillor5", "officer1", "former"):
        with by(weston[who]), pytest.raises(DatabaseError), transaction.atomic():
            papers.log_opening(document_id=pk, now=NOW)
    assert openings(weston["clerk"]) == []


def test_notice_that_belongs_to_no_concern_goes_to_people_of_ones_own_councils_alone(weston: Town) -> None:
    stranger = PersonFactory()
    for whom, told in ((weston["officer2"], True), (weston["former"], True), (stranger, False)):
        with by(weston["clerk"]):
            if told:
                put(None, NoticeKind.RECEIVED, to=whom, now=NOW)
            else:
                with pytest.raises(DatabaseError), transaction.atomic():
                    put(None, NoticeKind.RECEIVED, to=whom, now=NOW)
    with system_work():
        assert Notice.objects.filter(concern=None, person=stranger).count() == 0
        assert Notice.objects.filter(concern=None, person=weston["officer2"]).count() == 1


# --- on screen ----------------------------------------------------------------------------------------------------
def test_page_says_not_scanned_and_offers_a_copy_to_the_handler_only(weston: Town, taken: Concern) -> None:
    handler, raiser = (page(weston, who, taken).content.decode() for who in ("clerk", "councillor1"))
    for text in (handler, raiser):
        assert "Not scanned" in text and "Open it only if you trust where it came from." in text
        assert "Nobody has opened it yet." in text
    assert 'data-action="make_copy"' in handler and 'data-action="make_copy"' not in raiser


def test_scanned_file_has_no_tag_and_a_file_with_a_virus_cannot_be_opened(weston: Town, taken: Concern) -> None:
    url = at("document", taken, document=document(taken).pk)
    copy = copy_of(weston, taken)
    with system_work():
        Document.objects.update(scan=Scan.CLEAN)
    assert "Not scanned" not in page(weston, "clerk", taken).content.decode()
    with system_work():
        Document.objects.update(scan=Scan.INFECTED)
    text = page(weston, "clerk", taken).content.decode()
    assert "Virus found" in text and url not in text and 'data-action="make_copy"' not in text
    for closed in (url, at("copy", taken, document=document(taken).pk, copy=copy.pk), at("copy-new", taken, document=document(taken).pk)):
        answer = client_of(weston["clerk"]).get(closed)
        assert answer.status_code == 409
        assert "A virus was found in this file." in answer.content.decode()
        assert "said so" not in answer.content.decode()
    assert openings(weston["clerk"]) == []


def test_copy_is_made_on_screen_and_listed_with_what_was_done(weston: Town, taken: Concern) -> None:
    client = client_of(weston["clerk"])
    url = at("copy-new", taken, document=document(taken).pk)
    form = client.get(url)
    assert form.status_code == 200 and set(form.context["form"].fields) == {"revision", "words", "reason"}
    answer = client.post(url, {"words": "Hollis\n\n margaret ", "reason": "Not theirs", "revision": form.context["form"].initial["revision"]})
    assert (answer.status_code, answer.url) == (302, at("page", taken))
    text = page(weston, "councillor1", taken).content.decode()
    assert "without hidden data, words taken out at 2 places. Made by" in text and "Not theirs" in text
    with by(weston["clerk"]):
        copy = DisclosedCopy.objects.get()
    answer = client.get(at("copy", taken, document=document(taken).pk, copy=copy.pk))
    assert answer.content.decode() == "██ ██ said so.\r\nSecond line.\r\n"
    assert answer["Content-Disposition"] == f'attachment; filename="{taken.reference}-1-copy.txt"'
    assert (answer["X-Content-Type-Options"], answer["Content-Security-Policy"]) == ("nosniff", "default-src 'none'; sandbox")


@pytest.mark.parametrize(
    ("kind", "typed", "errors"),
    [
        (samples.txt, {"words": "Nobody", "reason": "why"}, {"words": ["“Nobody” isn't in the text of this file. Check how it's written there; nothing was made."]}),
        (samples.txt, {"words": "Hollis"}, {"reason": ["Say why this is taken out."]}),
        (samples.png, {"areas": "1 2 3"}, {"areas": ["Line 1 isn't an area. Write numbers as in the example."]}),
        (samples.png, {"areas": "10 10 20 20\nnan 1 2 3"}, {"areas": ["Line 2 isn't an area. Write numbers as in the example."]}),
        (samples.pdf, {"areas": "10 10 20 20"}, {"areas": ["Line 1 isn't an area. Write numbers as in the example."]}),
        (samples.pdf, {"areas": "1.5 10 10 20 20"}, {"areas": ["Line 1 isn't an area. Write numbers as in the example."]}),
        (samples.pdf, {"areas": "7 10 10 20 20", "reason": "why"}, {"areas": [str(WORDS[Why.NO_SUCH_PAGE])]}),
        (samples.pdf, {"areas": f"1 0 0 1e999 {'9' * 400}"}, {"areas": ["Line 1 isn't an area. Write numbers as in the example."]}),
        (samples.txt, {"words": "a\x00b"}, {"words": ["The text holds a character that can't be kept. It's taken out below; check the text and send it again."]}),
        (samples.txt, {"words": "", "revision": "0"}, {"__all__": None}),
    ],
)  # fmt: skip
def test_mistake_on_the_form_is_told_and_what_was_typed_kept(weston: Town, kind: Any, typed: dict[str, str], errors: dict[str, Any]) -> None:
    concern = lodge(weston, weston["councillor1"], weston["officer1"], chosen_token="role:proper_officer")
    ending = next(ending for ending, make in samples.GOOD.items() if make is kind)
    do(Action.ADD_DOCUMENT, concern, weston["councillor1"], name=f"x{ending}", content=kind())
    do(Action.ACCEPT, concern, weston["clerk"])
    answer = client_of(weston["clerk"]).post(at("copy-new", concern, document=document(concern).pk), typed)
    assert answer.status_code == 422
    found = answer.context["form"].errors
    assert set(found) == set(errors)
    if None not in errors.values():
        assert found == errors
    for value in (typed.get("words"), typed.get("reason")):
        assert not value or value.replace("\x00", "") in answer.content.decode()
    with by(weston["clerk"]):
        assert DisclosedCopy.objects.count() == 0


def test_eleventh_file_and_one_too_large_are_refused_in_words(weston: Town, taken: Concern) -> None:
    client = client_of(weston["clerk"])
    url = at("do", taken, action="add_document")
    answer = client.post(url, {"file": SimpleUploadedFile("x.txt", b"a" * (papers.LARGEST_FILE + 1))})
    assert answer.status_code == 422 and answer.context["form"].errors == {"file": ["The file must be smaller than 5 MB."]}
    for number in range(papers.MOST_FILES - 1):
        do(Action.ADD_DOCUMENT, taken, weston["clerk"], name=f"{number}.txt", content=b"x")
    answer = client.post(url, {"file": SimpleUploadedFile("x.txt", b"x")})
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"file": ["There are ten files already. Put several papers into one file."]}


def test_more_than_any_form_holds_is_said_to_be_too_much(weston: Town, taken: Concern, settings: Any) -> None:
    client = client_of(weston["clerk"])
    url = at("do", taken, action="add_note")
    answers = [
        client.post(url, b"x", content_type="application/x-www-form-urlencoded", CONTENT_LENGTH="999999999"),
        client.post(url, b"x", content_type="application/x-www-form-urlencoded", CONTENT_LENGTH="9" * 5000),
        client.post(url, {"text": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)}),
        client.post(url, {f"f{number}": "x" for number in range(1_100)}),
        client.post(url, {f"f{number}": SimpleUploadedFile("x.txt", b"x") for number in range(120)}),
    ]
    for answer in answers:
        assert answer.status_code == 413
        assert "That was more than the portal can take at once" in answer.content.decode()
    assert client.post(url, b"x", content_type="application/x-www-form-urlencoded", CONTENT_LENGTH="x").status_code == 400
