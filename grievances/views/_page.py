"""What the page of a grievance shows to each part. Words and rows; nothing here decides."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from concerns import policy
from concerns import wording as concern_words
from concerns.enums import Action, Capacity
from concerns.models import Event, Participation
from councils import law_layer
from disclosures import policy as telling_policy
from disclosures import queries as disclosed
from disclosures.enums import DisclosureAction, DisclosureState
from grievances import queries, wording
from grievances.actions.panel import to_ask
from grievances.domain import machine
from grievances.domain.feasibility import Picture
from grievances.domain.machine import Part
from grievances.enums import GrievanceEvent, GrievanceState, HearingStatus, Panel, Remit, SeatStatus, Step
from grievances.models import Allegation, AppealGrounds, Decision, Report
from grievances.queries import Held
from grievances.views import next as coming

MAIN = {Step.DECLARE, Step.SEAT_PANEL, Step.SET_HEARING, Step.DRAFT_DECISION, Step.RELEASE_DECISION, Step.FILE_REPORT}
DRAWN = {GrievanceState.SUBMITTED, GrievanceState.PANEL_FORMING, GrievanceState.INVESTIGATING}
PICTURED = {Part.CONVENER, Part.MEMBER}
LAW_OF = {"companion": "A3", "postponement": "A4", "separation": "A2"}


def context(held: Held) -> dict[str, Any]:
    """Everything the page shows to this person."""
    parts, s = held.parts, held.standing
    heard = s.hearing is not None and s.hearing < held.today
    label, more = wording.stands(s.state, seated=s.quorate, told=s.told, hearing=s.hearing is not None, heard=heard)
    logistics = bool(parts & {Part.CONVENER, Part.MEMBER, Part.RAISER}) or held.reads
    is_open, closed = steps(held)
    decided = decisions(held)
    return {
        "held": held,
        "grievance": held.grievance,
        "concern": held.concern,
        "state_label": label,
        "state_more": more,
        "formed_again": bool(held.grievance.resumes),
        "remit": wording.REMITS[s.remit],
        "limit": law_layer.whole().item(held.grievance.limit) if held.grievance.limit else None,
        "outside": wording.OUTSIDE[held.grievance.outside][0] if held.grievance.outside and logistics else "",  # type: ignore[index]
        "must_declare": Part.CANDIDATE in parts,
        "has_declared": held.person.pk in s.free,
        "telling": telling(held) if s.must_tell and logistics else None,
        "parts": [wording.PARTS[part] for part in sorted(parts)],
        "days": coming.days(held),
        "waits": coming.next_for(held),
        "panels": seats(held) if logistics else [],
        "picture": draw(held, held.picture()) if parts & PICTURED and s.state in DRAWN else None,
        "shut": shut(held) if parts & PICTURED else None,
        "hearings": [hearing(held, row) for row in sorted(held.hearings, key=_stands_first)] if logistics else [],
        "companion_law": law_layer.whole().item("A3"),
        "postponement_law": law_layer.whole().item("A4"),
        "separation_law": law_layer.whole().item("A2"),
        "separation_reason": _reason(held) if held.grievance.overlap else "",
        "inquiry": held.inquiry if logistics else None,
        "report": report(held),
        "points": list(Allegation.objects.filter(grievance=held.grievance)) if held.reads and not any(d["findings"] for d in decided) else [],
        "decisions": decided,
        "grounds": AppealGrounds.objects.filter(grievance=held.grievance).first() if held.reads else None,
        "openings": queries.openings(held) if Part.MEMBER in parts or Part.CONVENER in parts else [],
        "is_member": Part.MEMBER in parts,
        "is_convener": Part.CONVENER in parts,
        "steps": is_open,
        "closed_steps": closed,
    }


def telling(held: Held) -> dict[str, Any]:
    """The person it is about isn't told yet: who may do it, and where."""
    mine = Participation.objects.filter(concern=held.concern, person=held.person, until__isnull=True)
    held_as = frozenset(Capacity(part.capacity) for part in mine)
    is_raiser = held.person.pk == held.concern.raiser_id
    at = {"concern": held.concern.pk}
    writes = telling_policy.may(DisclosureAction.DRAFT_DISCLOSURE, held_as, reads=held.reads, is_raiser=is_raiser)
    draft = next((row for row in disclosed.of(held.concern) if row.state == DisclosureState.DRAFTED), None) if writes else None
    return {
        "write": reverse("disclosures:telling-new", kwargs=at) if writes and draft is None else "",
        "draft": reverse("disclosures:telling", kwargs=at | {"disclosure": draft.pk}) if draft else "",
        "record": reverse("concerns:do", kwargs=at | {"action": Action.TELL_SUBJECT.value}) if held_as & policy.PERMISSIONS[Action.TELL_SUBJECT] else "",
    }


