"""Raising a concern on screen: five screens, a draft only its raiser sees, and exactly the people the protocol names."""

from __future__ import annotations

import pytest
from django.urls import reverse

from concerns.models import Concern
from councils.models import BodyMembership
from councils.rls import as_person
from tests.concerns.screens import at, begin, client_of, events, frozen, post_who, raise_it, state_of
from tests.factories.concerns import those_who_see

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    with frozen():
        yield


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
