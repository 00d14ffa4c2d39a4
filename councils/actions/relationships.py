"""Disclosed relationships. A–B and B–A are one and the same."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from councils import queries
from councils.actions.ground import explained, lock_council, record, require_dates, require_known, require_person, today
from councils.errors import Refusal
from councils.models import Council, CouncilEventKind, DisclosedRelationship, Person, RelationshipKind


@transaction.atomic
def disclose_relationship(
    *,
    council: Council,
    person_a: Person,
    person_b: Person,
    kind: str,
    starts_on: date | None = None,
    ends_on: date | None = None,
    disclosed_by: Person | None = None,
    disclosed_on: date | None = None,
    by: Person | None,
    now: datetime,
) -> DisclosedRelationship:
    """Records a tie between two people of a council, disclosed by one of them (`by`, unless said). Raises Refusal.

    It counts from the day of the disclosure unless `starts_on` says otherwise. Either of the two may record it, and the
    council's protocol administrator.
    """
    council = lock_council(council)
    if person_a == person_b:
        raise Refusal(_("Nobody can disclose a relationship with themselves. Choose another person."), field="person_b")
    _require_party_or_admin(council, by, (person_a.pk, person_b.pk), now)
    if kind not in RelationshipKind.values:
        raise Refusal(_("Choose what kind of relationship it is from the list."), field="kind")
    day = disclosed_on or today(now)
    starts_on = starts_on or day
    require_dates(starts_on, ends_on)
    require_dates(day, None)
    if day > today(now):
        raise Refusal(_("The day of the disclosure can't be in the future."), field="disclosed_on")
    for person, field in ((person_a, "person_a"), (person_b, "person_b")):
        require_known(council, require_person(person, field=field), on=day, field=field)
    first, second = sorted((person_a, person_b), key=lambda person: person.pk)
    disclosed_by = require_person(disclosed_by or by or person_a, field="disclosed_by")
    relationship = DisclosedRelationship(
        council=council,
        person_a=first,
        person_b=second,
        kind=kind,
        disclosed_by=disclosed_by,
        disclosed_on=day,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    with explained():
        relationship.save(force_insert=True)
    record(CouncilEventKind.RELATIONSHIP_DISCLOSED, council=council, by=by, now=now, relationship=relationship.pk)
    return relationship


@transaction.atomic
def end_relationship(*, relationship: DisclosedRelationship, ends_on: date, by: Person | None, now: datetime) -> DisclosedRelationship:
    """Sets the last day of a disclosed relationship. Either of the two may, and the administrator. Raises Refusal."""
    council = lock_council(relationship.council)
    found = DisclosedRelationship.objects.select_for_update().get(pk=relationship.pk)
    _require_party_or_admin(council, by, (found.person_a_id, found.person_b_id), now)
    if not isinstance(ends_on, date):
        raise Refusal(_("Enter the last day."), field="ends_on")
    require_dates(found.starts_on, ends_on)
    with explained():
        found.ends_on = ends_on
        found.save(update_fields=("ends_on",))
    record(CouncilEventKind.RELATIONSHIP_ENDED, council=council, by=by, now=now, relationship=found.pk, ends_on=ends_on)
    return found


def _require_party_or_admin(council: Council, by: Person | None, pair: tuple[UUID, UUID], now: datetime) -> None:
    if by is None or by.pk in pair or by.is_operator or queries.is_admin(by, council, on=today(now)):
        return
    raise Refusal(_("Only the people concerned and this council's protocol administrator can record a relationship."))
