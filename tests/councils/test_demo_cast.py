"""The demonstration: five councils that can be worked, and a sign-in list that is true."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.utils import timezone

from councils import actions, queries
from councils.errors import Refusal
from councils.models import Appointment, Council, CouncilEvent, Person, ProtocolVersion, ReportingLine
from tests.factories.councils import KEYS, NOW, town

pytestmark = pytest.mark.django_db


def run(*arguments) -> str:
    out = StringIO()
    call_command("demo_cast", *arguments, stdout=out)
    return out.getvalue()


def counts() -> list[int]:
    return [model.objects.count() for model in (Council, Person, Appointment, ReportingLine, ProtocolVersion, CouncilEvent)]


def test_demo_cast_twice_changes_nothing():
    run()
    first = counts()
    run()
    assert counts() == first
    assert sorted(Council.objects.values_list("key", flat=True)) == list(KEYS)
    assert all(Council.objects.values_list("is_demo", flat=True))


def test_demo_cast_has_an_operator_who_holds_no_post():
    printed = run("--list")
    assert "operator@portal.example" not in printed  # nobody is there before the councils are
    run()
    operator = Person.objects.get(email="operator@portal.example")
    assert (operator.is_operator, operator.is_superuser, operator.appointments.count()) == (True, False, 0)
    assert operator.check_password("Demo-portal-2026")
    assert "operator@portal.example" in run("--list")


def test_demo_cast_every_council_has_a_protocol_in_force_and_its_people():
    run()
    on = timezone.localdate()
    for council in Council.objects.all():
        assert queries.protocol_in_force(council, on=on).protocol.key == council.key
        cast = queries.cast(council, on=on)
        head = "chief_executive" if council.kind.startswith("principal") else "proper_officer"
        assert len(cast.holders(head)) == 1
        assert len(cast.holders("chair_of_council")) == 1
        assert len(cast.holders("vice_chair_of_council")) == 1
        assert len(cast.holders("protocol_admin")) == 1
        assert len(cast.holders("councillor")) >= 6
        assert len(cast.relationships) == 1
        assert len(cast.bodies["appeal_panel"].members) == 3
        assert "full_council" in cast.bodies
        assert cast.line_managers
        admin = cast.holders("protocol_admin")[0].person_id
        assert admin not in cast.sides
        assert Appointment.objects.filter(council=council, ends_on=date(2025, 3, 31)).count() == 1


@pytest.mark.parametrize("key", ["alsager", "ilminster", "weston", "yateley"])
def test_demo_cast_town_panels_have_nobody_in_common(key):
    place = town(key)
    bodies = queries.cast(place.council, on=date(2026, 1, 15)).bodies
    panel, appeal = set(bodies["hr_panel"].members), set(bodies["appeal_panel"].members)
    assert 3 <= len(panel) <= 5
    assert panel.isdisjoint(appeal)
    assert (place["chair"].pk in panel) == (key in ("yateley", "ilminster"))


@pytest.mark.parametrize("key", ["alsager", "ilminster", "weston", "yateley"])
def test_demo_cast_town_officers_report_to_the_manager_and_the_clerk(key):
    place = town(key)
    lines = queries.cast(place.council, on=date(2026, 1, 15)).line_managers
    assert lines == {
        place["deputy"].pk: place["clerk"].pk,
        place["manager"].pk: place["clerk"].pk,
        place["officer1"].pk: place["manager"].pk,
        place["officer2"].pk: place["manager"].pk,
        place["officer3"].pk: place["clerk"].pk,
    }


def test_demo_cast_principal_authority_has_directorates():
    place = town("auth5c")
    directors = queries.cast(place.council, on=date(2026, 1, 15)).directors
    assert directors == {
        place["officer1"].pk: place["director1"].pk,
        place["officer4"].pk: place["director1"].pk,
        place["assistantdirector"].pk: place["director1"].pk,
        place["officer2"].pk: place["director2"].pk,
    }


def test_demo_cast_one_person_has_roles_in_two_councils():
    run()
    both = Person.objects.get(email="simon.chard@ilminster.example")
    keys = [council.key for council in queries.councils_of(both, on=timezone.localdate())]
    assert sorted(keys) == ["auth5c", "ilminster"]


def test_demo_cast_list_names_everybody_and_their_password_lets_them_in():
    run()
    listed = run("--list")
    assert all(email in listed for email in Person.objects.values_list("email", flat=True))
    assert listed.count("Demo-portal-2026") == 1
    clerk = Person.objects.get(email="clerk@weston.example")
    assert clerk.check_password("Demo-portal-2026")
    assert "Town Clerk" in next(line for line in listed.splitlines() if clerk.email in line)


def test_demo_cast_keeps_a_password_somebody_changed():
    run()
    clerk = Person.objects.get(email="clerk@weston.example")
    clerk.set_password("something-else-entirely")
    clerk.save()
    run()
    clerk.refresh_from_db()
    assert clerk.check_password("something-else-entirely")


def test_demo_cast_in_production_is_refused(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        run()
    assert Person.objects.count() == 0


def test_load_people_command_twice_then_says_nothing_is_new(tmp_path):
    town("weston")
    out = StringIO()
    from django.conf import settings

    call_command("load_people", str(settings.BASE_DIR / "fixtures" / "people" / "weston.yaml"), stdout=out)
    assert out.getvalue() == "weston.yaml: 18 people of Weston-super-Mare Town Council, 0 new entries.\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is empty"),
        ("[1, 2]", "people.yaml"),
        ("council: nowhere", "no council has this key"),
        ("council: weston\nwizards: []", "“wizards” is not a part of a people file"),
        ("council: weston\npeople: 7", "people must be a list"),
        (
            "council: weston\npeople: [{name: A, email: a@b.example, roles: [{role: wizard, from: 2024-01-01}]}]",
            "people[0]: This role is not known",
        ),
        (
            "council: weston\npeople: [{name: A, email: a@b.example, roles: [{role: officer, from: '2024-02-30'}]}]",
            "“2024-02-30” is not a day",
        ),
        ("council: weston\npeople: [{name: A, email: a@b.example, roles: [{role: officer}]}]", "Enter the first day"),
        ("council: weston\npeople: [{name: A, email: nonsense}]", "Enter an e-mail address in the right form"),
        ("council: weston\npeople: [{name: A, email: a@b.example, roles: 3}]", "roles must be a list"),
        ("council: weston\npeople: [{name: [1], email: a@b.example}]", "must be text"),
        (
            "council: weston\nbodies: [{code: hr_panel, name: X, members: [who@b.example], from: 2024-01-01}]",
            "is not among the file's people",
        ),
        ("council: weston\nbodies: [{code: other, name: X, quorum: many, from: 2024-01-01}]", "Enter a whole number"),
        ("council: weston\nrelationships: [{between: [a@b.example]}]", "between must name two people"),
        ("council: weston\nexternal_bodies: [{code: principal_mo, name: X}]", "Enter the first day"),
    ],
)
def test_load_people_bad_file_says_where_and_changes_nothing(tmp_path, content, words):
    town("weston")
    before = counts()
    path = tmp_path / "people.yaml"
    path.write_text(content)
    with pytest.raises(CommandError) as caught:
        call_command("load_people", str(path))
    assert words in str(caught.value)
    assert counts() == before


def test_load_people_missing_file_is_said(tmp_path):
    with pytest.raises(CommandError, match="can't be read"):
        call_command("load_people", str(tmp_path / "none.yaml"))


def test_load_people_by_a_stranger_is_refused():
    place = town("weston")
    with pytest.raises(Refusal, match="administrator"):
        actions.load_people({"council": "weston"}, by=place["clerk"], now=NOW, source_name="people.yaml")


def test_demo_person_can_authenticate(rf):
    run()
    request = rf.post("/accounts/login/")
    assert authenticate(request, email="chair@yateley.example", password="Demo-portal-2026") == Person.objects.get(
        email="chair@yateley.example"
    )
