"""The steps of a disciplinary pointer: it began, it is over."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from concerns.casefile import NotVisible
from concerns.policy import READ
from concerns.views._loading import Case, attempt, case_page, status_of
from concerns.views.raising import PAGE
from disclosures import policy, queries, wording
from disclosures.actions import discipline
from disclosures.enums import DisclosureAction, PointerState
from disclosures.forms.telling import BeganForm, Revised
from disclosures.models import Pointer

A, P = DisclosureAction, PointerState


def _pointer(case: Case) -> Pointer:
    row = queries.pointer_of(case.concern)
    if row is None or case.is_raiser:
        raise NotVisible
    return row


def _why_not(case: Case, action: DisclosureAction, row: Pointer) -> str:
    """Why the step isn't open; "" when it is, as far as the page knows."""
    if not policy.may(action, case.held, reads=case.reads, is_raiser=case.is_raiser):
        return str(wording.NOT_YOURS)
    return discipline.closed(action, case.concern, row, case.facts)


def _step(request: HttpRequest, case: Case, action: DisclosureAction, form: Form, row: Pointer, **words: Any) -> HttpResponse:
    if why := _why_not(case, action, row):
        context = {"case": case, "concern": case.concern, "label": _("Disciplinary procedure"), "why": why}
        return render(request, "concerns/closed_step.html", context, status=409)
    if form.is_bound and form.is_valid():
        run = discipline.verb.actions[action]
        if attempt(form, run, concern_id=case.concern.pk, by=case.person, now=case.now, **form.cleaned_data):
            messages.success(request, _("Recorded."))
            return redirect("concerns:page", concern=case.concern.pk)
    context = {"case": case, "concern": case.concern, "form": form, "action": action.value, **words}
    return render(request, "disclosures/telling_form.html", context, status=status_of(form))


@require_http_methods(PAGE)
@case_page(READ)
def began(request: HttpRequest, case: Case) -> HttpResponse:
    """The procedure began."""
    row = _pointer(case)
    form = BeganForm(request.POST if request.method == "POST" else None, initial={"revision": row.revision})
    return _step(
        request, case, A.PROCEDURE_BEGAN, form, row, heading=_("The disciplinary procedure began"), button=_("Record it"),
        means=_("It runs outside this service. Nothing that is said in it is kept here."),
    )  # fmt: skip


@require_http_methods(PAGE)
@case_page(READ)
def over(request: HttpRequest, case: Case) -> HttpResponse:
    """The procedure is over, appeal included."""
    row = _pointer(case)
    form = Revised(request.POST if request.method == "POST" else None, initial={"revision": row.revision})
    return _step(
        request, case, A.PROCEDURE_OVER, form, row, heading=_("The disciplinary procedure is over"), button=_("Record it"),
        means=_("Its outcome is recorded, and no appeal is running or can still be made."),
    )  # fmt: skip
