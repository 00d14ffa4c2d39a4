"""What of the studio waits on somebody's start page."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from concerns.rooms import Waiting
from councils.models import Person
from studio.models import CouncilSetUp


def set_ups(person: Person, today: date) -> list[Waiting]:
    """The councils this person is still setting up."""
    rows = CouncilSetUp.objects.filter(person=person, finished_at__isnull=True).select_related("council")
    return [
        Waiting(_("Set your council up"), reverse("studio:set-up", kwargs={"set_up": row.pk}), row.council.name if row.council else "") for row in rows
    ]
