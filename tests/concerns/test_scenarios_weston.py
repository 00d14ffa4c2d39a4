"""Weston's acceptance scenarios: W-01 to W-17 (tests/data/scenarios.yaml says what each is about)."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from concerns.enums import Action, SaidInPublic, State
from concerns.models import Notice
from councils import actions as councils
from councils.errors import Refusal
from councils.models import Appointment
from councils.rls import system_work
from information.actions.arranging import end_what_is_over
from information.enums import ArrangementAction, RequestAction, RequestState
from tests.concerns.casework import asked, event, fresh, on_it, open_to, people, trail, types, why_not
from tests.concerns.screens import client_of
from tests.factories.concerns import CANARY, NOW, by, do, draft, lodge, send, those_who_see
from tests.factories.councils import Town
from tests.information import steps as requests

COUNCILS = ("weston",)


def test_w_01_member_chooses_one_of_three_and_only_that_one_sees_it(weston: Town) -> None:
    made = asked(weston, weston["councillor3"], weston["officer1"])
    assert people(weston, made) == {
        "role:proper_officer": ["clerk"], "rel:line_manager_of_subject": ["manager"], "role:chair_of_council": ["chair"],
    }  # fmt: skip
    assert [step.preferred for step in made.steps] == [True, False, False]
    concern = lodge(weston, weston["councillor3"], weston["officer1"], chosen_token="rel:line_manager_of_subject")
    assert concern.state == State.LODGED
    assert those_who_see(weston, concern) == {"councillor3", "manager"}
    assert {"accept", "pass_on"} <= open_to(weston["manager"], concern)
    assert "withdraw" in open_to(weston["councillor3"], concern)
    lodged = trail(concern)[0]
    assert lodged.facts["to"] == ["rel:line_manager_of_subject"]
    assert "11.3(d)" in lodged.cites
    assert lodged.protocol_label == weston.version.label
    assert do(Action.ACCEPT, concern, weston["manager"]).state == State.INFORMAL


def test_w_02_nothing_about_the_clerk_reaches_the_clerk_or_the_deputy(weston: Town) -> None:
    from concerns import lists

    made = asked(weston, weston["councillor3"], weston["clerk"])
    assert people(weston, made) == {"role:chair_of_council": ["chair"], "party:subject": []}
    concern = lodge(weston, weston["councillor3"], weston["clerk"], chosen_token="role:chair_of_council")
    assert those_who_see(weston, concern) == {"councillor3", "chair"}

    for name in ("clerk", "deputy", "manager"):
        with by(weston[name]):
            assert lists.waiting_for(me=weston[name].pk) == []
            assert lists.caseload(weston[name]).count() == 0


def test_w_03_line_manager_and_clerk_both_receive_and_either_takes_it_up(weston: Town) -> None:
    concern = lodge(weston, weston["officer1"], weston["councillor3"])
    assert concern.mode == "all_of"
    assert those_who_see(weston, concern) == {"officer1", "manager", "clerk"}
    assert do(Action.ACCEPT, concern, weston["manager"]).state == State.INFORMAL
    assert on_it(weston, concern) == {"officer1": {"raiser"}, "manager": {"handler"}, "clerk": {"handler"}}
    for name in ("manager", "clerk"):  # both are named as seeking to settle it
        assert {"settle", "conciliate", "informal_over"} <= open_to(weston[name], concern)
    assert those_who_see(weston, concern) == {"officer1", "manager", "clerk"}


def test_w_06_after_informal_means_an_officer_has_the_code_or_a_limited_grievance(weston: Town) -> None:
    officer, handler = weston["officer1"], weston["manager"]
    concern = lodge(weston, officer, weston["councillor8"], topic="bullying")
    do(Action.ACCEPT, concern, handler)
    do(Action.INFORMAL_OVER, concern, handler, kind="failed", reason="Three weeks of trying")
    assert {"refer_code", "start_grievance"} <= open_to(officer, concern)
    made = asked(weston, officer, weston["councillor8"], topic="bullying", stage="deciding")
    assert set(made.resolution.tokens) == {"proc:code_of_conduct", "proc:grievance"}
    assert any("(L2)" in warning for warning in made.resolution.warnings)
    started = do(Action.START_GRIEVANCE, concern, officer, reason="Support, and how we work together")
    assert started.state == State.GRIEVANCE
    with by(officer):
        assert started.proceedings.get(kind="grievance").remit == "support_only"
    assert event(concern, "grievance_started").facts["limit"] == "L2"
    assert event(concern, "grievance_started").reason == "Support, and how we work together"
    from concerns.actions.formal import outcomes_for

    with by(officer):
        assert set(outcomes_for(started, on=date(2026, 1, 15))) == {"resolved", "no_case", "grievance_informal_only_closed"}
    for outcome in ("mo_breach_found", "no_case"):  # its panel records an outcome, and none that finds anything
        with pytest.raises(Refusal, match="recorded in the grievance"):
            do(Action.RECORD_OUTCOME, concern, handler, outcome=outcome, reference="Minute 9")


def test_w_07_said_in_public_is_recorded_and_does_not_block(weston: Town) -> None:
    concern = draft(weston, weston["councillor3"], weston["officer1"], chosen_token="role:proper_officer")
    with by(weston["councillor3"]):
        from concerns.actions import intake

        saved = intake.save_draft(
            concern_id=concern.pk, by=weston["councillor3"], now=NOW, said_in_public=SaidInPublic.PUBLIC_MEETING,
            where_said=f"{CANARY} Planning Committee, 8 January",
        )  # fmt: skip
    assert saved.public_warning_shown is True
    sent = send(saved)
    assert sent.state == State.LODGED
    facts = trail(sent)[0].facts
    assert (facts["said_in_public"], facts["warning_shown"]) == ("public_meeting", True)
    with by(weston["clerk"]):
        assert fresh(sent, weston["clerk"]).narrative.where_said.endswith("Planning Committee, 8 January")


def test_w_09_clerk_can_neither_copy_nor_hand_it_to_a_committee_chair(weston: Town) -> None:
    concern = lodge(weston, weston["councillor3"], weston["officer1"], chosen_token="role:proper_officer")
    do(Action.ACCEPT, concern, weston["clerk"])
    for answers in ({}, {"override_reason": "They ought to know"}):
        with pytest.raises(Refusal, match="can't take it"):
            do(Action.HAND_OVER, concern, weston["clerk"], to=weston["councillor2"], reason_code="absence", **answers)
    assert those_who_see(weston, concern) == {"councillor3", "clerk"}
    assert "ask_consent" in open_to(weston["clerk"], concern)
    with pytest.raises(Refusal, match="hasn't agreed"):
        do(Action.PASS_ON, concern, weston["clerk"], token="role:chair_of_council")
    do(Action.ASK_CONSENT, concern, weston["clerk"], kind="wider_circle", wording="May the Mayor have it?")
    do(Action.ANSWER_CONSENT, concern, weston["councillor3"], agree=True)
    do(Action.PASS_ON, concern, weston["clerk"], token="role:chair_of_council")
    assert those_who_see(weston, concern) == {"councillor3", "chair"}
    from concerns import queries

    with by(weston["councillor3"]):
        assert {row.person for row in queries.circle(concern)} == {weston["councillor3"], weston["clerk"], weston["chair"]}


def test_w_10_deputy_standing_in_for_the_clerk_never_sees_a_concern_about_the_deputy(weston: Town) -> None:
    away = datetime(2025, 8, 11, 12, 0, tzinfo=UTC)  # the deputy acts as Clerk from the 4th to the 22nd
    made = asked(weston, weston["councillor3"], weston["deputy"], on=away.date())
    assert made.resolution.rule == "W-R01"
    assert people(weston, made) == {"role:chair_of_council": ["chair"]}  # neither the deputy nor the Clerk, who is away
    concern = lodge(weston, weston["councillor3"], weston["deputy"], chosen_token="role:chair_of_council", now=away)
    assert concern.state == State.LODGED
    assert those_who_see(weston, concern) == {"councillor3", "chair"}
    acting = Appointment.objects.get(person=weston["deputy"], role="proper_officer")
    assert acting.acting_for.person == weston["clerk"]


def test_w_10_declining_every_option_waits_for_a_handler(weston: Town) -> None:
    away = datetime(2025, 8, 11, 12, 0, tzinfo=UTC)
    refused = [weston["chair"], weston["clerk"]]
    concern = lodge(weston, weston["councillor3"], weston["deputy"], connected=refused, now=away)
    assert concern.state == State.NEEDS_HANDLER
    assert those_who_see(weston, concern) == {"councillor3", "vice"}


def test_w_15_an_officer_can_pick_no_member(weston: Town) -> None:
    officer = weston["officer1"]
    members = {weston[f"councillor{n}"] for n in range(1, 9)} | {weston["vice"]}
    made = asked(weston, officer, weston["councillor8"])
    assert people(weston, made) == {"rel:line_manager_of_raiser": ["manager"], "role:proper_officer": ["clerk"]}
    assert not members & set(made.eligible())
    assert not members & set(made.successors())
    concern = draft(weston, officer, weston["councillor8"], chosen_token="role:leader")
    sent = send(concern)
    assert those_who_see(weston, sent) == {"officer1", "manager", "clerk"}
    do(Action.ACCEPT, sent, weston["clerk"])
    for name in ("councillor1", "councillor2", "vice"):
        with pytest.raises(Refusal, match="can't take it"):
            do(Action.HAND_OVER, sent, weston["clerk"], to=weston[name], reason_code="absence", override_reason="A friend")


def test_w_17_a_team_is_several_subjects_none_of_whom_sees_it(weston: Town) -> None:
    team = [weston["officer1"], weston["manager"], weston["deputy"]]
    made = asked(weston, weston["councillor3"], *team)
    assert "manager" not in [name for names in people(weston, made).values() for name in names]
    assert {"clerk", "chair"} <= {name for names in people(weston, made).values() for name in names}
    concern = lodge(weston, weston["councillor3"], team, chosen_token="role:chair_of_council")
    with by(weston["councillor3"]):
        assert concern.subjects.count() == 3
    assert those_who_see(weston, concern) == {"councillor3", "chair"}
    assert types(concern) == ["lodged"]
    assert why_not(weston["chair"], Action.HOLD, concern).startswith("Only somebody who")


def test_ended_appointments_let_nobody_new_in(weston: Town) -> None:
    concern = lodge(weston, weston["councillor3"], weston["officer1"], chosen_token="role:proper_officer")
    clerkship = Appointment.objects.get(person=weston["clerk"], role="proper_officer")
    councils.end_appointment(appointment=clerkship, ends_on=date(2026, 1, 16), by=None, now=NOW)
    with time_machine.travel(datetime(2026, 1, 16, 12, tzinfo=UTC), tick=False):
        assert those_who_see(weston, concern) == {"councillor3", "clerk"}  # the last day counts
    with time_machine.travel(datetime(2026, 1, 17, 0, 0, 1, tzinfo=UTC), tick=False):
        assert those_who_see(weston, concern) == {"councillor3"}


def test_w_13_refusal_is_in_writing_and_no_reviewer_is_invented(weston: Town) -> None:
    member, clerk = weston["councillor3"], weston["clerk"]
    request = requests.ask(weston, "councillor3", marks=["third_party_personal"])
    assert request.state == RequestState.JUSTIFICATION_NEEDED
    assert requests.those_who_see(weston, request) == {"councillor3"}
    request = requests.do(RequestAction.JUSTIFY, request, member, justification=f"{CANARY} the tenancy is before my working group")
    assert request.state == RequestState.WITH_DETERMINER
    assert requests.seats(weston, request) == {"clerk": "determiner"}
    assert [(note["code"], note["cites"]) for note in request.notes] == [("third_party_personal", ["7.4"])]
    with pytest.raises(Refusal, match="actual reason"):
        requests.do(RequestAction.REFUSE, request, clerk, ground="third_party_personal", reason=" ")
    assert requests.fresh(request, clerk).state == RequestState.WITH_DETERMINER
    request = requests.do(RequestAction.REFUSE, request, clerk, ground="third_party_personal", reason=f"{CANARY} it names a tenant")
    assert request.state == RequestState.REFUSED
    with pytest.raises(Refusal, match="names nobody who reviews"):
        requests.do(RequestAction.ASK_REVIEW, request, member, review_words="Somebody else should look")
    page = requests.page(request, member)
    assert "names nobody who reviews this decision, so the portal invents nobody" in page
    assert "your protocol states no time" in page
    assert "Freedom of Information Act 2000" in page
    assert "Monitoring Officer for advice" in page
    assert "Raise a concern about how the request was dealt with" in page
    assert "7.5" in page
    kinds = requests.trail(request, member)
    assert sorted(kinds) == ["request_asked", "request_justified", "request_refused"]


def test_w_14_direct_contact_is_agreed_over_a_matter_until_a_day_and_then_goes_through_the_clerk_again(weston: Town) -> None:
    member, officer, clerk = weston["councillor3"], weston["officer1"], weston["clerk"]
    about = {"officer": officer, "matter": f"{CANARY} the carnival", "until_on": date(2026, 2, 15), "decider": clerk}
    row = requests.arrange(weston, "councillor3", "contact", **about)
    assert (requests.finds(row, clerk), requests.finds(row, officer), requests.finds(row, weston["chair"])) == (True, False, False)
    agreed = requests.answer(ArrangementAction.AGREE, row, clerk)
    assert (agreed.state, agreed.decider, agreed.officer, agreed.from_on, agreed.until_on) == ("AGREED", clerk, officer, NOW.date(), date(2026, 2, 15))
    assert requests.finds(row, officer)
    page = client_of(member).get(reverse("information:arrangement", args=[row.pk])).content.decode()
    assert "Instructions to staff still need the express approval of the Town Clerk." in page
    with system_work():
        assert [end_what_is_over(now=datetime(2026, 2, day, 12, tzinfo=UTC)) for day in (15, 16, 16)] == [0, 1, 0]
        told = Notice.objects.filter(created_at=datetime(2026, 2, 16, 12, tzinfo=UTC)).values_list("person", flat=True)
        assert set(told) == {member.pk, officer.pk}
    after = client_of(member).get(reverse("information:arrangement", args=[row.pk])).content.decode()
    assert "Contact goes through the Town Clerk." in after and 'data-state="ENDED"' in after
