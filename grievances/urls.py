"""Addresses: random ids and fixed words, nothing readable about anybody."""

from django.urls import path

from grievances.views import pages

app_name = "grievances"
urlpatterns = [
    path("grievances/<uuid:grievance>/", pages.page, name="page"),
    path("grievances/<uuid:grievance>/do/<slug:step>/", pages.do, name="do"),
    path("grievances/support/<uuid:concern>/", pages.support, name="support"),
    path("grievances/ties/<uuid:flag>/", pages.flag, name="flag"),
]
