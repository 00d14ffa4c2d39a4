"""Passkeys, as the second step and alone; who has to have a second factor; one's own sessions."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from councils import actions, devices
from councils.models import ExternalOfficer, Person, SignIn
from tests.concerns.conftest import loaded, towns, weston  # noqa: F401
from tests.factories.concerns import lodge
from tests.factories.councils import (
    AppointmentFactory,
    BodyFactory,
    BodyMembershipFactory,
    CouncilFactory,
    ExternalBodyFactory,
    PersonFactory,
    Town,
)
from tests.signin.key import Key

pytestmark = pytest.mark.django_db
COUNCILS = ("weston",)
PASSWORD = "Correct-horse-2026"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile/15E148 Safari/604.1"


@pytest.fixture
def ada() -> Person:
    """Somebody with a password and a post."""
    person = PersonFactory(email="ada@council.example", full_name="Ada Able")
    person.set_password(PASSWORD)
    person.save()
    AppointmentFactory(person=person)
    return person


def sign_in(client: Client, person: Person, **more: Any) -> Any:
    """Send the sign-in form."""
    return client.post("/accounts/login/", {"login": person.email, "password": PASSWORD}, **more)


def with_passkey(client: Client, person: Person, *, alone: bool) -> Key:
    """Sign in, confirm it's oneself, and add a passkey."""
    sign_in(client, person)
    assert client.get("/accounts/2fa/passkeys/add/")["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/?next=/accounts/2fa/passkeys/add/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/passkeys/add/")
    key = Key()
    answer = key.register(page.context["js_data"]["creation_options"], alone=alone)
    sent = {"name": "Work laptop", "credential": answer, **({"passwordless": "on"} if alone else {})}
    assert client.post("/accounts/2fa/passkeys/add/", sent)["Location"] == "/accounts/2fa/recovery-codes/"
    return key


def options(client: Client) -> Any:
    """The question that the sign-in page's button asks for."""
    return client.get("/accounts/2fa/passkeys/sign-in/", headers={"accept": "application/json"}).json()["request_options"]


def test_passkey_is_the_second_step_after_the_password(client: Client, ada: Person) -> None:
    key = with_passkey(client, ada, alone=False)
    listed = client.get("/accounts/2fa/passkeys/").content.decode()
    assert ("Work laptop" in listed, "Second step after your password" in listed) == (True, True)
    other = Client()
    assert sign_in(other, ada)["Location"] == "/accounts/2fa/authenticate/"
    page = other.get("/accounts/2fa/authenticate/")
    assert SESSION_KEY not in other.session
    wrong = Key()
    wrong.owner = key.owner
    question = page.context["js_data"]["request_options"]
    assert other.post("/accounts/2fa/authenticate/", {"credential": wrong.authenticate(question)}).status_code == 200
    question = other.get("/accounts/2fa/authenticate/").context["js_data"]["request_options"]
    assert other.post("/accounts/2fa/authenticate/", {"credential": key.authenticate(question)}).status_code == 302
    assert other.session[SESSION_KEY] == str(ada.pk)


def test_link_for_a_password_that_a_stranger_asked_for_stands_in_nobody_s_way(client: Client, ada: Person) -> None:
    Client().post("/accounts/password/reset/", {"email": ada.email})
    with_passkey(client, ada, alone=False)
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200


def test_passkey_alone_signs_in_once_for_each_question_and_only_after_fingerprint_or_pin(client: Client, ada: Person) -> None:
    key = with_passkey(client, ada, alone=True)
    other = Client()
    bare = key.authenticate(options(other), verified=False)
    assert other.post("/accounts/2fa/passkeys/sign-in/", {"credential": bare})["Location"] == "/accounts/login/"
    assert SESSION_KEY not in other.session
    answer = key.authenticate(options(other))
    sent = other.post("/accounts/2fa/passkeys/sign-in/", {"credential": answer, "next": "/account/"})
    assert (sent.status_code, sent["Location"], other.session[SESSION_KEY]) == (302, "/account/", str(ada.pk))
    again = Client()
    options(again)
    again.post("/accounts/2fa/passkeys/sign-in/", {"credential": answer})
    assert SESSION_KEY not in again.session


def test_passkey_answer_made_on_another_page_or_of_a_stranger_signs_nobody_in(client: Client, ada: Person, settings: Any) -> None:
    key = with_passkey(client, ada, alone=True)
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False  # as in production
    key.origin = "https://testserver.evil.example"
    other = Client()
    other.post("/accounts/2fa/passkeys/sign-in/", {"credential": key.authenticate(options(other))})
    key.origin, key.owner = "https://testserver", "bm9ib2R5"
    other.post("/accounts/2fa/passkeys/sign-in/", {"credential": key.authenticate(options(other))})
    assert SESSION_KEY not in other.session
    for nonsense in ("", "{}", "[]", '{"id": 1}', '{"response": {}}', "\x00"):
        options(other)
        assert other.post("/accounts/2fa/passkeys/sign-in/", {"credential": nonsense})["Location"] == "/accounts/login/"


