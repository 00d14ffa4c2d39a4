"""One's own account, the choice of council, signing in and out."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.councils.views_cast import DAY, client, parts, place, today  # noqa: F401
from tests.factories.councils import AppointmentFactory, CouncilFactory


def test_account_shows_one_s_posts_in_the_council_s_words(place):  # noqa: F811
    html = client(place.clerk).get("/account/").content.decode()
    assert "Town Clerk" in html
    assert place.clerk.email in html


def test_account_shows_posts_that_have_ended(place):  # noqa: F811
    html = client(place.former).get("/account/").content.decode()
    assert "You hold no post today." in html
    assert "Posts that have ended" in html


def test_switch_lists_one_s_councils_only(place):  # noqa: F811
    other = CouncilFactory(key="elsewhere", name="Elsewhere Council")
    CouncilFactory(key="third", name="Third Council")
    AppointmentFactory(council=other, person=place.member)
    html = client(place.member).get("/councils/").content.decode()
    assert ("Anytown Council" in html, "Elsewhere Council" in html, "Third Council" in html) == (True, True, False)


def test_switch_remembers_the_choice(place):  # noqa: F811
    other = CouncilFactory(key="elsewhere", name="Elsewhere Council")
    AppointmentFactory(council=other, person=place.member)
    browser = client(place.member)
    assert "/c/anytown/people/" in browser.get("/account/").content.decode()
    assert browser.post("/councils/", {"council": "elsewhere"})["Location"] == "/c/elsewhere/"
    html = browser.get("/account/").content.decode()
    assert ("/c/elsewhere/people/" in html, "/c/anytown/people/" in html) == (True, False)


@pytest.mark.parametrize("key", ["third", "", "../admin", "x" * 5000])
def test_switch_to_a_council_of_others_is_not_found(place, key):  # noqa: F811
    CouncilFactory(key="third")
    assert client(place.member).post("/councils/", {"council": key}).status_code == 404


def test_the_switcher_is_shown_only_with_several_councils(place):  # noqa: F811
    assert "moj-organisation-nav" not in client(place.member).get("/account/").content.decode()
    AppointmentFactory(person=place.member)
    assert "moj-organisation-nav" in client(place.member).get("/account/").content.decode()


def test_sign_out_is_a_form_with_a_token(place):  # noqa: F811
    html = client(place.member).get("/account/").content.decode()
    form = html[html.index('action="/accounts/logout/"') :]
    assert "csrfmiddlewaretoken" in form[: form.index("</form>")]
    assert "Sign out</button>" in form[: form.index("</form>")]


def test_sign_in_with_a_wrong_password_keeps_the_address(db):
    html = Client().post("/accounts/login/", {"login": "nobody@people.example", "password": "Opensesame-1"}).content.decode()
    assert "There is a problem" in html
    assert 'value="nobody@people.example"' in html
    assert "Opensesame-1" not in html


def test_sign_in_leads_back_to_the_page_asked_for(place):  # noqa: F811
    place.member.set_password("Correct-horse-2026")
    place.member.save()
    browser = Client()
    data = {"login": place.member.email, "password": "Correct-horse-2026", "next": "/c/anytown/people/"}
    assert browser.post("/accounts/login/", data)["Location"] == "/c/anytown/people/"


@pytest.mark.parametrize(
    "page", ["/accounts/login/", "/accounts/password/reset/", "/accounts/password/reset/done/", "/accessibility/", "/privacy/"]
)
def test_public_pages_are_in_the_design(db, page):
    response = Client().get(page)
    assert response.status_code == 200
    assert 'class="govuk-template"' in response.content.decode()


def test_forgotten_password_answers_the_same_for_anybody(place, mailoutbox):  # noqa: F811
    known = Client().post("/accounts/password/reset/", {"email": place.member.email})
    unknown = Client().post("/accounts/password/reset/", {"email": "nobody@people.example"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"]) == (302, "/accounts/password/reset/done/")
    assert [mail.to for mail in mailoutbox] == [[place.member.email]]


@pytest.mark.parametrize("page", ["/accounts/password/change/", "/accounts/2fa/", "/accounts/logout/"])
def test_pages_about_one_s_own_sign_in_are_in_the_design(place, page):  # noqa: F811
    place.member.set_password("Correct-horse-2026")
    place.member.save()
    response = client(place.member).get(page)
    assert response.status_code == 200
    assert 'class="govuk-template"' in response.content.decode()


def test_a_stale_form_is_refused_with_the_page_that_says_what_to_do(place):  # noqa: F811
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(place.admin, backend="allauth.account.auth_backends.AuthenticationBackend")
    response = browser.post("/councils/", {"council": "anytown"})
    assert response.status_code == 403
    assert "This page was open too long" in response.content.decode()


def test_a_form_sent_after_the_session_ended_is_given_back(place):  # noqa: F811
    response = Client().post(place.url("person-add"), {"full_name": "Nia <New>", "email": "nia@people.example", "note": "x\ny"})
    html = response.content.decode()
    assert response.status_code == 401
    assert '<input type="hidden" name="full_name" value="Nia &lt;New&gt;">' in html
    assert "x\ny</textarea>" in html
    assert "You were signed out before it was sent" in html


def stale_post(place, **headers):  # noqa: F811
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(place.admin, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser.post(place.url("person-add"), {"full_name": "Nia New"}, headers=headers)


def test_our_own_form_with_an_old_token_is_given_back_and_works_when_confirmed(place):  # noqa: F811
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(place.admin, backend="allauth.account.auth_backends.AuthenticationBackend")
    data = {"full_name": "Nia New", "email": "nia@people.example", "role": "councillor", **parts("starts_on", DAY)}
    here = {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}
    back = browser.post(place.url("person-add"), data, headers=here)
    html = back.content.decode()
    assert (back.status_code, 'name="full_name" value="Nia New"' in html) == (403, True)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', html[html.index("<main") :])
    assert token
    assert browser.post(place.url("person-add"), {**data, "csrfmiddlewaretoken": token[1]}, headers=here).status_code == 302


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://elsewhere.example"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"},
        {"Origin": "null"},
    ],
)
def test_a_form_from_elsewhere_gets_no_token(place, headers):  # noqa: F811
    response = stale_post(place, **headers)
    assert response.status_code == 403
    assert "Nia New" not in response.content.decode()


def test_a_password_is_never_given_back(db):
    browser = Client(enforce_csrf_checks=True)
    here = {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}
    response = browser.post("/accounts/login/", {"login": "a@people.example", "password": "Sesame-open-2026"}, headers=here)
    assert response.status_code == 403
    assert "Sesame-open-2026" not in response.content.decode()
