"""The only place that tells PostgreSQL who is asking.

`portal.person` is set with SET LOCAL semantics inside a transaction, so it ends with it: with no person set, row-level
security shows no case rows at all. System work (clocks, delivery, sweeps) changes role for one transaction instead;
only tasks and management commands may import `system_work`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import logout
from django.db import connection, transaction
from django.shortcuts import redirect
from django.utils import timezone

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from councils.models import Person

SYSTEM_ROLE = "portal_system"

# One statement for a request: the person, unless a second factor is asked of them and they have set none up
# (once they have, signing in needs it; or the directory they came by has asked for one); the portal's clock; and the last day at the council they left last, if any.
NAME_PERSON = """
SELECT set_config('portal.person', CASE WHEN NOT %(factor)s AND NOT EXISTS (
    SELECT 1 FROM mfa_authenticator WHERE user_id = %(id)s
) AND (%(always)s OR (%(in_charge)s AND portal_in_charge(%(id)s, %(today)s)) OR EXISTS (
    SELECT 1 FROM councils_appointment a JOIN councils_council c ON c.id = a.council_id
    WHERE a.person_id = %(id)s AND c.require_mfa AND a.starts_on <= %(today)s
        AND (a.ends_on IS NULL OR a.ends_on >= %(today)s)
)) THEN '' ELSE %(name)s END, true), set_config('portal.now', %(now)s, true), (
    SELECT max(a.ends_on) FROM councils_appointment a WHERE a.person_id = %(id)s AND a.ends_on < %(today)s AND NOT EXISTS (
        SELECT 1 FROM councils_appointment b WHERE b.person_id = %(id)s AND b.council_id = a.council_id
            AND b.starts_on <= %(today)s AND (b.ends_on IS NULL OR b.ends_on >= %(today)s)))
"""

# Addresses that can be used before a second factor is set up.
OPEN_PATHS = ("/accounts/", "/static/", "/healthz", "/language/")
# Set in a session when the council's directory has asked for a second factor itself.
FACTOR_IN_SESSION = "second_factor"


def set_person(person_id: UUID | None) -> None:
    """Takes a person's id, or None for nobody; holds until the transaction ends. Raises outside a transaction."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("set_person needs a transaction: a session-wide person would leak.")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('portal.person', %s, true), set_config('portal.now', %s, true)",
            [str(person_id) if person_id else "", timezone.now().isoformat()],
        )


def current_person() -> UUID | None:
    """Returns the id of the person the database is answering for, or None."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT portal_me()")
        row = cursor.fetchone()
    return row[0] if row else None


@contextmanager
def as_person(person: Person | None) -> Iterator[None]:
    """Takes a person; what runs inside is answered for them. Puts back whoever was set before. Opens a transaction."""
    with transaction.atomic():
        before = current_person()
        set_person(person.pk if person else None)
        yield
        set_person(before)


@contextmanager
def system_work() -> Iterator[None]:
    """Runs what is inside as the system role, in one transaction; back to the ordinary role afterwards.

    An exception rolls the transaction (or savepoint) back, and the role with it.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('role')")
            (before,) = cursor.fetchone()
            cursor.execute(f"SET LOCAL ROLE {SYSTEM_ROLE}")
        yield
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('role', %s, true)", [before])


class PersonMiddleware:
    """Each request is one transaction, answered for the signed-in person; a 5xx rolls it back.

    A person who must set up a second factor, by setting or by one of their councils, is nobody to the database until
    they have, and is sent to do so.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Takes a request; returns the answer given inside the person's transaction. Whether the portal is well is asked without."""
        if request.path == "/healthz" and settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return self.get_response(request)
        with transaction.atomic():
            if not _name_the_person(request) and not request.path.startswith(OPEN_PATHS):
                return redirect("mfa_activate_totp")
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response


def _name_the_person(request: HttpRequest) -> bool:
    """Sets the database's person; returns False when they are held back for want of a second factor.

    A session from before they left a council ends; they may sign in again, for what is their own.
    """
    person = request.user
    if not person.is_authenticated or not person.is_active:
        set_person(None)
        return True
    values: dict[str, Any] = {
        "id": person.pk,
        "name": str(person.pk),
        "factor": bool(getattr(request, "session", {}).get(FACTOR_IN_SESSION)),
        "always": settings.PORTAL_REQUIRE_MFA,
        "in_charge": settings.PORTAL_REQUIRE_MFA_IN_CHARGE,
        "today": timezone.localdate(),
        "now": timezone.now().isoformat(),
    }
    with connection.cursor() as cursor:
        cursor.execute(NAME_PERSON, values)
        named, _clock, left_on = cursor.fetchone()
    if left_on is not None and person.last_login is not None and timezone.localdate(person.last_login) <= left_on:
        logout(request)  # they signed in for a council they are no more part of
        set_person(None)
        return True
    return bool(named)
