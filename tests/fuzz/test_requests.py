"""Bad requests through the whole stack: never a 5xx, what was typed is given back, nothing is stored half-way."""

from __future__ import annotations

import html
from collections import Counter
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from django import forms
from django.db import transaction
from django.urls import reverse

from concerns.models import Concern, Event, Notice, Participation
from councils.models import Appointment, Body, BodyMembership, CouncilEvent, DisclosedRelationship, ExternalBody, Person, ReportingLine
from tests import seeds
from tests.factories.concerns import by
from tests.fuzz import PARTS
from tests.fuzz.generate import TEXTS, answers
from tests.matrix.cells import address
from tests.matrix.table import OPEN, RAISERS
from tests.matrix.world import World

pytestmark = pytest.mark.django_db
FINE = {200, 302, 400, 401, 403, 404, 405, 409, 413, 422, 429}
COUNCIL_ROWS = (Appointment, Body, BodyMembership, CouncilEvent, DisclosedRelationship, ExternalBody, Person, ReportingLine)


def targets(world: World) -> list[tuple[str, str, str]]:
    """(who, address, case or empty): every form that somebody may open."""
    town, draft = world.town, world.cases["draft"]
    ids = {
        "reporting-line": {"person": town["officer1"].pk},
        "appointment-end": {"appointment": Appointment.objects.get(person=town["officer1"]).pk},
        "body-member": {"body": Body.objects.get(council=town.council, code="hr_panel").pk},
    }
    found = [("councillor3", reverse("concerns:new-in", kwargs={"key": "weston"}), "")] * 4
    for route in ("who", "where", "writing", "check", "elsewhere"):
        found += [("councillor3", address(f"concerns:draft-{route}", draft), "draft")] * 4
    for case, circle in OPEN.items():
        for who, open_to in circle.items():
            found += [(who, address("concerns:do", world.cases[case], action=step), case) for step in open_to.split()]
    for name in ("person-add", "appointment-add", "appointment-end", "reporting-line", "body-add", "body-member", "external-add",
                 "relationship-add"):  # fmt: skip
        found += [("admin", reverse(f"councils:{name}", kwargs={"key": "weston", **ids.get(name, {})}), "")] * 5
    found += [("councillor1", reverse("councils:relationship-add", kwargs={"key": "weston"}), "")] * 3
    return found


def kept(world: World, who: str, case: str) -> Any:
    """What is stored of a case, or of the councils."""
    if not case:
        return [model.objects.count() for model in COUNCIL_ROWS]
    raiser = world.people[RAISERS[case]]
    pk = world.cases[case].pk
    assert raiser is not None
    with by(raiser):
        row = Concern.objects.filter(pk=pk).values().first()
        return row, [model.objects.filter(concern_id=pk).count() for model in (Event, Notice, Participation)]


def encoded(pairs: list[tuple[str, str]]) -> bytes:
    """As bytes on the wire; half a surrogate pair goes as the three bytes it would be."""
    return "&".join(f"{quote(name.encode('utf-8', 'surrogatepass'))}={quote(value.encode('utf-8', 'surrogatepass'))}" for name, value in pairs).encode()


def given_back(answer: Any, form: forms.Form, typed: dict[str, str]) -> None:
    page = html.unescape(answer.content.decode())
    for name, field in form.fields.items():
        if isinstance(field, forms.CharField) and name != "revision" and name in typed:
            text = typed[name].encode("utf-8", "surrogatepass").decode("utf-8", "replace").replace("\x00", "").replace("\r", "")
            assert text.strip() in page.replace("\r", ""), name


def test_forms_with_bad_answers_are_answered_in_words_and_change_nothing_half_way(world: World) -> None:
    chance = seeds.chance("requests")
    strangers = [str(person.pk) for person in world.people.values() if person is not None]
    places, forms_seen, seen, tried = targets(world), {}, Counter[int](), 0
    wanted = PARTS["requests"] - 300
    while tried < wanted:
        who, url, case = places[tried % len(places)]
        client = world.client(who)
        if url not in forms_seen:
            with transaction.atomic():
                opened = client.get(url)
                transaction.set_rollback(True)
            assert opened.status_code == 200, (who, url, opened.status_code)
            forms_seen[url] = opened.context["form"]
        pairs = answers(chance, forms_seen[url], strangers)
        look = tried % 4 == 0
        before = kept(world, who, case) if look else None
        with transaction.atomic():
            answer = client.post(url, encoded(pairs), content_type="application/x-www-form-urlencoded")
            after = kept(world, who, case) if look and answer.status_code != 302 else before
            transaction.set_rollback(True)
        tried += 1
        seen[answer.status_code] += 1
        assert answer.status_code in FINE, (who, url, pairs)
        assert after == before, (who, url, pairs)
        if answer.status_code == 422:
            form = answer.context["form"]
            assert form.errors, (who, url, pairs)
            given_back(answer, form, dict(pairs))
    assert tried == wanted
    assert min(seen[302], seen[422]) > 60, seen  # some of it is right, most is wrong


IDS = (
    "", "0", "None", "null", "undefined", "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "1", "-1",
    "%00", "a%00b", "..%2f..%2f", "%E2%80%AE", "%ED%A0%80", "9" * 300, "x" * 5_000, "{}", "'%20OR%201=1--", "%252e%252e",
)  # fmt: skip


