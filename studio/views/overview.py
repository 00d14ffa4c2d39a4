"""The studio's front page, beginning a draft, and what the versions say of each other."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from councils.errors import Refusal
from councils.models import ProtocolVersion
from councils.views._loading import Visit, council_page, done, one
from studio.actions import drafts as actions
from studio.domain.deciding import settings_of
from studio.domain.starting import unadopted
from studio.editing.describing import changes, reading
from studio.editing.gaps import choice_label
from studio.editing.problems import problems_of, standings
from studio.forms.drafts import BringFileForm, StartForm
from studio.models import Decision, DraftStatus, ProtocolDraft
from studio.queries import drafts as reads
from studio.queries import sources
from studio.views._drafts import form_page, studio_url
from studio.views.drafts import yaml_answer

FORM = ["GET", "HEAD", "POST"]


@require_safe
@council_page(admin=True)
def overview(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The drafts, the version in force, and what is missing from it."""
    rows = ProtocolDraft.objects.filter(council=visit.council).exclude(status=DraftStatus.DISCARDED).select_related("version").order_by("-changed_at")
    drafts = [
        {"draft": row, "errors": sum(found.is_error for found in problems_of(row.config)), "is_open": row.is_open}
        for row in rows
        if row.is_open or (row.version and row.version.status == "DRAFT")
    ]
    version = visit.version
    undecided = [one for one in settings_of(version.config) if not one.choice] if version else []
    context = {
        **visit.context,
        "drafts": drafts,
        "version": version,
        "missing": [one for one in standings(version.config, version.protocol) if one.section.code != "record" and (not one.count or one.unwritten)] if version else [],
        "problems": list(problems_of(unadopted(version.config))) if version else [],
        "undecided": len(undecided),
        "waiting": ProtocolVersion.objects.filter(council=visit.council, status="APPROVED").defer("config"),
    }
    return render(request, "studio/overview.html", context)


@require_http_methods(FORM)
@council_page(admin=True)
def start(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Begin a draft: from the version in force, the plain protocol or another council's, with the council's own clauses or not."""
    chosen = request.GET.dict()
    if "document" in chosen:  # one's own words with another's rules would cite clauses that aren't there
        chosen.setdefault("begins_with", sources.PLAIN)
    form = StartForm(request.POST if request.method == "POST" else None, sources=_offered(visit), documents=_documents(visit), chosen=chosen)
    if request.method == "POST" and form.is_valid():
        try:
            draft = actions.start_draft(council=visit.council, by=visit.person, now=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.message))
        else:
            to = "studio:draft-about" if draft.document_id else "studio:draft"
            return done(request, _("The draft is begun. Nothing of it applies before the council has adopted it."), to, key=visit.council.key, draft=draft.pk)
    return form_page(request, visit, form, title=_("Begin a draft"), button=_("Begin"), back_url=studio_url(visit, "overview"))


def _offered(visit: Visit) -> list[tuple[str, Any, Any]]:
    offered: list[tuple[str, Any, Any]] = []
    if visit.version:
        offered.append(("in_force", _("The version in force"), _("The usual way to amend what you have.")))
    offered.append((sources.PLAIN, _("A plain protocol"), _("Short and complete, nobody’s in particular.")))
    for shape in sources.shapes():
        number = ngettext("%d clause", "%d clauses", shape.clauses) % shape.clauses
        offered.append((f"{actions.SHAPE}{shape.code}", _("The protocol of %s") % shape.name, number))
    return offered


def _documents(visit: Visit) -> list[tuple[str, Any]]:
    return [(str(row.pk), row.title) for row in sources.documents(visit.council)]


@require_http_methods(FORM)
@council_page(admin=True)
def bring_file(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Bring a protocol as a YAML file; it becomes a draft."""
    form = BringFileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        try:
            draft = actions.import_draft(council=visit.council, by=visit.person, now=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("file", str(refusal.message))
            for problem in refusal.problems:
                form.add_error(None, problem)
        else:
            return done(request, _("The file is taken over as a draft."), "studio:draft", key=visit.council.key, draft=draft.pk)
    return form_page(request, visit, form, title=_("Bring a protocol file"), button=_("Take it over"), back_url=studio_url(visit, "overview"), is_upload=True)


@require_safe
@council_page(admin=True)
def version_differences(request: HttpRequest, visit: Visit, version: UUID) -> HttpResponse:
    """What a version changed of the one before; `?against=` names another."""
    rows = ProtocolVersion.objects.filter(council=visit.council, is_demonstration=False)
    row = one(ProtocolVersion.objects.filter(council=visit.council), version)
    others = rows.exclude(pk=row.pk).order_by("-created_at")
    wanted = request.GET.get("against", "")
    base = next((other for other in others if str(other.pk) == wanted), None) or reads.version_before(row)
    context = {
        **visit.context, "version": row, "after": row.label, "base": base, "others": others, "found": changes(base.config, row.config) if base else (),
        "protocol_shown": reading(row.config), "amendment": reads.amendment_of(row),
    }  # fmt: skip
    return render(request, "studio/differences.html", context)


@require_safe
@council_page(admin=True)
def version_export(request: HttpRequest, visit: Visit, version: UUID) -> HttpResponse:
    """A version as a file."""
    return yaml_answer(visit, one(ProtocolVersion.objects.filter(council=visit.council), version).config)


@require_safe
@council_page(admin=True)
def record(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The amendment record: every version with body, date, minute and what it changed, and the decisions on gaps."""
    context = {
        **visit.context,
        "lines": reads.amendment_record(visit.council),
        "decisions": [
            {"question": row.question, "label": choice_label(row.choice), "body": row.body, "decided_on": row.decided_on, "minute_ref": row.minute_ref}
            for row in Decision.objects.filter(council=visit.council).order_by("-recorded_at")
        ],
    }
    return render(request, "studio/record.html", context)
