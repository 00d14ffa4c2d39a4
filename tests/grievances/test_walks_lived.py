"""Short random walks through the real actions: what they write is what the pure machine says, and both walls hold."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import transaction

from concerns import policy
from concerns.enums import Action, Capacity
from concerns.models import Concern, Exclusion, Participation
from councils.errors import Refusal
from councils.models import Person
from councils.rls import system_work
from grievances import queries
from grievances.actions import course, panel
from grievances.actions.ground import verb
from grievances.domain import dates, machine
from grievances.domain.machine import Answer, Standing
from grievances.enums import CompanionKind, FindingCode, Outside, SeatStatus, Step
from grievances.enums import GrievanceState as S
from grievances.models import Allegation, Finding, Grievance
from tests import seeds
from tests.factories.concerns import NOW, by, do
from tests.factories.councils import Town
from tests.grievances.course import about_councillor, started, told

COUNCILS = ("ilminster", "weston")
WALKS = int(os.environ.get("PORTAL_WALKS", "4"))
RARE = {Step.LEAVE_PANEL: 0.05, Step.POSTPONE_HEARING: 0.1, Step.ASK_OUTSIDE: 0.1, Step.NAME_COMPANION: 0.3, Step.FORM_PANEL: 0.5}


class _Undo(Exception):
    """Ends one walk."""


class Walk:
    def __init__(self, town: Town, name: str) -> None:
        self.town, self.chance, self.now, self.done = town, seeds.chance(name), NOW, list[object]()
        # Ilminster's employees go straight to the panel; Weston's grievance is about a councillor: support only
        self.concern: Concern = started(town) if town.council.key == "ilminster" else about_councillor(town)
        with system_work():
            self.pk = Grievance.objects.get(concern=self.concern).pk

    @property
    def today(self) -> date:
        return self.now.date()

    def standing(self, person: Person) -> queries.Held:
        """Everything there is, past the walls."""
        with system_work():
            grievance = Grievance.objects.get(pk=self.pk)
            concern = Concern.objects.select_related("council", "protocol_version", "raiser").get(pk=self.concern.pk)
            held = queries.held(grievance, concern, person=person, today=self.today)
            self.to_ask = panel.to_ask(held)
            self.investigators = course.investigators(held)
            self.points = list(Allegation.objects.filter(grievance=grievance).values_list("pk", flat=True))
            return held

    def step(self) -> S:
        chance = self.chance
        if chance.random() < 0.2:
            self.now += timedelta(days=chance.choice((1, 4, 9)))
        people = [p for _name, p in sorted(self.town.people.items())]
        if (before := self.standing(self.concern.raiser)).standing.must_tell and chance.random() < 0.3:
            teller = chance.choice([row.person for row in before.seats if row.person_id in before.standing.seated])
            told(self.concern, teller, now=self.now)
            self.done.append(("told", teller.full_name, ""))
            assert self.standing(teller).standing == machine.was_told(before.standing)
        options: list[tuple[Person, Step]] = []
        s = self.standing(self.concern.raiser).standing
        for person in people:
            options += [
                (person, step) for step in Step
                if not machine.closed(step, s, person.pk, self.today)
                and chance.random() < (0.1 if step == Step.SET_HEARING and s.stands(self.today) else RARE.get(step, 1))
            ]  # fmt: skip
        if not options:
            return s.state
        person, step = chance.choice(options)
        held = self.standing(person)
        answers, answer = self.answers(step, held)
        if answers is None:
            return s.state
        refused = machine.refusal(step, held.standing, person.pk, self.today, answer)
        try:
            with by(person), transaction.atomic():
                verb.actions[step](grievance_id=self.pk, by=person, now=self.now, **answers)
        except Refusal as words:
            self.done.append((step.value, person.full_name, str(words)))
            assert refused, self.done
            return s.state
        self.done.append((step.value, person.full_name, ""))
        assert not refused, (refused, self.done)
        wanted = machine.after(step, held.standing, person.pk, self.today, answer)
        self.compare(step, wanted, self.standing(person).standing)
        return wanted.state

    def answers(self, step: Step, held: queries.Held) -> tuple[dict[str, Any] | None, Answer]:
        chance, s = self.chance, held.standing
        people = {row.person_id: row.person for row in held.seats}
        if step == Step.FORM_PANEL:
            return {}, Answer(asked=frozenset(place.person.pk for place in self.to_ask))
        if step == Step.DECLARE:
            free = chance.random() < 0.85
            return {"free": free}, Answer(free=free)
        if step == Step.SEAT_PANEL:
            chosen = sorted(s.free, key=str) if chance.random() < 0.7 else [pk for pk in sorted(s.free, key=str) if chance.random() < 0.6]
            reason = chance.choice(("", "x", "x"))
            return {"people": [people[pk] for pk in chosen], "reason": reason}, Answer(people=frozenset(chosen), reason=bool(reason))
        if step == Step.CHOOSE_CHAIR:
            pk = chance.choice(sorted(s.seated, key=str))
            return {"person": people[pk]}, Answer(person=pk)
        if step == Step.LEAVE_PANEL:
            return {"connected": True}, Answer(reason=True)
        if step == Step.LIST_ALLEGATIONS:
            return ({"points": ["one"]}, Answer()) if not s.points else (None, Answer())
        if step == Step.INVESTIGATE:
            if not self.investigators or chance.random() < 0.5:
                return None, Answer()
            who = chance.choice(self.investigators)
            return {"person": who}, Answer(person=who.pk)
        if step in (Step.SET_HEARING, Step.POSTPONE_HEARING):
            first = dates.earliest(self.today, 5, "England") if step == Step.SET_HEARING else dates.due(max(s.hearing, self.today), 1, "England")
            reason = "x" if step == Step.POSTPONE_HEARING else chance.choice(("", "x"))
            return {"held_on": first, "at": time(10), "place": "Room", "reason": reason}, Answer(on=first, reason=bool(reason))
        if step == Step.DRAFT_DECISION:
            code = chance.choice(list(FindingCode))
            found = dict.fromkeys(self.points, code.value)
            outcome = chance.choice(s.outcomes)
            return {"outcome": outcome, "reasons": "x", "findings": found}, Answer(
                found=frozenset({code} if found else ()), each=True, outcome=outcome, reason=True
            )
        simple: dict[Step, dict[str, Any]] = {
            Step.FILE_REPORT: {"text": "x"}, Step.NAME_COMPANION: {"kind": CompanionKind.NOBODY.value}, Step.RELEASE_DECISION: {},
            Step.APPEAL: {"grounds": "x"}, Step.ADMIT_APPEAL: {"reason": "x"}, Step.ASK_OUTSIDE: {"where": Outside.OTHER_COUNCIL.value},
            Step.CLOSE: {"reference": "x"},
        }  # fmt: skip
        return simple[step], Answer(reason=True, until=dates.due(self.today, 5, "England"))

    def compare(self, step: Step, wanted: Standing, got: Standing) -> None:
        names = "state resumes points investigator reported hearing drafter overlap appeal_until appeal_asked".split()
        if got.state != S.CLOSED:
            assert {n: getattr(wanted, n) for n in names} == {n: getattr(got, n) for n in names}, (step, self.done)
        new = step in (Step.APPEAL, Step.ADMIT_APPEAL)  # these ask others at once

        def rows(s: Standing) -> set[Any]:
            return {(x.person, x.panel, x.status, x.chairs and x.status == SeatStatus.SEATED) for x in s.seats if x.status != SeatStatus.AUTOMATIC and not (new and x.status == SeatStatus.ASKED)}

        assert rows(wanted) == rows(got), (step, self.done)

    def check(self) -> None:
        """Who reads is who may, and nobody with a connection is on it."""
        with system_work():
            grievance = Grievance.objects.get(pk=self.pk)
            parts = list(Participation.objects.filter(concern=self.concern, until__isnull=True))
            out = set(Exclusion.objects.filter(concern=self.concern).values_list("person_id", flat=True))
            seats = list(grievance.seats.all())
            found = Finding.objects.filter(grievance=grievance).exists()
            untold = Concern.objects.filter(pk=self.concern.pk, subject_told_on__isnull=True).exists()
            assert not (untold and grievance.hearings.exists()), self.done
        on_it = {part.person_id for part in parts}
        assert not on_it & out, self.done
        reading = {part.person_id for part in parts if part.reads} - {self.concern.raiser_id}
        allowed = {seat.person_id for seat in seats if seat.status == SeatStatus.SEATED and seat.declared_at}
        allowed |= {part.person_id for part in parts if part.reason == "finds_facts" or part.capacity == Capacity.HANDLER}
        assert reading <= allowed, self.done
        assert not found or grievance.remit == "full"
        assert any(part.capacity == "convener" for part in parts) or grievance.state == S.CLOSED, self.done
        for person in self.town.people.values():
            with by(person):
                assert policy.visible_to(person).filter(pk=self.concern.pk).exists() == (person.pk in on_it), self.done


@pytest.mark.parametrize("turn", range(WALKS))
def test_actions_write_what_the_machine_says(towns: Callable[[str], Town], turn: int) -> None:
    try:
        with transaction.atomic():
            walk = Walk(towns("weston" if turn % 3 == 2 else "ilminster"), f"lived {turn}")
            for _step in range(35):
                state = walk.step()
                if _step % 8 == 0:
                    walk.check()
                if state == S.CLOSED:
                    break
            walk.check()
            raise _Undo
    except _Undo:
        pass


def test_the_last_walk_of_an_open_grievance_ends_with_its_withdrawal(ilminster: Town) -> None:
    walk = Walk(ilminster, "withdrawn")
    for _step in range(12):
        walk.step()
    if walk.standing(walk.concern.raiser).standing.state != S.CLOSED:
        do_withdraw(walk)
    walk.check()


def do_withdraw(walk: Walk) -> None:
    do(Action.WITHDRAW, walk.concern, walk.concern.raiser, now=datetime.combine(walk.today, time(13), tzinfo=NOW.tzinfo))
