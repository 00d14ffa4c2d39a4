"""A sixth council, from an invitation to a protocol in force under which a concern goes to the right person."""

from __future__ import annotations

import re
from datetime import date
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from concerns import plan
from councils import queries
from councils.errors import Refusal
from councils.models import (
    Appointment,
    Body,
    BodyMembership,
    Council,
    CouncilEvent,
    CouncilEventKind,
    ExternalBody,
    Person,
    ProtocolVersion,
    ReportingLine,
)
from studio.actions import invitations
from studio.actions.set_up import invite_administrator, name_council
from studio.models import CouncilSetUp, ImportedDocument, Invitation, ProtocolDraft
from studio.queries import set_up as reads
from studio.queries.rehearsals import fingerprint
from tests.councils.views_cast import DAY, MOMENT, client
from tests.factories.councils import AppointmentFactory, CouncilFactory, PersonFactory, town

pytestmark = pytest.mark.django_db
PEOPLE = """Name,Email,Role,Post,Line manager
Carys Clerk,carys@brook.example,Town Clerk; administrator,,
Dewi Deputy,dewi@brook.example,Deputy Clerk,,carys@brook.example
Olive Officer,olive@brook.example,Officer,Parks,
Mair Mayor,mair@brook.example,Councillor; Mayor,,
Ann Able,ann@brook.example,Councillor,,
Ben Bold,ben@brook.example,Councillor,,
Cat Calm,cat@brook.example,Councillor,,
Dan Deep,dan@brook.example,Councillor,,
Eve Even,eve@brook.example,Councillor,,
"""
COUNCIL = {
    "name": "Brook Example Town Council", "kind": "town_council", "jurisdiction": "Wales", "principal": "Example County Council",
    "word_proper_officer": "Town Clerk", "word_chair_of_council": "Mayor", "word_hr_panel": "Personnel Group",
}  # fmt: skip
MINUTE = {
    "approving_body": "Full Council", "minute_ref": "2026/7", "approved_on_day": "12", "approved_on_month": "1", "approved_on_year": "2026",
    "in_force_from_day": "15", "in_force_from_month": "1", "in_force_from_year": "2026",
}  # fmt: skip


@pytest.fixture(autouse=True)
def today() -> Any:
    """The day on which everything happens."""
    with time_machine.travel(MOMENT, tick=False):
        yield


@pytest.fixture
def operator() -> Person:
    """Somebody who runs the portal."""
    return PersonFactory(full_name="Opal Operator", email="op@portal.example", is_operator=True)


@pytest.fixture
def begun(operator: Person) -> CouncilSetUp:
    """A set-up with its council named, by somebody who was invited."""
    row = invite_administrator(email="Carys@brook.example", full_name="Carys Clerk", by=operator, now=MOMENT)
    words = {"proper_officer": "Town Clerk"}
    return name_council(set_up=row, name="Brook Example Town Council", jurisdiction="Wales", words=words, by=row.person, now=MOMENT)


def url(row: CouncilSetUp, name: str = "") -> str:
    return reverse(f"studio:set-up{'-' + name if name else ''}", kwargs={"set_up": row.pk})


def states(row: CouncilSetUp) -> dict[str, str]:
    row.refresh_from_db()
    mark = fingerprint(row.council, on=DAY) if row.council else ""
    return {task.code: task.state for task in reads.tasks(row, on=DAY, fingerprint=mark)}


def pk(email: str) -> str:
    return str(Person.objects.get(email=f"{email}@brook.example").pk)


