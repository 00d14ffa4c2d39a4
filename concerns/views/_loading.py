"""The loader is the guard: a view gets a concern only through ``case_page``, and strangers get the one 404."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _

from concerns import policy, queries
from concerns.actions import triage
from concerns.domain import guards
from concerns.enums import Capacity, State
from concerns.models import Concern, Participation
from councils import queries as councils
from councils.errors import Refusal
from councils.models import Person, ProtocolVersion
from councils.protocol import Protocol
from councils.views.given_back import given_back

View = Callable[..., HttpResponse]


@dataclass
class Case:
    """One concern as one person opens it now."""

    concern: Concern
    person: Person
    now: datetime
    today: date = field(init=False)

    def __post_init__(self) -> None:
        self.today = timezone.localdate(self.now)

    @cached_property
    def version(self) -> ProtocolVersion | None:
        """The pinned version, or for a draft the one in force."""
        return self.concern.protocol_version or councils.protocol_in_force(self.concern.council, on=self.today)

    @property
    def protocol(self) -> Protocol | None:
        """The protocol whose words and clauses the pages use."""
        return self.version.protocol if self.version else None

    @cached_property
    def everyone(self) -> list[Participation]:
        """Everybody's parts, current and ended."""
        return queries.parts_of(self.concern)

    @property
    def parts(self) -> list[Participation]:
        """The person's own current parts."""
        return [part for part in self.everyone if part.person_id == self.person.pk and part.until is None]

    @cached_property
    def held(self) -> frozenset[Capacity]:
        """In which capacities they are on it."""
        return frozenset(Capacity(part.capacity) for part in self.parts)

    @cached_property
    def reads(self) -> bool:
        """Whether they may read what was written, not only know that it exists."""
        return self.concern.readable

    @cached_property
    def facts(self) -> guards.Facts:
        """What the guards look at."""
        return queries.facts(self.concern, self.person, self.parts, today=self.today)

    @property
    def is_raiser(self) -> bool:
        return self.concern.raiser_id == self.person.pk


def signed_in(view: View) -> View:
    """Decorates a view: signed in, else off to sign in. What was sent while signed out is given back, never lost."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST":
            return given_back(request, signed_out=True)
        return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))

    return guarded


def case_page(permission: str = policy.VIEW, *, panels: bool = False) -> Callable[[View], View]:
    """Decorates ``view(request, case, **kwargs)``: the concern in the address, if the person may know of it, else 404.

    ``panels``: the view shows what the rooms have on it.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        @signed_in
        def guarded(request: HttpRequest, concern: UUID, **kwargs: Any) -> HttpResponse:
            now = timezone.now()
            found = queries.load(concern, person=request.user, permission=permission, on=timezone.localdate(now), panels=panels)
            if found.may_be_out and triage.put_out(concern=found, by=request.user, now=now):  # type: ignore[attr-defined]
                raise queries.NotVisible
            return view(request, Case(found, request.user, now), **kwargs)

        return guarded

    return decorate


def draft_page(view: View) -> View:
    """Decorates ``view(request, case, **kwargs)``: a draft of one's own. Once it is sent, on to its page."""

    @wraps(view)
    @case_page()
    def guarded(request: HttpRequest, case: Case, **kwargs: Any) -> HttpResponse:
        if case.concern.state != State.DRAFT:
            if request.method == "POST":
                messages.info(request, _("It has already been sent. Here is where it stands."))
            return redirect("concerns:page", concern=case.concern.pk)
        return view(request, case, **kwargs)

    return guarded


def refuse(form: Form, refusal: Refusal, **renamed: str) -> None:
    """Puts an action's refusal onto the form, beside the field if the form has it. ``renamed`` maps its fields to ours."""
    name = renamed.get(refusal.field or "", refusal.field)
    form.add_error(name if name in form.fields else None, str(refusal.message))


def attempt(form: Form, run: Callable[..., Any], /, *, renamed: dict[str, str] | None = None, **answers: Any) -> Any:
    """Runs one action; returns what it gives, or None after its refusal went onto the form."""
    try:
        return run(**answers) or True
    except Refusal as refusal:
        refuse(form, refusal, **(renamed or {}))
        return None


def status_of(form: Form | None) -> int:
    """422 when the form has errors, else 200."""
    return 422 if form is not None and form.is_bound and form.errors else 200
