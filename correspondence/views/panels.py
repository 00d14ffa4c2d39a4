"""What the room shows on the casework's pages; one query each."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from concerns import rooms
from concerns.views._loading import Case
from correspondence import policy as writing
from correspondence import queries, wording
from councils.models import Person


def correspondence(case: Case, there: bool) -> rooms.Panel | None:
    """How many messages and letters there are for this person, the ways to write, and where a report to council stands."""
    if not writing.takes_words(case.concern):
        return None
    found = queries.counts(case.concern, case.person) if there else queries.Counts()
    if not found.messages and not writing.sees_letters(case.held, reads=case.reads):
        return None
    label, means = wording.REPORT_STATES[found.report] if found.report and case.reads else ("", "")
    context = {
        "concern": case.concern,
        "found": found,
        "writes": case.reads,
        "writes_letters": writing.writes_letters(case.held, reads=case.reads),
        "report_label": label,
        "report_means": means,
    }
    return rooms.Panel("correspondence/panel.html", context)


def waiting(person: Person, today: date) -> list[rooms.Waiting]:
    """Letters and messages to this person that they haven't opened, also of matters they don't see."""
    words = {"letter": _("A letter for you"), "message": _("A message for you")}
    return [
        rooms.Waiting(words[kind], reverse(f"correspondence:{kind}", kwargs={kind: pk})) for kind, pk in queries.waiting(person)
    ]
