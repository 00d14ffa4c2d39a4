"""From recipient tokens to people: who holds each today, in which capacity, and who among them may not act."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from concerns.domain import conflicts
from concerns.domain.conflicts import Conflict
from concerns.domain.resolution import Recipient, Resolution
from concerns.domain.resolver import resolve
from councils.cast import Cast, PersonId
from councils.law import LawItem
from councils.protocol import Protocol, Route, route_tokens
from councils.protocol import vocabulary as v
from councils.protocol.matching import matching_rule, specificity

SMALLEST_BODY = 2


@dataclass(frozen=True, slots=True)
class Addressed:
    """One recipient of the answer with the people behind it. No people: a procedure, an outside body, or a talk in private.

    `capacity` says which hat each person wears; `also_for` the other tokens the same people stand for.
    """

    token: str
    people: tuple[PersonId, ...]
    capacity: Mapping[PersonId, str]
    recipient: Recipient
    external: str = ""
    also_for: tuple[str, ...] = ()

    @property
    def intake_only(self) -> bool:
        return self.recipient.intake_only


@dataclass(frozen=True, slots=True)
class BlockedPerson:
    """Someone who would have received the concern and may not, with the kind of reason for the record."""

    person_id: PersonId
    token: str
    kind: str


@dataclass(frozen=True, slots=True)
class PeopleResolution:
    """Who hears the concern in person. `resolution` holds the rule, its mode and everything else."""

    resolution: Resolution
    recipients: tuple[Addressed, ...]
    blocked: tuple[BlockedPerson, ...]
    excluded: Mapping[PersonId, Conflict]
    exception_holders: tuple[Addressed, ...] = ()
    subject_role: str = ""

    @property
    def needs_handler(self) -> bool:
        return self.resolution.needs_handler

    @property
    def people(self) -> tuple[PersonId, ...]:
        """Everyone addressed, once each, in order."""
        return tuple(dict.fromkeys(person for addressed in self.recipients for person in addressed.people))

    def addressed(self, token: str) -> Addressed | None:
        return next((item for item in self.recipients if token == item.token or token in item.also_for), None)


@dataclass(frozen=True, slots=True)
class Circle:
    """The parties and everyone tied to them."""

    cast: Cast
    raiser_id: PersonId
    subject_ids: tuple[PersonId, ...]
    witnesses: Collection[PersonId]
    connected: Collection[PersonId]
    involved: Collection[PersonId]
    named: Collection[PersonId] = ()  # whom the document itself names for a concern about exactly this post

    def conflict(self, person_id: PersonId) -> Conflict | None:
        """Why this person may not take part.

        Being line-managed by the subject doesn't undo what the document says in terms; every other tie does: a Monitoring
        Officer who reports to the Chief Executive still receives a complaint about them (001, 13.1).
        """
        found = self._find(self.cast, person_id)
        if found is not None and found.kind == conflicts.LINE_MANAGED_BY_SUBJECT and person_id in self.named:
            return self._find(replace(self.cast, line_managers={}), person_id)
        return found

    def _find(self, cast: Cast, person_id: PersonId) -> Conflict | None:
        return conflicts.find(
            cast,
            person_id,
            raiser_id=self.raiser_id,
            subject_ids=self.subject_ids,
            witnesses=self.witnesses,
            connected=self.connected,
            involved=self.involved,
        )


def named_for(cast: Cast, rule: Route | None, subject_role: str) -> frozenset[PersonId]:
    """The holders of the offices that a stated rule about exactly this post sends it to."""
    if rule is None or rule.basis != "stated" or subject_role not in rule.subjects or subject_role in v.PARENT_OF.values():
        return frozenset()
    roles = [step.token.removeprefix("role:") for step in rule.steps if step.token.startswith("role:")]
    return frozenset(holder.person_id for role in roles for holder in cast.holders(role) if holder.acting_for is None)


def named_by(protocol: Protocol, rule: Route | None) -> tuple[str, ...]:
    """Every token whose people decide where a concern goes: the rule's, its deciders', the exception route's, and all deputies."""
    named = dict.fromkeys(route_tokens(rule) if rule is not None else ())
    named.update(dict.fromkeys(rule.decided_by if rule is not None else ()))
    named.update(dict.fromkeys(token for step in (rule.steps if rule else ()) for token in step.decided_by))
    named.update(dict.fromkeys(protocol.exception_route.to))
    for token in tuple(named):
        if token.startswith("role:"):
            named.update(dict.fromkeys(f"role:{deputy}" for deputy in protocol.deputies_of(token.removeprefix("role:"))))
    return tuple(named)


