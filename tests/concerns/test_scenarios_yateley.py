"""Yateley's acceptance scenarios: Y-01 to Y-18."""

import io
from datetime import date

import pikepdf
import pytest
from django.urls import reverse

from concerns.enums import Action, State
from concerns.models import Narrative
from councils import reviews
from councils.errors import Refusal
from councils.models import Person
from grievances.enums import Step
from information.enums import ArrangementAction
from referrals import queries as referral_queries
from reporting.enums import Audience
from tests.concerns.answers import agree_to_conciliation
from tests.concerns.casework import asked, event, fresh, on_it, open_to, people, why_not
from tests.concerns.screens import client_of
from tests.factories.concerns import NOW, by, do, lodge, those_who_see
from tests.factories.councils import DisclosedRelationshipFactory, Town
from tests.factories.referrals import latest, sealed, sent
from tests.grievances.course import take
from tests.information import steps as requests
from tests.reporting.world import at_the_desk, reports

COUNCILS = ("yateley",)
PANEL = {"chair", "councillor3", "councillor4", "councillor5"}


def test_y_01_about_an_employee_goes_to_the_clerk_alone(yateley: Town) -> None:
    made = asked(yateley, yateley["councillor6"], yateley["officer1"])
    assert people(yateley, made) == {"role:proper_officer": ["clerk"]}
    concern = lodge(yateley, yateley["councillor6"], yateley["officer1"])
    assert those_who_see(yateley, concern) == {"councillor6", "clerk"}
    do(Action.ACCEPT, concern, yateley["clerk"])
    do(Action.INFORMAL_OVER, concern, yateley["clerk"], kind="failed", reason="Not settled")
    assert "start_disciplinary" in open_to(yateley["clerk"], concern)


def test_y_02_about_the_clerk_starts_in_private_then_the_panel(yateley: Town) -> None:
    raiser = yateley["councillor6"]
    concern = lodge(yateley, raiser, yateley["clerk"])
    assert (concern.state, those_who_see(yateley, concern)) == (State.DIRECT, {"councillor6"})
    do(Action.DIRECT_FAILED, concern, raiser)
    assert fresh(concern).state == State.LODGED
    assert those_who_see(yateley, concern) == {"councillor6"} | PANEL


def test_y_02_skipping_the_talk_needs_saying_why(yateley: Town) -> None:
    concern = lodge(yateley, yateley["councillor6"], yateley["clerk"], sending={"skip_direct_reason": "I am afraid to"})
    assert those_who_see(yateley, concern) == {"councillor6"} | PANEL
    assert event(concern, "lodged").reason == "I am afraid to"
    assert "The chair should not" in why_not(yateley["chair"], Action.ACCEPT, concern)
    assert do(Action.ACCEPT, concern, yateley["councillor4"]).state == State.INFORMAL


@pytest.mark.parametrize("action", [Action.STRAIGHT_TO_FORMAL, Action.ACCEPT])
def test_y_02_the_chair_becomes_sole_handler_by_no_door(yateley: Town, action: Action) -> None:
    concern = lodge(yateley, yateley["councillor6"], yateley["clerk"], topic="bullying")
    answers = {"kind": "not_possible", "reason": "x"} if action == Action.STRAIGHT_TO_FORMAL else {}
    with pytest.raises(Refusal, match="chair should not"):
        do(action, concern, yateley["chair"], **answers)


def test_y_04_conciliation_with_both_sides_agreed(yateley: Town) -> None:
    officer, clerk = yateley["officer1"], yateley["clerk"]
    concern = lodge(yateley, officer, yateley["councillor6"])
    assert (concern.rule_id, those_who_see(yateley, concern)) == ("Y-R04", {"officer1", "clerk"})
    do(Action.ACCEPT, concern, clerk)
    protocol = yateley.version.protocol
    assert [item.token for item in protocol.mediators] == ["ext:principal_mo", "ext:independent_person", "ext:conciliator"]
    answers = {"mediator": "ext:principal_mo", "summary": "What both agreed to share"}
    with pytest.raises(Refusal, match="Both sides must agree"):
        do(Action.CONCILIATE, concern, clerk, **answers)
    with pytest.raises(Refusal, match="hasn't agreed"):
        do(Action.CONCILIATE, concern, clerk, other_side_agreed_on=date(2026, 1, 14), **answers)
    do(Action.ASK_CONSENT, concern, clerk, kind="conciliation", wording="Will you meet them?")
    do(Action.ANSWER_CONSENT, concern, officer, agree=True)
    helped = do(Action.CONCILIATE, concern, clerk, other_side_agreed_on=date(2026, 1, 14), **answers)
    assert helped.state == State.CONCILIATION
    with by(clerk):
        proceeding = helped.proceedings.get()
    assert (proceeding.destination, proceeding.summary) == (
        "Monitoring Officer, Hart District Council (demonstration)",
        "What both agreed to share",
    )
    assert those_who_see(yateley, concern) == {"officer1", "clerk"}  # the mediator gets the summary, not the concern
    do(Action.INFORMAL_OVER, concern, clerk, kind="failed", reason="No agreement")
    assert {"start_grievance", "refer_code"} <= open_to(officer, concern)


