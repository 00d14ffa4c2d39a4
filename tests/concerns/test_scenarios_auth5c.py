"""The principal authority's acceptance scenarios: P-01 to P-20."""

from datetime import date

import pytest
from django.urls import reverse

from concerns.enums import Action, SaidInPublic, State
from correspondence.actions import messages
from correspondence.models import Audience
from councils import actions as councils
from councils.errors import Refusal
from councils.models import Appointment
from information.enums import ArrangementAction, RequestAction, RequestState
from information.models import AccessRequest
from referrals.policy import on_desk
from tests.concerns.casework import asked, event, on_it, open_to, people, trail
from tests.concerns.screens import client_of
from tests.factories.concerns import NOW, by, do, draft, lodge, send, those_who_see
from tests.factories.councils import Town
from tests.factories.referrals import sent
from tests.information import steps as requests

COUNCILS = ("auth5c",)


def test_p_01_written_complaint_goes_to_the_director_responsible(auth5c: Town) -> None:
    concern = lodge(auth5c, auth5c["councillor3"], auth5c["officer1"])
    assert (concern.state, concern.stage, concern.rule_id) == (State.LODGED, "complaint", "P-R01")
    assert those_who_see(auth5c, concern) == {"councillor3", "director1"}
    assert "accept" not in open_to(auth5c["director1"], concern)  # there is no informal stage to pass through
    taken = do(Action.ACCEPT_COMPLAINT, concern, auth5c["director1"])
    assert taken.state == State.COMPLAINT
    assert {"settle", "informal_over", "close_no_action"} <= open_to(auth5c["director1"], concern)
    assert those_who_see(auth5c, concern) == {"councillor3", "director1"}


def test_p_02_about_a_director_only_the_chief_executive(auth5c: Town) -> None:
    concern = lodge(auth5c, auth5c["councillor3"], auth5c["director1"])
    assert concern.rule_id == "P-R02"
    assert those_who_see(auth5c, concern) == {"councillor3", "chiefexecutive"}
    shut = {person.pk for person, _kind in asked(auth5c, auth5c["councillor3"], auth5c["director1"]).shut_out}
    assert auth5c["assistantdirector"].pk in shut


def test_p_04_about_the_monitoring_officer_who_is_out_in_every_role(auth5c: Town) -> None:
    concern = lodge(auth5c, auth5c["councillor3"], auth5c["mo"])
    assert those_who_see(auth5c, concern) == {"councillor3", "chiefexecutive"}
    assert concern.basis == "default"
    made = asked(auth5c, auth5c["councillor3"], auth5c["mo"])
    assert {auth5c["mo"].pk, auth5c["deputymo"].pk} <= {person.pk for person, _kind in made.shut_out}
    do(Action.ACCEPT_COMPLAINT, concern, auth5c["chiefexecutive"])
    with pytest.raises(Refusal, match="can't take it"):
        do(Action.HAND_OVER, concern, auth5c["chiefexecutive"], to=auth5c["mo"], reason_code="absence", override_reason="x")


def test_p_06_no_code_breach_alleged_keeps_the_monitoring_officer_out(auth5c: Town) -> None:
    concern = lodge(auth5c, auth5c["officer1"], auth5c["councillor3"])
    assert (concern.rule_id, those_who_see(auth5c, concern)) == ("P-R05", {"officer1", "chiefexecutive"})
    do(Action.ACCEPT_COMPLAINT, concern, auth5c["chiefexecutive"])
    assert {"settle", "refer_code", "close_no_action"} <= open_to(auth5c["chiefexecutive"], concern)
    do(
        Action.REFER_CODE, concern, auth5c["chiefexecutive"], code_paragraph="Respect", official_capacity=True,
        override_reason="A breach has appeared",
    )  # fmt: skip
    assert those_who_see(auth5c, concern) == {"officer1", "chiefexecutive"}  # the Monitoring Officer gets what is sent, sealed
    referral = sent(concern, auth5c["chiefexecutive"], to=auth5c["mo"])
    assert those_who_see(auth5c, concern) == {"officer1", "chiefexecutive"}
    with by(auth5c["mo"]):
        assert [row.pk for row in on_desk(auth5c["mo"], on=NOW.date())] == [referral.pk]


