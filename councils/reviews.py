"""Reads about reviews: where a council stands, and the calendar over a person's councils. Nothing reads the clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from councils import queries
from councils.models import Appointment, Council, OccasionKind, Person, ProtocolReview, ProtocolVersion, ReviewAlert, ReviewOccasion
from councils.protocol.reviewing import Concluded, Occasion, ReviewDate, counting, earliest, reached, schedule
from councils.roles import ADMIN_ROLE

TOLD = (ADMIN_ROLE, "proper_officer", "acting_proper_officer")  # who is told that a review comes up


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a council stands with the review of its protocol."""

    council: Council
    version: ProtocolVersion | None
    dates: tuple[ReviewDate, ...] = ()
    open: ProtocolReview | None = None

    @property
    def due(self) -> ReviewDate | None:
        """The date that counts."""
        return earliest(self.dates)

    @property
    def competing(self) -> tuple[ReviewDate, ...]:
        """All dates that still count, when they aren't one and the same."""
        found = counting(self.dates)
        return found if len({row.on for row in found}) > 1 else ()


def open_occasions(councils: Iterable[Council]) -> QuerySet[ReviewOccasion]:
    """What was recorded and neither answered nor taken back."""
    return ReviewOccasion.objects.filter(council__in=list(councils), settled_by__isnull=True, withdrawn_at__isnull=True)


def standings(councils: Iterable[Council], *, on: date) -> dict[UUID, Standing]:
    """Takes councils and a day; returns where each stands, by id. Three queries, however many there are.

    The text of a version is read once for the life of the process.
    """
    among = list(councils)
    versions = {row.council_id: row for row in _in_force(among, on=on)}
    occasions: dict[UUID, list[ReviewOccasion]] = {}
    for row in open_occasions(among).order_by("on"):
        occasions.setdefault(row.council_id, []).append(row)
    reviews: dict[UUID, list[ProtocolReview]] = {}
    for review in ProtocolReview.objects.filter(council__in=among).order_by("opened_at"):
        reviews.setdefault(review.council_id, []).append(review)
    return {row.pk: _standing(row, versions.get(row.pk), occasions.get(row.pk, []), reviews.get(row.pk, [])) for row in among}


def standing(council: Council, *, on: date) -> Standing:
    """Where one council stands."""
    return standings([council], on=on)[council.pk]


def _in_force(councils: list[Council], *, on: date) -> list[ProtocolVersion]:
    found = queries.in_force(on).filter(council__in=councils).defer("config").order_by("in_force_from", "-superseded_on")
    return list({row.council_id: row for row in found}.values())


def _standing(
    council: Council, version: ProtocolVersion | None, occasions: list[ReviewOccasion], reviews: list[ProtocolReview]
) -> Standing:
    at_work = next((review for review in reviews if review.concluded_on is None), None)
    if version is None:
        return Standing(council, None, open=at_work)
    over = [Concluded(row.concluded_on, row.due_on) for row in reviews if row.concluded_on and row.version_id == version.pk]
    happened = [Occasion(row.kind, row.on) for row in occasions if _counts(row, version)]
    dates = schedule(version.protocol, adopted_on=version.approved_on, occasions=happened, concluded=over)
    return Standing(council, version, dates, at_work)


def _counts(occasion: ReviewOccasion, version: ProtocolVersion) -> bool:
    """What was recorded before a new text came into force, that text answered; a day the council set stays."""
    return occasion.kind == OccasionKind.COUNCIL_DATE or timezone.localdate(occasion.recorded_at) >= (version.in_force_from or date.min)


def calendar(person: Person, *, on: date) -> list[Standing]:
    """The councils a person has an appointment in, the one whose review is due first at the top."""
    found = standings(queries.councils_of(person, on=on), on=on).values()
    return sorted(found, key=lambda row: (row.due is None, row.due.on if row.due else date.max, row.council.name))


def told(council: Council, *, on: date) -> list[Person]:
    """Who is told that the review comes up: the administrators, the clerk, and whoever acts for the clerk."""
    held = Appointment.objects.current(on).filter(council=council, person__is_active=True)
    held = held.filter(Q(role__in=TOLD) | Q(acting_for__role__in=TOLD)).select_related("person").order_by("person__full_name")
    return list({row.person_id: row.person for row in held}.values())


def standing_alerts(person: Person, *, on: date) -> list[ReviewAlert]:
    """The alerts that stand for a person today: one per council, of those they keep or are clerk of. One query."""
    mine = Appointment.objects.current(on).filter(Q(role__in=TOLD) | Q(acting_for__role__in=TOLD), person=person)
    rows = ReviewAlert.objects.filter(ended_at__isnull=True, council__in=mine.values("council_id")).select_related("council")
    return list({row.council_id: row for row in rows.order_by("-step")}.values())


def to_alert(*, on: date) -> list[Council]:
    """The councils for which an alert's day has come and nothing was said, or whose alert stands for a day that counts no more."""
    said: dict[UUID, dict[tuple[date, int], bool]] = {}
    for council, due_on, step, ended in ReviewAlert.objects.values_list("council_id", "due_on", "step", "ended_at"):
        said.setdefault(council, {})[due_on, step] = ended is None
    found = []
    for row in standings(Council.objects.all(), on=on).values():
        known, due = said.get(row.council.pk, {}), row.due.on if row.due else None
        steps = reached(due, on) if due else ()
        outdated = any(stands and day != due for (day, _step), stands in known.items())
        if outdated or (steps and not known.get((due, steps[-1]), False)):  # type: ignore[arg-type]
            found.append(row.council)
    return found


def dates(person: Person, on: date) -> list[tuple[str, date]]:
    """For a person's calendar: the next review of each council they keep or are clerk of, with what tells it from other dates."""
    mine = Appointment.objects.current(on).filter(Q(role__in=TOLD) | Q(acting_for__role__in=TOLD), person=person)
    found = standings(Council.objects.filter(pk__in=mine.values("council_id")), on=on).values()
    return [(f"review {row.council.pk}", row.due.on) for row in found if row.due and row.due.on]
