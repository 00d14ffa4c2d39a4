"""Bad input on the screens: a clear message, what was typed kept, no 5xx, nothing half done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse

from concerns import lists
from concerns.enums import Action
from concerns.models import Concern, Participation
from councils.models import Person
from grievances.enums import GrievanceState as S
from grievances.enums import Step
from grievances.forms.steps import FORMS, Offers
from grievances.views._page import draw, steps
from tests.concerns.casework import fresh
from tests.concerns.screens import client_of, frozen
from tests.factories.concerns import by, do, draft
from tests.grievances.course import HEARING, decided, heard, of, pk_of, seated, started, take
from tests.grievances.course import told as tell_subject

COUNCILS = ("ilminster",)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with frozen():
        yield


def post(person: Person, concern: Concern, step: Step, /, **answers: Any) -> Any:
    return client_of(person).post(reverse("grievances:do", args=[pk_of(concern), step.value]), answers)


def day(name: str, value: date) -> dict[str, int]:
    return {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}


def told(answer: Any) -> list[str]:
    """What the form says, after a 422."""
    assert answer.status_code == 422, answer.status_code
    return [str(error) for errors in answer.context["form"].errors.values() for error in errors]


@pytest.fixture
def sitting(ilminster) -> Concern:
    concern = started(ilminster)
    seated(ilminster, concern, "councillor3", "councillor5", "chair")
    tell_subject(concern, ilminster["chair"])
    return concern


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (date(2026, 1, 14), "That day has passed"),
        (date(2026, 1, 25), "Saturday or Sunday"),
        (date(2026, 4, 6), "bank holiday"),
        (date(2199, 1, 7), "That is more than a year away. Check the year, or choose an earlier day."),
        (date(2026, 1, 21), "The first day is Thursday 22 January 2026"),
    ],
)
def test_hearing_on_a_day_that_cannot_be_says_why_and_keeps_the_rest(ilminster, sitting, when: date, words: str) -> None:
    answer = post(ilminster["clerk"], sitting, Step.SET_HEARING, **day("held_on", when), at="2pm", place="Committee <room>")
    assert any(words in line for line in told(answer))
    assert "Committee &lt;room&gt;" in answer.content.decode()
    assert of(sitting, ilminster["clerk"]).hearing is None


@pytest.mark.parametrize("at", ["25:00", "half past", "10:99", "13pm", "1" * 5000, "\x00"])
def test_time_nobody_can_read_is_asked_again(ilminster, sitting, at: str) -> None:
    answer = post(ilminster["clerk"], sitting, Step.SET_HEARING, **day("held_on", HEARING), at=at, place="Room")
    assert "Write the time as 10:30 or 2pm" in told(answer)


def test_answers_from_nowhere_are_refused(ilminster, sitting) -> None:
    held = of(sitting, ilminster["clerk"])
    outsider = ilminster["officer3"]
    assert told(post(ilminster["councillor3"], sitting, Step.CHOOSE_CHAIR, person=str(outsider.pk)))
    assert told(post(ilminster["councillor3"], sitting, Step.INVESTIGATE, person=str(ilminster["councillor3"].pk)))
    assert told(post(ilminster["councillor3"], sitting, Step.LIST_ALLEGATIONS, points=" \n "))
    assert told(post(ilminster["councillor3"], sitting, Step.LIST_ALLEGATIONS, points="\n".join("x" * 31)))
    assert told(post(ilminster["councillor3"], sitting, Step.LIST_ALLEGATIONS, points="a\x00b"))
    assert of(sitting, ilminster["clerk"]).grievance.revision == held.grievance.revision


def test_stale_tab_is_told_and_keeps_what_was_typed(ilminster, sitting) -> None:
    revision = of(sitting, ilminster["clerk"]).grievance.revision
    take(Step.LIST_ALLEGATIONS, sitting, ilminster["chair"], points=["One"])
    answer = post(ilminster["councillor3"], sitting, Step.LIST_ALLEGATIONS, points="Mine & theirs", revision=revision)
    assert any("Somebody changed this grievance" in line for line in told(answer))
    assert "Mine &amp; theirs" in answer.content.decode()


def test_seating_somebody_who_did_not_declare_or_too_few(ilminster) -> None:
    concern = started(ilminster)
    take(Step.DECLARE, concern, ilminster["councillor3"], free=True)
    clerk = ilminster["clerk"]
    assert told(post(clerk, concern, Step.SEAT_PANEL, people=[str(ilminster["chair"].pk)]))
    few = told(post(clerk, concern, Step.SEAT_PANEL, people=[str(ilminster["councillor3"].pk)], reason="Nobody else"))
    assert any("fewer than the quorum" in line for line in few)
    take(Step.DECLARE, concern, ilminster["chair"], free=True)
    both = [str(ilminster[name].pk) for name in ("councillor3", "chair")]
    assert any("Say why" in line for line in told(post(clerk, concern, Step.SEAT_PANEL, people=both)))
    assert post(clerk, concern, Step.SEAT_PANEL, people=both, reason="The others are away").status_code == 302


def test_appeal_out_of_time_is_kept_and_heard_only_if_admitted(ilminster, sitting) -> None:
    raiser, clerk = ilminster["officer1"], ilminster["clerk"]
    take(Step.LIST_ALLEGATIONS, sitting, ilminster["chair"], points=["One"])
    heard(ilminster, sitting)
    decided(ilminster, sitting, "chair", "councillor5")
    with time_machine.travel("2026-02-12T10:00:00Z", tick=False):
        assert post(raiser, sitting, Step.APPEAL, grounds="I was ill").status_code == 302
        held = of(sitting, clerk, today=date(2026, 2, 12))
        assert (held.grievance.state, held.grievance.appeal_late) == (S.DECIDED, True)
        page = client_of(raiser).get(reverse("grievances:page", args=[held.grievance.pk])).content.decode()
        assert "after the last day" in page
        assert post(raiser, sitting, Step.APPEAL, grounds="Again").status_code == 409
        assert told(post(clerk, sitting, Step.ADMIT_APPEAL, reason=""))
        assert post(clerk, sitting, Step.ADMIT_APPEAL, reason="They were ill").status_code == 302
    assert of(sitting, clerk).grievance.state == S.APPEAL_OPEN


def test_a_member_whose_post_ended_acts_no_more_and_nothing_is_lost(ilminster, sitting) -> None:
    from councils.models import Appointment

    heard(ilminster, sitting)
    Appointment.objects.filter(person__in=[ilminster["councillor3"], ilminster["councillor5"]]).update(ends_on=date(2026, 1, 14))
    for name in ("councillor3", "councillor5"):
        assert client_of(ilminster[name]).get(reverse("grievances:page", args=[pk_of(sitting)])).status_code == 404
    held = of(sitting, ilminster["clerk"])
    assert (held.grievance.state, held.standing.quorate) == (S.HEARING_SET, False)  # nobody has looked yet
    address = reverse("grievances:page", args=[held.grievance.pk])
    assert "Grievance: Panel too small" in client_of(ilminster["clerk"]).get(address).content.decode()
    assert post(ilminster["chair"], sitting, Step.DRAFT_DECISION).status_code == 409
    call_command("sweep")
    held = of(sitting, ilminster["clerk"])
    assert (held.grievance.state, held.grievance.resumes, held.hearing.held_on) == (S.PANEL_FORMING, S.HEARING_SET, HEARING)
    page = client_of(ilminster["clerk"]).get(reverse("grievances:page", args=[held.grievance.pk])).content.decode()
    assert "everything that was written and set stays" in page


def test_steps_in_the_wrong_order_or_by_the_wrong_person_are_closed_with_the_reason(ilminster) -> None:
    concern = started(ilminster)
    for who, step, words in (
        ("clerk", Step.SET_HEARING, "quorate first"), ("clerk", Step.CLOSE, "possible while"), ("clerk", Step.RELEASE_DECISION, "for your part"),
        ("officer1", Step.SEAT_PANEL, "for your part"), ("chair", Step.DRAFT_DECISION, "for your part"), ("officer1", Step.APPEAL, "possible while"),
    ):  # fmt: skip
        answer = post(ilminster[who], concern, step)
        assert answer.status_code == 409 and words in answer.content.decode(), (who, step)
    with by(ilminster["clerk"]):
        assert of(concern, ilminster["clerk"]).grievance.state == S.PANEL_FORMING



def test_whose_turn_it_is_before_a_formal_step_is_said_at_home(ilminster) -> None:
    raiser, clerk = ilminster["officer1"], ilminster["clerk"]
    concern = draft(ilminster, raiser, ilminster["officer2"], topic="employment")
    do(Action.STRAIGHT_TO_FORMAL, concern, raiser, kind="not_appropriate", reason="x", wider_circle="ask_first")
    reference = fresh(concern).reference
    with by(raiser):
        named = Participation.objects.filter(concern=concern, capacity__in=["handler", "decider"])
        assert not named.exists()
        assert [row.pk for row in lists.waiting_for(me=raiser.pk)] == [concern.pk]
    assert reference in client_of(raiser).get("/").content.decode().partition("Your concerns")[0]
    do(Action.START_GRIEVANCE, concern, raiser, reason="x")
    with by(raiser):
        assert lists.waiting_for(me=raiser.pk) == []
    with by(clerk):
        assert lists.waiting_for(me=clerk.pk) == []


def test_hearing_waits_until_the_person_it_is_about_was_told(ilminster) -> None:
    concern = started(ilminster)
    seated(ilminster, concern, "councillor3", "councillor5", "chair")
    clerk, member, raiser = ilminster["clerk"], ilminster["chair"], ilminster["officer1"]
    address = reverse("grievances:page", args=[pk_of(concern)])
    answer = post(clerk, concern, Step.SET_HEARING, **day("held_on", HEARING), at="2pm", place="Room")
    assert answer.status_code == 409 and "hasn’t been told yet" in answer.content.decode()
    write, record = reverse("disclosures:telling-new", args=[concern.pk]), reverse("concerns:do", args=[concern.pk, "tell_subject"])
    shown = {who: client_of(ilminster[who]).get(address).content.decode() for who in ("chair", "clerk", "officer1")}
    assert {who: (write in page, record in page) for who, page in shown.items()} == {
        "chair": (True, True), "clerk": (False, True), "officer1": (False, False),
    }  # fmt: skip
    assert all("Grievance: Panel seated" in page and "They haven’t been told yet" in page for page in shown.values())
    assert client_of(clerk).get(write).status_code == 404  # reads nothing, discloses nothing
    assert client_of(raiser).get(write).status_code == 404
    assert client_of(member).get(write).status_code == 200
    told_on = day("told_on", date(2026, 1, 14))
    assert client_of(clerk).post(record, {**told_on, "how": "By letter"}).status_code == 302
    assert "They haven’t been told yet" not in client_of(member).get(address).content.decode()
    assert post(clerk, concern, Step.SET_HEARING, **day("held_on", HEARING), at="2pm", place="Room").status_code == 302


def test_asking_says_who_is_asked_and_that_nobody_is_left(ilminster) -> None:
    concern = started(ilminster)
    clerk, name = ilminster["clerk"], ilminster["councillor2"].full_name
    address = reverse("grievances:do", args=[pk_of(concern), Step.FORM_PANEL.value])
    take(Step.DECLARE, concern, ilminster["councillor5"], free=False)
    page = client_of(clerk).get(address).content.decode()
    assert f"{name} (substitute)" in page.partition('data-testid="asked"')[2].partition("</ul>")[0]
    take(Step.FORM_PANEL, concern, clerk)
    page = client_of(clerk).get(address).content.decode()
    assert "Nobody is left to ask" in page and 'data-action="form_panel"' not in page
    overview = client_of(clerk).get(reverse("grievances:page", args=[pk_of(concern)])).content.decode()
    assert 'data-closed="form_panel"' in overview
    take(Step.DECLARE, concern, ilminster["chair"], free=True)
    mine = client_of(ilminster["chair"]).get(reverse("grievances:page", args=[pk_of(concern)])).content.decode()
    assert "You said that you have no connection" in mine


def test_what_is_next_stands_first_and_what_was_done_is_offered_anew(ilminster, sitting) -> None:
    take(Step.LIST_ALLEGATIONS, sitting, ilminster["chair"], points=["One"])
    heard(ilminster, sitting)
    held = of(sitting, ilminster["chair"], today=date(2026, 1, 27))
    with by(ilminster["chair"]):
        is_open = [(entry["step"], str(entry["label"])) for entry in steps(held)[0]]
    assert is_open == [
        ("draft_decision", "Draft the decision"), ("choose_chair", "Choose another chair"), ("list_allegations", "Change the points"),
        ("set_hearing", "Set another day for the hearing"), ("leave_panel", "Leave the panel"),
    ]  # fmt: skip


def test_the_picture_says_who_was_asked_and_who_was_not(ilminster) -> None:
    concern = started(ilminster)
    take(Step.DECLARE, concern, ilminster["chair"], free=True)
    take(Step.DECLARE, concern, ilminster["councillor5"], free=False)
    held = of(concern, ilminster["clerk"])
    with by(ilminster["clerk"]):
        rows = draw(held, held.picture())["rows"]
    name = {key: person.full_name for key, person in ilminster.people.items()}
    assert [(str(label), who, number) for label, who, number in rows] == [
        ("Sits on the panel", "", 0), ("Declared no connection", name["chair"], 1), ("Asked, hasn’t declared yet", name["councillor3"], 1),
        ("Not asked", name["councillor2"], 1), ("Has a connection, or can't sit", ", ".join(sorted((name["councillor4"], name["councillor5"]))), 2),
    ]  # fmt: skip


NASTY = ["", "\x00", "0", "-1", "yes", "ſ" * 3000, "🦆", "<script>", "{{ 7*7 }}", "9" * 400, "2026-02-31", "'; DROP TABLE x; --", "\u202e"]


@pytest.mark.parametrize("step", list(Step))
def test_no_form_breaks_on_what_is_typed(ilminster, step: Step) -> None:
    people = [(ilminster["chair"], "Chair"), (ilminster["councillor3"], "Member")]
    offers = Offers(revision=1, people=people, outcomes=[("resolved", "Settled")], documents=[("x", "A file")])
    for value in NASTY:
        empty = FORMS[step](None, offers=offers)
        names = [f"{name}{part}" for name in empty.fields for part in ("", "_day", "_month", "_year")]
        form = FORMS[step](dict.fromkeys(names, value), offers=offers)
        assert form.is_valid() in (True, False)
        assert str(form)
