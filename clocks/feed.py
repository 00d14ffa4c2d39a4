"""A person's calendar: an address that only they have, with the days on which something waits for them and nothing else.

Nothing is kept but the address's fingerprint. Off by default; turning it on again makes a new address, and the old one ends.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from clocks import reminders
from clocks.domain.feed import Entry, written
from clocks.enums import ObligationKind
from clocks.models import OPEN, CalendarFeed, Obligation
from concerns import outbox, policy
from concerns.models import Participation
from councils import queries as councils
from councils import reviews
from councils.models import Person
from councils.rls import as_person

FOR_ALL = (ObligationKind.HEARING, ObligationKind.COUNCIL_MEETING)  # not only for those who have to act


def fingerprint(token: str) -> str:
    """What is kept of an address."""
    return hashlib.sha256(token.encode()).hexdigest()


def turn_on(*, by: Person, now: datetime) -> str:
    """Make an address for ``by``; returns its secret part, which nobody can ask for again. An earlier one ends."""
    token = secrets.token_urlsafe(32)
    CalendarFeed.objects.update_or_create(person=by, defaults={"fingerprint": fingerprint(token), "made_at": now})
    return token


def turn_off(*, by: Person, now: datetime) -> None:
    """End the address of ``by``, if there is one."""
    CalendarFeed.objects.filter(person=by).delete()


def since(person: Person) -> datetime | None:
    """When the person's address was made; None when there is none."""
    found: datetime | None = CalendarFeed.objects.filter(person=person).values_list("made_at", flat=True).first()
    return found


def owner_of(token: str, *, today: date) -> Person | None:
    """Whose calendar it is; None for an unknown, ended or replaced address, and when the person has no post any more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT calendar_of(%s, %s)", [fingerprint(token), today])
        (found,) = cursor.fetchone()
    return Person.objects.filter(pk=found).first() if found else None


def calendar(token: str, *, now: datetime, today: date) -> bytes | None:
    """The calendar of that address as iCalendar text, in its owner's language; None where there is none."""
    person = owner_of(token, today=today)
    if person is None:
        return None
    with as_person(person):
        entries = [Entry(*found) for found in _dates(person, today)]
    with outbox.in_language(person.language):
        title, name = _("Something is due"), _("Dates")
    return written(entries, secret=fingerprint(token), title=title, name=name, now=now)


def _dates(person: Person, today: date) -> Iterable[tuple[str, date]]:
    mine = Participation.objects.filter(concern=OuterRef("concern"), person=person, until__isnull=True)
    places = [council.pk for council in councils.councils_of(person, on=today)]
    rows = Obligation.objects.filter(OPEN, council__in=places).exclude(kind__in=reminders.OWN_ALERTS)
    acting = Q(capacities__overlap=ArraySubquery(mine.values("capacity")))
    there = Q(kind__in=FOR_ALL) & Exists(mine)
    rows = rows.filter(Q(concern__isnull=False) & (acting | there) | Q(concern__isnull=True, owners__contains=[person.pk]))
    found = list(rows.values_list("id", "concern_id", "due_on"))
    out = _closed_to(person, {concern for _id, concern, _day in found if concern}, today)
    for pk, concern, day in found:
        if concern not in out:
            yield str(pk), day
    yield from reviews.dates(person, today)


def _closed_to(person: Person, concerns: set[UUID], today: date) -> set[UUID]:
    """Of these concerns, the ones whose page would turn the person away today."""
    seen = policy.visible_to(person).filter(pk__in=concerns).annotate(changed=policy.may_be_out(person, on=today))
    known = dict(seen.values_list("pk", "changed"))
    suspects = [pk for pk, changed in known.items() if changed]
    return (concerns - known.keys()) | {pk for pk in suspects if reminders.put_out(pk, {person.pk}, on=today)}
