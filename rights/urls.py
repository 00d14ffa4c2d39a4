"""Addresses: random ids and fixed words, nothing readable about anybody."""

from django.urls import path

from rights.views import asking, council, matters

app_name = "rights"
COUNCIL = "c/<slug:key>/records/"

urlpatterns = [
    path(COUNCIL, council.hub, name="council"),
    path(f"{COUNCIL}keepers/add/", council.keeper_add, name="keeper-add"),
    path(f"{COUNCIL}keepers/<uuid:keeper>/end/", council.keeper_end, name="keeper-end"),
    path(f"{COUNCIL}kept/<slug:outcome>/", council.retention, name="retention"),
    path(f"{COUNCIL}hold/", council.hold, name="council-hold"),
    path(f"{COUNCIL}register/", council.processing, name="register"),
    path(f"{COUNCIL}breach/", asking.breach, name="breach-new"),
    path("data-rights/ask/<slug:key>/", asking.ask, name="access-new"),
    path("public/<slug:key>/data-complaint/", asking.complain, name="complaint-new"),
    path("concerns/<uuid:concern>/keep/", asking.keep, name="concern-hold"),
    path("data-rights/cases/<uuid:row>/", matters.disposal, name="disposal"),
    path("data-rights/cases/<uuid:row>/do/<slug:action>/", matters.disposal_do, name="disposal-do"),
    path("data-rights/requests/<uuid:row>/", matters.access_page, name="access"),
    path("data-rights/requests/<uuid:row>/do/<slug:action>/", matters.access_do, name="access-do"),
    path("data-rights/requests/<uuid:row>/items/<uuid:item>/", matters.item, name="access-item"),
    path("data-rights/requests/<uuid:row>/items/<uuid:item>/file/", matters.item_file, name="access-item-file"),
    path("data-rights/requests/<uuid:row>/fetch/", matters.download, name="access-fetch"),
    path("data-rights/complaints/<uuid:row>/", matters.complaint, name="complaint"),
    path("data-rights/complaints/<uuid:row>/do/<slug:action>/", matters.complaint_do, name="complaint-do"),
    path("data-rights/breaches/<uuid:row>/", matters.breach, name="breach"),
    path("data-rights/breaches/<uuid:row>/do/<slug:action>/", matters.breach_do, name="breach-do"),
]
