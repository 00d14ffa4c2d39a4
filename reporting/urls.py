"""Addresses of the reports: a council's key, ids and fixed words."""

from __future__ import annotations

from django.urls import path

from reporting.views import reports

app_name = "reporting"
REPORTS = "c/<slug:key>/reports/"

urlpatterns = [
    path(REPORTS, reports.listing, name="list"),
    path(f"{REPORTS}ask/", reports.ask, name="ask"),
    path(f"{REPORTS}<uuid:run>/", reports.report, name="report"),
    path(f"{REPORTS}<uuid:run>/<slug:format>/", reports.download, name="download"),
]