@pytest.mark.parametrize("said", [
    {"clientDataJSON": 5}, {"clientDataJSON": "!!"}, {"clientDataJSON": "e30"}, {"attestationObject": ""}, {"attestationObject": []},
    {"attestationObject": "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YUEA"},
])  # fmt: skip
def test_passkey_that_is_none_isn_t_added(client: Client, ada: Person, said: dict[str, Any]) -> None:
    sign_in(client, ada)
    client.post("/accounts/reauthenticate/?next=/", {"password": PASSWORD})
    made = json.loads(Key().register(client.get("/accounts/2fa/passkeys/add/").context["js_data"]["creation_options"], alone=True))
    answer = client.post("/accounts/2fa/passkeys/add/", {"name": "x", "credential": json.dumps({**made, "response": {**made["response"], **said}})})
    assert (answer.status_code, "That is not right. Try again" in answer.content.decode()) == (200, True)
    assert Authenticator.objects.count() == 0


def test_passkeys_are_renamed_and_removed_by_their_owner_alone(client: Client, ada: Person) -> None:
    with_passkey(client, ada, alone=False)
    pk = Authenticator.objects.get(user=ada, type="webauthn").pk
    stranger = Client()
    stranger.force_login(PersonFactory(), backend=BACKEND)
    assert stranger.get(f"/accounts/2fa/passkeys/{pk}/rename/").status_code in (302, 404)
    assert stranger.post(f"/accounts/2fa/passkeys/{pk}/remove/").status_code in (302, 404)
    client.post(f"/accounts/2fa/passkeys/{pk}/rename/", {"name": "Phone"})
    assert Authenticator.objects.get(pk=pk).wrap().name == "Phone"
    assert "Remove this passkey?" in client.get(f"/accounts/2fa/passkeys/{pk}/remove/").content.decode()
    client.post(f"/accounts/2fa/passkeys/{pk}/remove/")
    assert Authenticator.objects.filter(user=ada).count() == 0  # its recovery codes go with it


def test_pages_with_passkeys_run_no_script_of_their_own(client: Client, ada: Person) -> None:
    with_passkey(client, ada, alone=True)
    for page in ("/accounts/2fa/passkeys/add/", "/accounts/2fa/passkeys/reauthenticate/"):
        answer = client.get(page)
        html = answer.content.decode()
        assert "script-src 'self'" in answer["Content-Security-Policy"]
        assert html.count("<script") == html.count('<script src="/static/') + html.count("<script type=\"module\" src=\"/static/") + html.count(
            '<script id="passkey-data" type="application/json">'
        )


# -- who has to have one ---------------------------------------------------------------------------------------------------


def asked(person: Person) -> bool:
    """Whether they are sent to set up a second factor."""
    browser = Client()
    browser.force_login(person, backend=BACKEND)
    return browser.get("/account/").status_code == 302


def test_second_factor_is_asked_of_whoever_answers_for_something(settings: Any) -> None:
    settings.PORTAL_REQUIRE_MFA_IN_CHARGE = True
    council = CouncilFactory()
    held = {role: AppointmentFactory(council=council, role=role).person for role in ("councillor", "officer", "protocol_admin", "monitoring_officer")}
    member = AppointmentFactory(council=council).person
    panel = BodyFactory(council=council, code="hr_panel")
    outside, operator = PersonFactory(), PersonFactory(is_operator=True)
    assert {role: asked(person) for role, person in held.items()} == {
        "councillor": False, "officer": False, "protocol_admin": True, "monitoring_officer": True,
    }  # fmt: skip
    assert [asked(member), asked(outside), asked(operator)] == [False, False, True]
    BodyMembershipFactory(body=BodyFactory(council=council, code="full_council"), person=held["councillor"])
    BodyMembershipFactory(body=panel, person=member)
    ExternalOfficer.objects.create(
        external_body=ExternalBodyFactory(council=council), person=outside, role="monitoring_officer", starts_on=timezone.localdate()
    )
    assert [asked(held["councillor"]), asked(member), asked(outside)] == [False, True, True]
    Authenticator.objects.create(user=member, type=Authenticator.Type.WEBAUTHN, data={})
    assert not asked(member)


def test_second_factor_is_asked_at_the_next_request_of_whoever_becomes_the_handler(weston: Town, settings: Any) -> None:  # noqa: F811
    settings.PORTAL_REQUIRE_MFA_IN_CHARGE = True
    raiser, manager = weston["vice"], weston["manager"]
    before = Client()
    before.force_login(manager, backend=BACKEND)
    assert before.get("/account/").status_code == 200
    lodge(weston, raiser, weston["officer1"], chosen_token="rel:line_manager_of_subject")
    assert before.get("/account/")["Location"] == "/accounts/2fa/totp/activate/"
    assert not asked(raiser)  # it is their own
    settings.PORTAL_REQUIRE_MFA_IN_CHARGE = False
    assert not asked(manager)


