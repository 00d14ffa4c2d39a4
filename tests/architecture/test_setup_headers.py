"""What every answer carries; sign-in, sign-out, lockout and second factor as configured."""

import io
import logging

import pytest
from django.contrib.auth import SESSION_KEY, get_user_model
from django.core import mail
from django.test import Client
from django.urls import reverse

from protocol_portal import logs

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse-battery"


@pytest.fixture
def person():
    """Somebody who can sign in and has no role."""
    return get_user_model().objects.create_user("ada@portal.example", PASSWORD, full_name="Ada Test")


def sign_in(client, password=PASSWORD, email="ada@portal.example"):
    """Post the sign-in form."""
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_health_answers_ok_without_detail(client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")
    assert SESSION_KEY not in client.session


def test_every_page_is_private_and_strict(client) -> None:
    response = client.get(reverse("account_login"))
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store, private"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]
    policy = dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))
    assert policy == {
        "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self' data:",
        "font-src": "'self'", "connect-src": "'self'", "manifest-src": "'self'", "form-action": "'self'",
        "base-uri": "'none'", "frame-ancestors": "'none'",
    }  # fmt: skip


@pytest.mark.parametrize("address", ["/nowhere/", "/accounts/signup/", "/accounts/email/", "/admin/login/"])
def test_absent_addresses_answer_the_same_404(client, address) -> None:
    response = client.get(address)
    assert (response.status_code, response.content) == (404, client.get("/elsewhere/").content)


@pytest.mark.parametrize("address", ["/accounts/login/?next=%00", "/accounts/login/%00"])
def test_nul_byte_in_an_address_is_a_bad_request(client, address) -> None:
    assert client.get(address).status_code == 400


def test_sign_in_and_sign_out_clear_what_the_browser_kept(client, person) -> None:
    assert sign_in(client).status_code == 302
    assert client.session[SESSION_KEY] == str(person.pk)
    response = client.post(reverse("account_logout"))
    assert response.status_code == 302
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert SESSION_KEY not in client.session


def test_wrong_password_unknown_address_and_lockout_get_the_same_answer(client, person, settings) -> None:
    def answer(email, password):
        response = sign_in(client, password, email)
        return response.status_code, response.context["form"].errors.as_json()

    expected = answer("nobody@portal.example", "wrong")
    assert expected[0] == 200
    for _attempt in range(settings.AXES_FAILURE_LIMIT):
        assert answer(person.email, "wrong") == expected
    assert answer(person.email, PASSWORD) == expected
    assert SESSION_KEY not in client.session


def test_password_reset_answers_the_same_for_anybody_and_opens_no_session(client, person) -> None:
    known = client.post(reverse("account_reset_password"), {"email": person.email})
    unknown = client.post(reverse("account_reset_password"), {"email": "nobody@portal.example"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"]) == (302, known["Location"])
    assert [message.to for message in mail.outbox] == [[person.email]]
    assert SESSION_KEY not in client.session


def test_required_second_factor_leaves_only_its_own_pages_open(client, person, settings) -> None:
    settings.PORTAL_REQUIRE_MFA = True
    sign_in(client)
    response = client.get("/")
    assert (response.status_code, response["Location"]) == (302, reverse("mfa_activate_totp"))
    assert client.post(reverse("account_logout")).status_code == 302


def test_log_line_of_a_failure_holds_type_and_place_only() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_formatter())
    logger = logging.getLogger("test.portal")
    logger.addHandler(handler)
    logger.propagate = False
    try:
        canary = "CANARY-in-a-value"
        raise ValueError(f"Failing row contains ({canary})")
    except ValueError:
        logger.exception("something failed")
    finally:
        logger.removeHandler(handler)
    line = stream.getvalue()
    assert "builtins.ValueError at" in line
    assert "something failed" in line
    assert "CANARY" not in line


def _formatter() -> logging.Formatter:
    described = dict(logs.configuration(json=True, level="INFO")["formatters"]["line"])
    return described.pop("()")(**described)


def test_idle_session_is_written_at_most_every_five_minutes(client, person, clock) -> None:
    sign_in(client)
    client.get(reverse("account_login"))
    first = client.session["used"]
    clock.shift(200)
    client.get(reverse("account_login"))
    assert client.session["used"] == first
    clock.shift(101)
    client.get(reverse("account_login"))
    assert client.session["used"] == first + 301


@pytest.fixture
def clock():
    """A clock that only this test moves."""
    import time_machine

    with time_machine.travel(1_800_000_000, tick=False) as moved:
        yield moved


@pytest.mark.parametrize("value", ['"\\000aaaaaaaaaaaaaaaa"', '"\\377\\001aaaaaaaaaaaaaa"', "a" * 5000])
@pytest.mark.parametrize("path", ["/", "/healthz", "/operations/", "/accounts/login/"])
def test_cookie_that_no_session_could_have_counts_as_none(client, settings, path: str, value: str) -> None:
    names = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME)
    plain = client.get(path).status_code
    answer = Client().get(path, headers={"cookie": "; ".join(f"{name}={value}" for name in names)})
    assert (plain, answer.status_code) == ((200, 200) if path in ("/healthz", "/accounts/login/") else (302, 302))
