"""`manage.py demo_cases`: invented grievances under fixtures/cases, taken through the portal's own steps on earlier days.

A grievance needs five working days' notice before its hearing: without these nobody who tries the demonstration would come
as far as a decision. Each is begun once; what was done with it since stays. Refuses to run in production.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from concerns.actions import intake
from concerns.actions.verb import ACTIONS
from concerns.domain.deadlines import is_working_day
from concerns.enums import Action, SaidInPublic, WiderCircle
from concerns.models import Concern, Narrative
from councils.models import Council, Person
from councils.protocol import read_yaml
from councils.rls import as_person
from disclosures.actions import subject as subjects_side
from disclosures.actions import telling
from disclosures.enums import Basis, Kind
from grievances import queries
from grievances.actions.ground import verb
from grievances.enums import Step
from grievances.forms.steps import TimeField
from grievances.models import Allegation, Grievance

CASES = Path(settings.BASE_DIR) / "fixtures" / "cases"
# Working days before the hearing on which each step is taken.
RAISED, DECLARED, SEATED, TOLD, SET, ANSWERED, ANSWER_BY = 14, 13, 12, 11, 9, 5, 3


class Command(BaseCommand):
    help = "Begin the demonstration's invented grievances, each once."

    def handle(self, *args: Any, **options: Any) -> None:
        """Begins each case that isn't there yet, whole or not at all."""
        if settings.PRODUCTION:
            raise CommandError(_("demo_cases writes invented cases: it does not run in production."))
        for path in sorted(CASES.glob("*.yaml")):
            content = read_yaml(path.read_bytes(), name=path.name)
            council = Council.objects.filter(key=content["council"], is_demo=True).first()
            for case in content["cases"] if council else ():
                with transaction.atomic():
                    Told(council, case, now=timezone.now()).tell()


