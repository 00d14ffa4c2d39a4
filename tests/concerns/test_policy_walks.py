"""Random walks through casework: who sees what, and that nothing open is ever left with nobody, after every step."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from random import Random
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Value
from django.http import Http404
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from concerns import plan, policy, queries, rooms
from concerns.actions import intake
from concerns.enums import CLOSED_STATES, READING_CAPACITIES, Action, Capacity, State
from concerns.models import Concern, Event, Exclusion, Participation
from councils.errors import Refusal
from councils.models import Person
from councils.rls import set_person, system_work
from tests.concerns.answers import OWNING, agree_to_conciliation, answers_for
from tests.concerns.casework import TODAY, open_to
from tests.factories.concerns import NOW, by, do
from tests.factories.councils import KEYS, Town

WALKS = int(os.environ.get("PORTAL_WALKS", "120"))  # more by hand: PORTAL_WALKS=2000
# What keeps a concern moving; the rest only adds to it.
MOVES = {action.value for action in Action} - {
    "add_note", "add_document", "add_witness", "hold", "tell_subject", "ask_consent", "answer_consent", "declare_conflict",
}  # fmt: skip
TOPICS = ("conduct", "bullying", "breach_of_confidence", "performance", "political_neutrality")


class _Undo(Exception):
    """Ends one walk."""


def first_wall(people: list[Person]) -> dict[Person, set[UUID]]:
    """What ``policy.visible_to`` finds for each, with PostgreSQL's wall down: what it lets through is seen, not caught behind it."""
    found: dict[UUID, set[UUID]] = {person.pk: set() for person in people}
    with system_work(), connection.cursor() as cursor:
        cursor.execute(*_asked_of_all(tuple(people)))
        for who, pk in cursor.fetchall():
            found[who].add(pk)
    return {person: found[person.pk] for person in people}


@cache
def _asked_of_all(people: tuple[Person, ...]) -> tuple[str, tuple[object, ...]]:
    """``policy.visible_to`` of each as one statement, put into words once."""
    each = [policy.visible_to(person).annotate(who=Value(person.pk)).values_list("who", "pk") for person in people]
    return each[0].union(*each[1:], all=True).query.sql_with_params()


#: Each statement computes anew who is asking, so one round trip asks for everybody. What was written needs more than the rest.
AS_ONE = "SELECT set_config('portal.person', '{}', true); SELECT id FROM concerns_concern; SELECT concern_id FROM concerns_narrative; "


def second_wall(people: list[Person]) -> tuple[dict[Person, set[UUID]], dict[Person, set[UUID]]]:
    """What PostgreSQL shows each, with no filter of ours: the concerns, and those of them whose words it shows."""
    found: list[dict[Person, set[UUID]]] = [{}, {}]
    with by(None), connection.cursor() as cursor:
        cursor.execute("".join(AS_ONE.format(person.pk) for person in people))
        for person in people:
            assert cursor.fetchone() == (str(person.pk),)
            for table in found:
                assert cursor.nextset()
                table[person] = {row[0] for row in cursor.fetchall()}
            cursor.nextset()
    return found[0], found[1]


