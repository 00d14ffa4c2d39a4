"""Addresses: random ids and fixed words, nothing readable about anybody.

Under ``told/`` are the subject's: no id of the concern is ever in them.
"""

from django.urls import path

from disclosures.views import discipline, telling, told

app_name = "disclosures"
MINE = "told/<uuid:disclosure>/"
ON = "concerns/<uuid:concern>/told/"
ONE = f"{ON}<uuid:disclosure>/"

urlpatterns = [
    path("told/", told.listing, name="told-list"),
    path(MINE, told.page, name="told"),
    path(f"{MINE}answer/", told.answer, name="told-answer"),
    path(f"{MINE}papers/", told.add_paper, name="told-papers"),
    path(f"{MINE}papers/<uuid:paper>/", told.paper, name="told-paper"),
    path(f"{MINE}disclosed/<uuid:paper>/", told.disclosed, name="told-disclosed"),
    path(f"{MINE}companion/", told.companion, name="told-companion"),
    path(f"{ON}new/", telling.new, name="telling-new"),
    path(ONE, telling.page, name="telling"),
    path(f"{ONE}write/", telling.write, name="telling-write"),
    path(f"{ONE}disclose/", telling.disclose, name="telling-disclose"),
    path(f"{ONE}discard/", telling.discard, name="telling-discard"),
    path(f"{ONE}close/", telling.close, name="telling-close"),
    path(f"{ONE}papers/<uuid:paper>/", telling.paper, name="telling-paper"),
    path("concerns/<uuid:concern>/discipline/began/", discipline.began, name="discipline-began"),
    path("concerns/<uuid:concern>/discipline/over/", discipline.over, name="discipline-over"),
]