def test_set_up_from_an_invitation_to_a_concern(operator: Person) -> None:
    answer = client(operator).post(reverse("studio:set-up-invite"), {"who": "invite", "full_name": "Carys Clerk", "email": "carys@brook.example"})
    assert answer.status_code == 302
    row = CouncilSetUp.objects.get()
    assert invitations.send_next(now=MOMENT) and not invitations.send_next(now=MOMENT)
    (letter,) = mail.outbox
    assert letter.to == ["carys@brook.example"]
    assert "Brook" not in letter.subject + letter.body
    link = re.search(r"http://[^/]+(/accounts/password/reset/key/\S+)", letter.body)
    assert link
    newcomer = Client()
    (form, _status) = newcomer.get(link[1], follow=True).redirect_chain[-1]
    assert newcomer.post(form, {"password1": "quite-a-long-word-7", "password2": "quite-a-long-word-7"}).status_code == 302
    row.person.refresh_from_db()
    assert row.person.check_password("quite-a-long-word-7")

    browser = client(row.person)
    assert reverse("studio:set-up", kwargs={"set_up": row.pk}) in browser.get("/").content.decode()
    assert browser.post(url(row, "council"), COUNCIL)["Location"] == url(row)
    row.refresh_from_db()
    council = row.council
    assert (council.key, council.name, council.jurisdiction, council.is_demo) == ("brook-example", "Brook Example Town Council", "Wales", False)
    assert queries.is_admin(row.person, council, on=DAY)
    assert states(row) == {"council": "done", "people": "ready", "protocol": "ready", "who": "waits", "rehearsal": "waits", "adoption": "waits", "ask": "waits"}

    bring = reverse("studio:people-import", kwargs={"key": council.key})
    browser.post(bring, {"file": SimpleUploadedFile("p.csv", PEOPLE.encode())})
    assert browser.post(bring, {"do": "take", "revision": "0"})["Location"] == url(row)
    assert browser.post(url(row, "protocol"), {"source": "plain"})["Location"] == url(row)
    draft = ProtocolDraft.objects.get()
    assert draft.config["vocabulary"]["proper_officer"]["label"] == "Town Clerk"
    assert draft.config["bodies"][0]["label"] == "Personnel Group"
    gists = " ".join(clause["gist"] for clause in draft.config["clauses"])
    assert "goes to the Personnel Group" in gists and "Staffing Panel" not in gists and "the Deputy Town Clerk" not in gists
    assert (draft.config["key"], draft.config["jurisdiction"]) == ("brook-example", "Wales")
    assert states(row)["who"] == "ready"

    shown = browser.get(url(row, "who")).content.decode()
    assert "Personnel Group" in shown and "Monitoring Officer, Example County Council" in shown and "Line manager of Olive Officer" in shown
    parts = {
        "body_hr_panel": [pk("ann"), pk("ben"), pk("cat")], "chair_hr_panel": pk("ann"), "body_appeal_panel": [pk("dan"), pk("eve"), pk("mair")],
        "outside_name": "Monitoring Officer, Example County Council", "outside_contact": "mo@county.example", f"manager_{pk('olive')}": pk("carys"),
    }  # fmt: skip
    wrong = browser.post(url(row, "who"), {**parts, "chair_hr_panel": pk("dan")})
    assert wrong.status_code == 422 and "The chair of a body is one of its members." in wrong.content.decode()
    assert Body.objects.count() == 0
    assert browser.post(url(row, "who"), parts)["Location"] == url(row)
    assert Body.objects.get(code="hr_panel").memberships.filter(is_chair=True).get().person.email == "ann@brook.example"
    assert ExternalBody.objects.get(council=council).contact == "mo@county.example"
    assert ReportingLine.objects.get(officer__email="olive@brook.example").manager.email == "carys@brook.example"

    assert browser.get(url(row, "adoption"))["Location"] == url(row)  # nobody has looked at the rehearsal
    shown = browser.get(url(row, "rehearsal")).content.decode()
    assert re.search(r"Ann Able</th><td[^>]*>Olive Officer</td><td[^>]*>Carys Clerk</td>", shown)
    assert "Nobody has these parts yet" not in shown
    assert "An appeal can be heard only" not in shown
    seat = BodyMembership.objects.filter(body__code="appeal_panel", person__email="dan@brook.example")
    dan, ann = (Person.objects.get(email=f"{name}@brook.example") for name in ("dan", "ann"))
    pk_of_seat = seat.get().pk
    seat.update(person=ann)  # sits on both
    assert "An appeal can be heard only if the first panel is smaller than usual." in browser.get(url(row, "rehearsal")).content.decode()
    BodyMembership.objects.filter(pk=pk_of_seat).update(person=dan)
    assert browser.post(url(row, "rehearsal"), {"seen": "on"})["Location"] == url(row)
    assert states(row)["adoption"] == "ready"
    AppointmentFactory(council=council, person=PersonFactory(), role="officer", starts_on=DAY)
    assert states(row)["rehearsal"] == "ready" and states(row)["adoption"] == "waits"  # somebody new: rehearsed again
    browser.post(url(row, "rehearsal"), {"seen": "on"})
    late = browser.post(url(row, "adoption"), {**MINUTE, "approved_on_year": "2027"})
    assert late.status_code == 422 and "2026/7" in late.content.decode()
    assert browser.post(url(row, "adoption"), MINUTE)["Location"] == url(row)
    version = queries.protocol_in_force(council, on=DAY)
    assert (version.approving_body, version.minute_ref, version.approved_on, version.in_force_from) == ("Full Council", "2026/7", date(2026, 1, 12), DAY)

    assert browser.post(url(row, "ask"), {})["Location"] == url(row)
    assert Invitation.objects.filter(sent_at__isnull=True).count() == 9  # all but whoever has set a password
    ann, olive = (Person.objects.get(email=f"{name}@brook.example") for name in ("ann", "olive"))
    route = plan.make(council=council, version=version, raiser=ann, raiser_role="councillor", subjects=((olive, "officer"),), topic="conduct", on=DAY)
    assert [seat.person.full_name for step in route.steps for seat in step.seats] == ["Carys Clerk"]
    assert browser.get(url(row)).status_code == 200
    assert browser.get(url(row, "council"))["Location"] == url(row)  # finished: changed on the council's own pages