def steps(held: Held) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The steps of this person's part: open now, and closed with the reason. Steps of another stage aren't shown."""
    is_open, closed = [], []
    for step in Step:
        if not held.parts & machine.PERMISSIONS[step]:
            continue
        code = machine.closed(step, held.standing, held.person.pk, held.today)
        if code == "not_from_here":
            continue
        if step == Step.FORM_PANEL and not code:
            code = nobody_to_ask(held)
        label, means = named(step, held), meaning(step, held)
        entry = {
            "step": step.value,
            "label": label,
            "means": means,
            "why": wording.refused(code) if code else "",
            "href": reverse("grievances:do", kwargs={"grievance": held.grievance.pk, "step": step.value}),
            "main": step in MAIN and not (step == Step.SET_HEARING and held.hearing is not None and held.shut is None),
        }
        (closed if code else is_open).append(entry)
    is_open.sort(key=lambda entry: (not entry["main"], entry["step"] == Step.LEAVE_PANEL))  # what is next first, leaving last
    return is_open, closed


def nobody_to_ask(held: Held) -> str:
    """Why nobody would be asked now, as a code; "" when somebody would."""
    return "" if to_ask(held) else "panel_stands" if held.standing.quorate else "nobody_to_ask"


def named(step: Step, held: Held) -> Any:
    """A step's name; another one where it was taken and can be taken anew."""
    s = held.standing
    taken = {
        Step.CHOOSE_CHAIR: s.chair is not None, Step.LIST_ALLEGATIONS: bool(s.points), Step.DRAFT_DECISION: s.drafter is not None,
        Step.NAME_COMPANION: held.hearing is not None and held.hearing.companion_named_at is not None,
        Step.SET_HEARING: s.hearing is not None,
    }  # fmt: skip
    return wording.AGAIN[step] if taken.get(step) else wording.STEPS[step][0]


def meaning(step: Step, held: Held) -> Any:
    """What a step means, under its name."""
    again = step == Step.SET_HEARING and held.hearing is not None
    return wording.MEANS_AGAIN[step] if again else wording.STEPS[step][1]


def shut(held: Held) -> dict[str, str] | None:
    """The council is closed on the day of the hearing by now: what to do about it, and where, if this person may."""
    if held.shut is None:
        return None
    is_open = not machine.closed(Step.SET_HEARING, held.standing, held.person.pk, held.today)
    href = reverse("grievances:do", kwargs={"grievance": held.grievance.pk, "step": Step.SET_HEARING.value})
    return {"label": str(wording.AGAIN[Step.SET_HEARING]), "href": href if is_open else ""}


def seats(held: Held) -> list[dict[str, Any]]:
    """Who was asked and where they stand, panel by panel. Others than those who run or sit on it see only who sits."""
    full = bool(held.parts & PICTURED)
    found: dict[str, list[dict[str, Any]]] = {}
    for row in held.seats:
        sits = row.status in (SeatStatus.SEATED, SeatStatus.DONE)
        if not full and not sits:
            continue
        fallen = row.status == SeatStatus.SEATED and row.person_id in held.standing.out
        found.setdefault(row.panel, []).append(
            {
                "row": row,
                "status": _("can't sit any more") if fallen else wording.SEATS[row.status],  # type: ignore[index]
                "chairs": row.is_chair,
            }
        )
    return [{"panel": wording.PANELS[panel], "rows": found[panel]} for panel in (Panel.APPEAL, Panel.FIRST) if panel in found]


def _stands_first(row: Any) -> tuple[bool, int]:
    return row.status != HearingStatus.SET, -row.held_on.toordinal()


def hearing(held: Held, row: Any) -> dict[str, Any]:
    """One date, with who comes along for those who organise it."""
    return {
        "row": row,
        "panel": wording.PANELS[row.panel],
        "status": _("the day has passed") if row.status == HearingStatus.SET and row.held_on < held.today else wording.HEARINGS[row.status],
        "stands": row.status == HearingStatus.SET,
        "companion": wording.COMPANIONS_SHOWN[row.companion_kind] if row.companion_kind else "",
    }


def report(held: Held) -> Report | None:
    """The investigator's report, for the panel and whoever wrote it; PostgreSQL shows it to nobody else."""
    return Report.objects.filter(grievance=held.grievance).select_related("filed_by", "document").order_by("-filed_at").first()


