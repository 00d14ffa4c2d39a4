"""The start page: what waits for you, your concerns, and how to raise one."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from concerns import lists, policy, queries, rooms, wording
from concerns.models import Concern
from concerns.views import _next
from concerns.views._loading import signed_in
from concerns.views.raising import open_to
from councils import queries as councils


@require_safe
@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """Waiting for you, your concerns, your drafts. Never more than the person may see."""
    person, today = request.user, timezone.localdate()
    appointments = councils.appointments_of(person, on=today)
    request.my_appointments = appointments  # type: ignore[attr-defined]  # the frame's menu needs them too
    ready, waiting = open_to(person, today, appointments)
    drafts, raised = lists.drafts_of(me=person.pk), lists.raised_by(me=person.pk)
    asked = lists.waiting_for(me=person.pk)
    elsewhere, doors = rooms.waiting(person, today, queries.there_for_me())
    context = {
        "waiting": rows(asked, today),
        "raised": rows(raised),
        "drafts": rows(drafts),
        "ready": ready,
        "no_protocol": waiting,
        "places": list({row.council_id: row.council for row in appointments}.values()),
        "only_admin": bool(appointments) and not ready and not waiting,
        "elsewhere": elsewhere,
        "coming": [item for soon in rooms.COMING for item in soon(person, today, [concern.pk for concern in asked])],
        "today": today,
        "doors": doors,
        "has_more": bool(asked or raised or drafts) or policy.visible_to(person).exists(),
    }
    return render(request, "concerns/home.html", context)


def rows(concerns: list[Concern], today: date | None = None) -> list[dict[str, object]]:
    """What a list says about each: who it's about, where it stands; with a day also by when something waits."""
    return [
        {
            "concern": concern,
            "about": ", ".join(concern.about),  # type: ignore[attr-defined]
            "state": wording.state_label(concern.state),
            "closed": not concern.is_open,
            "due": _next.due(concern, today) if today else None,
        }
        for concern in concerns
    ]
