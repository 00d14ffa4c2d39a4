"""The decision by two people, the appeal, and the end."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from concerns import audit, outbox
from concerns.actions import formal
from concerns.actions.verb import answer_needed, people_as
from concerns.enums import Capacity, NoticeKind
from councils.errors import Refusal
from councils.models import Person
from grievances import plan
from grievances.actions.ground import begin, check, leave, refuse, seat, store, verb
from grievances.actions.panel import bring_in, conveners, note_automatic, to_ask
from grievances.domain import dates
from grievances.domain.machine import Answer
from grievances.enums import FindingCode, GrievanceEvent, HearingStatus, Outside, Panel, SeatStatus, Step
from grievances.models import Allegation, AppealGrounds, Decision, Finding, Grievance
from grievances.queries import Held, load


@verb(Step.DRAFT_DECISION, GrievanceEvent.DECISION_DRAFTED)
def draft_decision(
    *,
    grievance_id: UUID,
    by: Person,
    now: datetime,
    outcome: str,
    reasons: str,
    recommendations: str = "",
    findings: Mapping[UUID, str] | None = None,
    revision: int | None = None,
) -> Grievance:
    """A member drafts what the panel decided: a finding on each point (none where the law allows none), outcome, reasons.

    Drafted anew it replaces the draft, and whoever wrote it last can't be the one who releases it.
    """
    given = dict(findings or {})
    held = begin(Step.DRAFT_DECISION, grievance_id, by=by, now=now, revision=revision)
    points = list(Allegation.objects.filter(grievance=held.grievance))
    if any(code not in list(FindingCode) for code in given.values()):
        refuse("find_on_each")
    answer = Answer(
        found=frozenset(FindingCode(code) for code in given.values()), each={p.pk for p in points} <= set(given), outcome=outcome,
        reason=bool(reasons.strip()),
    )  # fmt: skip
    check(Step.DRAFT_DECISION, held, answer)
    made = held.draft or Decision(grievance=held.grievance, concern=held.concern, panel=held.panel)
    made.outcome, made.reasons, made.recommendations = outcome, reasons.strip(), recommendations.strip() or None
    made.drafted_by, made.drafted_at = by, now
    made.save()
    Finding.objects.filter(decision=made).delete()
    for point in points:
        if point.pk in given:
            Finding.objects.create(
                decision=made, allegation=point, grievance=held.grievance, concern=held.concern, code=given[point.pk]
            )
    store(held.grievance)
    audit.record(held.concern, GrievanceEvent.DECISION_DRAFTED, by=by, now=now, facts={"panel": held.panel.value})
    others = [row.person for row in held.seats if row.person_id in held.standing.seated - {by.pk}]
    outbox.put(held.concern, NoticeKind.NEEDS_YOU, to=others, now=now)
    return held.grievance


@verb(Step.RELEASE_DECISION, GrievanceEvent.DECISION_RELEASED)
def release_decision(*, grievance_id: UUID, by: Person, now: datetime, revision: int | None = None) -> None:
    """Another member releases it: the employee and whoever runs it get it, the time to appeal begins, the panel's access ends.

    Returns nothing: the actor may not see it any more.
    """
    held = begin(Step.RELEASE_DECISION, grievance_id, by=by, now=now, revision=revision)
    grievance, made = held.grievance, held.draft
    told = conveners(held)
    made.released_by, made.released_at, made.told = by, now, told[0] if told else None
    made.save()
    Finding.objects.filter(decision=made).update(released_at=now, told=made.told)
    for hearing in held.hearings:
        if hearing.status == HearingStatus.SET and hearing.panel == held.panel:
            hearing.status = HearingStatus.HELD
            hearing.save(update_fields=["status"])
    if held.panel == Panel.FIRST:
        days = plan.target(held.concern, "appeal").days
        grievance.appeal_until = dates.due(held.today, days, plan.jurisdiction(held.concern), plan.closures(held.concern))
        grievance.decide()
    else:
        grievance.decide_appeal()
    store(grievance)
    audit.record(held.concern, GrievanceEvent.DECISION_RELEASED, by=by, now=now, facts={"panel": held.panel.value})
    outbox.put(held.concern, NoticeKind.NEEDS_YOU, to=[held.concern.raiser, *told], now=now)
    outbox.put(held.concern, NoticeKind.PROGRESS, to=people_as(held.concern, Capacity.HANDLER), now=now)
    rows = [row for row in held.seats if row.panel == held.panel and row.status in ("asked", "free", "seated")]
    for row in rows:
        seat(row, SeatStatus.DONE if row.status == SeatStatus.SEATED else SeatStatus.STOOD_DOWN, now=now)
    for row in sorted(rows, key=lambda row: row.person_id == by.pk):  # the actor last: from there they see nothing
        leave(held.concern, row.person, by=by, now=now, reason="panel_decided")


@verb(Step.APPEAL, GrievanceEvent.APPEALED)
def appeal(*, grievance_id: UUID, by: Person, now: datetime, grounds: str, revision: int | None = None) -> Grievance:
    """The employee appeals, with their grounds. After the last day it is kept, and heard only if whoever runs it admits it."""
    held = begin(Step.APPEAL, grievance_id, by=by, now=now, revision=revision)
    words = answer_needed(grounds, "grounds", _("Say why you appeal."))
    try:
        with transaction.atomic():
            AppealGrounds.objects.create(grievance=held.grievance, concern=held.concern, text=words, lodged_at=now)
    except IntegrityError:
        refuse("appeal_asked")
    late = not dates.in_time(held.today, held.grievance.appeal_until)
    held.grievance.appeal_asked_on, held.grievance.appeal_late = held.today, late
    if not late:
        held.grievance.open_appeal()
    store(held.grievance)
    audit.record(held.concern, GrievanceEvent.APPEALED, by=by, now=now, facts={"late": late})
    if not late:
        ask_for_appeal(held, by=by, now=now)
    outbox.put(held.concern, NoticeKind.NEEDS_YOU, to=conveners(held), now=now)
    return held.grievance


def ask_for_appeal(held: Held, *, by: Person, now: datetime) -> None:
    """Those who could hear it are asked to declare: nobody who sat before while others are there."""
    found = load(held.grievance.pk, person=by, today=held.today)
    found.grievance = held.grievance
    note_automatic(found, now=now)
    bring_in(found, to_ask(found), by=by, now=now)


@verb(Step.ADMIT_APPEAL, GrievanceEvent.APPEAL_ADMITTED)
def admit_appeal(*, grievance_id: UUID, by: Person, now: datetime, reason: str, revision: int | None = None) -> Grievance:
    """A late appeal is heard all the same, with the reason."""
    held = begin(Step.ADMIT_APPEAL, grievance_id, by=by, now=now, revision=revision, answer=Answer(reason=bool(reason.strip())))
    held.grievance.open_appeal()
    store(held.grievance)
    audit.record(held.concern, GrievanceEvent.APPEAL_ADMITTED, by=by, now=now, reason=reason.strip())
    ask_for_appeal(held, by=by, now=now)
    outbox.put(held.concern, NoticeKind.PROGRESS, to=held.concern.raiser, now=now)
    return held.grievance


@verb(Step.ASK_OUTSIDE, GrievanceEvent.OUTSIDE_ASKED)
def ask_outside(*, grievance_id: UUID, by: Person, now: datetime, where: str, note: str = "", revision: int | None = None) -> Grievance:
    """Keep that people for a panel were asked for: substitutes, the principal authority, another council."""
    held = begin(Step.ASK_OUTSIDE, grievance_id, by=by, now=now, revision=revision)
    if where not in list(Outside):
        raise Refusal(str(_("Choose who is asked.")), field="where")
    held.grievance.outside = where
    store(held.grievance)
    audit.record(held.concern, GrievanceEvent.OUTSIDE_ASKED, by=by, now=now, facts={"where": where}, reason=note.strip())
    outbox.put(held.concern, NoticeKind.PROGRESS, to=held.concern.raiser, now=now)
    return held.grievance


@verb(Step.CLOSE, GrievanceEvent.CLOSED)
def close(*, grievance_id: UUID, by: Person, now: datetime, reference: str, revision: int | None = None) -> Grievance:
    """No appeal came in time, or it is decided: the last decision's outcome is recorded and the concern closed (T20)."""
    held = begin(Step.CLOSE, grievance_id, by=by, now=now, revision=revision)
    evidence = answer_needed(reference, "reference", _("Give the minute, letter or reference it is recorded in."))
    last = Decision.objects.filter(grievance=held.grievance, released_at__isnull=False).order_by("-released_at").first()
    held.grievance.closed_on = held.today
    held.grievance.close()
    store(held.grievance)
    before = held.concern.state
    formal.conclude(held.concern, outcome=last.outcome if last else "", reference=evidence, by=by, now=now)
    # no outcome in the trail: should it be opened again, a new panel sees the trail before it has declared
    audit.record(held.concern, GrievanceEvent.CLOSED, by=by, now=now, from_state=before)
    formal.tell_and_let_go(held.concern, by=by, now=now)
    return held.grievance
