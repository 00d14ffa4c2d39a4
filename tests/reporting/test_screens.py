"""The pages of reports, and what they can be taken away as."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from councils.models import ReviewResult
from councils.rls import as_person, system_work
from reporting.actions import runs
from reporting.enums import Audience
from reporting.models import ReportRun
from reporting.reports import tables
from reporting.reports.shown import shown
from tests.concerns.conftest import loaded as loaded  # noqa: PLC0414
from tests.concerns.screens import client_of
from tests.factories.concerns import CANARY
from tests.factories.councils import AppointmentFactory, Town
from tests.matrix.rows_reporting import ROUTES
from tests.reporting.world import AFTER, asked, at_the_desk, reports, year

COUNCILS = ("weston", "yateley")
pytestmark = pytest.mark.django_db
FORMATS = ("pdf", "csv", "xlsx")


@pytest.fixture(scope="module")
def weston(loaded: dict[str, Town], django_db_blocker: Any) -> Iterator[Town]:
    """Weston with its year of concerns; its deputy is its Monitoring Officer, too."""
    with django_db_blocker.unblock():
        town = loaded["weston"]
        year(town)
        AppointmentFactory(council=town.council, person=town["deputy"], role="monitoring_officer")
        yield town


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with at_the_desk():
        yield


@pytest.fixture
def made(weston: Town) -> dict[str, ReportRun]:
    """The year's three reports."""
    return {run.audience: run for run in reports(weston)}


def url(name: str, town: Town, **more: Any) -> str:
    return reverse(f"reporting:{name}", kwargs={"key": town.council.key, **more})


def admin_of(town: Town) -> Client:
    return client_of(town["admin"])


def test_matrix_every_address_answers_each_person_as_the_table_says(weston: Town, loaded: dict[str, Town], made: dict[str, ReportRun]) -> None:
    run = made["council"].pk
    file = {"run": run, "format": "csv"}
    more = {"reporting:download": file, "reporting:public-download": file}
    more |= {f"reporting:{name}": {"run": run} for name in ("report", "publish", "withdraw", "public-report")}
    people = {
        "admin": weston["admin"], "officer": weston["deputy"], "clerk": weston["clerk"], "councillor": weston["councillor1"],
        "stranger": loaded["yateley"]["clerk"], "visitor": None,
    }  # fmt: skip
    for name, expected in ROUTES.items():
        address = reverse(name, kwargs={"key": weston.council.key, **more.get(name, {})})
        for part, person in people.items():
            client = client_of(person) if person else Client()
            answers = [client.get(address), client.head(address), client.post(address)]
            got = " ".join("login" if answer.status_code == 302 and "login" in answer["Location"] else str(answer.status_code) for answer in answers)
            assert (name, part, got) == (name, part, expected[part])
            assert CANARY not in "".join(answer.content.decode("utf-8", "replace") for answer in answers)


def test_unknown_report_or_format_is_404(weston: Town, made: dict[str, ReportRun], loaded: dict[str, Town]) -> None:
    client = admin_of(weston)

    assert client.get(url("report", weston, run=uuid4())).status_code == 404
    assert client.get(url("download", weston, run=made["public"].pk, format="docx")).status_code == 404
    with as_person(loaded["yateley"]["admin"]):
        address = url("report", loaded["yateley"], run=made["public"].pk)
    assert client_of(loaded["yateley"]["admin"]).get(address).status_code == 404


def test_ask_page_makes_the_reports_that_were_chosen(weston: Town) -> None:
    client = admin_of(weston)
    answer = client.post(url("ask", weston), {"period": "2024-1", "audiences": ["public", "council"]}, follow=True)

    assert "The report is being made." in answer.content.decode()
    with as_person(weston["admin"]):
        assert set(ReportRun.objects.filter(starts_on="2024-04-01").values_list("audience", "status")) == {("public", "WAITING"), ("council", "WAITING")}


@pytest.mark.parametrize("period", ["2026-1", "", "x\x01y", "2025-9999999999"])
def test_ask_page_period_that_isnt_offered_keeps_what_was_chosen(weston: Town, period: str) -> None:
    answer = admin_of(weston).post(url("ask", weston), {"period": period, "audiences": ["public"]})

    assert answer.status_code == 422
    assert re.findall(r'value="(\w+)"[^>]* checked', answer.content.decode()) == ["public"]


def test_report_being_made_shows_how_far_it_is_and_looks_again(weston: Town) -> None:
    (run,) = asked(weston, Audience.COUNCIL)
    with system_work():
        held = runs.claim(now=AFTER)
        runs.go_on(held, done=7, now=AFTER)
    answer = admin_of(weston).get(url("report", weston, run=run.pk))

    assert answer["Refresh"] == "3"
    assert b'<progress class="portal-progress" id="progress" value="50" max="100"' in answer.content
    assert admin_of(weston).get(url("download", weston, run=run.pk, format="pdf"))["Location"] == url("report", weston, run=run.pk)


