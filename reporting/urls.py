"""Addresses of the reports: a council's key, ids and fixed words."""

from __future__ import annotations

from django.urls import path

from reporting.views import public, reports

app_name = "reporting"
REPORTS = "c/<slug:key>/reports/"
PUBLIC = "public/<slug:key>/reports/"  # without signing in

urlpatterns = [
    path(REPORTS, reports.listing, name="list"),
    path(f"{REPORTS}ask/", reports.ask, name="ask"),
    path(f"{REPORTS}<uuid:run>/", reports.report, name="report"),
    path(f"{REPORTS}<uuid:run>/publish/", reports.publish, name="publish"),
    path(f"{REPORTS}<uuid:run>/withdraw/", reports.withdraw, name="withdraw"),
    path(f"{REPORTS}<uuid:run>/<slug:format>/", reports.download, name="download"),
    path(PUBLIC, public.listing, name="public"),
    path(f"{PUBLIC}<uuid:run>/", public.report, name="public-report"),
    path(f"{PUBLIC}<uuid:run>/<slug:format>/", public.download, name="public-download"),
]
