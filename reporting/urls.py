"""Addresses of the reports: a council's key, ids and fixed words."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "reporting"
REPORTS = "c/<slug:key>/reports/"

urlpatterns: list[URLPattern | URLResolver] = []
