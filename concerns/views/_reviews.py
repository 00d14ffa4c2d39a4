"""The line of "Waiting for you" for a review of the protocol that comes up. No concern is behind it."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from concerns import rooms
from councils import reviews
from councils.models import Person

# Whether any alert stands in a council the person set has a post in; who is told of it, and until when, is asked in Python.
STANDING = """SELECT FROM councils_reviewalert r JOIN councils_appointment a ON a.council_id = r.council_id
    WHERE r.ended_at IS NULL AND a.person_id = portal_me()"""


def waiting(person: Person, today: date) -> list[rooms.Waiting]:
    """A line per council the person keeps or is clerk of, whose review is due within half a year or overdue."""
    return [
        rooms.Waiting(_("The review of the protocol"), reverse("councils:review", kwargs={"key": row.council.key}), row.council.name, row.due_on)
        for row in reviews.standing_alerts(person, on=today)
    ]
