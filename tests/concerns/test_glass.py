"""Breaking the glass: two people, a reason, an end; never for whoever is kept from the concern."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from concerns.actions import glass
from concerns.enums import Action, GlassStatus, State
from concerns.models import BreakGlass, Concern, Participation
from councils import actions as council_actions
from councils.errors import Refusal
from councils.models import Appointment, Person
from councils.rls import system_work
from tests.concerns.casework import event, fresh, on_it, told
from tests.concerns.screens import at, client_of
from tests.factories.concerns import CANARY, NOW, by, do, lodge
from tests.factories.councils import AppointmentFactory, Town
from tests.matrix.rows_glass import ROUTES

pytestmark = pytest.mark.django_db
COUNCILS = ("weston",)
LATER = NOW + timedelta(days=1)
KEPT_OUT = "It can’t be opened this way: there is no such concern"


def alone(town: Town) -> Concern:
    """A councillor's concern about the Clerk, whose handler left, and with them everybody on the exception route."""
    concern = do(Action.ACCEPT, lodge(town, town["councillor3"], town["clerk"], chosen_token="role:chair_of_council"), town["chair"])
    keep = {town[who].pk for who in ("councillor3", "clerk", "deputy")}
    for row in Appointment.objects.filter(council=town.council, ends_on=None).exclude(person__in=keep):
        council_actions.end_appointment(appointment=row, ends_on=NOW.date(), by=None, now=NOW)
    for key in ("ann", "ben"):
        person = AppointmentFactory(council=town.council, role="ward_councillor", starts_on=LATER.date()).person
        town.people[key] = person
    assert sweep() == {"raiser": 1}
    return concern


def sweep(now: Any = LATER) -> dict[str, int]:
    with time_machine.travel(now, tick=False):
        return {kept.value: n for kept, n in glass.sweep(now=now, within=system_work).items()}


def page(person: Person, name: str, *, now: Any = LATER, post: dict[str, Any] | None = None, **more: Any) -> Any:
    with time_machine.travel(now, tick=False):
        client, address = client_of(person), reverse(f"concerns:{name}", kwargs=more)
        return client.get(address) if post is None else client.post(address, post, follow=True)


def ask(town: Town, concern: Concern | str, asker: str = "ann", approver: str = "ben", **more: Any) -> BreakGlass:
    """Asked on the screen, and looked at by the portal."""
    written = concern if isinstance(concern, str) else concern.reference
    data = {"reference": written, "reason": f"{CANARY} it can't wait", "hours": "4", "approver": town[approver].pk, **more}
    answer = page(town[asker], "glass-new", key=town.council.key, post=data)
    assert "The portal looks whether it may be" in answer.content.decode()
    sweep()
    with by(town[asker]):
        return BreakGlass.objects.filter(asker=town[asker]).latest("asked_at")


def approve(town: Town, row: BreakGlass, approver: str = "ben") -> None:
    page(town[approver], "glass", request_id=row.pk, post={"approve": "yes", "words": "Nobody else is there"})
    sweep()


def status(town: Town, row: BreakGlass, who: str = "ann") -> str:
    with by(town[who]):
        return BreakGlass.objects.get(pk=row.pk).status


def opened(town: Town, who: str, concern: Concern, *, now: Any = LATER) -> tuple[int, bool]:
    with time_machine.travel(now, tick=False):
        answer = client_of(town[who]).get(at("page", concern))
    return answer.status_code, CANARY in answer.content.decode()


def test_two_people_open_it_for_a_time_and_everybody_is_told(weston: Town) -> None:
    concern = alone(weston)
    row = ask(weston, concern)
    assert status(weston, row) == GlassStatus.WAITING
    assert opened(weston, "ann", concern) == (404, False)
    waiting = page(weston["ben"], "home").content.decode()
    assert reverse("concerns:glass", kwargs={"request_id": row.pk}) in waiting
    assert CANARY in page(weston["ben"], "glass", request_id=row.pk).content.decode()
    approve(weston, row)
    assert status(weston, row) == GlassStatus.OPEN
    assert opened(weston, "ann", concern) == (200, True)
    assert opened(weston, "ben", concern) == (404, False)  # approving shows nothing
    assert on_it(weston, concern)["ann"] == {"reader", "exception_holder"}
    done = event(concern, "break_glass_opened")
    assert (done.by_name, done.reason) == (weston["ann"].full_name, f"{CANARY} it can't wait")
    assert told(weston, concern).count(("councillor3", "progress")) >= 2
    with by(weston["councillor3"]):
        part = Participation.objects.get(concern=concern, person=weston["ann"], capacity="reader")
        assert (part.reason, part.granted_by_id) == ("break_glass", weston["ben"].pk)