class Told:
    """One case of the file, told by the actions that the pages call."""

    def __init__(self, council: Council, case: Mapping[str, Any], *, now: datetime) -> None:
        self.council, self.case = council, case
        last = self.before(timezone.localdate(now), 1)
        self.decided_on = last if "decision" in case else None
        self.heard_on = self.before(last, 2) if self.decided_on else last
        self.minutes = 0

    def tell(self) -> None:
        """Everything as far as the file goes. Nothing when its raiser has raised it already."""
        raiser = self.person(self.case["raiser"])
        with as_person(raiser):
            mine = Narrative.objects.filter(concern__raiser=raiser, concern__council=self.council)
            if any(str(row.what_happened) == self.case["what_happened"] for row in mine):
                return
            concern = self.raise_it(raiser)
            self.pk = Grievance.objects.get(concern=concern).pk
            held = queries.load(self.pk, person=raiser, today=self.days(RAISED))
        convener = Person.objects.get(pk=held.standing.convener)
        self.form(concern, convener)
        self.tell_the_other(concern)
        self.hear(raiser, convener)
        if self.decided_on:
            self.decide(concern)

    def raise_it(self, raiser: Person) -> Concern:
        """The concern, straight to a grievance."""
        case = self.case
        now = self.at(self.days(RAISED))
        draft = intake.start_draft(council=self.council, by=raiser, now=now)
        intake.save_draft(
            concern_id=draft.pk, by=raiser, now=now, subjects=[self.person(case["subject"])], topic=case["topic"],
            happened_on=now.date() - timedelta(days=10), said_in_public=SaidInPublic.NO, what_happened=case["what_happened"],
            wanted_outcome=case["wanted_outcome"],
        )  # fmt: skip
        formal = ACTIONS[Action.STRAIGHT_TO_FORMAL]
        formal(
            concern_id=draft.pk, by=raiser, now=self.at(now.date()), kind="not_appropriate", reason=case["why_formal"],
            wider_circle=WiderCircle.ASK_FIRST,
        )  # fmt: skip
        return ACTIONS[Action.START_GRIEVANCE](concern_id=draft.pk, by=raiser, now=self.at(now.date()), reason=case["why_formal"])

    def form(self, concern: Concern, convener: Person) -> None:
        """Members declare, substitutes are asked where the members are too few, and the panel sits."""
        panel = [self.person(email) for email in self.case["panel"]]
        declared, seated = self.days(DECLARED), self.days(SEATED)
        for person in map(self.person, self.case["connected"]):
            self.take(Step.DECLARE, person, declared, free=False)
        asked = {seat.person_id for seat in self.held(convener, declared).seats}
        if not {person.pk for person in panel} <= asked:
            self.take(Step.FORM_PANEL, convener, declared)
        for person in panel:
            self.take(Step.DECLARE, person, declared, free=True)
        self.take(Step.SEAT_PANEL, convener, seated, people=panel)
        chair = self.person(self.case["chair"])
        self.take(Step.CHOOSE_CHAIR, chair, seated, person=chair)
        self.take(Step.LIST_ALLEGATIONS, chair, seated, points=self.case["points"])

    def tell_the_other(self, concern: Concern) -> None:
        """The person it is about is told by the panel's chair, and answers."""
        chair, told = self.person(self.case["chair"]), self.person(self.case["subject"])
        day, answered = self.days(TOLD), self.days(ANSWERED)
        with as_person(chair):
            row = telling.draft_disclosure(
                concern_id=concern.pk, by=chair, now=self.at(day), person=told, kind=Kind.BEFORE_FORMAL_STEP, text=self.case["told"],
                answer_by=self.days(ANSWER_BY), basis=Basis.SET_HERE,
            )  # fmt: skip
            telling.disclose(concern_id=concern.pk, disclosure_id=row.pk, by=chair, now=self.at(day), names_confirmed=True)
        with as_person(told):
            subjects_side.open_disclosure(disclosure_id=row.pk, by=told, now=self.at(answered))
            if self.case["answered"]:
                subjects_side.answer_disclosure(disclosure_id=row.pk, by=told, now=self.at(answered), answer=self.case["answered"])

    def hear(self, raiser: Person, convener: Person) -> None:
        """The hearing is set with its notice, and a companion named."""
        day = self.days(SET)
        at = TimeField().to_python(self.case["at"])
        self.take(Step.SET_HEARING, convener, day, held_on=self.heard_on, at=at, place=self.case["place"])
        self.take(Step.NAME_COMPANION, raiser, self.days(SET - 1), **self.case["companion"])

    def decide(self, concern: Concern) -> None:
        """One member drafts the decision, another releases it."""
        said, day = self.case["decision"], self.decided_on
        drafter, releaser = self.person(said["drafted_by"]), self.person(said["released_by"])
        with as_person(drafter):
            points = list(Allegation.objects.filter(concern=concern).values_list("pk", flat=True))
        self.take(
            Step.DRAFT_DECISION, drafter, day, outcome=said["outcome"], reasons=said["reasons"], recommendations=said["recommendations"],
            findings=dict(zip(points, said["findings"], strict=True)),
        )  # fmt: skip
        self.take(Step.RELEASE_DECISION, releaser, day)

    # --- who and when -----------------------------------------------------------------------------------------
    def take(self, step: Step, person: Person, day: date, /, **answers: Any) -> None:
        """One step of the grievance, as ``person``, on that day."""
        with as_person(person):
            verb.actions[step](grievance_id=self.pk, by=person, now=self.at(day), **answers)

    def held(self, person: Person, day: date) -> queries.Held:
        """The grievance as ``person`` finds it."""
        with as_person(person):
            return queries.load(self.pk, person=person, today=day)

    def person(self, email: str) -> Person:
        """Somebody of the demonstration."""
        return Person.objects.get(email=email)

    def days(self, number: int) -> date:
        """That many working days before the hearing."""
        return self.before(self.heard_on, number)

    def before(self, day: date, number: int) -> date:
        """That many working days before ``day``."""
        for _step in range(number):
            day -= timedelta(days=1)
            while not is_working_day(day, self.council.jurisdiction):
                day -= timedelta(days=1)
        return day

    def at(self, day: date) -> datetime:
        """A moment of that day, later than every one asked for before on it."""
        self.minutes += 1
        return timezone.make_aware(datetime.combine(day, time(10))) + timedelta(minutes=self.minutes)
