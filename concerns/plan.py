"""Where a concern goes, as people: the protocol's answer for this raiser, these subjects and this day.

Shown before a word is written, pinned when it is lodged, and worked out again at every hand-over, because conflicts,
absences and appointments change.
"""

from collections import ChainMap
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings

from concerns.casefile import Named, named_in, subjects_of
from concerns.deputising import named_since
from concerns.domain import conflicts, routing
from concerns.enums import FORMAL_STATES, ExclusionKind, State
from concerns.models import Concern, ConcernSubject
from councils import law as law_layer
from councils import queries as councils
from councils.cast import Cast
from councils.models import Council, Person, ProtocolVersion
from councils.protocol import Protocol

ENTRY_STAGES = ("informal", "complaint")
PARTY_SUBJECT = "party:subject"
# Conflicts that shut a person out for good; a witness or a raiser only doesn't handle.
SHUTS_OUT = {
    conflicts.SUBJECT: ExclusionKind.SUBJECT,
    conflicts.DELEGATE_OF_SUBJECT: ExclusionKind.DELEGATE_OF_SUBJECT,
    conflicts.LINE_MANAGED_BY_SUBJECT: ExclusionKind.LINE_MANAGED,
    conflicts.RELATIONSHIP: ExclusionKind.RELATIONSHIP,
    conflicts.CONNECTED: ExclusionKind.CONNECTED,
}


@dataclass(frozen=True, slots=True)
class Seat:
    """A person in the capacity the protocol names them in."""

    person: Person
    hat: str = ""  # role code
    acting_for: str = ""  # role code of the absent holder


