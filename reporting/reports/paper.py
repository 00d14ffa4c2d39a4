"""A report as a paper: PDF/UA, the public's is made once for what it says and kept for a day, as anybody may ask for it."""

from __future__ import annotations

from concerns.reports import pdf
from reporting.reports.shown import Report
from studio.reports import papers

TEMPLATE = "report/review_cycle.html"


def as_pdf(report: Report) -> bytes:
    """The whole report, tagged, with its title and language."""
    context = {"report": report, "confidential": not report.is_public}
    return papers.made(TEMPLATE, context) if report.is_public else pdf.render(TEMPLATE, context)