def test_adoption_of_an_own_document_says_that_the_rules_are_still_the_plain_protocols(begun: CouncilSetUp) -> None:
    browser = client(begun.person)

    def adoption() -> str:
        browser.post(url(begun, "rehearsal"), {"seen": "on"})
        return browser.get(url(begun, "adoption")).content.decode()

    browser.post(url(begun, "protocol"), {"source": "plain"})
    told = "no rule rests on one of your own clauses yet"
    shown = adoption()
    assert "Minute" in shown and told not in shown
    document = ImportedDocument.objects.create(
        council=begun.council, title="Our protocol", kind="txt", blocks=[], rows=[{"id": 1, "kind": "clause", "number": "1", "text": "Talk first."}],
        imported_at=MOMENT, changed_at=MOMENT, finished_at=MOMENT, imported_by=begun.person,
    )  # fmt: skip
    browser.post(url(begun, "protocol"), {"source": f"document:{document.pk}"})
    assert told in adoption()
    draft = ProtocolDraft.objects.get(council=begun.council, status="OPEN")
    first, *others = draft.config["routes"]
    ProtocolDraft.objects.filter(pk=draft.pk).update(config=draft.config | {"routes": [first | {"cites": ["1"]}, *others]})
    shown = adoption()
    assert "Minute" in shown and told not in shown


def test_set_up_cannot_take_over_a_council_that_is_there(operator: Person) -> None:
    CouncilFactory(key="brook-example", name="Brook Example Community Council")
    row = invite_administrator(email="carys@brook.example", full_name="Carys", by=operator, now=MOMENT)
    answer = client(row.person).post(url(row, "council"), COUNCIL)
    assert answer.status_code == 422
    assert "Another council has this short name." in answer.content.decode()
    assert Appointment.objects.count() == 0
    assert client(row.person).post(url(row, "council"), {**COUNCIL, "key": "brook-town"}).status_code == 302
    assert Council.objects.get(key="brook-town").appointments.get().person == row.person


