"""Who is away from when until when, and who acts in their place. Booked by themselves, or by the administrator for them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from councils import queries
from councils.actions.ground import explained, lock_council, record, require_admin, require_dates, require_known, require_person, today
from councils.errors import Refusal
from councils.models import Absence, Appointment, AppointmentKind, Council, CouncilEventKind, Person
from councils.roles import ADMIN_ROLE

LONGEST_CHAIN = 3  # a deputy, the deputy's deputy, and one more
NO_DEPUTY = ("councillor", "ward_councillor", ADMIN_ROLE)  # a seat or the administration: nobody holds it for somebody else


@transaction.atomic
def book_absence(
    *,
    council: Council,
    person: Person,
    starts_on: date,
    ends_on: date | None = None,
    deputy: Person | None = None,
    by: Person | None,
    now: datetime,
) -> Absence:
    """Says that a person is away, and who acts in every office they hold or act in on those days; returns the absence.

    ``deputy`` None: nobody, and their work goes where the protocol says. Who books for themselves chooses among the
    deputies their protocol names, if it names any. Raises Refusal.
    """
    council = lock_council(council)
    _require_right(council, person, by, now)
    require_dates(starts_on, ends_on)
    if (ends_on or starts_on) < today(now):
        raise Refusal(_("These days are over. Enter days that are still to come, today included."), field="ends_on")
    require_known(council, person, on=max(starts_on, today(now)), field="person")
    absence = Absence(council=council, person=person, starts_on=starts_on, ends_on=ends_on, booked_by=by, booked_at=now)
    with explained():
        absence.save(force_insert=True)
    acting = _stand_in(absence, deputy, by=by, now=now) if deputy is not None else []
    record(
        CouncilEventKind.ABSENCE_BOOKED, council=council, by=by, now=now, absence=absence.pk, person=person.pk,
        starts_on=starts_on, ends_on=ends_on, deputy=deputy.pk if deputy else None, acting=[row.pk for row in acting],
    )  # fmt: skip
    return absence


@transaction.atomic
def end_absence(*, absence: Absence, ends_on: date, by: Person | None, now: datetime) -> Absence:
    """Gives an absence its last day, sooner than was thought; whoever acts ends with it. Raises Refusal."""
    council = lock_council(absence.council)
    absence = _locked(absence)
    _require_right(council, absence.person, by, now)
    if not isinstance(ends_on, date):
        raise Refusal(_("Enter the last day."), field="ends_on")
    require_dates(absence.starts_on, ends_on)
    if absence.ends_on is not None and absence.ends_on < today(now):
        raise Refusal(_("This absence is over. Book a new one for other days."), field="ends_on")
    if absence.ends_on is not None and ends_on > absence.ends_on:
        raise Refusal(_("It ends earlier already. Book another absence for the days after it."), field="ends_on")
    if ends_on < today(now) - timedelta(days=1):
        raise Refusal(_("The last day can be yesterday at the earliest: what was done since was done by whoever acted."), field="ends_on")
    absence.ends_on = ends_on
    with explained():
        absence.save(update_fields=("ends_on",))
        for row in _cover(absence).exclude(ends_on__lte=ends_on):
            _cut(row, ends_on)
    record(CouncilEventKind.ABSENCE_CHANGED, council=council, by=by, now=now, absence=absence.pk, person=absence.person_id, ends_on=ends_on)
    return absence


@transaction.atomic
def cancel_absence(*, absence: Absence, by: Person | None, now: datetime) -> None:
    """Takes back an absence that began today at the earliest, and with it whoever acts: the wrong person, perhaps. Raises Refusal."""
    council = lock_council(absence.council)
    absence = _locked(absence)
    _require_right(council, absence.person, by, now)
    if absence.starts_on < today(now):
        raise Refusal(_("It began before today. Give it a last day instead."))
    for row in _cover(absence):
        _cut(row, absence.starts_on - timedelta(days=1))
    record(CouncilEventKind.ABSENCE_CANCELLED, council=council, by=by, now=now, absence=absence.pk, person=absence.person_id)
    absence.delete()


def deputies_for(person: Person, council: Council, *, on: date) -> list[Person]:
    """Whom the protocol in force names as deputies of what ``person`` holds that day, without themselves; by name."""
    version = queries.protocol_in_force(council, on=on)
    held = {appointment.role for appointment in queries.roles_of(person, council, on=on)}
    named = {deputy for role in held for deputy in (version.protocol.deputies_of(role) if version else ())}
    rows = Appointment.objects.current(on).filter(council=council, role__in=named).exclude(person=person).select_related("person")
    return sorted({row.person for row in rows}, key=lambda someone: someone.full_name)


def _require_right(council: Council, person: Person | None, by: Person | None, now: datetime) -> None:
    person = require_person(person, field="person")
    if by is not None and by.pk == person.pk and queries.roles_of(by, council, on=today(now)):
        return
    require_admin(council, by, now)


def _stand_in(absence: Absence, deputy: Person, *, by: Person | None, now: datetime) -> list[Appointment]:
    """Appoints ``deputy`` to act in each office the absent person holds or acts in on some of the days."""
    council, person = absence.council, absence.person
    if require_person(deputy, field="deputy").pk == person.pk:
        raise Refusal(_("Nobody can deputise for themselves. Choose another person."), field="deputy")
    first = max(absence.starts_on, today(now))
    require_known(council, deputy, on=first, field="deputy")
    if by is not None and by.pk == person.pk and not queries.is_admin(by, council, on=today(now)):
        named = deputies_for(person, council, on=first)
        if named and deputy not in named:
            raise Refusal(_("Your protocol names who deputises for you. Choose them, or ask your council’s protocol administrator."), field="deputy")
    if _away(council, deputy, absence):
        raise Refusal(_("They are away on some of these days themselves. Choose somebody else."), field="deputy")
    acting = []
    for held in _offices(absence):
        require_short_chain(held, deputy)
        last = min((day for day in (absence.ends_on, held.ends_on) if day), default=None)
        row = Appointment(
            council=council, person=deputy, role=held.role, kind=AppointmentKind.DEPUTY_ACTING, acting_for=held, absence=absence,
            directorate=held.directorate, starts_on=max(absence.starts_on, held.starts_on), ends_on=last, made_at=now,
        )  # fmt: skip
        try:
            with explained():
                row.save(force_insert=True)
        except Refusal as refusal:
            raise Refusal(str(refusal.message), field="deputy") from refusal
        acting.append(row)
        record(
            CouncilEventKind.APPOINTED, council=council, by=by, now=now, appointment=row.pk, person=deputy.pk, role=row.role,
            appointment_kind=str(row.kind), starts_on=row.starts_on, ends_on=row.ends_on,
        )  # fmt: skip
    if not acting:
        raise Refusal(_("They hold no office somebody could act in. Leave the deputy empty."), field="deputy")
    return acting


def _offices(absence: Absence) -> list[Appointment]:
    rows = Appointment.objects.filter(council=absence.council, person=absence.person).exclude(role__in=NO_DEPUTY)
    rows = rows.exclude(ends_on__lt=absence.starts_on).exclude(kind=AppointmentKind.COUNCILLOR_ACTING_UNPAID)
    if absence.ends_on:
        rows = rows.exclude(starts_on__gt=absence.ends_on)
    return list(rows.order_by("starts_on", "id"))


def require_short_chain(held: Appointment, deputy: Person, *, field: str = "deputy") -> None:
    """Refuses a deputy of a deputy of a deputy of a deputy, and people who would come to stand in for themselves."""
    links, row = 1, held
    while row.acting_for is not None:
        row, links = row.acting_for, links + 1
        if row.person_id == deputy.pk:
            raise Refusal(_("These people would be standing in for each other, or for themselves. Choose another deputy."), field=field)
    if links > LONGEST_CHAIN:
        raise Refusal(
            _("This would be a deputy of a deputy of a deputy of a deputy. Choose somebody who is there, or appoint a new holder."),
            field=field,
        )


def _away(council: Council, person: Person, during: Absence) -> bool:
    found = Absence.objects.filter(council=council, person=person).exclude(ends_on__lt=during.starts_on)
    return (found.exclude(starts_on__gt=during.ends_on) if during.ends_on else found).exists()


def _locked(absence: Absence) -> Absence:
    found = Absence.objects.select_for_update(of=("self",)).select_related("person", "council").filter(pk=absence.pk).first()
    if found is None:
        raise Refusal(_("Somebody took this absence back in the meantime."))
    return found


def _cover(absence: Absence):
    return Appointment.objects.select_for_update().filter(absence=absence)


def _cut(row: Appointment, ends_on: date) -> None:
    """Ends an acting appointment, and those that act for it; one that hasn't begun goes."""
    for deputy in Appointment.objects.filter(acting_for=row).exclude(ends_on__lte=ends_on):
        _cut(deputy, ends_on)
    if row.starts_on > ends_on:
        row.delete()
        return
    row.ends_on = ends_on
    row.save(update_fields=("ends_on",))
