"""One council, one concern, and every machine it may meet: in memory, so that a hundred thousand steps take seconds.

What decides is the portal's own: the concern's FSM, its guards and outcomes, the permission table, a grievance's machine,
a referral's rules. What is modelled here is who is let in and put out, which the walks over the database
(``tests/concerns/test_policy_walks.py`` and each room's) compare with PostgreSQL.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from random import Random

from concerns.domain import guards, outcomes
from concerns.enums import CLOSED_STATES, Action, Capacity, State
from concerns.models import Concern
from concerns.policy import PERMISSIONS
from concerns.queries import ACTION_OF
from grievances.domain import ledbury
from grievances.domain.ledbury import remit_of
from grievances.enums import GrievanceState, Remit
from referrals.domain import course
from referrals.enums import Outcome
from referrals.enums import State as R
from tests.grievances.test_walks import Walk
from tests.walks.referring import Referring

A, C, S = Action, Capacity, State
CODES = (
    "resolved", "conciliated", "no_case", "not_upheld", "upheld_management_action", "disciplinary_outcome_recorded",
    "reported_to_council_minor", "grievance_informal_only_closed", "mo_no_breach", "mo_breach_found", "something_unknown",
)  # fmt: skip
ALL_STAGES = frozenset({"informal", "complaint", "conciliation", "grievance", "disciplinary", "code_referral", "council_report"})
FORMAL = frozenset({"proc:grievance", "proc:disciplinary", "proc:code_of_conduct", "proc:report_to_council"})
OWNERS = frozenset({C.RECIPIENT, C.HANDLER, C.DECIDER, C.EXCEPTION_HOLDER, C.LIAISON, C.CONVENER})
# What somebody may press in a walk; the rest changes nothing that is checked.
PRESSED = (set(A) - set(guards.STATES_OF) - {A.REDIRECT}) | {A.HOLD, A.RELEASE, A.DECLARE_CONFLICT}


@cache
def legal(state: str, remembered: str, closed_from: str) -> frozenset[Action]:
    """The steps the concern's own FSM allows from there."""
    concern = Concern(remembered_state=remembered, closed_from=closed_from)
    concern.__dict__["state"] = state
    names = {step.name for step in concern.get_available_state_transitions()}
    return frozenset(ACTION_OF.get(name) or Action(name) for name in names if name != "hold_or_release")


