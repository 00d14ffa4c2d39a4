"""Addresses: random ids and fixed words, nothing readable about anybody."""

from django.urls import path

from information.views import arranging, asking, page, questions

app_name = "information"
DRAFT = "requests/drafts/<uuid:request_id>/"
ONE = "requests/<uuid:request_id>/"
AGREEMENT = "agreements/<uuid:arrangement_id>/"
QUESTION = "questions/<uuid:question_id>/"

urlpatterns = [
    path("requests/", page.listing, name="list"),
    path("requests/new/", asking.new, name="new"),
    path("requests/new/<slug:key>/", asking.new_in, name="new-in"),
    path(f"{DRAFT}what/", asking.what, name="draft-what"),
    path(f"{DRAFT}why/", asking.why, name="draft-why"),
    path(f"{DRAFT}send/", asking.send, name="draft-send"),
    path(f"{DRAFT}delete/", asking.delete, name="draft-delete"),
    path(ONE, page.page, name="page"),
    path(f"{ONE}do/<slug:action>/", page.do, name="do"),
    path("questions/", questions.listing, name="questions"),
    path("questions/new/", questions.new, name="question-new"),
    path("questions/new/<slug:key>/", questions.new_in, name="question-new-in"),
    path("questions/answered/<slug:key>/", questions.published, name="published"),
    path(QUESTION, questions.page, name="question"),
    path(f"{QUESTION}do/<slug:action>/", questions.do, name="question-do"),
    path("agreements/", arranging.listing, name="arrangements"),
    path("agreements/new/<slug:kind>/", arranging.new, name="arrangement-new"),
    path("agreements/new/<slug:kind>/<slug:key>/", arranging.new_in, name="arrangement-new-in"),
    path(AGREEMENT, arranging.page, name="arrangement"),
    path(f"{AGREEMENT}do/<slug:action>/", arranging.do, name="arrangement-do"),
]
