"""Addresses: random ids and fixed words, nothing readable about anybody."""

from django.urls import URLPattern

app_name = "disclosures"
urlpatterns: list[URLPattern] = []
