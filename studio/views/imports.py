"""Bring the document: what was read on the left, the clauses made of it on the right, each to be corrected."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from councils.errors import Refusal
from councils.views._loading import Visit, carry_out, council_page, one
from studio.actions import imports as actions
from studio.forms.imports import BringDocumentForm, RowForm, SplitForm, StepForm
from studio.importing import correcting, giving
from studio.importing.blocks import Block, pieces
from studio.importing.splitting import CLAUSE, HEADING, OTHER, Row
from studio.models import ImportedDocument
from studio.queries.import_words import note_in_words, problem_in_words
from studio.queries.imports import documents_of
from studio.queries.set_up import going_on

FORM = ["GET", "HEAD", "POST"]


@require_http_methods(FORM)
@council_page(admin=True)
def imports(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The documents that were brought, and the form that brings one."""
    is_sent = request.method == "POST"
    form = BringDocumentForm(request.POST, request.FILES) if is_sent else BringDocumentForm()
    if is_sent and form.is_valid():
        try:
            document = actions.bring_document(council=visit.council, by=visit.person, now=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.message))
        else:
            return redirect("studio:import", key=visit.council.key, document=document.pk)
    context = {
        "form": form,
        "documents": [(document, _count(document)) for document in documents_of(visit.council).defer("blocks")],
    }
    return _page(request, visit, "studio/imports.html", context, status=422 if form.errors else 200)


@require_safe
@council_page(admin=True)
def document(request: HttpRequest, visit: Visit, document: UUID) -> HttpResponse:
    """The text and the clauses side by side."""
    return _side_by_side(request, visit, _document(visit, document))


@require_http_methods(FORM)
@council_page(admin=True)
def row(request: HttpRequest, visit: Visit, document: UUID, row: int) -> HttpResponse:
    """One row: what it is, its number and its words."""
    found = _document(visit, document)
    shown = _row(found, row)
    initial = {**shown, "revision": found.revision, "level": shown.get("level", 1)}
    form = RowForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and carry_out(form, actions.correct_row, by=visit.person, document=found, row=row):
        return _back_to(visit, found, row, _("Saved."))
    return _row_page(request, visit, found, shown, form, "studio/import_row.html")


@require_http_methods(FORM)
@council_page(admin=True)
def split(request: HttpRequest, visit: Visit, document: UUID, row: int) -> HttpResponse:
    """One clause as two: where does the second begin?"""
    found = _document(visit, document)
    shown = _row(found, row)
    places = correcting.beginnings(str(shown["text"]))
    form = SplitForm(request.POST if request.method == "POST" else None, initial={"revision": found.revision}, places=places)
    if request.method == "POST" and carry_out(form, actions.split_row, by=visit.person, document=found, row=row):
        return _back_to(visit, found, row, _("There are two clauses now. Check their numbers."))
    return _row_page(request, visit, found, shown, form, "studio/import_split.html")


STEPS: dict[str, tuple[Callable[..., Any], Any]] = {
    "join": (actions.join_row, lambda: _("Joined to the clause before.")),
    "leave-out": (actions.leave_out_row, lambda: _("Left out. It stays in the list and can be made a clause again.")),
    "put-back": (actions.put_struck_back, lambda: _("The struck words are back in the clause.")),
    "start-over": (actions.start_over, lambda: _("The clauses are again as they were read.")),
    "finish": (actions.finish_document, lambda: _("The clauses are checked.")),
}
WITH_ROW = {"join", "leave-out", "put-back"}


@require_POST
@council_page(admin=True)
def do(request: HttpRequest, visit: Visit, document: UUID, step: str) -> HttpResponse:
    """A button beside a row, or for the whole document."""
    found = _document(visit, document)
    if step not in STEPS:
        raise Http404
    form = StepForm(request.POST)
    if not form.is_valid() or (step in WITH_ROW and form.cleaned_data["row"] is None):
        return _side_by_side(request, visit, found, error=_("Something was missing. Try again."))
    action, words = STEPS[step]
    fields = {"document": found, "revision": form.cleaned_data["revision"], "by": visit.person, "now": timezone.now()}
    at = form.cleaned_data["row"] if step in WITH_ROW else None
    try:
        action(**fields, **({"row": at} if at is not None else {}))
    except Refusal as refusal:
        return _side_by_side(request, visit, _document(visit, document), error=str(refusal.message))
    return _back_to(visit, found, _landing(found, at, step), words(), request)


