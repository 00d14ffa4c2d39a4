"""What a grievance makes due: notice, hearing, decision, appeal, the investigator's report. Told to the clocks."""

from collections.abc import Iterable
from datetime import date

from concerns.enums import Capacity
from concerns.models import Concern
from concerns.rooms import Due
from grievances import plan
from grievances.domain import dates
from grievances.enums import GrievanceState as S
from grievances.enums import HearingStatus, Panel
from grievances.models import Grievance, Hearing, Inquiry

SQL = "SELECT FROM grievances_grievance g WHERE g.concern_id = concerns_concern.id AND g.state <> 'CLOSED'"
BASES = {"council": "council", "statute": "law"}
RUNNING = ("convener", "handler")
DECIDED = {Panel.FIRST: {S.DECIDED, S.APPEAL_OPEN, S.APPEAL_DECIDED}, Panel.APPEAL: {S.APPEAL_DECIDED}}


def dues(concern: Concern, today: date) -> list[Due]:
    """What is due in the grievance that runs on ``concern``."""
    grievance = Grievance.objects.filter(concern=concern).exclude(state=S.CLOSED).first()
    if grievance is None:
        return []
    hearings = {h.panel: h for h in Hearing.objects.filter(grievance=grievance, status__in=[HearingStatus.SET, HearingStatus.HELD])}
    found = [*_panel(concern, grievance, Panel.FIRST, grievance.opened_on, hearings.get(Panel.FIRST), today)]
    found += _reports(grievance)
    if grievance.appeal_until:
        over = grievance.state != S.DECIDED or today > grievance.appeal_until
        set_by = BASES.get(plan.target(concern, "appeal").basis, "default")
        found.append(
            Due("appeal_window", "grievance", source_id=grievance.pk, due_on=grievance.appeal_until, basis=set_by, met=over,
                capacities=(Capacity.RAISER,), stops=False)
        )  # fmt: skip
    if grievance.appeal_asked_on:
        found += _panel(concern, grievance, Panel.APPEAL, grievance.appeal_asked_on, hearings.get(Panel.APPEAL), today)
    if not any(not due.met for due in found):  # to be closed, or waiting for somebody to go on
        found.append(Due("look_again", "grievance", source_id=grievance.pk, code="look_again", capacities=RUNNING, restarts=True))
    return found


def _panel(concern: Concern, grievance: Grievance, panel: Panel, since: date, hearing: Hearing | None, today: date) -> Iterable[Due]:
    """Notice, hearing and decision of one of the two panels."""
    which = "grievance" if panel == Panel.FIRST else "grievance:appeal"
    decided = grievance.state in DECIDED[panel]
    members = (*RUNNING, Capacity.PANEL_MEMBER)
    if hearing is None:
        last = dates.due(since, plan.target(concern, "meeting").days, plan.jurisdiction(concern), plan.closures(concern))
        yield Due("hearing", which, source_id=grievance.pk, from_on=since, code="grievance_meeting", met=decided, capacities=RUNNING)
        yield Due("hearing_notice", which, source_id=grievance.pk, from_on=last, code="hearing_notice", before=True, met=decided,
                  capacities=RUNNING)  # fmt: skip
        return
    met = decided or hearing.status == HearingStatus.HELD or hearing.held_on < today
    yield Due("hearing", which, source_id=grievance.pk, due_on=hearing.held_on, basis="agreed", met=met, capacities=members, stops=False)
    yield Due("hearing_notice", which, source_id=grievance.pk, due_on=hearing.notice_given_on, met=True)
    yield Due("decision", which, source_id=grievance.pk, from_on=hearing.held_on, code="decision_after_hearing", met=decided,
              capacities=members)  # fmt: skip


def _reports(grievance: Grievance) -> Iterable[Due]:
    for inquiry in Inquiry.objects.filter(grievance=grievance, due_on__isnull=False):
        yield Due(
            "investigation_report", "grievance", source_id=inquiry.pk, due_on=inquiry.due_on, basis="agreed",
            met=inquiry.filed_at is not None or inquiry.until is not None, capacities=(*RUNNING, Capacity.READER), stops=False,
        )  # fmt: skip

