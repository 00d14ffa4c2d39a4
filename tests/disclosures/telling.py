"""What the tests of this room share: a concern that is dealt with, and each step as its person would take it."""

from __future__ import annotations

from datetime import date
from typing import Any

from concerns.enums import Action
from concerns.models import Concern
from councils.models import Person
from disclosures.actions.step import verb
from disclosures.enums import DisclosureAction as A
from disclosures.models import Disclosure
from tests.factories.concerns import CANARY, NOW, by, do, lodge
from tests.factories.councils import Town

BY = date(2026, 1, 30)
TOLD = "It is said that the minutes were changed without a word to anybody."
ANSWER = "The minutes were changed by the committee itself."


def running(town: Town, raiser: str = "councillor3", *subjects: str, handler: str = "clerk", **more: Any) -> Concern:
    """A concern of ``raiser``, taken up by ``handler``, with a canary in every secret."""
    named = [town[name] for name in subjects or ("officer1",)]
    more.setdefault("witnesses", [town["officer2"]])
    concern = lodge(town, town[raiser], named, chosen_token="role:proper_officer", **more)
    do(Action.ACCEPT, concern, town[handler], note=f"{CANARY} note")
    return concern


def act(action: A, person: Person, /, *, now: Any = NOW, **answers: Any) -> Any:
    """Do ``action`` as ``person``, as the views would."""
    with by(person):
        return verb.actions[action](by=person, now=now, **answers)


def drafted(concern: Concern, teller: Person, subject: Person, **more: Any) -> Disclosure:
    """A draft that tells ``subject`` what is said, and asks for an answer."""
    answers = {"kind": "allegations", "text": TOLD, "answer_by": BY, "basis": "set_here", **more}
    return act(A.DRAFT_DISCLOSURE, teller, concern_id=concern.pk, person=subject, **answers)


def disclosed(concern: Concern, teller: Person, subject: Person, **more: Any) -> Disclosure:
    """The same, disclosed."""
    confirmed = more.pop("names_confirmed", False)
    row = drafted(concern, teller, subject, **more)
    return act(A.DISCLOSE, teller, concern_id=concern.pk, disclosure_id=row.pk, names_confirmed=confirmed)


def opened(row: Disclosure, subject: Person) -> Disclosure:
    return act(A.OPEN_DISCLOSURE, subject, disclosure_id=row.pk)


def answered(row: Disclosure, subject: Person, answer: str = ANSWER) -> Disclosure:
    opened(row, subject)
    return act(A.ANSWER_DISCLOSURE, subject, disclosure_id=row.pk, answer=answer)


def as_kept(row: Disclosure, reader: Person) -> Disclosure:
    """The row as the database shows it to ``reader``."""
    with by(reader):
        return Disclosure.objects.get(pk=row.pk)
