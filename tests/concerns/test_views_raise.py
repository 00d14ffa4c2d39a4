"""Raising a concern on screen: five screens, a draft only its raiser sees, and exactly the people the protocol names."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from concerns.models import Concern, Document, Event
from councils.models import BodyMembership
from councils.rls import as_person
from tests.concerns.screens import at, client_of, events, frozen, narrative, post_who, raise_it, state_of
from tests.factories.concerns import those_who_see
from tests.factories.councils import AppointmentFactory, CouncilFactory, PersonFactory, Town

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    with frozen():
        yield


def begin(town: Town, raiser: str, *subjects: str, **more: object) -> tuple[object, UUID]:
    client = client_of(town[raiser])
    answer = post_who(client, town.council.key, *[town[name] for name in subjects], **more)
    assert answer.status_code == 302, answer.context["form"].errors
    return client, UUID(answer.url.split("/")[3])


def test_home_offers_to_raise_to_a_councillor(weston):
    page = client_of(weston["councillor1"]).get("/")
    assert page.status_code == 200
    assert 'data-action="raise"' in page.content.decode()


def test_home_of_an_administrator_only_says_it_shows_no_case(weston):
    page = client_of(weston["admin"]).get("/").content.decode()
    assert 'data-action="raise"' not in page
    assert "That shows you no concerns" in page


def test_who_screen_offers_everybody_but_oneself(weston):
    page = client_of(weston["councillor1"]).get(reverse("concerns:new-in", kwargs={"key": "weston"}))
    offered = {label.split(",")[0] for _value, label in page.context["form"].fields["subjects"].widget.choices}
    assert weston["clerk"].full_name in offered
    assert weston["councillor1"].full_name not in offered
    assert weston["admin"].full_name not in offered


def test_who_screen_with_nothing_answered_says_what_to_do(weston):
    page = client_of(weston["councillor1"]).post(reverse("concerns:new-in", kwargs={"key": "weston"}), {})
    assert page.status_code == 422
    assert page.context["form"].errors == {
        "subjects": ["Choose the person it is about"],
        "topic": ["Choose what it is about"],
        "said_in_public": ["Say whether it has been said in public"],
    }
    with as_person(weston["councillor1"]):
        assert Concern.objects.count() == 0


@pytest.mark.parametrize("value", ["x", "00000000-0000-0000-0000-000000000000", "'; DROP TABLE", "\x00"])
def test_who_screen_with_an_unknown_person_is_refused(weston, value):
    answers = {"subjects": [value], "topic": "conduct", "said_in_public": "no"}
    page = client_of(weston["councillor1"]).post(reverse("concerns:new-in", kwargs={"key": "weston"}), answers)
    assert page.status_code == 422
    assert page.context["form"].errors["subjects"] == ["Choose people from the list."]


def test_who_screen_with_an_impossible_date_keeps_what_was_typed(weston):
    answers = {"happened_on_day": "31", "happened_on_month": "2", "happened_on_year": "2026"}
    page = post_who(client_of(weston["councillor1"]), "weston", weston["officer1"], **answers)
    assert page.status_code == 422
    assert page.context["form"].errors == {"happened_on": ["The date it happened must be a real date"]}
    assert 'value="31"' in page.content.decode()


def test_where_screen_names_recipients_by_name_and_capacity(weston):
    client, pk = begin(weston, "councillor1", "officer1")
    page = client.get(at("draft-where", pk))
    shown = page.context["shown"]
    assert [way.token for way in shown.ways] == ["role:proper_officer", "rel:line_manager_of_subject", "role:chair_of_council"]
    assert shown.ways[0].people == (f"{weston['clerk'].full_name}, as Town Clerk",)
    assert shown.is_choice is True
    assert f"{weston['officer1'].full_name}, because it is about them" in shown.never
    text = page.content.decode()
    assert weston["manager"].full_name in text
    assert "11.3(d)" in text


def test_where_screen_about_the_clerk_offers_neither_clerk_nor_deputy(weston):
    client, pk = begin(weston, "councillor1", "clerk")
    shown = client.get(at("draft-where", pk)).context["shown"]
    assert [way.token for way in shown.ways] == ["role:chair_of_council", "party:subject"]
    assert "People who work for, or stand in for, the person it is about" in shown.never


def test_where_screen_without_a_choice_asks_for_one(weston):
    client, pk = begin(weston, "councillor1", "officer1")
    page = client.post(at("draft-where", pk), {"chosen_token": ""})
    assert page.status_code == 422
    assert page.context["form"].errors == {"chosen_token": ["Choose who it goes to"]}


def test_connection_named_by_the_raiser_takes_a_recipient_away(weston):
    client, pk = begin(weston, "councillor1", "officer1")
    answer = client.post(at("draft-where", pk), {"connected": [str(weston["clerk"].pk)], "way": "look_again"})
    assert answer.url == at("draft-where", pk)
    shown = client.get(at("draft-where", pk)).context["shown"]
    assert [way.token for way in shown.ways] == ["rel:line_manager_of_subject", "role:chair_of_council"]
    assert f"{weston['clerk'].full_name}: not available for this concern" in shown.never


def test_new_connection_with_continue_shows_the_new_answer_first(weston):
    client, pk = begin(weston, "councillor1", "officer1")
    answer = client.post(at("draft-where", pk), {"connected": [str(weston["clerk"].pk)], "chosen_token": "role:chair_of_council"})
    assert answer.url == at("draft-where", pk)


def test_nobody_left_is_said_plainly_and_somebody_is_asked_to_find_a_person(yateley):
    client, pk = begin(yateley, "officer1", "councillor1")
    panel = BodyMembership.objects.filter(body__council=yateley.council, body__code="hr_panel", is_substitute=False)
    everybody = [str(yateley["clerk"].pk), *(str(pk) for pk in panel.values_list("person_id", flat=True)[:4])]
    client.post(at("draft-where", pk), {"connected": everybody, "way": "look_again"})
    page = client.get(at("draft-where", pk))
    assert page.context["shown"].needs_handler is True
    assert "Nobody the protocol names for this is free of a connection." in page.content.decode()
    client.post(at("draft-where", pk), {"connected": everybody})
    client.post(at("draft-writing", pk), {"what_happened": "It happened"})
    answers = {"formal": "no", "wider_circle": "ask_first", "private_confirmed": "on", "constructive_confirmed": "on"}
    assert client.post(at("draft-check", pk), answers).url == at("sent", pk)
    assert state_of(pk, yateley["officer1"]) == "NEEDS_HANDLER"
    assert client.get(at("sent", pk)).status_code == 200


def test_later_recipients_never_include_the_raiser(ilminster):
    client, pk = begin(ilminster, "councillor4", "clerk")
    shown = client.get(at("draft-where", pk)).context["shown"]
    assert [way.token for way in shown.later] == ["body:hr_panel"]
    assert not any(ilminster["councillor4"].full_name in who for way in shown.later for who in way.people)


def test_councillor_about_an_officer_reaches_only_the_chosen_recipient(weston):
    pk = raise_it(weston["councillor1"], "weston", weston["officer1"], token="role:proper_officer")
    with as_person(weston["councillor1"]):
        concern = Concern.objects.get(pk=pk)
    assert concern.state == "LODGED"
    assert those_who_see(weston, concern) == {"councillor1", "clerk"}
    assert events(pk, weston["councillor1"]) == ["lodged"]


def test_councillor_about_the_clerk_never_reaches_clerk_or_deputy(weston):
    pk = raise_it(weston["councillor1"], "weston", weston["clerk"], token="role:chair_of_council")
    with as_person(weston["councillor1"]):
        concern = Concern.objects.get(pk=pk)
    assert those_who_see(weston, concern) == {"councillor1", "chair"}


def test_officer_about_a_councillor_reaches_both_recipients(weston):
    pk = raise_it(weston["officer1"], "weston", weston["councillor1"])
    with as_person(weston["officer1"]):
        concern = Concern.objects.get(pk=pk)
    assert concern.mode == "all_of"
    assert those_who_see(weston, concern) == {"officer1", "manager", "clerk"}


@pytest.mark.parametrize("key", ["alsager", "auth5c", "ilminster", "weston", "yateley"])
@pytest.mark.parametrize(("raiser", "subject"), [("councillor4", "officer1"), ("officer1", "councillor2")])
def test_every_council_takes_a_concern_through_every_screen(towns, key, raiser, subject):
    here = towns(key)
    client, pk = begin(here, raiser, subject)
    page = client.get(at("draft-where", pk))
    assert page.status_code == 200
    shown = page.context["shown"]
    token = shown.ways[0].token if shown.is_choice else ""
    pk = raise_it(here[raiser], key, here[subject], token=token)
    assert state_of(pk, here[raiser]) in {"LODGED", "DIRECT"}
    assert client.get(at("sent", pk)).status_code == 200
    assert client.get(at("page", pk)).status_code == 200
    assert client_of(here[subject]).get(at("page", pk)).status_code == 404


def test_sequence_that_starts_with_a_talk_can_leave_it_out_with_a_reason(yateley):
    here = yateley
    pk = raise_it(here["councillor4"], "yateley", here["clerk"], skip_direct_reason="They won't speak to me")
    with as_person(here["councillor4"]):
        concern = Concern.objects.get(pk=pk)
    assert concern.state == "LODGED"
    assert concern.step == 1


def test_sequence_that_starts_with_a_talk_is_kept_private(yateley):
    here = yateley
    pk = raise_it(here["councillor4"], "yateley", here["clerk"])
    with as_person(here["councillor4"]):
        concern = Concern.objects.get(pk=pk)
    assert concern.state == "DIRECT"
    assert those_who_see(here, concern) == {"councillor4"}


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


def ready(town: Town, raiser: str = "officer1", subject: str = "councillor1") -> tuple[object, UUID]:
    client, pk = begin(town, raiser, subject)
    client.post(at("draft-writing", pk), {"what_happened": "It happened"})
    return client, pk


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
