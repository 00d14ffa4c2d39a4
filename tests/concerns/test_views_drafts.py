"""The draft, its files, the last screen, other channels, and forms sent too late."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from concerns.models import Concern, Document, Event
from councils.rls import as_person
from tests.concerns.screens import at, begin, client_of, events, frozen, narrative, post_who, raise_it, ready, state_of
from tests.factories.concerns import those_who_see
from tests.factories.councils import AppointmentFactory, CouncilFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    with frozen():
        yield


def test_missing_text_is_asked_for_and_the_rest_kept(weston):
    client, pk = begin(weston, "officer1", "councillor1")
    page = client.post(at("draft-writing", pk), {"what_happened": "  ", "wanted_outcome": "An apology"})
    assert page.status_code == 422
    assert page.context["form"].errors == {"what_happened": ["Say what happened"]}
    assert "An apology" in page.content.decode()


def test_draft_can_be_kept_unfinished_for_later(weston):
    client, pk = begin(weston, "officer1", "councillor1")
    answer = client.post(at("draft-writing", pk), {"what_happened": "", "wanted_outcome": "An apology", "way": "later"})
    assert answer.url == "/"
    assert narrative(pk, weston["officer1"]).wanted_outcome == "An apology"
    assert str(pk) in client.get("/").content.decode()


def test_one_megabyte_of_text_is_refused_and_kept_on_screen(weston):
    client, pk = begin(weston, "officer1", "councillor1")
    page = client.post(at("draft-writing", pk), {"what_happened": "a" * 1_048_576})
    assert page.status_code == 422
    assert page.context["form"].errors == {"what_happened": ["Your answer must be 50000 characters or fewer"]}
    assert "a" * 1_048_576 in page.content.decode()


def test_nul_byte_is_refused_and_the_text_kept_without_it(weston):
    client, pk = begin(weston, "officer1", "councillor1")
    page = client.post(at("draft-writing", pk), {"what_happened": "before\x00after"})
    assert page.status_code == 422
    assert "a character that can't be kept" in page.context["form"].errors["what_happened"][0]
    assert "beforeafter" in page.content.decode()


def test_right_to_left_marks_are_kept_and_fenced_in(weston):
    text = "say \u202eesrever\u202c please"
    pk = raise_it(weston["officer1"], "weston", weston["councillor1"], text=text)
    assert narrative(pk, weston["officer1"]).what_happened == text
    page = client_of(weston["officer1"]).get(at("page", pk)).content.decode()
    assert f'<div class="govuk-body portal-words portal-wrap" dir="auto"><p>{text}</p></div>' in page


def test_file_is_added_listed_and_removed_in_a_draft(weston):
    client, pk = begin(weston, "officer1", "councillor1")
    upload = SimpleUploadedFile("notes.txt", b"what I noted", content_type="text/html")
    answer = client.post(at("draft-writing", pk), {"what_happened": "It", "files": [upload], "way": "attach"})
    assert answer.url == at("draft-writing", pk)
    with as_person(weston["officer1"]):
        document = Document.objects.get(concern_id=pk)
    assert document.media_type == "text/plain"
    assert "notes.txt" in client.get(at("draft-writing", pk)).content.decode()
    client.post(at("draft-file-remove", pk, document=document.pk))
    with as_person(weston["officer1"]):
        assert Document.objects.filter(concern_id=pk).count() == 0


def test_several_files_are_added_at_once(weston):
    client, pk = begin(weston, "officer1", "councillor1")
    files = [SimpleUploadedFile(f"{name}.txt", b"noted") for name in ("one", "two")]
    assert client.post(at("draft-writing", pk), {"what_happened": "It", "files": files}).url == at("draft-check", pk)
    with as_person(weston["officer1"]):
        assert [d.name for d in Document.objects.filter(concern_id=pk)] == ["one.txt", "two.txt"]


def test_refused_file_leaves_the_text_kept(weston):
    client, pk = begin(weston, "officer1", "councillor1")
    upload = SimpleUploadedFile("evil.html", b"<script>", content_type="text/html")
    page = client.post(at("draft-writing", pk), {"what_happened": "Kept text", "files": [upload]})
    assert page.status_code == 422
    assert page.context["form"].errors == {"files": ["Choose a PDF, Word, OpenDocument, Excel, PNG, JPEG or plain text file."]}
    assert narrative(pk, weston["officer1"]).what_happened == "Kept text"


def test_check_screen_asks_whether_it_is_a_formal_code_complaint(weston):
    client, pk = ready(weston)
    page = client.post(at("draft-check", pk), {"wider_circle": "ask_first", "private_confirmed": "on", "constructive_confirmed": "on"})
    assert page.status_code == 422
    assert page.context["form"].errors == {"formal": ["Say whether it is a formal complaint under the Code"]}
    assert state_of(pk, weston["officer1"]) == "DRAFT"


@pytest.mark.parametrize(
    ("left_out", "field", "message"),
    [
        ("private_confirmed", "private_confirmed", "Confirm what you said about where this was spoken of."),
        ("constructive_confirmed", "constructive_confirmed", "Confirm that it is well founded, constructive and no personal attack."),
        ("wider_circle", "wider_circle", "Say whether you want to be asked before anyone else sees it."),
    ],
)
def test_check_screen_needs_every_confirmation(weston, left_out, field, message):
    client, pk = ready(weston)
    answers = {"formal": "no", "wider_circle": "ask_first", "private_confirmed": "on", "constructive_confirmed": "on"}
    del answers[left_out]
    page = client.post(at("draft-check", pk), answers)
    assert page.status_code == 422
    assert page.context["form"].errors == {field: [message]}
    assert state_of(pk, weston["officer1"]) == "DRAFT"


def test_formal_code_complaint_goes_to_the_code_process(weston):
    client, pk = ready(weston)
    page = client.post(at("draft-check", pk), {"formal": "yes", "wider_circle": "ask_first"})
    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["code_paragraph"]
    answer = client.post(at("draft-check", pk), {"formal": "yes", "code_paragraph": "3.1 respect", "official_capacity": "on"})
    assert answer.url == at("sent", pk)
    assert state_of(pk, weston["officer1"]) == "CODE_REFERRAL"


def test_straight_to_the_formal_routes_with_a_reason(weston):
    client, pk = ready(weston)
    page = client.post(at("draft-check", pk), {"way": "straight_to_formal", "wider_circle": "ask_first", "kind": "not_possible"})
    assert page.context["form"].errors == {"reason": ["Say why, in your own words."]}
    answers = {"way": "straight_to_formal", "wider_circle": "ask_first", "kind": "not_possible", "reason": "He is my neighbour"}
    assert client.post(at("draft-check", pk), answers).url == at("sent", pk)
    assert state_of(pk, weston["officer1"]) == "DECIDING"


def test_sending_twice_sends_once_and_says_so(weston):
    client, pk = ready(weston)
    answers = {"formal": "no", "wider_circle": "ask_first", "private_confirmed": "on", "constructive_confirmed": "on"}
    assert client.post(at("draft-check", pk), answers).url == at("sent", pk)
    again = client.post(at("draft-check", pk), answers, follow=True)
    assert "It has already been sent." in again.content.decode()
    assert events(pk, weston["officer1"]) == ["lodged"]


def test_check_screen_opened_before_a_change_is_told(weston):
    client, pk = ready(weston)
    old = client.get(at("draft-check", pk)).context["form"].initial["revision"]
    client.post(at("draft-writing", pk), {"what_happened": "Changed in another tab"})
    answers = {
        "revision": str(old), "formal": "no", "wider_circle": "ask_first", "private_confirmed": "on", "constructive_confirmed": "on",
    }  # fmt: skip
    page = client.post(at("draft-check", pk), answers)
    assert page.status_code == 422
    assert "Somebody changed this concern" in page.context["form"].non_field_errors()[0]
    assert "Changed in another tab" in page.content.decode()
    assert state_of(pk, weston["officer1"]) == "DRAFT"


@pytest.mark.parametrize(
    ("raiser", "subject", "topic", "reason"),
    [
        ("officer1", "officer2", "conduct", "employment"),
        ("councillor1", "councillor2", "conduct", "not_member_officer"),
        ("officer1", "councillor1", "whistleblowing", "protected_disclosure"),
    ],
)
def test_what_belongs_elsewhere_is_shown_the_channel_and_not_kept(weston, raiser, subject, topic, reason):
    client, pk = begin(weston, raiser, subject, topic=topic)
    assert client.get(at("draft-where", pk)).url == at("draft-elsewhere", pk)
    page = client.get(at("draft-elsewhere", pk))
    assert page.context["form"].initial["reason_code"] == reason
    answer = client.post(at("draft-elsewhere", pk), {"reason_code": reason})
    assert answer.url == at("page", pk)
    assert client.get(at("page", pk)).status_code == 200
    with as_person(weston[raiser]):
        concern = Concern.objects.get(pk=pk)
        assert (concern.state, concern.topic, concern.subjects.count()) == ("REDIRECTED", "", 0)
    assert those_who_see(weston, concern) == {raiser}


def test_draft_is_deleted_for_good(weston):
    client, pk = ready(weston)
    assert client.get(at("draft-delete", pk)).status_code == 200
    assert client.post(at("draft-delete", pk)).url == "/"
    with as_person(weston["officer1"]):
        assert Concern.objects.filter(pk=pk).count() == 0
    assert client.get(at("draft-check", pk)).status_code == 404


@pytest.mark.parametrize(
    "name", ["draft-who", "draft-where", "draft-writing", "draft-check", "draft-elsewhere", "draft-delete", "page", "sent", "circle"]
)
@pytest.mark.parametrize("stranger", ["councillor1", "clerk", "admin", "chair"])
def test_draft_is_its_raisers_alone(weston, name, stranger):
    _client, pk = ready(weston)
    other = client_of(weston[stranger])
    assert other.get(at(name, pk)).status_code == 404
    assert other.post(at(name, pk), {"what_happened": "mine now"}).status_code in (404, 405)


def test_council_without_a_protocol_in_force_says_so():
    council = CouncilFactory(key="nowhere", name="Nowhere Council")
    person = PersonFactory()
    AppointmentFactory(council=council, person=person)
    client = client_of(person)
    assert "no protocol in force" in client.get("/").content.decode()
    for address in (reverse("concerns:new"), reverse("concerns:new-in", kwargs={"key": "nowhere"})):
        assert "Nothing can be raised under a draft" in client.get(address).content.decode()


def test_other_council_is_not_found(weston, yateley):
    client = client_of(weston["councillor1"])
    assert client.get(reverse("concerns:new-in", kwargs={"key": "yateley"})).status_code == 404
    assert post_who(client, "weston", yateley["clerk"]).status_code == 422


def test_person_of_two_councils_chooses_first(weston, yateley):
    AppointmentFactory(council=yateley.council, person=weston["councillor1"])
    client = client_of(weston["councillor1"])
    page = client.get(reverse("concerns:new"))
    assert {value for value, _label in page.context["form"].fields["council"].choices} == {"weston", "yateley"}
    assert client.post(reverse("concerns:new"), {"council": "yateley"}).url == reverse("concerns:new-in", kwargs={"key": "yateley"})


def test_text_sent_while_signed_out_is_given_back(weston, client):
    _client, pk = ready(weston)
    page = client.post(at("draft-writing", pk), {"what_happened": "An hour of typing\nin two lines"})
    assert page.status_code == 401
    text = page.content.decode()
    assert "An hour of typing\nin two lines</textarea>" in text
    assert "Sign in in a new tab" in text
    assert narrative(pk, weston["officer1"]).what_happened == "It happened"


def test_page_opened_while_signed_out_comes_back_after_signing_in(weston, client):
    _client, pk = ready(weston)
    assert client.get(at("draft-check", pk)).url == f"{reverse('account_login')}?next={at('draft-check', pk)}"


def test_events_of_a_draft_are_none(weston):
    _client, pk = ready(weston)
    with as_person(weston["officer1"]):
        assert Event.objects.filter(concern_id=pk).count() == 0


def test_form_older_than_the_last_sign_in_is_given_back_to_send_again(weston):
    _client, pk = ready(weston)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(weston["officer1"], backend="allauth.account.auth_backends.AuthenticationBackend")
    browser.get(at("draft-writing", pk))
    stale = {"what_happened": "An hour of typing", "csrfmiddlewaretoken": "a" * 64}
    page = browser.post(at("draft-writing", pk), stale, headers={"origin": "http://testserver"})
    assert page.status_code == 403
    assert "please confirm that you still want to send" in page.content.decode()
    assert "An hour of typing" in page.content.decode()
    token = str(page.context["csrf_token"])
    again = browser.post(
        at("draft-writing", pk),
        {"what_happened": "An hour of typing", "csrfmiddlewaretoken": token},
        headers={"origin": "http://testserver"},
    )
    assert again.url == at("draft-check", pk)
    assert narrative(pk, weston["officer1"]).what_happened == "An hour of typing"


def test_form_of_another_site_is_not_given_back(weston):
    _client, pk = ready(weston)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(weston["officer1"], backend="allauth.account.auth_backends.AuthenticationBackend")
    page = browser.post(at("draft-writing", pk), {"what_happened": "Planted"}, headers={"origin": "http://elsewhere.example"})
    assert page.status_code == 403
    assert "Planted" not in page.content.decode()
    assert narrative(pk, weston["officer1"]).what_happened == "It happened"


def test_draft_that_keeps_itself_answers_nothing_and_keeps_the_text(weston):
    client, pk = begin(weston, "officer1", "councillor1")
    answer = client.post(at("draft-writing", pk), {"what_happened": "Half a sentence", "way": "autosave"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert narrative(pk, weston["officer1"]).what_happened == "Half a sentence"


def test_day_once_given_can_be_taken_away(weston):
    client, pk = begin(weston, "officer1", "councillor1")
    typed = {"subjects": [str(weston["councillor1"].pk)], "topic": "conduct", "said_in_public": "no"}
    day = {"happened_on_day": "9", "happened_on_month": "1", "happened_on_year": "2026"}
    assert client.post(at("draft-who", pk), {**typed, **day}).status_code == 302
    with as_person(weston["officer1"]):
        assert Concern.objects.get(pk=pk).happened_on.isoformat() == "2026-01-09"
    assert client.post(at("draft-who", pk), typed).status_code == 302
    with as_person(weston["officer1"]):
        assert Concern.objects.get(pk=pk).happened_on is None
