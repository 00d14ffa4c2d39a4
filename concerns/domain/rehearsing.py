"""Playing every case with the people a council has today: who would have nobody to go to, and who could not be spared.

Every raiser and subject, topic and stage, with nobody, one or two of those who would hear it out of action: in conflict,
away, or their post empty. The engine is the one concerns are routed by; people whom nothing tells apart are played once.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import combinations
from typing import Any

from concerns.domain.recipients import SMALLEST_BODY, Circle, named_by, named_for, people_behind
from concerns.domain.rehearsed import (
    AWAY,
    CONFLICTED,
    MISSING,
    NO_HANDLER,
    NO_START,
    QUORUM,
    SINGLE_POINT,
    TIGHT,
    VACANT,
    Found,
    Out,
    PeopleReport,
)
from concerns.domain.resolver import resolve
from councils.cast import Cast, PersonId
from councils.law import LawItem
from councils.protocol import Protocol, Route, route_tokens
from councils.protocol import vocabulary as v
from councils.protocol.matching import matching_rule
from councils.rehearsal import DEAD_END, GAP, LOOP, SELF_REFERRAL, loops, self_referrals

MOST_EXAMPLES = 3
_PEOPLE = ("role", "rel", "body")
HELD, PARTY = "held", "party"  # what a token is, beside CONFLICTED and VACANT; PARTY: because the parties themselves hold it


def rehearse_people(protocol: Protocol, cast: Cast, *, roles: Mapping[PersonId, str], law: Iterable[LawItem] = ()) -> PeopleReport:
    """Takes a protocol, who is who on a day, and the role each person raises and is complained of in; returns what was met."""
    play = _Play(protocol, cast, dict(roles), tuple(law))
    play.everything()
    order = {kind: place for place, kind in enumerate((DEAD_END, NO_START, SELF_REFERRAL, NO_HANDLER, QUORUM, LOOP, MISSING, SINGLE_POINT, TIGHT, GAP))}
    found = sorted(play.found.values(), key=lambda item: (not item.unsafe, len(item.out), order.get(item.kind, 99), item.rule, item.stage))
    return PeopleReport(protocol.key, play.played, tuple(found))


def without(cast: Cast, *, away: Iterable[PersonId] = (), vacant: Iterable[str] = ()) -> Cast:
    """The same council with these people away and these posts empty. A councillor acting as Proper Officer steps in, if there is one."""
    gone, empty = frozenset(away), frozenset(vacant)
    roles = {
        role: left
        for role, holders in cast.roles.items()
        if role not in empty and (left := tuple(holder for holder in holders if holder.person_id not in gone))
    }
    if "proper_officer" not in roles and "acting_proper_officer" in roles:
        roles["proper_officer"] = tuple(
            replace(holder, role="proper_officer", acting_for="proper_officer") for holder in roles["acting_proper_officer"]
        )
    directors = {officer: head for officer, head in cast.directors.items() if head not in gone}
    if "strategic_director" in empty:
        directors = {}
    return replace(cast, roles=roles, directors=directors)


class _Play:
    """One rehearsal under way."""

    def __init__(self, protocol: Protocol, cast: Cast, roles: dict[PersonId, str], law: tuple[LawItem, ...]) -> None:
        self.protocol, self.cast, self.roles, self.law = protocol, cast, roles, law
        self.found: dict[str, Found] = {}
        self.played = 0
        self._answers: dict[Any, tuple[bool, bool, bool]] = {}
        self._casts: dict[Any, Cast] = {}
        self._behind: dict[Any, tuple[PersonId, ...] | None] = {}
        self._ties: dict[Any, dict[PersonId, bool]] = {}
        self._marks: dict[PersonId, Any] = {person: self._mark(person) for person in cast.sides}
        self._alike = Counter(self._marks.values())
        self._topics = self._all_topics()

    def everything(self) -> None:
        """Play it all."""
        self._standing_faults()
        people = self._one_of_each()
        stages = [stage for stage in v.STAGES if self.protocol.stage_enabled(stage) and any(stage in r.stages for r in self.protocol.routes)]
        for raiser in people:
            for subject in people:
                sides = self.protocol.side(self.roles[raiser]), self.protocol.side(self.roles[subject])
                if "" in sides or sides[0] == sides[1]:
                    continue
                if not self._has_a_start(raiser, subject):
                    self._note(Found(NO_START, raiser=self.roles[raiser], subject=self.roles[subject]), raiser, subject, None)
                for stage in stages:
                    for topic in self._telling_topics(raiser, subject, stage):
                        self._case(raiser, subject, stage, topic)
        self._single_points()

    # Who is played

    def _mark(self, person: PersonId) -> Any:
        """Everything by which a person can be told from another of the same council."""
        cast = self.cast
        return (
            self.roles.get(person, ""),
            cast.sides.get(person, ""),
            cast.roles_of(person),
            tuple(code for code, body in cast.bodies.items() if person in body.members),
            tuple(code for code, body in cast.bodies.items() if person in body.chairs),
            cast.line_managers.get(person),
            cast.directors.get(person),
            frozenset(officer for officer, manager in cast.line_managers.items() if manager == person),
            frozenset(officer for officer, head in cast.directors.items() if head == person),
            frozenset(other for pair in cast.relationships if person in pair for other in pair if other != person),
            frozenset(cast.delegates.get(person, ())),
            frozenset(principal for principal, others in cast.delegates.items() if person in others),
        )

    def _one_of_each(self) -> list[PersonId]:
        """One person of each kind; who is away raises and is complained of all the same."""
        first: dict[Any, PersonId] = {}
        for person in sorted(self._marks, key=str):
            if self.roles.get(person):
                first.setdefault(self._marks[person], person)
        return list(first.values())

    def _all_topics(self) -> tuple[str | None, ...]:
        named = {topic for rule in self.protocol.routes for topic in (*rule.topics, *rule.skip_first_step_when, *rule.also_when)}
        return None, *sorted({*v.TOPICS, *self.protocol.topics, *named} - set(v.FACTS))

    def _telling_topics(self, raiser: PersonId, subject: PersonId, stage: str) -> Iterator[str | None]:
        """One topic of each kind that the rules, or the law, treat in a way of its own."""
        seen = set()
        for topic in self._topics:
            rule, _ties = matching_rule(self.protocol, raiser=self.roles[raiser], subject=self.roles[subject], stage=stage, topic=topic)
            told = (
                rule.id if rule is not None else "",
                rule is not None and topic in rule.skip_first_step_when,
                topic if rule is not None and topic in rule.also_when else "",
                tuple(topic in step.condition.topics for step in rule.steps) if rule is not None else (),
                topic if topic in ("employment", "whistleblowing") else "",
            )
            if told not in seen:
                seen.add(told)
                yield topic

    def _has_a_start(self, raiser: PersonId, subject: PersonId) -> bool:
        ends = {"raiser": self.roles[raiser], "subject": self.roles[subject]}
        return any(
            self.protocol.stage_enabled(stage) and matching_rule(self.protocol, **ends, stage=stage)[0] is not None for stage in v.ENTRY_STAGES
        )

    # One case

    def _case(self, raiser: PersonId, subject: PersonId, stage: str, topic: str | None) -> None:
        """As things are, then with one and with two of those who would hear it out of action."""
        roles = self.roles[raiser], self.roles[subject]
        rule, _ties = matching_rule(self.protocol, raiser=roles[0], subject=roles[1], stage=stage, topic=topic)
        if rule is None:
            return
        case = _Case(self, rule, raiser, subject, stage, topic)
        nobody, someone_finds, own = case.play(())
        about = Found(DEAD_END, rule.id, stage, *roles)
        if nobody:
            if rule.topics and self._another_way_in(raiser, subject):
                about.kind = GAP
            elif own:
                about.kind = SELF_REFERRAL
            elif someone_finds:
                about.kind = NO_HANDLER
            self._note(about, raiser, subject, topic)
            return
        failing: set[Out] = set()
        for out in case.troubles():
            if len(out) == 2 and not failing.isdisjoint(out):
                continue
            nobody, someone_finds, _own = case.play(out)
            if nobody:
                if len(out) == 1:
                    failing.update(out)
                self._note(Found(NO_HANDLER if someone_finds else DEAD_END, rule.id, stage, out=out), raiser, subject, topic)

    def _another_way_in(self, raiser: PersonId, subject: PersonId) -> bool:
        """Can the same two people's concern begin under a rule for every topic?"""
        ends = {"raiser": self.roles[raiser], "subject": self.roles[subject]}
        for stage in v.ENTRY_STAGES:
            rule, _ties = matching_rule(self.protocol, **ends, stage=stage)
            if rule is not None and self.protocol.stage_enabled(stage) and not _Case(self, rule, raiser, subject, stage, None).play(())[0]:
                return True
        return False

    def answer(self, ask: tuple[Any, ...], tokens: tuple[str, ...], states: tuple[str, ...]) -> tuple[bool, bool, bool]:
        """The engine's answer with these tokens so: is nobody left, is there somebody who finds one, and are the parties why."""
        known = self._answers.get((ask, tokens, states))
        if known is None:
            so = {state: frozenset(token for token, its in zip(tokens, states, strict=True) if its == state) for state in (HELD, VACANT, CONFLICTED, PARTY)}
            raiser, subject, stage, topic = ask
            said = resolve(
                self.protocol, raiser=raiser, subject=subject, stage=stage, topic=topic, conflicted=so[CONFLICTED] | so[PARTY],
                vacant=so[VACANT], held=so[HELD], law=self.law,
            )  # fmt: skip
            left = any(token in so[HELD] or token.startswith("ext:") for token in said.exception_route)
            own = bool(so[PARTY]) or any(item.code in ("subject", "raiser") for item in said.blocked)
            known = self._answers[ask, tokens, states] = said.needs_handler and said.redirect is None, left, own
        return known

    def cast_without(self, away: frozenset[PersonId], vacant: frozenset[str]) -> Cast:
        known = self._casts.get((away, vacant))
        if known is None:
            known = self._casts[away, vacant] = without(self.cast, away=away, vacant=vacant) if away or vacant else self.cast
        return known

    def ties(self, raiser: PersonId, subject: PersonId, named: frozenset[PersonId]) -> dict[PersonId, bool]:
        """Who is known to be tied to these two, and who isn't; filled as it is asked."""
        return self._ties.setdefault((raiser, subject, named), {})

    def behind(self, token: str, circle: Circle, away: frozenset[PersonId], vacant: frozenset[str]) -> tuple[PersonId, ...] | None:
        """The people behind a token with these out. Whose line manager it is depends on the parties; nothing else does."""
        key = (token, away, vacant, circle.raiser_id, circle.subject_ids) if token.startswith("rel:") else (token, away, vacant)
        if key not in self._behind:
            found = people_behind(token, replace(circle, cast=self.cast_without(away, vacant)))
            self._behind[key] = None if found is None else tuple(found)
        return self._behind[key]

    def interchangeable(self, people: Iterable[PersonId]) -> list[PersonId]:
        """Of people whom nothing tells apart, two: a third out of action says nothing that the second didn't."""
        met: Counter[Any] = Counter()
        kept = []
        for person in people:
            mark = self._marks.get(person, person)
            met[mark] += 1
            if met[mark] <= 2:
                kept.append(person)
        return kept

    def _note(self, found: Found, raiser: PersonId, subject: PersonId, topic: str | None) -> None:
        kept = self.found.setdefault(found.key, found)
        if topic is None:
            kept.everything = True
            kept.topics.clear()
        elif topic and not kept.everything and topic not in kept.topics:
            kept.topics.append(topic)
        if (raiser, subject) not in kept.pairs:
            kept.count += self._alike[self._marks[raiser]] * self._alike[self._marks[subject]]
            if len(kept.pairs) < MOST_EXAMPLES:
                kept.pairs.append((raiser, subject))

    # What needs no case

    def _standing_faults(self) -> None:
        """Loops, rules that are circles by themselves, bodies without a quorum, posts nobody holds."""
        for item in (*loops(self.protocol), *self_referrals(self.protocol)):
            found = Found(item.kind, item.rule, item.stage, item.raiser, item.subject, what="" if item.rule else item.message)
            self.found.setdefault(found.key, found)
        named = {token for rule in self.protocol.routes if not rule.redirect for token in named_by(self.protocol, rule)}
        steps = {step.token: step.optional for rule in self.protocol.routes if not rule.redirect for step in rule.steps}
        for token in sorted(named):
            kind, _colon, code = token.partition(":")
            body = self.cast.bodies.get(code) if kind == "body" else None
            if body is not None:
                there = sum(not self.cast.is_absent(member) for member in body.members)
                spare = there - max(SMALLEST_BODY, body.quorum)
                if spare <= 0:
                    found = Found(QUORUM if spare < 0 else TIGHT, what=code, count=there)
                    self.found.setdefault(found.key, found)
            elif (
                kind == "body"
                or (kind == "role" and not self.cast.holders(code) and not steps.get(token) and token in steps)
                or (kind == "ext" and code not in self.cast.externals and token in steps and not self._chosen_later(token))
            ):
                found = Found(MISSING, what=token)
                self.found.setdefault(found.key, found)

    def _chosen_later(self, token: str) -> bool:
        """Is it named only where who it is gets chosen in the case?"""
        stages = {stage for rule in self.protocol.routes for stage in rule.stages if token in named_by(self.protocol, rule)}
        return stages == {"conciliation"}

    def _single_points(self) -> None:
        """The people without whom, alone, some concern would have nobody to hear it."""
        cases: Counter[PersonId] = Counter()
        for found in tuple(self.found.values()):
            if len(found.out) == 1 and found.kind in (DEAD_END, NO_HANDLER):
                how, who = found.out[0]
                people = [who] if how != VACANT else [holder.person_id for holder in self.cast.holders(who)]
                for person in people:
                    cases[person] += found.count
        for person, count in cases.items():
            item = Found(SINGLE_POINT, what=str(person), count=count)
            self.found[item.key] = item


