"""What was typed is given back when a form could not be taken: the session had ended, or its token had grown old.

Nothing is stored: the answers stand in the page that answers the very request that brought them.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url

LONG = 200  # characters from which an answer is shown in a box of its own
MOST = 200  # answers given back; a real form has fewer


def given_back(request: HttpRequest, *, signed_out: bool) -> HttpResponse:
    """The page that holds the answers of a form, ready to be sent again; 401 when signed out, else 403."""
    typed = [
        (name, value, len(value) > LONG or "\n" in value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
    context = {
        "typed": typed[:MOST],
        "has_words": any(long for _name, _value, long in typed),
        "had_files": bool(request.FILES),
        "signed_out": signed_out,
        "sign_in_url": resolve_url(settings.LOGIN_URL),
    }
    return render(request, "councils/given_back.html", context, status=401 if signed_out else 403)


def may_be_given_back(request: HttpRequest) -> bool:
    """Only a form of our own pages is given back with a fresh token, and never one that holds a password or code.

    The browser says where a form came from; a page of somebody else's must not get its answers confirmed here.
    """
    if request.method != "POST" or not request.POST:
        return False
    if any("password" in name or name in {"login", "code"} for name in request.POST):
        return False
    return _came_from_here(request)


def _came_from_here(request: HttpRequest) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site != "same-origin":
        return False
    origin = request.headers.get("Origin")
    if origin is not None:
        return origin == f"{request.scheme}://{request.get_host()}"
    return site == "same-origin"
