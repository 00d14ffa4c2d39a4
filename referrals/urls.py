"""Addresses: random ids and fixed words, nothing readable about anybody."""

from django.urls import path

from referrals.views import council, desk

app_name = "referrals"
ONE = "concerns/<uuid:concern>/referral/<uuid:referral>/"
DESK = "referrals/<uuid:referral>/"

urlpatterns = [
    path(ONE, council.page, name="referral"),
    path(f"{ONE}do/<slug:step>/", council.do, name="referral-do"),
    path(f"{ONE}measures/<uuid:measure>/", council.measure, name="referral-measure"),
    path(f"{ONE}papers/<slug:part>/", council.bundle, name="referral-papers"),
    path("referrals/", desk.inbox, name="inbox"),
    path(DESK, desk.page, name="desk"),
    path(f"{DESK}do/<slug:step>/", desk.do, name="desk-do"),
    path(f"{DESK}papers/<slug:part>/", desk.bundle, name="desk-papers"),
]
