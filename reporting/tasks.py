"""Making reports. A wake-up without arguments: what is asked for is read from PostgreSQL."""

from celery import shared_task
from django.utils import timezone

from councils.rls import system_work
from reporting import queries
from reporting.actions import runs
from reporting.domain.counting import Fact
from reporting.models import ReportRun
from reporting.reports.content import period_of


@shared_task(name="reporting.tasks.make_reports", ignore_result=True)
def make_reports() -> None:
    """Make every report that was asked for, one after the other. Any number may run at once; what breaks off is begun anew."""
    while True:
        with system_work():
            run = runs.claim(now=timezone.now())
        if run is None:
            return
        make(run)


def make(run: ReportRun) -> bool:
    """Count a claimed report a batch at a time, its progress written down after each, and finish it. False when it was taken over."""
    period = period_of(run)
    with system_work():
        pks = queries.concerns(run.council, period)
    facts: list[Fact] = []
    for done, first in enumerate(range(0, max(len(pks), 1), runs.BATCH), start=1):  # one piece where there is nothing to count, too
        with system_work():
            facts += queries.facts(pks[first : first + runs.BATCH], period)
            if not runs.go_on(run, done=done, now=timezone.now()):
                return False
    with system_work():
        return runs.finish(run, facts, now=timezone.now())
