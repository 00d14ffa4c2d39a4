"""Complaints about data, and breaches: made by anybody, dealt with by records keepers."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from concerns.enums import NoticeKind
from concerns.models.concern import new_reference
from councils.errors import Refusal
from councils.models import Council, Person
from rights import audit, queries, wording
from rights.actions.verbs import begin, needed, store, tell, verb
from rights.domain import retention
from rights.enums import LineType, Risk, Step
from rights.models import Breach, DataComplaint

LONGEST_AGO = timedelta(days=5 * 365)


@verb(Step.COMPLAIN, LineType.OPENED)
def complain(
    *, council: Council, by: Person | None, now: datetime, text: str, name: str = "", contact: str = "", against: Person | None = None
) -> DataComplaint:
    """Complain how the council used somebody's data; ``by`` None: without an account, then with a way to be reached. Raises Refusal."""
    words = needed(text, "text", _("Say what was done with your data, and what you would like to happen."))
    if by is None:
        name = needed(name, "name", _("Enter your name."))
        contact = needed(contact, "contact", _("Say how you can be reached: an e-mail address or a postal address."))
    if against is not None and against.pk not in {keeper.person_id for keeper in queries.keepers(council)}:
        raise Refusal(_("Choose one of the people listed."), field="against")
    row = DataComplaint(
        council=council, complainant=by, name=name.strip() or None, contact=contact.strip() or None, text=words, against=against,
        received_on=timezone.localdate(now), opened_at=now, updated_at=now, reference=new_reference(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except DatabaseError as error:
        if "too many" not in str(error):
            raise
        raise Refusal(wording.too_many(queries.whom_to_ask(council))) from error
    audit.rooms.mark(audit.ROOM, row.pk, now=now)
    return row


@verb(Step.ACKNOWLEDGE, LineType.ACKNOWLEDGED)
def acknowledge(*, row_id: UUID, by: Person, now: datetime, told: bool, revision: int | None = None) -> DataComplaint:
    """Say that it came and what follows. Whoever has an account is told here; to others somebody wrote. Raises Refusal."""
    row: DataComplaint = begin(Step.ACKNOWLEDGE, row_id, by=by, now=now, revision=revision)
    if row.complainant_id is None and not told:
        raise Refusal(_("They have no account, so they aren’t told by the portal. Write to them first, then say so here."), field="told")
    before = row.state
    row.acknowledge()
    row.acknowledged_by, row.acknowledged_at = by, now
    store(row, "acknowledged_by", "acknowledged_at", now=now)
    audit.record(row, LineType.ACKNOWLEDGED, by=by, now=now, from_state=before)
    tell([row.complainant] if row.complainant else [], now=now)
    return row


@verb(Step.ANSWER_COMPLAINT, LineType.ANSWERED)
def answer_complaint(*, row_id: UUID, by: Person, now: datetime, outcome: str, revision: int | None = None) -> DataComplaint:
    """Say what was found and what is done. Raises Refusal without words."""
    row: DataComplaint = begin(Step.ANSWER_COMPLAINT, row_id, by=by, now=now, revision=revision)
    before = row.state
    row.outcome = needed(outcome, "outcome", _("Say what was found, and what is done."))
    row.answer()
    row.answered_by, row.closed_at = by, now
    if row.acknowledged_at is None:
        row.acknowledged_by, row.acknowledged_at = by, now
    store(row, "outcome", "answered_by", "closed_at", "acknowledged_by", "acknowledged_at", now=now)
    audit.record(row, LineType.ANSWERED, by=by, now=now, from_state=before, reason=outcome.strip())
    tell([row.complainant] if row.complainant else [], now=now, kind=NoticeKind.NEEDS_YOU)
    return row


@verb(Step.REPORT_BREACH, LineType.OPENED)
def report_breach(*, council: Council, by: Person, now: datetime, what: str, aware_at: datetime | None = None) -> Breach:
    """Tell the records keepers that data was lost, changed or seen by somebody who shouldn't have. 72 hours run from ``aware_at``. Raises Refusal."""
    words = needed(what, "what", _("Say what happened. Name no concern and nobody in it."))
    moment = aware_at or now
    if not now - LONGEST_AGO <= moment <= now:
        raise Refusal(_("Enter when somebody first noticed it: a time that is past."), field="aware_at")
    row = Breach(council=council, reported_by=by, aware_at=moment, what=words, why_not=None, opened_at=now, updated_at=now, reference=new_reference())
    row.save(force_insert=True)
    audit.rooms.mark(audit.ROOM, row.pk, now=now)
    return row


@verb(Step.ASSESS_BREACH, LineType.ASSESSED)
def assess_breach(
    *, row_id: UUID, by: Person, now: datetime, risk: str, people_count: int | None = None, measures: str, office_told_on: date | None = None,
    office_reference: str = "", people_told_on: date | None = None, why_not: str = "", revision: int | None = None,
) -> Breach:  # fmt: skip
    """Write down how it may touch people, what is done, and who was told. Raises Refusal where somebody wasn't and nobody says why."""
    row: Breach = begin(Step.ASSESS_BREACH, row_id, by=by, now=now, revision=revision)
    if risk not in set(Risk):
        raise Refusal(_("Say how it may touch people."), field="risk")
    today = timezone.localdate(now)
    for field, day in (("office_told_on", office_told_on), ("people_told_on", people_told_on)):
        if day is not None and not timezone.localdate(row.aware_at) <= day <= today:
            raise Refusal(_("Enter a day between the day it was noticed and today."), field=field)
    before = row.state
    row.risk, row.people_count = risk, people_count
    row.measures = needed(measures, "measures", _("Say what was and is done about it."))
    if office_told_on and (row.office_told_at is None or timezone.localdate(row.office_told_at) != office_told_on):
        row.office_told_at = now if office_told_on == today else timezone.make_aware(datetime.combine(office_told_on, datetime.min.time()))
    row.office_reference, row.people_told_on, row.why_not = office_reference.strip() or None, people_told_on, why_not.strip() or None
    row.assessed_by = by
    row.assess()
    store(row, "risk", "people_count", "measures", "office_told_at", "office_reference", "people_told_on", "why_not", "assessed_by", now=now)
    audit.record(row, LineType.ASSESSED, by=by, now=now, from_state=before, facts={"risk": risk})
    return row


@verb(Step.CLOSE_BREACH, LineType.CLOSED)
def close_breach(*, row_id: UUID, by: Person, now: datetime, revision: int | None = None) -> Breach:
    """Whoever had to be told was, or it is written why not. Raises Refusal otherwise."""
    row: Breach = begin(Step.CLOSE_BREACH, row_id, by=by, now=now, revision=revision)
    late = row.office_told_at is not None and row.office_told_at > retention.breach_due(row.aware_at)
    if row.risk != Risk.UNLIKELY and (row.office_told_at is None or late) and not row.why_not:
        raise Refusal(_("The Information Commissioner has to be told within 72 hours. Tell them, or write down why not or why late, first."))
    if row.risk == Risk.HIGH and row.people_told_on is None and not row.why_not:
        raise Refusal(_("The risk is high, so the people it touches have to be told. Tell them, or write down why not, first."))
    before = row.state
    row.close()
    row.closed_at = now
    store(row, "closed_at", now=now)
    audit.record(row, LineType.CLOSED, by=by, now=now, from_state=before)
    return row
