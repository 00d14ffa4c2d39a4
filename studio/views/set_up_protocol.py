"""The protocol in a council's set-up: what it begins with, its rehearsal, its adoption."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from councils.models import Council, ProtocolVersion
from councils.queries import is_admin
from councils.views._loading import carry_out
from studio.actions import drafts
from studio.actions import set_up as steps
from studio.actions import set_up_protocol as actions
from studio.forms.set_up import AdoptForm, RehearsedForm, SourceForm
from studio.importing.giving import clauses
from studio.models import CouncilSetUp
from studio.queries import proof, sources
from studio.queries import set_up as reads
from studio.queries.rehearsals import examples, fingerprint, mended
from studio.reports import panels
from studio.reports import proof as words
from studio.views.set_up import FORM, done, page, set_up_page

DOCUMENT = "document:"


@require_http_methods(FORM)
@set_up_page()
def protocol(request: HttpRequest, row: CouncilSetUp) -> HttpResponse:
    """Choose what the protocol begins with."""
    form = SourceForm(request.POST or None, sources=_offered(row.council), chosen=DOCUMENT + request.GET.get("document", ""))
    if request.method == "POST" and form.is_valid():
        chosen = _chosen(form.cleaned_data.pop("source"))
        if carry_out(form, actions.begin_protocol, by=request.user, set_up=row, **chosen):
            return _begun(request, row)
    draft = reads.open_draft(row.council)
    more = {
        "page": "studio/setup_protocol.html", "draft": draft, "errors": mended(row.council), "import_url": _url("imports", row.council),
        "draft_url": _url("overview", row.council) if draft else "",
        "unchecked": [document for document in sources.documents(row.council) if document.finished_at is None], "put_forward": reads.put_forward(row.council) if draft is None else None,
        "warning": _("There is a draft already. Beginning again sets it aside.") if draft else "",
    }  # fmt: skip
    button = _("Begin again with this") if draft else _("Begin with this")
    return page(request, row, form, title=_("The protocol"), button=button, **more)


def _begun(request: HttpRequest, row: CouncilSetUp) -> HttpResponse:
    """On to what the document says of itself, where one was chosen by somebody who may change drafts."""
    draft = reads.open_draft(row.council)
    if draft is None or draft.document_id is None or not is_admin(request.user, row.council, on=timezone.localdate()):
        return done(request, row, _("The protocol is begun. Next comes who is who."))
    messages.success(request, _("The protocol is begun with your clauses. Look at what your document says of itself."))
    return redirect("studio:draft-about", key=row.council.key, draft=draft.pk)


@require_http_methods(FORM)
@set_up_page()
def rehearsal(request: HttpRequest, row: CouncilSetUp) -> HttpResponse:
    """What would happen, with the people who are there."""
    on = timezone.localdate()
    to_be = reads.protocol_to_be(row.council, on=on)
    if to_be is None:
        return redirect("studio:set-up", set_up=row.pk)
    form = RehearsedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.cleaned_data.clear()
        if carry_out(form, steps.note_rehearsal, by=request.user, set_up=row, fingerprint=fingerprint(row.council, on=on)):
            return done(request, row, _("The rehearsal is looked at. Next comes the adoption."))
    played = proof.rehearse(row.council, on=on, protocol=to_be)
    findings = [item.as_json() for item in played.report.found] if played else []
    missing, draft = reads.who_is_who(row.council, to_be, on=on), reads.open_draft(row.council)
    version = reads.put_forward(row.council) or (ProtocolVersion(council=row.council, config=draft.config) if draft else None)
    more = {
        "page": "studio/setup_rehearsal.html", "drawn": to_be, "missing": missing,
        "panels": panels.sentence(panels.panels_of(row.council, version, on=on).whole) if version and not missing.bodies else "",
        "played": played.report.played if played else 0, "unsafe": played.report.unsafe if played else 0,
        "told": words.told(findings, to_be, proof.names(words.people_in(findings))), "examples": examples(row.council, to_be, on=on),
    }  # fmt: skip
    return page(request, row, form, title=_("Rehearsal"), button=_("Go on"), **more)


@require_http_methods(FORM)
@set_up_page()
def adoption(request: HttpRequest, row: CouncilSetUp) -> HttpResponse:
    """Record the council's adoption; the protocol is in force then."""
    on = timezone.localdate()
    state = fingerprint(row.council, on=on)
    if reads.stale(row, state):
        return redirect("studio:set-up", set_up=row.pk)
    form = AdoptForm(request.POST or None, initial={"approving_body": row.words.get("full_council", ""), "in_force_from": on} | reads.adoption_said(row.council))
    if request.method == "POST" and carry_out(form, actions.adopt_protocol, by=request.user, set_up=row, fingerprint=state):
        return done(request, row, _("The protocol is in force. Concerns can be raised from now on."))
    intro = _("The portal keeps no protocol that nobody adopted. Enter what the minutes say; once it is in force, it can’t be changed, only followed by a new version.")
    untied = reads.rests_on_no_clause(row.council)
    warning = _("Who hears what is the plain protocol’s: no rule rests on one of your own clauses yet. Where your document says otherwise, change the rule in the studio first.") if untied else ""
    return page(request, row, form, title=_("Adoption"), button=_("Bring it into force"), intro=intro, warning=warning)


def _offered(council: Council) -> list[tuple[str, Any, Any]]:
    """What there is to begin with: the council's own documents first."""
    offered: list[tuple[str, Any, Any]] = []
    for document in sources.documents(council):
        if document.finished_at is None:
            continue
        number = len(clauses(document.rows))
        hint = ngettext("%d clause. ", "%d clauses. ", number) % number + _("Who hears what is the plain protocol’s until you tie it to your clauses.")
        offered.append((f"{DOCUMENT}{document.pk}", _("Our own document: %s") % document.title, hint))
    offered.append((sources.PLAIN, _("A plain protocol"), _("Short and complete. The right beginning when you have none, or want to be ready today.")))
    for shape in sources.shapes():
        number = ngettext("%d clause.", "%d clauses.", shape.clauses) % shape.clauses
        offered.append((f"{drafts.SHAPE}{shape.code}", _("The protocol of %s") % shape.name, number))
    return offered


def _chosen(source: str) -> dict[str, str]:
    """What a choice stands for: the protocol a draft begins with, and the document whose clauses it takes."""
    if source.startswith(DOCUMENT):
        return {"begins_with": sources.PLAIN, "document": source.removeprefix(DOCUMENT)}
    return {"begins_with": source}


def _url(name: str, council: Council) -> str:
    try:
        return reverse(f"studio:{name}", kwargs={"key": council.key})
    except NoReverseMatch:
        return ""