def test_addresses_made_up_are_not_found(world: World) -> None:
    chance = seeds.chance("addresses")
    tried = 0
    shapes = ("/concerns/{}/", "/concerns/{}/circle/", "/concerns/drafts/{}/who/", "/concerns/{}/do/accept/", "/c/{}/", "/c/weston/people/{}/",
              "/concerns/new/{}/", "/c/weston/appointments/{}/end/", "/concerns/?page={}", "/concerns/?search={}", "/concerns/?state={}",
              "/concerns/?sort={}", "/accounts/password/reset/key/{}-x/", "/concerns/" + str(world.cases["settled"].pk) + "/documents/{}/",
              "/accounts/login/?next={}")  # fmt: skip
    for number in range(300):
        shape = shapes[number % len(shapes)]
        part = chance.choice(IDS) if number % 3 else str(UUID(int=chance.getrandbits(128)))
        who = chance.choice(("clerk", "visitor", "admin", "outsider"))
        method = "post" if number % 4 == 3 else "get"
        with transaction.atomic():
            cookies = dict(world.client(who).cookies)
            answer = getattr(world.client(who), method)(shape.format(part))
            transaction.set_rollback(True)
        assert set(world.client(who).cookies) >= set(cookies)
        tried += 1
        assert answer.status_code in FINE, (who, method, shape, part)
        if shape.startswith("/concerns/{}") and who != "visitor" and method == "get" and part:
            assert answer.status_code in (404, 400), (who, shape, part)
    assert tried == 300


CHARSETS = ("utf-16", "utf-7", "unicode_escape", "raw_unicode_escape", "base64", "rot13", "zlib", "idna", "punycode", "no-such", "latin-1")


@pytest.mark.parametrize("charset", CHARSETS)
def test_a_request_in_another_charset_is_answered(world: World, charset: str) -> None:
    url = address("concerns:draft-writing", world.cases["draft"])
    client = world.client("councillor3")
    body = b"what_happened=%5Cud800&wanted_outcome=%5Cx00"
    multipart = b'--x\r\nContent-Disposition: form-data; name="what_happened"\r\n\r\n\\ud800\\x00\r\n--x--\r\n'
    for send in (
        lambda: client.generic("POST", url, body, content_type=f"application/x-www-form-urlencoded; charset={charset}"),
        lambda: client.generic("POST", url, multipart, content_type=f"multipart/form-data; boundary=x; charset={charset}"),
    ):
        with transaction.atomic():
            answer = send()
            transaction.set_rollback(True)
        assert answer.status_code == 400, charset
        assert "The portal did not understand" in answer.content.decode(), charset


@pytest.mark.parametrize("charset", [*CHARSETS, "hex", "bz2", "uu"])
def test_a_server_given_a_charset_that_is_no_text_answers(db: None, charset: str) -> None:
    """Past the test client: the framework reads the charset before any middleware does."""
    from django.core.signals import request_finished, request_started
    from django.db import close_old_connections
    from django.test import RequestFactory

    from protocol_portal.wsgi import application

    said: list[str] = []
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    try:
        for kind in ("text/plain", "application/x-www-form-urlencoded"):
            environ = RequestFactory()._base_environ(
                PATH_INFO="/privacy/", QUERY_STRING="a=%5Cud800", CONTENT_TYPE=f"{kind}; charset={charset}", REQUEST_METHOD="GET"
            )
            b"".join(application(environ, lambda status, _headers: said.append(status)))
            environ["CONTENT_TYPE"] = f'{kind}; charset="UTF-8"'
            b"".join(application(environ, lambda status, _headers: said.append(status)))
    finally:
        request_started.connect(close_old_connections)
        request_finished.connect(close_old_connections)
    assert said == ["400 Bad Request", "200 OK"] * 2


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"x"), ("multipart/form-data; boundary=", b"x"), ("multipart/form-data; boundary=x", b"--x\r\n\r\n"),
        ("multipart/form-data; boundary=" + "b" * 5_000, b"--b"), ("application/json", b'{"what_happened": "\\ud800"}'),
        ("application/x-www-form-urlencoded", b"&".join(b"a=1" for _ in range(2_000))), ("text/xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]>"),
        ("application/x-www-form-urlencoded", b"what_happened=" + b"\xff\xfe\xed\xa0\x80" * 50), ("", b"\x00" * 50),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="files"; filename="\x00../../a.txt"\r\n\r\nx\r\n--x--\r\n'),
        ("multipart/form-data; boundary=x",
         b'--x\r\nContent-Disposition: form-data; name="what_happened"\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!\r\n--x--\r\n'),
    ],
)  # fmt: skip
def test_a_broken_body_is_answered(world: World, content_type: str, body: bytes) -> None:
    client = world.client("councillor3")
    for url in (address("concerns:draft-writing", world.cases["draft"]), "/accounts/login/", "/c/weston/relationships/add/"):
        with transaction.atomic():
            answer = client.post(url, body, content_type=content_type)
            transaction.set_rollback(True)
        assert answer.status_code in FINE, (url, content_type)


@pytest.mark.parametrize("text", [text for text in TEXTS if "\ud800" not in text])
def test_signing_in_with_anything_gives_one_answer(world: World, text: str) -> None:
    from django.test import Client

    with transaction.atomic():
        answer = Client().post("/accounts/login/", {"login": f"{text}@weston.example"[:400], "password": text})
        reset = Client().post("/accounts/password/reset/", {"email": f"{text}@weston.example"[:400]})
        transaction.set_rollback(True)
    assert answer.status_code in (200, 422, 400, 429)
    assert reset.status_code in (200, 302, 422, 400)
