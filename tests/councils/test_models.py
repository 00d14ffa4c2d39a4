"""What the database itself refuses, whoever asks and however."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from councils.models import Appointment, BodyMembership, CouncilEvent, CouncilEventKind, DisclosedRelationship, Person
from tests.factories.councils import (
    NOW,
    AppointmentFactory,
    BodyFactory,
    BodyMembershipFactory,
    CouncilFactory,
    DisclosedRelationshipFactory,
    ExternalBodyFactory,
    PersonFactory,
    ReportingLineFactory,
)

pytestmark = pytest.mark.django_db


def refused(make, *args, **kwargs) -> str:
    """Runs something the database must refuse; returns the name of the constraint that did."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        make(*args, **kwargs)
    return caught.value.__cause__.diag.constraint_name


def test_runtime_role_owns_nothing():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls, (SELECT count(*) FROM pg_class WHERE relowner = r.oid)"
            " FROM pg_roles r WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("portal_app", False, False, 0)


def test_person_email_in_capitals_is_refused():
    assert refused(PersonFactory, email="Clerk@Council.example") == "person_email_lower"


def test_person_email_twice_is_refused():
    PersonFactory(email="one@people.example")
    assert refused(PersonFactory, email="one@people.example") == "councils_person_email_key"


def test_person_is_found_by_email_however_typed():
    person = PersonFactory(email="one@people.example")
    assert Person.objects.get_by_natural_key(" One@People.EXAMPLE ") == person


def test_person_without_name_is_refused():
    assert refused(PersonFactory, full_name="") == "person_has_name"


def test_person_operator_only_opens_administration():
    assert PersonFactory(is_operator=True).is_staff is True
    assert PersonFactory(is_superuser=True).is_staff is False


def test_create_user_normalises_email():
    person = Person.objects.create_user(" Someone@Council.EXAMPLE ", "a-long-password-1", full_name="Someone")
    assert (person.email, person.check_password("a-long-password-1")) == ("someone@council.example", True)


def test_appointment_overlapping_same_role_is_refused():
    first = AppointmentFactory(ends_on=date(2024, 5, 6))
    again = {"council": first.council, "person": first.person}
    assert refused(AppointmentFactory, **again, starts_on=date(2024, 5, 6)) == "appointment_no_overlap"
    AppointmentFactory(**again, starts_on=date(2024, 5, 7))


def test_appointment_same_role_in_two_councils_is_kept():
    first = AppointmentFactory()
    AppointmentFactory(person=first.person)
    assert Appointment.objects.filter(person=first.person).count() == 2


@pytest.mark.parametrize(
    "role",
    [
        "proper_officer",
        "deputy_proper_officer",
        "chair_of_council",
        "vice_chair_of_council",
        "chief_executive",
        "monitoring_officer",
        "leader",
    ],
)
def test_appointment_second_holder_of_single_office_is_refused(role):
    first = AppointmentFactory(role=role)
    assert refused(AppointmentFactory, council=first.council, role=role) == "appointment_single_holder"
    AppointmentFactory(role=role)


def test_appointment_deputy_beside_absent_holder_is_kept():
    clerk = AppointmentFactory(role="proper_officer")
    deputy = AppointmentFactory(council=clerk.council, role="proper_officer", kind="deputy_acting", acting_for=clerk)
    assert deputy.side == "officer"


@pytest.mark.parametrize("role", ["officer", "proper_officer", "political_assistant"])
def test_appointment_on_both_sides_at_once_is_refused(role):
    councillor = AppointmentFactory(ends_on=date(2024, 5, 6))
    both = {"council": councillor.council, "person": councillor.person, "role": role}
    assert refused(AppointmentFactory, **both, starts_on=date(2024, 1, 1)) == "appointment_one_side"
    AppointmentFactory(**both, starts_on=date(2024, 5, 7))


def test_appointment_moved_onto_the_other_side_is_refused():
    councillor = AppointmentFactory()
    second = AppointmentFactory(council=councillor.council, person=councillor.person, role="leader")
    move = Appointment.objects.filter(pk=second.pk).update
    assert refused(move, role="officer") == "appointment_one_side"


def test_appointment_both_sides_in_two_councils_is_kept():
    councillor = AppointmentFactory()
    assert AppointmentFactory(person=councillor.person, role="officer").side == "officer"


def test_appointment_administrator_beside_either_side_is_kept():
    clerk = AppointmentFactory(role="proper_officer")
    assert AppointmentFactory(council=clerk.council, person=clerk.person, role="protocol_admin").side == ""


