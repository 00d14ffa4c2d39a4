"""Where one is signed in, and the language one reads in."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from councils import actions, queries
from councils.errors import Refusal


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def sign_ins(request: HttpRequest) -> HttpResponse:
    """One's own sessions; a form ends one of them, or all but this."""
    if request.method == "POST":
        return _act(request)
    rows = [(row, row.session_key == request.session.session_key) for row in queries.sign_ins_of(request.user.pk, now=timezone.now())]
    context = {
        "rows": rows,
        "others": sum(not here for _row, here in rows),
        "linked": queries.is_linked(request.user),
        "organisation": settings.PORTAL_OIDC_NAME,
    }
    return render(request, "councils/sign_ins.html", context)


def _act(request: HttpRequest) -> HttpResponse:
    now, wanted = timezone.now(), request.POST.get("end", "")
    try:
        if wanted == "others":
            count = actions.end_other_sign_ins(current=request.session.session_key, by=request.user, now=now)
            said = ngettext("%(count)d other session was ended.", "%(count)d other sessions were ended.", count) % {"count": count}
        elif wanted == "organisation":
            actions.unlink_organisation(by=request.user, now=now)
            said = _("Your council’s account no longer signs you in here.")
        else:
            actions.end_sign_in(sign_in=_id(wanted), by=request.user, now=now)
            said = _("The session was ended.")
        messages.success(request, said)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    return redirect("councils:sign-ins")


def _id(text: str) -> UUID:
    """Raises Refusal for what isn't an id."""
    try:
        return UUID(text)
    except ValueError:
        raise Refusal(_("This session has ended already.")) from None


@require_safe
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language of the pages: for this browser, and for one's account when signed in; back to where one was.

    A link, so that a page that is the same for everybody needs no token for it; it changes nothing else.
    """
    chosen, before = request.GET.get("to", ""), urlsplit(request.headers.get("referer", ""))
    back = before.path + (f"?{before.query}" if before.query else "")
    ours = before.netloc == request.get_host() and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    response = redirect(back if ours else "/")
    if request.method == "GET" and chosen in dict(settings.LANGUAGES):
        if request.user.is_authenticated and request.headers.get("sec-fetch-site", "same-origin") == "same-origin":
            actions.choose_language(language=chosen, by=request.user, now=timezone.now())
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, chosen, max_age=settings.LANGUAGE_COOKIE_AGE, secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY, samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        )  # fmt: skip
    return response
