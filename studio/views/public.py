"""The public pages: an adopted protocol, who to go to, the register. No signing in, nothing of a case, nobody's name unasked.

An unknown council, one without an adopted protocol and one that keeps its own to itself answer with the same 404.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from studio.reports import calendar, noticeboard, papers, register
from studio.reports.publication import Published, adopted, held, publish, versions

PublicView = Callable[..., HttpResponse]


def public_page(view: PublicView) -> PublicView:
    """Decorates ``view(request, published, on, **kwargs)``: whoever asks gets what is public of that council, else 404."""

    @wraps(view)
    def guarded(request: HttpRequest, key: str, **kwargs: Any) -> HttpResponse:
        on = timezone.localdate()
        found = adopted(key, on=on)
        if found is None:
            raise Http404
        return view(request, publish(*found, on=on), on, **kwargs)

    return guarded


def public_context(published: Published, current: str) -> dict[str, Any]:
    """What ``studio/public.html`` reads; ``current``: the name of the page's address, in full for another room's."""
    pages = [("studio:public", _("The protocol")), ("studio:public-notice", _("Who to go to")), ("studio:public-register", _("Register"))]
    pages += register.pages(published.council)
    key = {"key": published.council.key}
    return {
        "council": published.council,
        "protocol": published.protocol,
        "published": published,
        "is_demonstration_version": published.is_demonstration,
        "public_nav": [{"label": label, "href": reverse(name, kwargs=key), "current": name in (current, f"studio:{current}")} for name, label in pages],
    }


@require_safe
@public_page
def protocol(request: HttpRequest, published: Published, on: date) -> HttpResponse:
    """The adopted protocol."""
    return render(request, "studio/public_protocol.html", public_context(published, "public"))


@require_safe
@public_page
def notice(request: HttpRequest, published: Published, on: date) -> HttpResponse:
    """Who to go to."""
    context = {**public_context(published, "public-notice"), "notice": noticeboard.notice_of(published)}
    return render(request, "studio/noticeboard.html", context)


@require_safe
@public_page
def public_register(request: HttpRequest, published: Published, on: date) -> HttpResponse:
    """Versions, reviews, and what other rooms keep a public register of."""
    context = {
        **public_context(published, "public-register"),
        "versions": versions(published.council, on=on),
        "held": held(published.council, on=on),
        "calendar": calendar.review_calendar(published.council, on=on),
        "sections": register.sections(published.council, on),
    }
    return render(request, "studio/public_register.html", context)


@require_safe
@public_page
def paper(request: HttpRequest, published: Published, on: date) -> HttpResponse:
    """The adopted protocol as a PDF."""
    return _pdf(papers.publication(published), "protocol.pdf")


@require_safe
@public_page
def notice_paper(request: HttpRequest, published: Published, on: date, size: str) -> HttpResponse:
    """The page for the noticeboard as a PDF."""
    if size not in noticeboard.SIZES:
        raise Http404
    return _pdf(papers.noticeboard(published, size), f"who-to-go-to-{size}.pdf")


def _pdf(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
