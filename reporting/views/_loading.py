"""Who gets to a report: the council's administrator, and its own Monitoring Officer; for everybody else there is none."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from councils.views._loading import Visit, council_page
from reporting import queries
from reporting.models import ReportRun

READERS = ("monitoring_officer", "deputy_monitoring_officer")


def reports_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorates `view(request, visit, **kwargs)`: the administrator or the Monitoring Officer of the council, else 404."""

    @council_page()
    @wraps(view)
    def guarded(request: HttpRequest, visit: Visit, **kwargs: Any) -> HttpResponse:
        if not visit.is_admin and not any(held.role in READERS for held in visit.mine):
            raise Http404
        return view(request, visit, **kwargs)

    return guarded


def load_run(visit: Visit, pk: UUID) -> ReportRun:
    """A report of the council. Raises Http404."""
    found = queries.runs_of(visit.council).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