class Walk:
    """One council, one concern (and its successor), some steps."""

    def __init__(self, town: Town, chance: Random) -> None:
        self.town, self.chance, self.done = town, chance, list[object]()
        self.offered: dict[tuple[Person, UUID], set[str]] = {}
        self.everybody = sorted(town.people.values(), key=lambda person: person.email)

    def begin(self) -> Concern | None:
        """Lodge something somewhere; None when this council sends it elsewhere."""
        raiser = self.chance.choice([p for name, p in sorted(self.town.people.items()) if name not in ("admin", "former")])
        subjects = self.chance.sample([p for p in self.everybody if p != raiser], self.chance.choice((1, 1, 1, 2)))
        connected = self.chance.sample(self.everybody, self.chance.choice((0, 0, 1, 3, 8)))
        witnesses = self.chance.sample(self.everybody, self.chance.choice((0, 0, 1)))
        try:
            with by(raiser):
                concern = intake.start_draft(council=self.town.council, by=raiser, now=NOW)
                concern = intake.save_draft(
                    concern_id=concern.pk, by=raiser, now=NOW, subjects=subjects, topic=self.chance.choice(TOPICS), happened_on=TODAY,
                    what_happened="x", connected=[p for p in connected if p not in subjects],
                    witnesses=[p for p in witnesses if p not in subjects],
                )  # fmt: skip
                self.check([concern])
                steps = [s for s in plan.for_concern(concern, on=TODAY).steps if not s.later]
                concern = intake.save_draft(
                    concern_id=concern.pk, by=raiser, now=NOW, chosen_token=self.chance.choice(steps).token if steps else ""
                )
            way = self.chance.random()
            if way < 0.08:
                answers = answers_for(self.town, Action.STRAIGHT_TO_FORMAL, concern, raiser, self.chance)
                do(Action.STRAIGHT_TO_FORMAL, concern, raiser, **answers)
            elif way < 0.12:
                answers = answers_for(self.town, Action.FORMAL_CODE_COMPLAINT, concern, raiser, self.chance)
                do(Action.FORMAL_CODE_COMPLAINT, concern, raiser, **answers)
            else:
                with by(raiser):
                    intake.submit(
                        concern_id=concern.pk, by=raiser, now=NOW, wider_circle=self.chance.choice(("ask_first", "may_pass_on")),
                        private_confirmed=True, constructive_confirmed=True,
                        skip_direct_reason=self.chance.choice(("", "I can't talk to them")),
                    )  # fmt: skip
        except Refusal:
            return None
        self.done.append(("submit", raiser.full_name, [s.full_name for s in subjects]))
        return concern

    def step(self, concern: Concern) -> Concern | None:
        """One random thing that is open to somebody; returns a successor if one was opened."""
        options = []
        for person in self.everybody:
            if concern.pk in self.seen[person]:
                options += [(person, Action(name)) for name in sorted(self.open_to(person, concern))]
        moving = [option for option in options if option[1].value in MOVES or option[1] == Action.DECLARE_CONFLICT]
        options = moving if moving and self.chance.random() < 0.8 else options
        if not options:
            return None
        person, action = self.chance.choice(options)
        if action == Action.CONCILIATE:
            agree_to_conciliation(concern)
        before = self._events(concern)
        try:
            made = do(action, concern, person, **answers_for(self.town, action, concern, person, self.chance))
        except Refusal as refused:
            self.done.append((action.value, person.full_name, str(refused)))
            assert self._events(concern) == before
            return None
        self.done.append((action.value, person.full_name, ""))
        return made if action == Action.OPEN_SUCCESSOR else None

    def open_to(self, person: Person, concern: Concern) -> set[str]:
        """The actions open to ``person``; asked once a step."""
        if (person, concern.pk) not in self.offered:
            self.offered[person, concern.pk] = open_to(person, concern)
        return self.offered[person, concern.pk]

    def _events(self, concern: Concern) -> int:
        with by(concern.raiser):
            return Event.objects.filter(concern_id=concern.pk).count()

    def check(self, concerns: list[Concern], *, stranger: Person | None = None) -> None:
        """Everything that must hold after every step."""
        people = [*self.everybody, *([stranger] if stranger else [])]
        self.offered.clear()
        seen = first_wall(people)
        rows, self.written = second_wall(people)
        assert rows == seen, self.done
        with by(None):
            for concern in concerns:
                for person in (*self.everybody[:2], *(person for person in seen if concern.pk in seen[person])):
                    set_person(person.pk)
                    assert policy.can_see(person, concern) == (concern.pk in seen[person]), (person, self.done)
        self.seen = seen
        assert stranger is None or not seen[stranger]
        for concern in concerns:
            self._check(concern, {person for person, found in seen.items() if concern.pk in found})

    def _check(self, concern: Concern, seers: set[Person]) -> None:
        raiser = concern.raiser
        if raiser not in seers:  # the raiser of a successor may step out; nobody else loses sight of their own
            assert concern.successor_of_id is not None, self.done
            raiser = min(seers, key=lambda person: person.email)
        with by(raiser):
            now = queries.load(concern.pk, person=raiser)
            parts = list(Participation.objects.filter(concern=now, until__isnull=True).select_related("person"))
            excluded = set(Exclusion.objects.filter(concern=now).values_list("person_id", flat=True))
            subjects = set(now.subjects.values_list("person_id", flat=True))
            finders = now.state == State.NEEDS_HANDLER and plan.for_concern(now, on=TODAY).exception_seats
        assert {part.person for part in parts} == seers, self.done
        assert not excluded & {person.pk for person in seers}, self.done
        assert not subjects & {person.pk for person in seers}, self.done
        if now.state == State.DRAFT:
            assert seers == {concern.raiser}
            return
        for part in parts:
            if part.person_id == concern.raiser_id:
                assert part.capacity in (Capacity.RAISER, Capacity.LIAISON) or concern.successor_of_id, self.done
            assert not part.reads or part.capacity in READING_CAPACITIES
        for person in seers:
            reads = any(part.reads for part in parts if part.person_id == person.pk)
            assert (now.pk in self.written[person]) == (reads and now.state != State.REDIRECTED), (person, self.done)
        if now.state in CLOSED_STATES:
            return
        owners = {part.person for part in parts if part.capacity in OWNING.get(now.state, {Capacity.HANDLER})}
        if now.state == State.NEEDS_HANDLER:
            assert owners or not finders, self.done
        elif now.state == State.LODGED:
            assert owners or queries.with_raiser(now), self.done
        elif now.state != State.DECIDING:
            assert owners, (now.state, self.done)
        moves = {name for person in seers for name in self.open_to(person, now)} & MOVES
        if not moves and now.on_hold_until:  # nobody left who may end the hold: then it ends on its date
            moves = {name for person in seers for name in open_to(person, now, on=now.on_hold_until)} & MOVES
        with by(raiser):  # its procedure may keep it until its own steps are done; then it says so
            kept = rooms.objection(now, policy.ROOM_OF.get(State(now.state)), Action.RECORD_OUTCOME, person=raiser)
        assert moves or kept, (now.state, self.done)
        if now.state == State.DECIDING and not owners:
            assert moves & {"start_grievance", "refer_code", "formal_code_complaint"}, self.done


