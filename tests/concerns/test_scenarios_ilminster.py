"""Ilminster's acceptance scenarios: I-01 to I-19."""

from datetime import date

import pytest

from concerns.actions import intake
from concerns.enums import Action, State
from concerns.models import Narrative, Notice
from correspondence.actions import messages
from correspondence.models import Audience
from councils import actions as councils
from councils import reviews
from councils.errors import Refusal
from tests.concerns.casework import asked, event, fresh, on_it, open_to, people, types, why_not
from tests.factories.concerns import NOW, by, do, draft, lodge, send, those_who_see
from tests.factories.councils import DisclosedRelationshipFactory, Town, protocol_file
from tests.factories.referrals import returned

COUNCILS = ("ilminster",)
PANEL = {"chair", "councillor3", "councillor4", "councillor5"}


def test_i_01_reported_to_the_chair_then_raised_with_the_clerk(ilminster: Town) -> None:
    concern = lodge(ilminster, ilminster["councillor6"], ilminster["officer1"])
    assert (concern.rule_id, concern.mode) == ("I-R01", "sequence")
    assert those_who_see(ilminster, concern) == {"councillor6", "chair"}
    assert open_to(ilminster["chair"], concern) & {"accept", "straight_to_formal", "pass_on"} == {"pass_on"}
    do(Action.PASS_ON, concern, ilminster["chair"], now=NOW.replace(day=16))
    assert those_who_see(ilminster, concern) == {"councillor6", "clerk"}
    assert do(Action.ACCEPT, concern, ilminster["clerk"], now=NOW.replace(day=17)).state == State.INFORMAL
    assert types(concern) == ["lodged", "passed_on", "accepted"]
    with by(ilminster["councillor6"]):
        chair, clerk = (concern.participations.filter(person=ilminster[name]).earliest("since") for name in ("chair", "clerk"))
    assert (chair.since, chair.until, clerk.since) == (NOW, NOW.replace(day=16), NOW.replace(day=16))


def test_i_02_about_the_clerk_chair_then_a_talk_then_the_panel(ilminster: Town) -> None:
    raiser = ilminster["councillor6"]
    concern = lodge(ilminster, raiser, ilminster["clerk"])
    assert [item["token"] for item in concern.route] == ["role:chair_of_council", "party:subject", "body:hr_panel"]
    assert those_who_see(ilminster, concern) == {"councillor6", "chair"}
    assert "receive it and pass it on" in why_not(ilminster["chair"], Action.ACCEPT, concern)
    do(Action.PASS_ON, concern, ilminster["chair"])
    assert those_who_see(ilminster, concern) == {"councillor6"}
    assert do(Action.TAKE_UP_DIRECTLY, concern, raiser).state == State.DIRECT
    do(Action.DIRECT_FAILED, concern, raiser)
    assert those_who_see(ilminster, concern) == {"councillor6"} | PANEL
    assert "The chair should not" in why_not(ilminster["chair"], Action.ACCEPT, concern)
    do(Action.ACCEPT, concern, ilminster["councillor3"])
    do(Action.INFORMAL_OVER, concern, ilminster["councillor3"], kind="failed", reason="Not settled")
    assert "start_disciplinary" in open_to(ilminster["councillor3"], concern)
    assert "clerk" not in those_who_see(ilminster, concern)


def test_i_04_a_chair_with_a_connection_is_replaced_by_the_vice_chair(ilminster: Town) -> None:
    DisclosedRelationshipFactory(council=ilminster.council, person_a=ilminster["chair"], person_b=ilminster["officer1"])
    concern = lodge(ilminster, ilminster["councillor6"], ilminster["officer1"])
    assert those_who_see(ilminster, concern) == {"councillor6", "vice"}
    assert "receive it and pass it on" in why_not(ilminster["vice"], Action.ACCEPT, concern)
    do(Action.PASS_ON, concern, ilminster["vice"])
    assert those_who_see(ilminster, concern) == {"councillor6", "clerk"}


