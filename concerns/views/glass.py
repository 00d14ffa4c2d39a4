"""Breaking the glass: ask, answer, end. Addresses and titles say nothing about any concern."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from concerns import rooms, wording
from concerns.actions import glass as actions
from concerns.enums import GlassStatus
from concerns.forms.glass import AnswerForm, AskForm
from concerns.models import BreakGlass
from concerns.queries import NotVisible
from concerns.views._loading import attempt, signed_in, status_of
from councils.models import Person
from councils.views._loading import Visit, council_page

WAITING = "SELECT FROM concerns_breakglass b WHERE b.approver_id = portal_me() AND b.status = 'WAITING'"
FORM = ["GET", "HEAD", "POST"]


@require_safe
@signed_in
def requests(request: HttpRequest) -> HttpResponse:
    """What one asked, and was asked to approve."""
    rows = [{"row": row, "status": wording.GLASS[GlassStatus(row.status)]} for row in actions.mine(request.user)[:50]]
    return render(request, "concerns/glass_list.html", {"rows": rows})


@require_http_methods(FORM)
@council_page()
def ask(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Ask for access for a time. The answer is the same whether or not there is such a concern."""
    form = AskForm(request.POST if request.method == "POST" else None, visit=visit)
    if request.method == "POST" and form.is_valid():
        row = attempt(form, actions.ask, council=visit.council, by=visit.person, now=timezone.now(), **form.cleaned_data)
        if row:
            messages.success(request, _("You asked. The portal looks whether it may be, then the other person is told."))
            return redirect("concerns:glass", request_id=row.pk)
    context = {**visit.context, "form": form}
    return render(request, "concerns/glass_ask.html", context, status=status_of(form))


@require_http_methods(FORM)
@signed_in
def request(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request: where it stands; the other person's answer."""
    row = _row(request.user, request_id)
    is_approver = row.approver_id == request.user.pk
    posted = request.POST if request.method == "POST" else None
    form = AnswerForm(posted) if is_approver and row.status == GlassStatus.WAITING else None
    if request.method == "POST":
        if form is None:
            messages.info(request, _("There is nothing to answer here just now."))
            return redirect("concerns:glass", request_id=row.pk)
        if form.is_valid() and attempt(form, actions.answer, request_id=row.pk, by=request.user, now=timezone.now(), **form.cleaned_data):
            messages.success(request, _("Your answer is kept."))
            return redirect("concerns:glass", request_id=row.pk)
    expired = row.status == GlassStatus.OPEN and row.expires_at <= timezone.now()
    status = GlassStatus.ENDED if expired else GlassStatus(row.status)
    context = {
        "row": row,
        "status": wording.GLASS[status],
        "form": form,
        "is_approver": is_approver,
        "may_open": status == GlassStatus.OPEN and not is_approver,
        "may_end": status not in actions.ENDED,
    }
    return render(request, "concerns/glass.html", context, status=status_of(form))


@require_POST
@signed_in
def end(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """End it before its time, or take the request back."""
    row = _row(request.user, request_id)
    if row.status in actions.ENDED:
        messages.info(request, _("It is over already."))
    else:
        actions.end(request_id=row.pk, by=request.user, now=timezone.now())
        messages.success(request, _("It is over. Nothing is shown any more."))
    return redirect("concerns:glass", request_id=row.pk)


def waiting(person: Person, today: date) -> list[rooms.Waiting]:
    """What waits for whoever was asked to approve."""
    rows = actions.mine(person).filter(approver=person, status=GlassStatus.WAITING)
    label = _("You are asked to approve access for a time")
    return [rooms.Waiting(label, reverse("concerns:glass", kwargs={"request_id": row.pk}), row.council.name) for row in rows]


def _row(person: Person, pk: UUID) -> BreakGlass:
    row = actions.mine(person).filter(pk=pk).first()
    if row is None:
        raise NotVisible
    return row
