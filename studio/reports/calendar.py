"""The review calendar of one council as a picture: adoption, reviews held, and every date that competes to be the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from councils import reviews
from councils.models import Council, ProtocolReview
from councils.review_words import shown
from studio.pictures import calendar
from studio.pictures.calendar import Day

MOST_HELD = 6


@dataclass(frozen=True, slots=True)
class Calendar:
    """The picture, and what it says in words for whoever can't see it."""

    svg: SafeString
    alt: str


def review_calendar(council: Council, *, on: date, name: str = "review-calendar") -> Calendar | None:
    """Takes a council and a day; returns its calendar, None where no protocol is in force or no day is known.

    What made somebody record an occasion isn't in it, only the day.
    """
    stands = reviews.standing(council, on=on)
    if stands.version is None:
        return None
    days: list[Day] = []
    if stands.version.approved_on and not stands.version.is_demonstration:
        days.append(Day(stands.version.approved_on, _("Adopted, %s") % _day(stands.version.approved_on), "began"))
    held = ProtocolReview.objects.filter(council=council, concluded_on__isnull=False).order_by("-concluded_on")[:MOST_HELD]
    days += [Day(row, _("Reviewed, %s") % _day(row), "done") for row in held.values_list("concluded_on", flat=True)]
    due = stands.due
    for row in stands.dates:
        if row.on is None or row.is_done:
            continue
        counts = row is due
        words = shown(row, on)
        text = _("%(day)s: %(why)s") % {"day": words.when, "why": words.why}
        text = _("Next: %s") % text if counts else text
        days.append(Day(row.on, text, "late" if counts and row.on < on else "counts" if counts else "due"))
    if not days:
        return None
    alt = "; ".join(day.words for day in sorted(days, key=lambda day: day.on))
    svg = calendar.draw(name, _("Review calendar"), alt, days, today=on, today_words=_("Today"))
    return Calendar(mark_safe(svg), alt)  # noqa: S308 - drawn by us, every word escaped


def _day(day: date) -> str:
    return date_format(day, "j F Y")
