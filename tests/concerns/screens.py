"""What tests of the screens share: a browser-like client per person, and steps through the screens of raising."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import time_machine
from django.test import Client
from django.urls import reverse

from concerns.models import Concern, Event, Narrative
from councils.models import Person
from councils.rls import as_person
from tests.factories.concerns import NOW
from tests.factories.councils import Town

__all__ = ["NOW", "at", "begin", "client_of", "events", "frozen", "narrative", "post_who", "raise_it", "ready", "state_of"]


def frozen() -> Any:
    """The clock stands at NOW."""
    return time_machine.travel(NOW, tick=False)


def client_of(person: Person) -> Client:
    """A signed-in client."""
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def at(name: str, concern: Concern | UUID | str, **more: Any) -> str:
    """The address of a case screen."""
    pk = concern.pk if isinstance(concern, Concern) else concern
    return reverse(f"concerns:{name}", kwargs={"concern": pk, **more})


def page(town: Town, who: str, concern: Concern, name: str = "page", **more: Any) -> Any:
    """A page of a concern, as somebody of the town gets it."""
    return client_of(town[who]).get(at(name, concern, **more))


def act(town: Town, who: str, concern: Concern, action: str, **answers: Any) -> Any:
    """The answer to one step, sent by somebody of the town."""
    return client_of(town[who]).post(at("do", concern, action=action), answers)


def post_who(client: Client, key: str, *subjects: Person, topic: str = "conduct", **more: Any) -> Any:
    """Send the first screen."""
    answers = {"subjects": [str(p.pk) for p in subjects], "topic": topic, "said_in_public": "no", **more}
    return client.post(reverse("concerns:new-in", kwargs={"key": key}), answers)


def raise_it(
    person: Person, key: str, *subjects: Person, topic: str = "conduct", token: str = "", text: str = "What happened", **more: Any
) -> UUID:
    """Raise a concern through every screen; returns its id. ``more`` goes to the last screen."""
    client = client_of(person)
    answer = post_who(client, key, *subjects, topic=topic)
    assert answer.status_code == 302, answer.context["form"].errors
    pk = UUID(answer.url.split("/")[3])
    answer = client.post(at("draft-where", pk), {"chosen_token": token} if token else {})
    assert answer.url == at("draft-writing", pk)
    answer = client.post(at("draft-writing", pk), {"what_happened": text, "wanted_outcome": "An apology"})
    assert answer.url == at("draft-check", pk)
    last = {"formal": "no", "wider_circle": "ask_first", "private_confirmed": "on", "constructive_confirmed": "on", **more}
    answer = client.post(at("draft-check", pk), last)
    assert answer.status_code == 302, answer.context["form"].errors
    assert answer.url == at("sent", pk)
    return pk


def state_of(pk: UUID | Concern, person: Person) -> str:
    """Where the concern is, as ``person`` finds it."""
    with as_person(person):
        return Concern.objects.get(pk=pk.pk if isinstance(pk, Concern) else pk).state


def events(pk: UUID, person: Person) -> list[str]:
    """The trail's types, in the order of their letters: the clock stands still."""
    with as_person(person):
        return sorted(Event.objects.filter(concern_id=pk).values_list("type", flat=True))


def narrative(pk: UUID, person: Person) -> Narrative:
    """What is written."""
    with as_person(person):
        return Narrative.objects.get(concern_id=pk)


def begin(town: Town, raiser: str, *subjects: str, **more: object) -> tuple[object, UUID]:
    client = client_of(town[raiser])
    answer = post_who(client, town.council.key, *[town[name] for name in subjects], **more)
    assert answer.status_code == 302, answer.context["form"].errors
    return client, UUID(answer.url.split("/")[3])


def ready(town: Town, raiser: str = "officer1", subject: str = "councillor1") -> tuple[object, UUID]:
    client, pk = begin(town, raiser, subject)
    client.post(at("draft-writing", pk), {"what_happened": "It happened"})
    return client, pk
