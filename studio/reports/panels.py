"""Can this council form a panel for a grievance, and another for an appeal? As things are today, before anybody needs one.

The same reckoning as for one grievance (``grievances.domain.feasibility``), asked once for each person who might be a party:
whoever is a party, or tied to one by a disclosed relationship, can't sit. It reads posts and ties, and no case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils import queries
from councils.models import Body, BodyMembership, Council, DisclosedRelationship, ProtocolVersion
from grievances.domain.feasibility import Candidate, Picture, feasibility
from grievances.enums import Panel
from studio.pictures import strip
from studio.pictures.strip import Strip

DEFAULTS = {Panel.FIRST: ("body", "hr_panel"), Panel.APPEAL: ("appeal_body", "appeal_panel")}


@dataclass(frozen=True, slots=True)
class Trouble:
    """What fails when this person is a party."""

    name: str
    left: int
    for_appeal: int
    words: str


@dataclass(frozen=True, slots=True)
class Panels:
    """The council's panels: the picture, what it says, and for whom it would not do."""

    svg: SafeString
    alt: str
    whole: Picture
    names: tuple[tuple[str, str, int], ...]
    troubles: tuple[Trouble, ...]
    missing: tuple[str, ...]
    spare: int  # how many may be out before the first panel can't be formed


def panels_of(council: Council, version: ProtocolVersion, *, on: date) -> Panels:
    """Takes a council, a version of its protocol and a day; returns how its panels stand. Four queries."""
    configured = version.config.get("proceedings")
    grievance = configured.get("grievance") if isinstance(configured, Mapping) else None
    settings: Mapping[str, Any] = grievance if isinstance(grievance, Mapping) else {}
    codes = {panel: str(settings.get(key) or code).removeprefix("body:") for panel, (key, code) in DEFAULTS.items()}
    bodies = {body.code: body for body in Body.objects.filter(council=council, code__in=codes.values())}
    seats = BodyMembership.objects.current(on).filter(body__in=bodies.values(), person__is_active=True).select_related("person", "body")
    people = list(queries.people_of(council, on=on))
    in_post = {person.pk for person in people}
    rows = [row for row in seats.order_by("is_substitute", "person__full_name") if row.person_id in in_post]
    candidates = [
        Candidate(row.person_id, panel, None, row.is_substitute) for panel, code in codes.items() for row in rows if row.body.code == code
    ]
    first, appeal = bodies.get(codes[Panel.FIRST]), bodies.get(codes[Panel.APPEAL])
    quorum = max(2, first.quorum) if first else 2
    appeal_quorum = max(2, appeal.quorum) if appeal else quorum
    needs = {
        "quorum": quorum,
        "size": max(quorum, first.minimum_members) if first else 3,
        "appeal_quorum": appeal_quorum,
        "appeal_size": max(appeal_quorum, appeal.minimum_members) if appeal else 3,
    }
    whole = feasibility(candidates, (), **needs)
    ties = _ties(council, on)
    troubles = []
    for person in people:
        found = feasibility(candidates, {person.pk, *ties.get(person.pk, ())}, **needs)
        words = _words(found)
        if words and set(found.warnings) != set(whole.warnings):
            troubles.append(Trouble(person.full_name, found.possible, found.left_for_appeal, words))
    labels = {panel: bodies[code].name if code in bodies else str(_label(version, code)) for panel, code in codes.items()}
    names = tuple(
        (labels[panel], ", ".join(row.person.full_name for row in rows if row.body.code == code), sum(row.body.code == code for row in rows))
        for panel, code in codes.items()
    )
    missing = tuple(labels[panel] for panel, code in codes.items() if code not in bodies)
    alt = _alt(whole)
    svg = strip.draw("panels", _("Who could sit on a panel, and who on an appeal"), alt, _strips(candidates, labels, whole))
    return Panels(mark_safe(svg), alt, whole, names, tuple(troubles), missing, whole.possible - quorum)  # noqa: S308 - drawn by us


def _label(version: ProtocolVersion, code: str) -> Any:
    return (version.protocol.bodies.get(code) or {}).get("label") or code.replace("_", " ")


def _ties(council: Council, on: date) -> dict[UUID, set[UUID]]:
    found: dict[UUID, set[UUID]] = {}
    pairs = DisclosedRelationship.objects.current(on).filter(council=council).values_list("person_a_id", "person_b_id")
    for one, other in pairs:
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return found


def _strips(candidates: list[Candidate], labels: Mapping[Any, str], whole: Picture) -> list[Strip]:
    of = {panel: [c for c in candidates if c.panel == panel] for panel in (Panel.FIRST, Panel.APPEAL)}
    everywhere = {c.person for c in of[Panel.FIRST]} & {c.person for c in of[Panel.APPEAL]}
    strips = []
    for panel, quorum, size in ((Panel.FIRST, whole.quorum, whole.size), (Panel.APPEAL, whole.appeal_quorum, whole.appeal_size)):
        marks = ["both" if c.person in everywhere else "substitute" if c.substitute else "member" for c in of[panel]]
        marks += ["needed"] * max(size - len(marks), 0)
        strips.append(Strip(labels[panel], tuple(marks), quorum, size))
    return strips


def _alt(whole: Picture) -> str:
    return _("%(possible)d could sit, %(quorum)d are needed. %(left)d would be left for an appeal, which needs %(appeal)d.") % {
        "possible": whole.possible, "quorum": whole.quorum, "left": whole.left_for_appeal, "appeal": whole.appeal_quorum,
    }  # fmt: skip


def _words(found: Picture) -> str:
    """What fails, in one sentence; empty when nothing does."""
    if "too_few_now" in found.warnings:
        return ngettext(
            "Only %(n)d could sit: too few for a panel.", "Only %(n)d could sit: too few for a panel.", found.possible
        ) % {"n": found.possible}  # fmt: skip
    if "too_few_for_appeal" in found.warnings:
        return _("A panel can sit, but too few are left for an appeal.")
    if "seat_fewer_for_appeal" in found.warnings:
        return _("An appeal can be heard only if the first panel is smaller than usual.")
    if "smaller_now" in found.warnings:
        return _("The panel would be smaller than the council set.")
    return ""


def sentence(whole: Picture) -> str:
    """What fails already today, whoever is a party; empty when nothing does."""
    return _words(whole)
