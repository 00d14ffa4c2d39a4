"""By when requests for data, complaints and breaches have to be dealt with. They belong to no concern; told to the clocks by a mark."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from clocks import plan
from clocks.domain.calculation import months_after, work_out
from clocks.enums import Basis, ObligationKind, Unit
from concerns.domain.deadlines import next_working_day
from concerns.rooms import Due
from councils.models import Council
from rights.domain import retention
from rights.enums import AccessState, BreachState, ComplaintState, Risk
from rights.models import Breach, DataComplaint, Disposal, Seat, SubjectRequest

ROOM = "rights"
DONE = (AccessState.RELEASED, AccessState.REFUSED)


def access_due(request: SubjectRequest, today: date) -> date:
    """The last day for an answer (D1): a month from receipt, two more if taken, later by the days it had to be clarified (D2)."""
    here = plan.calendar(request.council, Basis.LAW)
    day = work_out(here, from_on=request.received_on, number=1, unit=Unit.MONTHS).due_on
    if request.extended_on is not None:
        day = next_working_day(months_after(request.received_on, 3), here.jurisdiction, here.closures)
    stood = retention.stood_still(request.question_on, request.answered_on, today)
    return next_working_day(day + timedelta(days=stood), here.jurisdiction, here.closures) if stood else day


def complaint_due(complaint: DataComplaint) -> date:
    """The last day to acknowledge it (D6): thirty days from receipt."""
    target = plan.target("data_complaint_acknowledgement", complaint.council, {})
    return work_out(plan.calendar(complaint.council, Basis.LAW), from_on=complaint.received_on, number=target.days, unit=Unit.CALENDAR_DAYS).due_on


def breach_due(breach: Breach) -> datetime:
    """The moment by which the Information Commissioner is told (D5)."""
    return retention.breach_due(breach.aware_at)


def dues(row: UUID, today: date) -> tuple[Council, list[Due]] | None:
    """The council and what is due in the matter of that id; None where there is none. System work."""
    owners = tuple(Seat.objects.filter(about_id=row, until__isnull=True).values_list("person_id", flat=True))
    access = SubjectRequest.objects.filter(pk=row).select_related("council").first()
    if access is not None:
        if access.state == AccessState.WITHDRAWN:
            return access.council, []
        day, done = access_due(access, today), access.state in DONE
        return access.council, [
            Due(ObligationKind.SUBJECT_ACCESS, ROOM, source_id=row, due_on=day, basis=Basis.LAW, cites=("D1",), met=done, owners=owners)
        ]  # fmt: skip
    complaint = DataComplaint.objects.filter(pk=row).select_related("council").first()
    if complaint is not None:
        met = complaint.state != ComplaintState.RECEIVED
        return complaint.council, [
            Due(ObligationKind.DATA_COMPLAINT, ROOM, source_id=row, due_on=complaint_due(complaint), basis=Basis.LAW, cites=("D6",), met=met, owners=owners)
        ]
    breach = Breach.objects.filter(pk=row).select_related("council").first()
    if breach is not None:
        met = breach.office_told_at is not None or breach.state == BreachState.CLOSED or breach.risk == Risk.UNLIKELY
        day = timezone.localdate(breach_due(breach))
        return breach.council, [
            Due(ObligationKind.DATA_BREACH, ROOM, source_id=row, due_on=day, basis=Basis.LAW, cites=("D5",), met=met, owners=owners)
        ]
    disposal = Disposal.objects.filter(pk=row).select_related("council").first()
    return (disposal.council, []) if disposal is not None else None


def page(row: UUID) -> str:
    """The address where a matter is shown."""
    for model, name in ((SubjectRequest, "access"), (DataComplaint, "complaint"), (Breach, "breach")):
        if model.objects.filter(pk=row).exists():
            return reverse(f"rights:{name}", kwargs={"row": row})
    return reverse("rights:disposal", kwargs={"row": row})

