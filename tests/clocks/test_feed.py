"""A calendar's address shows days and nothing else, to whoever has it, for as long as its owner has a post."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from clocks import feed
from clocks.domain.feed import Entry, written
from clocks.models import CalendarFeed, Obligation
from concerns.enums import Action
from councils import actions, reviews
from councils.models import Person
from councils.rls import as_person, system_work
from tests.concerns.casework import TODAY
from tests.concerns.screens import client_of, frozen
from tests.factories.concerns import CANARY, NOW, by, do, lodge
from tests.factories.councils import Town

COUNCILS = ("weston",)
pytestmark = pytest.mark.django_db


def turned_on(town: Town, name: str) -> str:
    """The address of a calendar of that person, as they are shown it."""
    with by(town[name]):
        return reverse("clocks:calendar", kwargs={"token": feed.turn_on(by=town[name], now=NOW)})


def shown(address: str, when: datetime = NOW) -> list[date]:
    """The days of the calendar at that address."""
    with time_machine.travel(when, tick=False):
        answer = Client().get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return [event.decoded("dtstart") for event in Calendar.from_ical(answer.content).walk("VEVENT")]


@pytest.fixture
def concern(weston: Town):
    return lodge(weston, weston["officer1"], weston["councillor3"])


def test_it_is_off_until_turned_on_and_then_shows_what_waits(weston: Town, concern) -> None:
    assert not CalendarFeed.objects.exists()
    mine = date(2026, 1, 20)
    assert mine in shown(turned_on(weston, "manager"))
    Person.objects.filter(pk=weston["manager"].pk).update(language="cy")
    assert "SUMMARY:Mae rhywbeth i’w wneud" in Client().get(turned_on(weston, "manager")).content.decode()
    Person.objects.filter(pk=weston["manager"].pk).update(language="")
    assert mine not in shown(turned_on(weston, "officer2"))
    assert mine not in shown(turned_on(weston, "councillor3"))  # the subject
    do(Action.ACCEPT, concern, weston["manager"])
    with by(weston["manager"]):
        address = reverse("clocks:calendar", kwargs={"token": feed.turn_on(by=weston["manager"], now=NOW)})
    assert date(2026, 1, 29) in shown(address)
    assert mine not in shown(address)


def test_the_clerk_finds_the_review_of_the_protocol(weston: Town) -> None:
    with by(weston["clerk"]):
        ((_what, day),) = reviews.dates(weston["clerk"], TODAY)
    assert shown(turned_on(weston, "clerk")) == [day]
    assert shown(turned_on(weston, "councillor3")) == []


def test_the_text_holds_nothing_of_any_case(weston: Town, concern) -> None:
    address = turned_on(weston, "clerk")
    with frozen():
        answer = Client().get(address)
    text = answer.content.decode().replace("\r\n ", "")
    with system_work():
        rows = list(Obligation.objects.filter(concern=concern))
    secrets = [CANARY, str(concern.pk), concern.pk.hex, concern.reference, weston.council.name, weston.council.key, "acknowledge", "concern"]
    secrets += [str(row.pk) for row in rows] + [person.full_name for person in weston.people.values()]
    secrets += [person.email for person in weston.people.values()]
    for secret in secrets:
        assert secret.lower() not in text.lower()
    calendar = Calendar.from_ical(answer.content)
    entries = calendar.walk("VEVENT")
    assert entries
    for entry in entries:
        assert set(entry) == {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "CLASS", "TRANSP"}
        assert (entry["SUMMARY"], entry["CLASS"], entry["TRANSP"]) == ("Something is due", "PRIVATE", "TRANSPARENT")
    assert answer["Cache-Control"] == "no-store, private"
    assert "sessionid" not in answer.cookies and not answer.cookies


def test_two_peoples_calendars_can_not_be_laid_over_each_other(weston: Town, concern) -> None:
    def uids(name: str) -> set[str]:
        with frozen():
            answer = Client().get(turned_on(weston, name))
        return {str(event["UID"]) for event in Calendar.from_ical(answer.content).walk("VEVENT")}

    assert uids("clerk").isdisjoint(uids("manager"))


def test_an_entry_keeps_its_name_from_day_to_day() -> None:
    def uid(on: date) -> str:
        text = written([Entry("a", on)], secret="s", title="Something is due", name="Dates", now=NOW)
        (event,) = Calendar.from_ical(text).walk("VEVENT")
        return str(event["UID"])

    assert uid(date(2026, 1, 20)) == uid(date(2026, 2, 2))


def test_unknown_ended_replaced_and_mistyped_addresses_get_one_answer(weston: Town, concern) -> None:
    replaced = turned_on(weston, "manager")
    kept = turned_on(weston, "manager")
    ended = turned_on(weston, "clerk")
    with by(weston["clerk"]):
        feed.turn_off(by=weston["clerk"], now=NOW)
    unknown = reverse("clocks:calendar", kwargs={"token": "x" * 43})
    client, answers = Client(), []
    with frozen():
        assert client.get(kept).status_code == 200
        for address in (unknown, replaced, ended, "/calendar/é.ics", "/calendar/.ics", f"/calendar/{'y' * 3000}.ics", kept[:-5] + ".ics"):
            answers.append(client.get(address))
        elsewhere = client.get("/no/such/page/")
    assert {answer.status_code for answer in answers} == {404}
    assert {answer.content for answer in answers} == {elsewhere.content}
    headers = [sorted(name for name in answer.headers) for answer in answers]
    assert all(names == headers[0] for names in headers)


def test_it_ends_with_the_last_appointment(weston: Town, concern) -> None:
    address = turned_on(weston, "manager")
    london = ZoneInfo("Europe/London")
    with system_work():
        weston["manager"].appointments.update(ends_on=date(2026, 1, 16))
    assert date(2026, 1, 20) in shown(address, datetime(2026, 1, 16, 23, 59, 59, tzinfo=london))
    with time_machine.travel(datetime(2026, 1, 17, 0, 0, 0, tzinfo=london), tick=False):
        assert Client().get(address).status_code == 404


def test_it_ends_when_somebody_may_not_sign_in_any_more(weston: Town, concern) -> None:
    address = turned_on(weston, "manager")
    with system_work():
        type(weston["manager"]).objects.filter(pk=weston["manager"].pk).update(is_active=False)
    with frozen():
        assert Client().get(address).status_code == 404


def test_a_tie_disclosed_since_takes_the_day_away_at_once(weston: Town, concern) -> None:
    address = turned_on(weston, "manager")
    actions.disclose_relationship(
        council=weston.council, person_a=weston["manager"], person_b=weston["councillor3"], kind="family",
        starts_on=TODAY, by=weston["manager"], now=NOW,
    )  # fmt: skip
    assert date(2026, 1, 20) not in shown(address)


def test_the_address_is_kept_as_a_fingerprint_only_and_nobody_finds_anothers(weston: Town) -> None:
    address = turned_on(weston, "clerk")
    token = address.rsplit("/", 1)[1].removesuffix(".ics")
    with system_work():
        kept = CalendarFeed.objects.get()
    assert token not in str(vars(kept)) and len(kept.fingerprint) == 64
    with as_person(weston["manager"]):
        assert not CalendarFeed.objects.exists()
    with as_person(None), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM clocks_calendarfeed")
        assert cursor.fetchone() == (0,)


def test_turning_it_on_shows_the_address_once(weston: Town) -> None:
    client = client_of(weston["clerk"])
    with frozen():
        assert "off" in client.get(reverse("clocks:mine")).content.decode()
        page = client.post(reverse("clocks:calendar-on")).content.decode()
        address = page.split('data-testid="address">')[1].split("<")[0]
        assert address.startswith("http://127.0.0.1:8000/calendar/") and address.endswith(".ics")
        assert Client().get(address.removeprefix("http://127.0.0.1:8000")).status_code == 200
        again = client.get(reverse("clocks:mine")).content.decode()
        assert "since 15 January 2026" in again and address not in again
        assert client.post(reverse("clocks:calendar-off")).status_code == 302
        assert Client().get(address.removeprefix("http://127.0.0.1:8000")).status_code == 404


def test_the_review_of_the_protocol_stands_in_the_calendar_of_those_who_are_told_of_it(weston: Town) -> None:
    review = date(2027, 6, 30)
    assert [review in shown(turned_on(weston, name)) for name in ("clerk", "admin", "manager", "councillor3")] == [True, True, False, False]
