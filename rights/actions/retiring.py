"""The clock's own steps with cases whose time is over. Inside system work."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from concerns import rooms
from concerns.enums import NoticeKind, State
from concerns.models import Concern
from concerns.outbox import put
from councils.models import Council, Person
from councils.rls import current_person, set_person
from information.enums import WAITING
from information.models import AccessRequest
from rights import audit, queries
from rights.actions.verbs import store, verb
from rights.domain import retention
from rights.enums import DisposalState, LineType, OutcomeClass, Step
from rights.models import Disposal, DraftWarning, LegalHold, RetentionRule, SubjectRequest

PACKAGE_KEPT = timedelta(days=90)
DUE = """
SELECT c.id, c.council_id, rights_class(c), extract(year FROM c.closed_at AT TIME ZONE 'Europe/London')::int, rights_due(c.id) FROM concerns_concern c
 WHERE c.closed_at IS NOT NULL AND rights_due(c.id) <= %s AND NOT EXISTS (SELECT FROM rights_disposal d WHERE d.case_id = c.id AND d.state <> 'ENDED')
 ORDER BY c.closed_at
"""


@verb(Step.OPEN_DISPOSAL, LineType.OPENED)
def open_disposal(*, case: UUID, council_id: UUID, outcome: str, year: int, due_on: date, by: Person | None, now: datetime) -> Disposal:
    """A case's time is over: records keepers who aren't a party to it are shown that one is, and nothing of it."""
    row = Disposal.objects.create(
        council_id=council_id, case_id=case, outcome_class=outcome, closed_year=year, due_on=due_on, opened_at=now, updated_at=now
    )
    rooms.mark(audit.ROOM, row.pk, now=now)
    return row


@verb(Step.END_DISPOSAL, LineType.ENDED)
def end_disposal(*, row_id: UUID, by: Person | None, now: datetime) -> Disposal | None:
    """The case was opened again, or is kept longer than thought: it isn't due any more. None where it still is."""
    row = Disposal.objects.select_for_update(of=("self",)).get(pk=row_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT rights_due(%s) <= %s", [row.case_id, timezone.localdate(now)])
        (due,) = cursor.fetchone()
    if due and Concern.objects.filter(pk=row.case_id, closed_at__isnull=False).exists():
        return None
    before = row.state
    row.end()
    store(row, now=now)
    audit.record(row, LineType.ENDED, by=by, now=now, from_state=before)
    return row


def look_at_all(*, now: datetime) -> None:
    """Every council's schedule is written down, what is due is opened, what isn't any more is ended, and copies given out long ago go."""
    stored = set(RetentionRule.objects.values_list("council_id", "outcome_class"))
    missing = [
        RetentionRule(council=council, outcome_class=outcome, months=queries.shipped_months(outcome), set_at=now)
        for council in Council.objects.all()
        for outcome in OutcomeClass
        if (council.pk, outcome.value) not in stored
    ]
    RetentionRule.objects.bulk_create(missing, ignore_conflicts=True)
    for disposal in Disposal.objects.filter(state__in=[DisposalState.DUE, DisposalState.ASKED]):
        end_disposal(row_id=disposal.pk, by=None, now=now)
    with connection.cursor() as cursor:
        cursor.execute(DUE, [timezone.localdate(now)])
        due = cursor.fetchall()
    for case, council, outcome, year, day in due:
        open_disposal(case=case, council_id=council, outcome=outcome, year=year, due_on=day, by=None, now=now)
    SubjectRequest.objects.filter(package__isnull=False, closed_at__lt=now - PACKAGE_KEPT).update(package=None)
    look_at_drafts(now=now)
    forget_references(now=now)


def look_at_drafts(*, now: datetime) -> None:
    """Whoever began something and left it is told the day it goes; what they went on with stays; what nobody touched goes.

    Nothing goes while everything of the council is kept for legal reasons, or while its writer waits for their own data.
    """
    today = timezone.localdate(now)
    months = {rule.council_id: rule.months for rule in RetentionRule.objects.filter(outcome_class=OutcomeClass.DRAFT)}
    drafts = {row.pk: row for row in Concern.objects.filter(state=State.DRAFT).select_related("raiser")}
    told = {row.case_id: row for row in DraftWarning.objects.all()}
    over = [row.pk for case, row in told.items() if case not in drafts or drafts[case].updated_at > row.told_at]
    DraftWarning.objects.filter(pk__in=over).delete()
    held = set(LegalHold.objects.filter(case_id__isnull=True, lifted_at__isnull=True).values_list("council_id", flat=True))
    asked = set(SubjectRequest.objects.filter(closed_at__isnull=True).values_list("council_id", "requester_id"))
    for pk, draft in drafts.items():
        if draft.council_id in held or (draft.council_id, draft.raiser_id) in asked:
            continue
        warning = told.get(pk)
        if warning is not None and warning.pk not in over:
            if warning.goes_on <= min(today, datetime.now(UTC).date()):
                drop_draft(case=pk, raiser_id=draft.raiser_id, by=None, now=now)
        elif draft.council_id in months:
            day = retention.draft_goes_on(timezone.localdate(draft.updated_at), months[draft.council_id], today)
            if day is not None:
                DraftWarning.objects.create(case_id=pk, council_id=draft.council_id, told_at=now, goes_on=day)
                put(None, NoticeKind.NEEDS_YOU, to=[draft.raiser], now=now)


@verb(Step.DROP_DRAFT, None)
def drop_draft(*, case: UUID, raiser_id: UUID, by: Person | None, now: datetime) -> None:
    """A draft goes as if its writer had deleted it: by the same function of the database, which takes theirs alone."""
    before = current_person()
    set_person(raiser_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT delete_my_draft(%s)", [case])
    set_person(before)
    DraftWarning.objects.filter(case_id=case).delete()


def forget_references(*, now: datetime) -> None:
    """What a request to see papers said a concern's reference is goes when the request has long been over, whether there is such a concern or not.

    As soon as the concern is destroyed would tell whoever asked that there was one.
    """
    since = now - timedelta(days=31 * queries.least_months())
    decided = Q(closed_at__isnull=True, updated_at__lt=since) & ~Q(state__in=WAITING)
    over = AccessRequest.objects.filter(Q(closed_at__lt=since) | decided, concern_reference__isnull=False)
    over.update(concern_reference=None, concern_key="")
