"""Bodies, outside bodies and relationships, through their actions."""

from __future__ import annotations

from datetime import date

import pytest

from councils import actions, queries
from councils.errors import Refusal
from councils.models import Body, CouncilEvent, DisclosedRelationship, ExternalBody
from tests.factories.councils import NOW, TODAY, AppointmentFactory, BodyFactory, CouncilFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def council():
    return CouncilFactory()


def refusal(call, **kwargs) -> tuple[str, str | None]:
    with pytest.raises(Refusal) as caught:
        call(**kwargs, by=kwargs.get("by"), now=NOW) if "by" not in kwargs else call(**kwargs, now=NOW)
    return caught.value.message, caught.value.field


def test_create_body_then_change_its_numbers(council):
    body = {"council": council, "code": "hr_panel", "by": None, "now": NOW}
    first = actions.create_body(**body, name="HR panel", quorum=2, minimum_members=3)
    second = actions.create_body(**body, name="Personnel panel", quorum=3, minimum_members=5)
    assert first.pk == second.pk
    assert list(Body.objects.values_list("code", "name", "quorum", "minimum_members")) == [("hr_panel", "Personnel panel", 3, 5)]
    assert CouncilEvent.objects.filter(kind="body_created").count() == 2


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"quorum": 4}, "quorum"),
        ({"quorum": 0}, "quorum"),
        ({"minimum_members": 501}, "minimum_members"),
        ({"code": "HR panel"}, "code"),
        ({"name": " "}, "name"),
    ],
)
def test_create_body_with_bad_input_is_refused(council, changed, field):
    body = {"council": council, "code": "hr_panel", "name": "HR panel", "quorum": 2, "minimum_members": 3}
    assert refusal(actions.create_body, **{**body, **changed})[1] == field


def test_body_member_from_nowhere_is_refused(council):
    body, stranger = BodyFactory(council=council), PersonFactory(full_name="A Stranger")
    assert refusal(actions.set_body_member, body=body, person=stranger, starts_on=TODAY) == (
        "A Stranger has no appointment in this council on that day. Appoint them first.",
        "person",
    )


def test_body_member_set_twice_changes_the_seat(council):
    body, person = BodyFactory(council=council), AppointmentFactory(council=council).person
    seat = {"body": body, "person": person, "starts_on": TODAY, "by": None, "now": NOW}
    first = actions.set_body_member(**seat)
    second = actions.set_body_member(**seat, is_chair=True)
    assert (first.pk, second.is_chair) == (second.pk, True)


def test_body_second_chair_says_so(council):
    body = BodyFactory(council=council)
    one, two = (AppointmentFactory(council=council).person for _ in range(2))
    actions.set_body_member(body=body, person=one, starts_on=TODAY, is_chair=True, by=None, now=NOW)
    assert refusal(actions.set_body_member, body=body, person=two, starts_on=TODAY, is_chair=True) == (
        "This body already has a chair on some of these days.",
        "is_chair",
    )


def test_external_body_succeeds_the_one_before(council):
    mo = {"council": council, "code": "principal_mo", "by": None, "now": NOW}
    actions.set_external_body(**mo, name="District", starts_on=date(2012, 7, 1))
    actions.set_external_body(**mo, name="Unitary", starts_on=date(2023, 4, 1))
    rows = ExternalBody.objects.order_by("starts_on")
    assert [(row.name, row.ends_on, str(row.successor or "")) for row in rows] == [
        ("District", date(2023, 3, 31), "Unitary"),
        ("Unitary", None, ""),
    ]
    assert queries.external_body(council, "principal_mo", on=date(2023, 3, 31)) == rows[0]
    assert queries.external_body(council, "principal_mo", on=date(2023, 4, 1)) == rows[1]


def disclose(council, a, b, **fields):
    fields = {"kind": "family", "by": None, "now": NOW, **fields}
    return actions.disclose_relationship(council=council, person_a=a, person_b=b, **fields)


def test_relationship_disclosed_in_either_order_is_one(council):
    a, b = (AppointmentFactory(council=council).person for _ in range(2))
    made = disclose(council, a, b, by=b)
    assert (made.disclosed_by, made.disclosed_on, made.starts_on) == (b, TODAY, TODAY)
    with pytest.raises(Refusal, match="already disclosed"):
        disclose(council, b, a, by=a)
    assert DisclosedRelationship.objects.count() == 1


def test_relationship_with_oneself_or_a_stranger_or_by_a_bystander_is_refused(council):
    a, b, bystander = (AppointmentFactory(council=council).person for _ in range(3))
    with pytest.raises(Refusal, match="Nobody can disclose a relationship with themselves"):
        disclose(council, a, a)
    with pytest.raises(Refusal, match="has no appointment in this council"):
        disclose(council, a, PersonFactory())
    with pytest.raises(Refusal, match="Only the people concerned"):
        disclose(council, a, b, by=bystander)
    with pytest.raises(Refusal, match="can't be in the future"):
        disclose(council, a, b, disclosed_on=date(2026, 1, 16))
    with pytest.raises(Refusal, match="Choose what kind"):
        disclose(council, a, b, kind="rivalry")
    assert DisclosedRelationship.objects.count() == 0


def test_relationship_ended_leaves_the_cast(council):
    a, b = (AppointmentFactory(council=council).person for _ in range(2))
    made = disclose(council, a, b, starts_on=date(2025, 1, 1))
    actions.end_relationship(relationship=made, ends_on=date(2026, 1, 10), by=a, now=NOW)
    assert queries.cast(council, on=date(2026, 1, 10)).relationships == {frozenset((a.pk, b.pk))}
    assert queries.cast(council, on=TODAY).relationships == frozenset()
