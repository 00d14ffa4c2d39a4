"""What is due and why: everything a person has to do by a day, one concern's dates line by line, and more time by agreement."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clocks import queries, wording
from clocks.actions import extending
from clocks.enums import ObligationKind
from clocks.forms.due import ExtendForm
from clocks.models import Obligation
from clocks.views import _lines
from concerns import policy, rooms
from concerns.casefile import NotVisible
from concerns.models import Concern
from concerns.views._loading import Case, attempt, case_page, signed_in
from councils.models import Person

PER_PAGE = 25


@require_safe
@signed_in
def listing(request: HttpRequest) -> HttpResponse:
    """What waits for this person, overdue first; or everything due that they may know of."""
    everything = request.GET.get("all") == "1"
    today = timezone.localdate()
    page = queries.page_of(queries.open_rows(request.user, mine=not everything), request.GET.get("page"), size=PER_PAGE)  # type: ignore[arg-type]
    rows = [{**_lines.shown(row, today), "url": _address(row)} for row in page.object_list]
    context = {"rows": rows, "page_obj": page, "count": page.paginator.count, "everything": everything, "query": "all=1" if everything else ""}
    return render(request, "clocks/due.html", context)


def coming_up(person: Person, today: date, beside: Collection[UUID]) -> list[rooms.Waiting]:
    """What the start page says of the next dates on which this person has something to do, other than on those concerns."""
    return [
        rooms.Waiting(str(wording.KINDS[ObligationKind(row.kind)]), _address(row), row.concern.reference if row.concern_id else row.council.name, row.due_on)
        for row in queries.coming_up(me=person.pk, beside=list(beside))
    ]


def _address(row: Obligation) -> str:
    if row.concern_id:
        return reverse("clocks:concern", kwargs={"concern": row.concern_id})
    place = rooms.PLACES.get(row.source.partition(":")[0])
    return place(row.source_id) if place and row.source_id else ""


@require_safe
@case_page()
def concern(request: HttpRequest, case: Case) -> HttpResponse:
    """Every date of one concern: where it comes from, each line of how it was worked out, each time it moved."""
    rows = shown(case)
    context = {
        "case": case, "concern": case.concern, "open_rows": [row for row in rows if row["is_open"]],
        "over": [row for row in rows if not row["is_open"]],
    }  # fmt: skip
    return render(request, "clocks/concern.html", context)


def shown(case: Case) -> list[dict[str, Any]]:
    """The rows of a concern as this person sees them, with whether they may record more time."""
    return [
        {**_lines.shown(row, case.today, case.protocol), "may_extend": case.reads and not queries.extension_refused(row, case.concern, case.held)}
        for row in queries.of_concern(case.concern)
    ]


def panel(case: Case, there: bool) -> rooms.Panel | None:
    """What is due, on the concern's own page, which has asked for it already."""
    kept = getattr(case.concern, "all_due", None) or []
    if not kept or not case.concern.is_open:
        return None
    return rooms.Panel("clocks/panel.html", {"rows": [_lines.short(entry, case.today) for entry in kept], "concern": case.concern})


@require_http_methods(["GET", "HEAD", "POST"])
@case_page(policy.READ)
def extend(request: HttpRequest, case: Case, obligation: UUID) -> HttpResponse:
    """Both sides agreed to a later date."""
    row = queries.one(case.concern, obligation)
    if row is None:
        raise NotVisible
    back = reverse("clocks:concern", kwargs={"concern": case.concern.pk})
    if code := queries.extension_refused(row, case.concern, case.held):
        return _closed(request, case.concern, str(wording.EXTENSION_REFUSED[code]), back)
    other = case.concern.subject_told_on is not None
    form = ExtendForm(request.POST if request.method == "POST" else None, initial={"revision": row.revision}, other_side=other)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form, extending.extend, concern_id=case.concern.pk, obligation_id=row.pk, by=case.person, now=case.now, **form.cleaned_data
        )
        if done is not None:
            messages.success(request, _("The new date is recorded, with when each side agreed."))
            return redirect(back)
    context = {
        "concern": case.concern, "form": form, "back": back, "kind": wording.KINDS[ObligationKind(row.kind)], "due_on": row.due_on, "other": other,
    }  # fmt: skip
    return render(request, "clocks/extend.html", context, status=422 if form.errors else 200)


def _closed(request: HttpRequest, found: Concern, why: str, back: str) -> HttpResponse:
    return render(request, "clocks/closed.html", {"concern": found, "why": why, "back": back}, status=409)

