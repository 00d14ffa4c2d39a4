"""A concern's files, the start page and the list: within what one may see, and no further."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import UUID, uuid4
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from concerns.enums import Action
from concerns.models import Concern, Document
from councils.rls import as_person
from tests.concerns.screens import at, client_of, frozen, page
from tests.factories.concerns import do, lodge
from tests.factories.councils import Town
from tests.fuzz.samples import GOOD

pytestmark = pytest.mark.django_db
COUNCILS = ("weston",)
STRANGERS = ("officer1", "deputy", "chair", "councillor2", "admin", "former")


@pytest.fixture(autouse=True)
def _clock():
    with frozen():
        yield


@pytest.fixture
def sent(weston: Town) -> Concern:
    """A councillor's concern about an officer, with the clerk."""
    return lodge(weston, weston["councillor1"], weston["officer1"], chosen_token="role:proper_officer")


@pytest.fixture
def taken(weston: Town, sent: Concern) -> Concern:
    do(Action.ACCEPT, sent, weston["clerk"])
    return sent


# --- files -----------------------------------------------------------------------------------------------------------
def test_file_is_added_and_opened_as_a_download(weston, taken):
    upload = SimpleUploadedFile("../../minutes.txt", b"Minutes <b>of</b> the talk", content_type="text/html")
    assert client_of(weston["clerk"]).post(at("do", taken, action="add_document"), {"file": upload}).status_code == 302
    with as_person(weston["clerk"]):
        document = Document.objects.get(concern=taken)
    assert document.name == "minutes.txt"
    answer = page(weston, "councillor1", taken, "document", document=document.pk)
    assert answer.content == b"Minutes <b>of</b> the talk"
    assert answer["Content-Type"] == "text/plain"
    assert answer["Content-Disposition"] == f'attachment; filename="{taken.reference}-1.txt"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    for stranger in STRANGERS:
        assert page(weston, stranger, taken, "document", document=document.pk).status_code == 404
    assert page(weston, "clerk", taken, "document", document=uuid4()).status_code == 404


def zipped(*names: str) -> bytes:
    held = BytesIO()
    with ZipFile(held, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.pdf", "application/pdf"),
        ("a.png", "image/png"),
        ("a.JPG", "image/jpeg"),
        ("a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.odt", "application/vnd.oasis.opendocument.text"),
    ],
)
def test_file_is_taken_for_what_its_bytes_are(weston, taken, name, media_type):
    content = GOOD[name[1:].lower()]()
    answer = client_of(weston["clerk"]).post(at("do", taken, action="add_document"), {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302
    with as_person(weston["clerk"]):
        assert Document.objects.get(concern=taken).media_type == media_type


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("renamed.docx", zipped("a.txt")),
        ("broken.xlsx", b"PK\x03\x04"),
        ("picture.png", b"%PDF-1.4"),
        ("latin.txt", b"\xe9"),
        ("evil.exe", b"MZ"),
        ("empty.txt", b""),
        ("fake.pdf", b"no pdf"),
        ("big.txt", b"a" * (5 * 1024 * 1024 + 1)),
    ],
)
def test_file_that_cannot_be_taken_is_refused_with_words(weston, taken, name, content):
    answer = client_of(weston["clerk"]).post(at("do", taken, action="add_document"), {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["file"]


# --- home and list ---------------------------------------------------------------------------------------------------
def test_home_shows_what_waits_to_the_recipient_only(weston, sent):
    assert sent.reference in client_of(weston["clerk"]).get("/").content.decode()
    home = client_of(weston["councillor1"]).get("/")
    assert [row["concern"].pk for row in home.context["raised"]] == [sent.pk]
    assert home.context["waiting"] == []


def refs(client: Any, **query: str) -> list[UUID]:
    return [row["concern"].pk for row in client.get(reverse("concerns:list"), query).context["rows"]]


def test_list_filters_searches_and_counts_only_what_one_may_see(weston, sent):
    other = lodge(weston, weston["councillor2"], weston["officer2"], chosen_token="role:proper_officer", topic="respect")
    hidden = lodge(weston, weston["councillor3"], weston["clerk"], chosen_token="role:chair_of_council")
    clerk = client_of(weston["clerk"])
    assert set(refs(clerk)) == {sent.pk, other.pk}
    assert clerk.get(reverse("concerns:list")).context["count"] == 2
    assert refs(clerk, search=sent.reference) == [sent.pk]
    assert refs(clerk, search=weston["officer2"].full_name) == [other.pk]
    assert refs(clerk, search=hidden.reference) == []
    assert refs(clerk, topic="respect") == [other.pk]
    assert refs(clerk, state="closed") == []
    assert set(refs(clerk, state="open", sort="oldest")) == {sent.pk, other.pk}
    assert set(refs(clerk, state="no such state", sort="no such order", topic="\u202e")) == {sent.pk, other.pk}


@pytest.mark.parametrize("number", ["0", "-1", "999", "x", "1.5", ""])
def test_list_with_an_odd_page_number_shows_a_page(weston, sent, number):
    assert refs(client_of(weston["clerk"]), page=number) == [sent.pk]


def test_list_takes_the_same_few_queries_for_one_and_for_many(weston, sent):
    client = client_of(weston["clerk"])
    client.get(reverse("concerns:list"))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("concerns:list"))
    for raiser in ("councillor2", "councillor3", "councillor4"):
        lodge(weston, weston[raiser], weston["officer2"], chosen_token="role:proper_officer")
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("concerns:list"))
    statements = [q["sql"] for q in many.captured_queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(many.captured_queries) == len(one.captured_queries)
    assert len(statements) <= 12, statements


def test_page_titles_and_addresses_say_nothing_of_the_case(weston, sent):
    for name in ("page", "circle"):
        text = page(weston, "clerk", sent, name).content.decode()
        title = text.partition("<title>")[2].partition("</title>")[0]
        assert weston["officer1"].full_name not in title
        assert sent.reference not in title
