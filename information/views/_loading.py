"""The loader is the guard: a request or question is obtained only by somebody with a row on it; for all others the one 404."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from concerns import policy as casework
from concerns.views._loading import signed_in
from councils import queries as councils
from councils.models import Person, ProtocolVersion
from councils.protocol import Protocol
from information import plan, policy, queries
from information.domain.rules import AccessRules, access_rules
from information.enums import RequestKind, RequestPart, RequestState
from information.models import AccessRequest, GuidanceQuestion

View = Callable[..., HttpResponse]
PAGE = ["GET", "HEAD", "POST"]


@dataclass
class Sheet:
    """One request as one person opens it now."""

    request: AccessRequest
    person: Person
    now: datetime
    today: date = field(init=False)

    def __post_init__(self) -> None:
        self.today = timezone.localdate(self.now)

    @cached_property
    def version(self) -> ProtocolVersion | None:
        """The pinned version, or for a draft the one in force."""
        return self.request.protocol_version or councils.protocol_in_force(self.request.council, on=self.today)

    @property
    def protocol(self) -> Protocol | None:
        return self.version.protocol if self.version else None

    @cached_property
    def rules(self) -> AccessRules | None:
        return access_rules(self.version.protocol) if self.version else None

    @cached_property
    def standing(self) -> policy.Standing:
        return queries.standing(self.request, self.person, on=self.today)

    @property
    def is_requester(self) -> bool:
        return self.request.requester_id == self.person.pk

    @property
    def names_withheld(self) -> bool:
        """Whether this reader isn't told who decides: about a concern, that could tell who has a part in it."""
        return self.is_requester and self.request.kind == RequestKind.CONCERN

    @property
    def undecided(self) -> bool:
        """Whether it waits for a decision and this reader isn't told whether somebody here is free to take it."""
        return self.names_withheld and self.request.state in (RequestState.ASKED, RequestState.WITH_DETERMINER)

    @property
    def state(self) -> RequestState:
        """The state as this reader is shown it."""
        return RequestState.WITH_DETERMINER if self.undecided else RequestState(self.request.state)

    @cached_property
    def knows_which(self) -> bool:
        """Whether they are told which concern it is about: who asked, an officer, or somebody who is on that concern.

        A councillor who stands in for the usual officer would learn that there is such a concern, and who has a part in it.
        """
        if self.is_requester or councils.side_of(self.person, self.request.council, on=self.today) == "officer":
            return True
        written = plan.as_reference(str(self.request.concern_reference or ""))
        return casework.visible_to(self.person).filter(reference=written, council=self.request.council).exists()

    @property
    def sees_advice(self) -> bool:
        return bool(self.standing.parts - {RequestPart.REQUESTER})


def refresh(form: Form, request: AccessRequest) -> None:
    """After a refusal the form is about the request as it is now; what was typed stays."""
    now = AccessRequest.objects.filter(pk=request.pk).values_list("revision", flat=True).first()
    form.data = form.data.copy()  # type: ignore[union-attr]
    form.data["revision"] = str(now if now is not None else request.revision)


def request_page(view: View) -> View:
    """Decorates ``view(http, sheet, **kwargs)``: the request in the address, if the person may see it, else 404."""

    @wraps(view)
    @signed_in
    def guarded(http: HttpRequest, request_id: UUID, **kwargs: Any) -> HttpResponse:
        now = timezone.now()
        found = queries.load(request_id, person=http.user, on=timezone.localdate(now))
        return view(http, Sheet(found, http.user, now), **kwargs)

    return guarded


def draft_page(view: View) -> View:
    """Decorates ``view(http, sheet)``: a draft of one's own. Once it is sent, on to its page."""

    @wraps(view)
    @request_page
    def guarded(http: HttpRequest, sheet: Sheet, **kwargs: Any) -> HttpResponse:
        if sheet.request.state != RequestState.DRAFT:
            if http.method == "POST":
                messages.info(http, _("It has already been sent. Here is where it stands."))
            return redirect("information:page", request_id=sheet.request.pk)
        return view(http, sheet, **kwargs)

    return guarded


def question_page(view: View) -> View:
    """Decorates ``view(http, question)``: the question in the address, if the person may see it, else 404."""

    @wraps(view)
    @signed_in
    def guarded(http: HttpRequest, question_id: UUID, **kwargs: Any) -> HttpResponse:
        found: GuidanceQuestion = queries.load_question(question_id, person=http.user, on=timezone.localdate())
        return view(http, found, **kwargs)

    return guarded