def test_access_ends_with_the_minute_before_anything_tidies_up(weston: Town) -> None:
    concern = alone(weston)
    row = ask(weston, concern)
    approve(weston, row)
    end = LATER + timedelta(hours=4)
    assert opened(weston, "ann", concern, now=end - timedelta(seconds=1)) == (200, True)
    assert opened(weston, "ann", concern, now=end) == (404, False)
    assert "It is over." in page(weston["ann"], "glass", now=end, request_id=row.pk).content.decode()
    sweep(end)
    assert "ann" not in on_it(weston, concern)
    assert status(weston, row) == GlassStatus.ENDED
    assert event(concern, "break_glass_ended").by_name == ""


def test_either_of_the_two_ends_it_at_once(weston: Town) -> None:
    concern = alone(weston)
    row = ask(weston, concern)
    approve(weston, row)
    page(weston["ben"], "glass-end", request_id=row.pk, post={})
    assert opened(weston, "ann", concern) == (404, False)


def test_whoever_was_let_in_names_somebody_to_take_it(weston: Town) -> None:
    concern = alone(weston)
    officer = weston.people["new"] = AppointmentFactory(council=weston.council, role="chief_executive", starts_on=LATER.date()).person
    row = ask(weston, concern)
    approve(weston, row)
    with time_machine.travel(LATER, tick=False):
        do(Action.ASSIGN, concern, weston["ann"], now=LATER, assignee=officer, reason="Free of any connection")
    assert fresh(concern).state == State.INFORMAL
    assert sweep(LATER + timedelta(hours=5)) == {"owner": 1}
    assert set(on_it(weston, concern)) == {"councillor3", next(name for name, who in weston.people.items() if who == officer)}


@pytest.mark.parametrize(("asker", "approver"), [("clerk", "ben"), ("deputy", "ben"), ("councillor3", "ben"), ("ann", "clerk"), ("ann", "deputy")])
def test_subject_their_deputy_and_the_raiser_are_never_one_of_the_two(weston: Town, asker: str, approver: str) -> None:
    concern = alone(weston)
    row = ask(weston, concern, asker, approver)
    assert status(weston, row, asker) == GlassStatus.REFUSED
    assert page(weston[approver], "glass", request_id=row.pk).status_code == 404  # they never learn of it
    assert KEPT_OUT in page(weston[asker], "glass", request_id=row.pk).content.decode()
    assert set(on_it(weston, concern)) == {"councillor3"}


def test_unknown_reference_and_one_that_somebody_deals_with_get_the_same_answer(weston: Town) -> None:
    concern = alone(weston)
    busy = lodge(weston, weston["councillor3"], weston["deputy"], now=LATER, chosen_token="role:proper_officer")
    answers = set()
    for written in ("ZZZZ-ZZZZ", busy.reference):
        row = ask(weston, written)
        body = page(weston["ann"], "glass", request_id=row.pk).content.decode()
        assert KEPT_OUT in body
        answers.add(status(weston, row))
    assert answers == {GlassStatus.REFUSED}
    assert set(on_it(weston, concern)) == {"councillor3"}


@pytest.mark.parametrize(
    ("answers", "field", "words"),
    [
        ({"approver": "ann"}, "approver", "One person alone can’t do it. Choose somebody else to approve it."),
        ({"reason": " "}, "reason", "Say why it can’t wait"),
        ({"hours": "9000"}, "hours", "Select a valid choice. 9000 is not one of the available choices."),
        ({"reference": ""}, "reference", "This field is required."),
    ],
)
def test_asking_with_bad_answers_says_what_to_do_and_keeps_them(weston: Town, answers: dict[str, str], field: str, words: str) -> None:
    alone(weston)
    data = {"reference": "K7QF-2M9X", "reason": "Typed words", "hours": "4", "approver": weston["ben"].pk, **answers}
    if answers.get("approver"):
        data["approver"] = weston["ann"].pk
    answer = page(weston["ann"], "glass-new", key=weston.council.key, post=data)
    assert answer.status_code == 422
    assert len(answer.context["form"].errors[field]) == 1
    if field == "approver":
        assert answer.context["form"].errors[field] == [words]
        assert "Typed words" in answer.content.decode()


