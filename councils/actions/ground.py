"""What every council action stands on: who may, one lock per council, plain text, and the database's refusals in words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils import queries
from councils.errors import Refusal
from councils.models import Appointment, Council, CouncilEvent, CouncilEventKind, Person

EARLIEST = date(1900, 1, 1)
LATEST = date(2200, 12, 31)

# What each constraint means to the person who ran into it, and the field it is about.
EXPLAINED: dict[str, tuple[Any, str | None]] = {
    "appointment_no_overlap": (
        gettext_lazy("They already hold this role on some of these days. Change the dates, or end the other appointment."),
        "role",
    ),
    "appointment_single_holder": (
        gettext_lazy("Someone holds this role on some of these days, and it has one holder. End that appointment first."),
        "role",
    ),
    "appointment_one_side": (
        gettext_lazy("Nobody can be councillor and officer of one council at once. End the other appointment first."),
        "role",
    ),
    "appointment_role_known": (gettext_lazy("This role is not known. Choose one from the list."), "role"),
    "appointment_kind_known": (gettext_lazy("This kind of appointment is not known. Choose one from the list."), "kind"),
    "appointment_deputy_acts_for_someone": (
        gettext_lazy("Say whose place a deputy acts in, and leave it empty for every other kind of appointment."),
        "acting_for",
    ),
    "appointment_not_for_itself": (gettext_lazy("Nobody can deputise for themselves. Choose another person."), "acting_for"),
    "appointment_no_deputy_circle": (
        gettext_lazy("These people would be standing in for each other, or for themselves. Choose another deputy."),
        "acting_for",
    ),
    "appointment_acting_for_same_council": (
        gettext_lazy("A deputy acts for someone in the same council. Choose an appointment of this council."),
        "acting_for",
    ),
    "appointment_acting_councillor_unpaid_dated_reasoned": (
        gettext_lazy("A councillor acts as an officer unpaid, until a last day, for a stated reason. Fill in all three."),
        "ends_on",
    ),
    "appointment_admin_substantive": (
        gettext_lazy("Nobody deputises for a protocol administrator. Appoint another one instead."),
        "kind",
    ),
    "absence_no_overlap": (
        gettext_lazy("They are away on some of these days already. Change that absence, or choose other days."),
        "starts_on",
    ),
    "external_officer_no_overlap": (
        gettext_lazy("They already have this part in this body on some of these days. Change the dates."),
        "starts_on",
    ),
    "reporting_one_manager": (
        gettext_lazy("This officer already has a line manager on some of these days. Choose other dates."),
        "manager",
    ),
    "reporting_not_to_oneself": (gettext_lazy("Nobody can be their own line manager. Choose another person."), "manager"),
    "reporting_no_circle": (
        gettext_lazy("These officers would be managing each other. Choose another line manager."),
        "manager",
    ),
    "body_code_once_per_council": (
        gettext_lazy("The council has a body with this code. Choose another code."),
        "code",
    ),
    "body_quorum_at_least_one": (gettext_lazy("The quorum must be at least 1."), "quorum"),
    "body_quorum_within_members": (
        gettext_lazy("The quorum can't be more than the fewest members the body is made of."),
        "quorum",
    ),
    "body_member_no_overlap": (
        gettext_lazy("They already sit on this body on some of these days. Change the dates."),
        "person",
    ),
    "body_one_chair": (gettext_lazy("This body already has a chair on some of these days."), "is_chair"),
    "membership_chair_no_substitute": (gettext_lazy("A substitute can't be the chair. Choose one of the two."), "is_chair"),
    "external_body_no_overlap": (
        gettext_lazy("This council already has an external body with this code on some of these days. End it first."),
        "starts_on",
    ),
    "external_body_successor_after_end": (
        gettext_lazy("An external body has a successor only once it has a last day, and never itself."),
        "successor",
    ),
    "closure_no_overlap": (
        gettext_lazy("The office is already closed on some of these days. Change the dates, or remove the other closure."),
        "starts_on",
    ),
    "closure_not_too_long": (gettext_lazy("A closure lasts 31 days at most. Check the last day."), "ends_on"),
    "review_one_open": (gettext_lazy("A review is open already. Conclude it first."), None),
    "review_kept_once_concluded": (gettext_lazy("A concluded review can't be changed."), None),
    "occasion_open_once": (gettext_lazy("This is recorded for that day already."), None),
    "relationship_pair_in_order": (
        gettext_lazy("Nobody can disclose a relationship with themselves. Choose another person."),
        "person_b",
    ),
    "relationship_no_overlap": (
        gettext_lazy("This relationship is already disclosed for some of these days."),
        "person_b",
    ),
    "relationship_kind_known": (gettext_lazy("Choose what kind of relationship it is from the list."), "kind"),
    "councils_council_key_key": (gettext_lazy("Somebody added this council at the same moment. Try again."), "key"),
    "councils_person_email_key": (gettext_lazy("Somebody made the same change at the same moment. Try again."), "email"),
    "council_jurisdiction_known": (gettext_lazy("The jurisdiction must be England or Wales."), "jurisdiction"),
    "protocol_one_in_force": (
        gettext_lazy("Another version came into force in the meantime. Look again before you continue."),
        None,
    ),
    "protocol_content_once": (gettext_lazy("This version is already there."), None),
    "protocol_approval_recorded": (
        gettext_lazy("Enter the body that approved the protocol, the date and the minute. All three are needed."),
        "approving_body",
    ),
    "protocol_immutable": (gettext_lazy("An approved protocol can't be changed. Load a new version instead."), None),
    "protocol_only_forward": (gettext_lazy("A protocol can't go back to an earlier status. Load a new version instead."), None),
    "protocol_kept_once_approved": (gettext_lazy("An approved protocol can't be removed."), None),
}
DATES_IN_ORDER = gettext_lazy("The last day must be the same as or after the first day.")


@contextmanager
def explained() -> Iterator[None]:
    """What the database refuses inside becomes a Refusal in plain words; the transaction around it stays usable."""
    try:
        with transaction.atomic():
            yield
    except (IntegrityError, DatabaseError) as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
        if name.endswith("_dates_in_order"):
            raise Refusal(str(DATES_IN_ORDER), field="ends_on") from error
        if name not in EXPLAINED:
            raise
        message, field = EXPLAINED[name]
        raise Refusal(str(message), field=field) from error


def today(now: datetime) -> date:
    """Takes an aware moment; returns the local date."""
    return timezone.localdate(now)


def lock_council(council: Council | None) -> Council:
    """Takes a council; returns it as it is now, locked to the end of the transaction. Raises Refusal."""
    found = Council.objects.select_for_update().filter(pk=council.pk).first() if council else None
    if found is None:
        raise Refusal(_("This council does not exist. Choose one from the list."), field="council")
    return found


def require_person(person: Person | None, *, field: str) -> Person:
    """Takes what a form chose; returns the person. Raises Refusal for nobody, or somebody nobody knows."""
    if person is None or not Person.objects.filter(pk=person.pk).exists():
        raise Refusal(_("This person is not known. Choose someone from the list."), field=field)
    return person


def require_admin(council: Council, by: Person | None, now: datetime) -> None:
    """Refuses anyone but the council's own protocol administrators, operators, and (by=None) management commands."""
    if by is None or by.is_operator or queries.is_admin(by, council, on=today(now)):
        return
    raise Refusal(_("Only this council's protocol administrator can change this."))


