"""A concern's whole course in the browser, told as a table: who does what, where it then stands, and who then finds it.

After every step the circle on the page is exactly those named, each of them finds the concern, and the onlookers find
nothing: not at home, in the list, by search, nor by typing its address.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from concerns import wording
from tests.factories.councils import Town
from tests.journeys import raising
from tests.journeys.raising import Raised
from tests.journeys.visitor import Visitor

SECRETS = ("Canary-7c21",)


@dataclass(frozen=True)
class Step:
    """``who`` presses ``action`` and answers; then it stands at ``state`` and those ``on`` it are exactly these (None: as before)."""

    who: str
    action: str
    state: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    on: frozenset[str] | None = None


def step(who: str, action: str, state: str, *, on: str = "", **answers: Any) -> Step:
    """``on`` as words."""
    return Step(who, action, state, answers, frozenset(on.split()) if on else None)


@dataclass(frozen=True)
class Course:
    """One concern from its first screen to its end."""

    name: str
    raiser: str
    subject: str
    ways: Mapping[str, str]  # what "where this goes" must show: token → who is behind it
    words: tuple[str, ...]  # the capacities it must show them in
    received: str  # who finds it once it is sent
    steps: tuple[Step, ...]
    onlookers: str  # who finds nothing at any step, besides the administrator and the outsider
    choose: str = ""
    topic: str = "Conduct"
    sent: str = "LODGED"
    answers: Mapping[str, Any] = field(default_factory=dict)  # of the last screen


Visit = Callable[..., Visitor]


def walk(course: Course, town: Town, outsider: Any, visit: Visit) -> Raised:
    """Walk through all of it."""
    raiser = visit(town[course.raiser], seen=True)
    ways = {token: names.split() for token, names in course.ways.items()}
    raising.say_who(raiser, town, course.subject, topic=course.topic, key=town.council.key)
    raising.check_where(raiser, town, ways, course.words)
    if course.choose:
        raiser.answer(chosen_token=course.choose)
    raiser.follow("Continue")
    raising.write(raiser)
    concern = raising.send(raiser, **course.answers)
    assert raiser.state == course.sent
    on = {course.raiser, *course.received.split()}
    others = [visit(town[name]) for name in (course.subject, "admin", *course.onlookers.split())] + [visit(outsider)]
    everybody_in(concern, on, town, visit, state=course.sent, ask=on)
    nobody_else(concern, others)
    for name in course.received.split():
        receives(visit(town[name]), concern)
    for one in course.steps:
        actor = visit(town[one.who])
        assert actor.go(concern.path) == 200
        assert one.action in actor.actions, f"{one.who} can't {one.action}; open: {sorted(actor.actions)}\n{actor.text}"
        state = raising.act(actor, concern, one.action, **one.answers)
        on = set(one.on) if one.on is not None else on
        if one.who in on:
            assert state == one.state, f"{one.who} {one.action}"
        ask = on if one.on is not None or one is course.steps[-1] else {course.raiser}
        everybody_in(concern, on, town, visit, state=one.state, ask=ask)
        nobody_else(concern, others)
        actor.leave()
    if outcome := course.steps[-1].answers.get("outcome"):
        raiser.go(concern.path)
        if any(one.action == "start_disciplinary" for one in course.steps):  # the raiser learns that it ended, and no more
            outcome = "disciplinary_outcome_recorded"
        assert raiser.page.get_by_test_id("outcome").inner_text() == str(wording.outcome_label(outcome))
    nobody_else(concern, others, everywhere=True)
    subject = others[0]
    assert subject.go(concern.path) == 404
    assert subject.heading == "Page not found"
    for visitor in (*others, raiser):
        visitor.leave()
    return concern


def receives(visitor: Visitor, concern: Raised) -> None:
    """A recipient finds it waiting at home, opens it from there and reads what was written."""
    visitor.go("/")
    visitor.follow(concern.reference)
    assert visitor.page.url.endswith(concern.path)
    assert raising.WORDS in visitor.page.get_by_test_id("narrative").inner_text()
    visitor.leave()


def everybody_in(concern: Raised, on: set[str], town: Town, visit: Visit, *, state: str, ask: Set[str]) -> None:
    """Those on it find it, each as the others do: the page names exactly them. Asks those in ``ask``."""
    names = {str(person.pk): name for name, person in town.people.items()}
    for name in sorted(ask):
        visitor = visit(town[name])
        status, stands, circle = visitor.circle_of(concern.pk)
        assert (status, stands) == (200, state), name
        assert {names.get(pk, pk) for pk in circle} == on, name
        visitor.leave()


def nobody_else(concern: Raised, others: list[Visitor], *, everywhere: bool = False) -> None:
    """The others find no trace of it."""
    for other in others:
        assert other.finds(concern.pk, concern.reference, SECRETS, everywhere=everywhere) == [], other.person.full_name
