"""Reading a council's protocol: its standing, clauses, routes in words, and the law that lies over it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from councils import actions, review_words, wording
from councils.forms.protocol import ApproveForm, BringIntoForceForm
from councils.law import Law, LawItem, load
from councils.models import ProtocolStatus, ProtocolVersion
from councils.protocol import Clause, Protocol, read_yaml, reviewing
from councils.views._loading import Visit, carry_out, council_page, done, form_page, one, protocol_navigation


@require_safe
@council_page()
def protocol(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The protocol in force; where there is none, the newest draft, marked as one."""
    version = visit.version or _versions(visit).first()
    if version is None:
        return render(request, "councils/protocol_none.html", visit.context)
    return _reading(request, visit, version)


@require_safe
@council_page()
def protocol_version(request: HttpRequest, visit: Visit, version: UUID) -> HttpResponse:
    """Any one version, in the same view."""
    return _reading(request, visit, one(_versions(visit), version))


@require_safe
@council_page()
def protocol_versions(request: HttpRequest, visit: Visit) -> HttpResponse:
    """All versions with their standing; the administrator's next steps."""
    context = {**visit.context, "versions": _versions(visit).defer("config"), "sub_nav": protocol_navigation(visit, "protocol-versions")}
    return render(request, "councils/protocol_versions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@council_page(admin=True)
def approve(request: HttpRequest, visit: Visit, version: UUID) -> HttpResponse:
    """Record who approved a draft, when, and in which minute."""
    row = one(_versions(visit).filter(status=ProtocolStatus.DRAFT, is_demonstration=False), version)
    form = ApproveForm(request.POST or None)
    if request.method == "POST" and carry_out(form, actions.approve_protocol, by=visit.person, version=row):
        return done(request, _("The approval is recorded."), "councils:protocol-versions", key=visit.council.key)
    return form_page(
        request,
        visit,
        form,
        title=_("Record the approval of “%s”") % row.label,
        button=_("Record the approval"),
        back="protocol-versions",
        warning=_("Once approved, this version can no longer be changed."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@council_page(admin=True)
def bring_into_force(request: HttpRequest, visit: Visit, version: UUID) -> HttpResponse:
    """Bring an approved version into force; the one before is superseded."""
    row = one(_versions(visit).filter(status=ProtocolStatus.APPROVED), version)
    form = BringIntoForceForm(request.POST or None, initial={"in_force_from": visit.on})
    if request.method == "POST" and carry_out(form, actions.bring_into_force, by=visit.person, version=row):
        return done(request, _("The protocol is in force."), "councils:protocol-versions", key=visit.council.key)
    return form_page(
        request,
        visit,
        form,
        title=_("Bring “%s” into force") % row.label,
        button=_("Bring into force"),
        back="protocol-versions",
        warning=_("Concerns raised before keep the version they were raised under. The version now in force is superseded."),
    )


@lru_cache(maxsize=1)
def _law_text() -> str:
    return (settings.BASE_DIR / "fixtures" / "law.yaml").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def law_layer() -> Law:
    """The law that lies over every protocol, read once."""
    return load(_law_text())


@lru_cache(maxsize=1)
def _law_titles() -> dict[str, str]:
    return {str(item["id"]): str(item.get("title", "")) for item in read_yaml(_law_text(), name="law.yaml")["items"]}


def _law_entry(item: LawItem) -> dict[str, Any]:
    return {
        "id": item.id,
        "title": _law_titles().get(item.id, ""),
        "kind": item.kind,
        "effect": item.effect,
        "source": item.source,
        "start": item.start,
    }


def _versions(visit: Visit) -> Any:
    return ProtocolVersion.objects.filter(council=visit.council).order_by("-created_at")


def _reading(request: HttpRequest, visit: Visit, version: ProtocolVersion) -> HttpResponse:
    protocol = version.protocol
    law = law_layer()
    context = {
        **visit.context,
        "version": version,
        "protocol": protocol,
        "headings": _by_heading(protocol),
        "routes": _by_stage(protocol),
        "law_now": [_law_entry(item) for item in law.in_force(visit.council.jurisdiction, visit.on)],
        "law_off": [_law_entry(item) for item in _not_in_force(law, visit)],
        "review": [(row, review_words.why(row)) for row in reviewing.schedule(protocol, adopted_on=version.approved_on)],
        "sub_nav": protocol_navigation(visit, "protocol"),
    }
    return render(request, "councils/protocol.html", context)


def _by_heading(protocol: Protocol) -> list[tuple[str, list[Clause]]]:
    """Clauses in order, consecutive ones under one heading together."""
    groups: list[tuple[str, list[Clause]]] = []
    for clause in protocol.clauses.values():
        if clause.parent and not clause.gist:
            continue
        if not groups or (groups[-1][0] != clause.heading and clause.heading):
            groups.append((clause.heading, []))
        groups[-1][1].append(clause)
    return groups


def _by_stage(protocol: Protocol) -> list[tuple[str, list[wording.RouteInWords]]]:
    """Routes in words, grouped by the stage they belong to, in the protocol's order."""
    groups: dict[str, list[wording.RouteInWords]] = {}
    for route in protocol.routes:
        words = wording.route_in_words(route, protocol)
        groups.setdefault(words.stage, []).append(words)
    return list(groups.items())


def _not_in_force(law: Law, visit: Visit) -> list[Any]:
    """Items of this jurisdiction that don't apply yet or any more."""
    now = {item.id for item in law.in_force(visit.council.jurisdiction, visit.on)}
    here = visit.council.jurisdiction.lower()
    return [item for item in law.items if item.id not in now and item.jurisdiction.lower() in {"both", "ew", "england and wales", here}]