@require_http_methods(FORM)
@council_page(admin=True)
def remove(request: HttpRequest, visit: Visit, document: UUID) -> HttpResponse:
    """Remove a document and its words."""
    found = _document(visit, document)
    if request.method == "POST" and carry_out(Form(request.POST), actions.remove_document, by=visit.person, document=found):
        messages.success(request, _("The document is removed."))
        return redirect("studio:imports", key=visit.council.key)
    return _page(request, visit, "studio/import_remove.html", {"document": found})


def _document(visit: Visit, pk: UUID) -> ImportedDocument:
    return one(documents_of(visit.council), pk)


def _row(document: ImportedDocument, row: int) -> Row:
    found = next((other for other in document.rows if other["id"] == row), None)
    if found is None:
        raise Http404
    return found


def _count(document: ImportedDocument) -> int:
    return sum(1 for row in document.rows if row["kind"] == CLAUSE)


def _landing(document: ImportedDocument, row: int | None, step: str) -> int | None:
    """The row to come back to: the one a joined row went to."""
    if step != "join" or row is None:
        return row
    before = None
    for other in document.rows:
        if other["id"] == row:
            return before
        if other["kind"] == CLAUSE:
            before = int(other["id"])
    return before


def _back_to(visit: Visit, document: ImportedDocument, row: int | None, message: str, request: HttpRequest | None = None) -> HttpResponse:
    if request is not None:
        messages.success(request, message)
    place = f"#row-{row}" if row is not None else ""
    return redirect(reverse("studio:import", kwargs={"key": visit.council.key, "document": document.pk}) + place)


def _side_by_side(request: HttpRequest, visit: Visit, document: ImportedDocument, error: str = "") -> HttpResponse:
    blocks = [Block.of(block) for block in document.blocks]
    problems = correcting.problems(document.rows)
    said = [{**problem, "words": problem_in_words(problem)} for problem in problems]
    about: dict[int, list[dict[str, Any]]] = {}
    for problem in said:
        for row_id in problem.get("rows") or [problem["row"]]:
            about.setdefault(row_id, []).append(problem)
    headings = {id(row): names for row, names in giving.under_headings(document.rows)}
    rows = []
    has_clause = False
    for row in document.rows:
        if row["kind"] == HEADING:
            has_clause = False
        rows.append(
            {
                **row,
                "source": [_source(blocks[at]) for at in row["from"] if 0 <= at < len(blocks)],
                "headings": headings.get(id(row), []),
                "problems": about.get(row["id"], []),
                "lines": str(row["text"]).split("\n") if row["text"] else [],
                "can_split": row["kind"] == CLAUSE and bool(correcting.beginnings(str(row["text"]))),
                "can_join": row["kind"] != HEADING and has_clause,
            }
        )
        has_clause = has_clause or row["kind"] == CLAUSE
    context = {
        "document": document,
        "rows": rows,
        "notes": [words for note in document.notes if (words := note_in_words(note))],
        "must": [problem for problem in said if problem["must"]],
        "look": [problem for problem in said if not problem["must"]],
        "count": _count(document),
        "left_out": sum(1 for row in document.rows if row["kind"] == OTHER),
        "error": error,
        "next_url": _next(visit, document) if document.finished_at else "",
    }
    return _page(request, visit, "studio/import.html", context, status=422 if error else 200)


def _next(visit: Visit, document: ImportedDocument) -> str:
    """Where the clauses are used: in the set-up that is going on, or in a draft; this document is chosen there."""
    set_up = going_on(visit.council, visit.person)
    if set_up is not None:
        place = reverse("studio:set-up-protocol", kwargs={"set_up": set_up.pk})
    else:
        place = reverse("studio:draft-start", kwargs={"key": visit.council.key})
    return f"{place}?document={document.pk}"


def _source(block: Block) -> dict[str, Any]:
    return {"number": block.number, "pieces": pieces(block.text), "page": block.page, "kind": str(block.kind)}


def _row_page(request: HttpRequest, visit: Visit, document: ImportedDocument, row: Row, form: Form, template: str) -> HttpResponse:
    blocks = [Block.of(block) for block in document.blocks]
    context = {
        "document": document,
        "row": row,
        "form": form,
        "source": [_source(blocks[at]) for at in row["from"] if 0 <= at < len(blocks)],
    }
    return _page(request, visit, template, context, status=422 if form.errors else 200)


def _page(request: HttpRequest, visit: Visit, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return render(request, template, {**visit.context, "studio_page": "imports", **context}, status=status)
