"""The reports that a council has published: no signing in, the protected numbers for the public, nothing else. Anything else is one 404."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from councils.views._loading import one
from reporting import queries, wording
from reporting.enums import Format
from reporting.models import ReportRun
from reporting.reports.shown import shown
from reporting.views.reports import file_of
from studio.reports.publication import Published
from studio.views.public import public_context, public_page

OFFERED = (Format.PDF, Format.CSV)


def _load(published: Published, run: UUID) -> ReportRun:
    found: ReportRun = one(queries.published(published.council), run)
    return found


@require_safe
@public_page
def listing(request: HttpRequest, published: Published, on: date) -> HttpResponse:
    """The reports that are published. Raises Http404 where none is."""
    rows = [
        {"run": run, "period": wording.period(run.starts_on, run.ends_on)} for run in queries.published(published.council).defer("content")
    ]  # fmt: skip
    if not rows:
        raise Http404
    return render(request, "reporting/public_list.html", {**public_context(published, "reporting:public"), "rows": rows})


@require_safe
@public_page
def report(request: HttpRequest, published: Published, on: date, run: UUID) -> HttpResponse:
    """A published report."""
    context = {**public_context(published, "reporting:public"), "report": shown(_load(published, run))}
    return render(request, "reporting/public_report.html", context)


@require_safe
@public_page
def download(request: HttpRequest, published: Published, on: date, run: UUID, format: str) -> HttpResponse:
    """A published report as a PDF or its tables as CSV."""
    found = _load(published, run)
    if format not in list(OFFERED):
        raise Http404
    return file_of(found, Format(format))
