"""Nobody steers a concern about themselves by naming a deputy: its handler stays, and whoever named them learns nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from concerns import plan
from concerns.enums import Action
from concerns.models import Concern, Exclusion
from councils import actions as council_actions
from councils.models import Absence
from councils.rls import as_person, system_work
from tests.concerns.casework import event, on_it, told, types
from tests.concerns.screens import at, client_of
from tests.concerns.test_sweep import TODAY, WEEK, leave, listed, noon, opened, swept, with_clerk
from tests.factories.concerns import NOW, do, sees
from tests.factories.councils import Town

pytestmark = pytest.mark.django_db
COUNCILS = ("weston",)
LATER = NOW + timedelta(hours=1)


def taken_up(town: Town) -> Concern:
    """With the Clerk, about an officer who may say themselves who acts for them."""
    return with_clerk(town, about="officer3")


def name(town: Town, deputy: str, *, who: str = "officer3", by: str = "officer3", now: datetime = LATER, since: date = TODAY) -> Absence:
    return council_actions.book_absence(
        council=town.council, person=town[who], deputy=town[deputy], starts_on=since, ends_on=WEEK, by=town[by], now=now
    )


def test_handler_whom_the_subject_names_as_deputy_stays(weston: Town) -> None:
    concern = taken_up(weston)
    name(weston, "clerk")
    assert opened(weston, "clerk", concern) == (200, True)
    assert swept() == {"owner": 1}
    assert on_it(weston, concern) == {"councillor3": {"raiser"}, "clerk": {"handler"}}
    assert "put_out" not in types(concern)
    with system_work():
        assert not Exclusion.objects.filter(concern=concern, person=weston["clerk"]).exists()
    assert do(Action.ADD_NOTE, concern, weston["clerk"], text="Still here", now=LATER)


def test_handler_is_asked_once_to_check_and_may_step_out(weston: Town) -> None:
    concern = taken_up(weston)
    absence = name(weston, "clerk")
    before = told(weston, concern)
    swept()
    swept()
    assert types(concern).count("named_deputy_since") == 1
    assert event(concern, "named_deputy_since").facts == {"acting": [str(absence.cover.get().pk)], "people": 1}
    assert sorted(told(weston, concern)) == sorted([*before, ("clerk", "needs_you"), ("councillor3", "progress")])
    with time_machine.travel(noon(TODAY), tick=False):
        assert "you were asked to act for a person it is about" in client_of(weston["clerk"]).get(at("page", concern)).content.decode()
        assert "you were asked to act" not in client_of(weston["councillor3"]).get(at("page", concern)).content.decode()
    do(Action.DECLARE_CONFLICT, concern, weston["clerk"], now=LATER)
    assert not sees(weston["clerk"], concern)


def test_subject_who_names_the_handler_learns_nothing(weston: Town) -> None:
    """The same booking, with a concern and without: the same answer, the same pages."""

    def book(deputy: str) -> tuple[int, str, bool, int]:
        days = {f"{field}_{part}": value for field in ("starts_on", "ends_on") for part, value in (("day", 15), ("month", 1), ("year", 2026))}
        with time_machine.travel(LATER, tick=False):
            subject = client_of(weston["officer3"])
            answer = subject.post(reverse("councils:absence-book", kwargs={"key": "weston"}), {"deputy": weston[deputy].pk, **days})
            shown = subject.get(answer["Location"]).content.decode()
            council_actions.cancel_absence(absence=weston["officer3"].absences.get(), by=None, now=LATER)
            links = subject.get("/").content.decode().count("/concerns/")
        return answer.status_code, answer["Location"], "The absence is booked." in shown, links

    free = book("officer2")
    concern = taken_up(weston)
    assert book("clerk") == free
    assert (free[0], free[2]) == (302, True)
    name(weston, "clerk")
    swept()
    assert not sees(weston["officer3"], concern)
    assert not listed(weston["officer3"], concern, on=TODAY)


def test_who_acts_for_the_subject_never_comes_to_it(weston: Town) -> None:
    """Named by the subject, not on it yet: no way in when the handler goes, nor by hand."""
    concern = taken_up(weston)
    name(weston, "deputy")
    swept()
    with as_person(weston["clerk"]):
        made = plan.for_concern(concern, on=TODAY)
    assert made.set_aside == frozenset()
    assert weston["deputy"].pk in made.excluded
    assert weston["deputy"] not in made.successors()
    leave(weston, "clerk")
    swept(TODAY + timedelta(days=1))
    assert "deputy" not in on_it(weston, concern)
    assert not sees(weston["deputy"], concern)


def test_handler_named_by_the_subject_is_offered_nothing_in_the_subjects_place(weston: Town) -> None:
    concern = taken_up(weston)
    name(weston, "clerk")
    with as_person(weston["clerk"]):
        made = plan.for_concern(concern, on=TODAY)
    assert len(made.set_aside) == 1
    assert weston["clerk"].pk not in {holder.person_id for holder in made.cast.holders("officer")}
    assert weston["clerk"].pk not in made.excluded


def test_deputy_of_the_subjects_deputy_stays_as_well(weston: Town) -> None:
    concern = taken_up(weston)
    name(weston, "deputy")
    name(weston, "clerk", who="deputy", by="deputy")
    swept()
    assert on_it(weston, concern)["clerk"] == {"handler"}
    assert types(concern).count("named_deputy_since") == 1


def test_who_was_named_before_they_took_it_up_is_out_when_the_day_comes(weston: Town) -> None:
    """Nobody steered: the booking is older than the concern, and a deputy inherits what is about their principal."""
    tomorrow = TODAY + timedelta(days=1)
    name(weston, "clerk", now=NOW - timedelta(days=3), since=tomorrow)
    concern = taken_up(weston)
    swept(tomorrow)
    assert "clerk" not in on_it(weston, concern)
    assert not sees(weston["clerk"], concern)


def test_absence_booked_backwards_counts_from_when_it_was_booked(weston: Town) -> None:
    concern = taken_up(weston)
    name(weston, "clerk", since=TODAY - timedelta(days=30))
    swept()
    assert on_it(weston, concern)["clerk"] == {"handler"}
