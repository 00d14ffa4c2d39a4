"""Signing in with the council's own directory, against a real one on the loopback address."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.test import Client

from councils.models import Person
from councils.rls import FACTOR_IN_SESSION
from protocol_portal import checks
from tests.factories.councils import AppointmentFactory, PersonFactory
from tests.signin.directory import CLIENT, SECRET, Directory

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/oidc/organisation/login/"
MAIL = "ada@council.example"


@pytest.fixture(scope="module")
def running() -> Iterator[Directory]:
    """One directory for all tests here."""
    made = Directory()
    yield made
    made.close()


@pytest.fixture
def directory(running: Directory, settings: Any) -> Directory:
    """The directory, with somebody proved in it, that the portal is set up for."""
    running.says, running.refuses, running.broken = {"sub": "subject-1", "email": MAIL, "email_verified": True}, "", False
    running.asked.clear()
    settings.PORTAL_OIDC_NAME = "Anytown account"
    app = {
        "provider_id": "organisation", "name": "Anytown account", "client_id": CLIENT, "secret": SECRET,
        "settings": {"server_url": running.issuer, "fetch_userinfo": False},
    }  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    return running


def come(client: Client, start: str = LOGIN) -> Any:
    """Follow the way a browser takes: to the directory, through it, and back."""
    away = client.get(start)
    assert away.status_code == 302, away.content.decode()
    back = requests.get(away["Location"], allow_redirects=False, timeout=5)
    where = urlsplit(back.headers["Location"])
    assert (where.scheme, where.netloc, where.path) == ("http", "testserver", f"{LOGIN}callback/")
    return client.get(f"{where.path}?{where.query}")


def test_directory_signs_in_whom_its_proved_address_names(client: Client, directory: Directory) -> None:
    ada = PersonFactory(email=MAIL)
    assert "Sign in with Anytown account" in client.get("/accounts/login/").content.decode()
    answer = come(client, f"{LOGIN}?next=/account/")
    assert (answer.status_code, answer["Location"], client.session[SESSION_KEY]) == (302, "/account/", str(ada.pk))
    (asked,) = directory.asked
    assert (asked["client_id"], set(asked["scope"].split()), asked["code_challenge_method"]) == (CLIENT, {"openid", "profile", "email"}, "S256")
    linked = SocialAccount.objects.get(user=ada)
    assert (linked.uid, linked.extra_data, SocialToken.objects.count()) == ("subject-1", {}, 0)
    held = json.dumps([session.get_decoded() for session in Session.objects.all()])
    assert (MAIL in held, SECRET in held) == (False, False)


def test_directory_knows_somebody_again_by_its_own_name_for_them(client: Client, directory: Directory) -> None:
    ada = PersonFactory(email=MAIL)
    come(Client())
    directory.says["email"] = "new-name@council.example"
    assert come(client)["Location"] == "/"
    assert client.session[SESSION_KEY] == str(ada.pk)
    assert SocialAccount.objects.get().extra_data == {}


@pytest.mark.parametrize("said", [
    {"email": "nobody@council.example"}, {"email_verified": False}, {"email_verified": None}, {"email": None}, {"email": "ada@council.example\x00"},
])  # fmt: skip
def test_directory_opens_nothing_for_an_address_that_is_unknown_or_not_proved(client: Client, directory: Directory, said: Any) -> None:
    PersonFactory(email=MAIL)
    directory.says |= said
    answer = come(client)
    assert (answer.status_code, SESSION_KEY in client.session, SocialAccount.objects.count()) == (403, False, 0)
    assert "This account opens nothing here" in answer.content.decode()
    assert Person.objects.count() == 1  # nobody signs up


def test_directory_of_the_council_alone_needs_no_proof_of_its_addresses(client: Client, directory: Directory, settings: Any) -> None:
    ada = PersonFactory(email=MAIL)
    settings.PORTAL_OIDC_TRUST_EMAIL = True
    del directory.says["email_verified"]
    come(client)
    assert client.session[SESSION_KEY] == str(ada.pk)


def test_directory_gives_an_address_to_somebody_else_and_they_find_nothing(client: Client, directory: Directory) -> None:
    PersonFactory(email=MAIL)
    come(Client())
    directory.says["sub"] = "subject-2"
    assert (come(client).status_code, SESSION_KEY in client.session) == (403, False)


def test_directory_opens_no_closed_account(client: Client, directory: Directory) -> None:
    ada = PersonFactory(email=MAIL)
    come(Client())
    Person.objects.filter(pk=ada.pk).update(is_active=False)
    assert come(client)["Location"] == "/accounts/inactive/"
    assert SESSION_KEY not in client.session


def test_directory_links_no_account_of_its_own_to_whoever_is_signed_in(directory: Directory) -> None:
    browser = Client()
    browser.force_login(PersonFactory(email="ben@council.example"), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert come(browser, f"{LOGIN}?process=connect").status_code == 403
    assert SocialAccount.objects.count() == 0


def test_directory_that_is_away_or_refuses_is_said_in_words(client: Client, directory: Directory) -> None:
    PersonFactory(email=MAIL)
    directory.broken = True
    away = client.get(LOGIN)
    assert (away.status_code, "Signing in did not work" in away.content.decode()) == (401, True)
    directory.broken, directory.refuses = False, "access_denied"
    assert come(client)["Location"] == "/accounts/oidc/cancelled/"
    assert "You stopped signing in" in client.get("/accounts/oidc/cancelled/").content.decode()
    directory.refuses = "server_error"
    assert come(client).status_code == 401


def test_answer_that_nobody_asked_for_or_a_second_time_signs_nobody_in(client: Client, directory: Directory) -> None:
    PersonFactory(email=MAIL)
    assert client.get(f"{LOGIN}callback/?code=code-0&state=made-up").status_code == 401
    away = client.get(LOGIN)
    back = urlsplit(requests.get(away["Location"], allow_redirects=False, timeout=5).headers["Location"])
    assert Client().get(f"{back.path}?{back.query}").status_code == 401  # in another browser
    assert client.get(f"{back.path}?{back.query}").status_code == 302
    assert client.get(f"{back.path}?{back.query}").status_code == 401


def test_directory_s_own_second_factor_counts_only_where_it_is_said(directory: Directory, settings: Any) -> None:
    AppointmentFactory(person=PersonFactory(email=MAIL))
    settings.PORTAL_REQUIRE_MFA = True
    without = Client()
    come(without)
    assert without.get("/account/")["Location"] == "/accounts/2fa/totp/activate/"
    directory.says["amr"] = ["pwd", "mfa"]
    told = Client()
    come(told)
    assert (told.get("/account/").status_code, told.session[FACTOR_IN_SESSION]) == (200, True)
    del directory.says["amr"]
    settings.PORTAL_OIDC_SECOND_FACTOR = True
    trusted = Client()
    come(trusted)
    assert trusted.get("/account/").status_code == 200


def test_directory_that_isn_t_set_up_is_no_address(client: Client) -> None:
    assert client.get(LOGIN).status_code == 404
    assert "Sign in with Microsoft" not in client.get("/accounts/login/").content.decode()


def test_unlinking_needs_another_way_in(client: Client, directory: Directory) -> None:
    ada = PersonFactory(email=MAIL)
    come(client)
    refused = client.post("/account/sessions/", {"end": "organisation"}, follow=True).content.decode()
    assert ("your only way to sign in" in refused, SocialAccount.objects.count()) == (True, 1)
    ada.refresh_from_db()
    ada.set_password("Correct-horse-2026")
    ada.save()
    client.force_login(ada, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.post("/account/sessions/", {"end": "organisation"})
    assert SocialAccount.objects.count() == 0


@pytest.mark.parametrize(("given", "problem"), [
    ({"PORTAL_OIDC_ISSUER": "https://login.example/tenant"}, "Missing: PORTAL_OIDC_CLIENT_ID, PORTAL_OIDC_CLIENT_SECRET."),
    ({"PORTAL_OIDC_ISSUER": "http://login.example/t", "PORTAL_OIDC_CLIENT_ID": "a", "PORTAL_OIDC_CLIENT_SECRET": "b"}, "must begin with https://"),
    ({"PORTAL_OIDC_ISSUER": "https://login.example/common/v2.0", "PORTAL_OIDC_CLIENT_ID": "a", "PORTAL_OIDC_CLIENT_SECRET": "b"}, "your own directory"),
    ({"PORTAL_REQUIRE_MFA": "off"}, "can't be nobody"),
    ({"PORTAL_REQUIRE_MFA": "sometimes"}, "must be everybody, in_charge or nobody"),
])  # fmt: skip
def test_environment_that_would_let_strangers_in_stops_the_start(given: dict[str, str], problem: str) -> None:
    (said,) = checks.sign_in_problems(given, production=True)
    assert problem in said
    assert checks.sign_in_problems({}, production=True) == []
