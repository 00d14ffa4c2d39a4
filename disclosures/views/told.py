"""The subject's pages: what was disclosed to them, their answer, papers and companion. Never anything of the concern."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from concerns.actions import papers
from concerns.views._loading import attempt, signed_in, status_of
from concerns.views.raising import PAGE
from disclosures import queries, wording
from disclosures.actions import subject
from disclosures.enums import DisclosureState
from disclosures.forms.told import AnswerForm, CompanionForm, PaperForm
from disclosures.models import Disclosure
from disclosures.views._files import find, handed_out
from disclosures.views._shown import companion_right, shown

S = DisclosureState


def mine(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorates ``view(request, row, **kwargs)``: a disclosure to this person, else 404. To read one is to have opened it."""

    @wraps(view)
    @signed_in
    def guarded(request: HttpRequest, disclosure: UUID, **kwargs: Any) -> HttpResponse:
        row = queries.mine(disclosure, person=request.user)
        if row.state == S.DISCLOSED and request.method != "HEAD":
            subject.open_disclosure(disclosure_id=row.pk, by=request.user, now=timezone.now())
            row = queries.mine(disclosure, person=request.user)
        return view(request, row, **kwargs)

    return guarded


@require_safe
@signed_in
def listing(request: HttpRequest) -> HttpResponse:
    """Everything disclosed to this person, the latest first; there for good, whatever office they hold."""
    rows = queries.told_to(request.user).defer("text", "answer", "companion", "reply", "protocol_version__config")
    found = [{"row": row, "kind": wording.KINDS[row.kind][0], "state": wording.MINE[row.state]} for row in rows]
    return render(request, "disclosures/told_list.html", {"rows": found})


@require_safe
@mine
def page(request: HttpRequest, row: Disclosure) -> HttpResponse:
    """What was disclosed, what may be done about it, and what they have said."""
    now = timezone.now()
    if request.method == "GET":
        subject.note_reading(row, now=now)
    given = row.disclosed_papers.defer("content", "name")
    context = shown(row, queries.dealt_with_by(row), today=timezone.localdate(now), papers=given)
    context.update(
        papers=queries.papers_of(row),
        companion_kind=wording.COMPANIONS.get(row.companion_kind, ""),
        state=wording.MINE[row.state],
        may_answer=row.state == S.OPENED,
        may_add=row.state in (S.OPENED, S.ANSWERED),
    )
    return render(request, "disclosures/told.html", context)


def _form_page(
    request: HttpRequest, row: Disclosure, form: Form, *, heading: Any, button: Any, action: str, files: bool = False, **more: Any
) -> HttpResponse:
    context = {"row": row, "form": form, "heading": heading, "button": button, "action": action, "has_files": files, **more}
    return render(request, "disclosures/told_form.html", context, status=status_of(form))


def _closed(request: HttpRequest, row: Disclosure, why: Any, *, typed: str = "") -> HttpResponse:
    """Refused, with what was typed given back."""
    return render(request, "disclosures/told_closed.html", {"row": row, "why": why, "typed": typed}, status=409)


def _why_not(row: Disclosure, *, answering: bool = False) -> str:
    """Why a step of the subject's is over; "" while it isn't."""
    if row.state == S.CLOSED:
        return _("This was closed. You can go on reading it.")
    if answering and row.state == S.ANSWERED:
        return _("You have answered already, and the answer can’t be changed. If there is more to say, add it as a paper.")
    return ""


@require_http_methods(PAGE)
@mine
def answer(request: HttpRequest, row: Disclosure) -> HttpResponse:
    """The answer in writing."""
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if why := _why_not(row, answering=True):
        return _closed(request, row, why, typed=(form.data.get("answer") or "").replace("\x00", ""))
    if form.is_bound and form.is_valid():
        known = {"disclosure_id": row.pk, "by": request.user, "now": timezone.now()}
        if attempt(form, subject.answer_disclosure, **known, **form.cleaned_data):
            messages.success(request, _("Your answer was sent to whoever deals with it."))
            return redirect("disclosures:told", disclosure=row.pk)
    return _form_page(request, row, form, heading=_("Answer what was disclosed to you"), button=_("Send the answer"), action="answer")


@require_http_methods(PAGE)
@mine
def companion(request: HttpRequest, row: Disclosure) -> HttpResponse:
    """Who comes along."""
    first = {"name": row.companion, "kind": row.companion_kind} if row.companion else None
    form = CompanionForm(request.POST if request.method == "POST" else None, initial=first)
    if why := _why_not(row):
        return _closed(request, row, why)
    if form.is_bound and form.is_valid():
        known = {"disclosure_id": row.pk, "by": request.user, "now": timezone.now()}
        if attempt(form, subject.name_companion, **known, **form.cleaned_data):
            messages.success(request, _("Your companion was named."))
            return redirect("disclosures:told", disclosure=row.pk)
    right = companion_right(row, timezone.localdate())
    return _form_page(request, row, form, heading=_("Name your companion"), button=_("Name them"), action="companion", right=right)


@require_http_methods(PAGE)
@mine
def add_paper(request: HttpRequest, row: Disclosure) -> HttpResponse:
    """One more file."""
    posted = request.method == "POST"
    form = PaperForm(request.POST if posted else None, request.FILES if posted else None)
    if why := _why_not(row):
        return _closed(request, row, why)
    if posted and form.is_valid():
        file = form.cleaned_data["file"]
        known = {"disclosure_id": row.pk, "by": request.user, "now": timezone.now()}
        if attempt(form, subject.add_subject_paper, **known, name=file.name, content=file.read()):
            messages.success(request, _("The paper was added."))
            return redirect("disclosures:told", disclosure=row.pk)
    return _form_page(request, row, form, heading=_("Add a paper"), button=_("Add it"), action="paper", files=True)


@require_safe
@mine
def paper(request: HttpRequest, row: Disclosure, paper: UUID) -> HttpResponse:
    """One of the subject's own papers."""
    found = find(row.papers.all(), paper)
    if found is None:
        raise Http404
    return handed_out(*found)


@require_safe
@mine
def disclosed(request: HttpRequest, row: Disclosure, paper: UUID) -> HttpResponse:
    """One of the papers disclosed to them; that they opened it is written down."""
    found = find(row.disclosed_papers.all(), paper)
    if found is None:
        raise Http404
    if request.method == "GET":
        papers.log_opening(document_id=found[0].document_id, copy_id=found[0].copy_id, now=timezone.now())
    return handed_out(*found)
