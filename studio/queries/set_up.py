"""How far a council's set-up has come. What is done is read from the council; only what can't be is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from councils import protocol as engine
from councils import queries, wording
from councils.models import Appointment, Body, Council, Person, ProtocolStatus, ProtocolVersion, ReportingLine
from councils.protocol import vocabulary as v
from councils.roles import ADMIN_ROLE, LABELS, SINGLE_HOLDER
from studio.domain import heading
from studio.models import CouncilSetUp, ProtocolDraft
from studio.models.draft import DraftStatus

FEWEST = 2  # people of each side, at the least, for a concern to have two ends and somebody to hear it
DONE, READY, WAITS = "done", "ready", "waits"
TITLES: dict[str, Any] = {
    "council": gettext_lazy("The council and its words"),
    "people": gettext_lazy("Councillors and officers"),
    "protocol": gettext_lazy("The protocol"),
    "who": gettext_lazy("Who is who"),
    "rehearsal": gettext_lazy("Rehearsal"),
    "adoption": gettext_lazy("Adoption"),
    "ask": gettext_lazy("Ask everybody to sign in"),
}


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the task list."""

    code: str
    title: Any
    state: str
    says: str = ""


def set_ups_of(person: Person, *, on: date) -> QuerySet[CouncilSetUp]:
    """Takes a person and a day; returns the set-ups they may open: an operator all, anybody else one they were invited to, and
    once there is a council, those of councils they administer that day.
    """
    rows = CouncilSetUp.objects.select_related("council", "person", "invited_by")
    if person.is_operator:
        return rows
    keeps = Appointment.objects.current(on).filter(person=person, role=ADMIN_ROLE).values("council")
    return rows.filter(Q(council=None, person=person) | Q(council__in=keeps))


def set_up_for(person: Person, pk: UUID, *, on: date) -> CouncilSetUp | None:
    """Takes a person, an id and a day; returns the set-up if they may open it, else None."""
    return set_ups_of(person, on=on).filter(pk=pk).first()


def open_draft(council: Council) -> ProtocolDraft | None:
    """Takes a council; returns the draft that is being written, the last one changed."""
    return ProtocolDraft.objects.filter(council=council, status=DraftStatus.OPEN).order_by("-changed_at").first()


def going_on(council: Council, person: Person) -> CouncilSetUp | None:
    """Takes a council and a person; returns their set-up of it that isn't finished."""
    return CouncilSetUp.objects.filter(council=council, person=person, finished_at=None).first()


def protocol_to_be(council: Council, *, on: date) -> engine.Protocol | None:
    """Takes a council; returns the protocol its set-up is about: in force, put forward, or being written without an error; else None."""
    version = queries.protocol_in_force(council, on=on) or put_forward(council)
    if version is not None:
        return version.protocol
    draft = open_draft(council)
    if draft is None:
        return None
    try:
        return engine.parse(draft.config)
    except engine.ProtocolError:
        return None


def rests_on_no_clause(council: Council) -> bool:
    """Takes a council; returns whether the draft has the clauses of a document it brought, and none of its rules rests on one."""
    draft = open_draft(council)
    if draft is None:
        return False
    brought = any(clause.get("text") for clause in draft.config.get("clauses") or [])
    return brought and not any(rule.get("cites") for rule in draft.config.get("routes") or [])


def adoption_said(council: Council) -> dict[str, Any]:
    """Takes a council; returns the last adoption that its own document records, as the adoption's form begins with it; else nothing."""
    draft = open_draft(council)
    lines = heading.adoptions(draft.config) if draft and draft.document_id else []
    if not lines:
        return {}
    last = max(lines, key=lambda line: str(line["date"]))
    said = {"approving_body": last.get("by"), "approved_on": heading.day_of(last), "minute_ref": last.get("minute_ref")}
    return {name: value for name, value in said.items() if value}


def put_forward(council: Council) -> ProtocolVersion | None:
    """Takes a council; returns the newest version that is waiting to be approved or brought into force."""
    rows = ProtocolVersion.objects.filter(council=council, status__in=(ProtocolStatus.DRAFT, ProtocolStatus.APPROVED), is_demonstration=False)
    return rows.order_by("-created_at").first()


def sides(council: Council, *, on: date) -> dict[str, int]:
    """Takes a council and a day; returns how many people are on each side."""
    found: dict[str, set[UUID]] = {"councillor": set(), "officer": set()}
    for side, person in Appointment.objects.current(on).filter(council=council).values_list("side", "person_id"):
        if side in found:
            found[side].add(person)
    return {side: len(people) for side, people in found.items()}


def without_password(council: Council, *, on: date) -> list[Person]:
    """Takes a council and a day; returns those of its people who have never set a password."""
    people = queries.people_of(council, on=on).filter(Q(password="") | Q(password__startswith="!"), is_active=True)
    return list(people)


@dataclass(frozen=True, slots=True)
class WhoIsWho:
    """What a protocol needs somebody for."""

    roles: tuple[tuple[str, str], ...]  # offices with one holder that nobody holds: code, label
    bodies: tuple[tuple[str, str, int, int], ...]  # code, label, quorum, fewest members
    outside: bool  # the Monitoring Officer isn't recorded
    officers: tuple[Person, ...]  # officers without a line manager, except the head of staff


