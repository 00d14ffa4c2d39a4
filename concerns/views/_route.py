"""A plan in words for the page: who gets it and as what, in which order, by which clause, and who never sees it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from concerns import plan
from concerns.domain import confidentiality, conflicts
from concerns.enums import SaidInPublic
from concerns.models import Concern
from councils import wording as council_words
from councils.models import Appointment, Council, Person
from councils.protocol import Protocol
from councils.roles import precedence, side_of_role

GENERAL_TOPICS = (
    "conduct", "performance", "respect", "bullying", "undue_pressure", "direct_instruction", "protocol_breach",
    "breach_of_confidence", "public_criticism", "discrimination", "responsiveness", "employment", "whistleblowing",
)  # fmt: skip
HIDDEN_KINDS = (conflicts.RELATIONSHIP, conflicts.CONNECTED, conflicts.WITNESS, conflicts.INVOLVED_BEFORE)


@dataclass(frozen=True)
class Clause:
    """A clause as quoted beside what rests on it."""

    ref: str
    label: str
    heading: str
    gist: str


@dataclass(frozen=True)
class Way:
    """One recipient on the page."""

    token: str
    title: str
    people: tuple[str, ...]
    notes: tuple[str, ...]
    clauses: tuple[Clause, ...]
    source: str
    is_direct: bool
    later: bool
    preferred: bool

    @property
    def hint(self) -> str:
        """People and notes in one line, for a radio."""
        return "; ".join([*self.people, *self.notes])


@dataclass(frozen=True)
class Shown:
    """Everything "where this goes" says."""

    ways: tuple[Way, ...]
    later: tuple[Way, ...]
    mode: str
    is_choice: bool
    is_ordered: bool
    clauses: tuple[Clause, ...]
    source: str
    never: tuple[str, ...]
    not_offered: tuple[tuple[str, str], ...]
    instead: tuple[str, ...]
    warnings: tuple[str, ...]
    caution: str
    caution_clauses: tuple[Clause, ...]
    needs_handler: bool
    finders: tuple[str, ...]
    first: tuple[Way, ...]


def clauses(protocol: Protocol | None, cites: Iterable[str]) -> tuple[Clause, ...]:
    """The clauses behind something, each once, as the page quotes them."""
    found = []
    for ref in dict.fromkeys(cites):
        clause = protocol.clause(ref) if protocol else None
        label = council_words.clause_label(ref, protocol)
        heading = clause.heading if clause and clause.heading not in label else ""
        found.append(Clause(ref, label, heading, clause.gist if clause else ""))
    return tuple(found)


def topics(protocol: Protocol | None, chosen: str = "") -> list[tuple[str, str]]:
    """Topics to choose from: the general ones, and those the protocol speaks of."""
    named = set(GENERAL_TOPICS) | {chosen} - {""}
    if protocol:
        named |= set(protocol.topics) | {code for route in protocol.routes for code in route.topics}
    known = [code for code in council_words.TOPICS if code in named]
    return [(code, council_words.topic_label(code)) for code in [*known, *sorted(named - set(known))]]


def people(council: Council, protocol: Protocol | None, *, on: date, but: Iterable[Person] = ()) -> list[tuple[Person, str]]:
    """Everybody with a post on one of the two sides, with the council's word for it. One query."""
    best: dict[Any, Appointment] = {}
    held = Appointment.objects.current(on).filter(council=council).select_related("person")
    for row in sorted(held, key=lambda row: precedence(row.role)):
        if side_of_role(row.role):
            best.setdefault(row.person_id, row)
    left_out = {person.pk for person in but}
    rows = sorted((row for pk, row in best.items() if pk not in left_out), key=lambda row: row.person.full_name)
    return [(row.person, f"{row.person.full_name}, {_post(row, protocol)}") for row in rows]


def _post(row: Appointment, protocol: Protocol | None) -> str:
    label = council_words.role_label(row.role, protocol)
    return f"{label} ({row.post_title})" if row.post_title and row.role in ("officer", "committee_chair", "cabinet_member") else label


def label(token: str, protocol: Protocol | None) -> str:
    """A recipient token, starting with a capital."""
    return capfirst(council_words.token_label(token, protocol))


def hat(code: str, protocol: Protocol | None, token: str = "") -> str:
    """What somebody acts as: the council's word for a role, a relation, or a seat on a body."""
    if token.startswith("rel:"):
        return council_words.token_label(token, protocol).removeprefix("the ")
    if code in ("line_manager", "director"):  # whose isn't known here, so it isn't said
        return protocol.label(code) if protocol is not None else code.replace("_", " ")
    if protocol is not None and (code in protocol.bodies or token.startswith("body:")):
        body = token.removeprefix("body:") if token.startswith("body:") else code
        return _("member of %s") % council_words.token_label(f"body:{body}", protocol)
    return council_words.role_label(code, protocol) if code else ""


def seat(one: plan.Seat, protocol: Protocol, token: str = "") -> str:
    """Somebody by name and capacity: "Jane Doe, as Town Clerk", "…, standing in for the Town Clerk"."""
    who = one.person.full_name
    if one.acting_for and one.acting_for == one.hat:
        return _("%(who)s, standing in as %(hat)s") % {"who": who, "hat": hat(one.hat, protocol)}
    if one.acting_for:
        place = council_words.token_label(f"role:{one.acting_for}", protocol)
        return _("%(who)s, as %(hat)s standing in for %(place)s") % {"who": who, "hat": hat(one.hat, protocol), "place": place}
    words = hat(one.hat, protocol, token if token.startswith(("rel:", "body:")) else "")
    return _("%(who)s, as %(hat)s") % {"who": who, "hat": words} if words else who


