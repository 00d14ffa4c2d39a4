"""The adopted protocol as a publication: what anybody may read, without signing in.

Reads the version in force, its amendment record, concluded reviews, the law in force and, for offices the council chose,
the name of the one who holds them. Nothing here reads a concern, a person's record, an absence or a draft.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from councils import law_layer, queries, reviews, wording
from councils.law import LawItem
from councils.models import Appointment, Council, ProtocolReview, ProtocolStatus, ProtocolVersion
from councils.protocol import Clause, Protocol
from councils.roles import SINGLE_HOLDER
from studio.domain.matching import matched
from studio.importing.splitting import CLAUSE
from studio.models import Amendment, ImportedDocument, Publication
from studio.queries.imports import clauses_of
from studio.reports.maps import RouteMap, route_map_of

MOST_RECORDS = 60


@dataclass(frozen=True, slots=True)
class Passage:
    """One clause as published: its number, what it says in short, or the council's own words."""

    ref: str
    gist: str
    own: str
    is_deleted: bool
    is_part: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the amendment record."""

    on: date | None
    printed: str
    version: str
    what: str
    body: str
    minute: str


@dataclass(frozen=True, slots=True)
class Published:
    """Everything the public pages and papers are made of."""

    council: Council
    version: ProtocolVersion
    protocol: Protocol
    choices: Publication | None
    amendments: tuple[Line, ...]
    headings: tuple[tuple[str, tuple[Passage, ...]], ...]
    map: RouteMap
    law: tuple[LawItem, ...]
    due: Any
    holders: tuple[tuple[str, str], ...]
    has_own_words: bool

    @property
    def contact(self) -> str:
        """Whom to ask, if the council says so."""
        return self.choices.contact if self.choices else ""

    @property
    def is_demonstration(self) -> bool:
        """Did the council not adopt it?"""
        return self.version.is_demonstration


def adopted(key: str, *, on: date) -> tuple[Council, ProtocolVersion, Publication | None] | None:
    """Takes a council's key and a day; returns it with its version in force and what it chose, None where nothing is public.

    An unknown council, one without an adopted version and one that keeps it to itself are the same.
    """
    try:
        council = queries.council_by_key(key)
    except Council.DoesNotExist:
        return None
    choices = Publication.objects.filter(council=council).select_related("document").first()
    version = queries.protocol_in_force(council, on=on)
    if version is None or (choices is not None and not choices.is_public):
        return None
    return council, version, choices


def publish(council: Council, version: ProtocolVersion, choices: Publication | None, *, on: date) -> Published:
    """Takes what ``adopted`` found and a day; returns the publication."""
    protocol = version.protocol
    law = law_layer.in_force(council.jurisdiction, on)
    own = words_by_clause(choices.document, protocol) if choices and choices.document else {}
    return Published(
        council=council,
        version=version,
        protocol=protocol,
        choices=choices,
        amendments=amendments(version, on=on),
        headings=passages(protocol, own),
        map=route_map_of(protocol, law),
        law=law,
        due=reviews.standing(council, on=on).due,
        holders=holders(council, protocol, choices.named_roles if choices else (), on=on),
        has_own_words=bool(own),
    )


def passages(protocol: Protocol, own: Mapping[str, str]) -> tuple[tuple[str, tuple[Passage, ...]], ...]:
    """The clauses in order, consecutive ones under one heading together."""
    groups: list[tuple[str, list[Passage]]] = []
    for clause in protocol.clauses.values():
        words = _own(clause, own)
        parent = protocol.clause(clause.parent) if clause.parent else None
        if parent is not None and not words and (not clause.gist or _own(parent, own)):
            continue  # nothing to say, or the council's own words of the whole clause hold it
        if not groups or (groups[-1][0] != clause.heading and clause.heading):
            groups.append((clause.heading, []))
        groups[-1][1].append(_passage(clause, words, protocol))
    return tuple((heading, tuple(found)) for heading, found in groups)


def _own(clause: Clause, own: Mapping[str, str]) -> str:
    return own.get(_bare(clause.ref)) or own.get(_bare(clause.display)) or ""


def _passage(clause: Clause, own: str, protocol: Protocol) -> Passage:
    ref = wording.clause_label(clause.ref, protocol)
    return Passage(ref, clause.gist, "" if clause.deleted else own, clause.deleted, bool(clause.parent))


def own_words(document: ImportedDocument) -> dict[str, str]:
    """Takes a document the council brought and checked; returns its clauses' words by number.

    A number that stands twice is left out: whose words they are would be a guess.
    """
    found: dict[str, list[str]] = {}
    for row in document.rows if isinstance(document.rows, list) else []:
        if isinstance(row, Mapping) and row.get("kind") == CLAUSE and row.get("number") and str(row.get("text") or "").strip():
            found.setdefault(_bare(str(row["number"])), []).append(str(row["text"]).strip())
    return {number: texts[0] for number, texts in found.items() if len(texts) == 1}


def words_by_clause(document: ImportedDocument, protocol: Protocol) -> dict[str, str]:
    """The same, by the number the clause has in the protocol, where that is another one."""
    words = own_words(document)
    brought = [(clause["number"], str(clause.get("display") or "")) for clause in clauses_of(document)]
    numbers = matched(brought, [(clause.ref, clause.display) for clause in protocol.clauses.values() if not clause.parent])
    return words | {_bare(numbers[number]): words[_bare(number)] for number in numbers if _bare(number) in words}


def _bare(number: str) -> str:
    return number.strip().rstrip(".").strip()


def amendments(version: ProtocolVersion, *, on: date) -> tuple[Line, ...]:
    """The record of this version and those it followed, the newest first: what the text prints, and what the portal knows.

    Never who wrote or asked for a change: those are people's names.
    """
    lines = [] if version.is_demonstration else _adopted(version.council, on=on)
    head = version.config.get("protocol")
    printed = head.get("amendment_record") if isinstance(head, Mapping) else None
    known = {line.on for line in lines}
    for entry in printed if isinstance(printed, list) else []:
        if isinstance(entry, Mapping):
            line = _printed(entry)
            if line.on is None or line.on not in known:
                lines.append(line)
    lines.sort(key=lambda line: line.on or date.min, reverse=True)
    return tuple(lines[:MOST_RECORDS])


def _adopted(council: Council, *, on: date) -> list[Line]:
    """The council's versions that are or were in force, each with what it changed."""
    found = [row for row in versions(council, on=on) if not row.is_demonstration]
    said = dict(Amendment.objects.filter(version__in=found).values_list("version_id", "what"))
    return [Line(row.approved_on, "", row.label, said.get(row.pk, ""), row.approving_body, row.minute_ref) for row in found]


