"""Who works for an outside body: one sign-in for several councils, set by each council's administrator on screen."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from councils import actions
from councils.errors import Refusal
from councils.models import CouncilEvent, ExternalBody, ExternalOfficer, Person
from tests.factories.councils import NOW, Town, town

EMAIL = "helena.marsh@authority.example"
NEW = {"email": "new.officer@authority.example", "full_name": "Nora New", "role": "monitoring_officer", "starts_on": date(2026, 1, 1)}


@pytest.fixture
def weston(db: None) -> Town:
    return town("weston")


def body(where: Town, code: str = "principal_mo") -> ExternalBody:
    return ExternalBody.objects.get(council=where.council, code=code, ends_on__isnull=True)


def test_the_same_person_works_for_the_bodies_of_several_councils(weston: Town) -> None:
    town("yateley")
    posts = ExternalOfficer.objects.filter(person__email=EMAIL)
    assert {post.external_body.council.key for post in posts} == {"weston", "yateley"}
    assert Person.objects.filter(email=EMAIL).count() == 1
    assert Person.objects.get(email=EMAIL).appointments.count() == 0


def test_adding_an_officer_makes_an_account_without_a_password(weston: Town) -> None:
    made = actions.set_external_officer(external_body=body(weston), by=weston["admin"], now=NOW, **NEW)  # type: ignore[arg-type]
    assert (made.person.full_name, made.person.has_usable_password()) == ("Nora New", False)
    assert CouncilEvent.objects.filter(council=weston.council.pk, kind="external_officer_set", by_id=weston["admin"].pk).count() == 1
    again = actions.set_external_officer(
        external_body=body(weston), by=weston["admin"], now=NOW, **{**NEW, "ends_on": date(2026, 6, 1)}  # type: ignore[arg-type]
    )
    assert (again.pk, again.ends_on) == (made.pk, date(2026, 6, 1))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"role": "clerk"}, "part isn't known"),
        ({"email": "clerk@weston.example"}, "can't work for the body"),
        ({"email": "nobody"}, "e-mail address in the right form"),
        ({"ends_on": date(2025, 1, 1)}, "last day"),
        ({"full_name": " "}, "full name"),
    ],
)
def test_bad_answers_are_refused_in_words(weston: Town, change: dict[str, object], words: str) -> None:
    with pytest.raises(Refusal, match=words):
        actions.set_external_officer(external_body=body(weston), by=weston["admin"], now=NOW, **{**NEW, **change})  # type: ignore[arg-type]


def test_only_the_councils_administrator_may(weston: Town) -> None:
    for person in (weston["clerk"], weston["chair"], Person.objects.get(email=EMAIL)):
        with pytest.raises(Refusal):
            actions.set_external_officer(external_body=body(weston), by=person, now=NOW, **NEW)  # type: ignore[arg-type]


def test_on_screen_an_officer_is_added_and_ended(weston: Town) -> None:
    browser = Client()
    browser.force_login(weston["admin"], backend="allauth.account.auth_backends.AuthenticationBackend")
    bodies = reverse("councils:bodies", kwargs={"key": "weston"})
    assert "Helena Marsh, Monitoring Officer" in browser.get(bodies).content.decode()
    url = reverse("councils:external-officer-add", kwargs={"key": "weston", "body": body(weston).pk})
    assert browser.post(url, {"sent": "1"}).status_code == 422
    day = {"starts_on_day": "1", "starts_on_month": "1", "starts_on_year": "2026"}
    assert browser.post(url, {"full_name": "Nora New", "email": NEW["email"], "role": "deputy_monitoring_officer", **day}).status_code == 302
    made = ExternalOfficer.objects.get(person__email=NEW["email"])
    assert (made.role, made.starts_on) == ("deputy_monitoring_officer", date(2026, 1, 1))
    end = reverse("councils:external-officer-end", kwargs={"key": "weston", "officer": made.pk})
    assert browser.post(end, {"ends_on_day": "2", "ends_on_month": "2", "ends_on_year": "2026"}).status_code == 302
    made.refresh_from_db()
    assert made.ends_on == date(2026, 2, 2)
    page = browser.get(bodies).content.decode()
    assert "Nora New, Deputy Monitoring Officer" in page


def test_whoever_works_for_a_body_sees_nothing_of_the_council(weston: Town) -> None:
    browser = Client()
    browser.force_login(Person.objects.get(email=EMAIL), backend="allauth.account.auth_backends.AuthenticationBackend")
    for name in ("council", "people", "bodies", "protocol"):
        assert browser.get(reverse(f"councils:{name}", kwargs={"key": "weston"})).status_code == 404
    home = browser.get("/").content.decode()
    assert "Referrals" in home and "Weston" not in home