def _title(step: plan.Step, protocol: Protocol) -> str:
    """The protocol's own words for an outside body or a procedure, where it has some; else the portal's."""
    plain = step.token.partition(":")[2].replace("_", " ")
    own = step.token.startswith(("ext:", "proc:")) and step.label and step.label != plain
    return capfirst(step.label) if own else label(step.token, protocol)


def _way(step: plan.Step, protocol: Protocol, made: plan.Plan) -> Way:
    notes = []
    if step.is_direct:
        notes.append(_("You talk to them yourself, in private. Nobody else is told, and nothing is sent."))
    if step.outside:
        notes.append(_("%(name)s is outside the council. You take it there yourself; this service sends them nothing.") % {"name": step.outside})
    if step.intake_only:
        notes.append(_("Receives it and passes it on; doesn't deal with it alone."))
    if step.act == "instigate_investigation":
        notes.append(_("Has to start finding out the facts."))
    if step.instead_of:
        notes.append(_("In place of %s, who isn't available for this concern.") % council_words.token_label(step.instead_of, protocol))
    if not step.seats and step.token.startswith(("role:", "rel:", "body:")):
        notes.append(_("Nobody is free to take that part today."))
    base = made.resolution.basis
    return Way(
        token=step.token,
        title=_title(step, protocol),
        people=tuple(seat(one, protocol, step.token) for one in step.seats),
        notes=tuple(notes),
        clauses=clauses(protocol, step.cites) if tuple(step.cites) != tuple(made.resolution.cites) else (),
        source=council_words.source_label(step.basis) if step.basis and step.basis != base else "",
        is_direct=step.is_direct,
        later=step.later,
        preferred=step.preferred,
    )  # fmt: skip


def shown(made: plan.Plan, concern: Concern, protocol: Protocol) -> Shown:
    """Takes a plan; returns what the page says about it."""
    answer = made.resolution
    main = [step for step in made.steps if not step.later]
    if answer.mode == "any_of":
        main.sort(key=lambda step: not step.preferred)
    ways = tuple(_way(step, protocol, made) for step in main)
    later = tuple(_way(step, protocol, made) for step in made.steps if step.later)
    caution = public_caution(concern, protocol)
    route = next((rule for rule in protocol.routes if rule.id == answer.rule), None)
    in_words = council_words.route_in_words(route, protocol) if route else None
    return Shown(
        ways=ways,
        later=later,
        mode=council_words.mode_label(answer.mode, len(ways)),
        is_choice=answer.mode == "any_of" and len(ways) > 1,
        is_ordered=answer.mode in ("sequence", "first_available") and len(ways) > 1,
        clauses=clauses(protocol, answer.cites),
        source=council_words.source_label(answer.basis),
        never=tuple(_never(made)),
        not_offered=tuple((label(item.token, protocol), item.why) for item in answer.blocked),
        instead=tuple(in_words.instead) if in_words else (),
        warnings=tuple(answer.warnings),
        caution=caution.words if caution else "",
        caution_clauses=clauses(protocol, caution.cites) if caution else (),
        needs_handler=answer.needs_handler and not any(step.seats or step.outside or step.is_direct for step in main),
        finders=tuple(seat(one, protocol) for one in made.exception_seats),
        first=_first(concern, answer.mode, ways),
    )


def _first(concern: Concern, mode: str, ways: tuple[Way, ...]) -> tuple[Way, ...]:
    """With whom it starts."""
    if mode == "all_of":
        return ways
    if mode == "any_of" and len(ways) > 1:
        return tuple(way for way in ways if way.token == concern.chosen_token)
    return ways[:1]


def _never(made: plan.Plan) -> Iterable[str]:
    """Who never sees it: the subject by name; anybody else in general words, so that no tie is given away."""
    works_for = False
    for person, kind in made.excluded.values():
        if kind == conflicts.SUBJECT:
            yield _("%s, because it is about them") % person.full_name
        elif kind in (conflicts.DELEGATE_OF_SUBJECT, conflicts.LINE_MANAGED_BY_SUBJECT):
            works_for = True
    if works_for:
        yield _("People who work for, or stand in for, the person it is about")
    for person in {p.pk: p for p, _token, kind in made.blocked if kind in HIDDEN_KINDS}.values():
        yield _("%s: not available for this concern") % person.full_name
    yield _("Administrators of this service, and anybody the protocol doesn't name")


def public_caution(concern: Concern, protocol: Protocol) -> confidentiality.Caution | None:
    """What the protocol says when it has been spoken of in public; None when it hasn't."""
    said = concern.said_in_public
    if said in ("", SaidInPublic.NO):
        return None
    return confidentiality.said_in_public(protocol, meeting_called_for_it=said == SaidInPublic.MEETING_FOR_PURPOSE)


def local(moment: datetime) -> date:
    """The day it was in the council's own time."""
    return timezone.localdate(moment)
