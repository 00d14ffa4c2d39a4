"""`manage.py demo_year`: invented years of concerns under fixtures/years, taken through the portal's own steps on days of the
last year that can be reported, or of one ``before`` it; and its reports, asked for by the council's administrator.

Each council's year is begun once. Nobody is written to about it. Refuses to run in production.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from concerns import plan
from concerns import queries as cases
from concerns.actions import intake
from concerns.actions.verb import ACTIONS
from concerns.enums import Action, Capacity, SaidInPublic, WiderCircle
from concerns.models import Concern, Notice, Participation
from councils.errors import Refusal
from councils.models import Appointment, Council, Person
from councils.protocol import read_yaml
from councils.rls import as_person, system_work
from councils.roles import ADMIN_ROLE
from reporting import queries
from reporting.actions import runs
from reporting.domain import periods
from reporting.domain.periods import Period
from reporting.enums import Audience

YEARS = Path(settings.BASE_DIR) / "fixtures" / "years"
STRIDE, DAYS = 83, 320  # the days are spread over the year, and the last concerns have time to be settled in it
TODAY = object()  # stands for the day of the step
#: What each step of a course is: the action, who takes it, and their answers.
STEPS: Mapping[str, tuple[Action, tuple[Capacity, ...], Mapping[str, Any]]] = {
    "accept": (Action.ACCEPT, (Capacity.RECIPIENT,), {}),
    "settle": (Action.SETTLE, (Capacity.HANDLER, Capacity.RAISER), {"summary": "They talked it over.", "raiser_agrees": True}),
    "close_no_action": (Action.CLOSE_NO_ACTION, (Capacity.HANDLER,), {"reason": "Both were heard, and there was nothing to act on."}),
    "withdraw": (Action.WITHDRAW, (Capacity.RAISER,), {"reason": "It has sorted itself out."}),
    "ask_conciliation": (Action.ASK_CONSENT, (Capacity.HANDLER,), {"kind": "conciliation", "wording": "May a third person help you both?"}),
    "agree": (Action.ANSWER_CONSENT, (Capacity.RAISER,), {"agree": True, "words": "Yes."}),
    "conciliate": (
        Action.CONCILIATE, (Capacity.HANDLER,),
        {"mediator": "ext:conciliator", "mediator_name": "A mediator (invented)", "summary": "How they work together.", "other_side_agreed_on": TODAY},
    ),
    "informal_over": (Action.INFORMAL_OVER, (Capacity.HANDLER,), {"kind": "failed", "reason": "Talking led nowhere."}),
    "start_grievance": (Action.START_GRIEVANCE, (Capacity.RAISER,), {"reason": "Support, and another way of working together."}),
    "refer_code": (
        Action.REFER_CODE, (Capacity.HANDLER, Capacity.DECIDER),
        {"code_paragraph": "Respect", "official_capacity": True, "reason": "It happened again.", "override_reason": "The Monitoring Officer decides on it."},
    ),
}


class Command(BaseCommand):
    help = "Make the demonstration's invented year of concerns, once, and ask for its reports."

    def handle(self, *args: Any, **options: Any) -> None:
        """Makes each year that isn't there yet, whole or not at all."""
        if settings.PRODUCTION:
            raise CommandError(_("demo_year writes invented concerns: it does not run in production."))
        now = timezone.now()
        for path in sorted(YEARS.glob("*.yaml")):
            content = read_yaml(path.read_bytes(), name=path.name)
            council = Council.objects.filter(key=content["council"], is_demo=True).first()
            if council is not None:
                with transaction.atomic():
                    Year(council, content, now=now).make()