def test_appointment_councillor_acting_unpaid_needs_end_reason_and_no_pay():
    councillor = AppointmentFactory()
    acting = {
        "council": councillor.council,
        "person": councillor.person,
        "role": "acting_proper_officer",
        "kind": "councillor_acting_unpaid",
        "starts_on": date(2024, 1, 1),
    }
    complete = {"unpaid": True, "ends_on": date(2024, 3, 1), "vacancy_reason": "Post vacant"}
    for missing in ({"unpaid": False}, {"ends_on": None}, {"vacancy_reason": ""}):
        name = refused(AppointmentFactory, **acting, **{**complete, **missing})
        assert name == "appointment_acting_councillor_unpaid_dated_reasoned"
    AppointmentFactory(**acting, **complete)


def test_appointment_unknown_role_is_refused():
    assert refused(AppointmentFactory, role="grand_vizier") == "appointment_role_known"


def test_appointment_ending_before_it_starts_is_refused():
    assert refused(AppointmentFactory, ends_on=date(2023, 5, 8)) == "appointment_dates_in_order"


def test_appointment_deputy_of_nobody_is_refused():
    name = refused(AppointmentFactory, role="proper_officer", kind="deputy_acting")
    assert name == "appointment_deputy_acts_for_someone"


def test_appointment_deputy_for_oneself_is_refused():
    clerk = AppointmentFactory(role="proper_officer")
    oneself = {"council": clerk.council, "person": clerk.person, "role": "proper_officer"}
    assert refused(AppointmentFactory, **oneself, kind="deputy_acting", acting_for=clerk) == "appointment_no_deputy_circle"


def test_appointment_deputies_in_a_circle_of_three_are_refused():
    council = CouncilFactory()
    one, two, three = (AppointmentFactory(council=council, role="officer") for _ in range(3))
    acting = {"council": council, "role": "officer", "kind": "deputy_acting"}
    AppointmentFactory(**acting, person=two.person, acting_for=one)
    AppointmentFactory(**acting, person=three.person, acting_for=two)
    name = refused(AppointmentFactory, **acting, person=one.person, acting_for=three)
    assert name == "appointment_no_deputy_circle"


def test_appointment_deputy_in_another_council_is_refused():
    clerk = AppointmentFactory(role="proper_officer")
    name = refused(AppointmentFactory, role="proper_officer", kind="deputy_acting", acting_for=clerk)
    assert name == "appointment_acting_for_same_council"


def test_reporting_line_second_manager_is_refused():
    line = ReportingLineFactory()
    assert refused(ReportingLineFactory, council=line.council, officer=line.officer) == "reporting_one_manager"


def test_reporting_line_to_oneself_is_refused():
    person = PersonFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportingLineFactory(officer=person, manager=person)


def test_reporting_line_in_a_circle_is_refused():
    line = ReportingLineFactory()
    name = refused(ReportingLineFactory, council=line.council, officer=line.manager, manager=line.officer)
    assert name == "reporting_no_circle"


def test_body_quorum_above_members_is_refused():
    assert refused(BodyFactory, quorum=4, minimum_members=3) == "body_quorum_within_members"


def test_body_member_twice_at_once_is_refused():
    seat = BodyMembershipFactory()
    assert refused(BodyMembershipFactory, body=seat.body, person=seat.person) == "body_member_no_overlap"


def test_body_second_chair_is_refused():
    seat = BodyMembershipFactory(is_chair=True)
    assert refused(BodyMembershipFactory, body=seat.body, is_chair=True) == "body_one_chair"
    assert BodyMembership.objects.count() == 1


def test_external_body_two_at_once_is_refused():
    body = ExternalBodyFactory()
    name = refused(ExternalBodyFactory, council=body.council, starts_on=date(2020, 1, 1))
    assert name == "external_body_no_overlap"


def test_relationship_with_oneself_is_refused():
    person = PersonFactory()
    assert refused(DisclosedRelationshipFactory, person_a=person, person_b=person) == "relationship_pair_in_order"


def test_relationship_the_other_way_round_is_the_same():
    tie = DisclosedRelationshipFactory()
    name = refused(DisclosedRelationshipFactory, council=tie.council, person_a=tie.person_b, person_b=tie.person_a)
    assert name == "relationship_no_overlap"
    assert DisclosedRelationship.objects.count() == 1


@pytest.mark.parametrize(
    "statement", ["UPDATE councils_councilevent SET by_name = 'x'", "DELETE FROM councils_councilevent", "TRUNCATE councils_councilevent"]
)
def test_event_is_append_only_for_the_runtime_role(statement):
    CouncilEvent.objects.create(at=NOW, by_name="Somebody", kind=CouncilEventKind.APPOINTED)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("statement", ["UPDATE councils_councilevent SET by_name = 'x'", "DELETE FROM councils_councilevent"])
def test_event_is_append_only_for_the_owner_too(owner_connection, statement):
    with owner_connection.transaction(force_rollback=True):
        owner_connection.execute(
            "INSERT INTO councils_councilevent (id, at, by_name, kind, detail)"
            " VALUES (gen_random_uuid(), now(), 'Somebody', 'appointed', '{}')"
        )
        with pytest.raises(Exception, match="council_event_append_only|Cannot"):
            owner_connection.execute(statement)
