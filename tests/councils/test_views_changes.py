"""What the administrator changes: it is recorded, refusals stand beside the field, and what was typed is kept."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from councils.models import (
    Appointment,
    Body,
    BodyMembership,
    DisclosedRelationship,
    ExternalBody,
    Person,
    ProtocolStatus,
    ProtocolVersion,
    ReportingLine,
)
from tests.councils.views_cast import DAY, client, parts, place, today  # noqa: F401
from tests.factories.councils import (
    AppointmentFactory,
    BodyFactory,
    BodyMembershipFactory,
    DisclosedRelationshipFactory,
    ProtocolVersionFactory,
    ReportingLineFactory,
)


def errors(response) -> dict[str, list[str]]:
    assert response.status_code == 422
    return {name: list(messages) for name, messages in response.context["form"].errors.items()}


def test_person_add_opens_an_account_without_a_password_and_appoints(place):  # noqa: F811
    data = {"full_name": "Nia New", "email": "Nia@People.example", "role": "councillor", **parts("starts_on", DAY)}
    response = place.post(place.admin, "person-add", data)
    nia = Person.objects.get(email="nia@people.example")
    assert (response.status_code, response["Location"]) == (302, place.url("people"))
    assert (nia.full_name, nia.has_usable_password()) == ("Nia New", False)
    assert [(a.council, a.role, a.starts_on) for a in nia.appointments.all()] == [(place.council, "councillor", DAY)]


def test_person_add_with_a_bad_address_keeps_what_was_typed(place):  # noqa: F811
    response = place.post(
        place.admin, "person-add", {"full_name": "Nia New", "email": "nia", "role": "councillor", **parts("starts_on", DAY)}
    )
    assert errors(response) == {"email": ["Enter an email address in the correct format, like name@example.com"]}
    assert 'value="Nia New"' in response.content.decode()
    assert 'value="nia"' in response.content.decode()
    assert Person.objects.filter(full_name="Nia New").count() == 0


def test_appointment_add_records_and_says_so(place):  # noqa: F811
    data = {"person": place.member.pk, "role": "chair_of_council", "kind": "substantive", **parts("starts_on", DAY)}
    browser = client(place.admin)
    response = browser.post(place.url("appointment-add"), data, follow=True)
    assert "The appointment is recorded." in response.content.decode()
    assert Appointment.objects.filter(person=place.member, role="chair_of_council", starts_on=DAY, ends_on=None).count() == 1


def test_appointment_twice_over_is_refused_beside_the_role(place):  # noqa: F811
    data = {"person": place.member.pk, "role": "councillor", "kind": "substantive", **parts("starts_on", DAY)}
    response = place.post(place.admin, "appointment-add", data)
    assert errors(response)["role"][0].endswith("Change the dates, or end the other appointment.")
    assert f'<option value="{place.member.pk}" selected>' in response.content.decode()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"starts_on_year": ""}, {"starts_on": ["First day must include a year"]}),
        ({"starts_on_day": "31", "starts_on_month": "2"}, {"starts_on": ["First day must be a real date"]}),
        ({"starts_on_year": "1066"}, {"starts_on": ["The dates must be between 1900 and 2200."]}),
        ({"person": ""}, {"person": ["Choose a person"]}),
        ({"person": "nonsense"}, {"person": ["Choose a person from the list"]}),
        ({"role": ""}, {"role": ["Choose a role"]}),
        ({"role": "emperor"}, {"role": ["Choose one of the options on this page"]}),
        ({"kind": "deputy_acting"}, {"acting_for": ["Choose whose place they act in"]}),
        (
            {"kind": "councillor_acting_unpaid", "role": "proper_officer"},
            {
                "vacancy_reason": ["Enter why the post is vacant"],
                "ends_on": ["Enter a last day: a councillor may act as an officer only for a time"],
            },
        ),
        ({"post_title": "x" * 161}, {"post_title": ["Post must be 160 characters or fewer"]}),
        ({"post_title": "a\x00b"}, {"post_title": ["Null characters are not allowed."]}),
    ],
)
def test_appointment_with_bad_input_says_what_to_do_and_changes_nothing(place, change, expected):  # noqa: F811
    before = Appointment.objects.count()
    data = {"person": place.member.pk, "role": "leader", "kind": "substantive", **parts("starts_on", DAY), **change}
    found = errors(place.post(place.admin, "appointment-add", data))
    if "starts_on_year" in change and change["starts_on_year"] == "1066":
        assert list(found) == ["starts_on"]
        assert "1900" in found["starts_on"][0]
    else:
        assert found == expected
    assert Appointment.objects.count() == before


def test_somebody_of_another_council_cannot_be_appointed_from_the_form(place):  # noqa: F811
    data = {"person": place.outsider.pk, "role": "leader", "kind": "substantive", **parts("starts_on", DAY)}
    assert errors(place.post(place.admin, "appointment-add", data)) == {"person": ["Choose a person from the list"]}


def test_a_deputy_acts_in_somebody_s_place(place):  # noqa: F811
    principal = Appointment.objects.get(person=place.clerk)
    data = {
        "person": place.deputy.pk,
        "role": "proper_officer",
        "kind": "deputy_acting",
        "acting_for": principal.pk,
        **parts("starts_on", DAY),
    }
    assert place.post(place.admin, "appointment-add", data).status_code == 302
    html = place.get(place.member, "people").content.decode()
    assert "acting in place of Cora Clerk" in html


def test_appointment_end_records_the_last_day(place):  # noqa: F811
    row = Appointment.objects.get(person=place.officer)
    response = place.post(place.admin, "appointment-end", parts("ends_on", DAY), appointment=row.pk)
    row.refresh_from_db()
    assert (response.status_code, row.ends_on) == (302, DAY)


def test_appointment_end_before_it_began_is_refused(place):  # noqa: F811
    row = Appointment.objects.get(person=place.officer)
    response = place.post(place.admin, "appointment-end", parts("ends_on", date(2020, 1, 1)), appointment=row.pk)
    assert list(errors(response)) == ["ends_on"]
    row.refresh_from_db()
    assert row.ends_on is None


def test_an_appointment_that_ended_has_nothing_to_end(place):  # noqa: F811
    row = Appointment.objects.get(person=place.former)
    assert place.get(place.admin, "appointment-end", appointment=row.pk).status_code == 404


def test_reporting_line_is_recorded_and_the_one_before_ends(place):  # noqa: F811
    before = ReportingLineFactory(council=place.council, officer=place.officer, manager=place.deputy)
    response = place.post(place.admin, "reporting-line", {"manager": place.clerk.pk, **parts("starts_on", DAY)}, person=place.officer.pk)
    before.refresh_from_db()
    assert (response.status_code, before.ends_on) == (302, date(2026, 1, 14))
    assert ReportingLine.objects.get(starts_on=DAY).manager == place.clerk
    assert "Cora Clerk" in place.get(place.member, "person", person=place.officer.pk).content.decode()


def test_reporting_in_a_circle_is_refused(place):  # noqa: F811
    ReportingLineFactory(council=place.council, officer=place.clerk, manager=place.officer)
    response = place.post(place.admin, "reporting-line", {"manager": place.clerk.pk, **parts("starts_on", DAY)}, person=place.officer.pk)
    assert list(errors(response)) == ["manager"]


def test_body_and_member(place):  # noqa: F811
    data = {"code": "hr_panel", "name": "Personnel Group", "quorum": "2", "minimum_members": "3"}
    assert place.post(place.admin, "body-add", data).status_code == 302
    body = Body.objects.get(council=place.council, code="hr_panel")
    seat = {"person": place.member.pk, "is_chair": "on", **parts("starts_on", DAY)}
    assert place.post(place.admin, "body-member", seat, body=body.pk).status_code == 302
    assert [(m.person, m.is_chair) for m in BodyMembership.objects.all()] == [(place.member, True)]
    html = place.get(place.officer, "bodies").content.decode()
    assert "Personnel Group" in html
    assert "Too few members to act" in html


def test_seat_on_a_body_ends_with_its_last_day(place):  # noqa: F811
    seat = BodyMembershipFactory(body=BodyFactory(council=place.council), person=place.member, is_chair=True)
    assert place.post(place.admin, "body-member-end", parts("ends_on", DAY), membership=seat.pk).status_code == 302
    seat.refresh_from_db()
    assert (seat.ends_on, seat.is_chair, BodyMembership.objects.count()) == (DAY, True, 1)
    before = parts("ends_on", seat.starts_on - timedelta(days=1))
    assert list(errors(place.post(place.admin, "body-member-end", before, membership=seat.pk))) == ["ends_on"]


@pytest.mark.parametrize(("who", "status"), [("admin", 302), ("member", 302), ("officer", 302), ("clerk", 404), ("outsider", 404)])
def test_relationship_is_ended_by_either_of_the_two_or_the_administrator(place, who, status):  # noqa: F811
    row = DisclosedRelationshipFactory(council=place.council, person_a=place.member, person_b=place.officer)
    answer = place.post(getattr(place, who), "relationship-end", parts("ends_on", DAY), relationship=row.pk)
    row.refresh_from_db()
    assert (answer.status_code, row.ends_on) == (status, DAY if status == 302 else None)


@pytest.mark.parametrize(("quorum", "message"), [("0", "1"), ("x", "whole number"), ("", "Enter the quorum")])
def test_body_with_an_impossible_quorum_is_refused(place, quorum, message):  # noqa: F811
    data = {"code": "hr_panel", "name": "Personnel Group", "quorum": quorum, "minimum_members": "3"}
    found = errors(place.post(place.admin, "body-add", data))
    assert list(found) == ["quorum"]
    assert message in found["quorum"][0]


def test_quorum_above_the_members_is_refused_beside_the_quorum(place):  # noqa: F811
    data = {"code": "hr_panel", "name": "Personnel Group", "quorum": "5", "minimum_members": "3"}
    assert list(errors(place.post(place.admin, "body-add", data))) == ["quorum"]


def test_a_stranger_cannot_be_seated(place):  # noqa: F811
    body = BodyFactory(council=place.council)
    seat = {"person": place.outsider.pk, **parts("starts_on", DAY)}
    assert errors(place.post(place.admin, "body-member", seat, body=body.pk)) == {"person": ["Choose a person from the list"]}


def test_outside_body_is_recorded(place):  # noqa: F811
    data = {
        "code": "principal_mo",
        "name": "Monitoring Officer",
        "contact": "mo@district.example",
        "address": "Town Hall\r\nHigh Street",
        **parts("starts_on", DAY),
    }
    assert place.post(place.admin, "external-add", data).status_code == 302
    body = ExternalBody.objects.get(council=place.council)
    assert (body.code, body.contact, body.address) == ("principal_mo", "mo@district.example", "Town Hall\nHigh Street")
    assert "mo@district.example" in place.get(place.member, "bodies").content.decode()


def test_one_s_own_relationship_may_be_disclosed_by_anybody(place):  # noqa: F811
    data = {"person_b": place.officer.pk, "kind": "family", **parts("starts_on", date(2020, 1, 1)), **parts("disclosed_on", DAY)}
    assert place.post(place.member, "relationship-add", data).status_code == 302
    row = DisclosedRelationship.objects.get()
    assert ({row.person_a, row.person_b}, row.disclosed_by) == ({place.member, place.officer}, place.member)


def test_somebody_else_s_relationship_is_not_taken_from_a_member(place):  # noqa: F811
    data = {
        "person_a": place.clerk.pk,
        "person_b": place.officer.pk,
        "kind": "family",
        **parts("starts_on", DAY),
        **parts("disclosed_on", DAY),
    }
    place.post(place.member, "relationship-add", data)
    row = DisclosedRelationship.objects.get()
    assert {row.person_a, row.person_b} == {place.member, place.officer}


def test_a_relationship_is_seen_by_the_two_and_the_administrator_only(place):  # noqa: F811
    DisclosedRelationshipFactory(council=place.council, person_a=place.clerk, person_b=place.member, kind="business")
    seen = {
        who: "Cora Clerk and " in (html := place.get(getattr(place, who), "relationships").content.decode()) or " and Cora Clerk" in html
        for who in ("admin", "clerk", "member", "officer", "deputy")
    }
    assert seen == {"admin": True, "clerk": True, "member": True, "officer": False, "deputy": False}


def test_disclosure_with_oneself_is_refused(place):  # noqa: F811
    data = {
        "person_a": place.clerk.pk,
        "person_b": place.clerk.pk,
        "kind": "family",
        "disclosed_by": place.clerk.pk,
        **parts("starts_on", DAY),
        **parts("disclosed_on", DAY),
    }
    assert list(errors(place.post(place.admin, "relationship-add", data))) == ["person_b"]


def test_disclosure_dated_tomorrow_is_refused(place):  # noqa: F811
    data = {"person_b": place.officer.pk, "kind": "family", **parts("starts_on", DAY), **parts("disclosed_on", date(2026, 1, 16))}
    assert list(errors(place.post(place.member, "relationship-add", data))) == ["disclosed_on"]


def test_a_draft_is_approved_and_brought_into_force(place):  # noqa: F811
    draft = ProtocolVersionFactory(council=place.council, source="yateley", label="Version of 2026")
    approval = {"approving_body": "Full Council", "minute_ref": "26/14", **parts("approved_on", date(2026, 1, 10))}
    assert place.post(place.admin, "protocol-approve", approval, version=draft.pk).status_code == 302
    assert place.post(place.admin, "protocol-force", parts("in_force_from", DAY), version=draft.pk).status_code == 302
    now, before = ProtocolVersion.objects.get(pk=draft.pk), ProtocolVersion.objects.get(pk=place.version.pk)
    assert (now.status, now.approving_body, now.minute_ref) == (ProtocolStatus.IN_FORCE, "Full Council", "26/14")
    assert before.status == ProtocolStatus.SUPERSEDED
    html = place.get(place.member, "protocol-versions").content.decode()
    assert "by Full Council on 10 January 2026. Minute: 26/14" in html


def test_approval_needs_body_date_and_minute(place):  # noqa: F811
    draft = ProtocolVersionFactory(council=place.council, source="yateley", label="Version of 2026")
    found = errors(place.post(place.admin, "protocol-approve", {"approving_body": "", "minute_ref": ""}, version=draft.pk))
    assert found == {
        "approving_body": ["Enter the body that approved it"], "approved_on": ["Enter the date of approval"], "minute_ref": ["Enter the minute"],
    }  # fmt: skip


def test_approval_in_the_future_is_refused(place):  # noqa: F811
    draft = ProtocolVersionFactory(council=place.council, source="yateley", label="Version of 2026")
    approval = {"approving_body": "Full Council", "minute_ref": "26/14", **parts("approved_on", date(2026, 2, 1))}
    assert list(errors(place.post(place.admin, "protocol-approve", approval, version=draft.pk))) == ["approved_on"]


def test_a_version_in_force_has_no_approval_to_record(place):  # noqa: F811
    assert place.get(place.admin, "protocol-approve", version=place.version.pk).status_code == 404
    assert place.get(place.admin, "protocol-force", version=place.version.pk).status_code == 404


def test_two_people_of_one_name_are_told_apart(place):  # noqa: F811
    twin = AppointmentFactory(council=place.council, person__full_name="Max Member").person
    html = place.get(place.admin, "appointment-add").content.decode()
    assert f"Max Member ({twin.email})</option>" in html
    assert f"Max Member ({place.member.email})</option>" in html
    assert "Olga Officer</option>" in html


def test_typed_mark_up_is_shown_as_typed(place):  # noqa: F811
    AppointmentFactory(council=place.council, person__full_name="<b>Bo</b> \u202eBly", post_title="<script>alert(1)</script>")
    for name in ("people", "appointment-add"):
        html = place.get(place.admin, name).content.decode()
        assert "&lt;b&gt;Bo&lt;/b&gt;" in html
        assert "<b>Bo" not in html
        assert "<script>alert" not in html
