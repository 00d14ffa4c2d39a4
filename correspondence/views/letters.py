"""Letters: the list on a concern, starting, editing, sending, reading, and the PDF."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from concerns.views import _route
from concerns.views._loading import Case, attempt, case_page
from concerns.views.documents import attachment
from correspondence import policy as writing
from correspondence import queries, wording
from correspondence.actions import letters as verbs
from correspondence.domain import tokens
from correspondence.enums import LetterState
from correspondence.forms.letters import EditForm, RevisionForm, StartForm
from correspondence.models import Letter
from correspondence.reports.letters import paragraphs
from correspondence.views._loading import PAGE, closed, draft_page, form_page, letter_case, letter_page
from councils.models import Person


def described(letter: Letter) -> dict[str, Any]:
    """One line of a list of letters."""
    return {
        "row": letter,
        "heading": wording.heading(letter.kind),
        "to": letter.to_person.full_name if letter.to_person else letter.to_name,
        "state": wording.LETTER_STATES[letter.state][0],
        "is_draft": letter.state == LetterState.DRAFT,
    }


def _letters_page(view: Callable[[HttpRequest, Case], HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorates ``view(request, case)``: for those who read the concern and whoever runs its procedure, else 404."""

    @case_page()
    @wraps(view)
    def guarded(request: HttpRequest, case: Case) -> HttpResponse:
        if not writing.sees_letters(case.held, reads=case.reads):
            raise queries.NotVisible
        return view(request, case)

    return guarded


@require_safe
@_letters_page
def on_concern(request: HttpRequest, case: Case) -> HttpResponse:
    """The letters on a concern that this person may read."""
    context = {
        "case": case,
        "concern": case.concern,
        "letters": [described(letter) for letter in queries.letters_of(case.concern)],
        "writes": _writes(case),
    }
    return render(request, "correspondence/letters.html", context)


def _writes(case: Case) -> bool:
    return writing.takes_words(case.concern) and writing.writes_letters(case.held, reads=case.reads)


@require_http_methods(PAGE)
@_letters_page
def new(request: HttpRequest, case: Case) -> HttpResponse:
    """Choose the letter and whom it is to."""
    label = _("Write a letter")
    if not _writes(case):
        return closed(request, case, label=label, why=_("Only somebody who deals with the concern writes letters about it."))
    posted = request.method == "POST"
    form = StartForm(request.POST if posted else None, people=_people(case))
    if posted and form.is_valid():
        letter = attempt(form, verbs.draft_letter, concern=case.concern, by=case.person, now=case.now, **form.answers())
        if letter:
            return redirect("correspondence:letter-edit", letter=letter.pk)
    return form_page(
        request, case=case, form=form, heading=label, button=_("Continue"), action="draft_letter",
        back=reverse("correspondence:letters", kwargs={"concern": case.concern.pk}),
    )  # fmt: skip


def _people(case: Case) -> list[tuple[Person, str]]:
    """The parties, the witnesses and whoever reads the concern; somebody who has left the council without a role."""
    wanted = verbs.recipients(case.concern) - {case.person.pk}
    found = [(person, label) for person, label in _route.people(case.concern.council, case.protocol, on=case.today) if person.pk in wanted]
    known = {person.pk for person, _label in found}
    return found + [(person, person.full_name) for person in Person.objects.filter(pk__in=wanted - known).order_by("full_name")]


@require_safe
@letter_page
def read(request: HttpRequest, letter: Letter) -> HttpResponse:
    """One letter: to the person it is to, or for those dealing with it."""
    if request.method == "GET":
        verbs.record_opening(letter, by=request.user, now=timezone.now())
    case = letter_case(letter.concern_id, request)
    context = {
        "case": case,
        "concern": case.concern if case else None,
        "letter": letter,
        "about": described(letter),
        "marking": wording.mark_label(letter.marking, case.protocol if case else None),
        "paragraphs": paragraphs(letter.body or ""),
        "missing": tokens.left(letter.body or "") if letter.state == LetterState.DRAFT else [],
        "is_mine": letter.made_by_id == request.user.pk,
        "is_to_me": letter.to_person_id == request.user.pk,
    }
    return render(request, "correspondence/letter.html", context)