def decisions(held: Held) -> list[dict[str, Any]]:
    """Released decisions, and the panel's own draft."""
    found = []
    for row in Decision.objects.filter(grievance=held.grievance).select_related("drafted_by", "released_by"):
        if row.released_at is None and Part.MEMBER not in held.parts:
            continue
        found.append(
            {
                "row": row,
                "panel": wording.PANELS[row.panel],  # type: ignore[index]
                "outcome": concern_words.outcome_label(row.outcome),
                "findings": [
                    (f.allegation, wording.FINDINGS[f.code])  # type: ignore[index]
                    for f in row.findings.select_related("allegation").order_by("allegation__number")
                ]
                if held.reads
                else [],
                "mine": row.drafted_by_id == held.person.pk,
            }
        )
    return found


def _reason(held: Held) -> str:
    """Why somebody who sat before hears the appeal, for those who may read."""
    if not held.reads:
        return ""
    seated = Event.objects.filter(concern_id=held.concern.pk, type=GrievanceEvent.PANEL_SEATED).order_by("-at")
    return next((str(event.reason) for event in seated if event.facts.get("overlap")), "")


def draw(held: Held, picture: Picture) -> dict[str, Any]:
    """The picture as rows of marks with coordinates, and the same in words."""
    names = {place.person.pk: place.person.full_name for place in held.pool.places} | {row.person_id: row.person.full_name for row in held.seats}
    asked = held.standing.with_status(SeatStatus.ASKED)
    groups = [
        ("sitting", _("Sits on the panel"), picture.sitting),
        ("declared", _("Declared no connection"), picture.declared),
        ("unsure", _("Asked, hasn’t declared yet"), [person for person in picture.unsure if person in asked]),
        ("unasked", _("Not asked"), [person for person in picture.unsure if person not in asked]),
        ("out", _("Has a connection, or can't sit"), picture.out),
    ]
    marks, x = [], 0
    for kind, label, people in groups:
        for person in people:
            marks.append({"kind": kind, "x": 12 + x * 34, "centre": 26 + x * 34, "label": label, "name": names.get(person, "")})
            x += 1
    others = [person for person in picture.for_appeal if person not in {*picture.declared, *picture.unsure}]
    kept = [{"x": 12 + n * 34, "centre": 26 + n * 34} for n in range(len(others))]
    return {
        "of": picture,
        "marks": marks,
        "kept": kept,
        "width": max(320, 24 + max(len(marks), len(kept), picture.size, 1) * 34),
        "needed": 12 + picture.quorum * 34 - 4,
        "size_at": 12 + picture.size * 34 - 4,
        "rows": [(label, ", ".join(names.get(person, "") for person in people), len(people)) for _kind, label, people in groups],
        "for_appeal": ", ".join(names.get(person, "") for person in others),
        "warnings": [wording.WARNINGS[code] for code in picture.warnings],
        "routes": [wording.OUTSIDE[route] for route in picture.routes],
    }


def beside_form(step: Step, held: Held) -> dict[str, Any]:
    """What stands beside a step's form: the law, the remit, the draft, the picture."""
    more: dict[str, Any] = {}
    s = held.standing
    if step in (Step.DRAFT_DECISION, Step.RELEASE_DECISION) and s.remit != Remit.FULL:
        more["remit"] = wording.REMITS[s.remit]
        more["limit"] = law_layer.whole().item(held.grievance.limit) if held.grievance.limit else None
    if step == Step.RELEASE_DECISION:
        more["decisions"] = decisions(held)
    if step in (Step.SEAT_PANEL, Step.FORM_PANEL) and s.panel == Panel.FIRST:
        more["picture"] = draw(held, held.picture())
    if step == Step.SEAT_PANEL and s.panel == Panel.APPEAL:
        more["law"] = law_layer.whole().item(LAW_OF["separation"])
    if step == Step.FORM_PANEL:
        more["asked"] = [(place.person.full_name, place.substitute) for place in to_ask(held)]
        more["nobody"] = wording.refused(code) if (code := nobody_to_ask(held)) else ""
    if step == Step.NAME_COMPANION:
        more["law"] = law_layer.whole().item(LAW_OF["companion"])
    if step == Step.POSTPONE_HEARING:
        more["law"] = law_layer.whole().item(LAW_OF["postponement"])
    if step == Step.DECLARE:
        more["about"] = [(subject.person.full_name, subject.role) for subject in held.concern.subjects.select_related("person")]
    return more