def test_i_04_a_chair_who_steps_out_is_replaced_for_the_same_part(ilminster: Town) -> None:
    concern = lodge(ilminster, ilminster["councillor6"], ilminster["officer1"])
    do(Action.DECLARE_CONFLICT, concern, ilminster["chair"])
    assert those_who_see(ilminster, concern) == {"councillor6", "vice"}
    assert "receive it and pass it on" in why_not(ilminster["vice"], Action.ACCEPT, concern)
    assert event(concern, "conflict_declared").reason == ""  # no detail to the raiser
    do(Action.PASS_ON, concern, ilminster["vice"])
    assert those_who_see(ilminster, concern) == {"councillor6", "clerk"}


def test_i_05_formal_complaint_from_the_draft_goes_straight_out(ilminster: Town) -> None:
    officer = ilminster["officer1"]
    concern = draft(ilminster, officer, ilminster["councillor6"], formal_code_complaint=True)
    with pytest.raises(Refusal, match="formal written complaint"):
        send(concern)
    sent = do(Action.FORMAL_CODE_COMPLAINT, concern, officer, declared=True, code_paragraph="Respect", official_capacity=True)
    assert (sent.state, sent.internal_routes_locked) == (State.CODE_REFERRAL, True)
    with by(officer):
        proceeding = sent.proceedings.get()
    assert proceeding.destination == "Monitoring Officer, Somerset Council (demonstration)"
    assert those_who_see(ilminster, concern) == {"officer1"}
    assert not {"accept", "conciliate", "start_grievance", "settle", "pass_on", "withdraw"} & open_to(officer, concern)
    assert event(concern, "formal_code_complaint_declared").facts == {"locked": True}


def test_i_05_only_the_monitoring_officer_opens_the_internal_routes_again(ilminster: Town) -> None:
    officer = ilminster["officer1"]
    concern = lodge(ilminster, officer, ilminster["councillor6"])
    do(Action.ACCEPT, concern, ilminster["clerk"])
    do(Action.FORMAL_CODE_COMPLAINT, concern, officer, declared=True, code_paragraph="Respect", official_capacity=True)
    assert not {"conciliate", "settle", "pass_on"} & open_to(ilminster["clerk"], concern)
    with pytest.raises(Refusal, match="hasn't been sent yet"):
        do(Action.SENT_BACK, concern, ilminster["clerk"], note="Letter of 10 January")
    back = returned(concern, ilminster["clerk"])
    assert (back.state, back.internal_routes_locked) == (State.INFORMAL, False)
    assert {"conciliate", "settle"} <= open_to(ilminster["clerk"], concern)


def test_i_08_the_chair_never_becomes_the_only_handler(ilminster: Town) -> None:
    concern = lodge(ilminster, ilminster["councillor6"], ilminster["clerk"], topic="performance")
    assert "receive it and pass it on" in why_not(ilminster["chair"], Action.ACCEPT, concern)
    do(Action.PASS_ON, concern, ilminster["chair"])
    do(Action.TAKE_UP_DIRECTLY, concern, ilminster["councillor6"])
    do(Action.DIRECT_FAILED, concern, ilminster["councillor6"])
    with pytest.raises(Refusal, match="grievances, performance or line management alone"):
        do(Action.ACCEPT, concern, ilminster["chair"])
    do(Action.ACCEPT, concern, ilminster["councillor4"])
    with pytest.raises(Refusal, match="can't take it|Chair should not"):
        do(Action.HAND_OVER, concern, ilminster["councillor4"], to=ilminster["chair"], reason_code="absence", override_reason="x")


@pytest.mark.parametrize("broken", [{"ends_on": None}, {"vacancy_reason": ""}], ids=["without end", "without vacancy"])
def test_i_10_a_councillor_acts_as_clerk_unpaid_and_for_a_time(ilminster: Town, broken: dict[str, object]) -> None:
    good = {"ends_on": date(2026, 3, 1), "vacancy_reason": "The Clerk resigned"}
    common = {
        "council": ilminster.council, "person": ilminster["councillor8"], "role": "acting_proper_officer",
        "kind": "councillor_acting_unpaid", "starts_on": date(2026, 1, 15), "by": None, "now": NOW,
    }  # fmt: skip
    with pytest.raises(Refusal):
        councils.appoint(**common, **{**good, **broken})
    saved = councils.appoint(**common, **good)
    assert (saved.unpaid, saved.ends_on, saved.vacancy_reason) == (True, date(2026, 3, 1), "The Clerk resigned")


