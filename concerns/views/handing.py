"""Handing over one's work: what is passed, to whom, and what stays because that person may not take it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from concerns import plan, queries, wording
from concerns.actions import handover
from concerns.forms.handing import HandingForm
from concerns.models import Concern
from concerns.views import _route
from concerns.views._loading import signed_in, status_of
from concerns.views.raising import PAGE
from councils.errors import Refusal
from councils.models import Person

MOST = 50  # worked through at once


@require_http_methods(PAGE)
@signed_in
def hand_over(request: HttpRequest) -> HttpResponse:
    """Everything one deals with, to be handed over together. Each is its own action: one that is refused stays."""
    person, now = request.user, timezone.now()
    found = list(handover.handled_by(person)[:MOST])
    rows = [(str(concern.pk), f"{concern.reference}, {wording.state_label(concern.state)}") for concern in found]
    posted = request.method == "POST"
    form = HandingForm(request.POST if posted else None, rows=rows, people=_people(found, person))
    if posted and form.is_valid():
        left = _pass_on(form, {str(concern.pk): concern for concern in found}, by=person, now=now)
        done = len(form.cleaned_data["concerns"]) - len(left)
        if done:
            messages.success(request, ngettext("%s concern is handed over. Whoever raised it is told.", "%s concerns are handed over. Those who raised them are told.", done) % done)
        if not left:
            return redirect("concerns:home")
        for reference, why in left:
            form.add_error(None, f"{reference}: {why}")
    passed = [{"concern": concern, "state": wording.state_label(concern.state), "what": _what(concern)} for concern in found]
    waiting = list(handover.waiting_for(person)[: MOST + 1])
    context = {"form": form, "passed": passed, "waiting": waiting[:MOST], "more": len(waiting) > MOST, "count": min(len(waiting), MOST)}
    return render(request, "concerns/hand_over.html", context, status=status_of(form))


def _pass_on(form: HandingForm, found: dict[str, Concern], *, by: Person, now: Any) -> list[tuple[str, str]]:
    """Hands each over; returns the reference of each that stays, and why."""
    left = []
    for key in form.cleaned_data["concerns"]:
        concern = found[key]
        try:
            handover.hand_over(
                concern_id=UUID(key), by=by, now=now, to=form.cleaned_data["to"], reason_code=form.cleaned_data["reason_code"],
                override_reason=form.cleaned_data["override_reason"], revision=concern.revision,
            )  # fmt: skip
        except Refusal as refusal:
            left.append((concern.reference, str(refusal.message)))
        except queries.NotVisible:
            left.append((concern.reference, _("You can’t open it any more.")))
    return left


def _people(found: list[Concern], person: Person) -> list[tuple[Any, str]]:
    """Everybody who may take at least one of them."""
    today = timezone.localdate()
    able: dict[Any, tuple[Any, str]] = {}
    for concern in found:
        free = {someone.pk for someone in plan.for_concern(concern, on=today).successors(besides={person.pk})}
        protocol = concern.protocol_version.protocol if concern.protocol_version else None
        for someone, label in _route.people(concern.council, protocol, on=today, but=[person]):
            if someone.pk in free:
                able.setdefault(someone.pk, (someone, label))
    return sorted(able.values(), key=lambda pair: pair[1])


def _what(concern: Concern) -> str:
    """What whoever takes it gets: everything written, and how many files; or the running of a panel's procedure."""
    if not concern.passes_words:  # type: ignore[attr-defined]
        return _("Running the procedure: its stage, people and dates, not what was written")
    files = concern.files  # type: ignore[attr-defined]
    return ngettext("What was written, %s file, and every date", "What was written, %s files, and every date", files) % files
