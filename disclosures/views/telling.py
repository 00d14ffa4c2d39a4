"""The pages of those who deal with a concern: draft, preview, disclose, read the answer, close."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from concerns.casefile import NotVisible
from concerns.policy import READ
from concerns.views._loading import Case, attempt, case_page, status_of
from concerns.views.raising import PAGE
from councils import wording as council_words
from disclosures import policy, queries, wording
from disclosures.actions import telling
from disclosures.domain import rules
from disclosures.enums import DisclosureAction, DisclosureState
from disclosures.forms.telling import CloseForm, DiscloseForm, DraftForm, Revised
from disclosures.models import Disclosure
from disclosures.views._files import find, handed_out
from disclosures.views._shown import shown

A, S = DisclosureAction, DisclosureState


def may(case: Case, action: DisclosureAction) -> bool:
    """Whether this person's part carries the step."""
    return policy.may(action, case.held, reads=case.reads, is_raiser=case.is_raiser)


def telling_page(action: DisclosureAction | None = None) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Decorates ``view(request, case, …)``: for those who read the concern and didn't raise it, else 404.

    With an action, only for those whose part carries it; the others are told so (409). A ``disclosure`` in the address
    comes as its row.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        @case_page(READ)
        def guarded(request: HttpRequest, case: Case, **kwargs: Any) -> HttpResponse:
            if case.is_raiser:
                raise NotVisible
            if "disclosure" in kwargs:
                kwargs["row"] = queries.one_of(case.concern, kwargs.pop("disclosure"))
            if action is not None and not may(case, action):
                return _closed(request, case, wording.NOT_YOURS)
            return view(request, case, **kwargs)

        return guarded

    return decorate


def _closed(request: HttpRequest, case: Case, why: Any) -> HttpResponse:
    context = {"case": case, "concern": case.concern, "label": _("Tell the person it is about"), "why": why}
    return render(request, "concerns/closed_step.html", context, status=409)


def _form_page(request: HttpRequest, case: Case, form: Form, *, heading: Any, button: Any, action: str, **more: Any) -> HttpResponse:
    context = {"case": case, "concern": case.concern, "form": form, "heading": heading, "button": button, "action": action, **more}
    return render(request, "disclosures/telling_form.html", context, status=status_of(form))


def _draft_form(request: HttpRequest, case: Case, row: Disclosure | None) -> DraftForm:
    subjects = case.concern.subjects.select_related("person").order_by("person__full_name")
    people = [
        (s.person, f"{s.person.full_name}, {council_words.role_label(s.role, case.protocol)}")
        for s in subjects
        if row is None or s.person_id == row.person_id
    ]
    copies = [(copy.pk, copy.name or _("A copy")) for copy in queries.copies(case.concern)]
    first: dict[str, Any] = {"person": str(people[0][0].pk)} if len(people) == 1 else {}
    if row is not None:
        first.update(
            kind=row.kind, text=row.text, copies=row.copies, answer_by=row.answer_by, basis=row.basis, revision=row.revision
        )
    return DraftForm(request.POST if request.method == "POST" else None, initial=first, people=people, copies=copies)


def _written(request: HttpRequest, case: Case, row: Disclosure | None) -> HttpResponse:
    form = _draft_form(request, case, row)
    if form.is_bound and form.is_valid():
        answers = {**form.cleaned_data, "copies": [UUID(pk) for pk in form.cleaned_data.get("copies", [])]}
        if row is None:
            answers["revision"] = None
        made = attempt(form, telling.draft_disclosure, concern_id=case.concern.pk, by=case.person, now=case.now, **answers)
        if made:
            return redirect("disclosures:telling-disclose", concern=case.concern.pk, disclosure=made.pk)
        if row is not None:
            _refresh(form, row)
    return _form_page(
        request, case, form, heading=_("What is disclosed to the person it is about"), button=_("Save and look at it"), action="draft_disclosure"
    )


def _refresh(form: Form, row: Disclosure) -> None:
    """After a refusal the form is about the row as it is now; what was typed stays."""
    now = Disclosure.objects.filter(pk=row.pk).values_list("revision", flat=True).first()
    form.data = form.data.copy()
    form.data["revision"] = str(now if now is not None else row.revision)


@require_http_methods(PAGE)
@telling_page(A.DRAFT_DISCLOSURE)
def new(request: HttpRequest, case: Case) -> HttpResponse:
    """Begin a draft."""
    if all(rules.may_disclose(kind, case.concern.state, on_hold=False) for kind in wording.KINDS):
        return _closed(request, case, wording.REFUSED["not_taken_up"])
    return _written(request, case, None)


@require_http_methods(PAGE)
@telling_page(A.DRAFT_DISCLOSURE)
def write(request: HttpRequest, case: Case, row: Disclosure) -> HttpResponse:
    """Change a draft."""
    if row.state != S.DRAFTED:
        return _closed(request, case, wording.GONE)
    return _written(request, case, row)


