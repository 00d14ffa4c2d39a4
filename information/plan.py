"""Who decides, reviews or answers, as people: the pure answer filled with today's council."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from concerns import policy as casework
from concerns.enums import CLOSED_STATES
from councils import queries as councils
from councils.cast import Cast
from councils.models import Appointment, Council, Person, ProtocolVersion
from councils.protocol import Protocol
from information.domain import arrangements, determination
from information.domain.determination import Chosen, Desk, Held
from information.domain.rules import AccessRules, access_rules, interpretation
from information.enums import DecisionStage, RequestPart
from information.models import AccessRequest

HEADS = ("strategic_director", "assistant_director")


@dataclass(frozen=True, slots=True)
class Seat:
    """A person in the capacity they decide, review or answer in."""

    person: Person
    hat: str = ""
    acting_for: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A desk with its people and, where nobody here can, the name of somebody outside."""

    desk: Desk
    seats: tuple[Seat, ...] = ()
    refusers: tuple[Seat, ...] = ()
    outside: str = ""


def rules_of(version: ProtocolVersion) -> AccessRules:
    """What this version says of requests to see papers."""
    return access_rules(version.protocol)


def posts(council: Council, *, on: date) -> list[Appointment]:
    """Officers' posts today that say in which directorate they are."""
    found = Appointment.objects.current(on).filter(council=council, side="officer").select_related("acting_for", "person")
    return list(found)


def _directorate(post: Appointment) -> str:
    return post.directorate or (post.acting_for.directorate if post.acting_for else "")


def directorates(council: Council, *, on: date) -> list[str]:
    """The directorates somebody works in today, by name."""
    return sorted({name for post in posts(council, on=on) if (name := _directorate(post))})


def officers(council: Council, *, on: date) -> list[Person]:
    """The officers in post today, by name."""
    found = {post.person_id: post.person for post in posts(council, on=on)}
    return sorted(found.values(), key=lambda person: person.full_name)


def held(council: Council, cast: Cast, *, directorate: str, holder_id: UUID | None, on: date) -> Held:
    """Where the document is and who heads that, as things are today."""
    directors: dict[str, UUID] = {}
    assistants: dict[str, list[UUID]] = defaultdict(list)
    here = {role: {holder.person_id for holder in cast.holders(role)} for role in HEADS}
    for post in posts(council, on=on) if directorate else ():
        name = _directorate(post)
        if name and post.role == HEADS[0] and post.person_id in here[HEADS[0]]:
            directors[name] = post.person_id
        elif name and post.role == HEADS[1] and post.person_id in here[HEADS[1]]:
            assistants[name].append(post.person_id)
    in_post = holder_id if holder_id is not None and cast.sides.get(holder_id) == "officer" else None
    return Held(directorate, in_post, directors, {name: tuple(found) for name, found in assistants.items()})


def _everyone(cast: Cast) -> list[UUID]:
    found = {holder.person_id for holders in cast.roles.values() for holder in holders}
    return sorted(found | {pk for body in cast.bodies.values() for pk in body.members}, key=str)


def as_reference(typed: str) -> str:
    """A concern's reference as the portal writes it, however it was typed."""
    wanted = "".join(letter for letter in typed.upper() if letter.isalnum())[:8]
    return f"{wanted[:4]}-{wanted[4:]}"


def key_of(request: AccessRequest) -> str:
    """What binds the request to the reference that was given in it; "" without one."""
    reference = str(request.concern_reference or "")
    return hashlib.sha256(f"{request.pk}:{as_reference(reference)}".encode()).hexdigest() if reference else ""


def parties_of(request: AccessRequest, cast: Cast) -> frozenset[UUID]:
    """Who has a part in the concern of the reference given that keeps them from deciding about it; never shown to anybody.

    The database says it about one's own request or seat, once it was sent, and of no other reference.
    """
    if not request.concern_key:
        return frozenset()
    with connection.cursor() as cursor:
        given = as_reference(str(request.concern_reference or ""))
        cursor.execute("SELECT kept_from_deciding(%s, %s, %s::uuid[])", [request.pk, given, _everyone(cast)])
        return frozenset(cursor.fetchone()[0] or ())


def _out(request: AccessRequest, cast: Cast, besides: Collection[UUID]) -> frozenset[UUID]:
    parties = parties_of(request, cast)
    return determination.kept_out(cast, requester=request.requester_id, parties=parties) | frozenset(besides)


def with_somebody(request: AccessRequest, *, on: date) -> bool:
    """Whether somebody in post has it to decide."""
    rows = request.seats.filter(part=RequestPart.DETERMINER, until__isnull=True)
    here = Appointment.objects.current(on).exclude(side="").filter(council_id=request.council_id)
    return rows.filter(person_id__in=here.values("person_id")).exists()


