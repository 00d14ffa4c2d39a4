"""What the room shows on the casework's pages."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from concerns import rooms
from concerns.views._loading import Case
from correspondence import policy as writing
from correspondence import queries, wording
from correspondence.models import Audience, Letter
from councils.models import Person


def correspondence(case: Case) -> rooms.Panel | None:
    """How many messages and letters there are for this person, and the ways to write."""
    if not writing.takes_words(case.concern):
        return None
    mine = Audience.objects.filter(concern=case.concern, person=case.person)
    messages = mine.count()
    writes = case.reads
    if not messages and not writes:
        return None
    letters = Letter.objects.filter(concern=case.concern).count() if case.reads else 0
    context = {
        "concern": case.concern,
        "messages": messages,
        "unread": mine.filter(opened_at__isnull=True).exclude(role="sender").count(),
        "letters": letters,
        "writes": writes,
        "writes_letters": writing.writes_letters(case.held, reads=case.reads),
    }
    return rooms.Panel("correspondence/panel.html", context)


def report(case: Case) -> rooms.Panel | None:
    """Where the report to council stands."""
    if not case.reads:
        return None
    found = queries.report_of(case.concern)
    if found is None:
        return None
    label, means = wording.REPORT_STATES[found.state]
    return rooms.Panel("correspondence/report_panel.html", {"concern": case.concern, "report": found, "label": label, "means": means})


def waiting(person: Person, today: date) -> list[rooms.Waiting]:
    """Letters to this person they haven't opened, and messages that reach them although they aren't on the concern."""
    found = [
        rooms.Waiting(_("A letter for you"), reverse("correspondence:letter", kwargs={"letter": letter.pk}))
        for letter in queries.letters_to(person).filter(opened_at__isnull=True)
    ]
    for row in queries.unread(person):
        found.append(rooms.Waiting(_("A message for you"), reverse("correspondence:message", kwargs={"message": row.message_id})))
    return found
