"""Signing in with the council's own directory (OpenID Connect): who may, and as whom.

Nobody gets an account by it. The first time, the directory's proved e-mail address names somebody who has one here; from
then on the directory's own name for them does, so that an address given to somebody else later opens nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from requests import RequestException

from councils.models import Person
from councils.models.person import normal_email

log = structlog.get_logger(__name__)
PROVED = (True, "true", "1", 1)


class OrganisationAdapter(DefaultSocialAccountAdapter):
    """No sign-up, no linking by hand; nothing of what the directory says is kept but its name for the person."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Return False: accounts are opened by a council."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Decide as whom the caller signs in. Raises ImmediateHttpResponse with the page that says why not."""
        said: dict[str, Any] = sociallogin.account.extra_data.get("id_token") or {}
        sociallogin.account.extra_data = {}
        if sociallogin.account.pk:
            sociallogin.account.save(update_fields=["extra_data"])
        elif (person := _named_by(said)) and sociallogin.state.get("process") != "connect":
            sociallogin.account.user = person
            sociallogin.account.save()
            sociallogin.user = person
        else:
            raise ImmediateHttpResponse(render(request, "socialaccount/unknown.html", status=403))
        methods = said.get("amr")
        sociallogin.state["second_factor"] = settings.PORTAL_OIDC_SECOND_FACTOR or (isinstance(methods, list) and "mfa" in methods)


def _named_by(said: dict[str, Any]) -> Person | None:
    """Whom the directory's proved address names: somebody with an open account, not linked to another of the directory's."""
    email = said.get("email")
    proved = settings.PORTAL_OIDC_TRUST_EMAIL or said.get("email_verified") in PROVED or said.get("xms_edov") in PROVED
    if not isinstance(email, str) or not proved or "\x00" in email:
        return None
    person = Person.objects.filter(email=normal_email(email), is_active=True).first()
    return None if person is None or SocialAccount.objects.filter(user=person).exists() else person


def _answered(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view, but a directory that is away, or says what can't be understood, is a page in words."""

    def answer(request: HttpRequest, provider_id: str) -> HttpResponse:
        try:
            return view(request, provider_id=provider_id)
        except (RequestException, OAuth2Error, KeyError, TypeError, ValueError) as problem:
            log.warning("the directory could not be used", problem=type(problem).__name__)
            return render(request, "socialaccount/authentication_error.html", status=401)

    return answer


login = _answered(oidc.login)
callback = _answered(oidc.callback)
