"""A public report on the council's public page: put there by an administrator, read by anybody, taken down again."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import translation
from pypdf import PdfReader

from councils.errors import Refusal
from councils.models import CouncilEvent
from councils.rls import as_person
from reporting import wording
from reporting.actions import publishing
from reporting.enums import Audience
from reporting.models import ReportPublication, ReportRun
from studio.actions.publication import choose_publication
from tests.concerns.conftest import loaded as loaded  # noqa: PLC0414
from tests.concerns.screens import client_of
from tests.factories.concerns import CANARY
from tests.factories.councils import Town
from tests.reporting.world import AFTER, asked, at_the_desk, reports, year
from tests.signin.spy import untranslated

COUNCILS = ("weston",)
pytestmark = pytest.mark.django_db
PAGE = "/public/weston/reports/"


@pytest.fixture(scope="module")
def weston(loaded: dict[str, Town], django_db_blocker: Any) -> Iterator[Town]:
    with django_db_blocker.unblock():
        year(loaded["weston"])
        yield loaded["weston"]


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with at_the_desk():
        yield
    translation.activate("en-gb")


@pytest.fixture
def made(weston: Town) -> dict[str, ReportRun]:
    return {run.audience: run for run in reports(weston, Audience.PUBLIC, Audience.COUNCIL)}


def press(town: Town, run: ReportRun, action: Any, who: str = "admin") -> Any:
    with as_person(town[who]):
        return action(run=run, by=town[who], now=AFTER)


def refused(town: Town, run: ReportRun, action: Any, who: str = "admin") -> str:
    with pytest.raises(Refusal) as caught:
        press(town, run, action, who)
    return str(caught.value.message)


def test_published_report_is_read_by_anybody_and_says_what_the_public_is_told(weston: Town, made: dict[str, ReportRun]) -> None:
    run = made["public"].pk
    visitor = Client()
    assert [visitor.get(f"{PAGE}{more}").status_code for more in ("", f"{run}/", f"{run}/pdf/", f"{run}/csv/")] == [404] * 4
    assert PAGE not in visitor.get("/public/weston/").content.decode()
    admin = client_of(weston["admin"])
    answer = admin.post(f"/c/weston/reports/{run}/publish/", follow=True).content.decode()
    assert "on the council’s public page now" in answer and f"Published by {weston['admin'].full_name}" in answer
    assert f'href="{PAGE}"' in visitor.get("/public/weston/").content.decode()
    listed, page = (visitor.get(f"{PAGE}{more}").content.decode() for more in ("", f"{run}/"))
    assert f"{PAGE}{run}/pdf/" in listed and f"{PAGE}{run}/csv/" in listed
    assert "About 20 concerns" in page and CANARY not in page
    assert [person.full_name for person in weston.people.values() if person.full_name in page] == []
    paper = visitor.get(f"{PAGE}{run}/pdf/")
    assert (paper["Content-Type"], "About 20 concerns" in PdfReader(io.BytesIO(paper.content)).pages[0].extract_text()) == ("application/pdf", True)
    assert b"About 20 concerns" in visitor.get(f"{PAGE}{run}/csv/").content
    for other in (f"{PAGE}{run}/xlsx/", f"{PAGE}{made['council'].pk}/", f"{PAGE}{made['council'].pk}/csv/", f"{PAGE}{uuid4()}/", f"/public/nowhere/reports/{run}/"):
        assert visitor.get(other).status_code == 404, other
    assert Client().get(PAGE, headers={"accept-language": "cy"}).status_code == 200


def test_report_taken_down_is_gone_and_stays_on_record(weston: Town, made: dict[str, ReportRun]) -> None:
    run = made["public"]
    press(weston, run, publishing.publish)
    assert refused(weston, run, publishing.publish) == "It is published already."
    answer = client_of(weston["admin"]).post(f"/c/weston/reports/{run.pk}/withdraw/", follow=True).content.decode()
    assert "isn’t on the public page any more" in answer
    assert Client().get(PAGE).status_code == 404 and Client().get(f"{PAGE}{run.pk}/").status_code == 404
    assert refused(weston, run, publishing.withdraw) == "It isn’t published."
    press(weston, run, publishing.publish)
    assert Client().get(f"{PAGE}{run.pk}/").status_code == 200
    with as_person(weston["admin"]):
        assert sorted(row.withdrawn_at is None for row in ReportPublication.objects.filter(run=run)) == [False, True]
        said = CouncilEvent.objects.filter(council=weston.council.pk, detail__what="report").values_list("detail__published", "by_id")
        assert sorted(said) == sorted([(True, weston["admin"].pk), (False, weston["admin"].pk), (True, weston["admin"].pk)])


def test_only_a_public_report_that_is_made_is_published_and_by_an_administrator(weston: Town, made: dict[str, ReportRun]) -> None:
    assert refused(weston, made["council"], publishing.publish) == "Only the report for the public can be published."
    with as_person(weston["admin"]):
        waiting = asked(weston, Audience.PUBLIC, period=_year_before())[0]
    assert refused(weston, waiting, publishing.publish).startswith("The report isn’t made yet.")
    assert refused(weston, made["public"], publishing.publish, "clerk") == "Only an administrator of the council can publish its reports."
    said = client_of(weston["admin"]).post(f"/c/weston/reports/{made['council'].pk}/publish/", follow=True).content.decode()
    assert "Only the report for the public can be published." in said


def _year_before() -> Any:
    from reporting.domain.periods import of_years

    return of_years(2023)


def test_council_that_keeps_its_protocol_to_itself_shows_no_report(weston: Town, made: dict[str, ReportRun]) -> None:
    press(weston, made["public"], publishing.publish)
    with as_person(weston["admin"]):
        choose_publication(council=weston.council, is_public=False, by=weston["admin"], now=AFTER)
    assert Client().get(PAGE).status_code == 404 and Client().get(f"{PAGE}{made['public'].pk}/").status_code == 404


def test_published_reports_are_in_welsh(weston: Town, made: dict[str, ReportRun], monkeypatch: pytest.MonkeyPatch) -> None:
    press(weston, made["public"], publishing.publish)
    reader = Client(headers={"accept-language": "cy"})
    missing: dict[str, set[str]] = {}
    for page in (PAGE, f"{PAGE}{made['public'].pk}/", f"{PAGE}{made['public'].pk}/csv/"):
        with untranslated(monkeypatch) as found:
            answer = reader.get(page)
        if found:
            missing[page] = set(found)
        if answer["Content-Type"].startswith("text/html"):
            assert '<html lang="cy"' in answer.content.decode(), page
    assert missing == {}
    with translation.override("cy"):
        assert wording.years_and_months(date(2016, 3, 7), date(2019, 9, 9)) == "3 blynedd a 6 mis"
        english = [*wording.RESULTS.values(), *wording.BASES.values(), *(words for code, words in wording.STAGES.items())]
        assert [str(words) for words in english if str(words) == _in_english(words)] == ["protocol"]  # the same in both


def _in_english(words: Any) -> str:
    with translation.override("en-gb"):
        return str(words)


