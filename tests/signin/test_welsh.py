"""Pages in Welsh: whole ones, with nothing on them left in English; and the language each person chose."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import OperationalError
from django.test import Client
from django.utils import timezone, translation
from django.utils.translation import ngettext

from concerns import outbox
from councils import queries
from councils.models import Person
from protocol_portal import compile_messages, errors, language
from rights.actions import keeping
from rights.models import DataComplaint
from studio.actions import invitations
from tests.concerns.conftest import loaded, towns, weston  # noqa: F401
from tests.concerns.screens import at, client_of, frozen, raise_it
from tests.factories.concerns import NOW, by
from tests.factories.councils import PersonFactory, Town
from tests.signin.spy import untranslated
from tests.signin.test_passkeys import ada, sign_in, with_passkey  # noqa: F401
from tests.signin.words import every_word

pytestmark = pytest.mark.django_db
COUNCILS = ("weston",)
PO = compile_messages.LOCALE / "cy" / "LC_MESSAGES" / "django.po"
PLACEHOLDERS = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")


@pytest.fixture(autouse=True)
def _english_afterwards() -> Any:
    yield
    translation.activate("en-gb")


class Reader:
    """A browser that asks for Welsh, and what it found without a translation, by address."""

    def __init__(self, client: Client, monkeypatch: Any) -> None:
        self.client, self.monkeypatch, self.missing = client, monkeypatch, {}
        client.cookies["portal-language"] = "cy"

    def see(self, url: str, data: dict[str, Any] | None = None) -> Any:
        """Ask for a page, or send a form to it."""
        with untranslated(self.monkeypatch) as missing:
            answer = self.client.get(url) if data is None else self.client.post(url, data)
        if missing:
            self.missing[url] = sorted(missing)
        if answer.status_code not in (204, 302) and answer["Content-Type"].startswith("text/html"):
            html = answer.content.decode()
            assert '<html lang="cy"' in html, url
            assert "Drafft: i’w adolygu gan gyfieithydd" in html, url
            assert answer.get("Content-Language", "cy") == "cy"
        return answer


def test_pages_for_whoever_isn_t_signed_in_are_in_welsh(ada: Person, monkeypatch: Any) -> None:  # noqa: F811
    reader = Reader(Client(), monkeypatch)
    for url in (
        "/accounts/login/", "/accounts/login/?next=/account/", "/accounts/password/reset/", "/accounts/password/reset/done/", "/accessibility/",
        "/privacy/", "/accounts/inactive/", "/nowhere/", "/accounts/password/reset/key/1-a/", "/accounts/password/reset/key/done/",
        "/accounts/oidc/cancelled/", "/accounts/login/?x=%00",
    ):  # fmt: skip
        reader.see(url)
    reader.see("/accounts/login/", {"login": "nobody@council.example", "password": "x"})
    reader.see("/accounts/login/", {})
    reader.see("/accounts/password/reset/", {"email": "x"})
    reader.see("/accounts/password/reset/", {"email": ada.email})
    assert reader.missing == {}
    assert "Mewngofnodi" in reader.see("/accounts/login/").content.decode()
    assert (mail.outbox[0].subject, "Gofynnodd rhywun" in str(mail.outbox[0].body)) == ("Gosod cyfrinair newydd", True)


def test_pages_about_one_s_own_sign_in_are_in_welsh(ada: Person, monkeypatch: Any) -> None:  # noqa: F811
    reader = Reader(Client(), monkeypatch)
    with_passkey(reader.client, ada, alone=True)
    key = Authenticator.objects.get(user=ada, type="webauthn").pk
    for page in (
        "account/", "account/sessions/", "accounts/2fa/", "accounts/2fa/passkeys/", "accounts/2fa/passkeys/add/", "accounts/2fa/totp/activate/",
        "accounts/2fa/passkeys/reauthenticate/", "accounts/reauthenticate/", "accounts/2fa/reauthenticate/", "accounts/2fa/recovery-codes/",
        "accounts/2fa/recovery-codes/generate/", "accounts/password/change/", "accounts/logout/", f"accounts/2fa/passkeys/{key}/rename/",
        f"accounts/2fa/passkeys/{key}/remove/",
    ):  # fmt: skip
        assert reader.see(f"/{page}").status_code == 200, page
    reader.see("/account/sessions/", {"end": "others"})
    reader.see("/account/sessions/", {"end": "x"})
    reader.see("/accounts/password/change/", {"oldpassword": "x", "password1": "123", "password2": "1234"})
    other = Reader(Client(), monkeypatch)
    sign_in(other.client, ada)
    assert "Defnyddio allwedd pas" in other.see("/accounts/2fa/authenticate/").content.decode()
    assert {**reader.missing, **other.missing} == {}


def test_raising_a_concern_is_in_welsh(weston: Town, monkeypatch: Any) -> None:  # noqa: F811
    with frozen():
        reader = Reader(client_of(weston["officer1"]), monkeypatch)
        new = "/concerns/new/weston/"
        reader.see("/concerns/new/")
        reader.see(new, {"sent": "1"})
        where = reader.client.get(_draft(reader, weston, "councillor1", "where")).content.decode()
        assert "I ble mae hyn yn mynd" in where
        assert re.search(r'<label class="govuk-label govuk-radios__label" for="\w+"><span lang="en-gb">Town Clerk</span></label>|<strong><span lang="en-gb">Town Clerk</span></strong>', where)
        for who in ("councillor1", "clerk", "chair"):
            draft = _draft(reader, weston, who, "where")
            for page in ("where", "who", "concern", "check", "elsewhere", "delete"):
                reader.see(draft.replace("where/", f"{page}/"))
            reader.see(draft.replace("where/", "concern/"), {"what_happened": ""})
            reader.see(draft, {"chosen_token": "nobody"})
            reader.see(draft, {"chosen_token": "role:proper_officer"})
            reader.see(draft.replace("where/", "concern/"), {"what_happened": "Words", "happened_on_day": "32"})
            reader.see(draft.replace("where/", "concern/"), {"what_happened": "Words"})
            reader.see(draft.replace("where/", "check/"))
            reader.see(draft.replace("where/", "check/"), {})
        sent = raise_it(weston["officer1"], "weston", weston["councillor1"])
        assert "Anfonwyd" in reader.see(at("sent", sent)).content.decode()
    assert reader.missing == {}


def _draft(reader: Reader, town: Town, subject: str, page: str) -> str:
    answer = reader.see("/concerns/new/weston/", {"subjects": [str(town[subject].pk)], "topic": "conduct", "said_in_public": "no"})
    return answer["Location"].replace("who/", f"{page}/")


def test_public_pages_of_a_protocol_are_in_welsh(weston: Town, monkeypatch: Any) -> None:  # noqa: F811
    reader = Reader(Client(), monkeypatch)
    for page in ("", "who-to-go-to/", "register/"):
        assert reader.see(f"/public/weston/{page}").status_code == 200, page
    for paper in ("who-to-go-to/a4.pdf", "protocol.pdf"):
        assert reader.see(f"/public/weston/{paper}")["Content-Type"] == "application/pdf"
    assert reader.missing == {}


def test_complaint_about_data_is_in_welsh(weston: Town, monkeypatch: Any) -> None:  # noqa: F811
    for name in ("clerk", "officer1"):
        with by(weston["admin"]):
            keeping.name_keeper(council=weston.council, person=weston[name], by=weston["admin"], now=NOW)
    page, body = "/public/weston/data-complaint/", {"text": "Words", "name": "A Resident", "contact": "resident@x.example"}
    anybody, councillor, keeper = (Reader(client, monkeypatch) for client in (Client(), client_of(weston["councillor2"]), client_of(weston["officer1"])))
    assert "Beth a wnaed gyda’ch data?" in anybody.see(page).content.decode()
    bad = ({}, {**body, "text": " "}, {**body, "text": "a\x00b"}, {**body, "text": "x" * 10_001}, {**body, "name": "x" * 201}, {**body, "contact": "x" * 301})
    assert [anybody.see(page, one).status_code for one in bad] == [422] * len(bad)
    assert "Anfonwyd y gŵyn" in anybody.see(page, body).content.decode()
    for _number in range(9):
        anybody.client.post(page, body)
    assert "Anfonwyd gormod o gwynion" in anybody.see(page, body).content.decode()
    anybody.see("/public/nowhere/data-complaint/")
    councillor.see(page)
    assert [councillor.see(page, one).status_code for one in ({}, {"text": "Words", "against": "nobody"})] == [422, 422]
    own = councillor.see(page, {"text": "Words", "against": str(weston["clerk"].pk)})["Location"]
    assert "Y gŵyn" in councillor.see(own).content.decode()
    assert [keeper.see(f"{own}{step}").status_code for step in ("", "do/acknowledge/", "do/answer-complaint/")] == [200] * 3
    assert keeper.see(f"{own}do/answer-complaint/", {"outcome": ""}).status_code == 422
    for step, answer in (("acknowledge", {"told": "on"}), ("answer-complaint", {"outcome": "Words"})):
        shown = keeper.see(f"{own}do/{step}/").context["form"]
        assert keeper.see(f"{own}do/{step}/", {**answer, "revision": shown["revision"].value()}).status_code == 302, step
        keeper.see(own)
        keeper.see(f"{own}do/{step}/")
        councillor.see(own)
    with by(weston["councillor2"]):
        assert DataComplaint.objects.filter(state="ANSWERED").count() == 1
    assert {**anybody.missing, **councillor.missing, **keeper.missing} == {}


def test_page_that_cannot_be_answered_is_in_welsh(weston: Town, ada: Person, monkeypatch: Any) -> None:  # noqa: F811
    strict = Reader(Client(enforce_csrf_checks=True), monkeypatch)
    page = "/public/weston/data-complaint/"
    assert strict.see("/accounts/login/", {"login": "a", "password": "b"}).status_code == 403
    assert "Bu’r dudalen hon" in strict.see(page, {"text": "Words"}).content.decode()
    reader = Reader(Client(), monkeypatch)
    for _number in range(12):
        answer = reader.see("/accounts/login/", {"login": ada.email, "password": "x"})
    assert answer.status_code in (200, 422, 429)
    assert {reader.see("/accounts/password/reset/", {"email": f"{number}@council.example"}).status_code for number in range(21)} == {302, 429}
    assert reader.see("/privacy/", {"a" * 10: "x" * 10_000_000}).status_code in (405, 413)
    assert {**strict.missing, **reader.missing} == {}
    request = reader.see("/privacy/").wsgi_request
    with untranslated(monkeypatch) as missing:
        pages = [errors.bad_request(request), errors.too_large(request), errors.forbidden(request), errors.server_error(request)]
        try:
            raise OperationalError("connection refused")
        except OperationalError:
            pages.append(errors.server_error(request))
    assert ([page.status_code for page in pages], missing) == ([400, 413, 403, 500, 503], set())
    assert ['<html lang="cy"' in page.content.decode() for page in pages] == [True] * 5


def test_council_s_own_words_are_marked_as_english_on_a_welsh_page(weston: Town) -> None:  # noqa: F811
    browser = Client()
    english = browser.get("/public/weston/").content.decode()
    browser.cookies["portal-language"] = "cy"
    welsh = browser.get("/public/weston/").content.decode()
    protocol = queries.protocol_in_force(weston.council, on=timezone.localdate()).protocol
    clause = next(clause for clause in protocol.clauses.values() if clause.gist and not clause.parent and "’" not in clause.gist and "'" not in clause.gist)
    for words in (protocol.title, clause.heading, clause.gist):
        assert (f'<span lang="en-gb">{words}</span>' in welsh, words in english) == (True, True), words
    notice = browser.get("/public/weston/who-to-go-to/").content.decode()
    assert re.search(rf'<li><span lang="en-gb">{re.escape(protocol.label("proper_officer"))}</span></li>', notice)
    assert '<span lang="en-gb">' not in english
    assert "(Lloegr)" in welsh


def test_page_without_welsh_is_whole_in_english_and_says_so(weston: Town) -> None:  # noqa: F811
    browser = client_of(weston["officer1"])
    browser.cookies["portal-language"] = "cy"
    answer = browser.get("/c/weston/people/")
    html = answer.content.decode()
    assert ('<html lang="en-gb"' in html, answer["Content-Language"]) == (True, "en-gb")
    assert re.search(r'<p [^>]*lang="cy">Nid yw’r dudalen hon ar gael yn Gymraeg eto.</p>', html)
    assert "Dewislen" not in html
    missing = browser.get("/c/elsewhere/people/").content.decode()
    assert "Heb ddod o hyd i’r dudalen" in missing  # what went wrong is said in the language chosen


def test_language_is_kept_for_the_browser_and_for_the_person(ada: Person) -> None:  # noqa: F811
    browser = Client()
    answer = browser.get("/language/?to=cy", headers={"referer": "http://testserver/accounts/login/?next=/account/"})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/account/")
    assert '<html lang="cy"' in browser.get("/accounts/login/").content.decode()
    sign_in(browser, ada)
    browser.get("/language/?to=cy")
    ada.refresh_from_db()
    assert ada.language == "cy"
    elsewhere = Client()
    sign_in(elsewhere, ada)
    assert "Eich cyfrif" in elsewhere.get("/account/").content.decode()  # another device
    elsewhere.get("/language/?to=en-gb")
    assert "Your account" in browser.get("/account/").content.decode()


@pytest.mark.parametrize(("referer", "back"), [
    ("https://evil.example/x", "/"), ("http://testserver//evil.example/", "/"), ("", "/"), ("http://testserver/privacy/", "/privacy/"),
])  # fmt: skip
def test_language_leads_back_to_a_page_of_ours_only(db: None, referer: str, back: str) -> None:
    browser = Client()
    assert browser.get("/language/?to=xx", headers={"referer": referer})["Location"] == back
    assert "portal-language" not in browser.cookies


def test_other_sites_and_looks_ahead_change_nobody_s_language(ada: Person) -> None:  # noqa: F811
    browser = Client()
    sign_in(browser, ada)
    browser.get("/language/?to=cy", headers={"sec-fetch-site": "cross-site"})
    browser.head("/language/?to=cy")
    ada.refresh_from_db()
    assert ada.language == ""


def test_browser_s_own_language_counts_where_none_was_chosen(db: None) -> None:
    assert '<html lang="cy"' in Client().get("/privacy/", headers={"accept-language": "cy-GB,cy;q=0.9"}).content.decode()
    assert '<html lang="en-gb"' in Client().get("/privacy/", headers={"accept-language": "fr,en-US;q=0.8"}).content.decode()


def test_mail_is_in_the_language_of_whom_it_goes_to() -> None:
    person = PersonFactory.build(language="cy")
    welsh = outbox.message(person.pk, person.email, None, person.language)
    assert (welsh.subject, "Mewngofnodwch i’w weld:\nhttp" in str(welsh.body)) == ("Mae gennych rywbeth i edrych arno", True)
    assert outbox.message(person.pk, person.email).subject == "You have something to look at"


def test_invitation_is_in_the_language_of_whom_it_goes_to(ada: Person) -> None:  # noqa: F811
    row = invitations.ask(person=ada, now=NOW)
    row.person.language = "cy"
    welsh = invitations.message(row)
    row.person.language = ""
    assert (welsh.subject, invitations.message(row).subject) == ("Porth eich cyngor: mewngofnodwch os gwelwch yn dda", "Your council’s portal: please sign in")
    assert str(welsh.body).startswith("Mae eich cyngor yn defnyddio’r porth hwn")


def test_welsh_has_six_plural_forms() -> None:
    with translation.override("cy"):
        said = [ngettext("%(n)d year", "%(n)d years", n) % {"n": n} for n in (0, 1, 2, 3, 4, 6, 10)]
    assert said == ["0 blwyddyn", "1 flwyddyn", "2 flynedd", "3 blynedd", "4 mlynedd", "6 blynedd", "10 mlynedd"]


def test_catalogue_translates_what_the_portal_says_and_keeps_its_gaps() -> None:
    entries = compile_messages.read(PO.read_text(encoding="utf-8"))[1:]
    gone = {entry.msgid for entry in entries} - every_word()
    assert gone == set()  # the English was changed: change the Welsh with it, or take it out
    for entry in entries:
        for form in entry.msgstr.values():
            english = {*PLACEHOLDERS.findall(entry.msgid or ""), *PLACEHOLDERS.findall(entry.msgid_plural or "")}
            assert set(PLACEHOLDERS.findall(form)) <= english, entry.msgid
            assert len(entry.msgstr) in (1, 6), entry.msgid
        if entry.msgid_plural is None:
            assert sorted(PLACEHOLDERS.findall(entry.msgstr[0])) == sorted(PLACEHOLDERS.findall(entry.msgid or "")), entry.msgid
    assert PO.read_text(encoding="utf-8").count("#. to be reviewed by a translator") == len(entries)


def test_catalogue_is_made_without_gettext_s_programs(tmp_path: Path) -> None:
    folder = tmp_path / "cy" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    text = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n#, fuzzy\nmsgid "a"\nmsgstr "x"\n\nmsgid "b"\nmsgstr ""\n\n'
    (folder / "django.po").write_text(text + 'msgctxt "k"\nmsgid "c"\nmsgstr ""\n"ŵ"\n"y"\n', encoding="utf-8")
    done = subprocess.run([sys.executable, "-m", "protocol_portal.compile_messages", str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout == "compiled 1 catalogues\n"
    import gettext

    with (folder / "django.mo").open("rb") as made:
        found = gettext.GNUTranslations(made)
    assert [found.gettext("a"), found.gettext("b"), found.pgettext("k", "c")] == ["a", "b", "ŵy"]
    (folder / "django.po").write_text('msgid "a\n', encoding="utf-8")
    with pytest.raises(compile_messages.BadCatalogue, match="line 1"):
        compile_messages.read((folder / "django.po").read_text(encoding="utf-8"))


def test_every_page_named_is_one_that_there_is() -> None:
    from tests.matrix.table import all_routes

    assert all_routes() >= language.IN_WELSH