def people_behind(token: str, circle: Circle) -> dict[PersonId, str] | None:
    """The people a token stands for today, each with the hat they wear; None when a token stands for no people."""
    cast = circle.cast
    kind, _colon, code = token.partition(":")
    if kind == "role":
        return {
            holder.person_id: f"{holder.role} for {holder.acting_for}" if holder.acting_for and holder.acting_for != holder.role
            else f"acting {holder.role}" if holder.acting_for else holder.role
            for holder in cast.holders(code)
        }  # fmt: skip
    if kind == "body":
        body = cast.bodies.get(code)
        return dict.fromkeys(body.members, f"member of {code}") if body is not None else {}
    if kind == "rel":
        relation, _of, who = code.rpartition("_of_")
        lines = cast.directors if relation == "director" else cast.line_managers
        of = circle.subject_ids if who == "subject" else (circle.raiser_id,) if who == "raiser" else ()
        managers = [lines[person] for person in of if lines.get(person) is not None]
        return {person: relation for person in managers if not cast.is_absent(person)}
    return None


def _weigh(
    tokens: Iterable[str], circle: Circle, *, chosen_later: bool
) -> tuple[set[str], set[str], set[str], dict[str, Addressed], list[BlockedPerson]]:
    """Each token's people today, sorted into conflicted, vacant and held.

    An outside body nobody has entered is vacant, unless who it is gets chosen later (a mediator).
    """
    conflicted: set[str] = set()
    vacant: set[str] = set()
    held: set[str] = set()
    addressed: dict[str, Addressed] = {}
    blocked: list[BlockedPerson] = []
    for token in tokens:
        people = people_behind(token, circle)
        if people is None:
            if token.startswith("ext:") and token.removeprefix("ext:") not in circle.cast.externals and not chosen_later:
                vacant.add(token)
            continue
        free: dict[PersonId, str] = {}
        for person_id, capacity in people.items():
            conflict = circle.conflict(person_id)
            if conflict is None:
                free[person_id] = capacity
            else:
                blocked.append(BlockedPerson(person_id, token, conflict.kind))
        needed = 1
        if token.startswith("body:"):
            body = circle.cast.bodies.get(token.removeprefix("body:"))
            needed = max(SMALLEST_BODY, body.quorum if body is not None else SMALLEST_BODY)
        if len(free) >= needed:
            held.add(token)
            addressed[token] = Addressed(token, tuple(free), free, Recipient(token))
        elif len(people) > len(free):
            conflicted.add(token)
        else:
            vacant.add(token)
    return conflicted, vacant, held, addressed, blocked


def _leading_subject(
    protocol: Protocol, subjects: Collection[tuple[PersonId, str]], raiser_role: str, stage: str, topic: str | None
) -> str:
    """Of several subjects, the role whose rule fits most closely; then the most senior."""

    def weight(role: str) -> tuple[tuple[int, int, int], int]:
        rule, _ties = matching_rule(protocol, raiser=raiser_role, subject=role, stage=stage, topic=topic)
        score = specificity(protocol, rule, raiser_role, role) if rule is not None else (-1, -1, -1)
        rank = v.SENIORITY.index(role) if role in v.SENIORITY else len(v.SENIORITY)
        return score, -rank

    return max((role for _person, role in subjects), key=weight)


