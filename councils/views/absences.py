"""Who is away and who acts: everybody at the council may read it, and book their own; the administrator books for others."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from councils import actions
from councils.forms.absences import AbsenceForm, TermsForm
from councils.forms.people import EndForm
from councils.models import Absence, Appointment
from councils.views._loading import Visit, carry_out, council_page, done, form_page, one, people_navigation

FORM = ["GET", "HEAD", "POST"]


@require_safe
@council_page()
def absences(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Everybody away today or later, with who acts in which office."""
    rows = Absence.objects.filter(council=visit.council).exclude(ends_on__lt=visit.on).select_related("person")
    cover: dict[UUID, list[Appointment]] = {}
    for row in Appointment.objects.filter(absence__in=rows).select_related("person", "acting_for__person").order_by("starts_on", "role"):
        if row.ends_on is None or row.ends_on >= visit.on:
            cover.setdefault(row.absence_id, []).append(row)
    shown = [
        {"row": row, "cover": cover.get(row.pk, []), "mine": visit.is_admin or row.person_id == visit.person.pk, "begun": row.starts_on <= visit.on}
        for row in rows.order_by("starts_on", "person__full_name")
    ]
    context = {**visit.context, "rows": shown, "sub_nav": people_navigation(visit, "absences")}
    return render(request, "councils/absences.html", context)


@require_http_methods(FORM)
@council_page()
def absence_book(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Book one's own absence, or as the administrator somebody's."""
    form = AbsenceForm(request.POST if request.method == "POST" else None, visit=visit, for_others=visit.is_admin, initial={"starts_on": visit.on})
    about = {} if visit.is_admin else {"person": visit.person}
    if request.method == "POST" and carry_out(form, actions.book_absence, by=visit.person, council=visit.council, **about):
        return done(request, _("The absence is booked."), "councils:absences", key=visit.council.key)
    return form_page(
        request,
        visit,
        form,
        title=_("Book an absence"),
        button=_("Book the absence"),
        back="absences",
        intro=_(
            "Everybody at the council can see who is away and who acts. Nobody is asked why. Whoever acts is never shown a concern "
            "about themselves or about somebody they are connected with: that goes to the next person the protocol names."
        ),
    )


@require_http_methods(FORM)
@council_page()
def absence_end(request: HttpRequest, visit: Visit, absence: UUID) -> HttpResponse:
    """Back sooner, or a last day that is now known."""
    row = _mine(visit, absence)
    form = EndForm(request.POST if request.method == "POST" else None, initial={"ends_on": row.ends_on or visit.on})
    if request.method == "POST" and carry_out(form, actions.end_absence, by=visit.person, absence=row):
        return done(request, _("The last day is recorded."), "councils:absences", key=visit.council.key)
    return form_page(
        request, visit, form, title=_("Last day of the absence of %s") % row.person.full_name, button=_("Record the last day"), back="absences",
        intro=_("Whoever acts stops acting after that day."),
    )  # fmt: skip


@require_http_methods(FORM)
@council_page()
def absence_cancel(request: HttpRequest, visit: Visit, absence: UUID) -> HttpResponse:
    """Take back an absence that hasn't begun."""
    row = _mine(visit, absence)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and carry_out(form, actions.cancel_absence, by=visit.person, absence=row):
        return done(request, _("The absence is cancelled."), "councils:absences", key=visit.council.key)
    return form_page(
        request, visit, form, title=_("Cancel the absence of %s") % row.person.full_name, button=_("Cancel the absence"), back="absences",
        intro=_("Nobody acts for them then."),
    )  # fmt: skip


@require_http_methods(FORM)
@council_page(admin=True)
def election(request: HttpRequest, visit: Visit) -> HttpResponse:
    """After an election: end the terms of many councillors at once."""
    form = TermsForm(request.POST if request.method == "POST" else None, visit=visit, initial={"ends_on": visit.on})
    if request.method == "POST" and carry_out(form, actions.end_terms, by=visit.person, council=visit.council):
        return done(request, _("The last day is recorded."), "councils:people", key=visit.council.key)
    return form_page(
        request,
        visit,
        form,
        title=_("End terms of office"),
        button=_("Record the last day"),
        back="people",
        warning=_(
            "Every post that the people chosen hold as councillors ends on that day, with their seats on bodies. From the day after they see only "
            "what they raised themselves, and whoever the protocol names next is asked to take over what they had."
        ),
        intro=_("Councillors who were elected again keep their posts: leave them out."),
    )


def _mine(visit: Visit, pk: UUID) -> Absence:
    """An absence that isn't over, one's own or, for the administrator, anybody's. Raises Http404."""
    row: Any = one(Absence.objects.filter(council=visit.council).select_related("person", "council"), pk)
    over = row.ends_on is not None and row.ends_on < visit.on
    if over or not (visit.is_admin or row.person_id == visit.person.pk):
        raise Http404
    return row
