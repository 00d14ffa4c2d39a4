"""The loader is the guard: a matter is obtained only by somebody with a row on it; for all others the one 404."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, wraps
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from concerns.views._loading import signed_in
from councils.models import Person
from rights import queries
from rights.actions import standing
from rights.enums import Kind

View = Callable[..., HttpResponse]
PAGE = ["GET", "HEAD", "POST"]


@dataclass
class Sheet:
    """One matter as one person opens it now."""

    kind: Kind
    row: Any
    person: Person
    now: datetime
    today: date = field(init=False)

    def __post_init__(self) -> None:
        self.today = timezone.localdate(self.now)

    @cached_property
    def seated(self) -> bool:
        """Whether they deal with it as a records keeper."""
        return self.row.pk in queries.seated()

    @property
    def own(self) -> bool:
        """Whether it is theirs: they asked, complained or reported."""
        return standing.mine(self.row, self.person)


def matter_page(kind: Kind) -> Callable[[View], View]:
    """Decorates ``view(http, sheet, **kwargs)``: the matter in the address, if the person may see it, else 404."""

    def decorate(view: View) -> View:
        @wraps(view)
        @signed_in
        def guarded(http: HttpRequest, row: UUID, **kwargs: Any) -> HttpResponse:
            return view(http, Sheet(kind, queries.load(kind, row), http.user, timezone.now()), **kwargs)

        return guarded

    return decorate


def refresh(form: Form, sheet: Sheet) -> None:
    """After a refusal the form is about the matter as it is now; what was typed stays."""
    now = queries.MODELS[sheet.kind]._default_manager.filter(pk=sheet.row.pk).values_list("revision", flat=True).first()
    form.data = form.data.copy()  # type: ignore[union-attr]
    form.data["revision"] = str(now if now is not None else sheet.row.revision)
