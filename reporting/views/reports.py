"""The reports of a council: which there are, asking for one, looking how far it is, reading it and taking it away."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from concerns.views.documents import attachment
from councils.errors import Refusal
from councils.views._loading import Visit, carry_out, council_page, done
from reporting import queries, wording
from reporting.actions import publishing, runs
from reporting.domain import periods
from reporting.enums import Audience, Format, RunStatus
from reporting.forms.asking import AskForm
from reporting.models import ReportRun
from reporting.reports import paper, tables
from reporting.reports.content import period_of
from reporting.reports.shown import Report, shown
from reporting.views._loading import load_run, reports_page

LOOK_AGAIN = "3"  # seconds
TYPES = {
    Format.PDF: "application/pdf",
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MAKE: dict[Format, Callable[[Report], bytes]] = {
    Format.PDF: paper.as_pdf,
    Format.CSV: tables.as_csv,
    Format.XLSX: lambda report: tables.as_xlsx(report, at=report.run.finished_at),
}


@require_safe
@reports_page
def listing(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Every report there is, the latest period first."""
    public = set(queries.published(visit.council).values_list("pk", flat=True))
    rows = [{**_line(run), "is_published": run.pk in public} for run in queries.runs_of(visit.council).defer("content")]
    return render(request, "reporting/list.html", {**visit.context, "rows": rows})


def _line(run: ReportRun) -> dict[str, object]:
    label, colour = wording.STATUS[RunStatus(run.status)]
    return {
        "run": run, "period": wording.period(run.starts_on, run.ends_on), "audience": wording.audience(run.audience), "status": label,
        "colour": colour,
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@council_page(admin=True)
def ask(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Ask for the report of a period, for one reader or more."""
    offered = periods.offered(visit.on)
    form = AskForm(request.POST if request.method == "POST" else None, today=visit.on, offered=offered)
    if request.method == "POST" and carry_out(form, runs.ask, by=visit.person, council=visit.council):
        return done(request, _("The report is being made. This may take a minute."), "reporting:list", key=visit.council.key)
    context = {**visit.context, "form": form, "back_url": reverse("reporting:list", kwargs={"key": visit.council.key})}
    return render(request, "reporting/ask.html", context, status=422 if form.errors else 200)


@require_safe
@reports_page
def report(request: HttpRequest, visit: Visit, run: UUID) -> HttpResponse:
    """A report; while it is being made, how far it is."""
    found = load_run(visit, run)
    context = {**visit.context, "line": _line(found), "run": found}
    if found.status == RunStatus.DONE:
        context |= {"publication": queries.publication_of(found), "may_publish": visit.is_admin and found.audience == Audience.PUBLIC}
        return render(request, "reporting/report.html", {**context, "report": shown(found)})
    answer = render(request, "reporting/progress.html", {**context, "percent": 100 * found.steps_done // max(found.steps, 1)})
    if found.status != RunStatus.FAILED:
        answer["Refresh"] = LOOK_AGAIN
    return answer


@require_POST
@council_page(admin=True)
def publish(request: HttpRequest, visit: Visit, run: UUID) -> HttpResponse:
    """Put a public report on the public page."""
    return _press(request, visit, run, publishing.publish, _("The report is on the council’s public page now."))


@require_POST
@council_page(admin=True)
def withdraw(request: HttpRequest, visit: Visit, run: UUID) -> HttpResponse:
    """Take it down."""
    return _press(request, visit, run, publishing.withdraw, _("The report isn’t on the public page any more."))


def _press(request: HttpRequest, visit: Visit, run: UUID, action: Callable[..., object], words: str) -> HttpResponse:
    """One press of a button; a refusal is said on the page it goes back to."""
    found = load_run(visit, run)
    try:
        action(run=found, by=visit.person, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, words)
    return redirect("reporting:report", key=visit.council.key, run=run)


@require_safe
@reports_page
def download(request: HttpRequest, visit: Visit, run: UUID, format: str) -> HttpResponse:
    """A report to take away. Its name says which it is, and nothing of what is in it."""
    found = load_run(visit, run)
    if format not in list(Format):
        raise Http404
    if found.status != RunStatus.DONE:
        return redirect("reporting:report", key=visit.council.key, run=run)
    return file_of(found, Format(format))


def file_of(found: ReportRun, kind: Format) -> HttpResponse:
    """A report that is done as a file. Its name says which it is, and nothing of what is in it."""
    name = f"protocol-report-{period_of(found).code}-{found.audience.replace('_', '-')}.{kind.value}"
    return attachment(MAKE[kind](shown(found)), TYPES[kind], name)