class Whole(Referring):
    """A concern on its way. ``said`` holds every finding or sanction about a councillor, and who made it."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.cast = Walk(chance)
        self.people = [person for person in self.cast.everybody if person != "raiser"]
        self.subject = next(iter(self.cast.s.subjects))
        self.about_councillor = self.subject[0] in "ma"
        self.wales = chance.random() < 0.2
        self.no_finding = self.about_councillor and not self.wales
        self.lock_configured = chance.random() < 0.5
        self.stage = chance.choice(("informal", "informal", "complaint"))
        self.chair = chance.choice([p for p in self.people if p[0] == "m"])
        self.codes = CODES
        self.concern = Concern()
        self.held: dict[str, set[Capacity]] = {"raiser": {C.RAISER}}
        self.out: set[str] = {self.subject, *(p for p in self.cast.s.out if p != "raiser" and chance.random() < 0.6)}
        self.said: list[tuple[str, str]] = []
        self.trail: list[tuple[str, str, str]] = []
        self.grievance: Walk | None = None
        self.referral: course.Facts | None = None
        self.outcome: Outcome | None = None
        self.locked = False
        self.on_hold = False
        self.referred = 0
        self.declined: set[str] = set()

    # --- who --------------------------------------------------------------------------------------------------
    def free(self, *but: str) -> list[str]:
        """Who could come in."""
        return [p for p in self.people if p not in self.out and p not in but]

    def owners(self) -> set[str]:
        """Who has it to deal with now."""
        return {person for person, parts in self.held.items() if parts & OWNERS}

    def let_in(self, person: str, capacity: Capacity) -> None:
        self.held.setdefault(person, set()).add(capacity)

    def end(self, *capacities: Capacity) -> None:
        for person in list(self.held):
            self.held[person] -= set(capacities)
            if not self.held[person]:
                del self.held[person]

    def find_somebody(self, *but: str) -> None:
        """Whoever finds a handler, when nobody is left; nobody when nobody is free."""
        if "no_handler" in {step.value for step in self.open_by_machine()}:
            self.move(A.NO_HANDLER)
        finders = self.free(*but)
        if finders:
            self.let_in(self.chance.choice(finders), C.EXCEPTION_HOLDER)
        self.declined = set() if finders else {*but}  # the only one free says it can't be them: the raiser is told

    # --- what is open -----------------------------------------------------------------------------------------
    def open_by_machine(self) -> frozenset[Action]:
        return legal(self.concern.state, self.concern.remembered_state, self.concern.closed_from)

    def facts(self, person: str) -> guards.Facts:
        """What the guards look at."""
        return guards.Facts(
            state=State(self.concern.state), legal=self.open_by_machine(), stage=self.stage, topic="breach_of_confidence",
            raiser_side="officer", subject_sides=frozenset({"councillor" if self.about_councillor else "officer"}), stages_on=ALL_STAGES,
            formal_tokens=FORMAL, is_decider=bool(self.held.get(person, set()) & {C.HANDLER, C.DECIDER}), direct_offered=True,
            chair_alone_forbidden=True, is_chair=person == self.chair, hr_matter=True, has_next_step=bool(self.free(person)),
            locked=self.locked, on_hold=self.on_hold, members_excluded=person[0] in "ma",
        )  # fmt: skip

    def refused(self, action: Action, person: str, facts: guards.Facts | None = None) -> bool:
        """What the portal would answer, as far as it needs no words. ``facts`` saves gathering them again."""
        held = frozenset(self.held.get(person, ()))
        facts = facts or self.facts(person)
        if not held & PERMISSIONS[action] or not guards.legal(action, facts) or guards.refusal(action, facts, held):
            return True
        if action == A.WITHDRAW and self.concern.state == S.DRAFT:
            return True  # a draft is deleted
        driven = {A.RECORD_OUTCOME, A.CLOSE_NO_ACTION, A.SENT_BACK}
        if self.concern.state == S.GRIEVANCE and action in driven:
            return self.grievance is not None and self.grievance.s.state != GrievanceState.CLOSED
        if self.concern.state == S.CODE_REFERRAL and action in driven:
            return action != A.CLOSE_NO_ACTION or self.referral is None or self.referral.state != R.PREPARED
        return False

    # --- what happens -----------------------------------------------------------------------------------------
    def move(self, action: Action) -> None:
        """Along the concern's own FSM."""
        before = self.concern.state
        method = next((name for name, known in ACTION_OF.items() if known == action), action.value)
        getattr(self.concern, method)()
        self.trail.append((action.value, str(before), str(self.concern.state)))

    def step(self) -> None:
        """Somebody does something."""
        if self.concern.state == S.GRIEVANCE and self.grievance and self.grievance.s.state != GrievanceState.CLOSED and self.chance.random() < 0.85:
            self.grievance.step()
            return self.hear_the_panel()
        if self.concern.state == S.CODE_REFERRAL and self.referral and self.chance.random() < 0.8:
            return self.refer_on()
        person = self.chance.choice(list(self.held) if self.chance.random() < 0.97 else self.people)
        wanted = [a for a in A if a in PRESSED and self.held.get(person, set()) & PERMISSIONS[a]]
        facts = self.facts(person)
        often = [a for a in wanted if not self.refused(a, person, facts)]
        ending = {A.WITHDRAW, A.SETTLE, A.CLOSE_NO_ACTION, A.DECLARE_CONFLICT, A.NO_HANDLER}
        choices = [a for a in often if a not in ending or self.chance.random() < 0.1] if self.chance.random() < 0.95 else wanted
        if not choices:
            return None
        action = self.chance.choice(choices)
        if self.refused(action, person):
            return None
        getattr(self, f"do_{action.value}", self.do_other)(person, action)
        return None

    def do_other(self, person: str, action: Action) -> None:
        self.move(action)

    def do_submit(self, person: str, action: Action) -> None:
        self.move(action)
        found = self.chance.sample(free, min(len(free), 2)) if (free := self.free()) else []
        for who in found:
            self.let_in(who, C.RECIPIENT)
        if not found:
            self.find_somebody()

    def do_accept(self, person: str, action: Action) -> None:
        self.move(action)
        self.held[person].discard(C.RECIPIENT)
        self.let_in(person, C.HANDLER)

    do_accept_complaint = do_accept

    def do_instigate_investigation(self, person: str, action: Action) -> None:
        self.move(action)
        self.let_in(person, C.HANDLER)

    def do_pass_on(self, person: str, action: Action) -> None:
        self.move(action)
        self.end(C.RECIPIENT, C.HANDLER)
        self.let_in(self.chance.choice(self.free(person)), C.RECIPIENT)

    def do_direct_failed(self, person: str, action: Action) -> None:
        self.move(action)
        self.let_in(self.chance.choice(self.free()), C.RECIPIENT)

    def do_take_up_directly(self, person: str, action: Action) -> None:
        self.move(action)
        self.end(*OWNERS)

    def do_no_handler(self, person: str, action: Action) -> None:
        self.end_grievance()
        self.end(*OWNERS, C.PANEL_MEMBER, C.CANDIDATE)
        self.find_somebody(person)

    def do_assign(self, person: str, action: Action) -> None:
        able = [p for p in self.free(person) if p != self.chair]
        if not able:
            return
        self.move(action)
        self.end(C.EXCEPTION_HOLDER)
        self.let_in(self.chance.choice(able), C.RECIPIENT if self.concern.state == S.LODGED else C.HANDLER)
        if self.concern.state == S.GRIEVANCE:
            self.open_grievance()

    def do_declare_conflict(self, person: str, action: Action) -> None:
        if person == "raiser":
            return  # they may withdraw it
        last = self.owners() == {person}
        if last and self.concern.state in (S.DISCIPLINARY, S.COUNCIL_REPORT) and not self.free(person):
            return
        self.out.add(person)
        self.held.pop(person, None)
        if not last:
            return
        if self.concern.state == S.CODE_REFERRAL:
            self.let_in("raiser", C.LIAISON)
        elif self.concern.state in (S.DISCIPLINARY, S.COUNCIL_REPORT):
            self.let_in(self.chance.choice(self.free()), C.HANDLER)
        elif self.concern.state == S.NEEDS_HANDLER:
            if finders := self.free():
                self.let_in(self.chance.choice(finders), C.EXCEPTION_HOLDER)
        else:
            self.do_no_handler(person, A.NO_HANDLER)

    def do_hand_over(self, person: str, action: Action) -> None:
        able = [p for p in self.free(person) if p != self.chair]
        if able:
            self.held[person].discard(C.HANDLER)
            self.held = {who: parts for who, parts in self.held.items() if parts}
            self.let_in(self.chance.choice(able), C.HANDLER)

    def do_informal_over(self, person: str, action: Action) -> None:
        self.move(action)
        self.decider()

    def do_straight_to_formal(self, person: str, action: Action) -> None:
        self.move(action)
        self.end(C.RECIPIENT)
        self.decider()

    def decider(self) -> None:
        if not self.owners() and self.free():
            self.let_in(self.chance.choice(self.free()), C.DECIDER)

    def do_start_grievance(self, person: str, action: Action) -> None:
        able = [p for p in self.cast.everybody if p[0] == "m" and p not in self.out]
        if len(able) < 2 or not (self.owners() or self.free()):
            return
        self.move(action)
        if not self.owners():
            self.let_in(self.chance.choice(self.free()), C.CONVENER)
        self.open_grievance()

    def open_grievance(self) -> None:
        walk = Walk(self.chance)
        walk.everybody, walk.bodies, walk.convener_order = self.cast.everybody, self.cast.bodies, self.cast.convener_order
        remit = remit_of(
            sides={"councillor" if self.about_councillor else "officer"}, roles={"officer"}, council_kind="parish", no_finding=self.no_finding,
            statutory=False,
        )  # fmt: skip
        walk.s = replace(
            walk.s, subjects=frozenset({self.subject}), out=frozenset(self.out | {"raiser"}), remit=remit, no_chair=frozenset({self.chair}),
            outcomes=ledbury.outcomes(remit, CODES), convener=None,
        )  # fmt: skip
        walk._convene()
        self.grievance = walk

    def end_grievance(self) -> None:
        self.grievance = None

    def hear_the_panel(self) -> None:
        """What its decision says counts from its release."""
        s = self.grievance.s
        self.out |= {p for p in s.out if p != "raiser"}
        for person in self.out & set(self.held):
            del self.held[person]
        if s.convener in self.out:
            self.grievance.s = replace(s, convener=None)
            self.grievance._convene()
            s = self.grievance.s
        if not self.owners():
            if s.convener and s.convener not in self.out:
                self.let_in(s.convener, C.CONVENER)
            elif self.free():
                self.let_in(self.chance.choice(self.free()), C.CONVENER)
            else:
                return self.do_no_handler("", A.NO_HANDLER)
        if s.state in (GrievanceState.DECIDED, GrievanceState.APPEAL_DECIDED) and (s.found or ledbury.makes_finding(s.outcome, s.found)):
            self.find(s.outcome, "grievance")
        if s.state == GrievanceState.CLOSED:
            self.close_with(s.outcome)
        return None

    def find(self, code: str, where: str) -> None:
        if self.about_councillor:
            self.said.append((code, where))

    def close_with(self, code: str) -> None:
        self.move(A.RECORD_OUTCOME)
        self.locked = False
        self.end(C.RECIPIENT, C.PANEL_MEMBER, C.CANDIDATE, C.CONVENER, C.EXCEPTION_HOLDER)

    def do_record_outcome(self, person: str, action: Action) -> None:
        allowed = outcomes.allowed(CODES, state=S(self.concern.state), about_councillor=self.about_councillor, no_finding=self.no_finding)
        if not allowed:
            return
        code = self.chance.choice(allowed)
        if code not in outcomes.NEUTRAL_ABOUT_COUNCILLOR:
            self.find(code, str(self.concern.state))
        self.close_with(code)

    def do_start_disciplinary(self, person: str, action: Action) -> None:
        self.end_grievance()
        self.move(action)
        self.let_in(person, C.HANDLER)
        self.end(C.CONVENER, C.CANDIDATE, C.PANEL_MEMBER)

    def do_report_to_council(self, person: str, action: Action) -> None:
        self.move(action)
        self.let_in(person, C.HANDLER)

    def do_refer_code(self, person: str, action: Action) -> None:
        self.end_grievance()
        self.move(action)
        self.open_referral(person)

    def do_formal_code_complaint(self, person: str, action: Action) -> None:
        self.end_grievance()
        self.move(action)
        self.locked, self.on_hold = self.lock_configured, False
        self.open_referral(person)

    def do_sent_back(self, person: str, action: Action) -> None:
        raise AssertionError("only the referral sends it back")

    def do_hold(self, person: str, action: Action) -> None:
        self.on_hold = True

    def do_release(self, person: str, action: Action) -> None:
        self.on_hold = False

    def do_settle(self, person: str, action: Action) -> None:
        self.move(action)
        self.end(C.RECIPIENT, C.EXCEPTION_HOLDER, C.CONVENER)

    do_close_no_action = do_settle

    def do_withdraw(self, person: str, action: Action) -> None:
        self.end_grievance()
        self.move(action)
        self.end(C.RECIPIENT, C.EXCEPTION_HOLDER, C.CONVENER)
        self.on_hold = False

    def do_reopen(self, person: str, action: Action) -> None:
        if self.concern.closed_from == S.GRIEVANCE and len([p for p in self.cast.everybody if p[0] == "m" and p not in self.out]) < 2:
            return
        self.move(action)
        self.on_hold = False
        if not self.owners():
            self.find_somebody()
        if self.concern.state == S.GRIEVANCE:
            self.open_grievance()
        if self.concern.state == S.CODE_REFERRAL:
            self.open_referral(person)

    # --- what must hold ---------------------------------------------------------------------------------------
    def check(self) -> None:
        """Everything that must hold after every step."""
        parties, state = {self.subject}, self.concern.state
        assert not set(self.held) & (self.out | parties), (self.held, self.out, self.trail)  # nobody who is out sees it
        dealing = {p for p, parts in self.held.items() if parts & {C.HANDLER, C.DECIDER, C.RECIPIENT, C.CONVENER, C.PANEL_MEMBER}}
        assert "raiser" not in dealing, self.trail  # no party handles
        if state in (S.INFORMAL, S.INVESTIGATION):
            assert {p for p, parts in self.held.items() if C.HANDLER in parts} != {self.chair}, self.trail  # never the Chair alone
        wrong = [said for said in self.said if self.no_finding and said[1] != "office"]
        assert not wrong, (wrong, self.trail)  # no councillor is found against outside the Code process
        assert self.grievance is None or self.grievance.s.remit == (Remit.SUPPORT_ONLY if self.no_finding else Remit.FULL)
        for before, after in zip(self.trail, self.trail[1:], strict=False):
            assert before[2] == after[1], self.trail  # the chain of events has no gap
        if self.locked:
            assert state not in (S.INFORMAL, S.CONCILIATION, S.GRIEVANCE, S.RESOLVED), self.trail
        if state not in CLOSED_STATES and state not in (S.DRAFT, S.DIRECT):
            raisers = state == S.DECIDING and not self.refused(A.START_GRIEVANCE, "raiser")
            assert self.owners() or not self.free(*self.declined) or raisers, (state, self.held, self.out, self.trail)