def test_p_06_dealt_with_under_standing_orders(auth5c: Town) -> None:
    concern = lodge(auth5c, auth5c["officer1"], auth5c["councillor3"])
    do(Action.ACCEPT_COMPLAINT, concern, auth5c["chiefexecutive"])
    done = do(Action.RECORD_OUTCOME, concern, auth5c["chiefexecutive"], outcome="dealt_with_under_standing_orders", reference="Letter 4")
    assert (done.state, done.outcome) == (State.OUTCOME_RECORDED, "dealt_with_under_standing_orders")


def test_p_07_chief_executive_never_handles_their_own(auth5c: Town) -> None:
    concern = lodge(auth5c, auth5c["chiefexecutive"], auth5c["leader"])
    assert (concern.rule_id, concern.mode) == ("P-R06", "first_available")
    assert on_it(auth5c, concern) == {"chiefexecutive": {"raiser"}, "mo": {"recipient"}}
    do(Action.ACCEPT_COMPLAINT, concern, auth5c["mo"])
    with pytest.raises(Refusal, match="can't take it"):
        do(Action.HAND_OVER, concern, auth5c["mo"], to=auth5c["chiefexecutive"], reason_code="absence", override_reason="x")
    assert auth5c["chiefexecutive"] not in asked(auth5c, auth5c["chiefexecutive"], auth5c["leader"]).eligible()


@pytest.mark.parametrize(("where", "warned"), [(SaidInPublic.PUBLIC_MEETING, True), (SaidInPublic.MEETING_FOR_PURPOSE, False)])
def test_p_08_raised_in_committee_warns_unless_called_for_the_purpose(auth5c: Town, where: str, warned: bool) -> None:
    concern = draft(auth5c, auth5c["councillor3"], auth5c["officer1"])
    from concerns.actions import intake

    with by(auth5c["councillor3"]):
        saved = intake.save_draft(
            concern_id=concern.pk, by=auth5c["councillor3"], now=NOW, said_in_public=where, where_said="Housing Committee"
        )
    sent = send(saved)
    facts = trail(sent)[0].facts
    assert (facts["said_in_public"], facts["warning_shown"]) == (where, warned)


def test_p_18_a_move_of_directorate_lets_nobody_in(auth5c: Town) -> None:
    concern = lodge(auth5c, auth5c["councillor3"], auth5c["officer1"])
    do(Action.ACCEPT_COMPLAINT, concern, auth5c["director1"])
    post = Appointment.objects.get(person=auth5c["officer1"], council=auth5c.council)
    councils.end_appointment(appointment=post, ends_on=date(2026, 1, 15), by=None, now=NOW)
    councils.appoint(
        council=auth5c.council, person=auth5c["officer1"], role="officer", starts_on=date(2026, 1, 16), directorate="People",
        by=None, now=NOW,
    )  # fmt: skip
    later = NOW.replace(day=20)
    assert those_who_see(auth5c, concern) == {"councillor3", "director1"}
    do(
        Action.HAND_OVER, concern, auth5c["director1"], to=auth5c["chiefexecutive"], reason_code="appointment_changed",
        override_reason="The officer moved", now=later,
    )  # fmt: skip
    assert those_who_see(auth5c, concern) == {"councillor3", "chiefexecutive"}
    assert event(concern, "handed_over").facts == {"reason": "appointment_changed"}


def test_p_20_officer_of_the_chief_executives_own_directorate(auth5c: Town) -> None:
    made = asked(auth5c, auth5c["councillor3"], auth5c["officer3"])
    assert people(auth5c, made) == {"role:chief_executive": ["chiefexecutive"]}
    assert made.resolution.fallback_used is True
    assert "rel:director_of_subject" in [item.token for item in made.resolution.blocked]
    concern = lodge(auth5c, auth5c["councillor3"], auth5c["officer3"])
    assert those_who_see(auth5c, concern) == {"councillor3", "chiefexecutive"}


