"""The loader is the guard: a page gets a message or a letter only through these, and strangers get the one 404."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from concerns import policy
from concerns import queries as concerns
from concerns.actions import triage
from concerns.views._loading import Case, signed_in, status_of
from correspondence import policy as writing
from correspondence import queries
from correspondence.models import Letter, Message

View = Callable[..., HttpResponse]
PAGE = ("GET", "HEAD", "POST")


def on_it(concern_id: UUID, request: HttpRequest, *, permission: str = policy.VIEW) -> Case:
    """The concern as this person has it. Raises NotVisible, also when a connection has put them out meanwhile."""
    now = timezone.now()
    found = concerns.load(concern_id, person=request.user, permission=permission, on=timezone.localdate(now))
    if found.may_be_out and triage.put_out(concern=found, by=request.user, now=now):  # type: ignore[attr-defined]
        raise concerns.NotVisible
    return Case(found, request.user, now)


def case_of(concern_id: UUID, request: HttpRequest) -> Case | None:
    """The concern if this person may read it; None for somebody who has a message or a letter only."""
    try:
        return on_it(concern_id, request, permission=policy.READ)
    except concerns.NotVisible:
        return None


def letter_case(concern_id: UUID, request: HttpRequest) -> Case | None:
    """The concern if this person finds its letters there; None for somebody who has a letter only."""
    try:
        case = on_it(concern_id, request)
    except concerns.NotVisible:
        return None
    return case if writing.sees_letters(case.held, reads=case.reads) else None


def message_page(view: View) -> View:
    """Decorates ``view(request, message, **kwargs)``: a message this person is in the audience of, else 404."""

    @wraps(view)
    @signed_in
    def guarded(request: HttpRequest, message: UUID, **kwargs: Any) -> HttpResponse:
        return view(request, queries.message(message), **kwargs)

    return guarded


def answerable_page(view: View) -> View:
    """Decorates ``view(request, case, message)``: a message on a concern this person reads, else 404."""

    @wraps(view)
    @message_page
    def guarded(request: HttpRequest, message: Message, **kwargs: Any) -> HttpResponse:
        case = case_of(message.concern_id, request)
        if case is None:
            raise queries.NotVisible
        return view(request, case, message, **kwargs)

    return guarded


def letter_page(view: View) -> View:
    """Decorates ``view(request, letter, **kwargs)``: a letter this person may read, else 404."""

    @wraps(view)
    @signed_in
    def guarded(request: HttpRequest, letter: UUID, **kwargs: Any) -> HttpResponse:
        return view(request, queries.letter(letter), **kwargs)

    return guarded


def draft_page(view: View) -> View:
    """Decorates ``view(request, case, letter)``: a letter on a concern this person is on, else 404."""

    @wraps(view)
    @letter_page
    def guarded(request: HttpRequest, letter: Letter, **kwargs: Any) -> HttpResponse:
        return view(request, on_it(letter.concern_id, request), letter, **kwargs)

    return guarded


def form_page(request: HttpRequest, *, case: Case, form: Form, **context: Any) -> HttpResponse:
    """One question page: ``heading``, ``button``, ``action``, ``back`` and what else the template shows."""
    context = {"case": case, "concern": case.concern, "protocol": case.protocol, "form": form, **context}
    return render(request, "correspondence/form.html", context, status=status_of(form))


def closed(request: HttpRequest, case: Case, *, label: str, why: str) -> HttpResponse:
    """A step that isn't open: 409 with the reason."""
    context = {"case": case, "concern": case.concern, "label": label, "why": why}
    return render(request, "concerns/closed_step.html", context, status=409)
