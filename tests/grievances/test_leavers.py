"""Whoever runs a grievance leaves or is away: somebody else runs it, and a member who left has no seat any more."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine

from concerns.actions import glass
from concerns.enums import State
from councils import actions as council_actions
from councils.models import Appointment
from councils.rls import system_work
from grievances.enums import SeatStatus
from grievances.views import panel
from tests.concerns.casework import fresh, on_it, told
from tests.concerns.screens import at, client_of
from tests.factories.concerns import NOW, by
from tests.factories.councils import Town
from tests.grievances.course import of, started

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
    with time_machine.travel(MORNING, tick=False):
        seats = {seat.person_id: seat.status for seat in of(concern, ilminster["clerk"], today=MORNING.date()).seats}
    assert seats[ilminster[asked].pk] == SeatStatus.CONNECTED
