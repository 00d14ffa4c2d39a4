"""Asking for reports, and making one: claimed with a lease, its progress kept, finished once."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from councils import queries as councils
from councils.errors import Refusal
from councils.models import Council, Person
from reporting import queries
from reporting.domain import periods
from reporting.domain.counting import Fact
from reporting.domain.periods import Period
from reporting.domain.suppression import LIMIT, rounded
from reporting.enums import Audience, RunStatus
from reporting.models import ReportRun
from reporting.reports import content

LEASE = timedelta(minutes=2)
ATTEMPTS = 3
BATCH = 50  # concerns counted before the progress is written down


@transaction.atomic
def ask(*, council: Council, by: Person, now: datetime, period: Period, audiences: Iterable[str]) -> list[ReportRun]:
    """Ask for the report of a period, for these readers. One that is there already stays as it is; one that failed begins anew.

    Raises Refusal when ``by`` doesn't keep the council's records, or the period hasn't ended or isn't one of those offered.
    """
    today = timezone.localdate(now)
    if not councils.is_admin(by, council, on=today):
        raise Refusal(_("Only an administrator of the council can ask for its reports."))
    if period not in periods.offered(today):
        raise Refusal(_("Choose one of the periods offered: only a year that has ended can be reported."), field="period")
    wanted = [Audience(code) for code in dict.fromkeys(audiences)]
    if not wanted:
        raise Refusal(_("Choose who the report is for."), field="audiences")
    made = []
    for number, audience in enumerate(wanted):
        run, _created = ReportRun.objects.get_or_create(
            council=council, starts_on=period.starts_on, ends_on=period.ends_on, audience=audience.value,
            defaults={"asked_by": by, "asked_at": now + timedelta(microseconds=number)},
        )  # fmt: skip
        ReportRun.objects.filter(pk=run.pk, status=RunStatus.FAILED).update(
            status=RunStatus.WAITING, attempts=0, steps_done=0, claimed_until=None, lease=None, asked_by=by, asked_at=now
        )
        made.append(run)
    return made


@transaction.atomic
def claim(*, now: datetime) -> ReportRun | None:
    """Take the next report that nobody is making; None when there is none. One that was begun three times in vain has failed.

    Inside system work. Its concerns are counted once here, so that its progress has an end; how far it is says no more of
    their number than the report does (``pieces``).
    """
    run = queries.next_run(now=now)
    while run is not None and run.attempts >= ATTEMPTS:
        ReportRun.objects.filter(pk=run.pk).update(status=RunStatus.FAILED, claimed_until=None, lease=None)
        run = queries.next_run(now=now)
    if run is None:
        return None
    run.status, run.lease, run.claimed_until = RunStatus.RUNNING.value, uuid.uuid4(), now + LEASE
    run.attempts, run.steps_done = run.attempts + 1, 0
    run.steps = pieces(len(queries.concerns(run.council, content.period_of(run)))) + 1
    run.save(update_fields=["status", "lease", "claimed_until", "attempts", "steps", "steps_done"])
    return run


def pieces(number: int) -> int:
    """Takes how many concerns there are; returns in how many pieces they are counted, as their rounded number says. One, where there are none."""
    return max(1, -(-(rounded(number, LIMIT) or 0) // BATCH))


def go_on(run: ReportRun, *, done: int, now: datetime) -> bool:
    """Write down how many pieces are done and hold it longer. False when somebody else has taken it over: then stop."""
    held = ReportRun.objects.filter(pk=run.pk, lease=run.lease, status=RunStatus.RUNNING)
    return bool(held.update(steps_done=min(done, run.steps - 1), claimed_until=now + LEASE))


@transaction.atomic
def finish(run: ReportRun, facts: Iterable[Fact], *, now: datetime) -> bool:
    """Protect what was counted and keep that. False when somebody else has taken it over: then nothing is kept."""
    held = ReportRun.objects.select_for_update(of=("self",)).filter(pk=run.pk, lease=run.lease, status=RunStatus.RUNNING)
    if not held.exists():
        return False
    made = content.make(run, facts)
    held.update(
        status=RunStatus.DONE, content=made, finished_at=now, steps_done=run.steps, claimed_until=None, lease=None
    )
    return True
