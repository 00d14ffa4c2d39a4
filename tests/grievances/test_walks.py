"""Random walks over the pure machine: the one the actions ask. What must hold, holds after every step."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from grievances.domain import dates, ledbury, machine
from grievances.domain.feasibility import choose_convener
from grievances.domain.machine import Answer, Standing
from grievances.enums import FindingCode, Panel, Part, Remit, SeatStatus, Step
from grievances.enums import GrievanceState as S
from tests import seeds

STEPS = int(os.environ.get("PORTAL_WALK_STEPS", "100000"))  # make faults: a million
MONDAY = date(2026, 1, 5)
OUTCOMES = ("no_case", "not_upheld", "upheld_management_action", "resolved", "support_only_closed")


class Walk:
    """One council, one grievance, until it is closed or it has gone on long enough."""

    def __init__(self, chance: Random) -> None:
        self.chance, self.today = chance, MONDAY
        first = [f"m{n}" for n in range(chance.randint(2, 7))]
        appeal = [f"a{n}" for n in range(chance.choice((0, 0, 2, 3, 4)))]
        subject = chance.choice([*first, *appeal, "o1", "clerk"])
        self.bodies = {Panel.FIRST: first, Panel.APPEAL: appeal or first}
        self.everybody = ["raiser", *first, *appeal, "o1", "o2", "clerk"]
        conflicted = {p for p in first + appeal if chance.random() < 0.25} | {subject, "raiser"}
        remit = chance.choice((Remit.FULL, Remit.FULL, Remit.SUPPORT_ONLY, Remit.STATUTORY))
        quorum = chance.choice((2, 2, 3))
        self.convener_order = [["o2"], ["clerk"], ["o1"], [*first, *appeal]]
        self.declared: set[tuple[Panel, str]] = set()
        self.drafted = ""
        self.s = Standing(
            state=S.SUBMITTED, raiser="raiser", subjects=frozenset({subject}), quorum=quorum, size=max(quorum, 3), appeal_quorum=quorum,
            appeal_size=3, remit=remit, out=frozenset(conflicted), no_chair=frozenset({chance.choice(first)} if chance.random() < 0.3 else ()),
            outcomes=ledbury.outcomes(remit, OUTCOMES), told=chance.random() < 0.3,
        )  # fmt: skip
        self._convene()

    def _convene(self) -> None:
        if self.s.convener is None:
            never = {"raiser", *self.s.subjects} | set(self.s.out)
            asked = {seat.person for seat in self.s.seats}
            self.s = replace(self.s, convener=choose_convener(self.convener_order, never=never, avoid={*asked, *self.bodies[Panel.FIRST]}))

    def answer(self, step: Step, person: str) -> Answer:
        """Something ``person`` might say; often wrong."""
        s, chance = self.s, self.chance
        pool = self.bodies[s.panel]
        some = lambda people: frozenset(p for p in people if chance.random() < 0.7)  # noqa: E731
        if step == Step.FORM_PANEL:
            known = {seat.person for seat in s.seats if seat.panel == s.panel}
            asked = [p for p in [*pool, *self.bodies[Panel.FIRST]] if p not in known | s.out and p != s.convener]
            if s.panel == Panel.APPEAL and set(asked) - s.sat_first:
                asked = [p for p in asked if p not in s.sat_first or chance.random() < 0.1]
            return Answer(asked=frozenset(asked if chance.random() < 0.95 else self.everybody))
        if step == Step.SEAT_PANEL:
            people = sorted(s.free) if chance.random() < 0.6 else some(sorted(s.free))
            return Answer(people=frozenset(people if chance.random() < 0.9 else some(self.everybody)), reason=chance.random() < 0.7)
        if step == Step.CHOOSE_CHAIR or step == Step.INVESTIGATE:
            return Answer(person=chance.choice(self.everybody))
        if step == Step.DRAFT_DECISION:
            found = some(FindingCode) if chance.random() < 0.5 else frozenset()
            return Answer(found=found, each=chance.random() < 0.9, outcome=chance.choice(OUTCOMES), reason=chance.random() < 0.9)
        if step in (Step.SET_HEARING, Step.POSTPONE_HEARING):
            return Answer(on=self.today + timedelta(days=chance.randint(-3, 20)), reason=chance.random() < 0.7)
        until = dates.due(self.today, 5, "England")
        return Answer(free=chance.random() < 0.85, reason=chance.random() < 0.6, until=until)

    def step(self) -> None:
        """Somebody tries something, or the world changes."""
        chance = self.chance
        luck = chance.random()
        if luck < 0.12:
            self.today += timedelta(days=chance.choice((1, 3, 8, 15)))
        elif luck < 0.13:
            person = chance.choice(self.everybody[1:])
            self.s = machine.without(self.s, person, chance.choice((SeatStatus.CONNECTED, SeatStatus.LEFT)))
        elif luck < 0.134:
            self.s = replace(self.s, out=self.s.out | {chance.choice(self.everybody[1:])})  # a post ended; nobody has looked yet
        elif luck < 0.2 and self.s.must_tell:
            self.s = machine.was_told(self.s)  # a member of the panel, or somebody who deals with the concern, tells them
        else:
            self._try()
        self._convene()
        self.check()

    def _try(self) -> None:
        chance, s = self.chance, self.s
        people = [s.convener, *(seat.person for seat in s.seats), "raiser", s.investigator]
        person = chance.choice([p for p in people if p] if chance.random() < 0.95 else self.everybody)
        held = machine.parts(s, person)
        steps = [step for step in Step if s.state in machine.STATES[step] and held & machine.PERMISSIONS[step]] if chance.random() < 0.95 else list(Step)
        if chance.random() < 0.9:  # mostly something that is open to them, and only now and then what undoes the rest
            rarely = {Step.SET_HEARING: 0.1 if s.stands(self.today) else 1, Step.LEAVE_PANEL: 0.05, Step.POSTPONE_HEARING: 0.1, Step.ASK_OUTSIDE: 0.1, Step.NAME_COMPANION: 0.2}
            steps = [x for x in steps if machine.closed(x, s, person, self.today) == "" and chance.random() < rarely.get(x, 1)]
        if not steps:
            return
        step = chance.choice(steps)
        answer = self.answer(step, person)
        if step in (Step.SET_HEARING, Step.POSTPONE_HEARING) and answer.on:
            wrong = (
                dates.hearing_problem(answer.on, today=self.today, notice=5, jurisdiction="England") if step == Step.SET_HEARING or s.hearing is None
                else dates.postponement_problem(answer.on, proposed=s.hearing, today=self.today, days=5, jurisdiction="England", further=answer.reason)
            )  # fmt: skip
            if wrong:
                return
        if machine.refusal(step, s, person, self.today, answer):
            return
        before = self.s
        self.s = machine.after(step, s, person, self.today, answer)
        self._follow(step, person, answer, before)

    def _follow(self, step: Step, person: str, answer: Answer, before: Standing) -> None:
        """What the machine must not be asked about itself."""
        if step == Step.DECLARE and answer.free:
            self.declared.add((before.panel, person))
        if step == Step.DRAFT_DECISION:
            self.drafted = person
        if step == Step.RELEASE_DECISION:
            assert person != self.drafted
            self.drafted = ""
        if step == Step.APPEAL and self.s.state == S.APPEAL_OPEN:
            assert before.appeal_until is not None and self.today <= before.appeal_until
        if step == Step.SEAT_PANEL and before.panel == Panel.APPEAL and answer.people & before.sat_first:
            assert answer.reason

    def check(self) -> None:
        """Everything that must hold."""
        s = self.s
        parties = {"raiser", *s.subjects}
        for seat in s.seats:
            if seat.sat:
                assert seat.person not in parties
                assert (seat.panel, seat.person) in self.declared  # content only after declaring
        assert s.convener not in parties and s.investigator not in parties
        acting = s.seated
        assert not acting & parties
        assert len(acting) != 1 or s.state in (S.PANEL_FORMING, S.APPEAL_OPEN) or s.fallen  # nobody alone
        if s.state in (S.INVESTIGATING, S.HEARING_SET) and not s.quorate:
            assert s.fallen  # not noticed yet: every step of the panel is closed
            assert machine.closed(Step.RELEASE_DECISION, s, next(iter(acting), ""), self.today)
        chairs = [seat for seat in s.seats if seat.chairs and seat.panel == s.panel and seat.status == SeatStatus.SEATED]
        assert len(chairs) <= 1 and not {seat.person for seat in chairs} & s.no_chair
        sat = {panel: {seat.person for seat in s.seats if seat.panel == panel and seat.sat} for panel in Panel}
        assert s.overlap or not sat[Panel.FIRST] & sat[Panel.APPEAL]
        if s.remit != Remit.FULL:
            assert not s.found and (not s.outcome or not ledbury.makes_finding(s.outcome, ()))
        if s.state != S.CLOSED:
            never = parties | s.out
            assert s.convener is not None or all(p in never for order in self.convener_order for p in order)
        heard = {S.HEARING_SET, S.DECIDED, S.APPEAL_OPEN, S.APPEAL_DECIDED}
        assert s.told or (s.hearing is None and s.state not in heard and s.resumes != S.HEARING_SET)  # nobody is heard about untold
        for person in parties:
            assert not machine.parts(s, person) & {Part.MEMBER, Part.CONVENER, Part.INVESTIGATOR, Part.CANDIDATE}


def test_random_walks_keep_what_must_hold() -> None:
    chance = seeds.chance("grievances")
    done, reached, walks = 0, set(), 0
    while done < STEPS:
        walk = Walk(chance)
        walks += 1
        for _turn in range(160):
            walk.step()
            done += 1
            reached.add((walk.s.state, walk.s.remit, walk.s.overlap))
            if walk.s.state == S.CLOSED:
                break
    assert {state for state, _remit, _overlap in reached} == set(S)
    assert {remit for _state, remit, _overlap in reached} == set(Remit)
    assert (S.APPEAL_OPEN, Remit.FULL, True) in reached or STEPS < 100_000