def _refused(auth5c: Town, who: str, **answers: object) -> AccessRequest:
    request = requests.ask(auth5c, "councillor3", justification="For the budget working group", **answers)
    return requests.do(RequestAction.REFUSE, request, auth5c[who], ground="roving_commission", reason="No task of yours needs it")


def test_p_11_refusal_by_the_director_is_reviewed_by_the_chief_executive(auth5c: Town) -> None:
    member = auth5c["councillor3"]
    request = requests.ask(auth5c, "councillor3", justification="For the budget working group", directorate="People")
    assert (request.state, requests.seats(auth5c, request)) == (RequestState.WITH_DETERMINER, {"director2": "determiner"})
    requests.do(RequestAction.ASK_ADVICE, request, auth5c["director2"], question="May I refuse it?")
    requests.do(RequestAction.GIVE_ADVICE, request, auth5c["mo"], answer="You may")
    with pytest.raises(Refusal, match="actual reason"):
        requests.do(RequestAction.REFUSE, request, auth5c["director2"], ground="roving_commission", reason="")
    requests.do(RequestAction.REFUSE, request, auth5c["director2"], ground="roving_commission", reason="No task of yours needs it")
    page = requests.page(request, member)
    assert f"{auth5c['chiefexecutive'].full_name}, Chief Executive reviews it. That decision is final." in page
    assert "The text isn’t clear on this: your council’s setting is used." in page
    assert "your protocol states no time" in page
    request = requests.do(RequestAction.ASK_REVIEW, request, member, review_words="It is before my working group")
    assert request.state == RequestState.REVIEW_ASKED
    assert requests.seats(auth5c, request) == {"director2": "determiner", "mo": "adviser", "chiefexecutive": "reviewer"}
    for who in ("director2", "mo"):
        with pytest.raises(Refusal, match="for somebody else"):
            requests.do(RequestAction.REVIEW_GRANT, request, auth5c[who], how="Come by")
    request = requests.do(RequestAction.REVIEW_GRANT, request, auth5c["chiefexecutive"], how="Come by on Monday")
    assert request.state == RequestState.REVIEW_GRANTED
    assert "Come by on Monday" not in requests.page(request, member)
    with pytest.raises(Refusal, match="Accept what it is for"):
        requests.do(RequestAction.RECEIVE, request, member, accepted=False)
    requests.do(RequestAction.RECEIVE, request, member, accepted=True)
    assert "Come by on Monday" in requests.page(request, member)
    upheld = _refused(auth5c, "director2", directorate="People")
    requests.do(RequestAction.ASK_REVIEW, upheld, member, review_words="Please look again")
    upheld = requests.do(RequestAction.REVIEW_REFUSE, upheld, auth5c["chiefexecutive"], ground="roving_commission", reason="I agree")
    assert upheld.state == RequestState.REVIEW_REFUSED
    with pytest.raises(Refusal, match="Refused on review"):  # final
        requests.do(RequestAction.ASK_REVIEW, upheld, member, review_words="And again")


def test_p_12_what_the_chief_executive_refused_is_reviewed_by_the_monitoring_officer(auth5c: Town) -> None:
    request = _refused(auth5c, "chiefexecutive")
    request = requests.do(RequestAction.ASK_REVIEW, request, auth5c["councillor3"], review_words="Please look again")
    assert requests.seats(auth5c, request) == {"chiefexecutive": "determiner", "mo": "reviewer"}
    with pytest.raises(Refusal, match="for somebody else"):
        requests.do(RequestAction.REVIEW_REFUSE, request, auth5c["chiefexecutive"], ground="roving_commission", reason="No")
    assert requests.do(RequestAction.REVIEW_GRANT, request, auth5c["mo"], how="By post").state == RequestState.REVIEW_GRANTED


