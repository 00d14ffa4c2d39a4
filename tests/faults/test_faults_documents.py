"""Reading a file and working on the concern, on two real connections: neither waits for the other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction

from concerns import casefile
from concerns.actions import papers
from concerns.enums import Action
from concerns.models import Concern, DisclosedCopy, Document, DocumentOpening
from councils.models import Person
from councils.rls import as_person
from tests.concerns.screens import at, client_of
from tests.factories.concerns import NOW, do, lodge
from tests.factories.councils import Town, town
from tests.fuzz import samples

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def weston() -> Town:
    return town("weston")


@pytest.fixture
def taken(weston: Town) -> Concern:
    concern = lodge(weston, weston["councillor1"], weston["officer1"], chosen_token="role:proper_officer")
    do(Action.ADD_DOCUMENT, concern, weston["councillor1"], name="x.pdf", content=samples.pdf())
    do(Action.ACCEPT, concern, weston["clerk"])
    with as_person(weston["clerk"]):
        do(Action.MAKE_COPY, concern, weston["clerk"], document_id=Document.objects.get().pk)
    return concern


@contextmanager
def meanwhile(person: Person, work: Callable[[], Any]) -> Iterator[None]:
    """Another connection does ``work`` as ``person`` and keeps its transaction open for as long as this lasts."""
    ready, done, wrong = threading.Event(), threading.Event(), list[BaseException]()

    def run() -> None:
        try:
            with as_person(person):
                work()
                ready.set()
                done.wait(30)
        except BaseException as error:  # noqa: BLE001 - told below
            wrong.append(error)
        finally:
            ready.set()
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    assert ready.wait(20)
    try:
        yield
    finally:
        done.set()
        thread.join(20)
    assert wrong == []


@pytest.fixture(autouse=True)
def _impatient() -> Iterator[None]:
    """Whoever waits for a lock for two seconds fails."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '2s'")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET lock_timeout")


def files(weston: Town, concern: Concern) -> tuple[str, str]:
    with as_person(weston["clerk"]):
        document, copy = Document.objects.get(), DisclosedCopy.objects.get()
    return at("document", concern, document=document.pk), at("copy", concern, document=document.pk, copy=copy.pk)


def test_file_is_read_while_somebody_works_on_the_concern(weston: Town, taken: Concern) -> None:
    reader = client_of(weston["councillor1"])
    with meanwhile(weston["clerk"], lambda: casefile.lock(taken.pk, by=weston["clerk"])):
        for url in (*files(weston, taken), *files(weston, taken)):  # the first opening writes a line, the second counts
            assert reader.get(url).status_code == 200
    with as_person(weston["clerk"]):
        assert sorted(DocumentOpening.objects.values_list("times", flat=True)) == [2, 2]


def test_concern_is_worked_on_while_somebody_reads_a_file(weston: Town, taken: Concern) -> None:
    def read() -> None:
        document = Document.objects.get()
        assert bytes(document.content) == samples.pdf()
        papers.log_opening(document_id=document.pk, now=NOW)
        papers.log_opening(document_id=document.pk, copy_id=DisclosedCopy.objects.get().pk, now=NOW)

    clerk = client_of(weston["clerk"])
    original, copy = files(weston, taken)
    with meanwhile(weston["councillor1"], read):
        for url in (at("page", taken), original, copy):  # others' pages, and the same file
            assert clerk.get(url).status_code == 200
        do(Action.ADD_NOTE, taken, weston["clerk"], text="Noted meanwhile")
        with as_person(weston["clerk"]), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT id FROM concerns_concern WHERE id = %s FOR UPDATE NOWAIT", [taken.pk])
    with as_person(weston["clerk"]):
        assert DocumentOpening.objects.count() == 4


def test_two_tabs_of_one_person_count_as_two_openings(weston: Town, taken: Concern) -> None:
    original, _copy = files(weston, taken)
    gate, statuses = threading.Barrier(4), list[int]()

    def get() -> None:
        client = client_of(weston["clerk"])
        gate.wait(20)
        statuses.append(client.get(original).status_code)
        connection.close()

    threads = [threading.Thread(target=get) for _tab in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert statuses == [200] * 4
    with as_person(weston["clerk"]):
        assert list(DocumentOpening.objects.values_list("times", flat=True)) == [4]
