"""A list of people: what is read, what is wrong with it, and that it comes in whole or not at all."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from concerns.files import archives
from councils.errors import Refusal
from councils.models import Appointment, CouncilEvent, Person, ReportingLine
from studio.actions.people_import import bring_people, forget_old, take_people
from studio.models import Invitation, PeopleImport
from studio.setup import tables
from studio.setup.people import Here, Row, as_day, cells_of, check
from tests.councils.views_cast import Place, client, place, today  # noqa: F401
from tests.factories.councils import NOW, AppointmentFactory

TODAY = date(2026, 1, 15)
GOOD = """Name,Email,Role,Post,Line manager,From
Alex Clerk,alex@little.example,Officer,Assistant to the Clerk,sam@little.example,2024-04-01
Sam Senior,sam@little.example,Officer,Manager,,1/2/2020
Jo Councillor,JO@little.example,Cllr; Committee chair,,,9 May 2023
"""
# Windows-1252, with three bad rows: a name that is only right there, a role nobody knows, no e-mail, and a formula.
WINDOWS = """Full name;E-mail address;Position;Line manager\r
Zoë Müller;zoe@little.example;Councillor;\r
Siân Prys;sian@little.example;Beadle;\r
Ceri Nobody;;Councillor;\r
=HYPERLINK("http://evil.example");eve@little.example;Officer;\r
Huw Good;huw@little.example;Officer;sian@little.example\r
""".encode("cp1252")


def rows(content: bytes | str, **more: Any) -> list[Row]:
    """The rows of a list as they are understood at an empty council."""
    table = tables.read(content if isinstance(content, bytes) else content.encode())
    return check(cells_of(table), here=more.pop("here", Here()), words=more.pop("words", {}), today=TODAY)


def workbook(*lines: Any) -> bytes:
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def test_list_good_rows_are_understood() -> None:
    alex, sam, jo = rows(GOOD)
    assert (alex.name, alex.email, alex.roles, alex.manager, alex.starts_on) == (
        "Alex Clerk", "alex@little.example", ("officer",), "sam@little.example", date(2024, 4, 1),
    )  # fmt: skip
    assert (sam.starts_on, sam.manager) == (date(2020, 2, 1), "")
    assert (jo.email, jo.roles, jo.starts_on) == ("jo@little.example", ("councillor", "committee_chair"), date(2023, 5, 9))
    assert [row.problems for row in (alex, sam, jo)] == [(), (), ()]


def test_list_workbook_and_pasted_cells_read_like_csv() -> None:
    book = workbook(["First name", "Surname", "Email", "Role", "Start date"], ["Jo", "Grey", "jo@little.example", "Councillor", date(2023, 5, 9)])
    (row,) = rows(book)
    assert (row.name, row.roles, row.starts_on) == ("Jo Grey", ("councillor",), date(2023, 5, 9))
    (row,) = rows("Name\tEmail\tRole\nJo Grey\tjo@little.example\tCouncillor\n")
    assert (row.name, row.starts_on) == ("Jo Grey", TODAY)


def test_list_windows_1252_with_bad_rows_names_them_and_keeps_the_others() -> None:
    found = rows(WINDOWS)
    assert found[0].name == "Zoë Müller"
    assert {row.number: len(row.problems) for row in found} == {2: 0, 3: 1, 4: 1, 5: 1, 6: 0}
    assert "“Beadle” isn’t known" in found[1].problems[0]
    assert found[2].problems == ("The e-mail address is missing.",)
    assert found[3].problems[0].startswith("“=HYPERLINK(")
    assert found[4].manager == "" and found[4].notes == ("Comes without a line manager: row 3 has to be mended first.",)


def test_list_same_address_twice_and_two_clerks_are_named() -> None:
    found = rows("Name,Email,Role\nA B,a@x.example,Clerk\nC D,A@x.example,Councillor\nE F,e@x.example,Town Clerk\n")
    assert found[0].good
    assert found[1].problems[0].startswith("Row 2 has the same e-mail address.")
    assert found[2].problems == ("Only one person holds “Clerk (Proper Officer)”, and row 2 has it.",)


def test_list_against_who_is_here_already() -> None:
    here = Here({"a@x.example": ("Ann Clerk", frozenset({"proper_officer"})), "b@x.example": ("Bo Cllr", frozenset({"councillor"}))}, {"proper_officer": "a@x.example"})
    found = rows("Name,Email,Role,Manager\nZ,z@x.example,Clerk,\nBo,b@x.example,Officer,\nN,n@x.example,Officer,Ann Clerk\nM,m@x.example,Officer,m@x.example\nBo,B@x.example,Cllr,\n", here=here)
    assert found[0].problems == ("Only one person holds “Clerk (Proper Officer)”, and Ann Clerk has it.",)
    assert found[1].problems == ("Nobody can be councillor and officer of one council at once.",)
    assert found[2].manager == "a@x.example" and found[2].good
    assert found[3].problems == ("Nobody can be their own line manager.",)
    assert found[4].problems[0].startswith("Row 3 has the same e-mail address.")


def test_list_managers_in_a_circle_and_strangers_are_refused() -> None:
    found = rows("Name,Email,Role,Manager\nA,a@x.example,Officer,b@x.example\nB,b@x.example,Officer,a@x.example\nC,c@x.example,Officer,who@x.example\nD,d@x.example,Cllr,a@x.example\n")
    circle = ("These officers would be managing each other. Correct one line manager.",)
    assert [row.problems for row in found[:2]] == [circle, circle]
    assert found[2].problems == ("The line manager “who@x.example” is neither in this list nor at the council.",)
    assert found[3].problems == ("Only officers have line managers, and only officers are line managers.",)


def test_list_uses_the_council_own_words_for_roles() -> None:
    (row,) = rows("Name,Email,Role\nA B,a@x.example,Maer y Dref\n", words={"chair_of_council": "Maer y Dref"})
    assert row.roles == ("chair_of_council",)


@pytest.mark.parametrize(
    ("typed", "day"),
    [("2025-05-12", date(2025, 5, 12)), ("12/5/2025", date(2025, 5, 12)), ("12 May 2025", date(2025, 5, 12)), ("31/2/2025", None), ("May", None)],
)
def test_list_days_as_lists_write_them(typed: str, day: date | None) -> None:
    assert as_day(typed) == day


def bomb() -> bytes:
    book = workbook(["Name", "Email", "Role"], ["A", "a@x.example", "Officer"])
    parts = archives.unpack(book)
    return archives.pack({**parts, "xl/media/big.bin": b"\0" * 60_000_000})


def macro() -> bytes:
    parts = archives.unpack(workbook(["Name", "Email", "Role"], ["A", "a@x.example", "Officer"]))
    return archives.pack({**parts, "xl/vbaProject.bin": b"program"})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"  \n", "The file is empty."),
        (b"x" * (tables.LARGEST + 1), "larger than 1 MB"),
        (b"%PDF-1.7 ...", "This kind of file can’t be read."),
        (b"\xd0\xcf\x11\xe0old", "This kind of file can’t be read."),
        (b"Name,Email,Role\n", "no rows under its headings"),
        (b"Name,Telephone\nA,1\n", "These columns are missing: Email, Role."),
        (b"Name,Email,Role\n" + b"A,a@x.example,Officer\n" * 501, "more than 500 rows"),
        (b"a\x00b,c\n1,2\n", "isn’t a list as text"),
        (b"PK\x03\x04broken", "damaged"),
        (b"Name,Email,Role\n" + b"A" * 301 + b",a,b\n", "longer than 300 characters"),
    ],
)
def test_list_that_cannot_be_read_says_what_to_do(content: bytes, said: str) -> None:
    with pytest.raises(Refusal) as refused:
        cells_of(tables.read(content))
    assert said in str(refused.value.message)
    assert refused.value.field == "file"


def test_list_workbook_with_a_bomb_or_a_macro_is_refused() -> None:
    for made, said in ((bomb(), "unpacks to far more"), (macro(), "program")):
        with pytest.raises(Refusal, match=said):
            tables.read(made)


def url(place: Place) -> str:  # noqa: F811
    return reverse("studio:people-import", kwargs={"key": place.council.key})


def upload(browser: Client, place: Place, content: bytes) -> Any:  # noqa: F811
    return browser.post(url(place), {"file": SimpleUploadedFile("people.csv", content)})


def counts() -> list[int]:
    return [Person.objects.count(), Appointment.objects.count(), ReportingLine.objects.count(), CouncilEvent.objects.count()]


def test_import_takes_nothing_over_until_the_bad_rows_are_left_out(place: Place) -> None:  # noqa: F811
    browser, before = client(place.admin), counts()
    assert upload(browser, place, WINDOWS).status_code == 302
    shown = browser.get(url(place)).content.decode()
    assert "Zoë Müller" in shown and "Rows 3, 4, 5 need mending." in shown and "Take over 2 people" in shown
    answer = browser.post(url(place), {"do": "take", "revision": "0"})
    assert answer.status_code == 422
    assert "Something is wrong with rows 3, 4, 5, so nothing was taken over." in answer.content.decode()
    assert "Zoë Müller" in answer.content.decode()
    assert counts() == before
    answer = browser.post(url(place), {"do": "take", "revision": "0", "leave_out": "1"})
    assert answer["Location"] == reverse("councils:people", kwargs={"key": place.council.key})
    assert counts()[:3] == [before[0] + 2, before[1] + 2, before[2]]
    zoe = Person.objects.get(email="zoe@little.example")
    assert (zoe.full_name, zoe.has_usable_password()) == ("Zoë Müller", False)
    assert PeopleImport.objects.count() == 0


def test_import_mended_in_place_comes_in_whole(place: Place) -> None:  # noqa: F811
    browser, before = client(place.admin), counts()
    upload(browser, place, WINDOWS)
    mended = {"row-3-role": "Officer", "row-4-email": "ceri@little.example", "row-5-name": "Eve Plain"}
    assert browser.post(url(place), {"do": "take", "revision": "0", "leave_out": "1", **mended}).status_code == 302
    assert counts() == before  # changes are looked over before anything comes of them
    assert browser.post(url(place), {"do": "take", "revision": "0"}).status_code == 422  # another window
    assert browser.post(url(place), {"do": "take", "revision": "1"}).status_code == 302
    assert counts()[:3] == [before[0] + 5, before[1] + 5, before[2] + 1]
    line = ReportingLine.objects.get(officer__email="huw@little.example")
    assert line.manager.email == "sian@little.example"


def test_import_mended_with_a_nul_byte_is_looked_over_without_it(place: Place) -> None:  # noqa: F811
    browser = client(place.admin)
    upload(browser, place, WINDOWS)
    assert browser.post(url(place), {"do": "take", "revision": "0", "row-5-name": "Eve\x00 Plain"}).status_code == 302
    waiting = PeopleImport.objects.get()
    assert next(row["name"] for row in waiting.rows if row["number"] == "5") == "Eve Plain"


def test_import_twice_changes_nothing_and_names_of_others_stay(place: Place) -> None:  # noqa: F811
    known = Person.objects.create(email="alex@little.example", full_name="Known Elsewhere", password="!")
    for _turn in range(2):
        waiting = bring_people(council=place.council, text=GOOD, by=place.admin, now=NOW)
        taken = take_people(waiting=waiting, revision=0, leave_out=False, invite=True, by=place.admin, now=NOW)
    assert sorted(Invitation.objects.values_list("person__email", flat=True)) == ["alex@little.example", "jo@little.example", "sam@little.example"]
    assert taken.people == 0
    known.refresh_from_db()
    assert known.full_name == "Known Elsewhere"
    assert Appointment.objects.filter(council=place.council, person=known).count() == 1
    assert ReportingLine.objects.get(officer=known).starts_on == date(2024, 4, 1)


def test_import_is_undone_whole_when_one_row_is_refused_by_the_database(place: Place) -> None:  # noqa: F811
    waiting = bring_people(council=place.council, text=GOOD + "Kim Vice,kim@little.example,Vice Chair,,,1/1/2024\n", by=place.admin, now=NOW)
    AppointmentFactory(council=place.council, role="vice_chair_of_council", ends_on=date(2025, 5, 1))  # nobody holds it today
    before = counts()
    with pytest.raises(Refusal) as refused:
        take_people(waiting=waiting, revision=0, leave_out=False, by=place.admin, now=NOW)
    assert str(refused.value.message).startswith("Row 5: Someone holds this role on some of these days")
    assert counts() == before


def test_import_of_another_council_or_by_anybody_else_is_not_found(place: Place) -> None:  # noqa: F811
    for who in (place.clerk, place.member, place.former, place.outsider):
        assert upload(client(who), place, GOOD.encode()).status_code == 404
    assert PeopleImport.objects.count() == 0


def test_import_a_list_that_cannot_be_read_keeps_what_was_pasted(place: Place) -> None:  # noqa: F811
    answer = client(place.admin).post(url(place), {"text": "Name,Telephone\nZara Kept,1\n"})
    assert answer.status_code == 422
    assert "These columns are missing: Email, Role." in answer.content.decode()
    assert "Zara Kept" in answer.content.decode()
    answer = upload(client(place.admin), place, b"")
    assert answer.status_code == 422 and "The file is empty." in answer.content.decode()


def test_import_given_up_is_forgotten(place: Place) -> None:  # noqa: F811
    browser = client(place.admin)
    waiting = bring_people(council=place.council, text=GOOD, by=place.admin, now=NOW)
    assert forget_old(now=waiting.brought_at + timedelta(days=30)) == 0
    assert forget_old(now=waiting.brought_at + timedelta(days=31)) == 1
    upload(browser, place, GOOD.encode())
    browser.post(url(place), {"do": "give_up", "revision": "0"})
    assert PeopleImport.objects.count() == 0
    assert "Look it over" in browser.get(url(place)).content.decode()
    example = browser.get(reverse("studio:people-import-template", kwargs={"key": place.council.key}))
    assert all(row.good for row in rows(example.content))
