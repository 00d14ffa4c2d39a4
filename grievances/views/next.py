"""What comes next in a grievance, for whom and by when, and where each day comes from. Words only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from concerns import rooms
from councils import law_layer
from grievances import plan, wording
from grievances.domain import dates, machine
from grievances.domain.machine import Part
from grievances.enums import GrievanceState as S
from grievances.enums import Panel, Step
from grievances.queries import Held


@dataclass(frozen=True)
class Due:
    """A day, what it is for, and what it rests on."""

    what: str
    on: date
    basis: str
    source: str = ""


def _target(held: Held, name: str, start: date, kept: date | None = None) -> tuple[date, str, str]:
    """The day of one target: as the clocks keep it, with holds and agreements, where they do."""
    target = plan.target(held.concern, name)
    last = kept or dates.due(start, target.days, plan.jurisdiction(held.concern), plan.closures(held.concern))
    return last, str(wording.BASIS.get(target.basis, target.basis)), _where(target)


def _where(target: dates.Target) -> str:
    """What a number of days rests on, for a reader: the law by its name, or a council where the practice was seen."""
    if not target.source:
        return ""
    if target.basis == "practice":
        return _("for example at %s") % target.source
    return law_layer.whole().item(target.source).source if target.basis == "statute" else target.source


def days(held: Held) -> list[Due]:
    """The days that count now, each with its basis."""
    found = []
    grievance, state, kept = held.grievance, held.standing.state, rooms.kept_days(held.concern)
    if state in (S.SUBMITTED, S.PANEL_FORMING, S.INVESTIGATING) and held.hearing is None:
        found.append(Due(_("First meeting with the employee"), *_target(held, "meeting", grievance.opened_on, kept.get("hearing"))))
    if held.inquiry is not None and held.inquiry.until is None and held.inquiry.due_on:
        basis = plan.target(held.concern, "meeting")
        found.append(Due(_("Investigator's report"), held.inquiry.due_on, str(wording.BASIS.get(basis.basis, basis.basis)), _where(basis)))
    if held.hearing is not None:
        notice = plan.target(held.concern, "notice")
        found.append(
            Due(_("Hearing"), held.hearing.held_on, _("notice of %(n)d working days: %(basis)s") % {
                "n": notice.days, "basis": wording.BASIS.get(notice.basis, notice.basis)}, _where(notice))
        )  # fmt: skip
        found.append(Due(_("Decision"), *_target(held, "decision", held.hearing.held_on, kept.get("decision"))))
    if grievance.appeal_until and state == S.DECIDED:
        basis = plan.target(held.concern, "appeal")
        found.append(Due(_("Last day to appeal"), grievance.appeal_until, str(wording.BASIS.get(basis.basis, basis.basis)), _where(basis)))
    if state == S.APPEAL_OPEN and held.hearing is None and grievance.appeal_asked_on:
        found.append(Due(_("Appeal hearing"), *_target(held, "meeting", grievance.appeal_asked_on, kept.get("hearing"))))
    return found


def next_for(held: Held) -> list[tuple[str, date | None]]:
    """What waits for this person, in fixed words, with the day it is due."""
    s, person, today = held.standing, held.person.pk, held.today
    if s.state == S.CLOSED or s.paused:
        return []

    def is_open(step: Step) -> bool:
        return machine.closed(step, s, person, today) == ""

    parts, found = held.parts, []
    due = {item.what: item.on for item in days(held)}
    if Part.CANDIDATE in parts:
        return [(str(wording.STEPS[Step.DECLARE][0]), next(iter(due.values()), None))]
    if Part.INVESTIGATOR in parts:
        found.append((str(wording.STEPS[Step.FILE_REPORT][0]), held.inquiry.due_on if held.inquiry else None))
    if s.must_tell and (Part.MEMBER in parts or held.reads and Part.CONVENER in parts):
        found.append((_("Tell the person it is about, before a hearing is set"), next(iter(due.values()), None)))
    if Part.CONVENER in parts:
        asked = s.with_status(machine.SeatStatus.ASKED)
        for step in (Step.FORM_PANEL, Step.SEAT_PANEL, Step.SET_HEARING, Step.ADMIT_APPEAL, Step.CLOSE):
            if not is_open(step) or (step == Step.FORM_PANEL and (asked or s.free or s.quorate)):
                continue
            if step == Step.SET_HEARING and s.hearing is not None:  # it stands, or its day has passed: the decision is next
                if held.shut is not None:
                    found.append((str(wording.AGAIN[step]), held.shut.held_on))
                continue
            if step == Step.SEAT_PANEL and (len(s.free | s.seated) < s.needed or s.quorate):  # those still asked may answer later
                continue
            found.append((str(wording.STEPS[step][0]), next(iter(due.values()), None)))
    if Part.MEMBER in parts:
        for step in (Step.CHOOSE_CHAIR, Step.LIST_ALLEGATIONS, Step.RELEASE_DECISION, Step.DRAFT_DECISION):
            done = (step == Step.CHOOSE_CHAIR and s.chair is not None) or (step == Step.LIST_ALLEGATIONS and s.points)
            if is_open(step) and not done and not (step == Step.DRAFT_DECISION and s.drafter in s.seated):
                found.append((str(wording.STEPS[step][0]), due.get(_("Decision"))))
    if Part.RAISER in parts:
        if held.hearing is not None and is_open(Step.NAME_COMPANION) and held.hearing.companion_named_at is None:
            found.append((str(wording.STEPS[Step.NAME_COMPANION][0]), held.hearing.held_on))
        if is_open(Step.APPEAL) and s.appeal_until and today <= s.appeal_until:
            found.append((_("Read the decision; you may appeal"), s.appeal_until))
    return found


def panel_words(panel: Panel) -> str:
    """Which panel it is."""
    return str(wording.PANELS[panel])
