"""Officers of outside bodies: who of a principal authority signs in here for this council's referrals."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from councils.actions.ground import explained, lock_council, record, require_admin, require_dates
from councils.actions.people import add_person
from councils.errors import Refusal
from councils.models import Appointment, CouncilEventKind, ExternalBody, ExternalOfficer, OfficerRole, Person


@transaction.atomic
def set_external_officer(
    *,
    external_body: ExternalBody,
    email: str,
    full_name: str,
    role: str,
    starts_on: date,
    ends_on: date | None = None,
    by: Person | None,
    now: datetime,
) -> ExternalOfficer:
    """Says who works for an outside body in which part, from a day on; the same person and day again changes the last day.

    The person is known by e-mail: one sign-in, however many councils name them. Raises Refusal.
    """
    council = lock_council(external_body.council)
    require_admin(council, by, now)
    require_dates(starts_on, ends_on)
    if role not in OfficerRole.values:
        raise Refusal(_("This part isn't known. Choose one from the list."), field="role")
    person = add_person(council=council, email=email, full_name=full_name, by=by, now=now)
    if Appointment.objects.current(starts_on).filter(council=council, person=person).exists():
        raise Refusal(
            _("Whoever holds a post at this council can't work for the body that decides on its councillors. Choose somebody else."),
            field="email",
        )
    found = ExternalOfficer.objects.filter(external_body=external_body, person=person, role=role, starts_on=starts_on).first()
    found = found or ExternalOfficer(external_body=external_body, person=person, role=role, starts_on=starts_on)
    found.ends_on = ends_on
    with explained():
        found.save()
    _record(found, by=by, now=now)
    return found


@transaction.atomic
def end_external_officer(*, officer: ExternalOfficer, ends_on: date, by: Person | None, now: datetime) -> ExternalOfficer:
    """Gives an officer their last day; the day after, nothing is on their desk for this council. Raises Refusal."""
    council = lock_council(officer.external_body.council)
    require_admin(council, by, now)
    require_dates(officer.starts_on, ends_on)
    officer.ends_on = ends_on
    with explained():
        officer.save(update_fields=("ends_on",))
    _record(officer, by=by, now=now)
    return officer


def _record(officer: ExternalOfficer, *, by: Person | None, now: datetime) -> None:
    record(
        CouncilEventKind.EXTERNAL_OFFICER_SET, council=officer.external_body.council, by=by, now=now, external_officer=officer.pk,
        external_body=officer.external_body_id, person=officer.person_id, role=officer.role, starts_on=officer.starts_on,
        ends_on=officer.ends_on,
    )  # fmt: skip