def record(kind: CouncilEventKind, *, council: Council | None, by: Person | None, now: datetime, **detail: Any) -> CouncilEvent:
    """Appends one line to the council's record of changes. Ids, dates and fixed words go in `detail`, nothing of a case."""
    return CouncilEvent.objects.create(
        council=council.pk if council else None,
        at=now,
        by_id=by.pk if by else None,
        by_name=by.full_name if by else _("Management command"),
        kind=kind,
        detail={key: _as_json(value) for key, value in detail.items()},
    )


def keep_day_change(council: Council, *, by: Person | None, now: datetime, **what: Any) -> None:
    """Keeps with the council who changed what counts days: nobody moves the dates of a case they are kept out of."""
    kept = Council.objects.values_list("day_changes", flat=True).get(pk=council.pk)
    kept.append({"at": now.isoformat(), "by": str(by.pk) if by else None, **what})
    Council.objects.filter(pk=council.pk).update(day_changes=kept)
    council.day_changes = kept


def _as_json(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_as_json(part) for part in value]
    return str(value) if isinstance(value, UUID | date) else value


def plain(value: object, *, field: str, limit: int, what: Any, required: bool = True) -> str:
    """Takes typed text; returns it trimmed, on one line, without invisible direction marks. Raises Refusal."""
    if value is None:
        value = ""
    if not isinstance(value, str):
        raise Refusal(_("{what} must be text.").format(what=what), field=field)
    text = "".join(c for c in value.strip() if unicodedata.category(c) != "Cf" or c in "\u200c\u200d")
    if any(unicodedata.category(c) in {"Cc", "Cs"} for c in text):
        raise Refusal(_("{what} contains characters that can't be shown. Remove them and try again.").format(what=what), field=field)
    if required and not text:
        raise Refusal(_("Enter {what}.").format(what=str(what).lower()), field=field)
    if len(text) > limit:
        raise Refusal(_("{what} must be {limit} characters or fewer.").format(what=what, limit=limit), field=field)
    return text


def require_dates(starts_on: object, ends_on: object) -> None:
    """Refuses a missing first day and days no calendar of a council has."""
    if not isinstance(starts_on, date):
        raise Refusal(_("Enter the first day."), field="starts_on")
    for value, field in ((starts_on, "starts_on"), (ends_on, "ends_on")):
        if value is None:
            continue
        if not isinstance(value, date) or not EARLIEST <= _day(value) <= LATEST:
            raise Refusal(_("Enter a date between 1900 and 2200."), field=field)
    if isinstance(ends_on, date) and ends_on < starts_on:
        raise Refusal(str(DATES_IN_ORDER), field="ends_on")


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def require_known(council: Council, person: Person, *, on: date, field: str, side: str = "") -> None:
    """Refuses a person who has no appointment in the council on that day (or none on the side asked for)."""
    held = Appointment.objects.current(on).filter(council=council, person=person)
    if side:
        held = held.filter(side=side)
    if not held.exists():
        message = {
            "": _("{name} has no appointment in this council on that day. Appoint them first."),
            "officer": _("{name} is not an officer of this council on that day. Appoint them first."),
            "councillor": _("{name} is not a councillor of this council on that day. Appoint them first."),
        }[side]
        raise Refusal(message.format(name=person.full_name), field=field)
