"""Every address that isn't one case's: of a council, of the person, of nobody; each person, each method, no secret."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from councils.models import Appointment, Body, BodyMembership, DisclosedRelationship, ExternalBody, ExternalOfficer
from tests.matrix.cells import ask, canaries, check_title, references, same
from tests.matrix.table import ACCOUNT_ROUTES, COUNCIL_ROUTES, METHODS, PLAIN_ROUTES
from tests.matrix.world import World

pytestmark = pytest.mark.django_db
OWN = {("councils:relationship-end", who) for who in ("councillor4", "officer2")}  # the two whom it ties
ADMINS = {"admin", "double"}
OUTSIDE = {"former", "leaver", "outsider", "operator", "superuser"}  # today; the leaver left on the tenth


def address(world: World, route: str) -> str:
    where = world.town
    ids: dict[str, Any] = {
        "councils:protocol-version": {"version": where.version.pk},
        "councils:protocol-approve": {"version": where.version.pk},
        "councils:protocol-force": {"version": where.version.pk},
        "councils:person": {"person": where["officer1"].pk},
        "councils:reporting-line": {"person": where["officer1"].pk},
        "councils:appointment-end": {"appointment": Appointment.objects.get(person=where["officer1"]).pk},
        "councils:body-member": {"body": Body.objects.get(council=where.council, code="hr_panel").pk},
        "councils:body-member-end": {"membership": BodyMembership.objects.filter(body__council=where.council)[0].pk},
        "councils:external-officer-add": {"body": ExternalBody.objects.get(council=where.council, code="principal_mo").pk},
        "councils:external-officer-end": {"officer": ExternalOfficer.objects.filter(external_body__council=where.council)[0].pk},
        "councils:relationship-end": {"relationship": DisclosedRelationship.objects.filter(council=where.council)[0].pk},
        "councils:absence-end": {"absence": uuid4()},
        "councils:absence-cancel": {"absence": uuid4()},
        "councils:closure-remove": {"closure": uuid4()},
        "councils:occasion-withdraw": {"occasion": uuid4()},
    }
    return reverse(route, kwargs={"key": where.council.key, **ids.get(route, {})})


def no_secret(world: World, who: str, answer: Any) -> None:
    """Nothing of any case."""
    assert canaries(answer) == set(), who
    assert references(world, answer) == set(), who
    check_title(world, answer)
    assert answer["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("route", list(COUNCIL_ROUTES))
def test_council_address_answers_each_person_as_the_table_says(world: World, route: str) -> None:
    url = address(world, route)
    admins, others, strangers = COUNCIL_ROUTES[route]
    nothing = {method: ask(world, "outsider", method, f"/c/nowhere-{uuid4()}/people/add/") for method in METHODS}
    for who in world.people:
        row = admins if who in ADMINS or (route, who) in OWN else strangers if who in OUTSIDE else others
        for method, wanted in zip(METHODS, row.split(), strict=True):
            answer = ask(world, who, method, url)
            if who == "visitor" and wanted != "405":
                assert answer.status_code in ((401, 302) if method == "post" else (302,)), (who, method)
                if answer.status_code == 302:
                    assert answer["Location"].startswith("/accounts/login/?next=/"), (who, method)
            elif route == "concerns:new-in" and who == "admin":
                assert answer.status_code == 404  # keeps the portal, and is neither councillor nor officer
            else:
                assert answer.status_code == int(wanted), (who, method, url)
                if wanted == "404":
                    same(answer, nothing[method])
            no_secret(world, who, answer)


@pytest.mark.parametrize("route", [route for route in PLAIN_ROUTES if route not in ("concerns:home", "concerns:list")])
def test_plain_address_answers_each_person_as_the_table_says(world: World, route: str) -> None:
    signed_in, visitor = PLAIN_ROUTES[route]
    url = reverse(route)
    for who in world.people:
        row = visitor if who == "visitor" else signed_in
        for method, wanted in zip(METHODS, row.split(), strict=True):
            answer = ask(world, who, method, url)
            if wanted == "login":
                assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={url}"), (who, method)
            elif wanted == "any":
                assert answer.status_code < 500 and answer.status_code != 403, (who, method)
            else:
                assert answer.status_code == int(wanted), (who, method)
            no_secret(world, who, answer)


@pytest.mark.parametrize("route", sorted(ACCOUNT_ROUTES))
def test_account_address_shows_nothing_of_a_case_to_anybody(world: World, route: str) -> None:
    keys = dict.fromkeys(("mfa_remove_webauthn", "mfa_edit_webauthn"), {"pk": 1})
    keys |= dict.fromkeys(("openid_connect_login", "openid_connect_callback"), {"provider_id": "organisation"})
    keys["account_reset_password_from_key"] = {"uidb36": "1", "key": "a-b"}
    url = reverse(route, kwargs=keys.get(route, {}))
    for who in world.people:
        for method in METHODS:
            answer = ask(world, who, method, url)
            assert answer.status_code < 500, (who, method, url)
            no_secret(world, who, answer)


def test_council_pages_of_another_council_are_closed_to_an_administrator_of_one(world: World) -> None:
    for route in COUNCIL_ROUTES:
        if "<" in str(route) or route in ("councils:protocol-approve", "councils:protocol-force"):
            continue
        url = address(world, route).replace("/c/weston/", "/c/otherplace/").replace("/new/weston/", "/new/otherplace/")
        assert ask(world, "admin", "get", url).status_code == 404, url
        assert ask(world, "admin", "post", url).status_code in (404, 405), url


def test_ids_of_one_council_open_nothing_under_anothers_address(world: World) -> None:
    where = world.town
    foreign = {
        "councils:person": {"person": where["officer1"].pk},
        "councils:reporting-line": {"person": where["officer1"].pk},
        "councils:protocol-version": {"version": where.version.pk},
        "councils:appointment-end": {"appointment": Appointment.objects.get(person=where["officer1"]).pk},
        "councils:body-member": {"body": Body.objects.get(council=where.council, code="hr_panel").pk},
        "councils:body-member-end": {"membership": BodyMembership.objects.filter(body__council=where.council)[0].pk},
        "councils:relationship-end": {"relationship": DisclosedRelationship.objects.filter(council=where.council)[0].pk},
    }
    for route, ids in foreign.items():  # twoplaces is administrator there, and one of the people here
        url = reverse(route, kwargs={"key": "otherplace", **ids})
        assert ask(world, "twoplaces", "get", url).status_code == 404, url
        assert ask(world, "twoplaces", "post", url).status_code in (404, 405), url
