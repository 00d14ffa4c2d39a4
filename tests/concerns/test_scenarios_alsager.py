"""Alsager's acceptance scenarios: A-01 to A-18."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from concerns import lists
from concerns.enums import Action, State
from concerns.models import Exclusion, Narrative, Notice
from concerns.tasks import tell_of_reviews
from councils import actions as councils
from councils import reviews
from councils.actions import disclose_relationship
from councils.errors import Refusal
from councils.rls import system_work
from grievances.actions.flags import consider_flag
from grievances.models import TieFlag
from grievances.tasks import flag_ties
from grievances.views import panel
from information.enums import RequestAction, RequestState
from information.models import AccessRequest, Line
from tests.concerns.casework import asked, event, fresh, on_it, open_to, people
from tests.factories.concerns import CANARY, NOW, by, do, draft, lodge, send, those_who_see
from tests.factories.councils import Town
from tests.information import steps as requests

COUNCILS = ("alsager",)
LATER = datetime(2026, 2, 25, 12, 0, tzinfo=UTC)
PANEL = {"councillor2", "councillor3", "councillor4", "councillor5"}


def test_a_01_the_clerks_list_shows_nothing(alsager: Town) -> None:
    raiser = alsager["councillor6"]
    made = asked(alsager, raiser, alsager["officer1"])
    assert people(alsager, made) == {"party:subject": [], "rel:line_manager_of_subject": ["manager"]}
    concern = lodge(alsager, raiser, alsager["officer1"], chosen_token="rel:line_manager_of_subject")
    assert those_who_see(alsager, concern) == {"councillor6", "manager"}
    with by(alsager["clerk"]):
        assert (lists.waiting_for(me=alsager["clerk"].pk), lists.caseload(alsager["clerk"]).count()) == ([], 0)
    do(Action.ACCEPT, concern, alsager["manager"])
    for name in ("clerk", "deputy", "officer3"):  # 61(4): no other officer, not even by hand
        with pytest.raises(Refusal, match="can't take it"):
            do(Action.HAND_OVER, concern, alsager["manager"], to=alsager[name], reason_code="absence", override_reason="x")


def test_a_02_sorted_in_private_is_the_raisers_alone(alsager: Town) -> None:
    raiser = alsager["councillor6"]
    concern = lodge(alsager, raiser, alsager["officer1"], chosen_token="party:subject")
    assert concern.state == State.DIRECT
    assert do(Action.SETTLE, concern, raiser, summary="Sorted").state == State.RESOLVED
    assert those_who_see(alsager, concern) == {"councillor6"}
    assert event(concern, "settled").facts == {"raiser_agrees": True}


def test_a_03_the_clerk_receives_as_line_manager(alsager: Town) -> None:
    concern = lodge(alsager, alsager["councillor6"], alsager["officer3"], chosen_token="rel:line_manager_of_subject")
    assert those_who_see(alsager, concern) == {"councillor6", "clerk"}
    with by(alsager["councillor6"]):
        part = concern.participations.get(person=alsager["clerk"])
    assert (part.hat, part.token) == ("line_manager", "rel:line_manager_of_subject")


def test_a_05_about_the_clerk_no_other_officer(alsager: Town) -> None:
    made = asked(alsager, alsager["councillor6"], alsager["clerk"])
    assert set(people(alsager, made)) == {"party:subject", "body:hr_panel", "role:chair_of_council"}
    concern = lodge(alsager, alsager["councillor6"], alsager["clerk"], chosen_token="body:hr_panel")
    assert those_who_see(alsager, concern) == {"councillor6"} | PANEL
    assert "deputy" not in those_who_see(alsager, concern)


def test_a_07_minor_matter_to_the_council_in_confidence(alsager: Town) -> None:
    clerk = alsager["clerk"]
    concern = lodge(alsager, alsager["officer1"], alsager["councillor6"])
    do(Action.ACCEPT, concern, clerk)
    do(Action.INFORMAL_OVER, concern, clerk, kind="failed", reason="Minor, but not settled")
    answers = {"meeting_on": date(2026, 2, 2), "minor": True, "subject_told": True, "told_on": date(2026, 1, 14), "told_how": "In a meeting", "override_reason": "Clause 63 asks for it"}
    with pytest.raises(Refusal, match="publishes the concern"):
        do(Action.REPORT_TO_COUNCIL, concern, clerk, session_type="public", **answers)
    reported = do(Action.REPORT_TO_COUNCIL, concern, clerk, session_type="confidential_session", **answers)
    assert reported.state == State.COUNCIL_REPORT
    with by(clerk):
        proceeding = reported.proceedings.get(kind="council_report")
    assert (proceeding.session_type, proceeding.meeting_on, proceeding.seriousness) == ("confidential_session", date(2026, 2, 2), "minor")
    assert those_who_see(alsager, concern) == {"officer1", "clerk"}  # members see the report, not the case


def test_a_10_a_related_member_is_kept_off(alsager: Town) -> None:
    """Councillor 3 has disclosed a business relationship with officer 1, and sits on the panel that would be asked."""
    concern = lodge(
        alsager, alsager["councillor6"], alsager["officer1"], connected=[alsager["manager"]], chosen_token="rel:line_manager_of_subject"
    )
    assert concern.state == State.DIRECT  # only the private talk is left
    other = lodge(alsager, alsager["councillor6"], [alsager["officer1"], alsager["clerk"]], chosen_token="body:hr_panel")
    assert those_who_see(alsager, other) == {"councillor6"} | (PANEL - {"councillor3"})
    with by(alsager["councillor6"]):
        kinds = dict(Exclusion.objects.filter(concern=other).values_list("person__full_name", "kind"))
    assert kinds[alsager["councillor3"].full_name] == "relationship"


def test_a_11_a_tie_that_comes_to_light_flags_every_case_the_member_touched(alsager: Town) -> None:
    """Told: somebody free of it, never the Clerk it is about. Nothing is reversed by itself. (A panel's: tests/grievances/test_ties.py.)"""
    cases = []
    for raiser in ("councillor6", "councillor7"):
        concern = lodge(alsager, alsager[raiser], alsager["clerk"], chosen_token="body:hr_panel")
        do(Action.ACCEPT, concern, alsager["councillor2"])
        do(Action.SETTLE, concern, alsager["councillor2"], summary="We all talked", raiser_agrees=True)
        cases.append(concern)
    untouched = lodge(alsager, alsager["councillor8"], alsager["clerk"], chosen_token="body:hr_panel")
    do(Action.ACCEPT, untouched, alsager["councillor4"])
    do(Action.SETTLE, untouched, alsager["councillor4"], summary="We all talked", raiser_agrees=True)
    disclose_relationship(
        council=alsager.council, person_a=alsager["councillor2"], person_b=alsager["clerk"], kind="family", starts_on=date(2025, 1, 1),
        by=alsager["councillor2"], now=LATER,
    )  # fmt: skip
    with time_machine.travel(LATER, tick=False):
        flag_ties()
        flag_ties()
    with system_work():
        flags = list(TieFlag.objects.all())
    assert {flag.concern_id for flag in flags} == {concern.pk for concern in cases} and len(flags) == 2
    (told,) = {flag.told for flag in flags}
    assert told in {alsager[name] for name in ("councillor3", "councillor4", "councillor5")}
    assert [fresh(concern).state for concern in cases] == [State.RESOLVED, State.RESOLVED]  # no automatic reversal
    with by(told):
        assert [line.label for line in panel.waiting(told, LATER.date())].count("A connection came to light afterwards") == 2
    for name in ("clerk", "councillor2"):
        with by(alsager[name]):
            assert not TieFlag.objects.exists()
    with by(told):
        with pytest.raises(Refusal, match="reason"):
            consider_flag(flag_id=flags[0].pk, by=told, now=LATER, choice="record", reason=" ")
        consider_flag(flag_id=flags[0].pk, by=told, now=LATER, choice="record", reason="It made no difference")
        with pytest.raises(Refusal, match="Somebody changed"):
            consider_flag(flag_id=flags[0].pk, by=told, now=LATER, choice="record", reason="Again")


def test_a_12_own_pay_belongs_elsewhere_and_nothing_is_kept(alsager: Town) -> None:
    officer = alsager["officer1"]
    concern = draft(alsager, officer, alsager["councillor6"], topic="employment")
    made = asked(alsager, officer, alsager["councillor6"], topic="employment")
    assert "grievance procedure or staff handbook" in str(made.resolution.redirect)
    with pytest.raises(Refusal, match="grievance procedure"):
        send(concern)
    gone = do(Action.REDIRECT, concern, officer, reason_code="employment")
    assert gone.state == State.REDIRECTED
    with by(officer):
        assert not Narrative.objects.filter(concern=concern).exists()
        assert gone.subjects.count() == 0
        left = fresh(concern)
    assert (left.topic, left.route, CANARY in str(vars(left))) == ("", [], False)


def test_a_18_withdrawn_but_the_council_must_act(alsager: Town) -> None:
    clerk, officer = alsager["clerk"], alsager["officer1"]
    concern = lodge(alsager, officer, alsager["councillor6"])
    do(Action.ACCEPT, concern, clerk)
    assert do(Action.WITHDRAW, concern, officer, reason="I can't go on").state == State.WITHDRAWN
    assert "open_successor" in open_to(clerk, concern)
    with pytest.raises(Refusal, match="duty to act"):
        do(Action.OPEN_SUCCESSOR, concern, clerk, reason="It was serious", duty=False)
    new = do(Action.OPEN_SUCCESSOR, concern, clerk, reason="It was serious", duty=True)
    assert those_who_see(alsager, new) == {"clerk"}
    assert on_it(alsager, new) == {"clerk": {"raiser", "handler"}}
    with by(clerk):
        assert new.narrative.what_happened == "It was serious"  # nothing of the officer's statement
        assert (new.successor_of_id, new.state) == (concern.pk, State.INFORMAL)
    assert event(new, "successor_opened").facts == {"duty": True}
    assert event(new, "successor_opened").reason == "It was serious"
    with by(clerk):
        from concerns import plan

        assert officer not in plan.for_concern(new, on=date(2026, 1, 15)).eligible()


def test_a_14_own_committee_as_of_right_need_shown_and_exempt_refused(alsager: Town) -> None:
    member, officer, clerk = alsager["councillor6"], alsager["officer1"], alsager["clerk"]

    def ask(**answers: object) -> AccessRequest:
        return requests.ask(alsager, "councillor6", holder=officer, **answers)

    own = ask(claims=["own_committee"])
    assert own.state == RequestState.WITH_DETERMINER  # no justification is asked for
    assert [(note["kind"], note["cites"]) for note in own.notes] == [("right", ["51"])]
    assert requests.seats(alsager, own) == {"officer1": "determiner"}
    with pytest.raises(Refusal, match="Choose the ground"):  # need is no ground against a right
        requests.do(RequestAction.REFUSE, own, officer, ground="need_not_shown", reason="You don't need it")
    own = requests.do(RequestAction.GRANT, own, officer, how="It is on the shelf")
    assert own.state == RequestState.GRANTED

    other = ask()
    assert other.state == RequestState.JUSTIFICATION_NEEDED
    assert [(note["kind"], note["cites"]) for note in other.notes] == [("need", ["52(1)"])]
    requests.do(RequestAction.JUSTIFY, other, member, justification="I report on it to my own committee")
    other = requests.do(RequestAction.GRANT, other, officer, how="It is on the shelf")
    with pytest.raises(Refusal, match="Accept what it is for"):
        requests.do(RequestAction.RECEIVE, other, member, accepted=False)
    released = requests.do(RequestAction.RECEIVE, other, member, accepted=True)
    assert released.purpose_accepted_at == released.released_at == NOW
    with by(member):
        line = Line.objects.get(about_id=other.pk, type="request_received")
    assert line.cites == ["55"]

    exempt = ask(marks=["exempt"], justification="I want to read it")
    exempt = requests.do(RequestAction.REFUSE, exempt, officer, ground="exempt", reason="It went to the exempt part of the meeting")
    with by(member):
        assert exempt.decisions.get().cites == ["52(2)"]
    exempt = requests.do(RequestAction.ASK_REVIEW, exempt, member, review_words="It isn't exempt any more")
    assert requests.seats(alsager, exempt) == {"officer1": "determiner", "clerk": "reviewer"}
    exempt = requests.do(RequestAction.REVIEW_REFUSE, exempt, clerk, ground="exempt", reason="It still is")
    assert exempt.state == RequestState.REVIEW_REFUSED

    of_the_clerk = requests.ask(alsager, "councillor6", justification="For my committee")
    assert requests.seats(alsager, of_the_clerk) == {"clerk": "determiner"}
    of_the_clerk = requests.do(RequestAction.REFUSE, of_the_clerk, clerk, ground="exempt", reason="It is exempt")
    with pytest.raises(Refusal, match="names nobody who reviews"):
        requests.do(RequestAction.ASK_REVIEW, of_the_clerk, member, review_words="Please look again")


def test_a_15_new_code_makes_the_review_due_that_day_and_both_are_told_until_it_is_concluded(alsager: Town) -> None:
    admin, today = alsager["admin"], NOW.date()
    councils.record_occasion(council=alsager.council, kind="code_of_conduct_adopted", happened_on=today, by=admin, now=NOW)
    event_rule = next(row for row in reviews.standing(alsager.council, on=today).dates if row.event == "code_of_conduct_adopted")
    assert (event_rule.on, event_rule.cites) == (today, ("2",))
    with time_machine.travel(NOW, tick=False):
        tell_of_reviews()
        tell_of_reviews()
    told = [alsager["admin"], alsager["clerk"]]
    with system_work():
        notices = Notice.objects.filter(kind="protocol_review", person__in=told).values_list("person__email", flat=True)
        assert sorted(notices) == sorted(person.email for person in told)
    assert all(reviews.standing_alerts(person, on=today) for person in told)
    review = councils.open_review(council=alsager.council, opened_on=today, due_on=today, by=admin, now=NOW)
    councils.conclude_review(
        review=review, concluded_on=today, result="unchanged", body="Town Council", minute_ref="26/7", by=admin, now=NOW.replace(hour=13)
    )
    assert not any(reviews.standing_alerts(person, on=today) for person in told)
    assert not reviews.open_occasions([alsager.council]).exists()
