"""The page of a matter and its steps: one form, one action."""

from __future__ import annotations

import mimetypes
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from concerns.views._loading import attempt, status_of
from concerns.views.documents import attachment
from councils.errors import Refusal
from rights import wording
from rights.actions import access, standing
from rights.actions.verbs import ACTIONS
from rights.enums import AccessState, Kind, Step
from rights.forms.steps import FORMS, ItemForm
from rights.views import _shown
from rights.views._loading import PAGE, Sheet, matter_page, refresh


def _page(http: HttpRequest, sheet: Sheet) -> HttpResponse:
    opened, closed = _shown.steps(sheet)
    label, means = wording.STATES[sheet.kind][sheet.row.state]
    if sheet.kind == Kind.ACCESS and not sheet.seated:
        means = wording.OWN_MEANS[sheet.row.state]
    if sheet.kind == Kind.ACCESS and sheet.seated and sheet.row.state == AccessState.CLARIFYING:
        label = _("Waits for whoever asked")
    context = {
        "sheet": sheet, "matter": sheet.row, "council": sheet.row.council, "kind": wording.KINDS[sheet.kind], "state": label, "means": means,
        "colour": wording.COLOURS[sheet.row.state], "facts": _shown.facts(sheet), "steps": opened, "closed_steps": closed,
        "timeline": _shown.timeline(sheet), "items": _shown.items(sheet), "deciding": sheet.row.state == AccessState.PREPARING,
        "rights": wording.RIGHTS if sheet.own and sheet.kind == Kind.ACCESS and sheet.row.closed_at else (),
        "fetch": sheet.kind == Kind.ACCESS and sheet.own and sheet.row.state == AccessState.RELEASED,
        "kept": sheet.kind == Kind.ACCESS and sheet.row.package is not None,
    }  # fmt: skip
    return render(http, "rights/matter.html", context)


def _do(http: HttpRequest, sheet: Sheet, action: str) -> HttpResponse:
    """Show one step's form, or do it. A step that isn't open to this person now is refused with the reason."""
    step = _shown.step_of(sheet.kind, action)
    if step is None:
        raise Http404
    label, means = wording.STEPS[step]
    why = standing.refusal(step, sheet.row, sheet.person)
    if why:
        context = {"sheet": sheet, "matter": sheet.row, "label": label, "why": why, "back": f"rights:{sheet.kind}"}
        return render(http, "rights/closed_step.html", context, status=409)
    posted = http.method == "POST"
    form = FORMS[step](http.POST if posted else None, row=sheet.row)
    if posted and form.is_valid():
        if attempt(form, ACTIONS[step], row_id=sheet.row.pk, by=sheet.person, now=sheet.now, **form.answers()):
            messages.success(http, _("Done: %s.") % label)
            return redirect(f"rights:{sheet.kind}", row=sheet.row.pk)
        refresh(form, sheet)
    context = {
        "sheet": sheet, "matter": sheet.row, "council": sheet.row.council, "form": form, "label": label, "means": means, "action": step.value,
        "is_warning": step in _shown.WARNING, "back": f"rights:{sheet.kind}", "items": _shown.items(sheet) if step == Step.RELEASE else [],
    }  # fmt: skip
    return render(http, "rights/step.html", context, status=status_of(form))


disposal = require_safe(matter_page(Kind.DISPOSAL)(_page))
access_page = require_safe(matter_page(Kind.ACCESS)(_page))
complaint = require_safe(matter_page(Kind.COMPLAINT)(_page))
breach = require_safe(matter_page(Kind.BREACH)(_page))
disposal_do = require_http_methods(PAGE)(matter_page(Kind.DISPOSAL)(_do))
access_do = require_http_methods(PAGE)(matter_page(Kind.ACCESS)(_do))
complaint_do = require_http_methods(PAGE)(matter_page(Kind.COMPLAINT)(_do))
breach_do = require_http_methods(PAGE)(matter_page(Kind.BREACH)(_do))


@require_http_methods(PAGE)
@matter_page(Kind.ACCESS)
def item(http: HttpRequest, sheet: Sheet, item: UUID) -> HttpResponse:
    """Decide about one item; whoever asked never gets here."""
    found = sheet.row.items.filter(pk=item).first() if sheet.seated else None
    if found is None:
        raise Http404
    why = standing.refusal(Step.DECIDE_ITEM, sheet.row, sheet.person)
    shown = _shown.item_row(found)
    if why or shown["untold"]:
        words = why or _("They haven’t been told of this. Whoever deals with it decides when they are; until then it is withheld.")
        context = {"sheet": sheet, "matter": sheet.row, "label": shown["kind"], "why": words, "back": "rights:access"}
        return render(http, "rights/closed_step.html", context, status=409)
    posted = http.method == "POST"
    known: dict[str, Any] = {"verdict": found.verdict, "ground": found.ground, "hidden": found.hidden}
    form = ItemForm(http.POST if posted else None, row=sheet.row, initial=known)
    if posted and form.is_valid():
        if attempt(form, access.decide_item, row_id=sheet.row.pk, item=found, by=sheet.person, now=sheet.now, **form.answers()):
            following = sheet.row.items.filter(verdict="", number__gt=found.number).first()
            if following is not None:
                return redirect("rights:access-item", row=sheet.row.pk, item=following.pk)
            messages.success(http, _("Decided."))
            return redirect("rights:access", row=sheet.row.pk)
        refresh(form, sheet)
    context = {"sheet": sheet, "matter": sheet.row, "council": sheet.row.council, "item": shown, "form": form}
    return render(http, "rights/item.html", context, status=status_of(form))


@require_safe
@matter_page(Kind.ACCESS)
def item_file(http: HttpRequest, sheet: Sheet, item: UUID) -> HttpResponse:
    """A file that may be given out, for those who decide about it; as a download, and written down."""
    found = sheet.row.items.filter(pk=item, content__isnull=False).first() if sheet.seated else None
    if found is None:
        raise Http404
    try:
        content = access.open_file(row=sheet.row, item=found, by=sheet.person, now=sheet.now) if http.method == "GET" else b""
    except Refusal as refusal:
        context = {"sheet": sheet, "matter": sheet.row, "label": _("A file"), "why": refusal.message, "back": "rights:access"}
        return render(http, "rights/closed_step.html", context, status=409)
    name = f"{sheet.row.reference}-{found.number:03d}{mimetypes.guess_extension(found.media_type) or '.bin'}"
    return attachment(content, "application/octet-stream", name)


@require_safe
@matter_page(Kind.ACCESS)
def download(http: HttpRequest, sheet: Sheet) -> HttpResponse:
    """What was released, for whoever asked, as a download with a name that says nothing."""
    if not sheet.own or sheet.row.state != AccessState.RELEASED:
        raise Http404
    try:
        if http.method == "GET":
            content = access.fetch(row=sheet.row, by=sheet.person, now=timezone.now())
        else:
            content = b""
    except Refusal as refusal:
        context = {"sheet": sheet, "matter": sheet.row, "label": _("Your data"), "why": refusal.message, "back": "rights:access"}
        return render(http, "rights/closed_step.html", context, status=409)
    return attachment(content, "application/zip", f"{sheet.row.reference}.zip")