def test_asker_cannot_approve_on_the_web(weston: Town) -> None:
    row = ask(weston, alone(weston))
    page(weston["ann"], "glass", request_id=row.pk, post={"approve": "yes", "words": "me too"})
    assert status(weston, row) == GlassStatus.WAITING
    with by(weston["ann"]), pytest.raises(Refusal):
        glass.answer(request_id=row.pk, approve=True, words="me too", by=weston["ann"], now=LATER)
    assert page(weston["deputy"], "glass", request_id=row.pk).status_code == 404
    assert page(weston["ben"], "glass", request_id=uuid4()).status_code == 404


def test_database_refuses_one_person_alone(weston: Town) -> None:
    concern = alone(weston)
    row = ask(weston, concern)
    ann = weston["ann"]
    both_one = BreakGlass(council=weston.council, reference="X", asker=ann, approver=ann, asked_at=LATER, reason="x", hours=1)
    with by(ann), pytest.raises(IntegrityError, match="glass_two_people"), transaction.atomic():
        both_one.save(force_insert=True)
    for change in (
        {"status": GlassStatus.APPROVED}, {"approver": weston["clerk"]}, {"status": GlassStatus.OPEN, "expires_at": LATER, "opened_at": LATER},
        {"hours": 100}, {"reason": "another"}, {"shown_at": None}, {"answer": "I said yes"}, {"answered_at": LATER},
    ):  # fmt: skip
        with by(ann), pytest.raises(DatabaseError), transaction.atomic():
            BreakGlass.objects.filter(pk=row.pk).update(**change)
    with system_work(), pytest.raises(DatabaseError, match="without the other person"), transaction.atomic():
        BreakGlass.objects.filter(pk=row.pk).update(status=GlassStatus.OPEN, answered_at=LATER, opened_at=LATER, expires_at=LATER)
    with system_work(), pytest.raises(DatabaseError, match="only the other person answers"), transaction.atomic():
        BreakGlass.objects.filter(pk=row.pk).update(status=GlassStatus.APPROVED)
    with system_work(), pytest.raises(DatabaseError, match="one person alone"), transaction.atomic():
        Participation.objects.create(concern=concern, person=ann, capacity="reader", reads=True, reason="break_glass", since=LATER)
    with by(weston["clerk"]):
        assert BreakGlass.objects.count() == 0


def test_asking_again_and_again_is_stopped(weston: Town) -> None:
    alone(weston)
    for _ in range(glass.MOST_A_DAY):
        ask(weston, "ZZZZ-ZZZZ")
    answer = page(
        weston["ann"], "glass-new", key=weston.council.key, post={"reference": "A", "reason": "b", "hours": "4", "approver": weston["ben"].pk}
    )
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() == ["You asked 5 times within a day. Try again tomorrow."]


def test_addresses_answer_as_the_matrix_says(weston: Town) -> None:
    row = ask(weston, alone(weston))
    people = {"asker": "ann", "approver": "ben", "stranger": "clerk", "anybody": "clerk", "member": "clerk"}
    made: dict[str, dict[str, Any]] = {
        "concerns:glass": {"request_id": row.pk}, "concerns:glass-end": {"request_id": row.pk}, "concerns:glass-new": {"key": "weston"},
    }  # fmt: skip
    for route, answers in ROUTES.items():
        url = reverse(route, kwargs=made.get(route, {}))
        for part, wanted in answers.items():
            stranger = part == "stranger" and route == "concerns:glass-new"
            with time_machine.travel(LATER, tick=False):
                client = Client() if part == "visitor" else client_of(weston["former" if stranger else people[part]])
                for method, code in zip(("get", "head", "post"), wanted.split(), strict=True):
                    answer = getattr(client, method)(url)
                    if code == "login":
                        assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={url}"), (route, method)
                    else:
                        assert answer.status_code == int(code), (route, part, method)
