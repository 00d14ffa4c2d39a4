"""What every answer carries, and what no request may bring."""

from __future__ import annotations

import time
from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from councils import actions
from protocol_portal import adapters, errors

GetResponse = Callable[[HttpRequest], HttpResponse]
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in ("camera", "microphone", "geolocation", "payment", "usb", "browsing-topics", "display-capture")
)
TOUCH_EVERY = 300
UTF8 = {"utf-8", "utf8"}
LARGEST_BODY = 60 * 1024 * 1024  # ten files of 5 MB and what is written with them
LONGEST_NUMBER = 12
LARGEST_STRANGERS_BODY = 3 * 1024 * 1024  # a form that came back after its session ended


class PrivacyHeadersMiddleware:
    """Nothing but static files may be stored by a browser or a proxy, and no device feature is asked for."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer with its privacy headers."""
        response = self.get_response(request)
        response["Cache-Control"] = "no-store, private"
        response["Permissions-Policy"] = PERMISSIONS
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response


class RefuseNulBytesMiddleware:
    """What PostgreSQL can't hold is answered by the 'not understood' page: an address with a NUL byte, text that isn't UTF-8.
    A body larger than any form of ours gets the 'too large' page before it is read. A cookie that no answer of ours set counts as none.

    Another charset may decode to halves of characters (``unicode_escape``) or be no text at all (``base64``).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the 400 page for a NUL byte in path or query or for another charset, otherwise the answer."""
        for name in [name for name, value in request.COOKIES.items() if not value.isprintable()]:
            del request.COOKIES[name]  # an octal escape may be a NUL byte, which no session can be looked up by
        charset = (request.content_params or {}).get("charset", "utf-8")
        query = request.META.get("QUERY_STRING", "")
        most = LARGEST_BODY if settings.SESSION_COOKIE_NAME in request.COOKIES else LARGEST_STRANGERS_BODY
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal():
            return errors.bad_request(request)
        if len(length) > LONGEST_NUMBER or int(length) > most:
            return errors.too_large(request)
        if "\x00" in request.path or "%00" in query or "\x00" in query or charset.lower() not in UTF8:
            request.encoding = "utf-8"  # the page itself reads the query
            return errors.bad_request(request)
        return self.get_response(request)


class SignOutMiddleware:
    """On sign-out the browser drops what it kept of the portal (`Clear-Site-Data`)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer; when it ended a session, with Clear-Site-Data."""
        before = SESSION_KEY in request.session if settings.SESSION_COOKIE_NAME in request.COOKIES else False
        response = self.get_response(request)
        if before and SESSION_KEY not in request.session:
            # cookies stay: the session's is deleted by the server, and the message "you signed out" needs a new one
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response


class IdleSessionMiddleware:
    """A session ends SESSION_COOKIE_AGE after its last use; the use is written at most every five minutes.

    The same moment is when its owner's list of sessions learns of it (councils.actions.sign_ins).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer, having noted that the session is in use."""
        if settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session:
            self.used(request)
        response = self.get_response(request)
        if request.session.modified and SESSION_KEY in request.session:
            self.used(request)  # it may have begun just now: its owner can end it before it is used again
        return response

    def used(self, request: HttpRequest) -> None:
        """Write down that the session is in use, where that is due."""
        now, key = int(time.time()), str(request.session.session_key)
        if now - int(request.session.get("used", 0)) >= TOUCH_EVERY or request.session.get("known_as") != key:
            request.session["used"], request.session["known_as"] = now, key
            self.note(request, key)

    @staticmethod
    def note(request: HttpRequest, key: str) -> None:
        """Keep that this session is in use, from what and where."""
        actions.note_use(
            person_id=UUID(str(request.session[SESSION_KEY])),
            session_key=key,
            user_agent=request.META.get("HTTP_USER_AGENT", ""),
            address=adapters.client_address(request),
            now=timezone.now(),
        )