def test_p_14_another_groups_papers_and_home_details_go_to_the_director_with_a_warning(auth5c: Town) -> None:
    marks = ["other_group_papers", "officer_personal_details"]
    request = requests.ask(auth5c, "councillor3", justification="I want to know", directorate="Place", marks=marks)
    assert request.state == RequestState.WITH_DETERMINER
    assert [(note["code"], note["kind"], note["cites"]) for note in request.notes] == [
        ("other_group_papers", "bar", ["9.7"]), ("officer_personal_details", "bar", ["9.6"]),
    ]  # fmt: skip
    for who in ("councillor3", "director1"):
        page = requests.page(request, auth5c[who])
        assert "By convention nobody needs to know another group’s internal papers." in page
        assert "Personal details of an officer are unlikely ever to be needed." in page
    with_reason = requests.do(RequestAction.REFUSE, request, auth5c["director1"], ground="other_group_papers", reason="It is theirs")
    assert with_reason.state == RequestState.REFUSED


def test_p_16_a_reply_goes_to_whom_the_member_copied_and_further_only_in_the_open(auth5c: Town) -> None:
    """Member A (councillor3) writes to the director and copies B (councillor4); the director answers both, then wants C."""
    concern = lodge(auth5c, auth5c["councillor3"], auth5c["officer1"])
    do(Action.ACCEPT_COMPLAINT, concern, auth5c["director1"])
    a, b, c, director = auth5c["councillor3"], auth5c["councillor4"], auth5c["councillor5"], auth5c["director1"]
    with by(a):
        letter = messages.send_message(concern_id=concern.pk, by=a, now=NOW, body="What is happening?", to=[director], copied=[b])
    answer = {"concern_id": concern.pk, "by": director, "now": NOW, "body": "We are looking into it.", "in_reply_to": letter.pk}
    with by(director):
        reply = messages.send_message(**answer, to=[a], copied=[b])  # because A copied B
        (row,) = Audience.objects.filter(message=reply, person=b)
        assert (row.exception, row.line) == ("member_copied_others", "")
        with pytest.raises(Refusal) as refused:
            messages.send_message(**answer, to=[a], copied=[c])
        assert refused.value.field == "reason"
        with pytest.raises(Refusal, match="hasn't agreed"):  # C isn't on the concern
            messages.send_message(**answer, to=[a], copied=[c], reason="C chairs the working group")
        with pytest.raises(Refusal, match="must see that it goes to somebody else"):  # undisclosed
            messages.send_message(**answer, to=[c], reason="C chairs the working group", override_reason="The matter is C's")
        told = messages.send_message(**answer, to=[a], copied=[c], reason="C chairs the working group", override_reason="The matter is C's")
    with by(a):
        row = Audience.objects.get(message=told, person=c)
        assert (row.exception, row.disclosed_to_first, row.added_by_id) == ("exceptional_with_disclosure", True, director.pk)
        assert row.line == f"CC {c.full_name}, because C chairs the working group"
    kept = {found.facts["message"]: found.facts["disclosed"] for found in trail(concern) if found.type == "message_sent"}
    assert kept == {str(letter.pk): False, str(reply.pk): False, str(told.pk): True}


def test_p_17_member_who_writes_to_an_officer_off_the_schedule_is_told_whom_members_deal_with(auth5c: Town) -> None:
    page = client_of(auth5c["councillor3"]).get(reverse("information:arrangement-new-in", args=["contact", auth5c.council.key])).content.decode()
    assert (
        "Members normally deal with the Chief Executive, the Strategic Director, the Assistant Director, unless direct contact is agreed in writing."
        in page
    )
    director, officer = auth5c["director2"], auth5c["officer1"]
    about = {"matter": "Repairs", "until_on": date(2026, 3, 1), "decider": director}
    with pytest.raises(Refusal, match="anyway. No agreement is needed"):
        requests.arrange(auth5c, "councillor3", "contact", officer=auth5c["director1"], **about)
    row = requests.arrange(auth5c, "councillor3", "contact", officer=officer, **about)
    assert row.shown == ["role:chief_executive", "role:strategic_director", "role:assistant_director"]
    assert (row.protocol_version, row.decider) == (auth5c.version, director)
    assert requests.answer(ArrangementAction.AGREE, row, director, answer="Agreed").answer == "Agreed"
