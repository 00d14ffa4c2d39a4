"""The referral of a walk: the council's side and the office's, by the portal's own rules."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from concerns.enums import Action, Capacity
from referrals.domain import course
from referrals.enums import Outcome, Side, Step
from referrals.enums import State as R

A, C = Action, Capacity
TARGET = {
    Step.SEND: R.SENT, Step.ACKNOWLEDGE: R.ACKNOWLEDGED, Step.START_ASSESSING: R.ASSESSING, Step.ASK_LOCAL: R.SENT_BACK,
    Step.INVESTIGATE: R.UNDER_INVESTIGATION, Step.RECORD_FINDING: R.OUTCOME_RECEIVED,
}  # fmt: skip


class Referring:
    """What a concern's referral does; mixed into the whole."""

    chance: Any
    held: dict[str, set[Capacity]]
    wales: bool
    codes: tuple[str, ...]

    def open_referral(self, person: str) -> None:
        self.referred += 1
        self.outcome = None
        self.referral = course.Facts(
            state=R.PREPARED, side=Side.COUNCIL, jurisdiction="Wales" if self.wales else "England", has_desk=self.chance.random() < 0.5
        )
        self.end(C.RECIPIENT, C.CONVENER, C.CANDIDATE, C.PANEL_MEMBER, C.EXCEPTION_HOLDER)
        for who in [p for p, parts in self.held.items() if C.HANDLER in parts] or ["raiser"]:
            self.let_in(who, C.LIAISON)

    def refer_on(self) -> None:
        """The council's side or the office's does something in the referral."""
        facts = replace(self.referral, side=self.chance.choice(list(Side)))
        step = self.chance.choice(list(Step))
        if course.refusal(step, facts):
            return
        if step == Step.SEAL:
            self.referral = replace(self.referral, sealed=True)
        elif step == Step.CONSULT:
            self.referral = replace(self.referral, consulted=True)
        elif step == Step.WEIGH:
            self.referral = replace(self.referral, serious=self.chance.random() < 0.3, repeated=self.chance.random() < 0.3)
        elif step == Step.RECORD_FINDING:
            outcome = self.chance.choice(course.outcomes(facts.jurisdiction, facts.state))
            if course.consult_first(outcome, facts):
                return
            self.outcome = outcome
            self.referral = replace(self.referral, state=TARGET[step], has_finding=outcome == Outcome.BREACH)
            if outcome == Outcome.BREACH:
                self.find("mo_breach_found", "office")
        elif step in TARGET:
            self.referral = replace(self.referral, state=TARGET[step])
        elif step == Step.TAKE_BACK:
            self.move(A.SENT_BACK)
            self.locked, self.referral = False, None
            self.end(C.LIAISON)
            if not self.owners():
                self.find_somebody()
        elif step == Step.TAKE_OVER:
            self.referral = replace(self.referral, state=R.CLOSED)
            self.close_with(course.concern_outcome(self.outcome, self.codes))
            self.referral = None
