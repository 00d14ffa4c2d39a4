"""Who gets into which council page: members read, the administrator changes, everybody else finds nothing."""

from __future__ import annotations

from uuid import uuid4

import pytest

from councils.models import Appointment, ProtocolStatus
from tests.councils.views_cast import Place, client, place, today  # noqa: F401
from tests.factories.councils import AppointmentFactory, BodyFactory, BodyMembershipFactory, ProtocolVersionFactory, protocol_file

READ = ["council", "protocol", "protocol-versions", "protocol-version", "people", "person", "bodies", "relationships", "relationship-add"]
ADMIN = [
    "person-add",
    "appointment-add",
    "appointment-end",
    "reporting-line",
    "body-add",
    "body-member",
    "body-member-end",
    "external-add",
    "protocol-approve",
]


def address(place: Place, name: str) -> str:  # noqa: F811
    ids = {
        "protocol-version": {"version": place.version.pk},
        "person": {"person": place.officer.pk},
        "reporting-line": {"person": place.officer.pk},
        "appointment-end": {"appointment": Appointment.objects.get(person=place.officer).pk},
    }
    if name == "body-member":
        ids[name] = {"body": BodyFactory(council=place.council).pk}
    if name == "body-member-end":
        ids[name] = {"membership": BodyMembershipFactory(body=BodyFactory(council=place.council), person=place.member).pk}
    if name == "protocol-approve":
        draft = ProtocolVersionFactory(council=place.council, source="yateley", label="A draft")
        ids[name] = {"version": draft.pk}
    return place.url(name, **ids.get(name, {}))


@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize("who", ["admin", "clerk", "deputy", "officer", "member"])
def test_everybody_of_the_council_reads(place, name, who):  # noqa: F811
    assert client(getattr(place, who)).get(address(place, name)).status_code == 200


@pytest.mark.parametrize("name", ADMIN)
def test_the_administrator_may_change(place, name):  # noqa: F811
    assert client(place.admin).get(address(place, name)).status_code == 200


@pytest.mark.parametrize("name", ADMIN)
@pytest.mark.parametrize("who", ["clerk", "deputy", "officer", "member"])
def test_others_of_the_council_find_no_way_to_change(place, name, who):  # noqa: F811
    browser, url = client(getattr(place, who)), address(place, name)
    assert (browser.get(url).status_code, browser.post(url, {}).status_code) == (404, 404)


@pytest.mark.parametrize("name", READ + ADMIN)
@pytest.mark.parametrize("who", ["former", "outsider"])
def test_strangers_find_nothing(place, name, who):  # noqa: F811
    browser, url = client(getattr(place, who)), address(place, name)
    assert (browser.get(url).status_code, browser.post(url, {}).status_code) in {(404, 404), (404, 405)}


@pytest.mark.parametrize("name", READ + ADMIN)
def test_a_visitor_is_asked_to_sign_in_and_comes_back(place, name):  # noqa: F811
    url = address(place, name)
    response = client(None).get(url)
    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={url}")


def test_an_unknown_council_looks_like_one_of_others(place):  # noqa: F811
    browser = client(place.outsider)
    there, nowhere = browser.get("/c/anytown/"), browser.get("/c/nowhere/")
    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert there.content == nowhere.content


def test_a_page_one_may_not_change_looks_like_one_that_is_not_there(place):  # noqa: F811
    browser = client(place.member)
    contents = {browser.get(url).content for url in (place.url("person-add"), "/c/nowhere/people/", "/no/such/page/")}
    assert len(contents) == 1


@pytest.mark.parametrize("name", ["person", "protocol-version"])
def test_an_unknown_id_is_not_found(place, name):  # noqa: F811
    key = "version" if name == "protocol-version" else name
    assert client(place.admin).get(place.url(name, **{key: uuid4()})).status_code == 404


def test_a_person_of_another_council_is_not_found_here(place):  # noqa: F811
    assert place.get(place.admin, "person", person=place.outsider.pk).status_code == 404


def test_somebody_whose_last_day_was_yesterday_is_out(place):  # noqa: F811
    appointment = Appointment.objects.get(person=place.member)
    appointment.ends_on = appointment.starts_on.replace(year=2026, month=1, day=15)
    appointment.save()
    assert place.get(place.member, "council").status_code == 200
    appointment.ends_on = appointment.ends_on.replace(day=14)
    appointment.save()
    assert place.get(place.member, "council").status_code == 404


def test_page_titles_name_nobody(place):  # noqa: F811
    for name in READ:
        html = client(place.admin).get(address(place, name)).content.decode()
        title = html[html.index("<title>") + 7 : html.index("</title>")]
        assert title.endswith(" – Protocol Portal")
        assert not any(word in title for word in ("Olga", "Anytown", "Officer Olga"))


def test_pages_need_few_queries_however_many_people_there_are(place, django_assert_max_num_queries):  # noqa: F811
    AppointmentFactory.create_batch(30, council=place.council)
    browser = client(place.admin)
    for name in READ:
        url = address(place, name)
        browser.get(url)
        with django_assert_max_num_queries(12):
            browser.get(url)


def test_a_draft_is_marked_as_one(place):  # noqa: F811
    draft = ProtocolVersionFactory(council=place.council, source="auth5c", label="Draft of 2026")
    html = place.get(place.member, "protocol-version", version=draft.pk).content.decode()
    assert draft.status == ProtocolStatus.DRAFT
    assert "Draft: nothing can be raised under it." in html


def test_without_a_version_in_force_the_draft_is_shown_marked(place):  # noqa: F811
    bare = ProtocolVersionFactory(source="auth5c")
    Appointment.objects.create(council=bare.council, person=place.member, role="councillor", starts_on="2024-01-01")
    response = client(place.member).get(f"/c/{bare.council.key}/protocol/")
    assert "Draft: nothing can be raised under it." in response.content.decode()
    hub = client(place.member).get(f"/c/{bare.council.key}/").content.decode()
    assert "No protocol is in force here: nothing can be raised yet." in hub


def test_the_shipped_protocols_all_read(place):  # noqa: F811
    for key in ("alsager", "auth5c", "ilminster", "yateley"):
        version = ProtocolVersionFactory(council=place.council, source=key, label=key)
        html = place.get(place.member, "protocol-version", version=version.pk).content.decode()
        assert "Who to go to" in html
        for route in protocol_file(key)["routes"]:
            assert f"(rule</span> {route['id']})" in html or f"rule {route['id']})" in html
