"""How the sign-in libraries are told to behave."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils.rls import FACTOR_IN_SESSION


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by a council's administrator; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: there is no sign-up."""
        return False

    def post_login(self, request: HttpRequest, user: Any, *, signal_kwargs: dict[str, Any] | None, **more: Any) -> HttpResponse:
        """Keep in the new session whether the council's directory has asked for a second factor; go on as usual."""
        login = (signal_kwargs or {}).get("sociallogin")
        if login is not None and login.state.get("second_factor") is True:
            request.session[FACTOR_IN_SESSION] = True
        return super().post_login(request, user, signal_kwargs=signal_kwargs, **more)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second-factor secrets are kept encrypted with the field keys."""

    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": gettext_lazy("That is not right. Try again, or use another way.")}

    def _cipher(self) -> MultiFernet:
        return MultiFernet([Fernet(key) for key in settings.PORTAL_FIELD_KEYS])

    def encrypt(self, text: str) -> str:
        """Return ``text`` encrypted with the newest field key."""
        return self._cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the text of ``encrypted_text``. Raises InvalidToken when no field key fits."""
        return self._cipher().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 (the library's name)
        """Return a name for a new passkey that nobody gave one."""
        return _("Passkey %(number)d") % {"number": Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return what a passkey is bound to: the portal's own host name."""
        return {**super().get_public_key_credential_rp_entity(), "name": settings.PORTAL_NAME}


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
