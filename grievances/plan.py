"""Who could sit: the members and substitutes of the council's bodies as things are today, and who is out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from concerns import plan as concerns_plan
from concerns.domain import outcomes as concern_outcomes
from concerns.enums import Capacity, State
from concerns.models import Concern, Participation
from concerns.own_days import own_days
from councils import law_layer
from councils import queries as councils_queries
from councils.models import Body, BodyMembership, Person
from grievances.domain import dates, ledbury
from grievances.domain.feasibility import Candidate
from grievances.enums import Panel, Remit
from grievances.models import PanelSeat

STATUTORY_RULES = ("statutory_officers_england", "statutory_officers_wales")
INVOLVED = (Capacity.HANDLER, Capacity.READER)


@dataclass(frozen=True, slots=True)
class Place:
    """A seat on a body: who, of which panel, and whether as a substitute."""

    person: Person
    panel: Panel
    substitute: bool


@dataclass(frozen=True, slots=True)
class Pool:
    """Everybody who could be asked, and what the council says of its panels."""

    made: concerns_plan.Plan
    places: tuple[Place, ...]
    out: frozenset[UUID]  # never let in: party, line, tie, witness, named, earlier part, no post
    no_chair: frozenset[UUID]
    quorum: int
    size: int
    appeal_quorum: int
    appeal_size: int
    has_body: bool

    def asked_for(self, panel: Panel) -> list[Place]:
        """Those of a panel's body without a connection, members before substitutes."""
        return [place for place in self.places if place.panel == panel and place.person.pk not in self.out]

    def candidates(self, seats: Mapping[tuple[UUID, str], PanelSeat]) -> list[Candidate]:
        """For the picture: each place with where they stand."""
        found = []
        for place in self.places:
            seat = seats.get((place.person.pk, place.panel))
            found.append(Candidate(place.person.pk, place.panel, seat.status if seat else None, place.substitute))  # type: ignore[arg-type]
        return found


def _configured(concern: Concern) -> Mapping[str, Any]:
    proceedings = concern.protocol_version.config.get("proceedings") or {}
    return proceedings.get("grievance") or {}


def pool_of(concern: Concern, *, on: date) -> Pool:
    """The pool of a concern's grievance on that day."""
    made = concerns_plan.for_concern(concern, on=on)
    settings = _configured(concern)
    codes = {
        Panel.FIRST: str(settings.get("body") or "body:hr_panel").removeprefix("body:"),
        Panel.APPEAL: str(settings.get("appeal_body") or "body:appeal_panel").removeprefix("body:"),
    }
    bodies = {body.code: body for body in Body.objects.filter(council=concern.council, code__in=codes.values())}
    sitting = BodyMembership.objects.current(on).filter(body__in=bodies.values()).select_related("person", "body")
    sitting = sitting.order_by("is_substitute", "person__full_name")
    places = tuple(
        Place(row.person, panel, row.is_substitute) for panel, code in codes.items() for row in sitting if row.body.code == code
    )
    no_post = {place.person.pk for place in places if not made.cast.roles_of(place.person.pk) or not place.person.is_active}
    out = {*made.excluded, concern.raiser_id, *no_post, *_involved(concern)}
    first, appeal = bodies.get(codes[Panel.FIRST]), bodies.get(codes[Panel.APPEAL])
    quorum = max(2, first.quorum) if first else 2
    size = max(quorum, first.minimum_members) if first else 3
    appeal_quorum = max(2, appeal.quorum) if appeal else quorum
    return Pool(
        made=made,
        places=places,
        out=frozenset(out),
        no_chair=_no_chair(concern, made, codes[Panel.FIRST]),
        quorum=quorum,
        size=size,
        appeal_quorum=appeal_quorum,
        appeal_size=max(appeal_quorum, appeal.minimum_members) if appeal else size,
        has_body=first is not None,
    )


def _involved(concern: Concern) -> set[UUID]:
    """Who dealt with it before, or looked into it, or sat on an earlier panel about it; and who runs it now."""
    parts = Participation.objects.filter(concern=concern, capacity__in=INVOLVED).values_list("person_id", flat=True)
    running = Participation.objects.filter(concern=concern, capacity=Capacity.CONVENER, until__isnull=True)
    earlier = PanelSeat.objects.filter(concern=concern, since__isnull=False, grievance__closed_on__isnull=False)
    return {*parts, *running.values_list("person_id", flat=True), *earlier.values_list("person_id", flat=True)}


def _no_chair(concern: Concern, made: concerns_plan.Plan, code: str) -> frozenset[UUID]:
    """The chair of the council, where the protocol keeps them from it."""
    protocol = concern.protocol_version.protocol
    body = protocol.bodies.get(code) or {}
    if "forbidden" not in (protocol.chair_alone, body.get("chair_alone")):
        return frozenset()
    return frozenset(holder.person_id for holder in made.cast.holders("chair_of_council"))


def remit_of(concern: Concern, *, on: date) -> tuple[Remit, str]:
    """What a panel may do with this concern, and the law item that says so."""
    protocol = concern.protocol_version.protocol
    rules = {rule: item for item in concerns_plan.law_in_force(protocol, on=on) for rule in item.rules}
    limit = concerns_plan.no_finding_limit(protocol, on=on)
    statutory = next((rules[rule] for rule in STATUTORY_RULES if rule in rules), None)
    roles = [subject.role for subject in concern.subjects.all()]
    remit = ledbury.remit_of(
        sides={protocol.side(role) for role in roles}, roles=roles, council_kind=concern.council.kind,
        no_finding=limit is not None, statutory=statutory is not None,
    )  # fmt: skip
    said_by = {Remit.SUPPORT_ONLY: limit, Remit.STATUTORY: statutory}.get(remit)
    return remit, said_by.id if said_by else ""


def outcomes_of(concern: Concern, remit: Remit, *, on: date) -> tuple[str, ...]:
    """The outcomes its panel may record."""
    protocol = concern.protocol_version.protocol
    councillor = any(protocol.side(subject.role) == "councillor" for subject in concern.subjects.all())
    codes = concern_outcomes.allowed(
        protocol.formal_outcomes.get("councillor_subject" if councillor else "officer_subject", ()), state=State.GRIEVANCE,
        about_councillor=councillor, no_finding=concerns_plan.no_finding_limit(protocol, on=on) is not None,
    )  # fmt: skip
    return ledbury.outcomes(remit, codes)


def target(concern: Concern, name: str) -> dates.Target:
    """One of the procedure's numbers of days, and what it rests on."""
    key, code = dates.TARGETS[name]
    here = own_days(concern).targets.get(code)  # set in the portal, it goes before what the protocol's file says
    own = concern.protocol_version.protocol.targets if here is None else {key: here}
    return dates.target(name, own=own, shipped=law_layer.whole().default(code))


def jurisdiction(concern: Concern) -> str:
    """England or Wales: whose bank holidays count."""
    return concern.council.jurisdiction


def closures(concern: Concern) -> frozenset[date]:
    """The days on which the council's office is closed."""
    return councils_queries.closures(concern.council)
