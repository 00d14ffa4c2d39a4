"""Addresses of the studio: a council's key, ids and fixed words."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "studio"
STUDIO = "c/<slug:key>/studio/"

urlpatterns: list[URLPattern | URLResolver] = []
