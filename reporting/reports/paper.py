"""A report as a paper: PDF/UA."""

from __future__ import annotations

from concerns.reports import pdf
from reporting.reports.shown import Report

TEMPLATE = "report/review_cycle.html"


def as_pdf(report: Report) -> bytes:
    """The whole report, tagged, with its title and language."""
    return pdf.render(TEMPLATE, {"report": report, "confidential": not report.is_public})
