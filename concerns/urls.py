"""Addresses of the casework: random ids and fixed words, nothing readable about anybody."""

from django.urls import path

from concerns.views import delivery, documents, glass, handing, home, listing, page, raising, sending, steps

app_name = "concerns"
DRAFT = "concerns/drafts/<uuid:concern>/"
ONE = "concerns/<uuid:concern>/"

urlpatterns = [
    path("", home.home, name="home"),
    path("concerns/", listing.listing, name="list"),
    path("undelivered/", delivery.undelivered, name="undelivered"),
    path("undelivered/<uuid:concern>/<uuid:person>/", delivery.settle, name="settle"),
    path("concerns/new/", raising.new, name="new"),
    path("concerns/new/<slug:key>/", raising.new_in, name="new-in"),
    path("hand-over/", handing.hand_over, name="hand-over"),
    path("access/", glass.requests, name="glass-list"),
    path("access/new/<slug:key>/", glass.ask, name="glass-new"),
    path("access/<uuid:request_id>/", glass.request, name="glass"),
    path("access/<uuid:request_id>/end/", glass.end, name="glass-end"),
    path(f"{DRAFT}who/", raising.who, name="draft-who"),
    path(f"{DRAFT}where/", raising.where, name="draft-where"),
    path(f"{DRAFT}concern/", raising.writing, name="draft-writing"),
    path(f"{DRAFT}check/", sending.check, name="draft-check"),
    path(f"{DRAFT}elsewhere/", sending.elsewhere, name="draft-elsewhere"),
    path(f"{DRAFT}delete/", raising.delete, name="draft-delete"),
    path(f"{DRAFT}files/<uuid:document>/remove/", raising.remove_file, name="draft-file-remove"),
    path(ONE, page.page, name="page"),
    path(f"{ONE}sent/", sending.sent, name="sent"),
    path(f"{ONE}circle/", page.circle, name="circle"),
    path(f"{ONE}documents/<uuid:document>/", documents.original, name="document"),
    path(f"{ONE}documents/<uuid:document>/copies/new/", documents.new_copy, name="copy-new"),
    path(f"{ONE}documents/<uuid:document>/copies/<uuid:copy>/", documents.copy, name="copy"),
    path(f"{ONE}do/<slug:action>/", steps.do, name="do"),
]
