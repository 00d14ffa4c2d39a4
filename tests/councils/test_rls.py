"""Who the database answers for: set for one transaction, gone after it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory

from councils import rls
from councils.models import Council
from tests.factories.councils import AppointmentFactory, CouncilFactory, PersonFactory

pytestmark = pytest.mark.django_db


def role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return cursor.fetchone()[0]


def answer(person, status=200, path="/", view=None):
    """What a view sees of the database's person during one request."""
    seen = []

    def get_response(request):
        seen.append(rls.current_person())
        if view:
            view()
        return HttpResponse(status=status)

    request = RequestFactory().get(path)
    request.user = person
    response = rls.PersonMiddleware(get_response)(request)
    return response, seen


@pytest.mark.django_db(transaction=True)
def test_set_person_outside_a_transaction_is_refused():
    with pytest.raises(transaction.TransactionManagementError):
        rls.set_person(uuid4())


@pytest.mark.django_db(transaction=True)
def test_set_person_ends_with_the_transaction():
    person = PersonFactory()
    with transaction.atomic():
        rls.set_person(person.pk)
        assert rls.current_person() == person.pk
    assert rls.current_person() is None


@pytest.mark.parametrize("text", ["", "somebody", "1", "00000000-0000-0000-0000-00000000000g", "'; --"])
def test_portal_me_is_nobody_for_what_is_no_id(text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.person', %s, true)", [text])
    assert rls.current_person() is None


def test_as_person_puts_back_who_was_before():
    outer, inner = PersonFactory(), PersonFactory()
    with rls.as_person(outer):
        with rls.as_person(inner):
            assert rls.current_person() == inner.pk
        assert rls.current_person() == outer.pk
        with rls.as_person(None):
            assert rls.current_person() is None
    assert rls.current_person() is None


def test_as_person_after_an_error_leaves_nobody():
    with pytest.raises(ZeroDivisionError), rls.as_person(PersonFactory()):
        raise ZeroDivisionError
    assert rls.current_person() is None


def test_system_work_changes_role_and_back():
    with rls.system_work():
        assert role() == "portal_system"
        with rls.system_work():
            assert role() == "portal_system"
        assert role() == "portal_system"
    assert role() == "portal_app"


def test_system_work_after_an_error_is_over():
    with pytest.raises(ZeroDivisionError), rls.system_work():
        raise ZeroDivisionError
    assert role() == "portal_app"


@pytest.mark.django_db(transaction=True)
def test_system_work_ends_with_its_transaction():
    with rls.system_work():
        assert role() == "portal_system"
    assert role() == "portal_app"


def test_request_is_answered_for_the_person_signed_in():
    person = PersonFactory()
    response, seen = answer(person)
    assert (response.status_code, seen) == (200, [person.pk])


def test_request_of_nobody_or_a_closed_account_is_answered_for_nobody():
    assert answer(AnonymousUser())[1] == [None]
    assert answer(PersonFactory(is_active=False))[1] == [None]


@pytest.mark.django_db(transaction=True)
def test_request_after_another_does_not_inherit_its_person():
    answer(PersonFactory())
    assert answer(AnonymousUser())[1] == [None]
    assert rls.current_person() is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("status", "kept"), [(200, 1), (302, 1), (404, 1), (500, 0), (503, 0)])
def test_request_that_fails_is_rolled_back(status, kept):
    response, _seen = answer(AnonymousUser(), status=status, view=CouncilFactory)
    assert response.status_code == status
    assert Council.objects.count() == kept


def test_request_without_a_required_second_factor_is_sent_to_set_one_up(settings):
    settings.PORTAL_REQUIRE_MFA = True
    person = PersonFactory()
    response, seen = answer(person)
    assert (response.status_code, response["Location"], seen) == (302, "/accounts/2fa/totp/activate/", [])
    assert answer(person, path="/accounts/2fa/totp/activate/")[1] == [None]
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
    assert answer(person)[1] == [person.pk]


def test_request_in_a_council_that_wants_a_second_factor_is_held_back():
    strict = AppointmentFactory(council__require_mfa=True).person
    lenient = AppointmentFactory().person
    assert answer(strict)[0].status_code == 302
    assert answer(lenient)[1] == [lenient.pk]
