"""Addresses of the studio: a council's key, ids and fixed words."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from studio.views import public, publication

app_name = "studio"
STUDIO = "c/<slug:key>/studio/"
PUBLIC = "public/<slug:key>/"

urlpatterns: list[URLPattern | URLResolver] = []

# Pictures, and the adopted protocol as a publication; what begins with PUBLIC needs no signing in.
urlpatterns += [
    path(f"{STUDIO}picture/", publication.picture, name="picture"),
    path(f"{STUDIO}picture/<uuid:draft>/", publication.picture_draft, name="picture-draft"),
    path(f"{STUDIO}panels/", publication.panel_feasibility, name="panels"),
    path(f"{STUDIO}publication/", publication.publication, name="publication"),
    path(PUBLIC, public.protocol, name="public"),
    path(f"{PUBLIC}protocol.pdf", public.paper, name="public-paper"),
    path(f"{PUBLIC}who-to-go-to/", public.notice, name="public-notice"),
    path(f"{PUBLIC}who-to-go-to/<slug:size>.pdf", public.notice_paper, name="public-notice-paper"),
    path(f"{PUBLIC}register/", public.public_register, name="public-register"),
]