class _Case:
    """One raiser, subject, stage and topic under one rule: whom it leads to, and what is left of them when somebody is out."""

    __slots__ = ("_ask", "_base", "_behind", "_later", "_needed", "_moving", "_out", "_own", "_states", "_with", "play_of", "rule", "tokens")

    def __init__(self, play: _Play, rule: Route, raiser: PersonId, subject: PersonId, stage: str, topic: str | None) -> None:
        self.play_of, self.rule = play, rule
        roles = play.roles[raiser], play.roles[subject]
        self._ask = (*roles, stage, topic)
        self._later = stage == "conciliation"
        named = frozenset(named_for(play.cast, rule, roles[1]))
        circle = Circle(play.cast, raiser, (subject,), (), (), (), named)
        self.tokens = named_by(play.protocol, rule)
        self._base = play.ties(raiser, subject, named)
        self._behind: dict[Any, dict[str, tuple[PersonId, ...] | None]] = {}
        self._out = circle
        self._own = frozenset(route_tokens(rule))
        self._needed = {
            token: max(SMALLEST_BODY, body.quorum if (body := play.cast.bodies.get(token.removeprefix("body:"))) else SMALLEST_BODY)
            for token in self.tokens
            if token.startswith("body:")
        }
        self._with: dict[PersonId, list[int]] = {}
        self._moving = [place for place, token in enumerate(self.tokens) if token.startswith("rel:") or token == "role:proper_officer"]
        self._states = [self._state(token, people, ()) for token, people in self._people(frozenset(), frozenset()).items()]

    def troubles(self) -> Iterator[tuple[Out, ...]]:
        """Each one, and each two, of those the rule leads to: in conflict, away, or their post empty where that is something else."""
        cast, whole = self.play_of.cast, self._people(frozenset(), frozenset())
        own = {token for token in self.tokens if token not in self.rule.never}
        people: dict[PersonId, None] = {}
        for token in self.tokens:
            if token in own and token.partition(":")[0] in _PEOPLE:
                people.update(dict.fromkeys(person for person in whole[token] or () if not self._conflicted(person)))
        items: list[Out] = []
        for person in self.play_of.interchangeable(people):
            items += [(CONFLICTED, person), (AWAY, person)]
        for token in own:
            role = token.removeprefix("role:")
            holders = {holder.person_id for holder in cast.holders(role)} if token.startswith("role:") else set()
            if holders and (len(holders) > 1 or any(len(self._touched((person,), ())) > 1 for person in holders)):
                items.append((VACANT, role))
        for item in items:
            yield (item,)
        for one, other in combinations(items, 2):
            if one[1] != other[1]:
                yield one, other

    def play(self, out: tuple[Out, ...]) -> tuple[bool, bool, bool]:
        """Is nobody left, is there somebody who must find one, and are the parties themselves the reason."""
        self.play_of.played += 1
        connected = {who for how, who in out if how == CONFLICTED}
        away = frozenset(who for how, who in out if how == AWAY)
        empty = frozenset(who for how, who in out if how == VACANT)
        states = self._states
        if out:
            people, states = self._people(away, empty), [*states]
            for place in self._touched(connected, away) if not empty else range(len(states)):
                token = self.tokens[place]
                states[place] = self._state(token, people[token], connected)
        return self.play_of.answer(self._ask, self.tokens, tuple(states))

    def _state(self, token: str, people: tuple[PersonId, ...] | None, connected: Collection[PersonId]) -> str:
        """What a token is with these people behind it: held, conflicted (``party``: by the parties themselves), vacant, or none of these."""
        if people is None:
            outside = token.startswith("ext:") and token.removeprefix("ext:") not in self.play_of.cast.externals
            return VACANT if outside and not self._later else ""
        free = sum(1 for person in people if person not in connected and not self._conflicted(person))
        if free >= self._needed.get(token, 1):
            return HELD
        if len(people) <= free:
            return VACANT
        return PARTY if self._is_party(token, people) else CONFLICTED

    def _touched(self, connected: Collection[PersonId], away: Collection[PersonId]) -> set[int]:
        """The places of the tokens that may change when these are out: those they stand behind, and those others step into."""
        found: set[int] = set(self._moving) if away else set()
        for person in (*connected, *away):
            known = self._with.get(person)
            if known is None:
                behind = self._people(frozenset(), frozenset())
                known = self._with[person] = [place for place, token in enumerate(self.tokens) if person in (behind[token] or ())]
            found.update(known)
        return found

    def _is_party(self, token: str, people: tuple[PersonId, ...]) -> bool:
        """Do a rule's own recipients fall away because they are the parties?"""
        parties = {self._out.raiser_id, *self._out.subject_ids}
        return token in self._own and not parties.isdisjoint(people)

    def _conflicted(self, person: PersonId) -> bool:
        known = self._base.get(person)
        if known is None:
            known = self._base[person] = self._out.conflict(person) is not None
        return known

    def _people(self, away: frozenset[PersonId], empty: frozenset[str]) -> dict[str, tuple[PersonId, ...] | None]:
        known = self._behind.get((away, empty))
        if known is None:
            known = {token: self.play_of.behind(token, self._out, away, empty) for token in self.tokens}
            self._behind[away, empty] = known
        return known