@require_http_methods(PAGE)
@telling_page(A.DISCLOSE)
def disclose(request: HttpRequest, case: Case, row: Disclosure) -> HttpResponse:
    """The draft as the subject would see it, and the step that shows it to them."""
    if row.state != S.DRAFTED:
        if request.method == "POST":
            return _closed(request, case, _("It has been disclosed already."))
        return redirect("disclosures:telling", concern=case.concern.pk, disclosure=row.pk)
    names = [name for found in telling.names_in(case.concern, row).values() for name in found]
    posted = request.method == "POST"
    form = DiscloseForm(request.POST if posted else None, names=bool(names), initial={"revision": row.revision})
    if posted and form.is_valid():
        known = {"concern_id": case.concern.pk, "disclosure_id": row.pk, "by": case.person, "now": case.now}
        if attempt(form, telling.disclose, **known, **form.cleaned_data):
            messages.success(request, _("It was disclosed, and they were sent a message."))
            return redirect("disclosures:telling", concern=case.concern.pk, disclosure=row.pk)
        _refresh(form, row)
    chosen = [copy for copy in queries.copies(case.concern) if str(copy.pk) in row.copies]
    context = shown(row, queries.dealing_with(case.concern, row), today=case.today, papers=chosen)
    context.update(case=case, concern=case.concern, form=form, names=names, preview=True)
    return render(request, "disclosures/telling_disclose.html", context, status=status_of(form))


@require_safe
@telling_page()
def page(request: HttpRequest, case: Case, row: Disclosure) -> HttpResponse:
    """What was disclosed to whom, whether they opened it, and what they said."""
    if row.state == S.DRAFTED:
        if may(case, A.DISCLOSE):
            return redirect("disclosures:telling-disclose", concern=case.concern.pk, disclosure=row.pk)
        raise Http404
    label, means = wording.STATES[row.state]
    context = {
        "case": case,
        "concern": case.concern,
        "row": row,
        "kind": wording.KINDS[row.kind][0],
        "label": label,
        "means": means,
        "basis": wording.BASES.get(row.basis, ""),
        "disclosed_papers": list(row.disclosed_papers.defer("content")),
        "papers": queries.papers_of(row),
        "not_reached": queries.not_reached(row),
        "companion_kind": wording.COMPANIONS_TOLD.get(row.companion_kind, ""),
        "is_late": bool(row.answer_by and (row.answered_at is None and row.state != S.CLOSED) and row.answer_by < case.today),
        "may_close": may(case, A.CLOSE_DISCLOSURE) and not rules.may_close(row.state, row.answer_by, today=case.today),
    }
    return render(request, "disclosures/telling.html", context)


@require_http_methods(PAGE)
@telling_page(A.DISCARD_DISCLOSURE)
def discard(request: HttpRequest, case: Case, row: Disclosure) -> HttpResponse:
    """Throw a draft away."""
    if row.state != S.DRAFTED:
        return _closed(request, case, wording.GONE)
    form = Revised(request.POST if request.method == "POST" else None, initial={"revision": row.revision})
    if form.is_bound and form.is_valid():
        known = {"concern_id": case.concern.pk, "disclosure_id": row.pk, "by": case.person, "now": case.now}
        try_it = attempt(form, telling.discard_disclosure, **known, **form.cleaned_data)
        if try_it:
            messages.success(request, _("The draft was thrown away."))
            return redirect("concerns:page", concern=case.concern.pk)
        _refresh(form, row)
    return _form_page(
        request, case, form, heading=_("Throw the draft away"), button=_("Throw it away"), action="discard_disclosure", is_warning=True,
        means=_("Nobody was told anything by it. Its text is gone for good."),
    )  # fmt: skip


@require_http_methods(PAGE)
@telling_page(A.CLOSE_DISCLOSURE)
def close(request: HttpRequest, case: Case, row: Disclosure) -> HttpResponse:
    """End it, with a last word if there is one."""
    if code := rules.may_close(row.state, row.answer_by, today=case.today):
        return _closed(request, case, wording.REFUSED[code])
    form = CloseForm(request.POST if request.method == "POST" else None, initial={"revision": row.revision})
    if form.is_bound and form.is_valid():
        known = {"concern_id": case.concern.pk, "disclosure_id": row.pk, "by": case.person, "now": case.now}
        if attempt(form, telling.close_disclosure, **known, **form.cleaned_data):
            messages.success(request, _("It was closed, and they were sent a message."))
            return redirect("disclosures:telling", concern=case.concern.pk, disclosure=row.pk)
        _refresh(form, row)
    return _form_page(
        request, case, form, heading=_("Close the disclosure"), button=_("Close it"), action="close_disclosure",
        means=_("They can go on reading it, and their answer and papers stay. They can’t add anything any more."),
    )  # fmt: skip


@require_safe
@telling_page()
def paper(request: HttpRequest, case: Case, row: Disclosure, paper: UUID) -> HttpResponse:
    """One of the papers, the subject's or those disclosed."""
    theirs = find(row.papers.all(), paper)
    found = theirs or find(row.disclosed_papers.all(), paper)
    if found is None or row.state == S.DRAFTED:
        raise Http404
    if theirs and request.method == "GET":
        telling.log_paper(theirs[0], by=case.person, now=case.now)
    return handed_out(*found)
