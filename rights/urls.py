"""Addresses: random ids and fixed words, nothing readable about anybody."""

from django.urls import URLPattern

app_name = "rights"
urlpatterns: list[URLPattern] = []
