"""The gaps of a protocol: each with its clause, its choices and what applies; deciding one is done in a draft."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from councils.errors import Refusal
from councils.protocol.shaping import as_date
from councils.views._loading import Visit, council_page, done
from studio.actions.decisions import decide
from studio.domain.deciding import settings_of
from studio.editing.describing import reading
from studio.editing.gaps import choice_label
from studio.forms.drafts import DecisionForm
from studio.models import DraftStatus, ProtocolDraft
from studio.views._drafts import clauses_of, draft_of, form_page, studio_url

FORM = ["GET", "HEAD", "POST"]


@require_safe
@council_page(admin=True)
def decisions(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What your protocol leaves open: as the version in force has it, or an open draft (`?draft=`)."""
    drafts = list(ProtocolDraft.objects.filter(council=visit.council, status=DraftStatus.OPEN).order_by("-changed_at"))
    chosen = next((row for row in drafts if str(row.pk) == request.GET.get("draft")), drafts[0] if drafts else None)
    source = chosen or visit.version
    config = source.config if source else {}
    protocol = reading(config)
    rows = [
        {
            "setting": one,
            "choices": [(choice_label(choice, one.labels), choice == one.applies, choice == one.default) for choice in one.choices],
            "clauses": clauses_of(config, protocol, one.cites),
            "on": as_date(one.on),
        }
        for one in settings_of(config)
    ]
    context = {**visit.context, "rows": rows, "draft": chosen, "drafts": drafts, "open_count": sum(not row["setting"].choice for row in rows)}
    return render(request, "studio/decisions.html", context)


@require_http_methods(FORM)
@council_page(admin=True)
def decision(request: HttpRequest, visit: Visit, draft: UUID, setting: str) -> HttpResponse:
    """Record what the council decided about one gap, in a draft."""
    row = draft_of(visit, draft)
    found = next((one for one in settings_of(row.config) if one.id == setting), None)
    if found is None:
        raise Http404
    choices = [(choice, choice_label(choice, found.labels)) for choice in found.choices]
    initial = {"revision": row.revision, "choice": found.choice, "body": found.body, "minute_ref": found.minute_ref}
    form = DecisionForm(request.POST if request.method == "POST" else None, choices=choices, hints={found.default: _("The default")}, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            _record, changed = decide(draft=row, setting=setting, by=visit.person, now=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.message))
        else:
            said = _("The decision is recorded, and the rules of the draft changed with it.") if changed else _("The decision is recorded. No rule changed with it.")
            return done(request, said, "studio:decisions", key=visit.council.key)
    context = {
        "draft": row,
        "setting": found,
        "template": "studio/decision.html",
        "cited": clauses_of(row.config, reading(row.config), found.cites),
    }
    return form_page(request, visit, form, title=found.question, button=_("Record the decision"), back_url=studio_url(visit, "decisions"), **context)
