"""In which language a page is shown: the person's own, else the browser's; whole pages only, so that none is half in each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

#: Pages that are there in Welsh. tests/signin/test_welsh.py walks them: nothing on them may be without a translation.
IN_WELSH: frozenset[str] = frozenset(
    {
        "accessibility", "privacy", "account_login", "account_logout", "account_inactive", "account_reauthenticate",
        "account_change_password", "account_set_password", "account_reset_password", "account_reset_password_done",
        "account_reset_password_from_key", "account_reset_password_from_key_done", "mfa_index", "mfa_authenticate",
        "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
        "mfa_list_webauthn", "mfa_add_webauthn", "mfa_login_webauthn", "mfa_reauthenticate_webauthn", "mfa_remove_webauthn",
        "mfa_edit_webauthn", "openid_connect_login", "openid_connect_callback", "socialaccount_login_cancelled",
        "councils:account", "councils:sign-ins", "councils:language",
        "concerns:new", "concerns:new-in", "concerns:draft-who", "concerns:draft-where", "concerns:draft-writing", "concerns:draft-check",
        "concerns:draft-elsewhere", "concerns:draft-delete", "concerns:draft-file-remove", "concerns:sent",
        "studio:public", "studio:public-notice", "studio:public-register", "studio:public-paper", "studio:public-notice-paper",
        "rights:complaint-new", "rights:complaint", "rights:complaint-do",
        "reporting:public", "reporting:public-report", "reporting:public-download",
    }
)  # fmt: skip


class LanguageMiddleware:
    """After the one that knows who is signed in: their choice goes before the browser's; a page without Welsh is in English, and says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer in the language chosen."""
        chosen = translation.get_language() or settings.LANGUAGE_CODE
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            own = request.user.language
            chosen = own if own in dict(settings.LANGUAGES) else chosen
        request.chosen_language = chosen  # type: ignore[attr-defined]
        _show(request, chosen)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Turn to English where there is no Welsh."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        if request.chosen_language != settings.LANGUAGE_CODE and name not in IN_WELSH:  # type: ignore[attr-defined]
            request.only_english = True  # type: ignore[attr-defined]
            _show(request, settings.LANGUAGE_CODE)


def _show(request: HttpRequest, language: str) -> None:
    translation.activate(language)
    request.LANGUAGE_CODE = language
