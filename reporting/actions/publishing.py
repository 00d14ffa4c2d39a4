"""Putting a public report on the council's public page, and taking it down again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from councils import queries as councils
from councils.actions.ground import lock_council, record
from councils.errors import Refusal
from councils.models import CouncilEventKind, Person
from reporting import queries
from reporting.enums import Audience, RunStatus
from reporting.models import ReportPublication, ReportRun


@transaction.atomic
def publish(*, run: ReportRun, by: Person, now: datetime) -> ReportPublication:
    """Put a report on the public page, on the council's record. Raises Refusal for one that isn't the public's, isn't made or is there already."""
    _require(run, by, now)
    if run.audience != Audience.PUBLIC:
        raise Refusal(_("Only the report for the public can be published."))
    if run.status != RunStatus.DONE:
        raise Refusal(_("The report isn’t made yet. Wait until it is ready, then read it before you publish it."))
    if queries.publication_of(run) is not None:
        raise Refusal(_("It is published already."))
    row = ReportPublication.objects.create(run=run, council=run.council, published_at=now, published_by=by)
    record(CouncilEventKind.COUNCIL_CHANGED, council=run.council, by=by, now=now, what="report", report=run.pk, published=True)
    return row


@transaction.atomic
def withdraw(*, run: ReportRun, by: Person, now: datetime) -> ReportPublication:
    """Take a report down from the public page; that it was there stays on record. Raises Refusal when it isn't."""
    _require(run, by, now)
    row = queries.publication_of(run)
    if row is None:
        raise Refusal(_("It isn’t published."))
    row.withdrawn_at, row.withdrawn_by = now, by
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    record(CouncilEventKind.COUNCIL_CHANGED, council=run.council, by=by, now=now, what="report", report=run.pk, published=False)
    return row


def _require(run: ReportRun, by: Person, now: datetime) -> None:
    lock_council(run.council)
    if not councils.is_admin(by, run.council, on=timezone.localdate(now)):
        raise Refusal(_("Only an administrator of the council can publish its reports."))
