"""Appointing, ending, deputising, reporting: through the actions, with what people are told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from councils import actions
from councils.errors import Refusal
from councils.models import Appointment, BodyMembership, CouncilEvent, Person, ReportingLine
from tests.factories.councils import (
    NOW,
    TODAY,
    AppointmentFactory,
    BodyFactory,
    BodyMembershipFactory,
    CouncilFactory,
    PersonFactory,
    ReportingLineFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def council():
    return CouncilFactory()


def appoint(council, person=None, role="councillor", **fields) -> Appointment:
    fields = {"starts_on": TODAY, "by": None, "now": NOW, **fields}
    return actions.appoint(council=council, person=person or PersonFactory(), role=role, **fields)


def refusal(call, *args, **kwargs) -> tuple[str, str | None]:
    with pytest.raises(Refusal) as caught:
        call(*args, **kwargs)
    return caught.value.message, caught.value.field


def test_appoint_leaves_the_appointment_and_its_event(council):
    admin = AppointmentFactory(council=council, role="protocol_admin").person
    made = appoint(council, role="councillor", by=admin)
    event = CouncilEvent.objects.get()
    assert (made.role, made.starts_on, made.ends_on, made.side) == ("councillor", TODAY, None, "councillor")
    assert (event.kind, event.council, event.by_id, event.at) == ("appointed", council.pk, admin.pk, NOW)
    assert event.detail["appointment"] == str(made.pk)


def test_appoint_by_someone_else_is_refused(council):
    clerk = AppointmentFactory(council=council, role="proper_officer").person
    elsewhere = AppointmentFactory(role="protocol_admin").person
    for by in (clerk, elsewhere, PersonFactory()):
        message, _field = refusal(appoint, council, by=by)
        assert message == "Only this council's protocol administrator can change this."
    assert CouncilEvent.objects.count() == 0


def test_appoint_by_an_administrator_whose_time_is_over_is_refused(council):
    past = AppointmentFactory(council=council, role="protocol_admin", ends_on=TODAY - timedelta(days=1)).person
    assert refusal(appoint, council, by=past)[0] == "Only this council's protocol administrator can change this."


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"role": "grand_vizier"}, "role", "This role is not known"),
        ({"kind": "hereditary"}, "kind", "This kind of appointment is not known"),
        ({"starts_on": None}, "starts_on", "Enter the first day"),
        ({"starts_on": date(1066, 10, 14)}, "starts_on", "between 1900 and 2200"),
        ({"ends_on": date(9999, 12, 31)}, "ends_on", "between 1900 and 2200"),
        ({"ends_on": TODAY - timedelta(days=1)}, "ends_on", "The last day must be the same as or after the first day"),
        ({"post_title": "x" * 161}, "post_title", "160 characters or fewer"),
        ({"post_title": "a\x00b"}, "post_title", "characters that can't be shown"),
        ({"person": Person()}, "person", "This person is not known"),
    ],
)
def test_appoint_with_bad_input_says_what_to_do(council, fields, field, words):
    message, named = refusal(appoint, council, **fields)
    assert words in message
    assert named == field
    assert Appointment.objects.count() == 0


def test_appoint_drops_marks_that_turn_text_round(council):
    assert appoint(council, post_title="Clerk\u202e of\u200f works ").post_title == "Clerk of works"


def test_appoint_same_role_twice_says_so_and_leaves_the_transaction_usable(council):
    first = appoint(council)
    message, field = refusal(appoint, council, first.person)
    assert message.startswith("They already hold this role on some of these days.")
    assert field == "role"
    assert Appointment.objects.count() == 1


def test_appoint_second_clerk_says_so(council):
    appoint(council, role="proper_officer")
    message, _field = refusal(appoint, council, role="proper_officer")
    assert message == "Someone holds this role on some of these days, and it has one holder. End that appointment first."


def test_appoint_councillor_as_officer_says_so(council):
    councillor = appoint(council)
    message, _field = refusal(appoint, council, councillor.person, role="officer")
    assert message == "Nobody can be councillor and officer of one council at once. End the other appointment first."


def test_appoint_councillor_acting_unpaid(council):
    councillor = appoint(council)
    acting = {"role": "acting_proper_officer", "kind": "councillor_acting_unpaid", "vacancy_reason": "Vacancy"}
    message, field = refusal(appoint, council, councillor.person, **acting)
    assert message == "A councillor acts as an officer unpaid, until a last day, for a stated reason. Fill in all three."
    assert field == "ends_on"
    made = appoint(council, councillor.person, **acting, ends_on=TODAY + timedelta(days=30))
    assert (made.kind, made.unpaid) == ("councillor_acting_unpaid", True)


def test_appoint_acting_unpaid_someone_who_is_no_councillor_is_refused(council):
    stranger = PersonFactory(full_name="Someone Else")
    message, _field = refusal(
        appoint,
        council,
        stranger,
        role="acting_proper_officer",
        kind="councillor_acting_unpaid",
        unpaid=True,
        vacancy_reason="Vacancy",
        ends_on=TODAY,
    )
    assert message == "Someone Else is not a councillor of this council on that day. Appoint them first."


def test_appoint_deputy_acting(council):
    clerk = appoint(council, role="proper_officer")
    deputy = appoint(council, role="deputy_proper_officer")
    acting = {"role": "proper_officer", "kind": "deputy_acting"}
    assert refusal(appoint, council, deputy.person, **acting)[1] == "acting_for"
    assert refusal(appoint, council, clerk.person, **acting, acting_for=clerk) == (
        "Nobody can deputise for themselves. Choose another person.",
        "acting_for",
    )
    wrong_role = {**acting, "role": "officer"}
    assert refusal(appoint, council, deputy.person, **wrong_role, acting_for=clerk)[1] == "role"
    elsewhere = AppointmentFactory(role="proper_officer")
    assert refusal(appoint, council, deputy.person, **acting, acting_for=elsewhere)[1] == "acting_for"
    made = appoint(council, deputy.person, **acting, acting_for=clerk)
    assert made.acting_for == clerk


def test_appoint_deputies_for_each_other_is_refused(council):
    one, two = appoint(council, role="officer"), appoint(council, role="officer")
    appoint(council, two.person, role="officer", kind="deputy_acting", acting_for=one)
    message, field = refusal(appoint, council, one.person, role="officer", kind="deputy_acting", acting_for=two)
    assert message == "These people would be standing in for each other, or for themselves. Choose another deputy."
    assert field == "acting_for"


def test_end_appointment_ends_what_hangs_on_it(council):
    clerk = AppointmentFactory(council=council, role="proper_officer")
    deputy = AppointmentFactory(council=council, role="proper_officer", kind="deputy_acting", acting_for=clerk)
    manages = ReportingLineFactory(council=council, manager=clerk.person)
    seat = BodyMembershipFactory(body=BodyFactory(council=council), person=clerk.person)
    actions.end_appointment(appointment=clerk, ends_on=TODAY, by=None, now=NOW)
    assert Appointment.objects.get(pk=clerk.pk).ends_on == TODAY
    assert Appointment.objects.get(pk=deputy.pk).ends_on == TODAY
    assert ReportingLine.objects.get(pk=manages.pk).ends_on == TODAY
    assert BodyMembership.objects.get(pk=seat.pk).ends_on == TODAY
    event = CouncilEvent.objects.get()
    assert event.kind == "appointment_ended"
    assert set(event.detail["also"]) == {str(row.pk) for row in (deputy, manages, seat)}


def test_end_appointment_keeps_seats_of_someone_who_stays(council):
    chair = AppointmentFactory(council=council, role="chair_of_council")
    AppointmentFactory(council=council, person=chair.person)
    seat = BodyMembershipFactory(body=BodyFactory(council=council), person=chair.person)
    actions.end_appointment(appointment=chair, ends_on=TODAY, by=None, now=NOW)
    assert BodyMembership.objects.get(pk=seat.pk).ends_on is None


def test_end_appointment_before_it_began_is_refused(council):
    held = AppointmentFactory(council=council, starts_on=TODAY)
    message, field = refusal(actions.end_appointment, appointment=held, ends_on=TODAY - timedelta(days=1), by=None, now=NOW)
    assert (message, field) == ("The last day must be the same as or after the first day.", "ends_on")


def test_end_appointment_already_over_is_refused(council):
    held = AppointmentFactory(council=council, ends_on=TODAY - timedelta(days=5))
    message, _field = refusal(actions.end_appointment, appointment=held, ends_on=TODAY, by=None, now=NOW)
    assert message == "This appointment has already ended. Make a new one instead."


def test_reporting_line_replaces_the_one_before(council):
    officer, one, two = (AppointmentFactory(council=council, role="officer").person for _ in range(3))
    line = {"council": council, "officer": officer, "by": None, "now": NOW}
    actions.set_reporting_line(**line, manager=one, starts_on=date(2024, 1, 1))
    actions.set_reporting_line(**line, manager=two, starts_on=date(2025, 1, 1))
    rows = list(ReportingLine.objects.order_by("starts_on").values_list("manager_id", "starts_on", "ends_on"))
    assert rows == [(one.pk, date(2024, 1, 1), date(2024, 12, 31)), (two.pk, date(2025, 1, 1), None)]
    actions.set_reporting_line(**line, manager=None, starts_on=date(2025, 6, 1))
    assert not ReportingLine.objects.current(date(2025, 6, 1)).exists()


def test_reporting_line_to_a_councillor_oneself_or_in_a_circle_is_refused(council):
    officer, manager = (AppointmentFactory(council=council, role="officer").person for _ in range(2))
    councillor = AppointmentFactory(council=council, person__full_name="Cllr Example").person
    line = {"council": council, "starts_on": TODAY, "by": None, "now": NOW}
    assert refusal(actions.set_reporting_line, **line, officer=officer, manager=councillor) == (
        "Cllr Example is not an officer of this council on that day. Appoint them first.",
        "manager",
    )
    assert refusal(actions.set_reporting_line, **line, officer=officer, manager=officer)[1] == "manager"
    actions.set_reporting_line(**line, officer=officer, manager=manager)
    message, _field = refusal(actions.set_reporting_line, **line, officer=manager, manager=officer)
    assert message == "These officers would be managing each other. Choose another line manager."


def test_add_person_known_elsewhere_keeps_their_name_and_says_nothing(council):
    known = PersonFactory(email="someone@people.example", full_name="Known Name")
    admin = AppointmentFactory(council=council, role="protocol_admin").person
    found = actions.add_person(
        council=council,
        email=" Someone@People.example",
        full_name="Other Name",
        role="councillor",
        starts_on=TODAY,
        by=admin,
        now=NOW,
    )
    known.refresh_from_db()
    assert (found, known.full_name) == (known, "Known Name")
    assert [a.role for a in found.appointments.all()] == ["councillor"]


@pytest.mark.parametrize(
    ("email", "full_name", "field"),
    [("not-an-address", "A", "email"), ("", "A", "email"), ("a@b.example", "", "full_name"), ("a@b.example", "x" * 201, "full_name")],
)
def test_add_person_with_bad_input_is_refused(council, email, full_name, field):
    assert refusal(actions.add_person, council=council, email=email, full_name=full_name, by=None, now=NOW)[1] == field
    assert Person.objects.count() == 0
