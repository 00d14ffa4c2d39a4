"""A concern's page, its steps, its files and the list: who finds what, and what each step leaves."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from concerns.enums import Action
from concerns.forms.steps import FORMS
from concerns.models import Concern, Notice, Opening
from councils.rls import as_person
from tests.concerns.screens import NOW, act, at, client_of, events, frozen, page, raise_it, state_of
from tests.factories.concerns import CANARY, do, lodge, those_who_see
from tests.factories.councils import Town
from tests.grievances.course import of

pytestmark = pytest.mark.django_db
COUNCILS = ("weston", "yateley")


@pytest.fixture(autouse=True)
def _clock():
    with frozen():
        yield


@pytest.fixture
def sent(weston: Town) -> Concern:
    """A councillor's concern about an officer, with the clerk."""
    return lodge(weston, weston["councillor1"], weston["officer1"], chosen_token="role:proper_officer")


@pytest.fixture
def taken(weston: Town, sent: Concern) -> Concern:
    do(Action.ACCEPT, sent, weston["clerk"])
    return sent


# --- who finds it ----------------------------------------------------------------------------------------------------
def test_page_of_the_raiser_shows_state_next_step_and_what_was_written(weston, sent):
    answer = page(weston, "councillor1", sent)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert 'data-state="LODGED"' in text
    assert f"{CANARY} what happened" in text
    assert f"{weston['clerk'].full_name} will read it, then take it up" in text
    assert "this service’s usual time, not set by the protocol" in text
    assert {step["action"] for step in answer.context["steps"] + answer.context["beside"]} == {
        "straight_to_formal", "withdraw", "add_note", "add_document", "add_witness",
    }  # fmt: skip


def test_what_was_written_stands_above_what_can_be_done(weston, taken):
    text = page(weston, "clerk", taken).content.decode()
    assert text.index(f"{CANARY} what happened") < text.index('aria-labelledby="steps"') < text.index('data-action="informal_over"')


def test_circle_names_everybody_with_capacity_and_opening(weston, sent):
    page(weston, "clerk", sent)
    circle = page(weston, "councillor1", sent).context["circle"]
    rows = sorted((row["name"], row["hats"], row["capacities"], row["opened"]) for row in circle)
    assert rows == [
        (weston["councillor1"].full_name, "Leader", ["raised it"], NOW),
        (weston["clerk"].full_name, "Town Clerk", ["receives it"], NOW),
    ]


def test_circle_has_a_page_of_its_own(weston, sent):
    text = page(weston, "clerk", sent, "circle").content.decode()
    assert 'data-testid="circle"' in text
    assert text.count("data-person=") == 2


def test_opening_is_counted_for_whoever_opened_it(weston, sent):
    page(weston, "clerk", sent)
    page(weston, "clerk", sent)
    with as_person(weston["councillor1"]):
        assert [(o.person_id, o.times) for o in Opening.objects.filter(concern=sent)] == [(weston["clerk"].pk, 2)]


STRANGERS = ("officer1", "deputy", "chair", "councillor2", "admin", "former")


@pytest.mark.parametrize("stranger", STRANGERS)
def test_strangers_get_the_same_404_as_for_nothing(weston, sent, stranger):
    client = client_of(weston[stranger])
    nothing = client.get(at("page", uuid4()))
    assert nothing.status_code == 404
    for name, more in (("page", {}), ("sent", {}), ("circle", {}), ("do", {"action": "accept"}), ("do", {"action": "nothing"})):
        answer = client.get(at(name, sent, **more))
        assert answer.status_code == 404
        assert answer.content == nothing.content
    for action in FORMS:
        assert client.post(at("do", sent, action=action.value), {"note": "x"}).status_code == 404
    assert client.get("/").content.decode().count(sent.reference) == 0
    assert client.get(reverse("concerns:list")).context["count"] == 0
    assert client.get(reverse("concerns:list"), {"search": weston["officer1"].full_name}).context["count"] == 0


def test_unknown_step_is_not_found(weston, sent):
    assert page(weston, "clerk", sent, "do", action="save_draft").status_code == 404
    assert page(weston, "clerk", sent, "do", action="nothing").status_code == 404


def test_who_is_asked_for_a_panel_sees_stage_and_dates_only(weston):
    concern = lodge(weston, weston["officer1"], weston["councillor1"])
    do(Action.ACCEPT, concern, weston["clerk"])
    do(Action.INFORMAL_OVER, concern, weston["clerk"], kind="failed", reason=f"{CANARY} reason")
    do(Action.START_GRIEVANCE, concern, weston["officer1"], reason=f"{CANARY} grievance")
    with as_person(weston["officer1"]):
        parts = list(concern.participations.filter(capacity="candidate", until__isnull=True).select_related("person"))
    assert parts
    answer = client_of(parts[0].person).get(at("page", concern))
    assert answer.status_code == 200
    assert CANARY not in answer.content.decode()
    assert "do you have a connection with anybody named here" in answer.content.decode()
    assert {step["action"] for step in answer.context["beside"]} >= {"declare_conflict"}