@settings(max_examples=WALKS, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_after_every_step_three_answers_agree_and_somebody_has_it(towns: Callable[[str], Town], seed: int) -> None:
    chance = Random(seed)
    key = chance.choice(KEYS)
    stranger = towns("weston" if key != "weston" else "yateley")["clerk"]
    try:
        with transaction.atomic():
            walk = Walk(towns(key), chance)
            concern = walk.begin()
            if concern is not None:
                concerns = [concern]
                walk.check(concerns, stranger=stranger)
                for _turn in range(chance.choice((2, 3, 5))):
                    if new := walk.step(chance.choice(concerns)):
                        concerns.append(new)
                    walk.check(concerns)
            raise _Undo
    except _Undo:
        pass


def test_a_stranger_finds_neither_page_nor_action(towns: Callable[[str], Town]) -> None:
    weston, chance = towns("weston"), Random(3)
    from tests.factories.concerns import lodge

    concern = lodge(weston, weston["councillor3"], weston["officer1"], chosen_token="role:chair_of_council")
    outsiders = [weston[name] for name in ("officer1", "admin", "former", "clerk", "deputy")] + [towns("yateley")["clerk"]]
    for person in outsiders:
        for action in Action:
            answers = dict(answers_for(weston, action, concern, weston["chair"], chance)) if action in (Action.ADD_NOTE,) else {}
            found = ""
            try:
                do(action, concern, person, **{**_shape(action), **answers})
            except Http404:
                found = "404"
            assert found == "404", (person, action)


def _shape(action: Action) -> dict[str, object]:
    """Any answers of the right names: a stranger doesn't get as far as having them read."""
    import inspect

    from concerns.actions.verb import ACTIONS

    parameters = inspect.signature(ACTIONS[action]).parameters.values()
    return {p.name: None for p in parameters if p.default is inspect.Parameter.empty and p.name not in ("concern_id", "by", "now")}
