"""Load → approve → in force → superseded, and what the database keeps of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django_fsm import TransitionNotAllowed

from councils import actions, queries
from councils.errors import Refusal
from councils.models import Council, CouncilEvent, ProtocolVersion
from tests.factories.councils import (
    NOW,
    TODAY,
    AppointmentFactory,
    CouncilFactory,
    PersonFactory,
    ProtocolVersionFactory,
    in_force,
    protocol_file,
    town,
)

pytestmark = pytest.mark.django_db


def load(data, **fields):
    return actions.load_protocol(data, **{"by": None, "now": NOW, "source_name": "file.yaml", **fields})


def approve(version, **fields):
    adoption = {"approving_body": "Full Council", "approved_on": date(2025, 1, 1), "minute_ref": "12/25"}
    return actions.approve_protocol(version=version, **{**adoption, "by": None, "now": NOW, **fields})


def force(version, since=date(2025, 2, 1)):
    return actions.bring_into_force(version=version, in_force_from=since, by=None, now=NOW)


def claiming(**adoption):
    """A file that says it is in force, with this said of its adoption."""
    data = protocol_file()
    data["protocol"].update(status="in_force", in_force_from="2025-02-01")
    data["protocol"]["adoption"] = {"body": "Full Council", "date": "2025-01-01", "minute_ref": "12/25", **adoption}
    return data


def refused(call, *args, **kwargs) -> str:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        call(*args, **kwargs)
    return caught.value.__cause__.diag.constraint_name


def test_load_adds_the_council_and_a_draft():
    version = load(protocol_file())
    assert (version.status, version.council.key, version.label) == ("DRAFT", "weston", "Member Officer Protocol")
    assert list(CouncilEvent.objects.order_by("kind").values_list("kind", flat=True)) == ["council_added", "protocol_loaded"]


def test_load_twice_is_one_version():
    first, again = load(protocol_file()), load(dict(reversed(protocol_file().items())))
    assert first.pk == again.pk
    assert ProtocolVersion.objects.count() == 1
    assert CouncilEvent.objects.filter(kind="protocol_loaded").count() == 1


def test_load_changed_content_is_another_draft():
    first = load(protocol_file())
    changed = protocol_file()
    changed["protocol"]["title"] = "Another title"
    assert load(changed).pk != first.pk


def test_load_file_in_force_with_body_date_and_minute_is_in_force():
    version = load(claiming())
    assert (version.status, version.in_force_from) == ("IN_FORCE", date(2025, 2, 1))
    assert (version.approving_body, version.approved_on, version.minute_ref) == ("Full Council", date(2025, 1, 1), "12/25")


@pytest.mark.parametrize("printed", [{"minute_ref": None}, {"minute_ref": ""}, {"date": None, "year": 2019}])
def test_load_file_in_force_without_all_three_stays_a_draft(printed):
    assert load(claiming(**printed)).status == "DRAFT"


def test_load_file_in_force_without_the_approving_body_is_refused():
    with pytest.raises(Refusal) as caught:
        load(claiming(body=None))
    assert caught.value.message == "file.yaml has 1 problem. Mend it and load the file again."
    assert ProtocolVersion.objects.count() == 0


def test_load_next_version_in_force_supersedes_the_one_before():
    first = load(claiming())
    data = claiming(date="2025-06-01")
    data["protocol"]["in_force_from"] = "2025-07-01"
    second = load(data)
    first.refresh_from_db(fields=["superseded_on"])
    assert (second.status, first.superseded_on) == ("IN_FORCE", date(2025, 7, 1))
    assert ProtocolVersion.objects.get(pk=first.pk).status == "SUPERSEDED"


@pytest.mark.parametrize("data", [None, [], "text", 7, {}, {"key": "x"}, {"councils": []}])
def test_load_what_is_no_protocol_is_refused_with_the_file_named(data):
    with pytest.raises(Refusal) as caught:
        load(data)
    assert caught.value.field == "file"
    assert "file.yaml" in caught.value.message
    assert Council.objects.count() == 0


def test_load_with_problems_names_each():
    data = protocol_file()
    data["routes"][0]["steps" if "steps" in data["routes"][0] else "to"] = [{"to": "role:grand_vizier"}]
    with pytest.raises(Refusal) as caught:
        load(data)
    assert any("file.yaml" in problem and "routes[0]" in problem for problem in caught.value.problems)
    assert ProtocolVersion.objects.count() == 0


def test_load_of_another_councils_file_is_refused():
    council = CouncilFactory(key="elsewhere")
    with pytest.raises(Refusal, match="another council"):
        load(protocol_file(), council=council)


def test_load_by_someone_who_is_no_administrator_is_refused():
    load(protocol_file())
    with pytest.raises(Refusal, match="administrator"):
        load({**protocol_file(), "name": "Another name"}, by=PersonFactory())


def test_load_by_the_councils_administrator():
    council = load(protocol_file()).council
    admin = AppointmentFactory(council=council, role="protocol_admin").person
    changed = protocol_file()
    changed["protocol"]["title"] = "Second"
    assert load(changed, by=admin, council=council).label == "Second"


def test_load_of_a_new_council_by_a_person_is_refused():
    with pytest.raises(Refusal, match="operators"):
        load(protocol_file(), by=PersonFactory())


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"approving_body": " "}, "approving_body"),
        ({"approved_on": None}, "approved_on"),
        ({"approved_on": TODAY + timedelta(days=1)}, "approved_on"),
        ({"minute_ref": ""}, "minute_ref"),
    ],
)
def test_approve_without_body_date_or_minute_is_refused(fields, field):
    version = ProtocolVersionFactory()
    with pytest.raises(Refusal) as caught:
        approve(version, **fields)
    assert caught.value.field == field
    assert ProtocolVersion.objects.get().status == "DRAFT"


def test_approve_twice_is_refused():
    version = approve(ProtocolVersionFactory())
    with pytest.raises(Refusal, match="already approved"):
        approve(version)


def test_bring_into_force_supersedes_and_keeps_one_in_force():
    first = force(approve(ProtocolVersionFactory()))
    second = approve(ProtocolVersionFactory(council=first.council, source="yateley"))
    second = force(second, date(2025, 9, 1))
    rows = ProtocolVersion.objects.order_by("in_force_from").values_list("status", "in_force_from", "superseded_on")
    assert list(rows) == [
        ("SUPERSEDED", date(2025, 2, 1), date(2025, 9, 1)),
        ("IN_FORCE", date(2025, 9, 1), None),
    ]


@pytest.mark.parametrize("since", [TODAY + timedelta(days=1), date(2024, 12, 31), None])
def test_bring_into_force_on_an_impossible_day_is_refused(since):
    version = approve(ProtocolVersionFactory())
    with pytest.raises(Refusal) as caught:
        force(version, since)
    assert caught.value.field == "in_force_from"


def test_bring_into_force_before_the_one_it_replaces_is_refused():
    first = force(approve(ProtocolVersionFactory()), date(2025, 9, 1))
    second = approve(ProtocolVersionFactory(council=first.council, source="yateley"))
    with pytest.raises(Refusal, match="began after that day"):
        force(second, date(2025, 8, 31))


def test_bring_a_draft_into_force_is_refused():
    with pytest.raises(Refusal, match="Only an approved version"):
        force(ProtocolVersionFactory())


def test_demonstration_adoption_leaves_the_true_draft_a_draft():
    place = town("auth5c")
    assert place.draft.status == ProtocolVersion.objects.get(pk=place.draft.pk).status == "DRAFT"
    assert place.version.label == "Demonstration adoption — not adopted by any council"
    assert (place.version.is_demonstration, place.version.status) == (True, "IN_FORCE")
    assert queries.protocol_in_force(place.council, on=TODAY) == place.version
    assert actions.adopt_demonstration(version=place.draft, by=None, now=NOW) == place.version


def test_demonstration_adoption_by_a_real_council_is_refused():
    with pytest.raises(Refusal, match="Only a demonstration council"):
        actions.adopt_demonstration(version=ProtocolVersionFactory(), by=None, now=NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"config": {}},
        {"label": "Other"},
        {"content_hash": "0" * 64},
        {"minute_ref": "Other"},
        {"approving_body": "Other"},
        {"approved_on": date(2020, 1, 1)},
        {"in_force_from": date(2020, 1, 1)},
        {"is_demonstration": True},
    ],
)
def test_database_refuses_changes_once_approved(change):
    version = in_force(ProtocolVersionFactory())
    assert refused(ProtocolVersion.objects.filter(pk=version.pk).update, **change) == "protocol_immutable"


@pytest.mark.parametrize("status", ["DRAFT", "APPROVED"])
def test_database_refuses_going_back(status):
    version = in_force(ProtocolVersionFactory())
    assert refused(ProtocolVersion.objects.filter(pk=version.pk).update, status=status) == "protocol_only_forward"


def test_database_refuses_skipping_approval():
    version = ProtocolVersionFactory()
    skip = ProtocolVersion.objects.filter(pk=version.pk).update
    assert refused(skip, status="APPROVED") == "protocol_approval_recorded"
    everything = {"approving_body": "A", "approved_on": TODAY, "minute_ref": "1", "in_force_from": TODAY}
    assert refused(skip, status="IN_FORCE", **everything) == "protocol_only_forward"


def test_database_refuses_removal_once_approved():
    version = approve(ProtocolVersionFactory())
    assert refused(ProtocolVersion.objects.filter(pk=version.pk).delete) == "protocol_kept_once_approved"
    ProtocolVersionFactory().delete()
    assert list(ProtocolVersion.objects.all()) == [version]


def test_database_refuses_a_second_in_force():
    first = in_force(ProtocolVersionFactory())
    second = approve(ProtocolVersionFactory(council=first.council, source="yateley"))
    bring = ProtocolVersion.objects.filter(pk=second.pk).update
    assert refused(bring, status="IN_FORCE", in_force_from=TODAY) == "protocol_one_in_force"


def test_status_is_not_assigned_by_hand():
    version = ProtocolVersionFactory()
    with pytest.raises(AttributeError):
        version.status = "IN_FORCE"
    with pytest.raises(TransitionNotAllowed):
        version.supersede()


def test_draft_may_be_mended():
    version = ProtocolVersionFactory()
    ProtocolVersion.objects.filter(pk=version.pk).update(label="Better")
    assert ProtocolVersion.objects.get().label == "Better"