def test_i_14_a_new_version_leaves_an_open_concern_where_it_was(ilminster: Town) -> None:
    concern = lodge(ilminster, ilminster["councillor6"], ilminster["officer1"])
    changed = protocol_file("ilminster")
    changed["protocol"]["version_label"] = "Reviewed"
    for route in changed["routes"]:
        if route["id"] == "I-R01":
            route["steps"] = [{"to": "role:proper_officer"}]
    draft_version = councils.load_protocol(changed, by=None, now=NOW, source_name="new.yaml")
    councils.approve_protocol(
        version=draft_version, approving_body="Full Council", approved_on=date(2026, 1, 16), minute_ref="7", by=None,
        now=NOW.replace(day=16),
    )  # fmt: skip
    councils.bring_into_force(version=draft_version, in_force_from=date(2026, 1, 16), by=None, now=NOW.replace(day=16))
    later = NOW.replace(day=20)
    do(Action.PASS_ON, concern, ilminster["chair"], now=later)
    kept = fresh(concern)
    assert kept.protocol_version == ilminster.version
    assert [item["token"] for item in kept.route] == ["role:chair_of_council", "role:proper_officer"]
    new = lodge(ilminster, ilminster["councillor6"], ilminster["officer2"], now=later)
    assert new.protocol_version == draft_version
    assert [item["token"] for item in new.route] == ["role:proper_officer"]


def test_i_15_an_employees_grievance_goes_to_the_panel(ilminster: Town) -> None:
    made = asked(ilminster, ilminster["officer1"], ilminster["officer2"], topic="employment", stage="deciding")
    assert (made.resolution.rule, made.resolution.tokens) == ("I-R08", ("proc:grievance",))
    officer = ilminster["officer1"]
    concern = draft(ilminster, officer, ilminster["officer2"], topic="employment")
    with pytest.raises(Refusal, match="Not a councillor-officer concern"):
        send(concern)
    answers = {"kind": "not_appropriate", "reason": "My workload", "wider_circle": "ask_first"}
    assert do(Action.STRAIGHT_TO_FORMAL, concern, officer, **answers).state == State.DECIDING
    assert "start_grievance" in open_to(officer, concern)
    assert do(Action.START_GRIEVANCE, concern, officer, reason="My workload").state == State.GRIEVANCE
    free = PANEL - {"councillor4"}  # who has disclosed a relationship with the other officer
    assert those_who_see(ilminster, concern) == {"officer1", "clerk"} | free  # the clerk runs it, unseen content
    for name in ("chair", "clerk"):
        with by(ilminster[name]):
            assert not Narrative.objects.filter(concern=concern).exists()


def test_i_15_an_officer_about_an_officer_has_no_other_way_in(ilminster: Town) -> None:
    concern = draft(ilminster, ilminster["officer1"], ilminster["officer2"], topic="conduct")
    with pytest.raises(Refusal, match="Not a councillor-officer concern"):
        do(Action.STRAIGHT_TO_FORMAL, concern, ilminster["officer1"], kind="not_appropriate", reason="x", wider_circle="ask_first")


def test_i_17_a_referral_goes_to_the_body_in_office_that_day(ilminster: Town) -> None:
    officer = ilminster["officer1"]
    concern = lodge(ilminster, officer, ilminster["councillor6"])
    do(Action.FORMAL_CODE_COMPLAINT, concern, officer, declared=True, code_paragraph="Respect", official_capacity=True)
    with by(officer):
        body = concern.proceedings.get().external_body
    assert (body.name, body.starts_on) == ("Monitoring Officer, Somerset Council (demonstration)", date(2023, 4, 1))
    assert type(body).objects.get(council=ilminster.council, code="principal_mo", ends_on=date(2023, 3, 31)).pk != body.pk


