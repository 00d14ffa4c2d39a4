"""Referrals for tests, made only through the actions that the views call."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from concerns.enums import Action
from concerns.models import Concern
from councils.models import Person
from referrals import queries
from referrals.actions import ACTIONS
from referrals.enums import Ground, Outcome, Step
from referrals.models import Referral
from tests.factories.concerns import NOW, by, do, lodge
from tests.factories.councils import Town

CODE = {"code_paragraph": "3.1 respect", "official_capacity": True}
WARNED = {"identity_warned": True, "confidentiality_asked": False, "subject_told": "told"}


def referred(town: Town, raiser: Person, subject: Person, handler: Person, **more: Any) -> Concern:
    """A concern about a councillor that was settled by nobody and is referred under the Code by its handler."""
    concern = lodge(town, raiser, subject, **more)
    do(Action.ACCEPT, concern, handler)
    do(Action.INFORMAL_OVER, concern, handler, kind="failed", reason="Not settled")
    return do(Action.REFER_CODE, concern, handler, override_reason="It can't wait", **CODE)


def latest(concern: Concern, person: Person) -> Referral:
    """The concern's newest referral, as ``person`` finds it."""
    with by(person):
        found = queries.latest(concern)
        assert found is not None
        return found


def take(step: Step, referral: Referral, person: Person, /, *, now: datetime = NOW, **answers: Any) -> Any:
    """Do ``step`` as ``person``, as the views would."""
    with by(person):
        return ACTIONS[step](referral_id=referral.pk, by=person, now=now, **answers)


def sealed(concern: Concern, follower: Person, *, now: datetime = NOW, **answers: Any) -> Referral:
    """Its newest referral, with the papers sealed."""
    referral = latest(concern, follower)
    return take(Step.SEAL, referral, follower, now=now, **{"papers": ["steps"], **WARNED, **answers})


def sent(concern: Concern, follower: Person, *, to: Person | None = None, now: datetime = NOW, **answers: Any) -> Referral:
    """Its newest referral, sealed and sent: onto the desk of ``to``, else by post."""
    referral = sealed(concern, follower, now=now, addressed_to=to, **answers)
    way = {} if to else {"way": "post", "sent_on": now.date()}
    return take(Step.SEND, referral, follower, now=now, **way)


LETTER = {"letter": "Letter of the office", "on": NOW.date()}


def answered(
    concern: Concern, follower: Person, *, outcome: str = Outcome.NO_BREACH, now: datetime = NOW, measures: Any = (), wales: bool = False
) -> Referral:
    """A referral that went by post and came back with an outcome, copied from the office's letters."""
    referral = assessing(concern, follower, now=now)
    letter = {"letter": "Letter of the office", "on": now.date()}
    take(Step.INVESTIGATE, referral, follower, now=now, grounds=[Ground.SERIOUS], **letter)
    if not wales:
        take(Step.CONSULT, referral, follower, now=now, who="Ivy Pendant", consulted_on=now.date(), words="A view")
    return take(Step.RECORD_FINDING, referral, follower, now=now, outcome=outcome, words="Reasons", measures=measures, **letter)


def assessing(concern: Concern, follower: Person, *, now: datetime = NOW) -> Referral:
    """A referral that went by post and is being assessed."""
    letter = {"letter": "Letter of the office", "on": now.date()}
    referral = sent(concern, follower, now=now)
    take(Step.ACKNOWLEDGE, referral, follower, now=now, **letter)
    return take(Step.START_ASSESSING, referral, follower, now=now, **letter)


def returned(concern: Concern, follower: Person, *, now: datetime = NOW) -> Concern:
    """The concern after the office asked for a local settlement and it was taken back."""
    return take(Step.TAKE_BACK, asked_local(concern, follower, now=now), follower, now=now)


def asked_local(concern: Concern, follower: Person, *, now: datetime = NOW) -> Referral:
    """A referral that went by post and whose office asked for a local settlement."""
    letter = {"letter": "Letter of the office", "on": now.date()}
    referral = assessing(concern, follower, now=now)
    return take(Step.ASK_LOCAL, referral, follower, now=now, grounds=[Ground.LOCAL_BETTER], words="Please talk", **letter)


def concluded(concern: Concern, follower: Person, *, outcome: str = Outcome.NO_BREACH, now: datetime = NOW) -> Concern:
    """The concern closed with the office's outcome."""
    return take(Step.TAKE_OVER, answered(concern, follower, outcome=outcome, now=now), follower, now=now)
