"""The pages for what can't be answered. Absent and forbidden look the same."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import TemplateDoesNotExist, loader
from django.utils import translation
from django.utils.translation import gettext as _

from councils.views.given_back import given_back, may_be_given_back


def _page(request: HttpRequest, status: int, fallback: str, template: str = "") -> HttpResponse:
    """Return ``<status>.html`` (or ``template``), or bare words when even the page can't be made."""
    translation.activate(getattr(request, "chosen_language", None) or translation.get_language_from_request(request))
    try:
        return HttpResponse(loader.render_to_string(template or f"{status}.html", {}, request), status=status)
    except TemplateDoesNotExist:
        return HttpResponse(fallback, status=status, content_type="text/plain; charset=utf-8")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the 400 page; the 413 page when the request held too much."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return too_large(request)
    return _page(request, 400, _("The portal did not understand the request. Go back and try again."))


def too_large(request: HttpRequest) -> HttpResponse:
    """Return the 413 page: more was sent than any form of ours holds."""
    return _page(request, 413, _("That was more than the portal can take at once. Send fewer or smaller files."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the 403 page."""
    return _page(request, 403, _("You can't do this. Go back and sign in again."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the 404 page, byte for byte the same whatever was asked for."""
    return _page(request, 404, _("Page not found"))


def server_error(request: HttpRequest) -> HttpResponse:
    """Return the 500 page without reading anything from the database, in the language chosen.

    While the database can't be reached it is the 503 page, which says when to come again.
    """
    translation.activate(getattr(request, "chosen_language", None) or translation.get_language() or settings.LANGUAGE_CODE)
    status = 503 if _database_is_away() else 500
    try:
        answer = HttpResponse(loader.render_to_string(f"{status}.html"), status=status)
    except Exception:  # noqa: BLE001 (the last resort must not fail)
        fallback = _("Sorry, there is a problem with the service. Try again later.")
        answer = HttpResponse(fallback, status=status, content_type="text/plain; charset=utf-8")
    if status == 503:
        answer["Retry-After"] = "60"  # seconds
    return answer


def _database_is_away() -> bool:
    """The error being answered is that PostgreSQL couldn't be reached, went away or is shutting down; no statement was at fault."""
    error = sys.exc_info()[1]
    if not isinstance(error, InterfaceError | OperationalError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(("08", "57P"))


def csrf_failure(request: HttpRequest, reason: str = "", **_kwargs: Any) -> HttpResponse:
    """Return the page for a form whose token is missing or old; ``reason`` isn't shown.

    A form of our own pages is given back to be confirmed: its token is old after signing in again in another tab.
    """
    if may_be_given_back(request):
        return given_back(request, signed_out=False)
    words = _("This page was open too long. Go back, copy what you typed, and try again.")
    return _page(request, 403, words, "csrf_failure.html")
