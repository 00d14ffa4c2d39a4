"""Nobody steers a concern by naming a deputy: what is said of deputies after somebody was let in doesn't put them out.

Whoever acts for a person a concern is about never comes to it. Who was on it already when they were named stays, acts for
nobody in it, and is asked whether they are still free to deal with it (``concerns.actions.sweep``). Whoever named them
notices nothing: nobody's part ends, and no booking is refused because of a concern.
"""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Count, Min, Q

from concerns.enums import Capacity, SweepEvent
from concerns.models import Concern, Event, Participation
from councils.models import Appointment, Person
from councils.protocol import Protocol
from councils.queries import Standing


def named_since(concern: Concern, standing: Standing, protocol: Protocol, subjects: Collection[UUID]) -> frozenset[UUID]:
    """The appointments that make somebody act for one of ``subjects``, made after they were let onto ``concern``.

    At any remove: a deputy's deputy is one too. No query unless somebody acts for a subject today.
    """
    acting = standing.acting
    if not acting:
        return frozenset()
    delegates = standing.cast(protocol).delegates
    reached = set(subjects).union(*(delegates.get(person, ()) for person in subjects))
    theirs = {row.id: row.person for row in acting if row.principal in reached}
    parts = Participation.objects.filter(concern=concern, person_id__in=theirs.values()).exclude(capacity=Capacity.RAISER)
    here = parts.values("person_id").annotate(first=Min("since"), now=Count("id", filter=Q(until__isnull=True)))
    since = {row["person_id"]: row["first"] for row in here if row["now"]} if theirs else {}
    if not since:
        return frozenset()
    made = Appointment.objects.filter(pk__in=[pk for pk, person in theirs.items() if person in since], made_at__isnull=False)
    return frozenset(pk for pk, person, at in made.values_list("pk", "person_id", "made_at") if at > since[person])


def to_check(concern: Concern, person: Person, *, on: date) -> bool:
    """Whether ``person`` was asked to check if they are free, and still acts for somebody it is about."""
    facts = Event.objects.filter(concern_id=concern.pk, type=SweepEvent.NAMED_SINCE).values_list("facts", flat=True)
    acting = {pk for row in facts for pk in row["acting"]}
    return bool(acting) and Appointment.objects.current(on).filter(pk__in=acting, person=person).exists()
