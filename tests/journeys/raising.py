"""The screens of raising a concern, walked through as a person does."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from tests.factories.councils import Town
from tests.journeys.visitor import Visitor

WORDS = "Canary-7c21 the words used in the corridor"
WANTED = "Canary-7c21 an apology in private"


@dataclass(frozen=True)
class Raised:
    """A concern as its raiser's browser knows it."""

    pk: str
    reference: str

    @property
    def path(self) -> str:
        return f"/concerns/{self.pk}/"


def say_who(visitor: Visitor, town: Town, subject: str, *, topic: str = "Conduct", key: str = "") -> str:
    """The first screen; returns the draft's id."""
    visitor.go("/")
    visitor.press("raise")
    if key and visitor.page.locator("[name=council]").count():
        visitor.answer(council=key)
        visitor.follow("Continue")
    visitor.choose("subjects", town[subject].full_name)
    visitor.choose("topic", topic)
    visitor.answer(said_in_public="no")
    visitor.follow("Continue")
    return visitor.page.url.split("/")[5]


def check_where(visitor: Visitor, town: Town, expected: Mapping[str, Collection[str]], words: Collection[str]) -> None:
    """The second screen shows exactly these recipients: token → the people behind it, by name; in capacities of these words."""
    page = visitor.page
    assert visitor.heading == "Where this goes"
    radios = page.locator("[name=chosen_token]")
    if radios.count():
        tokens = radios.evaluate_all("all => all.map(e => e.value)")
        block = page.locator(".govuk-form-group:has([name=chosen_token])").first.inner_text()
    else:
        rows = page.locator("main .portal-steps li[data-token]")
        tokens = rows.evaluate_all("all => all.map(e => e.dataset.token)")
        block = "\n".join(rows.all_inner_texts())
    assert set(tokens) == set(expected)
    named = {name for name, person in town.people.items() if person.full_name in block}
    assert named == {name for names in expected.values() for name in names}
    for word in words:
        assert word in block, block


def write(visitor: Visitor, *, words: str = WORDS, wanted: str = WANTED) -> None:
    """The third screen."""
    visitor.answer(what_happened=words, wanted_outcome=wanted)
    visitor.follow("Continue")
    assert visitor.heading == "Check and send"


def send(visitor: Visitor, **answers: Any) -> Raised:
    """The last screen; returns the concern."""
    if visitor.page.locator("[name=formal]").count() and "formal" not in answers:
        answers = {"formal": "no", **answers}
    answers = {"wider_circle": "ask_first", "private_confirmed": True, "constructive_confirmed": True, **answers}
    visitor.answer(**answers)
    visitor.press("submit")
    reference = visitor.page.get_by_test_id("reference").inner_text()
    return Raised(visitor.page.url.split("/")[4], reference)


def raise_concern(
    visitor: Visitor, town: Town, subject: str, *, topic: str = "Conduct", token: str = "", words: str = WORDS, **answers: Any
) -> Raised:
    """Every screen of it, one after the other."""
    say_who(visitor, town, subject, topic=topic, key=town.council.key)
    if token:
        visitor.answer(chosen_token=token)
    visitor.follow("Continue")
    write(visitor, words=words)
    return send(visitor, **answers)


def act(visitor: Visitor, concern: Raised, action: str, **answers: Any) -> str:
    """Open the concern, press the step's button, answer its form, send it; returns where it stands for this visitor then."""
    if not visitor.page.url.endswith(concern.path) or action not in visitor.actions:
        assert visitor.go(concern.path) == 200
    visitor.press(action)
    visitor.answer(**answers)
    visitor.press(action)
    assert visitor.errors == [], visitor.errors
    root = visitor.page.locator("[data-testid=concern]")
    return visitor.state if root.count() else ""