def _printed(entry: Mapping[str, Any]) -> Line:
    raw = entry.get("date") or entry.get("on")
    try:
        day = date.fromisoformat(str(raw)) if raw else None
    except ValueError:
        day = None
    what = entry.get("event") or entry.get("what") or ""
    return Line(day, "" if day else _text(raw), _text(entry.get("version")), _text(what), _text(entry.get("by")), _text(entry.get("minute_ref")))


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, (Mapping, list)) else str(value)[:300]


def nameable(protocol: Protocol) -> tuple[str, ...]:
    """The offices of a protocol that one person holds, in the order its rules name them."""
    named: dict[str, None] = {}
    for route in protocol.routes:
        for token in (*(step.token for step in route.steps), *(route.if_unavailable or ()), *route.if_conflicted):
            if token.removeprefix("role:") in SINGLE_HOLDER:
                named[token.removeprefix("role:")] = None
    return tuple(named)


def holders(council: Council, protocol: Protocol, roles: Iterable[str], *, on: date) -> tuple[tuple[str, str], ...]:
    """(Office, name) of those the council chose, where somebody holds it in their own right. Nobody's absence shows."""
    wanted = [role for role in nameable(protocol) if role in set(roles)]
    if not wanted:
        return ()
    rows = Appointment.objects.current(on).filter(council=council, role__in=wanted, kind="substantive", person__is_active=True)
    names = dict(rows.values_list("role", "person__full_name"))
    return tuple((wording.role_label(role, protocol), names[role]) for role in wanted if role in names)


def versions(council: Council, *, on: date) -> list[ProtocolVersion]:
    """The council's versions that are or were in force, the newest first."""
    states = (ProtocolStatus.IN_FORCE, ProtocolStatus.SUPERSEDED)
    rows = ProtocolVersion.objects.filter(council=council, in_force_from__lte=on, status__in=states).defer("config")
    return list(rows.order_by("-in_force_from")[:MOST_RECORDS])


def held(council: Council, *, on: date) -> list[ProtocolReview]:
    """The council's concluded reviews, the newest first."""
    rows = ProtocolReview.objects.filter(council=council, concluded_on__lte=on).defer("author", "changed_by", "origin")
    return list(rows.order_by("-concluded_on")[:MOST_RECORDS])


def title_of(published: Published) -> str:
    """The publication's title."""
    return _("%(title)s of %(council)s") % {"title": published.protocol.title, "council": published.council.name}
