"""What the rooms say is due: a grievance, a referral, a reply of the person it is about, a request to see papers."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from clocks import settling
from clocks.actions.extending import extend
from clocks.actions.targets import set_target
from clocks.domain.reminding import Habits
from clocks.models import OPEN, Obligation
from concerns.casefile import NotVisible
from concerns.models import Concern
from councils.models import Person
from councils.rls import as_person, system_work
from grievances.enums import Step
from grievances.views.next import days
from information.enums import QuestionAction, RequestAction
from information.models import GuidanceQuestion
from tests.concerns.screens import client_of
from tests.disclosures.telling import BY, answered, disclosed, running
from tests.factories.concerns import NOW
from tests.factories.councils import Town
from tests.factories.referrals import referred, sent
from tests.grievances import course
from tests.information import steps

pytestmark = pytest.mark.django_db
COUNCILS = ("weston", "ilminster", "alsager")
DAY = timedelta(days=1)
PANEL = ("councillor3", "chair", "councillor5")


def rows(concern: Concern, person: Person) -> dict[str, Any]:
    with as_person(person):
        return {row.kind: row.due_on.isoformat() for row in Obligation.objects.filter(OPEN, concern=concern)}


def test_grievance_opens_notice_and_hearing_then_decision_and_appeal(towns: Any) -> None:
    town: Town = towns("ilminster")
    concern = course.started(town)
    # ten working days: 29 January; notice five before: 22 January
    assert rows(concern, town["officer1"]) == {"hearing": "2026-01-29", "hearing_notice": "2026-01-22"}
    course.seated(town, concern, *PANEL)
    course.heard(town, concern)
    assert rows(concern, town["officer1"]) == {"subject_reply": "2026-01-22", "hearing": "2026-01-26", "decision": "2026-02-02"}
    with as_person(town["officer1"]):
        notice = Obligation.objects.get(concern=concern, kind="hearing_notice")
        hearing = Obligation.objects.get(concern=concern, kind="hearing")
    assert (notice.met_at, notice.ended_at) == (NOW, None)
    assert hearing.moves == [{"on": "2026-01-15", "from": "2026-01-29", "to": "2026-01-26", "why": "course"}]


def test_reply_that_a_decision_overtook_is_nobodys_any_more(towns: Any) -> None:
    town: Town = towns("ilminster")
    concern = course.started(town)
    course.seated(town, concern, *PANEL)
    course.take(Step.LIST_ALLEGATIONS, concern, town[PANEL[0]], points=["too much work"])
    course.heard(town, concern)
    course.decided(town, concern, PANEL[0], PANEL[1])
    assert "subject_reply" not in rows(concern, town["clerk"])
    with as_person(town["clerk"]):
        reply = Obligation.objects.get(concern=concern, kind="subject_reply")
    assert (reply.met_at, reply.ended_at) == (None, course.AFTER)


def test_whoever_runs_a_hearing_finds_its_dates_on_the_start_page(towns: Any) -> None:
    town: Town = towns("ilminster")
    concern = course.started(town)
    course.seated(town, concern, *PANEL)
    with time_machine.travel(NOW, tick=False):
        shown = client_of(town["clerk"]).get("/").context["coming"]
        assert [(row.label, row.due, row.place) for row in shown] == [
            ("Notice of a hearing is given", date(2026, 1, 22), concern.reference), ("A hearing", date(2026, 1, 29), concern.reference),
        ]  # fmt: skip
        assert client_of(town["officer2"]).get("/").context["coming"] == []  # whom it is about


def test_referral_is_chased_from_the_day_it_went(towns: Any) -> None:
    town: Town = towns("weston")
    concern = referred(town, town["officer1"], town["councillor3"], town["clerk"])
    assert list(rows(concern, town["clerk"])) == ["look_again"]
    sent(concern, town["clerk"])
    assert rows(concern, town["clerk"]) == {"chase_monitoring_officer": "2026-01-26"}  # seven working days


def test_reply_is_due_for_everybody_and_met_when_the_other_person_answers(towns: Any) -> None:
    town: Town = towns("weston")
    concern = running(town)
    told = disclosed(concern, town["clerk"], town["officer1"])
    assert rows(concern, town["clerk"])["subject_reply"] == BY.isoformat()
    assert rows(concern, town["councillor3"]) == rows(concern, town["clerk"])
    answered(told, town["officer1"])  # who isn't on the concern: a mark is left
    with as_person(town["officer1"]):
        assert not Obligation.objects.exists()
    with system_work():
        assert settling.settle_marked(now=NOW + DAY) == 1
    assert "subject_reply" not in rows(concern, town["clerk"])
    with as_person(town["clerk"]):
        assert Obligation.objects.get(concern=concern, kind="subject_reply").met_at == NOW + DAY


def test_request_for_papers_is_due_with_who_decides_it(towns: Any) -> None:
    town: Town = towns("alsager")
    request = steps.ask(town, justification="For my work")
    with system_work():
        settling.settle_marked(now=NOW)
    seated = [town[name].pk for name, part in steps.seats(town, request).items() if part == "determiner"]
    with system_work():
        row = Obligation.objects.get(source_id=request.pk)
    assert (row.kind, row.due_on, row.owners, row.watchers, row.concern_id) == (
        "access_request", date(2026, 1, 29), seated, [request.requester_id], None,
    )  # fmt: skip
    with as_person(request.requester):
        assert Obligation.objects.get().pk == row.pk
    with as_person(town["councillor2"]):
        assert not Obligation.objects.exists()
    decider = next(person for person in town.people.values() if person.pk == seated[0])
    steps.do(RequestAction.GRANT, request, decider, how=steps.HOW)
    with system_work():
        settling.settle_marked(now=NOW + DAY)
        assert Obligation.objects.get(source_id=request.pk).met_at == NOW + DAY


def asked(row: GuidanceQuestion, *, now: datetime = NOW) -> Obligation:
    with system_work():
        settling.settle_marked(now=now)
        return Obligation.objects.get(source_id=row.pk)


def test_question_about_the_protocol_is_due_with_who_answers_it(towns: Any) -> None:
    town: Town = towns("weston")
    question = steps.question(town)
    row = asked(question)
    assert (row.kind, row.source, row.due_on, row.target, row.basis, row.owners, row.watchers, row.concern_id) == (
        "interpretation", "interpretation", date(2026, 1, 29), 10, "default", [town["clerk"].pk], [town["councillor1"].pk], None,
    )  # fmt: skip
    assert [moment.at.date() for moment in Habits().plan("interpretation", row.due_on)] == [
        date(2026, 1, 28), date(2026, 1, 29), date(2026, 1, 30), date(2026, 2, 5),
    ]  # fmt: skip
    for who, n in (("clerk", 1), ("councillor1", 1), ("deputy", 0), ("councillor2", 0)):
        with as_person(town[who]):
            assert Obligation.objects.count() == n, who
    set_target(council=town.council, code="interpretation", days=5, by=town["admin"], now=NOW + DAY)
    moved = asked(question, now=NOW + DAY)
    with system_work():
        settling.settle_marked(now=NOW + DAY)
    moved = asked(question, now=NOW + DAY)
    assert (moved.due_on, moved.basis, [move["why"] for move in moved.moves]) == (date(2026, 1, 22), "council", ["target"])
    with time_machine.travel(NOW, tick=False):
        page = client_of(town["clerk"]).get("/due/").content.decode()
    assert "A question about the protocol is answered" in page and reverse("information:question", args=[question.pk]) in page
    steps.do(QuestionAction.ANSWER, question, town["clerk"], answer="It means this", now=NOW + DAY)
    assert asked(question, now=NOW + 2 * DAY).met_at == NOW + 2 * DAY


def test_question_passed_on_is_due_with_the_next_and_at_last_with_its_asker(towns: Any) -> None:
    town: Town = towns("weston")
    question = steps.question(town)
    steps.do(QuestionAction.PASS_ON, question, town["clerk"])
    assert asked(question).owners == [town["deputy"].pk]
    steps.do(QuestionAction.PASS_ON, question, town["deputy"])
    row = asked(question)
    assert (row.owners, row.watchers, row.due_on) == ([town["councillor1"].pk], [], date(2026, 1, 29))  # who asks outside
    steps.do(QuestionAction.CLOSE, question, town["councillor1"], now=NOW + DAY)
    row = asked(question, now=NOW + DAY)
    assert (row.met_at, row.ended_at) == (None, NOW + DAY)


def test_appeal_window_is_the_raisers(towns: Any) -> None:
    town: Town = towns("ilminster")
    concern = course.started(town)
    course.seated(town, concern, *PANEL)
    course.take(Step.LIST_ALLEGATIONS, concern, town[PANEL[0]], points=["too much work"])
    course.heard(town, concern)
    course.decided(town, concern, PANEL[0], PANEL[1])
    with as_person(town["officer1"]):
        window = Obligation.objects.get(concern=concern, kind="appeal_window")
    assert (window.due_on, window.capacities, window.met_at) == (date(2026, 2, 2), ["raiser"], None)


def test_grievances_own_page_shows_the_day_that_was_agreed(towns: Any) -> None:
    town: Town = towns("ilminster")
    concern = course.started(town)
    course.seated(town, concern, *PANEL)
    course.heard(town, concern)
    with as_person(town["officer1"]):
        row = Obligation.objects.get(concern=concern, kind="decision")
    answers = {"to": date(2026, 2, 9), "raiser_agreed_on": NOW.date(), "other_agreed_on": NOW.date(), "reason": "A member is away"}
    with as_person(town["clerk"]), pytest.raises(NotVisible):  # who runs it, unseen content
        extend(concern_id=concern.pk, obligation_id=row.pk, by=town["clerk"], now=NOW, **answers)
    with as_person(town["chair"]):
        extend(concern_id=concern.pk, obligation_id=row.pk, by=town["chair"], now=NOW, **answers)
    held = course.of(concern, town["officer1"])
    with as_person(town["officer1"]):
        assert {item.what: item.on for item in days(held)}["Decision"] == date(2026, 2, 9)
