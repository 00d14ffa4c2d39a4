"""Who holds what on a day, and the cast a route is resolved with."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from councils import queries
from councils.cast import BodyCast, Holder
from councils.models import Appointment, Council
from tests.factories.councils import (
    TODAY,
    AppointmentFactory,
    BodyFactory,
    BodyMembershipFactory,
    CouncilFactory,
    DisclosedRelationshipFactory,
    ExternalBodyFactory,
    PersonFactory,
    ProtocolVersionFactory,
    ReportingLineFactory,
    in_force,
    town,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def council():
    return CouncilFactory()


@pytest.mark.parametrize("key", ["nowhere", "", "UPPER", "a\x00b", "x" * 41, None, 7, "../etc"])
def test_council_by_key_unknown_is_not_found(key):
    with pytest.raises(Council.DoesNotExist):
        queries.council_by_key(key)


def test_appointments_count_on_their_first_and_last_day(council):
    held = AppointmentFactory(council=council, starts_on=date(2024, 5, 1), ends_on=date(2024, 5, 31))
    days = [date(2024, 4, 30), date(2024, 5, 1), date(2024, 5, 31), date(2024, 6, 1)]
    assert [queries.appointments_of(held.person, on=day) for day in days] == [(), (held,), (held,), ()]
    assert [held.is_current(day) for day in days] == [False, True, True, False]


def test_roles_in_two_councils_are_kept_apart(council):
    councillor = AppointmentFactory(council=council)
    chair = AppointmentFactory(council=council, person=councillor.person, role="chair_of_council")
    officer = AppointmentFactory(person=councillor.person, role="officer")
    person = councillor.person
    assert queries.roles_of(person, council, on=TODAY) == (chair, councillor)
    assert queries.primary_role(person, council, on=TODAY) == "chair_of_council"
    assert queries.side_of(person, council, on=TODAY) == "councillor"
    assert queries.side_of(person, officer.council, on=TODAY) == "officer"
    assert set(queries.councils_of(person, on=TODAY)) == {council, officer.council}


def test_person_without_appointment_has_nothing(council):
    person = PersonFactory()
    assert queries.roles_of(person, council, on=TODAY) == ()
    assert queries.primary_role(person, council, on=TODAY) is None
    assert queries.side_of(person, council, on=TODAY) is None
    assert queries.councils_of(person, on=TODAY) == ()
    assert queries.is_admin(person, council, on=TODAY) is False


def test_admin_is_on_neither_side_and_admin_here_only(council):
    admin = AppointmentFactory(council=council, role="protocol_admin").person
    assert queries.side_of(admin, council, on=TODAY) is None
    assert queries.is_admin(admin, council, on=TODAY) is True
    assert queries.is_admin(admin, CouncilFactory(), on=TODAY) is False


def test_councillor_acting_unpaid_is_still_a_councillor(council):
    councillor = AppointmentFactory(council=council)
    AppointmentFactory(
        council=council,
        person=councillor.person,
        role="acting_proper_officer",
        kind="councillor_acting_unpaid",
        unpaid=True,
        vacancy_reason="Vacancy",
        ends_on=date(2026, 3, 1),
    )
    assert queries.side_of(councillor.person, council, on=TODAY) == "councillor"
    found = queries.cast(council, on=TODAY)
    assert found.sides == {councillor.person_id: "councillor"}
    assert [holder.person_id for holder in found.holders("proper_officer")] == [councillor.person_id]
    AppointmentFactory(council=council, role="proper_officer")
    assert councillor.person_id not in [h.person_id for h in queries.cast(council, on=TODAY).holders("proper_officer")]


def test_people_of_are_those_appointed_that_day_once_each(council):
    chair = AppointmentFactory(council=council, role="chair_of_council", person__full_name="B")
    AppointmentFactory(council=council, person=chair.person)
    clerk = AppointmentFactory(council=council, role="proper_officer", person__full_name="A")
    AppointmentFactory(council=council, ends_on=date(2025, 1, 1))
    AppointmentFactory()
    assert list(queries.people_of(council, on=TODAY)) == [clerk.person, chair.person]


def test_cast_deputy_acting_takes_the_principals_place(council):
    clerk = AppointmentFactory(council=council, role="proper_officer")
    deputy = AppointmentFactory(council=council, role="deputy_proper_officer")
    acting = AppointmentFactory(
        council=council,
        person=deputy.person,
        role="proper_officer",
        kind="deputy_acting",
        acting_for=clerk,
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 1, 31),
    )
    during, after = queries.cast(council, on=TODAY), queries.cast(council, on=date(2026, 2, 1))
    assert during.holders("proper_officer") == (
        Holder(deputy.person_id, "proper_officer", acting_for="proper_officer", appointment=str(acting.pk)),
    )
    assert after.holders("proper_officer") == (Holder(clerk.person_id, "proper_officer", appointment=str(clerk.pk)),)
    assert during.delegates == {clerk.person_id: frozenset((deputy.person_id,))}
    assert after.delegates == {}


def test_cast_delegates_reach_through_deputies_of_deputies(council):
    one, two, three, four = (AppointmentFactory(council=council, role="officer") for _ in range(4))
    for principal, deputy in ((one, two), (two, three), (three, four)):
        AppointmentFactory(council=council, person=deputy.person, role="officer", kind="deputy_acting", acting_for=principal)
    assert queries.cast(council, on=TODAY).delegates == {
        one.person_id: frozenset((two.person_id, three.person_id, four.person_id)),
        two.person_id: frozenset((three.person_id, four.person_id)),
        three.person_id: frozenset((four.person_id,)),
    }


def test_cast_delegates_include_deputies_the_protocol_names(council):
    clerk = AppointmentFactory(council=council, role="proper_officer")
    deputy = AppointmentFactory(council=council, role="deputy_proper_officer")
    assert queries.cast(council, on=TODAY).delegates == {}
    in_force(ProtocolVersionFactory(council=council))
    assert queries.cast(council, on=TODAY).delegates == {clerk.person_id: frozenset((deputy.person_id,))}


def test_cast_directors_are_those_of_the_same_directorate(council):
    def officer(role, directorate):
        return AppointmentFactory(council=council, role=role, directorate=directorate).person_id

    place, people = officer("strategic_director", "Place"), officer("strategic_director", "People")
    planner, adviser, solicitor = officer("officer", "Place"), officer("officer", "People"), officer("officer", "Law")
    assert queries.cast(council, on=TODAY).directors == {planner: place, adviser: people}
    assert solicitor not in queries.cast(council, on=TODAY).directors


def test_cast_holds_lines_bodies_ties_and_externals_of_the_day(council):
    line = ReportingLineFactory(council=council)
    ReportingLineFactory(council=council, ends_on=date(2025, 12, 31))
    body = BodyFactory(council=council)
    chair, member = BodyMembershipFactory(body=body, is_chair=True), BodyMembershipFactory(body=body)
    BodyMembershipFactory(body=body, is_substitute=True)
    BodyMembershipFactory(body=body, ends_on=date(2025, 12, 31))
    tie = DisclosedRelationshipFactory(council=council)
    DisclosedRelationshipFactory()
    ExternalBodyFactory(council=council, ends_on=date(2025, 12, 31), name="Old")
    ExternalBodyFactory(council=council, starts_on=date(2026, 1, 1), name="New")
    found = queries.cast(council, on=TODAY)
    assert found.line_managers == {line.officer_id: line.manager_id}
    assert found.bodies == {"hr_panel": BodyCast("hr_panel", (chair.person_id, member.person_id), quorum=2, chairs=(chair.person_id,))}
    assert found.relationships == {frozenset((tie.person_a_id, tie.person_b_id))}
    assert found.externals == {"principal_mo": "New"}


def test_cast_takes_as_many_queries_for_a_large_council_as_for_a_small_one():
    counts = []
    for size in (1, 30):
        council = CouncilFactory()
        AppointmentFactory.create_batch(size, council=council)
        body = BodyFactory(council=council)
        for appointment in Appointment.objects.filter(council=council):
            BodyMembershipFactory(body=body, person=appointment.person)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            queries.cast(council, on=TODAY)
        counts.append(len(captured))
    assert counts == [1, 1]


def test_protocol_in_force_is_the_one_of_the_day(council):
    first = in_force(ProtocolVersionFactory(council=council), since=date(2024, 1, 1))
    second = in_force(ProtocolVersionFactory(council=council, source="yateley"), since=date(2025, 6, 1))
    days = (date(2023, 12, 31), date(2024, 1, 1), date(2025, 5, 31), date(2025, 6, 1))
    assert [queries.protocol_in_force(council, on=day) for day in days] == [None, first, first, second]


def test_protocol_in_force_does_not_read_the_configuration_twice(council):
    in_force(ProtocolVersionFactory(council=council))
    assert queries.protocol_in_force(council, on=TODAY).protocol.key == "weston"
    with CaptureQueriesContext(connection) as captured:
        version = queries.protocol_in_force(council, on=TODAY)
        assert version.protocol.key == "weston"
    assert len(captured) == 1
    assert '"config"' not in captured[0]["sql"]


def test_protocol_config_prefers_the_one_in_force(council):
    assert queries.protocol_config(council.key) is None
    ProtocolVersionFactory(council=council, source="yateley")
    assert queries.protocol_config(council.key)["key"] == "yateley"
    in_force(ProtocolVersionFactory(council=council))
    assert queries.protocol_config(council.key)["key"] == "weston"


def test_external_body_of_the_day_in_the_demonstration_reorganisation():
    place = town("ilminster")
    names = [queries.external_body(place.council, "principal_mo", on=d).name for d in (date(2023, 3, 31), date(2023, 4, 1))]
    assert names == [
        "Monitoring Officer, South Somerset District Council (demonstration)",
        "Monitoring Officer, Somerset Council (demonstration)",
    ]


def test_law_layer_differs_by_jurisdiction():
    england = {item.id for item in queries.law_layer().in_force("England", TODAY)}
    wales = {item.id for item in queries.law_layer().in_force("Wales", TODAY)}
    assert "L1" in england - wales
    assert "L1W" in wales - england