def who_is_who(council: Council, protocol: engine.Protocol, *, on: date) -> WhoIsWho:
    """Takes a council, the protocol it is to have, and a day; returns what nobody does yet."""
    held = set(Appointment.objects.current(on).filter(council=council).values_list("role", flat=True))
    used = _used(protocol)
    named = {token.removeprefix("role:") for token in used if token.startswith("role:")}
    named |= {deputy for entry in protocol.deputies for deputy in (entry.principal, entry.deputy)}
    wanted = [code for code in LABELS if code in named and code in SINGLE_HOLDER and code not in held]
    bodies = []
    seated = {body.code: body.memberships.current(on).filter(is_substitute=False).count() for body in Body.objects.filter(council=council)}
    for code, body in protocol.bodies.items():
        fewest = _number(body.get("minimum_members"), 3)
        if code in v.BODY_CODES and code != "full_council" and seated.get(code, 0) < fewest:
            label = str(body.get("label") or wording.role_label(f"body:{code}", protocol))
            bodies.append((code, label, min(_number(body.get("quorum"), fewest), fewest), fewest))
    outside = "ext:principal_mo" in used and queries.external_body(council, "principal_mo", on=on) is None
    managed = ReportingLine.objects.current(on).filter(council=council).values("officer")
    officers = Person.objects.filter(
        pk__in=Appointment.objects.current(on).filter(council=council, side="officer").values("person"),
    ).exclude(pk__in=managed).exclude(pk__in=heads(council, on=on))  # fmt: skip
    return WhoIsWho(
        tuple((code, wording.role_label(code, protocol)) for code in wanted), tuple(bodies), outside, tuple(officers.order_by("full_name"))
    )


def _used(protocol: engine.Protocol) -> set[str]:
    """Every recipient that a rule, a fallback, a procedure or a question about the text may end at."""
    found = {token for rule in protocol.routes for token in engine.route_tokens(rule)} | set(protocol.exception_route.to)
    found |= {entry.token for entry in protocol.mediators}
    if token := protocol.interpretation.get("to"):
        found.add(str(token))
    return found


def heads(council: Council, *, on: date) -> list[UUID]:
    """Takes a council and a day; returns who leads its staff."""
    rows = Appointment.objects.current(on).filter(council=council, role__in=v.HEADS_OF_STAFF)
    return list(rows.values_list("person_id", flat=True))


def stale(set_up: CouncilSetUp, fingerprint: str) -> bool:
    """Whether something changed since the rehearsal that was looked at."""
    return set_up.rehearsed_hash != fingerprint


def tasks(set_up: CouncilSetUp, *, on: date, fingerprint: str = "") -> list[Task]:
    """Takes a set-up, a day, and the fingerprint of what a rehearsal would play today; returns the task list in order."""
    council = set_up.council
    if council is None:
        rest = [(code, TITLES[code]) for code in list(TITLES)[1:]]
        return [Task("council", TITLES["council"], READY), *(Task(code, title, WAITS) for code, title in rest)]
    counted = sides(council, on=on)
    people = counted["councillor"] >= FEWEST and counted["officer"] >= FEWEST
    says = _("%(councillors)s, %(officers)s") % {
        "councillors": ngettext("%d councillor", "%d councillors", counted["councillor"]) % counted["councillor"],
        "officers": ngettext("%d officer", "%d officers", counted["officer"]) % counted["officer"],
    }
    in_force = queries.protocol_in_force(council, on=on)
    protocol = protocol_to_be(council, on=on)
    begun = protocol is not None or open_draft(council) is not None
    missing = who_is_who(council, protocol, on=on) if protocol else None
    seen = bool(missing) and (set_up.seen_at is not None or not (missing.roles or missing.bodies or missing.outside))
    rehearsed = bool(set_up.rehearsed_hash) and not stale(set_up, fingerprint)
    again = _("Something changed since. Rehearse again.") if set_up.rehearsed_hash and not rehearsed and not in_force else ""
    unasked = without_password(council, on=on) if in_force else []
    return [
        Task("council", TITLES["council"], DONE, council.name),
        Task("people", TITLES["people"], DONE if people else READY, says),
        Task("protocol", TITLES["protocol"], DONE if protocol else READY, "" if protocol or not begun else _("The draft has errors to mend.")),
        Task("who", TITLES["who"], DONE if seen else READY if protocol and people else WAITS, _missing(missing)),
        Task("rehearsal", TITLES["rehearsal"], DONE if rehearsed or in_force else READY if protocol and people else WAITS, again),
        Task("adoption", TITLES["adoption"], DONE if in_force else READY if protocol and rehearsed else WAITS),
        Task("ask", TITLES["ask"], (DONE if not unasked else READY) if in_force else WAITS,
             ngettext("%d person has no password yet", "%d people have no password yet", len(unasked)) % len(unasked) if unasked else ""),
    ]  # fmt: skip


def _missing(missing: WhoIsWho | None) -> str:
    if missing is None:
        return ""
    number = len(missing.roles) + len(missing.bodies) + missing.outside
    return ngettext("%d part has nobody yet", "%d parts have nobody yet", number) % number if number else ""


def _number(value: Any, otherwise: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else otherwise
