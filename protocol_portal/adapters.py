"""How the sign-in libraries are told to behave."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by a council's administrator; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: there is no sign-up."""
        return False


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second-factor secrets are kept encrypted with the field keys."""

    def _cipher(self) -> MultiFernet:
        return MultiFernet([Fernet(key) for key in settings.PORTAL_FIELD_KEYS])

    def encrypt(self, text: str) -> str:
        """Return ``text`` encrypted with the newest field key."""
        return self._cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the text of ``encrypted_text``. Raises InvalidToken when no field key fits."""
        return self._cipher().decrypt(encrypted_text.encode()).decode()


def client_address(request: HttpRequest) -> str:
    """Return the caller's address, looking behind PORTAL_PROXY_COUNT trusted proxies and no further."""
    count = settings.PORTAL_PROXY_COUNT
    if count:
        hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
        if len(hops) >= count:
            return hops[-count]
    return str(request.META.get("REMOTE_ADDR", ""))


def lockout_name(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """Return the e-mail address that a sign-in attempt is counted under, in lower case."""
    name = (credentials or {}).get("email") or (credentials or {}).get("username")
    if not name and request is not None:
        name = request.POST.get("login", "")
    return str(name or "").replace("\x00", "").strip().lower()[:254]


def same_answer(request: HttpRequest, response: HttpResponse, credentials: dict[str, Any] | None = None) -> HttpResponse:
    """Return the response unchanged: being locked out looks like a wrong password."""
    return response