def test_set_up_is_the_council_administrators_and_not_its_founders(begun: CouncilSetUp) -> None:
    second = AppointmentFactory(council=begun.council, role="protocol_admin", starts_on=DAY).person
    assert client(second).get(url(begun)).status_code == 200
    Appointment.objects.filter(person=begun.person).update(starts_on=date(2025, 1, 1), ends_on=date(2026, 1, 14))
    founder = client(begun.person)
    assert [founder.get(address).status_code for address in (url(begun), url(begun, "people"), url(begun, "ask"), reverse("studio:set-ups"))] == [404] * 4
    assert url(begun) not in founder.get("/").content.decode()
    assert client(second).get(reverse("studio:set-ups"))["Location"] == url(begun)


def test_set_up_begins_with_another_council_shape_without_its_adoption(begun: CouncilSetUp) -> None:
    town("weston")
    client(begun.person).post(url(begun, "protocol"), {"source": "shape:weston"})
    config = ProtocolDraft.objects.get(council=begun.council).config
    assert (config["key"], config["name"], config["protocol"]["status"]) == ("brook-example", "Brook Example Town Council", "draft")
    assert config["protocol"].get("adoption") is None
    assert len(config["clauses"]) > 30
    assert config["vocabulary"]["proper_officer"]["label"] == "Town Clerk"
    client(begun.person).post(url(begun, "protocol"), {"source": "plain"})
    assert sorted(ProtocolDraft.objects.values_list("status", flat=True)) == ["DISCARDED", "OPEN"]
    assert ProtocolVersion.objects.filter(council=begun.council).count() == 0


def test_set_up_is_somebody_elses_until_invited_again(begun: CouncilSetUp, operator: Person) -> None:
    again = invite_administrator(email="carys@brook.example", full_name="", by=operator, now=MOMENT)
    assert again.pk != begun.pk  # the first has its council
    assert invite_administrator(email="carys@brook.example", full_name="", by=operator, now=MOMENT) == again
    assert Invitation.objects.count() == 1
    stranger = PersonFactory()
    with pytest.raises(Refusal):
        name_council(set_up=again, name="X", jurisdiction="England", words={}, by=stranger, now=MOMENT)
    with pytest.raises(Refusal):
        invite_administrator(email="x@y.example", full_name="X", by=begun.person, now=MOMENT)
    changed = CouncilEvent.objects.filter(kind=CouncilEventKind.COUNCIL_CHANGED)
    assert changed.count() == 0
    name_council(set_up=begun, name="Brook Town Council", jurisdiction="Wales", words={}, by=begun.person, now=MOMENT)
    assert (Council.objects.get(pk=begun.council_id).name, changed.count()) == ("Brook Town Council", 1)


def test_invitation_is_tried_again_and_given_up_in_the_end(begun: CouncilSetUp, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nothing listens there
    row = Invitation.objects.get()
    for _turn in range(invitations.MOST_TRIES):
        row.refresh_from_db()
        assert invitations.send_next(now=row.due_at)
        assert not invitations.send_next(now=row.due_at)
    row.refresh_from_db()
    assert (row.sent_at, row.failed_at is not None, row.attempts) == (None, True, 8)


def test_invite_council_command_asks_and_says_where() -> None:
    out = StringIO()
    call_command("invite_council", "--email", "New@Place.example", "--name", "Nia New", stdout=out)
    row = CouncilSetUp.objects.get()
    assert (row.person.email, row.person.has_usable_password(), row.invited_by) == ("new@place.example", False, None)
    assert url(row) in out.getvalue()
    assert Invitation.objects.get().to_set_up
    client(row.person).post(url(row, "council"), COUNCIL)
    assert Council.objects.get().key == "brook-example"
    with pytest.raises(CommandError, match="right form"):
        call_command("invite_council", "--email", "nobody")
    with pytest.raises(CommandError, match="Enter the full name"):
        call_command("invite_council", "--email", "other@place.example")


def test_operator_sets_a_council_up_alone(operator: Person) -> None:
    answer = client(operator).post(reverse("studio:set-up-invite"), {"who": "me"})
    row = CouncilSetUp.objects.get()
    assert answer["Location"] == url(row, "council")
    assert Invitation.objects.count() == 0
    client(operator).post(url(row, "council"), COUNCIL)
    assert Appointment.objects.get().role == "protocol_admin"