@dataclass(frozen=True, slots=True)
class Step:
    """One recipient of the route: people, somebody outside, a procedure, or a talk in private."""

    token: str
    label: str
    seats: tuple[Seat, ...] = ()
    outside: str = ""
    act: str = ""
    intake_only: bool = False
    preferred: bool = False
    later: bool = False  # only if the steps before it settle nothing
    note: str = ""
    cites: tuple[str, ...] = ()
    basis: str = ""
    instead_of: str = ""

    @property
    def is_direct(self) -> bool:
        """The raiser takes it up with the other person; nobody receives anything."""
        return self.token == PARTY_SUBJECT

    def as_json(self) -> dict[str, object]:
        """What is pinned on the concern: no names, so that who holds a role is worked out on the day."""
        return {
            "token": self.token,
            "label": self.label,
            "act": self.act,
            "intake_only": self.intake_only,
            "later": self.later,
            "outside": self.outside,
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole answer."""

    resolution: routing.Resolution
    stage: str
    steps: tuple[Step, ...]
    excluded: Mapping[UUID, tuple[Person, str]]  # everyone with a conflict, and its kind
    blocked: tuple[tuple[Person, str, str], ...]  # (person, token, kind): would have received it
    protocol: Protocol = field(repr=False)
    raiser_id: UUID
    raiser_role: str
    subject_roles: tuple[str, ...]
    topic: str
    deciding: bool  # informal means are over: those who choose the formal route have a part
    cast: Cast
    people: Mapping[UUID, Person] = field(repr=False)
    set_aside: frozenset[UUID] = frozenset()  # appointments that don't count here (``deputising``)

    @property
    def now(self) -> tuple[Step, ...]:
        """The steps that are with somebody from the start: all of them, or the first."""
        main = tuple(step for step in self.steps if not step.later)
        return main if self.resolution.mode == "all_of" else main[:1]

    @property
    def shut_out(self) -> list[tuple[Person, ExclusionKind]]:
        """Who is excluded from the concern for good, and as what."""
        return [(person, SHUTS_OUT[kind]) for person, kind in self.excluded.values() if kind in SHUTS_OUT]

    def step(self, token: str) -> Step | None:
        """The step of this token, if it is one of the answer."""
        return next((step for step in self.steps if step.token == token), None)

    @property
    def deciders(self) -> tuple[str, ...]:
        """At the stage ``deciding``: the tokens of those who choose, or who receive it where the rule names no decider."""
        people = ("role:", "body:", "rel:")
        tokens = (*self.resolution.decided_by, *self.resolution.tokens)
        return tuple(dict.fromkeys(token for token in tokens if token.startswith(people)))

    @property
    def exception_seats(self) -> tuple[Seat, ...]:
        """Who is asked to find a handler: the first of the council's exception route with somebody free."""
        never = {item.token for item in self.resolution.blocked if item.code == "never"}
        for token in self.protocol.exception_route.to:
            seats = seats_behind(self, token) if token not in never else ()
            if seats and (not token.startswith("body:") or quorate(self, token, len(seats))):
                return seats
        return ()

    def eligible(self, *, besides: Collection[UUID] = ()) -> list[Person]:
        """Everyone in post without a conflict who could be chosen to take it, by name; never the raiser.

        A councillor only if the protocol names their office: the rule, or for a councillor's concern the exception route.
        Another officer unless the rule keeps other officers out.
        """
        in_post = {h.person_id for role, holders in self.cast.roles.items() if role != "protocol_admin" for h in holders}
        asked = self._named()
        if self.protocol.side(self.raiser_role) == "councillor":
            asked |= self._behind(self.protocol.exception_route.to)
        if not any(viewer.get("who_code") == "other_officers" for viewer in self.resolution.exclude_viewers):
            asked |= {pk for pk in in_post if self.cast.sides.get(pk) == "officer"}
        return self._by_name(asked & in_post - set(besides))

    def successors(self, *, besides: Collection[UUID] = ()) -> list[Person]:
        """Who may take it over by hand: those its rule names (once informal means are over, the deciding rule too) and their deputies."""
        return self._by_name(self._named() - set(besides))

    def _named(self) -> set[UUID]:
        here = self.resolution
        tokens = dict.fromkeys([*here.tokens, *(item.token for item in here.blocked if item.code != "never"), *here.then_if_unresolved])
        for rule in (route for route in self.protocol.routes if route.id == here.rule):
            tokens.update(dict.fromkeys([*(rule.if_unavailable or ()), *rule.if_conflicted]))
        for role in self.subject_roles if self.deciding else ():
            offer = routing.resolve(
                self.protocol, raiser=self.raiser_role, subject=role, stage="deciding", topic=self.topic or None
            )
            tokens.update(dict.fromkeys([*offer.tokens, *offer.decided_by]))
        roles = [token.removeprefix("role:") for token in tokens if token.startswith("role:")]
        tokens.update(dict.fromkeys(f"role:{deputy}" for role in roles for deputy in self.protocol.deputies_of(role)))
        return self._behind(tokens)

    def _behind(self, tokens: Iterable[str]) -> set[UUID]:
        return {seat.person.pk for token in tokens for seat in seats_behind(self, token)}

    def _by_name(self, ids: Iterable[UUID]) -> list[Person]:
        free = set(ids) - set(self.excluded) - {self.raiser_id}
        return sorted((self.people[pk] for pk in free if pk in self.people), key=lambda person: person.full_name)

    def hat_of(self, person: Person) -> str:
        """The role code somebody would act in if chosen by hand."""
        roles = self.cast.roles_of(person.pk)
        return next((role for role in roles if role not in ("councillor", "officer")), roles[0] if roles else "")


@lru_cache(maxsize=1)
def law() -> law_layer.Law:
    """The dated law layer over every protocol."""
    return law_layer.load((Path(settings.BASE_DIR) / "fixtures" / "law.yaml").read_bytes())


def law_in_force(protocol: Protocol, *, on: date) -> tuple[law_layer.LawItem, ...]:
    """What applies in the protocol's jurisdiction on that day."""
    return law().in_force(protocol.jurisdiction, on)


def no_finding_limit(protocol: Protocol, *, on: date) -> law_layer.LawItem | None:
    """The law that keeps a council from finding or sanctioning a councillor's conduct (L2), where it applies."""
    return law_layer.rules_of(law_in_force(protocol, on=on)).get(law_layer.NO_FINDING_ABOUT_COUNCILLOR)


def entry_stage(protocol: Protocol, *, raiser_role: str, subject_roles: Iterable[str], topic: str | None) -> str:
    """Where a concern of these parties begins: at the protocol's first stage if it has a rule there, else at the other one.

    A rule for the topic comes before one for every topic, whatever its stage. Without any rule: the first stage that is on.
    """
    first, roles = protocol.settings.get("first_stage"), tuple(subject_roles)
    stages = [stage for stage in sorted(ENTRY_STAGES, key=lambda stage: stage != first) if protocol.stage_enabled(stage)]
    asked = [(stage, {"raiser": raiser_role, "subject": role, "stage": stage, "topic": topic}) for stage in stages for role in roles]
    found = [(stage, rule) for stage, ask in asked if (rule := routing.matching_rule(protocol, **ask)[0]) is not None]
    for_the_topic = [stage for stage, rule in found if rule.topics]
    return next(iter((*for_the_topic, *(stage for stage, _rule in found), *stages)), ENTRY_STAGES[0])


def subject_role(person: Person, council: Council, *, on: date) -> str | None:
    """The role a concern about them is routed by: their own, not one they only stand in for (W-10); None without any."""
    held = councils.roles_of(person, council, on=on)
    own = [appointment.role for appointment in held if appointment.acting_for_id is None]
    return own[0] if own else held[0].role if held else None


def make(
    *,
    council: Council,
    version: ProtocolVersion,
    raiser: Person,
    raiser_role: str,
    subjects: tuple[tuple[Person, str], ...],
    topic: str = "",
    witnesses: Collection[UUID] = (),
    connected: Collection[UUID] = (),
    facts: Collection[str] = (),
    on: date,
    stage: str = "",
    deciding: bool = False,
    standing: councils.Standing | None = None,
) -> Plan:
    """Work out who hears it. ``stage`` is the entry stage unless given. Raises ValueError without a subject.

    ``standing`` is how the council stands that day, where the caller has read it.
    """
    protocol = version.protocol
    standing = standing or councils.standing(council, on=on)
    cast = standing.cast(protocol)
    stage = stage or entry_stage(protocol, raiser_role=raiser_role, subject_roles=[r for _p, r in subjects], topic=topic or None)
    answer = routing.resolve_people(
        protocol,
        cast,
        raiser_id=raiser.pk,
        raiser_role=raiser_role,
        subjects=tuple((person.pk, role) for person, role in subjects),
        stage=stage,
        topic=topic or None,
        witnesses=frozenset(witnesses),
        connected=frozenset(connected),
        facts=frozenset(facts),
        law=law_in_force(protocol, on=on),
        on=on,
    )
    parties = {**{person.pk: person for person, _role in subjects}, raiser.pk: raiser}
    people = ChainMap(parties, standing.people)  # type: ignore[arg-type]  # only the first is ever written to
    if others := _everyone(cast, answer, connected) - people.keys():
        people.update({person.pk: person for person in Person.objects.filter(pk__in=others)})
    steps = [_step(protocol, item, people) for item in answer.recipients]
    named = {step.token for step in steps}
    for token in answer.resolution.then_if_unresolved:
        if token not in named:
            steps.append(_later(protocol, token, cast, answer, people, raiser.pk))
    return Plan(
        resolution=answer.resolution,
        stage=stage,
        steps=tuple(steps),
        excluded={pk: (people[pk], c.kind) for pk, c in answer.excluded.items() if pk in people},
        blocked=tuple((people[b.person_id], b.token, b.kind) for b in answer.blocked if b.person_id in people),
        protocol=protocol,
        raiser_id=raiser.pk,
        raiser_role=raiser_role,
        subject_roles=tuple(role for _person, role in subjects),
        topic=topic,
        deciding=deciding or stage == "deciding",
        cast=cast,
        people=people,
    )


def for_concern(
    concern: Concern,
    *,
    on: date,
    stage: str = "",
    also_out: Collection[UUID] = (),
    subjects: Sequence[ConcernSubject] | None = None,
    named: Named | None = None,
    standing: councils.Standing | None = None,
) -> Plan:
    """The plan of a concern as things are today: its pinned version, or the one in force while it is a draft.

    ``subjects``, ``named`` (from ``named_in``) and ``standing`` save a query each when the caller has looked them up.
    ``also_out`` are persons to treat as connected from now on. Raises ValueError when no subject is named, and
    LookupError when the council has no protocol in force.
    """
    standing = standing or councils.standing(concern.council, on=on)
    version = concern.protocol_version or standing.version
    if version is None:
        raise LookupError("no protocol in force")
    named = named_in(concern) if named is None else named
    out = {*also_out, *named["connected"], *named["excluded"]}
    parties = tuple((row.person, row.role) for row in (subjects_of(concern) if subjects is None else subjects))
    if aside := named_since(concern, standing, version.protocol, [person.pk for person, _role in parties]):
        standing = standing.without(aside)
    made = make(
        council=concern.council,
        version=version,
        raiser=concern.raiser,
        raiser_role=concern.raiser_role,
        subjects=parties,
        topic=concern.topic,
        witnesses=named["witness"],
        connected=out - {person.pk for person, _role in parties} - {concern.raiser_id},
        facts={"code_breach_alleged"} if concern.formal_code_complaint else (),
        on=on,
        stage=stage or concern.stage,
        deciding=concern.state in FORMAL_STATES or concern.state in (State.DECIDING, State.INVESTIGATION),
        standing=standing,
    )
    return replace(made, set_aside=aside) if aside else made


def _everyone(cast: Cast, answer: routing.PeopleResolution, connected: Collection[UUID]) -> set[UUID]:
    found = {holder.person_id for holders in cast.roles.values() for holder in holders}
    found |= {pk for body in cast.bodies.values() for pk in body.members} | set(cast.line_managers.values())
    return found | set(answer.excluded) | set(connected)


def _seats(capacity: Mapping[UUID, str], ids: Iterable[UUID], people: Mapping[UUID, Person]) -> tuple[Seat, ...]:
    """The engine's words for a hat ("deputy for x", "acting x", "member of x") as role codes."""
    seats = []
    for pk in ids:
        words = capacity.get(pk, "")
        hat, _for, acting_for = words.partition(" for ")
        if words.startswith("acting "):
            hat = acting_for = words.removeprefix("acting ")
        seats.append(Seat(people[pk], hat.removeprefix("member of ").strip(), acting_for))
    return tuple(seats)


def _label(protocol: Protocol, token: str, given: str = "") -> str:
    return given or protocol.label(token)


def _step(protocol: Protocol, item: routing.Addressed, people: Mapping[UUID, Person]) -> Step:
    recipient = item.recipient
    return Step(
        token=item.token,
        label=_label(protocol, item.token, recipient.label),
        seats=_seats(item.capacity, item.people, people),
        outside=item.external,
        act=recipient.act,
        intake_only=recipient.intake_only,
        preferred=recipient.preferred,
        note=recipient.note,
        cites=recipient.cites,
        basis=recipient.basis,
        instead_of=recipient.instead_of,
    )


def _later(
    protocol: Protocol, token: str, cast: Cast, answer: routing.PeopleResolution, people: Mapping[UUID, Person], raiser_id: UUID
) -> Step:
    """A recipient who comes in only if the route's own steps settle nothing; never the raiser."""
    out = {*answer.excluded, raiser_id}
    ids: list[UUID] = []
    if token.startswith("body:") and token.removeprefix("body:") in cast.bodies:
        ids = [pk for pk in cast.bodies[token.removeprefix("body:")].members if pk not in out]
    elif token.startswith("role:"):
        ids = [h.person_id for h in cast.holders(token.removeprefix("role:")) if h.person_id not in out]
    hat = token.partition(":")[2]
    seats = tuple(Seat(people[pk], hat) for pk in ids if pk in people)
    outside = cast.externals.get(hat, "") if token.startswith("ext:") else ""
    return Step(token=token, label=_label(protocol, token), seats=seats, outside=outside, later=True, basis="default")


def quorate(made: Plan, token: str, people: int) -> bool:
    """Whether that many of a body's people can act: its quorum, and never one alone."""
    body = made.cast.bodies.get(token.removeprefix("body:"))
    return body is not None and people >= max(2, body.quorum)


def seats_behind(made: Plan, token: str) -> tuple[Seat, ...]:
    """Who a token stands for today, without the raiser and anybody in conflict."""
    kind, _colon, code = token.partition(":")
    seats: list[tuple[UUID, str, str]] = []
    if kind == "role":
        seats = [(holder.person_id, code, code if holder.acting_for else "") for holder in made.cast.holders(code)]
    elif kind == "body" and code in made.cast.bodies:
        seats = [(pk, code, "") for pk in made.cast.bodies[code].members]
    elif kind == "rel":
        relation, _of, who = code.rpartition("_of_")
        lines = made.cast.directors if relation == "director" else made.cast.line_managers
        subjects = [pk for pk, (_person, found) in made.excluded.items() if found == conflicts.SUBJECT]
        of = [made.raiser_id] if who == "raiser" else subjects
        seats = [(lines[pk], relation, "") for pk in of if lines.get(pk)]
    out = {*made.excluded, made.raiser_id}
    return tuple(Seat(made.people[pk], hat, acting) for pk, hat, acting in seats if pk in made.people and pk not in out)
