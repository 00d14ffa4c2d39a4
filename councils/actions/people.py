"""Councils, people, appointments and reporting lines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from councils.actions.absences import require_short_chain
from councils.actions.ground import (
    explained,
    lock_council,
    plain,
    record,
    require_admin,
    require_dates,
    require_known,
    require_person,
    today,
)
from councils.errors import Refusal
from councils.models import (
    Appointment,
    AppointmentKind,
    BodyMembership,
    Council,
    CouncilEventKind,
    Jurisdiction,
    Person,
    ReportingLine,
)
from councils.models.person import normal_email
from councils.queries import KEY
from councils.roles import LABELS, side_of_role


@transaction.atomic
def add_council(
    *, key: str, name: str, kind: str, jurisdiction: str, is_demo: bool = False, must_be_new: bool = False, by: Person | None, now: datetime
) -> Council:
    """Adds a council, or returns the one with this key as it is (`must_be_new`: refuses then). Operators and commands only.

    Raises Refusal.
    """
    if by is not None and not by.is_operator:
        raise Refusal(_("Only the portal's operators can add a council."))
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise Refusal(_("The council's key must be up to 40 lower-case letters, digits and hyphens."), field="key")
    existing = Council.objects.filter(key=key).first()
    if existing and must_be_new:
        raise Refusal(_("Another council has this short name. Choose a different one."), field="key")
    if existing:
        return existing
    if jurisdiction not in Jurisdiction.values:
        raise Refusal(_("The jurisdiction must be England or Wales."), field="jurisdiction")
    council = Council(
        key=key,
        name=plain(name, field="name", limit=200, what=_("The council's name")),
        kind=plain(kind, field="kind", limit=60, what=_("The kind of council"), required=False),
        jurisdiction=jurisdiction,
        is_demo=is_demo,
    )
    with explained():
        council.save(force_insert=True)
    record(CouncilEventKind.COUNCIL_ADDED, council=council, by=by, now=now, key=key)
    return council


@transaction.atomic
def add_person(
    *,
    council: Council,
    email: str,
    full_name: str,
    by: Person | None,
    now: datetime,
    role: str = "",
    starts_on: date | None = None,
    **appointment: Any,
) -> Person:
    """Takes an e-mail and a name; returns the person, new (without a password) or already known under that e-mail.

    With `role` (and whatever else `appoint` takes) they are appointed in the same breath.

    A person already known keeps the name they have: another council's administrator can't change it, nor learn from
    the answer whether they were known. Raises Refusal.
    """
    council = lock_council(council)
    require_admin(council, by, now)
    address = normal_email(plain(email, field="email", limit=254, what=_("An e-mail address")))
    name = plain(full_name, field="full_name", limit=200, what=_("The full name"))
    try:
        validate_email(address)
    except ValidationError:
        raise Refusal(_("Enter an e-mail address in the right form, like name@example.com."), field="email") from None
    person = Person.objects.filter(email=address).first()
    if person is None:
        person = Person(email=address, full_name=name, date_joined=now)
        person.set_unusable_password()
        with explained():
            person.save(force_insert=True)
    record(CouncilEventKind.PERSON_ADDED, council=council, by=by, now=now, person=person.pk)
    if role:
        appoint(council=council, person=person, role=role, starts_on=starts_on, by=by, now=now, **appointment)  # type: ignore[arg-type]
    return person


@transaction.atomic
def appoint(
    *,
    council: Council,
    person: Person,
    role: str,
    starts_on: date,
    ends_on: date | None = None,
    kind: str = AppointmentKind.SUBSTANTIVE,
    acting_for: Appointment | None = None,
    directorate: str = "",
    post_title: str = "",
    advises_members: bool = True,
    politically_restricted: bool = False,
    unpaid: bool = False,
    vacancy_reason: str = "",
    by: Person | None,
    now: datetime,
) -> Appointment:
    """Gives a person a role in a council from a day, until a day or until further notice. Raises Refusal.

    A deputy acting takes the principal's role and needs `acting_for`; a councillor acting as an officer is unpaid, and
    needs a last day and the reason for the vacancy.
    """
    council = lock_council(council)
    require_admin(council, by, now)
    require_person(person, field="person")
    if role not in LABELS:
        raise Refusal(_("This role is not known. Choose one from the list."), field="role")
    if kind not in AppointmentKind.values:
        raise Refusal(_("This kind of appointment is not known. Choose one from the list."), field="kind")
    require_dates(starts_on, ends_on)
    if kind == AppointmentKind.DEPUTY_ACTING:
        _require_principal(council, person, role, acting_for, starts_on)
    if kind == AppointmentKind.COUNCILLOR_ACTING_UNPAID:
        if side_of_role(role) != "officer":
            raise Refusal(_("A councillor acting unpaid fills an officer's role. Choose one."), field="role")
        unpaid = True
        require_known(council, person, on=starts_on, field="person", side="councillor")
    appointment = Appointment(
        council=council,
        person=person,
        role=role,
        kind=kind,
        acting_for=acting_for,
        directorate=plain(directorate, field="directorate", limit=120, what=_("The directorate"), required=False),
        post_title=plain(post_title, field="post_title", limit=160, what=_("The post"), required=False),
        advises_members=advises_members,
        politically_restricted=politically_restricted,
        unpaid=unpaid,
        vacancy_reason=plain(vacancy_reason, field="vacancy_reason", limit=300, what=_("The reason"), required=False),
        starts_on=starts_on,
        ends_on=ends_on,
        made_at=now,
    )
    with explained():
        appointment.save(force_insert=True)
    record(
        CouncilEventKind.APPOINTED,
        council=council,
        by=by,
        now=now,
        appointment=appointment.pk,
        person=person.pk,
        role=role,
        appointment_kind=str(kind),
        starts_on=starts_on,
        ends_on=ends_on,
    )
    return appointment


@transaction.atomic
def end_appointment(*, appointment: Appointment, ends_on: date, by: Person | None, now: datetime) -> Appointment:
    """Sets an appointment's last day, and lets what hangs on it end with it. Raises Refusal.

    Deputies acting for it end on that day too; when nothing else keeps the person in the council afterwards, so do
    their seats on bodies and their reporting lines, both ways.
    """
    council = lock_council(appointment.council)
    require_admin(council, by, now)
    appointment = Appointment.objects.select_for_update().get(pk=appointment.pk)
    if not isinstance(ends_on, date):
        raise Refusal(_("Enter the last day."), field="ends_on")
    require_dates(appointment.starts_on, ends_on)
    if appointment.ends_on is not None and appointment.ends_on < today(now) and ends_on != appointment.ends_on:
        raise Refusal(_("This appointment has already ended. Make a new one instead."), field="ends_on")
    if appointment.ends_on is not None and ends_on > appointment.ends_on:
        raise Refusal(_("This appointment ends earlier already. Make a new one for the days after it."), field="ends_on")
    with explained():
        appointment.ends_on = ends_on
        appointment.save(update_fields=("ends_on",))
        dropped = _end_what_hangs_on(appointment, ends_on)
    record(
        CouncilEventKind.APPOINTMENT_ENDED,
        council=council,
        by=by,
        now=now,
        appointment=appointment.pk,
        person=appointment.person_id,
        role=appointment.role,
        ends_on=ends_on,
        also=dropped,
    )
    return appointment


@transaction.atomic
def end_terms(*, council: Council, people: Iterable[Person], ends_on: date, by: Person | None, now: datetime) -> int:
    """After an election: gives every councillor's post of these people its last day; returns how many posts. Raises Refusal."""
    council = lock_council(council)
    require_admin(council, by, now)
    chosen = {person.pk for person in people}
    if not chosen:
        raise Refusal(_("Choose at least one councillor."), field="people")
    if not isinstance(ends_on, date):
        raise Refusal(_("Enter the last day."), field="ends_on")
    held = Q(side="councillor") | Q(kind=AppointmentKind.COUNCILLOR_ACTING_UNPAID)
    found = Appointment.objects.filter(held, council=council, person__in=chosen, starts_on__lte=ends_on)
    rows = list(found.exclude(ends_on__lte=ends_on).order_by("person_id", "starts_on"))
    if not rows:
        raise Refusal(_("None of them holds a councillor’s post on that day. Check the last day."), field="ends_on")
    for row in rows:
        end_appointment(appointment=row, ends_on=ends_on, by=by, now=now)
    return len(rows)