class Year:
    """The year of one council."""

    def __init__(self, council: Council, content: Mapping[str, Any], *, now: datetime) -> None:
        self.council, self.content, self.now = council, content, now
        years = [period for period in periods.offered(timezone.localdate(now)) if period.years == 1]
        self.period: Period = years[content.get("before", 0)]
        self.people = {
            person.email.partition("@")[0]: person for person in Person.objects.filter(email__endswith=f"@{content['domain']}")
        }

    def make(self) -> None:
        """Every concern of the file, and the reports. Nothing when there are as many as the file has already."""
        groups = self.content["concerns"]
        with system_work():
            # the invented people are taken to have been entered when they took office, not when the demonstration was set up
            entered = Appointment.objects.filter(council=self.council, made_at__gte=queries.until(self.period))
            entered.update(made_at=queries.since(self.period))
            there = len(queries.concerns(self.council, self.period))
        if there < sum(group["number"] for group in groups):
            made = [self.tell(group, number, day) for group, number, day in self.each(groups)]
            with system_work():
                Notice.objects.filter(concern__in=made).update(sent_at=self.now)
        keeper = Appointment.objects.current(timezone.localdate(self.now)).filter(council=self.council, role=ADMIN_ROLE).first()
        if keeper is not None:
            with as_person(keeper.person):
                first = self.now - timedelta(minutes=self.content.get("before", 0))  # the older year is made first: the later one looks back at it
                runs.ask(council=self.council, by=keeper.person, now=first, period=self.period, audiences=list(Audience))

    def each(self, groups: list[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], int, int]]:
        """(group, which of it, day of the year) of every concern."""
        spread = count()
        for group in groups:
            first = group.get("from", 0)
            for number in range(group["number"]):
                yield group, number, first + next(spread) * STRIDE % (DAYS - first)

    def tell(self, group: Mapping[str, Any], number: int, day: int) -> Concern:
        """One concern and what was done with it."""
        raiser, subject = (self.people[group[who][number % len(group[who])]] for who in ("raisers", "subjects"))
        concern = self.send(group, raiser, subject, self.at(day, number))
        for said in group["course"]:
            name, _space, after = said.partition(" ")
            action, capacities, answers = STEPS[name]
            self.take(action, concern, self.actors(concern, raiser, capacities), self.at(day + int(after), number), answers)
        return concern

    def send(self, group: Mapping[str, Any], raiser: Person, subject: Person, now: datetime) -> Concern:
        """The concern, sent where the protocol says."""
        connected = [self.people[name] for name in group.get("connected", ())]
        with as_person(raiser):
            draft = intake.start_draft(council=self.council, by=raiser, now=now)
            intake.save_draft(
                concern_id=draft.pk, by=raiser, now=now, subjects=[subject], topic=group["topic"], happened_on=timezone.localdate(now),
                said_in_public=SaidInPublic.NO, what_happened=group["what_happened"], wanted_outcome=group.get("wanted_outcome", "A word."),
                connected=connected,
            )  # fmt: skip
            made = plan.for_concern(cases.load(draft.pk, person=raiser), on=timezone.localdate(now))
            if made.resolution.mode == "any_of" and made.steps:
                intake.save_draft(concern_id=draft.pk, by=raiser, now=now, chosen_token=made.steps[0].token)
            return intake.submit(
                concern_id=draft.pk, by=raiser, now=now, wider_circle=WiderCircle.ASK_FIRST, private_confirmed=True, constructive_confirmed=True
            )

    def actors(self, concern: Concern, raiser: Person, capacities: tuple[Capacity, ...]) -> list[Person]:
        """Whoever is on it as one of these, the capacity named first at the top."""
        with as_person(raiser):
            parts = Participation.objects.filter(concern=concern, until__isnull=True, capacity__in=capacities).select_related("person")
            return [part.person for part in sorted(parts.order_by("person__email"), key=lambda part: capacities.index(Capacity(part.capacity)))]

    def take(self, action: Action, concern: Concern, people: list[Person], now: datetime, answers: Mapping[str, Any]) -> None:
        """One step, by the first of ``people`` who may: a panel's chair may not take a concern alone."""
        said = {name: timezone.localdate(now) if answer is TODAY else answer for name, answer in answers.items()}
        for place, person in enumerate(people, start=1):
            try:
                with as_person(person):
                    ACTIONS[action](concern_id=concern.pk, by=person, now=now, **said)
                return
            except Refusal:
                if place == len(people):
                    raise

    def at(self, day: int, number: int) -> datetime:
        """A moment of that day of the year."""
        return timezone.make_aware(datetime.combine(self.period.starts_on + timedelta(days=day), time(9, number)))
