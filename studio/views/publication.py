"""The pictures of a protocol and its panels, and what the council shows in public: for its administrator."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from councils import law_layer, wording
from councils.models import ProtocolVersion
from councils.protocol import Protocol, ProtocolError, parse
from councils.views._loading import Visit, carry_out, council_page, done, one
from studio.actions.publication import choose_publication
from studio.editing.describing import reading
from studio.editing.spoken import in_full
from studio.forms.publication import PublicationForm
from studio.models import ProtocolDraft, Publication
from studio.reports import panels
from studio.reports.calendar import review_calendar
from studio.reports.maps import route_map_of
from studio.reports.publication import nameable


@require_safe
@council_page(admin=True)
def picture(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The route map of the version in force; where there is none, of the newest."""
    version = visit.version or _newest(visit)
    context = {
        **_drawn(visit, version.protocol if version else None),
        "version": version,
        "calendar": review_calendar(visit.council, on=visit.on),
        "drafts": ProtocolDraft.objects.filter(council=visit.council, status="OPEN").defer("config"),
    }
    return render(request, "studio/picture.html", context)


@require_safe
@council_page(admin=True)
def picture_draft(request: HttpRequest, visit: Visit, draft: UUID) -> HttpResponse:
    """The route map of a draft, as far as it can be read."""
    row = one(ProtocolDraft.objects.filter(council=visit.council), draft)
    problems: list[str] = []
    protocol = None
    try:
        protocol = parse(row.config)
    except ProtocolError as error:
        here = reading(row.config)
        problems = [in_full(problem, here) for problem in error.problems[:20]]
    return render(request, "studio/picture.html", {**_drawn(visit, protocol), "draft": row, "problems": problems})


@require_safe
@council_page(admin=True)
def panel_feasibility(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Who could sit on a panel today, and who would be left for an appeal."""
    version = visit.version or _newest(visit)
    found = panels.panels_of(visit.council, version, on=visit.on) if version else None
    context = {**visit.context, "panels": found, "warning": panels.sentence(found.whole) if found else ""}
    return render(request, "studio/picture_panels.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@council_page(admin=True)
def publication(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What is public of this council's protocol, and how to change that."""
    row = Publication.objects.filter(council=visit.council).first() or Publication(council=visit.council)
    version = visit.version
    roles = [(role, wording.role_label(role, visit.protocol)) for role in nameable(visit.protocol)] if visit.protocol else []
    initial = {
        "is_public": "yes" if row.is_public else "no",
        "named_roles": row.named_roles,
        "contact": row.contact,
        "document": row.document_id,
        "revision": row.revision,
    }
    form = PublicationForm(request.POST if request.method == "POST" else None, council=visit.council, roles=roles, initial=initial)
    if request.method == "POST" and carry_out(form, choose_publication, by=visit.person, council=visit.council):
        return done(request, _("Your choice is kept. The public pages show it now."), "studio:publication", key=visit.council.key)
    context = {**visit.context, "form": form, "version": version, "row": row}
    return render(request, "studio/publication.html", context, status=422 if form.errors else 200)


def _newest(visit: Visit) -> ProtocolVersion | None:
    return ProtocolVersion.objects.filter(council=visit.council).order_by("-created_at").first()


def _drawn(visit: Visit, protocol: Protocol | None) -> dict[str, Any]:
    law = law_layer.in_force(visit.council.jurisdiction, visit.on)
    return {**visit.context, "drawn": protocol, "map": route_map_of(protocol, law) if protocol else None}
