"""Who decides a request, who reviews it, who answers a question: as people, never themselves.

A person's identity is opaque here. Whoever is kept out, and whoever stands in for them, doesn't decide; then it goes to
the protocol's exception route, without a word of why.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from concerns.domain import conflicts
from councils.cast import Cast, PersonId
from councils.protocol import Protocol
from information.domain.rules import ANY_OFFICER, HOLDING_DIRECTOR, AccessRules, Interpretation, review_of


@dataclass(frozen=True, slots=True)
class Chosen:
    """A person in the role they decide in; ``acting_for`` names the role whose absent holder they stand in for."""

    person_id: PersonId
    hat: str = ""
    acting_for: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """Who it goes to: people, or somebody outside where nobody here is free."""

    token: str = ""
    people: tuple[Chosen, ...] = ()
    outside: str = ""  # the code of an external body
    cites: tuple[str, ...] = ()
    basis: str = ""
    final: bool = False
    decided_as: str = ""  # the role whose decision it is
    refusers: tuple[Chosen, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.people and not self.outside

    @property
    def ids(self) -> frozenset[PersonId]:
        return frozenset(chosen.person_id for chosen in self.people)


@dataclass(frozen=True, slots=True)
class Held:
    """Where a document is: the directorate and the officer named on the form, and who heads each directorate."""

    directorate: str = ""
    holder: PersonId | None = None
    directors: Mapping[str, PersonId] = field(default_factory=dict)
    assistants: Mapping[str, tuple[PersonId, ...]] = field(default_factory=dict)


NOWHERE = Held()


def kept_out(cast: Cast, *, requester: PersonId, parties: Collection[PersonId] = ()) -> frozenset[PersonId]:
    """Who may not decide: the requester, whoever is close to them, the parties and everybody who stands in for those."""
    related = {person for pair in cast.relationships if requester in pair for person in pair}
    return frozenset({requester, *related, *parties, *conflicts.delegates_of(cast, tuple(parties))})


def behind(cast: Cast, token: str, out: Collection[PersonId]) -> tuple[Chosen, ...]:
    """Who a role or body is today, without those kept out; a body only while it can reach its quorum."""
    kind, _colon, code = token.partition(":")
    if kind == "body" and code in cast.bodies:
        body = cast.bodies[code]
        members = tuple(Chosen(pk, code) for pk in body.members if pk not in out)
        return members if len(members) >= max(2, body.quorum) else ()
    if kind != "role":
        return ()
    return tuple(Chosen(h.person_id, h.role, h.acting_for or "") for h in cast.holders(code) if h.person_id not in out)


def first_of(cast: Cast, tokens: Iterable[str], out: Collection[PersonId]) -> Desk:
    """The first of these with somebody free; somebody outside counts only if no one here does."""
    outside = Desk()
    for token in tokens:
        if people := behind(cast, token, out):
            return Desk(token, people)
        code = token.removeprefix("ext:")
        if token.startswith("ext:") and outside.is_empty and code in cast.externals:
            outside = Desk(token, outside=code)
    return outside


def decided_as(rules: AccessRules, cast: Cast, held: Held) -> str:
    """The role whose decision it is by the protocol, whoever is free to take it."""
    if rules.determiner == HOLDING_DIRECTOR:
        return "strategic_director" if held.directorate in held.directors else "chief_executive"
    if rules.determiner == ANY_OFFICER:
        heads = [token.partition(":")[2] for token in rules.directed_to]
        roles = cast.roles_of(held.holder) if held.holder is not None else ()
        return next((role for role in roles if role in heads), "") or ("officer" if roles else next(iter(heads), "officer"))
    return rules.determiner.partition(":")[2]


def _stated(rules: AccessRules, cast: Cast, held: Held, out: Collection[PersonId]) -> tuple[Chosen, ...]:
    role = decided_as(rules, cast, held)
    if rules.determiner == HOLDING_DIRECTOR and role == "strategic_director":
        head = held.directors[held.directorate]
        return tuple(chosen for chosen in behind(cast, f"role:{role}", out) if chosen.person_id == head)
    if rules.determiner == ANY_OFFICER and role == "officer":
        return (Chosen(held.holder, role),) if held.holder is not None and held.holder not in out else ()
    return behind(cast, f"role:{role}", out) if rules.determiner.startswith(("role:", "rel:")) else behind(cast, rules.determiner, out)


def determine(rules: AccessRules, protocol: Protocol, cast: Cast, *, out: Collection[PersonId], held: Held = NOWHERE) -> Desk:
    """Who determines the request: whom the protocol names, else their deputies, else the exception route."""
    role = decided_as(rules, cast, held)
    people = _stated(rules, cast, held, out)
    if people:
        refusing = [token.partition(":")[2] for token in rules.may_refuse]
        assistants = held.assistants.get(held.directorate, ()) if "assistant_director" in refusing and role in refusing else ()
        return Desk(
            rules.determiner, people, cites=rules.cites, basis=rules.basis, decided_as=role,
            refusers=tuple(Chosen(pk, "assistant_director") for pk in assistants if pk not in out and pk not in {c.person_id for c in people}),
        )  # fmt: skip
    deputies = [f"role:{deputy}" for deputy in protocol.deputies_of(role)]
    directed = [token for token in rules.directed_to if token != f"role:{role}"] if rules.determiner == ANY_OFFICER else []
    other = first_of(cast, [*deputies, *directed, *protocol.exception_route.to], out)
    return Desk(other.token, other.people, other.outside, basis="default", decided_as=role)


def reviewer(
    rules: AccessRules, protocol: Protocol, cast: Cast, *, decided_as: str, out: Collection[PersonId]
) -> Desk | None:
    """Who reviews a decision of that role; None where the protocol names no reviewer. ``out`` holds whoever decided it."""
    seen: set[str] = set()
    role = decided_as
    while role and role not in seen:
        seen.add(role)
        rule = review_of(rules, protocol, role)
        if rule is None or not rule.token:
            break
        if people := behind(cast, rule.token, out):
            return Desk(rule.token, people, cites=rule.cites, basis=rule.basis, final=rule.final, decided_as=role)
        role = rule.token.partition(":")[2]
    if seen == {decided_as}:
        return None
    other = first_of(cast, protocol.exception_route.to, out)
    return Desk(other.token, other.people, other.outside, basis="default", final=True)


def answerer(rule: Interpretation, cast: Cast, *, asker: PersonId, named: Collection[PersonId]) -> Desk:
    """Who answers a question: whom the protocol names unless they ask it themselves or are ``named`` in what lies behind it."""
    out = {asker, *named}
    people = [chosen for token in rule.to for chosen in behind(cast, token, out)]
    if people:
        return Desk(rule.to[0], tuple(people), cites=rule.cites, basis=rule.basis)
    other = first_of(cast, rule.instead, out)
    return Desk(other.token, other.people, other.outside, cites=rule.cites, basis=rule.basis)
