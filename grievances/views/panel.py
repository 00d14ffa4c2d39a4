"""What a grievance shows on a concern's page and on the start page. Fixed words; no content."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Max, Q
from django.urls import reverse

from concerns import policy, rooms
from concerns.enums import State
from concerns.models import Concern
from councils.models import Person
from grievances import queries, wording
from grievances.actions import support
from grievances.enums import Deed, GrievanceState, HearingStatus, Remit, SeatStatus
from grievances.models import Grievance, Support, TieFlag
from grievances.views.next import next_for


def of_concern(case: Any, there: bool) -> rooms.Panel | None:
    """Its grievances, latest first, and support for the employee."""
    sits = Count("seats", filter=Q(seats__status=SeatStatus.SEATED), distinct=True)  # of one panel at a time
    date_set = Max("hearings__held_on", filter=Q(hearings__status=HearingStatus.SET))
    known = Grievance.objects.filter(concern=case.concern).annotate(sits=sits, date_set=date_set)
    found = list(known.order_by("-opened_on", "closed_on")) if there else []
    told = case.concern.subject_told_on is not None
    helping = there or case.concern.state in (State.CODE_REFERRAL, State.DECIDING)
    helps = helping and support.open_to(case.concern, case.person, reads=case.reads)
    given = list(Support.objects.filter(concern=case.concern).select_related("by")) if there and case.reads else []
    if not found and not given and not helps:
        return None
    rows = [
        {
            "row": row,
            "state": wording.stands(
                row.state, seated=row.sits >= (row.appeal_quorum if row.state == GrievanceState.APPEAL_OPEN else row.quorum), told=told,
                hearing=row.date_set is not None, heard=row.date_set is not None and row.date_set < case.today,
            ),  # fmt: skip
            "remit": wording.REMITS[Remit(row.remit)],
        }
        for row in found
    ]
    context = {
        "rows": rows,
        "given": [{"row": row, "kind": wording.SUPPORT[row.kind]} for row in given],  # type: ignore[index]
        "support": reverse("grievances:support", kwargs={"concern": case.concern.pk}) if helps else "",
    }
    return rooms.Panel("grievances/panel.html", context)


def waiting(person: Person, today: date) -> list[rooms.Waiting]:
    """What a grievance waits for from this person, with the day it is due."""
    found = []
    for grievance in Grievance.objects.exclude(state=GrievanceState.CLOSED).filter(concern__in=_mine(person)):
        concern = Concern.objects.select_related("council", "protocol_version", "raiser").get(pk=grievance.concern_id)
        held = queries.held(grievance, concern, person=person, today=today)
        for words, due in next_for(held):
            url = reverse("grievances:page", kwargs={"grievance": grievance.pk})
            found.append(rooms.Waiting(words, url, concern.council.name, due))
    for flag in TieFlag.objects.filter(told=person, considered_at__isnull=True).select_related("concern__council"):
        url = reverse("grievances:flag", kwargs={"flag": flag.pk})
        words = str(wording.DEEDS[Deed.CONSIDER_FLAG][0])
        found.append(rooms.Waiting(words, url, flag.concern.council.name if flag.concern_id else ""))
    return found


def _mine(person: Person) -> Any:
    return policy.visible_to(person)