# -- sessions ---------------------------------------------------------------------------------------------------------------


def test_sessions_are_listed_and_ended_by_their_owner(ada: Person) -> None:
    here, there = Client(headers={"user-agent": FIREFOX}, REMOTE_ADDR="203.0.113.77"), Client(headers={"user-agent": PHONE}, REMOTE_ADDR="2001:db8:1:2::9")
    for browser in (here, there):
        sign_in(browser, ada)
        assert browser.get("/account/").status_code == 200
    stranger = Client()
    stranger.force_login(PersonFactory(), backend=BACKEND)
    stranger.get("/account/")
    html = here.get("/account/sessions/").content.decode()
    for words in ("Firefox on Linux", "Safari on iPhone", "Network 203.0.113.x", "Network 2001:db8:1::", "This one"):
        assert words in html
    assert ("203.0.113.77" in html, "2001:db8:1:2" in html) == (False, False)
    row = SignIn.objects.get(person=ada, system="iPhone")
    assert stranger.post("/account/sessions/", {"end": str(row.pk)}).status_code == 302
    assert there.get("/account/").status_code == 200  # a stranger ends nothing
    here.post("/account/sessions/", {"end": str(row.pk)})
    gone = there.get("/account/")
    assert (gone.status_code, gone["Location"]) == (302, "/accounts/login/?next=/account/")
    assert "You are signed in nowhere else." in here.get("/account/sessions/").content.decode()
    assert "has ended already" in here.post("/account/sessions/", {"end": str(row.pk)}, follow=True).content.decode()
    assert "has ended already" in here.post("/account/sessions/", {"end": "x\x00"}, follow=True).content.decode()


def test_all_other_sessions_end_at_once_and_this_one_goes_on(ada: Person) -> None:
    here, one, two = Client(), Client(), Client()
    for browser in (here, one, two):
        sign_in(browser, ada)
        browser.get("/account/")
    assert "2 other sessions were ended." in here.post("/account/sessions/", {"end": "others"}, follow=True).content.decode()
    assert [browser.get("/account/").status_code for browser in (here, one, two)] == [200, 302, 302]
    assert SignIn.objects.filter(person=ada).count() == 1


def test_session_that_was_begun_and_not_used_yet_ends_with_the_others(ada: Person) -> None:
    here, waiting = Client(), Client()
    sign_in(here, ada)
    sign_in(waiting, ada)  # no page was asked for with it
    assert "1 other session was ended." in here.post("/account/sessions/", {"end": "others"}, follow=True).content.decode()
    assert waiting.get("/account/").status_code == 302


def test_session_is_noted_once_in_five_minutes_and_its_row_goes_with_it(ada: Person) -> None:
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        browser = Client()
        sign_in(browser, ada)
        browser.get("/account/")
        began = SignIn.objects.get(person=ada)
        clock.shift(200)
        browser.get("/account/")
        assert SignIn.objects.get(person=ada).seen_at == began.seen_at
        clock.shift(101)
        browser.get("/account/")
        assert (SignIn.objects.get(person=ada).seen_at - began.seen_at).total_seconds() == 301
        Session.objects.all().delete()
        sign_in(browser, ada)
        browser.get("/account/")
        assert SignIn.objects.exclude(pk=began.pk).get(person=ada).began_at.timestamp() == 1_800_000_301


@pytest.mark.parametrize(("address", "network"), [
    ("198.51.100.7", "198.51.100.x"), ("::ffff:198.51.100.7", "198.51.100.x"), ("2001:db8:aa:bb::1", "2001:db8:aa::"), ("", ""), ("unknown", ""),
])  # fmt: skip
def test_address_is_kept_without_the_part_that_tells_one_connection(address: str, network: str) -> None:
    assert devices.shortened(address) == network


def test_keys_are_changed_where_somebody_has_a_passkey(client: Client, ada: Person) -> None:
    with_passkey(client, ada, alone=False)
    before = Authenticator.objects.get(user=ada, type="webauthn").data
    call_command("rotate_field_keys", stdout=StringIO())
    assert Authenticator.objects.get(user=ada, type="webauthn").data == before


def test_code_from_the_app_still_signs_in_beside_a_passkey(client: Client, ada: Person) -> None:
    with_passkey(client, ada, alone=False)
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    assert client.post("/accounts/2fa/totp/activate/", {"code": code}).status_code == 302
    other = Client()
    sign_in(other, ada)
    with time_machine.travel(timezone.now().timestamp() + 60, tick=False):
        code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
        assert other.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
    assert other.session[SESSION_KEY] == str(ada.pk)


def test_language_is_one_of_those_there_are(ada: Person) -> None:
    from councils.errors import Refusal

    with pytest.raises(Refusal):
        actions.choose_language(language="xx", by=ada, now=timezone.now())