# --- steps -----------------------------------------------------------------------------------------------------------
def test_every_step_of_the_policy_has_a_form_or_belongs_to_drafts():
    assert set(Action) - set(FORMS) == {Action.SAVE_DRAFT, Action.DELETE_DRAFT, Action.SUBMIT, Action.MAKE_COPY}  # a copy: beside each file


@pytest.mark.parametrize("action", sorted(FORMS))
@pytest.mark.parametrize("who", ["councillor1", "clerk"])
def test_every_step_opens_or_says_why_it_is_closed(weston, taken, who, action):
    answer = page(weston, who, taken, "do", action=action.value)
    assert answer.status_code in (200, 409)
    if answer.status_code == 409:
        assert answer.context["why"]
    empty = act(weston, who, taken, action.value)
    assert empty.status_code in (302, 409, 422)


def test_accept_makes_the_recipient_its_handler(weston, sent):
    answer = act(weston, "clerk", sent, "accept", note="I'll talk to both")
    assert answer.url == at("page", sent)
    assert state_of(sent, weston["clerk"]) == "INFORMAL"
    assert events(sent.pk, weston["clerk"]) == ["accepted", "lodged"]


def test_pass_on_ends_the_senders_access(weston, sent):
    answer = act(weston, "clerk", sent, "pass_on", token="role:chair_of_council", override_reason="She asked for it")
    assert answer.url == "/"
    assert page(weston, "clerk", sent).status_code == 404
    assert those_who_see(weston, sent) == {"councillor1", "chair"}


def test_pass_on_without_consent_asks_for_a_reason_and_keeps_the_note(weston, sent):
    answer = act(weston, "clerk", sent, "pass_on", token="role:chair_of_council", note="Kept note")
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["override_reason"]
    assert "Kept note" in answer.content.decode()


def test_declared_conflict_shuts_the_door_at_once(weston, sent):
    answer = act(weston, "clerk", sent, "declare_conflict")
    assert answer.url == "/"
    assert page(weston, "clerk", sent).status_code == 404
    assert sent.reference not in client_of(weston["clerk"]).get("/").content.decode()


def test_settle_needs_to_know_whether_the_raiser_agrees(weston, taken):
    answer = act(weston, "clerk", taken, "settle", summary="They shook hands")
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"raiser_agrees": ["Say whether the person who raised it agrees."]}
    assert act(weston, "clerk", taken, "settle", summary="They shook hands", raiser_agrees="yes").status_code == 302
    assert state_of(taken, weston["councillor1"]) == "RESOLVED"
    text = page(weston, "councillor1", taken).content.decode()
    assert "They shook hands" in text
    assert "Settled by agreement" in text


def test_consent_is_asked_and_answered_on_screen(weston, taken):
    assert act(weston, "clerk", taken, "ask_consent", kind="wider_circle", wording="May the Mayor see it?").status_code == 302
    asked = page(weston, "councillor1", taken)
    assert "May the Mayor see it?" in asked.content.decode()
    assert asked.context["steps"][0]["action"] == "answer_consent"
    assert act(weston, "councillor1", taken, "answer_consent").context["form"].errors == {"agree": ["Choose yes or no"]}
    assert act(weston, "councillor1", taken, "answer_consent", agree="yes").status_code == 302
    assert "override_reason" not in page(weston, "clerk", taken, "do", action="hand_over").context["form"].fields


def test_hand_over_gives_it_to_somebody_without_a_connection(weston, taken):
    offered = {str(pk) for pk in page(weston, "clerk", taken, "do", action="hand_over").context["form"].fields["to"].people}
    assert str(weston["officer1"].pk) not in offered
    assert str(weston["councillor1"].pk) not in offered
    answer = act(
        weston, "clerk", taken, "hand_over", to=str(weston["deputy"].pk), reason_code="absence", override_reason="I am away from Monday"
    )
    assert answer.url == "/"
    assert those_who_see(weston, taken) == {"councillor1", "deputy"}


@pytest.mark.parametrize("value", ["", "x", "\x00", "00000000-0000-0000-0000-000000000000"])
def test_hand_over_to_nobody_known_is_refused(weston, taken, value):
    answer = act(weston, "clerk", taken, "hand_over", to=value, reason_code="absence")
    assert answer.status_code == 422
    assert "to" in answer.context["form"].errors


def test_hold_until_a_date_and_release(weston, taken):
    day = (NOW + timedelta(days=7)).date()
    date_parts = {"until_day": str(day.day), "until_month": str(day.month), "until_year": str(day.year)}
    assert act(weston, "clerk", taken, "hold", reason="Waiting for the auditor", **date_parts).status_code == 302
    assert "Waiting for the auditor" in page(weston, "councillor1", taken).content.decode()
    closed = act(weston, "clerk", taken, "settle", summary="Done", raiser_agrees="yes")
    assert closed.status_code == 409
    assert closed.context["why"] == "It's on hold. End the hold first."
    assert act(weston, "clerk", taken, "release").status_code == 302