def test_report_page_says_how_many_what_isnt_shown_and_what_to_minute(weston: Town, made: dict[str, ReportRun]) -> None:
    said = admin_of(weston).get(url("report", weston, run=made["council"].pk)).content.decode()

    assert "About 15 concerns were raised in this period." in said
    assert "Numbers under 5 aren’t shown, and neither is nought" in said
    assert "RESOLVED: (a) that the report be noted" in said
    assert said.count('role="img"') == 3
    assert "style=" not in said.partition("<main")[2].partition("</main>")[0]


def test_report_page_of_the_public_has_no_rules_clauses_or_suggestions(weston: Town, made: dict[str, ReportRun]) -> None:
    said = admin_of(weston).get(url("report", weston, run=made["public"].pk)).content.decode()

    assert "About 20 concerns were raised in this period." in said
    for word in ("Which rule of the protocol", "Clauses cited", "could be changed", "Monitoring Officer sees"):
        assert word not in said


def test_report_page_review_origin_stays_inside_the_council(weston: Town) -> None:
    from councils.models import ProtocolReview

    ProtocolReview.objects.create(
        council=weston.council, version=weston.version, opened_on="2026-01-02", opened_at=AFTER, concluded_on="2026-02-03",
        result=ReviewResult.CHANGED, body="Full Council", minute_ref="12/26", author="Clerk", origin="Because of what Sam said", changed_by="Clerk",
    )  # fmt: skip
    kept = {run.audience: run for run in reports(weston)}
    pages = {code: admin_of(weston).get(url("report", weston, run=run.pk)).content.decode() for code, run in kept.items()}

    assert ["what Sam said" in pages[code] for code in ("public", "council", "monitoring_officer")] == [False, True, True]
    assert "minute 12/26" in pages["public"]


def test_report_page_nothing_raised_says_so(loaded: dict[str, Town]) -> None:
    town = loaded["yateley"]
    public, council = reports(town, Audience.PUBLIC, Audience.COUNCIL)

    assert b"Only a few concerns were raised in this period, or none" in admin_of(town).get(url("report", town, run=public.pk)).content
    assert b"Fewer than 5 concerns were raised in this period, or none." in admin_of(town).get(url("report", town, run=council.pk)).content


def test_download_pdf_is_tagged_and_named_without_content(weston: Town, made: dict[str, ReportRun]) -> None:
    answer = admin_of(weston).get(url("download", weston, run=made["public"].pk, format="pdf"))

    paper = PdfReader(io.BytesIO(answer.content))
    assert "/StructTreeRoot" in paper.trailer["/Root"]
    assert paper.metadata.title == "Report on the Member–Officer Protocol"
    assert answer["Content-Disposition"] == 'attachment; filename="protocol-report-2025-1-public.pdf"'


def test_download_csv_and_xlsx_hold_the_same_tables_as_the_page(weston: Town, made: dict[str, ReportRun]) -> None:
    client = admin_of(weston)
    text = client.get(url("download", weston, run=made["council"].pk, format="csv")).content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    book = load_workbook(io.BytesIO(client.get(url("download", weston, run=made["council"].pk, format="xlsx")).content))
    cells = [[str(cell) for cell in row if cell is not None] for sheet in book for row in sheet.iter_rows(values_only=True)]

    for line in (["Bullying, harassment or intimidation", "5"], ["Together", "15"]):
        assert line in lines and line in cells
    assert ["A councillor, about an officer", "not shown"] in lines
    taken = [[type(cell) for cell in row if cell is not None] for sheet in book if "Time taken" in sheet.title for row in sheet.iter_rows(min_row=3, values_only=True)]
    assert [str, str, int, int] in taken


def test_download_words_that_look_like_a_formula_stay_words(weston: Town, made: dict[str, ReportRun]) -> None:
    run = made["council"]
    run.council.name = "=HYPERLINK(1)"
    run.content["versions"] = []
    report = shown(run)
    text = tables.as_csv(report).decode("utf-8-sig")
    book = load_workbook(io.BytesIO(tables.as_xlsx(report, at=AFTER)))

    assert ["'=HYPERLINK(1)"] in list(csv.reader(io.StringIO(text)))
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s", "n"}
    for risky in ("=1", "+1", "-1", "@x", "\tx", "\rx"):
        assert tables.safe(risky) == f"'{risky}"
    assert (tables.safe("a=1"), tables.safe(5)) == ("a=1", 5)