def _once_each(recipients: list[Addressed], mode: str) -> tuple[Addressed, ...]:
    """The same person behind two tokens receives once, in the first place named."""
    kept: list[Addressed] = []
    seen: dict[PersonId, int] = {}
    for item in recipients:
        fresh = tuple(person for person in item.people if person not in seen)
        if item.people and not fresh:
            place = seen[item.people[0]]
            first = kept[place]
            handles = first.recipient.intake_only and not item.recipient.intake_only
            kept[place] = replace(
                first,
                also_for=(*first.also_for, item.token),
                recipient=replace(first.recipient, intake_only=False) if handles else first.recipient,
            )
            continue
        if fresh != item.people and mode == "all_of":
            item = replace(item, people=fresh)
        for person in fresh:
            seen[person] = len(kept)
        kept.append(item)
    return tuple(kept)


def resolve_people(
    protocol: Protocol,
    cast: Cast,
    *,
    raiser_id: PersonId,
    raiser_role: str,
    subjects: tuple[tuple[PersonId, str], ...],
    stage: str,
    topic: str | None = None,
    witnesses: Collection[PersonId] = frozenset(),
    connected: Collection[PersonId] = frozenset(),
    involved: Collection[PersonId] = frozenset(),
    facts: Collection[str] = frozenset(),
    law: Iterable[LawItem] = (),
    on: date | None = None,
) -> PeopleResolution:
    """Who, in person, hears a concern of this raiser about these subjects at this stage, on the cast's day.

    Conflicts run against every subject. A body receives through its unconflicted members, and only if they are a quorum
    and more than one. The rule is the one for the subject it fits most closely, then the most senior. Raises ValueError
    when there is no subject.
    """
    if not subjects:
        raise ValueError("a concern has at least one subject")
    subject_role = _leading_subject(protocol, subjects, raiser_role, stage, topic)
    rule, _ties = matching_rule(protocol, raiser=raiser_role, subject=subject_role, stage=stage, topic=topic)
    about = tuple(person for person, _role in subjects)
    circle = Circle(cast, raiser_id, about, witnesses, connected, involved, named_for(cast, rule, subject_role))
    conflicted, vacant, held, addressed, blocked = _weigh(named_by(protocol, rule), circle, chosen_later=stage == "conciliation")
    resolution = resolve(
        protocol,
        raiser=raiser_role,
        subject=subject_role,
        stage=stage,
        topic=topic,
        conflicted=conflicted,
        vacant=vacant,
        held=held,
        facts=facts,
        law=law,
        on=on if on is not None else cast.on,
    )

    def address(recipient: Recipient) -> Addressed:
        found = addressed.get(recipient.token)
        outside = cast.externals.get(recipient.token.removeprefix("ext:"), "") if recipient.token.startswith("ext:") else ""
        if found is None:
            return Addressed(recipient.token, (), {}, recipient, outside)
        return replace(found, recipient=recipient, external=outside)

    tied = conflicts.excluded_people(
        cast,
        raiser_id=raiser_id,
        subject_ids=circle.subject_ids,
        witnesses=witnesses,
        connected=connected,
        involved=involved,
    )
    return PeopleResolution(
        resolution=resolution,
        recipients=_once_each([address(recipient) for recipient in resolution.to], resolution.mode),
        blocked=tuple(blocked),
        excluded={person_id: conflict for person_id in tied if (conflict := circle.conflict(person_id)) is not None},
        exception_holders=tuple(address(Recipient(token)) for token in resolution.exception_route),
        subject_role=subject_role,
    )


def options_for_deciding(
    protocol: Protocol,
    cast: Cast,
    *,
    raiser_id: PersonId,
    raiser_role: str,
    subjects: tuple[tuple[PersonId, str], ...],
    topic: str | None = None,
    witnesses: Collection[PersonId] = frozenset(),
    connected: Collection[PersonId] = frozenset(),
    facts: Collection[str] = frozenset(),
    law: Iterable[LawItem] = (),
) -> PeopleResolution:
    """The formal routes open once informal means are over: the same question at the stage `deciding`."""
    return resolve_people(
        protocol,
        cast,
        raiser_id=raiser_id,
        raiser_role=raiser_role,
        subjects=subjects,
        stage="deciding",
        topic=topic,
        witnesses=witnesses,
        connected=connected,
        facts=facts,
        law=law,
    )
