"""Disclosed relationships. A–B and B–A are one and the same."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from councils import queries
from councils.actions.ground import explained, lock_council, record, require_dates, require_known, today
from councils.errors import Refusal
from councils.models import Council, CouncilEventKind, DisclosedRelationship, Person, RelationshipKind


@transaction.atomic
def disclose_relationship(
    *,
    council_id: UUID,
    person_a_id: UUID,
    person_b_id: UUID,
    kind: str,
    starts_on: date,
    ends_on: date | None = None,
    disclosed_by_id: UUID | None = None,
    disclosed_on: date | None = None,
    by: Person | None,
    now: datetime,
) -> DisclosedRelationship:
    """Records a tie between two people of a council, disclosed by one of them (`by`, unless said). Raises Refusal.

    Either of the two may, and the council's protocol administrator.
    """
    council = lock_council(council_id)
    if person_a_id == person_b_id:
        raise Refusal(_("Nobody can disclose a relationship with themselves. Choose another person."), field="person_b")
    _require_party_or_admin(council, by, (person_a_id, person_b_id), now)
    if kind not in RelationshipKind.values:
        raise Refusal(_("Choose what kind of relationship it is from the list."), field="kind")
    require_dates(starts_on, ends_on)
    day = disclosed_on or today(now)
    require_dates(day, None)
    if day > today(now):
        raise Refusal(_("The day of the disclosure can't be in the future."), field="disclosed_on")
    pair = sorted((_known(council, person_a_id, "person_a", day), _known(council, person_b_id, "person_b", day)), key=_id)
    disclosed_by = disclosed_by_id or (by.pk if by else pair[0].pk)
    if not Person.objects.filter(pk=disclosed_by).exists():
        raise Refusal(_("Say who disclosed it. Choose someone from the list."), field="disclosed_by")
    relationship = DisclosedRelationship(
        council=council,
        person_a=pair[0],
        person_b=pair[1],
        kind=kind,
        disclosed_by_id=disclosed_by,
        disclosed_on=day,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    with explained():
        relationship.save(force_insert=True)
    record(CouncilEventKind.RELATIONSHIP_DISCLOSED, council=council, by=by, now=now, relationship=relationship.pk)
    return relationship


@transaction.atomic
def end_relationship(*, relationship_id: UUID, ends_on: date, by: Person | None, now: datetime) -> DisclosedRelationship:
    """Sets the last day of a disclosed relationship. Either of the two may, and the administrator. Raises Refusal."""
    found = DisclosedRelationship.objects.filter(pk=relationship_id).first()
    if found is None:
        raise Refusal(_("This relationship does not exist."))
    council = lock_council(found.council_id)
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


def _known(council: Council, person_id: UUID, field: str, on: date) -> Person:
    person = Person.objects.filter(pk=person_id).first() if person_id else None
    if person is None:
        raise Refusal(_("This person is not known. Choose someone from the list."), field=field)
    require_known(council, person, on=on, field=field)
    return person


def _id(person: Person) -> UUID:
    return person.pk
