"""Requests and questions for tests, made only through the actions that the views call."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from councils.models import Person
from councils.rls import as_person
from information import queries
from information.actions.verbs import ACTIONS
from information.enums import ArrangementAction, Interest, QuestionAction, RequestAction, RequestKind
from information.models import AccessRequest, Arrangement, GuidanceQuestion, Line, RequestSeat
from tests.factories.concerns import CANARY, NOW
from tests.factories.councils import Town

TODAY = NOW.date()
HOW = "Come to the office on Monday"


def draft(town: Town, who: str = "councillor1", *, now: datetime = NOW, **answers: Any) -> AccessRequest:
    """A draft with everything answered but a justification."""
    given = {
        "kind": RequestKind.DOCUMENT, "document": f"{CANARY} the file", "interest": Interest.NONE, "purpose": f"{CANARY} purpose",
        "claims": [], "marks": [], **answers,
    }  # fmt: skip
    with as_person(town[who]):
        return ACTIONS[RequestAction.SAVE](request_id=None, council=town.council, by=town[who], now=now, **given)


def ask(town: Town, who: str = "councillor1", *, now: datetime = NOW, **answers: Any) -> AccessRequest:
    """A request that was sent."""
    made = draft(town, who, now=now, **answers)
    return do(RequestAction.ASK, made, town[who], now=now)


def do(action: RequestAction | QuestionAction, row: Any, person: Person, /, *, now: datetime = NOW, **answers: Any) -> Any:
    """Do ``action`` as ``person``, as the views would."""
    name = "question_id" if isinstance(row, GuidanceQuestion) else "request_id"
    with as_person(person):
        return ACTIONS[action](**{name: row.pk}, by=person, now=now, **answers)


def question(town: Town, who: str = "councillor1", *, words: str = f"{CANARY} what does it mean?", now: datetime = NOW, **more: Any) -> GuidanceQuestion:
    with as_person(town[who]):
        return ACTIONS[QuestionAction.ASK](council=town.council, by=town[who], now=now, question=words, **more)


def fresh(request: AccessRequest, person: Person) -> AccessRequest:
    """The request as the database has it now, as ``person`` finds it."""
    with as_person(person):
        return queries.load(request.pk, person=person, on=TODAY)


def seats(town: Town, request: AccessRequest, person: Person | None = None) -> dict[str, str]:
    """Who has a seat now, by the town's name for them → the part."""
    names = {someone.pk: name for name, someone in town.people.items()}
    with as_person(person or request.requester):
        rows = RequestSeat.objects.filter(request=request, until__isnull=True).values_list("person_id", "part")
        return {names.get(pk, "?"): part for pk, part in rows}


def those_who_see(town: Town, row: AccessRequest | GuidanceQuestion) -> set[str]:
    """The town's names of everybody who finds it, both walls up."""
    from information import policy

    found = set()
    for name, person in town.people.items():
        with as_person(person):
            rows = policy.requests_of if isinstance(row, AccessRequest) else policy.questions_of
            if rows(person, on=TODAY).filter(pk=row.pk).exists():
                found.add(name)
    return found


def trail(row: AccessRequest | GuidanceQuestion, person: Person) -> list[str]:
    with as_person(person):
        return list(Line.objects.filter(about_id=row.pk).order_by("at", "id").values_list("type", flat=True))


def page(row: AccessRequest | GuidanceQuestion, person: Person) -> str:
    """The text of its page, as ``person`` gets it on the day of the tests."""
    import html

    from django.urls import reverse

    from tests.concerns.screens import client_of, frozen

    name = "question" if isinstance(row, GuidanceQuestion) else "page"
    with frozen():
        answer = client_of(person).get(reverse(f"information:{name}", args=[row.pk]))
    assert answer.status_code == 200, answer.status_code
    return html.unescape(answer.content.decode())


def arrange(town: Town, who: str, kind: str, *, now: datetime = NOW, **answers: Any) -> Arrangement:
    """Ask for an agreement on contact, or for an officer at a group's meeting."""
    with as_person(town[who]):
        return ACTIONS[ArrangementAction.ASK](council=town.council, by=town[who], now=now, kind=kind, from_on=now.date(), **answers)


def answer(action: ArrangementAction, row: Arrangement, person: Person, /, *, now: datetime = NOW, **answers: Any) -> Arrangement:
    """Agree to it, decline or end it."""
    with as_person(person):
        return ACTIONS[action](arrangement_id=row.pk, by=person, now=now, **answers)


def lines(row: Arrangement, person: Person) -> list[Line]:
    """Its trail as the person reads it, oldest first."""
    with as_person(person):
        return list(queries.trail(row))


def finds(row: Arrangement, person: Person, *, on: date = TODAY) -> bool:
    """Whether the person finds it, by the code's wall and the database's alike."""
    with as_person(person):
        coded = queries.arrangements(person, on=on).filter(pk=row.pk).exists()
        assert coded == Arrangement.objects.filter(pk=row.pk).exists()
        return coded
