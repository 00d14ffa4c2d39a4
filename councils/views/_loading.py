"""The loader is the guard: a council is obtained only by somebody who holds an appointment there today."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from councils import queries
from councils.errors import Refusal
from councils.models import Appointment, Council, Person, ProtocolVersion
from councils.roles import ADMIN_ROLE
from councils.views.given_back import given_back


@dataclass(frozen=True)
class Visit:
    """Who looks at which council on which day."""

    council: Council
    person: Person
    on: date
    mine: tuple[Appointment, ...]
    version: ProtocolVersion | None

    @property
    def is_admin(self) -> bool:
        """Does the person keep this council's people and protocol?"""
        return any(appointment.role == ADMIN_ROLE for appointment in self.mine)

    @property
    def protocol(self) -> Any:
        """The protocol whose words the pages use: the one in force."""
        return self.version.protocol if self.version else None

    @property
    def context(self) -> dict[str, Any]:
        """What every council page's template reads."""
        return {"council": self.council, "is_admin": self.is_admin, "protocol": self.protocol, "today": self.on}


def council_page(*, admin: bool = False) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Decorates `view(request, visit, **kwargs)`: signed in, appointed there today (and its administrator), else 404."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, key: str, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                if request.method == "POST":
                    return given_back(request, signed_out=True)
                return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
            visit = load_visit(request, key)
            if admin and not visit.is_admin:
                raise Http404
            return view(request, visit, **kwargs)

        return guarded

    return decorate


def load_visit(request: HttpRequest, key: str) -> Visit:
    """The visit of the signed-in person to a council. Raises Http404 for strangers and for unknown councils alike."""
    on = timezone.localdate()
    held = queries.appointments_of(request.user, on=on)
    request.my_appointments = held  # type: ignore[attr-defined]  # the frame's menu needs them too
    mine = tuple(appointment for appointment in held if appointment.council.key == key)
    if not mine:
        raise Http404
    council = mine[0].council
    return Visit(council, request.user, on, mine, queries.protocol_in_force(council, on=on))  # type: ignore[arg-type]


def one(rows: QuerySet[Any], pk: UUID) -> Any:
    """The row with that id among those given. Raises Http404."""
    try:
        return rows.get(pk=pk)
    except rows.model.DoesNotExist:
        raise Http404 from None


def done(request: HttpRequest, message: str, to: str, **kwargs: Any) -> HttpResponse:
    """Says what was done and goes on to a page."""
    messages.success(request, message)
    return redirect(to, **kwargs)


def carry_out(form: Form, action: Callable[..., Any], *, by: Person, **fields: Any) -> bool:
    """Runs one action with the form's answers. A refusal becomes an error on the form, what was typed stays."""
    if not form.is_valid():
        return False
    try:
        action(by=by, now=timezone.now(), **fields, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.message))
        for problem in refusal.problems:
            form.add_error(None, problem)
        return False
    return True


def form_page(request: HttpRequest, visit: Visit, form: Form, *, title: str, button: str, back: str, **extra: Any) -> HttpResponse:
    """One form on a page, with a way back. `intro` and `warning` may say more above it."""
    context = {
        **visit.context,
        "form": form,
        "page_title": title,
        "button": button,
        "back_url": reverse(f"councils:{back}", kwargs={"key": visit.council.key, **extra.pop("back_kwargs", {})}),
        **extra,
    }
    return render(request, "councils/form.html", context, status=422 if form.errors else 200)


def sub_navigation(visit: Visit, current: str, pages: list[tuple[str, Any]]) -> list[dict[str, Any]]:
    """The links of a section, the current one marked."""
    return [
        {"label": label, "href": reverse(f"councils:{name}", kwargs={"key": visit.council.key}), "current": name == current}
        for name, label in pages
    ]


def people_navigation(visit: Visit, current: str) -> list[dict[str, Any]]:
    """People, who is away, bodies, relationships."""
    pages = [("people", _("People")), ("absences", _("Who is away")), ("bodies", _("Bodies")), ("relationships", _("Disclosed relationships"))]
    return sub_navigation(visit, current, pages)


def protocol_navigation(visit: Visit, current: str) -> list[dict[str, Any]]:
    """The text, its versions, its review."""
    pages = [("protocol", _("Read the protocol")), ("protocol-versions", _("Versions")), ("review", _("Review"))]
    return sub_navigation(visit, current, pages)