def test_i_19_formality_is_declared_never_read_from_the_words(ilminster: Town) -> None:
    officer = ilminster["officer1"]
    text = "This is bullying, contrary to the Code"
    concern = draft(ilminster, officer, ilminster["councillor6"], topic="bullying", text=text, formal_code_complaint=False)
    sent = send(concern)
    assert (sent.state, sent.formal_code_complaint, sent.formal_asked_at) == (State.LODGED, False, NOW)
    assert sent.internal_routes_locked is False
    assert "formal_code_complaint" in open_to(officer, sent)  # later, and in one direction only
    do(Action.FORMAL_CODE_COMPLAINT, sent, officer, declared=True, code_paragraph="Respect", official_capacity=True)
    with by(officer), pytest.raises(Refusal):
        intake.save_draft(concern_id=sent.pk, by=officer, now=NOW, formal_code_complaint=False)


def test_the_raiser_follows_a_referral_nobody_else_follows(ilminster: Town) -> None:
    officer = ilminster["officer1"]
    concern = lodge(ilminster, officer, ilminster["councillor6"])
    do(Action.FORMAL_CODE_COMPLAINT, concern, officer, declared=True, code_paragraph="Respect", official_capacity=True)
    assert on_it(ilminster, concern) == {"officer1": {"raiser", "liaison"}}
    assert people(ilminster, asked(ilminster, officer, ilminster["councillor6"])) == {"role:proper_officer": ["clerk"]}
    with pytest.raises(Refusal, match="can't take it back|You raised it"):
        do(Action.DECLARE_CONFLICT, concern, officer)


def test_i_11_a_copy_to_another_councillor_says_so_at_the_foot(ilminster: Town) -> None:
    concern = lodge(ilminster, ilminster["councillor6"], ilminster["officer1"])
    do(Action.PASS_ON, concern, ilminster["chair"])
    clerk, first, other = ilminster["clerk"], ilminster["councillor6"], ilminster["councillor7"]
    do(Action.ACCEPT, concern, clerk)
    with by(first):
        wrote = messages.send_message(concern_id=concern.pk, by=first, now=NOW, body="When do we meet?", to=[clerk])
    copy = {"message_id": wrote.pk, "by": clerk, "now": NOW, "person": other}
    with by(clerk):
        with pytest.raises(Refusal) as refused:
            messages.copy_message(**copy, reason="")
        assert refused.value.field == "reason"
        messages.copy_message(**copy, reason="they hold the room", override_reason="The room")
    with by(first):
        row = Audience.objects.get(message=wrote, person=other)
    assert row.line == f"CC councillor {other.full_name}, because they hold the room"
    assert (row.exception, row.disclosed_to_first, row.effective_at > row.added_at) == ("exceptional_with_disclosure", True, True)
    assert event(concern, "message_copied").facts == {"message": str(wrote.pk), "exception": "exceptional_with_disclosure"}
    with by(clerk):
        told = set(Notice.objects.filter(concern=concern, kind="received", person=first).values_list("created_at", flat=True))
    assert told == {NOW}


def test_i_13_sooner_needs_a_reason_and_july_2028_stays_until_the_review_is_concluded(ilminster: Town) -> None:
    admin, today = ilminster["admin"], NOW.date()
    sooner = {"council": ilminster.council, "kind": "sooner_if_required", "happened_on": today, "by": admin, "now": NOW}
    with pytest.raises(Refusal) as refused:
        councils.record_occasion(**sooner)
    assert refused.value.field == "reason"
    councils.record_occasion(**sooner, reason="A gap was found in who hears what")
    stands = reviews.standing(ilminster.council, on=today)
    assert (stands.due.on, stands.due.event) == (today, "sooner_if_required")
    assert date(2028, 7, 31) in {row.on for row in stands.competing}
    review = councils.open_review(council=ilminster.council, opened_on=today, due_on=today, by=admin, now=NOW)
    assert date(2028, 7, 31) in {row.on for row in reviews.standing(ilminster.council, on=today).dates}
    done = {"concluded_on": today, "result": "unchanged", "body": "Full Council", "minute_ref": "26/9", "next_on": date(2027, 7, 1)}
    councils.conclude_review(review=review, by=admin, now=NOW, **done)
    assert reviews.standing(ilminster.council, on=today).due.on == date(2027, 7, 1)
