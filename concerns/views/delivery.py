"""What could not be delivered, for those who deal with the concern: who must be told in another way, and sending again."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from concerns import outbox, queries, rooms
from concerns.actions import delivery
from concerns.views._loading import signed_in
from councils.models import Person

# Whether anything could not be delivered about a concern that the person set deals with, or that they raised where nobody
# else who deals with it was reached.
DEALS = ", ".join(f"'{capacity.value}'" for capacity in outbox.DEALS)
UNDELIVERED = f"""SELECT FROM concerns_notice n JOIN concerns_participation p ON p.concern_id = n.concern_id
    WHERE n.failed_at IS NOT NULL AND n.settled_at IS NULL AND p.person_id = portal_me() AND p.until IS NULL
      AND (p.capacity IN ({DEALS}) OR p.capacity = 'raiser' AND n.person_id <> p.person_id AND NOT EXISTS (
        SELECT 1 FROM concerns_participation o WHERE o.concern_id = n.concern_id AND o.until IS NULL AND o.capacity IN ({DEALS})
          AND o.person_id <> p.person_id AND NOT EXISTS (SELECT 1 FROM concerns_notice m WHERE m.concern_id = o.concern_id
            AND m.person_id = o.person_id AND m.failed_at IS NOT NULL AND m.settled_at IS NULL)))"""  # noqa: S608 (fixed words)
REFUSED = """SELECT FROM councils_refusedmailbox r JOIN councils_person p ON p.id = r.person_id AND p.email = r.email
    WHERE r.person_id = portal_me()"""
ANSWERS = {"again": True, "told": False}


def waiting(person: Person, today: date) -> list[rooms.Waiting]:
    """The line of "Waiting for you" when something about a concern of theirs could not be delivered."""
    return [rooms.Waiting(_("A message that could not be delivered"), reverse("concerns:undelivered"))]


def own_mailbox(person: Person, today: date) -> list[rooms.Waiting]:
    """The line of "Waiting for you" when mail to their own address comes back."""
    return [rooms.Waiting(_("Mail to your own address comes back"), reverse("councils:account"))]


@require_safe
@signed_in
def undelivered(request: HttpRequest) -> HttpResponse:
    """Each concern the person deals with, and whom a message about it did not reach."""
    return render(request, "concerns/undelivered.html", {"rows": [_row(found) for found in outbox.undelivered(request.user)]})


def _row(found: outbox.Undelivered) -> dict[str, Any]:
    """What a row says. Somebody who never was on the concern isn't named: why they were told is others' to know."""
    if not found.deals:
        why = _("We could not reach them by e-mail, nor anybody else who deals with it.")
    elif found.error.startswith(("SMTPRecipientsRefused", "Bounced")):
        why = _("Their mailbox refused it.")
    else:
        why = _("The mail server could not deliver it for four days.")
    return {"found": found, "name": found.name or _("Somebody who was told that it waits"), "why": why}


@require_POST
@signed_in
def settle(request: HttpRequest, concern: UUID, person: UUID) -> HttpResponse:
    """Send it again, or note that the person was told in another way."""
    again = ANSWERS.get(request.POST.get("answer", ""))
    settled = delivery.settle(concern_id=concern, person_id=person, again=bool(again), by=request.user, now=timezone.now()) if again is not None else None
    if settled is None:
        queries.load(concern, person=request.user)
        messages.error(request, _("Choose whether it is to be sent again, or whether you have told them."))
    elif not settled:
        messages.info(request, _("Somebody has dealt with this already."))
    else:
        messages.success(request, _("It will be sent again.") if again else _("It is noted that they were told in another way."))
    return redirect("concerns:undelivered")
