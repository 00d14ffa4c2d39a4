"""Bodies, who sits on them, and bodies outside the council."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from councils.actions.ground import (
    explained,
    lock_council,
    plain,
    record,
    require_admin,
    require_dates,
    require_known,
    require_person,
)
from councils.errors import Refusal
from councils.models import Body, BodyMembership, Council, CouncilEventKind, ExternalBody, Person

CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST_MEMBERS = 500


@transaction.atomic
def create_body(*, council: Council, code: str, name: str, quorum: int, minimum_members: int, by: Person | None, now: datetime) -> Body:
    """Creates a body such as "hr_panel", or changes the name and numbers of the one with this code. Raises Refusal."""
    council = lock_council(council)
    require_admin(council, by, now)
    _require_code(code)
    for value, field in ((quorum, "quorum"), (minimum_members, "minimum_members")):
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_MEMBERS:
            raise Refusal(_("Enter a whole number from 1 to {most}.").format(most=MOST_MEMBERS), field=field)
    body = Body.objects.filter(council=council, code=code).first() or Body(council=council, code=code)
    body.name = plain(name, field="name", limit=160, what=_("The name"))
    body.quorum, body.minimum_members = quorum, minimum_members
    with explained():
        body.save()
    record(
        CouncilEventKind.BODY_CREATED,
        council=council,
        by=by,
        now=now,
        body=body.pk,
        code=code,
        quorum=quorum,
        minimum_members=minimum_members,
    )
    return body


@transaction.atomic
def set_body_member(
    *,
    body: Body,
    person: Person,
    starts_on: date,
    ends_on: date | None = None,
    is_chair: bool = False,
    is_substitute: bool = False,
    by: Person | None,
    now: datetime,
) -> BodyMembership:
    """Seats a person on a body, or changes the seat that begins on that day (its last day, chair). Raises Refusal."""
    council = lock_council(body.council)
    require_admin(council, by, now)
    require_dates(starts_on, ends_on)
    require_person(person, field="person")
    require_known(council, person, on=starts_on, field="person")
    seat = BodyMembership.objects.filter(body=body, person=person, starts_on=starts_on).first()
    seat = seat or BodyMembership(body=body, person=person, starts_on=starts_on)
    seat.ends_on, seat.is_chair, seat.is_substitute = ends_on, is_chair, is_substitute
    with explained():
        seat.save()
    record(
        CouncilEventKind.BODY_MEMBER_SET,
        council=council,
        by=by,
        now=now,
        body=body.pk,
        person=person.pk,
        is_chair=is_chair,
        is_substitute=is_substitute,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    return seat


@transaction.atomic
def set_external_body(
    *,
    council: Council,
    code: str,
    name: str,
    starts_on: date,
    ends_on: date | None = None,
    contact: str = "",
    address: str = "",
    by: Person | None,
    now: datetime,
) -> ExternalBody:
    """Says who an outside body is from a day on. The one before ends the day before and names it as successor.

    The row that begins on that very day is changed instead. Raises Refusal.
    """
    council = lock_council(council)
    require_admin(council, by, now)
    _require_code(code)
    require_dates(starts_on, ends_on)
    rows = ExternalBody.objects.filter(council=council, code=code)
    body = rows.filter(starts_on=starts_on).first() or ExternalBody(council=council, code=code, starts_on=starts_on)
    body.name = plain(name, field="name", limit=200, what=_("The name"))
    body.contact = plain(contact, field="contact", limit=254, what=_("The contact"), required=False)
    lines = address.splitlines() if isinstance(address, str) else [address]
    body.address = "\n".join(
        plain(line, field="address", limit=200, what=_("Each line of the address"), required=False) for line in lines[:10]
    )
    body.ends_on = ends_on
    before = rows.filter(starts_on__lt=starts_on).order_by("-starts_on").first()
    with explained():
        if before and (before.ends_on is None or before.ends_on >= starts_on):
            before.ends_on = starts_on - timedelta(days=1)
            before.save(update_fields=("ends_on",))
        body.save()
        if before and before.successor_id is None and before.ends_on == starts_on - timedelta(days=1):
            before.successor = body
            before.save(update_fields=("successor",))
    record(
        CouncilEventKind.EXTERNAL_BODY_SET,
        council=council,
        by=by,
        now=now,
        external_body=body.pk,
        code=code,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    return body


def _require_code(code: object) -> None:
    if not isinstance(code, str) or not CODE.fullmatch(code):
        raise Refusal(_("The code must be up to 40 lower-case letters, digits and underscores, starting with a letter."), field="code")
