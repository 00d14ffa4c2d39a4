"""Whoever runs a grievance leaves or is away: somebody else runs it, and a member who left has no seat any more."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from concerns.actions import glass
from concerns.enums import State
from concerns.models import Concern
from councils import actions as council_actions
from councils.models import Appointment
from councils.rls import system_work
from grievances.enums import SeatStatus
from grievances.views import panel
from tests.concerns.casework import fresh, on_it, told
from tests.concerns.screens import at, client_of
from tests.factories.concerns import NOW, by
from tests.factories.councils import Town
from tests.grievances.course import of, pk_of, seated, started

pytestmark = pytest.mark.django_db
COUNCILS = ("ilminster",)
TODAY = date(2026, 1, 15)
MORNING = datetime(2026, 1, 16, 9, 0, tzinfo=UTC)


def leave(town: Town, who: str) -> None:
    for row in Appointment.objects.filter(council=town.council, person=town[who], ends_on=None):
        council_actions.end_appointment(appointment=row, ends_on=TODAY, by=None, now=NOW)


def swept(now: datetime) -> dict[str, int]:
    with time_machine.travel(now, tick=False):
        return {kept.value: n for kept, n in glass.sweep(now=now, within=system_work).items()}


def stands(town: Town, concern: Concern, *names: str) -> list[str]:
    with time_machine.travel(MORNING, tick=False):
        seats = {seat.person_id: seat.status for seat in of(concern, town["clerk"], today=MORNING.date()).seats}
    return [seats[town[name].pk] for name in names]


def test_somebody_else_runs_it_when_the_convener_left(ilminster: Town) -> None:
    concern = started(ilminster)
    assert on_it(ilminster, concern)["clerk"] == {"convener"}
    leave(ilminster, "clerk")
    assert swept(MORNING) == {"owner": 1}
    runs = [name for name, parts in on_it(ilminster, concern).items() if parts & {"convener", "exception_holder"}]
    assert runs
    assert "clerk" not in on_it(ilminster, concern)
    assert ("officer1", "progress") in told(ilminster, concern)


def test_deputy_runs_it_while_the_convener_is_away(ilminster: Town) -> None:
    concern = started(ilminster)
    council_actions.book_absence(
        council=ilminster.council, person=ilminster["clerk"], deputy=ilminster["deputy"], starts_on=TODAY, by=None, now=NOW
    )
    assert swept(NOW) == {"owner": 1}
    assert on_it(ilminster, concern)["deputy"] == {"convener"}
    assert fresh(concern).state == State.GRIEVANCE
    with time_machine.travel(NOW, tick=False):
        waits = {}
        for who in ("clerk", "deputy"):
            with by(ilminster[who]):
                waits[who] = panel.waiting(ilminster[who], TODAY)
        assert waits["deputy"] == waits["clerk"]


def test_whoever_runs_it_hands_over_no_words(ilminster: Town) -> None:
    concern = started(ilminster)
    with time_machine.travel(NOW, tick=False):
        client = client_of(ilminster["clerk"])
        for url in ("/hand-over/", at("do", concern, action="hand_over")):
            shown = client.get(url).content.decode()
            assert "not what was written" in shown
            assert "What was written, " not in shown


def test_member_who_left_has_no_seat(ilminster: Town) -> None:
    concern = started(ilminster)
    asked = next(name for name, parts in on_it(ilminster, concern).items() if parts == {"candidate"})
    leave(ilminster, asked)
    assert swept(MORNING) == {"owner": 1}
    assert asked not in on_it(ilminster, concern)
    assert stands(ilminster, concern, asked) == [SeatStatus.LEFT]


def test_seated_member_whose_term_ended_left_and_one_with_a_tie_has_a_connection(ilminster: Town) -> None:
    concern = started(ilminster)
    seated(ilminster, concern, "councillor3", "councillor5", "chair")
    leave(ilminster, "councillor3")
    council_actions.disclose_relationship(
        council=ilminster.council, person_a=ilminster["councillor5"], person_b=ilminster["officer1"], kind="family",
        starts_on=TODAY, by=ilminster["councillor5"], now=NOW,
    )  # fmt: skip
    swept(MORNING)
    on = on_it(ilminster, concern)
    assert not {"councillor3", "councillor5"} & on.keys()
    assert stands(ilminster, concern, "councillor3", "councillor5") == [SeatStatus.LEFT, SeatStatus.CONNECTED]
    with time_machine.travel(MORNING, tick=False):
        page = client_of(ilminster["clerk"]).get(reverse("grievances:page", args=[pk_of(concern)])).content.decode()
    assert page.count("left the panel") == 1


def test_member_who_left_the_council_and_has_a_tie_has_a_connection(ilminster: Town) -> None:
    concern = started(ilminster)
    seated(ilminster, concern, "councillor3", "councillor5", "chair")
    council_actions.disclose_relationship(
        council=ilminster.council, person_a=ilminster["councillor3"], person_b=ilminster["officer1"], kind="family",
        starts_on=TODAY, by=ilminster["councillor3"], now=NOW,
    )  # fmt: skip
    leave(ilminster, "councillor3")
    swept(MORNING)
    assert stands(ilminster, concern, "councillor3") == [SeatStatus.CONNECTED]