def test_hold_until_yesterday_is_refused_and_kept(weston, taken):
    answer = act(weston, "clerk", taken, "hold", reason="Waiting", until_day="14", until_month="1", until_year="2026")
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"until": ["The date must be in the future."]}
    assert "Waiting" in answer.content.decode()


def test_stale_tab_is_told_and_may_send_again_knowingly(weston, taken):
    form = page(weston, "clerk", taken, "do", action="add_note").context["form"]
    old = form["revision"].value()
    do(Action.ADD_NOTE, taken, weston["councillor1"], text="In the meantime")
    answer = act(weston, "clerk", taken, "add_note", text="My note", revision=str(old))
    assert answer.status_code == 422
    assert "Somebody changed this concern" in answer.context["form"].non_field_errors()[0]
    assert "My note" in answer.content.decode()
    fresh = answer.context["form"]["revision"].value()
    assert act(weston, "clerk", taken, "add_note", text="My note", revision=str(fresh)).status_code == 302


def test_step_sent_twice_is_done_once(weston, sent):
    assert act(weston, "clerk", sent, "accept").status_code == 302
    again = act(weston, "clerk", sent, "accept")
    assert again.status_code == 409
    assert events(sent.pk, weston["clerk"]) == ["accepted", "lodged"]


@pytest.mark.parametrize("revision", ["x", "-1", "9" * 40, "\x00"])
def test_hostile_revision_is_a_message_not_an_error(weston, taken, revision):
    assert act(weston, "clerk", taken, "add_note", text="A note", revision=revision).status_code == 422


def test_recipient_sends_it_elsewhere_and_nothing_is_kept(weston, sent):
    answer = act(weston, "clerk", sent, "redirect", reason_code="public_complaint")
    assert answer.url == "/"
    text = page(weston, "councillor1", sent).content.decode()
    assert "A complaint by a member of the public" in text
    assert CANARY not in text


def test_withdrawn_by_its_raiser(weston, taken):
    assert act(weston, "councillor1", taken, "withdraw").status_code == 302
    assert state_of(taken, weston["councillor1"]) == "WITHDRAWN"


def test_deciding_shows_the_formal_routes_with_clause_and_law(weston):
    concern = lodge(weston, weston["officer1"], weston["councillor1"])
    do(Action.ACCEPT, concern, weston["clerk"])
    do(Action.INFORMAL_OVER, concern, weston["clerk"], kind="failed", reason="Tried for three weeks")
    answer = page(weston, "officer1", concern)
    assert 'data-state="DECIDING"' in answer.content.decode()
    assert {route["title"] for route in answer.context["routes"]} == {"A complaint under the Code of Conduct", "The grievance procedure"}
    assert [item.id for item in answer.context["law_notes"]] == ["L2"]
    offered = page(weston, "officer1", concern, "do", action="start_grievance")
    assert "R (Harvey) v Ledbury Town Council" in offered.content.decode()


def test_outcomes_about_a_councillor_hold_no_finding_outside_the_code(weston):
    concern = lodge(weston, weston["officer1"], weston["councillor1"])
    do(Action.ACCEPT, concern, weston["clerk"])
    do(Action.INFORMAL_OVER, concern, weston["clerk"], kind="failed", reason="Tried")
    do(Action.START_GRIEVANCE, concern, weston["officer1"], reason="Support")
    answer = page(weston, "clerk", concern, "do", action="record_outcome")
    assert answer.status_code == 409  # its panel records the outcome
    assert "recorded in the grievance" in answer.content.decode()
    with as_person(weston["clerk"]):
        assert of(concern, weston["clerk"]).standing.outcomes == ("resolved", "grievance_informal_only_closed")


def test_handler_is_told_of_a_notice_that_failed(weston, taken, as_owner):
    with as_owner():
        Notice.objects.filter(concern=taken, person=weston["councillor1"]).update(failed_at=NOW)
    assert f"A message to {weston['councillor1'].full_name} could not be delivered" in page(weston, "clerk", taken).content.decode()
    assert "could not be delivered" not in page(weston, "councillor1", taken).content.decode()


def test_target_is_a_day_with_the_way_it_is_counted(weston):
    """Lodged on Thursday 15 January 2026; three working days later is Tuesday the 20th, over a weekend."""
    pk = raise_it(weston["councillor3"], "weston", weston["officer1"], token="role:chair_of_council")
    page = client_of(weston["chair"]).get(at("page", pk)).content.decode()
    assert "By Tuesday 20 January 2026: 3 working days after 15 January 2026" in page
    assert "20 Jan 2026" in client_of(weston["chair"]).get("/").content.decode()
