"""A grievance walked through its actions, as the tests of this room need it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from concerns.enums import Action
from concerns.models import Concern, ConcernSubject
from councils.models import Person
from disclosures.actions import telling
from disclosures.enums import Kind
from grievances import queries
from grievances.actions.ground import verb
from grievances.enums import SeatStatus, Step
from grievances.models import Allegation, Grievance, PanelSeat
from grievances.queries import Held
from tests.factories.concerns import CANARY, NOW, by, do, draft, lodge
from tests.factories.councils import Town

HEARING = date(2026, 1, 26)  # a Monday; five working days after NOW is the 22nd
AFTER = datetime(2026, 1, 26, 15, 0, tzinfo=UTC)
TODAY = date(2026, 1, 15)


def started(town: Town, raiser: str = "officer1", subject: str = "officer2") -> Concern:
    """An employee's grievance about their workload, at the panel (Ilminster: straight to the formal routes)."""
    concern = draft(town, town[raiser], town[subject], topic="employment", text=f"{CANARY} my workload")
    do(Action.STRAIGHT_TO_FORMAL, concern, town[raiser], kind="not_appropriate", reason=f"{CANARY} workload", wider_circle="ask_first")
    return do(Action.START_GRIEVANCE, concern, town[raiser], reason=f"{CANARY} my workload")


def about_councillor(town: Town, raiser: str = "officer1", subject: str = "councillor1", handler: str = "clerk", **more: Any) -> Concern:
    """An employee's grievance about a councillor, after informal means failed (Weston)."""
    concern = lodge(town, town[raiser], town[subject], **more)
    do(Action.ACCEPT, concern, town[handler], note=f"{CANARY} note")
    do(Action.INFORMAL_OVER, concern, town[handler], kind="failed", reason=f"{CANARY} over")
    return do(Action.START_GRIEVANCE, concern, town[raiser], reason=f"{CANARY} support")


def pk_of(concern: Concern) -> UUID:
    """The id of the concern's latest grievance."""
    with by(concern.raiser):
        return Grievance.objects.filter(concern=concern).order_by("closed_on").values_list("pk", flat=True).last()


def of(concern: Concern, person: Person, *, today: date = TODAY) -> Held:
    """The concern's grievance as ``person`` finds it."""
    pk = pk_of(concern)
    with by(person):
        return queries.load(pk, person=person, today=today)


def take(step: Step, concern: Concern, person: Person, /, *, now: datetime = NOW, **answers: Any) -> Any:
    """Take ``step`` as ``person``, as the views would."""
    pk = pk_of(concern)
    with by(person):
        return verb.actions[step](grievance_id=pk, by=person, now=now, **answers)


def points(concern: Concern, person: Person) -> list[Allegation]:
    with by(person):
        return list(Allegation.objects.filter(concern=concern))


def seated(town: Town, concern: Concern, *names: str, convener: str = "clerk", now: datetime = NOW, **more: Any) -> None:
    """These declare free and sit; the first of them chairs."""
    for name in names:
        take(Step.DECLARE, concern, town[name], now=now, free=True)
    take(Step.SEAT_PANEL, concern, town[convener], now=now, people=[town[name] for name in names], **more)
    take(Step.CHOOSE_CHAIR, concern, town[names[0]], now=now, person=town[names[0]])


def told(concern: Concern, person: Person, *, now: datetime = NOW) -> None:
    """Everybody it is about is told by ``person``, who reads it, unless they were: nobody is heard about before they know."""
    with by(person):
        open_ = Concern.objects.filter(pk=concern.pk, subject_told_on__isnull=True).exists()
        people = [row.person for row in ConcernSubject.objects.filter(concern=concern).select_related("person")] if open_ else []
        for subject in people:
            made = telling.draft_disclosure(
                concern_id=concern.pk, by=person, now=now, person=subject, kind=Kind.BEFORE_FORMAL_STEP, text=f"{CANARY} a panel meets",
                answer_by=now.date() + timedelta(days=7), basis="set_here",
            )  # fmt: skip
            telling.disclose(concern_id=concern.pk, disclosure_id=made.pk, by=person, now=now)


def heard(town: Town, concern: Concern, *, convener: str = "clerk", now: datetime = NOW, on: date = HEARING) -> None:
    sitting = PanelSeat.objects.filter(concern=concern, status=SeatStatus.SEATED).order_by("person__full_name")
    with by(town[convener]):
        member = sitting.select_related("person")[0].person
    told(concern, member, now=now)
    take(Step.SET_HEARING, concern, town[convener], now=now, held_on=on, at=time(10, 30), place=f"{CANARY} committee room")


def decided(town: Town, concern: Concern, drafter: str, releaser: str, *, now: datetime = AFTER, outcome: str = "grievance_not_upheld", found: str = "not_upheld") -> None:
    rows = points(concern, town[drafter])
    take(
        Step.DRAFT_DECISION, concern, town[drafter], now=now, outcome=outcome, reasons=f"{CANARY} reasons", recommendations=f"{CANARY} rota",
        findings={row.pk: found for row in rows},
    )  # fmt: skip
    take(Step.RELEASE_DECISION, concern, town[releaser], now=now)
