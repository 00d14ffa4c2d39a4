"""One council with a request in every state and a question, each field with a canary of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.test import Client
from django.urls import reverse

from councils.models import Person
from information.enums import Interest, QuestionAction, RequestAction, RequestKind
from information.models import AccessRequest, GuidanceQuestion
from tests.factories.councils import AppointmentFactory, PersonFactory, Town
from tests.information.steps import ask, do, draft, question
from tests.matrix.world import BACKEND, canary

A, Q = RequestAction, QuestionAction
ASKER = "councillor1"
# one of each kind: those with a part somewhere, another member, an officer, who looks after the portal, who left long ago
HERE = ("councillor1", "director1", "director2", "assistantdirector", "mo", "chiefexecutive", "councillor3", "officer1", "admin", "former")
# request: (the part of each person of the council; ASKER asked for all of them)
CIRCLES: dict[str, dict[str, str]] = {
    "draft": {ASKER: "owner"},
    "justify": {ASKER: "requester"},
    "waiting": {ASKER: "requester", "director2": "determiner", "mo": "adviser"},
    "place": {ASKER: "requester", "director1": "determiner", "assistantdirector": "refuser"},
    "passed": {ASKER: "requester", "chiefexecutive": "determiner", "director2": "passed"},
    "granted": {ASKER: "requester", "director2": "determiner"},
    "partly": {ASKER: "requester", "director2": "determiner"},
    "refused": {ASKER: "requester", "director2": "determiner"},
    "review": {ASKER: "requester", "director2": "determiner", "chiefexecutive": "reviewer"},
    "upheld": {ASKER: "requester", "director2": "determiner", "chiefexecutive": "reviewer"},
    "found": {ASKER: "requester", "director2": "determiner", "chiefexecutive": "reviewer"},
    "closed": {ASKER: "requester", "director2": "determiner"},
    "concern": {ASKER: "requester", "chiefexecutive": "determiner"},
}
QUESTIONS = {"question": {ASKER: "asker", "mo": "answerer"}, "answered": {ASKER: "asker", "mo": "answerer"}}


@dataclass
class World:
    """``people`` by name (None is a visitor), requests and questions by name, browsers signed in once."""

    town: Town
    people: dict[str, Person | None]
    rows: dict[str, AccessRequest | GuidanceQuestion]
    clients: dict[str, Client] = field(default_factory=dict)

    def client(self, name: str) -> Client:
        return self.clients[name]


def written(name: str, **more: Any) -> dict[str, Any]:
    """The answers of a request, a canary in each."""
    return {
        "document": canary(name, "document"), "justification": canary(name, "why"), "purpose": canary(name, "purpose"),
        "interest": Interest.OTHER, "interest_words": canary(name, "interest"), "directorate": "People", **more,
    }  # fmt: skip


def _said(name: str) -> dict[str, Any]:
    return {"ground": "roving_commission", "reason": canary(name, "reason")}


def _requests(town: Town) -> dict[str, AccessRequest | GuidanceQuestion]:
    head, chief, mo, asker = town["director2"], town["chiefexecutive"], town["mo"], town[ASKER]
    made: dict[str, Any] = {"draft": draft(town, ASKER, **written("draft"))}
    made["justify"] = ask(town, ASKER, **written("justify", justification=""))
    for name in ("waiting", "passed", "granted", "partly", "refused", "review", "upheld", "found", "closed"):
        made[name] = ask(town, ASKER, **written(name))
    made["place"] = ask(town, ASKER, **written("place", directorate="Place"))
    made["concern"] = ask(town, ASKER, **written("concern", kind=RequestKind.CONCERN, concern_reference=canary("concern", "ref"), directorate=""))
    do(A.ASK_ADVICE, made["waiting"], head, question=canary("waiting", "advicewanted"))
    do(A.PASS_ON, made["passed"], head)
    do(A.GRANT, made["granted"], head, how=canary("granted", "how"), reason=canary("granted", "said"))
    do(A.PARTLY_GRANT, made["partly"], head, covers=canary("partly", "part"), how=canary("partly", "how"), **_said("partly"))
    for name in ("refused", "review", "upheld", "found"):
        do(A.REFUSE, made[name], head, **_said(name))
    for name in ("review", "upheld", "found"):
        do(A.ASK_REVIEW, made[name], asker, review_words=canary(name, "reviewwords"))
    do(A.REVIEW_REFUSE, made["upheld"], chief, **_said("upheld"))
    do(A.REVIEW_GRANT, made["found"], chief, how=canary("found", "how"))
    do(A.CLOSE, made["closed"], asker)
    made["question"] = question(town, ASKER, words=canary("question", "words"), clause="9.5")
    made["answered"] = question(town, ASKER, words=canary("answered", "words"))
    do(Q.ANSWER, made["answered"], mo, answer=canary("answered", "answer"))
    return made


def build(town: Town, other: Town) -> World:
    """The council with its requests, and people who look on from elsewhere."""
    extra = {
        "leaver": PersonFactory(full_name="Lester Leaver", email="leaver@auth5c.example"),
        "outsider": other["clerk"], "visitor": None,
        "operator": PersonFactory(full_name="Opal Operator", email="op@portal.example", is_operator=True),
    }  # fmt: skip
    AppointmentFactory(council=town.council, person=extra["leaver"], ends_on=date(2026, 1, 10))
    here = {name: town[name] for name in HERE}
    world = World(town, {**here, **extra}, _requests(town))
    for name, person in world.people.items():
        world.clients[name] = browser = Client()
        if person is not None:
            browser.force_login(person, backend=BACKEND)
            browser.get(reverse("privacy"))
    return world
