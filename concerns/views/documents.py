"""A concern's files: the sealed originals, the copies made to show others, and who opened which."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from concerns import policy, queries, wording
from concerns.actions import copies, papers
from concerns.enums import Action, State
from concerns.files.sniffing import ENDING
from concerns.forms.copying import CopyForm
from concerns.models import Concern, DisclosedCopy, Document, DocumentOpening
from concerns.views._loading import Case, attempt, case_page, status_of
from concerns.views.raising import PAGE


def attachment(content: bytes, media_type: str, file_name: str) -> HttpResponse:
    """A file as a download: never shown in the page's own place, never guessed at, and nothing in it may run."""
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = content_disposition_header(True, file_name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def listed(case: Case) -> list[dict[str, Any]]:
    """The files with their copies and who opened each, for somebody who may read; else none."""
    if not case.reads:
        return []
    rows = queries.documents(concern=case.concern.pk)
    if not rows:
        return []
    made: dict[UUID, list[DisclosedCopy]] = {}
    for one in case.concern.copies.defer("content").select_related("made_by"):
        made.setdefault(one.document_id, []).append(one)
    opened: dict[tuple[UUID, UUID | None], list[DocumentOpening]] = {}
    for row in DocumentOpening.objects.filter(concern_id=case.concern.pk).select_related("person").order_by("first_at", "id"):
        opened.setdefault((row.document_id, row.copy_id), []).append(row)
    may_copy = bool(policy.can(case.person, Action.MAKE_COPY, case.concern, facts=case.facts, held=case.held))
    return [
        {
            "row": row,
            "opened": opened.get((row.pk, None), []),
            "may_copy": may_copy and not row.infected,
            "copies": [
                {"row": one, "what": _what(one.done), "opened": opened.get((row.pk, one.pk), [])} for one in made.get(row.pk, [])
            ],
        }
        for row in rows
    ]


def _what(done: dict[str, Any]) -> list[str]:
    """What was done to a copy, in words."""
    said = [_("without hidden data")]
    if words := int(done.get("words") or 0):
        said.append(ngettext("words taken out at %(number)d place", "words taken out at %(number)d places", words) % {"number": words})
    if areas := int(done.get("areas") or 0):
        said.append(ngettext("%(number)d area taken out", "%(number)d areas taken out", areas) % {"number": areas})
    if done.get("text_copy"):
        said.append(_("the words only, laid out anew"))
    return said


@require_safe
@case_page(policy.READ)
def original(request: HttpRequest, case: Case, document: UUID) -> HttpResponse:
    """One file as it came in, always as a download with a name that says nothing."""
    found = _document(case, document)
    if found.infected:
        return _infected(request, case)
    answer = attachment(bytes(found.content), found.media_type, f"{case.concern.reference}-{_number(case, found)}{ENDING.get(found.media_type, '')}")
    _note(request, case, found)
    return answer


@require_safe
@case_page(policy.READ)
def copy(request: HttpRequest, case: Case, document: UUID, copy: UUID) -> HttpResponse:
    """One copy, as it's given out."""
    found = _document(case, document, whole=False)
    if found.infected:
        return _infected(request, case)
    made = found.copies.filter(pk=copy).first()
    if made is None:
        raise Http404
    name = f"{case.concern.reference}-{_number(case, found)}-{_('copy')}{ENDING.get(made.media_type, '')}"
    answer = attachment(bytes(made.content), made.media_type, name)
    _note(request, case, found, copy)
    return answer


@require_http_methods(PAGE)
@case_page(policy.READ)
def new_copy(request: HttpRequest, case: Case, document: UUID) -> HttpResponse:
    """Make a copy to show others: what to take out, and why."""
    found = _document(case, document, whole=False)
    decision = policy.can(case.person, Action.MAKE_COPY, case.concern, facts=case.facts, held=case.held)
    if case.concern.state == State.DRAFT:
        raise Http404
    label, means = wording.ACTIONS[Action.MAKE_COPY]
    if not decision:
        context = {"case": case, "concern": case.concern, "label": label, "why": decision.why}
        return render(request, "concerns/closed_step.html", context, status=409)
    if found.infected:
        return _infected(request, case)
    posted = request.method == "POST"
    form = CopyForm(request.POST if posted else None, initial={"revision": case.concern.revision}, media_type=found.media_type)
    if posted and form.is_valid():
        answers = {"concern_id": case.concern.pk, "by": case.person, "now": case.now, "document_id": found.pk, **form.cleaned_data}
        if attempt(form, copies.make_copy, **answers):
            messages.success(request, _("The copy is made. Open it and check it before you give it to anybody."))
            return redirect("concerns:page", concern=case.concern.pk)
        form.data = form.data.copy()  # after a refusal the form is about the concern as it is now
        form.data["revision"] = str(Concern.objects.filter(pk=case.concern.pk).values_list("revision", flat=True).first() or "")
    context = {"case": case, "concern": case.concern, "document": found, "form": form, "label": label, "means": means}
    return render(request, "concerns/copy.html", context, status=status_of(form))


def _document(case: Case, pk: UUID, *, whole: bool = True) -> Document:
    rows = case.concern.documents.filter(pk=pk)
    found = (rows if whole else rows.defer("content")).first()
    if found is None:
        raise Http404
    return found


def _number(case: Case, found: Document) -> int:
    """Which file of the concern it is, for a name that says nothing else."""
    return list(case.concern.documents.values_list("pk", flat=True)).index(found.pk) + 1


def _note(request: HttpRequest, case: Case, found: Document, copy: UUID | None = None) -> None:
    """Writes down who opened it, last of all; a draft's files are its raiser's own."""
    if request.method == "GET" and case.concern.state != State.DRAFT:
        papers.log_opening(document_id=found.pk, copy_id=copy, now=case.now)


def _infected(request: HttpRequest, case: Case) -> HttpResponse:
    context = {"case": case, "concern": case.concern, "label": _("File"), "why": _("A virus was found in this file. It's kept sealed, and nobody can open it.")}
    return render(request, "concerns/closed_step.html", context, status=409)