@transaction.atomic
def set_reporting_line(
    *,
    council: Council,
    officer: Person,
    manager: Person | None,
    starts_on: date,
    ends_on: date | None = None,
    by: Person | None,
    now: datetime,
) -> ReportingLine | None:
    """Says who an officer reports to from a day on; the line before ends the day before. Raises Refusal.

    `manager` None: nobody from that day. Returns the new line, or None.
    """
    council = lock_council(council)
    require_admin(council, by, now)
    require_person(officer, field="officer")
    require_dates(starts_on, ends_on)
    if manager is not None:
        if officer == manager:
            raise Refusal(_("Nobody can be their own line manager. Choose another person."), field="manager")
        require_known(council, officer, on=starts_on, field="officer", side="officer")
        require_known(council, require_person(manager, field="manager"), on=starts_on, field="manager", side="officer")
    line = None
    with explained():
        for before in ReportingLine.objects.current(starts_on).filter(council=council, officer=officer):
            if before.starts_on >= starts_on:
                before.delete()
            else:
                before.ends_on = starts_on - timedelta(days=1)
                before.save(update_fields=("ends_on",))
        if manager is not None:
            line = ReportingLine(council=council, officer=officer, manager=manager, starts_on=starts_on, ends_on=ends_on)
            line.save(force_insert=True)
    record(
        CouncilEventKind.REPORTING_LINE_SET,
        council=council,
        by=by,
        now=now,
        officer=officer.pk,
        manager=manager.pk if manager else None,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    return line


def _require_principal(council: Council, person: Person, role: str, principal: Appointment | None, starts_on: date) -> None:
    if principal is None or principal.council_id != council.pk:
        raise Refusal(_("Say whose place the deputy acts in: choose an appointment of this council."), field="acting_for")
    if principal.person_id == person.pk:
        raise Refusal(_("Nobody can deputise for themselves. Choose another person."), field="acting_for")
    if principal.role != role:
        raise Refusal(_("A deputy acts in the role of the person they stand in for."), field="role")
    if not principal.is_current(starts_on):
        raise Refusal(_("The person they stand in for does not hold the role on that day."), field="starts_on")
    require_short_chain(principal, person, field="acting_for")


def _end_what_hangs_on(appointment: Appointment, ends_on: date) -> list[str]:
    """Ends deputies acting for it, and the seats and lines of a person whom nothing else keeps in the council."""
    dropped: list[str] = []
    for deputy in Appointment.objects.filter(acting_for=appointment).exclude(ends_on__lte=ends_on):
        _cut(deputy, ends_on, dropped)
    others = Appointment.objects.filter(council=appointment.council_id, person=appointment.person_id)
    if others.exclude(pk=appointment.pk).exclude(ends_on__lte=ends_on).exists():
        return dropped
    person, council = appointment.person_id, appointment.council_id
    for seat in BodyMembership.objects.filter(body__council=council, person=person).exclude(ends_on__lte=ends_on):
        _cut(seat, ends_on, dropped)
    lines = ReportingLine.objects.filter(council=council).exclude(ends_on__lte=ends_on)
    for line in (*lines.filter(officer=person), *lines.filter(manager=person)):
        _cut(line, ends_on, dropped)
    return dropped


def _cut(row: Appointment | BodyMembership | ReportingLine, ends_on: date, dropped: list[str]) -> None:
    dropped.append(str(row.pk))
    if isinstance(row, Appointment):
        for deputy in Appointment.objects.filter(acting_for=row).exclude(ends_on__lte=ends_on):
            _cut(deputy, ends_on, dropped)
    if row.starts_on > ends_on:
        row.delete()
        return
    row.ends_on = ends_on
    row.save(update_fields=("ends_on",))