def is_out(request: AccessRequest, person: Person, *, on: date) -> bool:
    """Whether the person may not decide or review the request, as things are today."""
    cast = councils.cast(request.council, on=on, protocol=request.protocol_version.protocol)
    return person.pk in _out(request, cast, ())


def _table(desk: Desk, cast: Cast) -> Table:
    chosen = [*desk.people, *desk.refusers]
    people = {person.pk: person for person in Person.objects.filter(pk__in=[one.person_id for one in chosen])}

    def seats(of: Iterable[Chosen]) -> tuple[Seat, ...]:
        return tuple(Seat(people[one.person_id], one.hat, one.acting_for) for one in of if one.person_id in people)

    return Table(desk, seats(desk.people), seats(desk.refusers), cast.externals.get(desk.outside, ""))


def determiner(request: AccessRequest, version: ProtocolVersion, *, on: date, besides: Collection[UUID] = ()) -> Table:
    """Who determines the request today, without ``besides`` (who said they can't)."""
    protocol = version.protocol
    cast = councils.cast(request.council, on=on, protocol=protocol)
    where = held(request.council, cast, directorate=request.directorate, holder_id=request.holder_id, on=on)
    out = _out(request, cast, besides)
    return _table(determination.determine(access_rules(protocol), protocol, cast, out=out, held=where), cast)


def reviewer(request: AccessRequest, *, on: date, besides: Collection[UUID] = ()) -> Table | None:
    """Who reviews the decision on the request; None where the protocol names no reviewer. Never who decided it."""
    protocol = request.protocol_version.protocol
    cast = councils.cast(request.council, on=on, protocol=protocol)
    decided = request.decisions.filter(stage=DecisionStage.DETERMINATION).first()
    parts = (RequestPart.DETERMINER, RequestPart.REFUSER)
    deciders = set(request.seats.filter(part__in=parts).values_list("person_id", flat=True))
    role = request.decided_as
    if decided:
        deciders.add(decided.decided_by_id)
        role = decided.hat if decided.hat == "assistant_director" else role
    out = _out(request, cast, {*besides, *deciders})
    desk = determination.reviewer(access_rules(protocol), protocol, cast, decided_as=role, out=out)
    return None if desk is None else _table(desk, cast)


def adviser(request: AccessRequest, *, on: date, besides: Collection[UUID] = ()) -> Table:
    """Whom the determiner may ask for advice; empty where the protocol names nobody or nobody is free."""
    protocol = request.protocol_version.protocol
    cast = councils.cast(request.council, on=on, protocol=protocol)
    rules = access_rules(protocol)
    if not rules.adviser:
        return Table(Desk())
    desk = Desk(rules.adviser, determination.behind(cast, rules.adviser, _out(request, cast, besides)), cites=rules.adviser_cites)
    return _table(desk, cast)


def answerer(council: Council, version: ProtocolVersion, asker: Person, *, on: date, besides: Collection[UUID] = ()) -> Table:
    """Who answers the asker's question. Whoever a running concern of theirs is about doesn't."""
    cast = councils.cast(council, on=on, protocol=version.protocol)
    rule = interpretation(version.protocol)
    named = {*besides, *subjects_of(asker, council)}
    return _table(determination.answerer(rule, cast, asker=asker.pk, named=named), cast)


def agreeing(council: Council, version: ProtocolVersion, rule: arrangements.Rule, *, by: Person, on: date) -> list[Seat]:
    """Who may agree today, each once, in the protocol's order; never whoever asks."""
    cast = councils.cast(council, on=on, protocol=version.protocol)
    chosen = {one.person_id: one for token in reversed(rule.decided_by) for one in determination.behind(cast, token, {by.pk})}
    found = _table(Desk(people=tuple(reversed(chosen.values()))), cast)
    return list(found.seats)


def open_to_members(council: Council, version: ProtocolVersion, rule: arrangements.Rule, *, on: date) -> set[UUID]:
    """Whom members deal with without an agreement."""
    cast = councils.cast(council, on=on, protocol=version.protocol)
    return {one.person_id for token in rule.open_to for one in determination.behind(cast, token, ())}


def subjects_of(asker: Person, council: Council) -> set[UUID]:
    """Whom the asker's own running concerns in this council are about; only they and this rule know."""
    running = casework.visible_to(asker).filter(raiser=asker, council=council).exclude(state__in=CLOSED_STATES)
    return {pk for pk in running.values_list("subjects__person_id", flat=True) if pk}


def name_check(council: Council) -> list[str]:
    """The names of everybody who has or had a post here."""
    return list(Person.objects.filter(appointments__council=council).distinct().values_list("full_name", flat=True))


def protocol_words(version: ProtocolVersion | None) -> Protocol | None:
    """The protocol whose words the pages use."""
    return version.protocol if version else None