def test_y_05_clerk_about_the_chair_reaches_the_panel_without_the_chair(yateley: Town) -> None:
    concern = lodge(yateley, yateley["clerk"], yateley["chair"])
    assert concern.rule_id == "Y-R05"
    assert those_who_see(yateley, concern) == {"clerk"} | (PANEL - {"chair"})
    with by(yateley["chair"]):
        from concerns.models import Notice

        assert Notice.objects.count() == 0


def test_y_05_with_one_panel_member_left_it_goes_outside(yateley: Town) -> None:
    out = [yateley["councillor3"], yateley["councillor4"]]
    concern = lodge(yateley, yateley["clerk"], yateley["chair"], connected=out)
    assert [item["token"] for item in concern.route] == ["ext:principal_mo"]
    assert those_who_see(yateley, concern) == {"clerk"}


def test_y_08_panel_without_quorum_gets_its_substitutes_or_a_handler(yateley: Town) -> None:
    officer = yateley["officer1"]
    concern = lodge(yateley, officer, yateley["councillor6"], witnesses=[yateley["chair"]])
    do(Action.ACCEPT, concern, yateley["clerk"])
    do(Action.INFORMAL_OVER, concern, yateley["clerk"], kind="failed", reason="No")
    do(Action.START_GRIEVANCE, concern, officer, reason="Support")
    assert {name for name, held in on_it(yateley, concern).items() if "candidate" in held} == PANEL - {"chair"}
    do(Action.DECLARE_CONFLICT, concern, yateley["councillor3"])
    do(Action.DECLARE_CONFLICT, concern, yateley["councillor4"])
    assert not {"councillor3", "councillor4"} & those_who_see(yateley, concern)
    take(Step.DECLARE, concern, yateley["councillor5"], free=True)
    with pytest.raises(Refusal, match="fewer than the quorum"):  # one member may not proceed, and gets no papers
        take(Step.SEAT_PANEL, concern, yateley["clerk"], people=[yateley["councillor5"]], reason="Nobody else")
    with by(yateley["councillor5"]):
        assert not Narrative.objects.filter(concern=concern).exists()
    take(Step.FORM_PANEL, concern, yateley["clerk"])  # the substitute, appointed beforehand
    assert on_it(yateley, concern)["councillor1"] == {"candidate"}
    assert fresh(concern).state == State.GRIEVANCE
    do(Action.NO_HANDLER, concern, yateley["clerk"], reason="I can't run this either")
    waiting = fresh(concern)
    assert (waiting.state, waiting.remembered_state) == (State.NEEDS_HANDLER, State.GRIEVANCE)


def test_y_08_a_panel_that_cannot_sit_is_not_formed(yateley: Town) -> None:
    for name in ("councillor1", "councillor3", "councillor5"):  # the first is the substitute
        DisclosedRelationshipFactory(council=yateley.council, person_a=yateley[name], person_b=yateley["officer1"])
    concern = lodge(yateley, yateley["officer1"], yateley["councillor6"], witnesses=[yateley["chair"]])
    do(Action.ACCEPT, concern, yateley["clerk"])
    do(Action.INFORMAL_OVER, concern, yateley["clerk"], kind="failed", reason="No")
    with pytest.raises(Refusal, match="too few members"):
        do(Action.START_GRIEVANCE, concern, yateley["officer1"], reason="Support")


def test_y_09_leak_is_investigated_by_the_clerk(yateley: Town) -> None:
    concern = lodge(yateley, yateley["officer1"], yateley["councillor6"], topic="breach_of_confidence")
    assert concern.rule_id == "Y-R09"
    looked = do(
        Action.INSTIGATE_INVESTIGATION, concern, yateley["clerk"], reason="A report left the building on Monday",
        investigator=yateley["manager"], override_reason="The council's papers, not only theirs",
    )  # fmt: skip
    assert looked.state == State.INVESTIGATION
    assert those_who_see(yateley, concern) == {"officer1", "clerk", "manager"}
    assert {"refer_code", "settle", "close_no_action"} <= open_to(yateley["clerk"], concern)
    assert event(concern, "investigation_started").reason == "A report left the building on Monday"


def test_y_09_investigation_can_follow_acceptance(yateley: Town) -> None:
    concern = lodge(yateley, yateley["officer1"], yateley["councillor6"], topic="breach_of_confidence")
    do(Action.ACCEPT, concern, yateley["clerk"])
    assert do(Action.INSTIGATE_INVESTIGATION, concern, yateley["clerk"], reason="Find out").state == State.INVESTIGATION


def test_y_11_political_neutrality_goes_to_the_clerk_with_its_clause(yateley: Town) -> None:
    concern = lodge(yateley, yateley["councillor6"], yateley["officer1"], topic="political_neutrality")
    assert (concern.rule_id, concern.cites) == ("Y-R03", ["7.12"])
    assert those_who_see(yateley, concern) == {"councillor6", "clerk"}