@require_safe
@letter_page
def pdf(request: HttpRequest, letter: Letter) -> HttpResponse:
    """The letter as it was sent, always as a download with a name that says nothing."""
    if letter.state != LetterState.SENT:
        raise Http404
    if request.method == "GET":
        verbs.record_opening(letter, by=request.user, now=timezone.now())
    return attachment(bytes(letter.pdf), "application/pdf", "letter.pdf")


@require_http_methods(PAGE)
@draft_page
def edit(request: HttpRequest, case: Case, letter: Letter) -> HttpResponse:
    """Change a draft's words."""
    label = wording.heading(letter.kind)
    if letter.state != LetterState.DRAFT:
        return closed(request, case, label=label, why=str(wording.NOT_DRAFT))
    posted = request.method == "POST"
    initial = {
        "revision": letter.revision, "body": letter.body, "to_name": letter.to_name, "to_address": letter.to_address,
        "marking": letter.marking,
    }  # fmt: skip
    form = EditForm(
        request.POST if posted else None, initial=initial, has_account=letter.to_person_id is not None, marks=wording.marks(case.protocol)
    )
    if posted and form.is_valid() and attempt(form, verbs.edit_letter, letter_id=letter.pk, by=case.person, now=case.now, **form.answers()):
        return redirect("correspondence:letter", letter=letter.pk)
    return form_page(
        request, case=case, form=form, heading=label, button=_("Keep"), action="edit_letter",
        lead=_("To %(name)s. It stays a draft until you send it.") % {"name": described(letter)["to"]},
        missing=tokens.left(letter.body or ""), back=reverse("correspondence:letter", kwargs={"letter": letter.pk}),
    )  # fmt: skip


@require_http_methods(PAGE)
@draft_page
def send(request: HttpRequest, case: Case, letter: Letter) -> HttpResponse:
    """Send a draft, after one more look at whom it is to."""
    label = _("Send the letter")
    if letter.state != LetterState.DRAFT:
        return closed(request, case, label=label, why=str(wording.NOT_DRAFT))
    posted = request.method == "POST"
    form = RevisionForm(request.POST if posted else None, initial={"revision": letter.revision})
    if posted and form.is_valid() and attempt(form, verbs.send_letter, letter_id=letter.pk, by=case.person, now=case.now, **form.answers()):
        notes.success(request, _("Sent and kept as it is.") if letter.to_person_id else _("Kept as it is. Print the PDF and post it."))
        return redirect("correspondence:letter", letter=letter.pk)
    who = described(letter)["to"]
    told = _("%(name)s is told that there is something to look at, and finds the letter in the portal. It can't be changed afterwards.")
    printed = _("%(name)s has no account here: you print it and post it. It can't be changed afterwards.")
    return form_page(
        request, case=case, form=form, heading=label, button=label, action="send_letter", lead=(told if letter.to_person_id else printed) % {"name": who},
        missing=tokens.left(letter.body or ""), back=reverse("correspondence:letter", kwargs={"letter": letter.pk}),
    )  # fmt: skip


@require_http_methods(PAGE)
@draft_page
def discard(request: HttpRequest, case: Case, letter: Letter) -> HttpResponse:
    """Throw a draft away."""
    label = _("Throw the draft away")
    if letter.state != LetterState.DRAFT or letter.made_by_id != case.person.pk:
        mine = _("Only whoever began this letter can throw it away.")
        return closed(request, case, label=label, why=str(wording.NOT_DRAFT) if letter.state != LetterState.DRAFT else mine)
    posted = request.method == "POST"
    form = RevisionForm(request.POST if posted else None, initial={"revision": letter.revision})
    if posted and form.is_valid() and attempt(form, verbs.discard_letter, letter_id=letter.pk, by=case.person, now=case.now, **form.answers()):
        notes.success(request, _("The draft is gone."))
        return redirect("correspondence:letters", concern=case.concern.pk)
    return form_page(
        request, case=case, form=form, heading=label, button=label, action="discard_letter", lead=_("Nobody but those dealing with it has seen it."),
        back=reverse("correspondence:letter", kwargs={"letter": letter.pk}),
    )  # fmt: skip
