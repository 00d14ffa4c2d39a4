"""What of the studio waits on somebody's start page."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from concerns.rooms import Waiting
from councils.models import Person
from studio.queries.set_up import set_ups_of


def set_ups(person: Person, today: date) -> list[Waiting]:
    """The councils this person is still setting up."""
    rows = set_ups_of(person, on=today).filter(person=person, finished_at__isnull=True)
    return [
        Waiting(_("Set your council up"), reverse("studio:set-up", kwargs={"set_up": row.pk}), row.council.name if row.council else "") for row in rows
    ]