def test_y_16_the_code_is_open_by_law(yateley: Town) -> None:
    officer = yateley["officer1"]
    made = asked(yateley, officer, yateley["councillor6"], stage="deciding")
    assert [(r.token, r.legal) for r in made.resolution.to] == [("proc:grievance", ""), ("proc:code_of_conduct", "L1")]
    concern = lodge(yateley, officer, yateley["councillor6"])
    do(Action.STRAIGHT_TO_FORMAL, concern, officer, kind="not_appropriate", reason="It is about bullying")
    assert {"refer_code", "start_grievance"} <= open_to(officer, concern)
    referred = do(Action.REFER_CODE, concern, officer, code_paragraph="Bullying", official_capacity=True)
    with by(officer):
        proceeding = referred.proceedings.get(kind="code_referral")
    assert proceeding.destination == "Monitoring Officer, Hart District Council (demonstration)"
    assert proceeding.opened_on == NOW.date()


def test_y_18_the_monitoring_officer_who_mediated_is_named_and_a_deputy_addressed(yateley: Town) -> None:
    clerk = yateley["clerk"]
    concern = lodge(yateley, yateley["officer1"], yateley["councillor6"])
    do(Action.ACCEPT, concern, clerk)
    agree_to_conciliation(concern)
    do(Action.CONCILIATE, concern, clerk, mediator="ext:principal_mo", summary="What both shared", other_side_agreed_on=NOW.date())
    note = do(Action.ADD_DOCUMENT, concern, clerk, name="notes.txt", content=b"What was said in mediation")
    later = NOW.replace(hour=15)
    do(Action.INFORMAL_OVER, concern, clerk, kind="failed", reason="No agreement", now=later)
    do(Action.REFER_CODE, concern, yateley["officer1"], code_paragraph="Respect", official_capacity=True, now=later)
    head, deputy = (Person.objects.get(email=f"{name}@authority.example") for name in ("helena.marsh", "gareth.quill"))
    with by(clerk):
        office = referral_queries.office(concern, latest(concern, clerk), on=NOW.date())
        assert office.mediated and office.preferred is not None and office.preferred.officer.person_id == deputy.pk
        assert referral_queries.papers_offered(concern) == []
    with pytest.raises(Refusal, match="acted as mediator in this matter. Address it to a deputy"):
        sealed(concern, clerk, addressed_to=head, now=later)
    with pytest.raises(Refusal, match="Choose papers from the list"):
        sealed(concern, clerk, addressed_to=deputy, papers=[str(note.pk)], now=later)
    referral = sent(concern, clerk, to=deputy, now=later)
    assert (referral.officer_mediated, referral.addressed_to) == (True, deputy)
    assert referral.destination == "Monitoring Officer, Hart District Council (demonstration)"
    with by(deputy):
        bundle = referral_queries.bundle_of(referral)
        assert bundle is not None
        document = pikepdf.open(io.BytesIO(bytes(bundle.pdf)))
    assert len(document.pages) >= 3  # its words are read in tests/referrals/test_sealing.py


@pytest.mark.parametrize(("action", "state"), [(ArrangementAction.AGREE, "AGREED"), (ArrangementAction.DECLINE, "DECLINED")])
def test_y_13_group_that_asks_for_the_clerk_gets_an_answer_and_no_reason_is_needed(yateley: Town, action: ArrangementAction, state: str) -> None:
    clerk, leader = yateley["clerk"], yateley["councillor3"]
    page = client_of(leader).get(reverse("information:arrangement-new-in", args=["attendance", yateley.council.key])).content.decode()
    assert "A group has no power to require an officer’s attendance." in page
    row = requests.arrange(yateley, "councillor3", "attendance", group="The Lilac group", matter="The budget", decider=clerk)
    done = requests.answer(action, row, clerk)
    assert (done.state, done.asked_by, done.answer, str(done.group_name)) == (state, leader, None, "The Lilac group")
    assert {line.type for line in requests.lines(row, leader)} == {"arrangement_asked", f"arrangement_{state.lower()}"}


def test_y_14_no_review_date_anywhere_uses_four_years_and_says_so(yateley: Town) -> None:
    due = reviews.standing(yateley.council, on=NOW.date()).due
    assert due is not None and (due.on, due.basis) == (date(2025, 2, 15), "default")
    (run,) = reports(yateley, Audience.COUNCIL)
    with at_the_desk():
        page = client_of(yateley["admin"]).get(reverse("councils:review", args=["yateley"])).content.decode()
        report = client_of(yateley["admin"]).get(reverse("reporting:report", args=["yateley", run.pk])).content.decode()
    assert "default – not in your protocol" in page and "Overdue" in page
    assert "The protocol states no review cycle or date: the usual cycle was taken. The council should set one." in report
    assert "It was overdue on the last day of the period." in report
    assert "version 2, 9 September 2019, after 3 years and 6 months; version 3, 15 February 2021, after 1 year and 5 months." in report
