"""The only place that tells PostgreSQL who is asking.

`portal.person` is set with SET LOCAL semantics inside a transaction, so it ends with it: with no person set, row-level
security shows no case rows at all. System work (clocks, delivery, sweeps) changes role for one transaction instead;
only tasks and management commands may import `system_work`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from councils.models import Person

SYSTEM_ROLE = "portal_system"

# One statement for a request: the person, unless one of their councils wants a second factor that was not given.
SET_PERSON_IF_COMPLETE = """
SELECT set_config('portal.person', CASE WHEN EXISTS (
    SELECT 1 FROM councils_appointment a JOIN councils_council c ON c.id = a.council_id
    WHERE a.person_id = %(id)s AND c.require_mfa AND a.starts_on <= %(today)s
        AND (a.ends_on IS NULL OR a.ends_on >= %(today)s)
) THEN '' ELSE %(name)s END, true)
"""


def set_person(person_id: UUID | None) -> None:
    """Takes a person's id, or None for nobody; holds until the transaction ends. Raises outside a transaction."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("set_person needs a transaction: a session-wide person would leak.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.person', %s, true)", [str(person_id) if person_id else ""])


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


def gave_second_factor(request: HttpRequest) -> bool:
    """Takes a request; returns whether this session was opened with a second factor."""
    records = request.session.get("account_authentication_methods") or []
    return any(record.get("method") == "mfa" for record in records if isinstance(record, dict))


class PersonMiddleware:
    """Each request is one transaction, answered for the signed-in person; a 5xx rolls it back.

    Sets `request.second_factor_missing`: signed in, but a second factor is required and was not given; the database then
    answers for nobody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with transaction.atomic():
            request.second_factor_missing = not self._name_the_person(request)  # type: ignore[attr-defined]
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response

    def _name_the_person(self, request: HttpRequest) -> bool:
        """Sets the database's person; returns False when they are held back for want of a second factor."""
        person = getattr(request, "user", None)
        if person is None or not person.is_authenticated or not person.is_active:
            set_person(None)
            return True
        if gave_second_factor(request):
            set_person(person.pk)
            return True
        if getattr(settings, "PORTAL_REQUIRE_MFA", False):
            set_person(None)
            return False
        with connection.cursor() as cursor:
            cursor.execute(SET_PERSON_IF_COMPLETE, {"id": person.pk, "name": str(person.pk), "today": timezone.localdate()})
            (named,) = cursor.fetchone()
        return bool(named)
