"""Who holds what: people, appointments and reporting lines. Everybody at the council may read; its administrator changes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from councils import actions, queries
from councils.forms.people import AddPersonForm, AppointmentForm, EndForm, ReportingLineForm
from councils.models import Appointment, Person, ReportingLine
from councils.roles import precedence
from councils.views._loading import Visit, carry_out, council_page, done, form_page, one, people_navigation

FORM = ["GET", "HEAD", "POST"]


@require_safe
@council_page()
def people(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Everybody with a post today or to come; `?ended=1` adds those whose posts have ended."""
    with_ended = request.GET.get("ended") == "1"
    rows = _rows(visit, with_ended=with_ended)
    context = {
        **visit.context,
        "rows": rows,
        "refused": queries.refused_mailboxes([row["person"] for row in rows]) if visit.is_admin else set(),
        "with_ended": with_ended,
        "sub_nav": people_navigation(visit, "people"),
    }
    return render(request, "councils/people.html", context)


@require_safe
@council_page()
def person(request: HttpRequest, visit: Visit, person: UUID) -> HttpResponse:
    """One person's posts at this council, now, before and to come, and their reporting lines."""
    who = _person(visit, person)
    context = {
        **visit.context,
        "who": who,
        "appointments": _appointments(visit).filter(person=who).order_by("-starts_on"),
        "lines": _lines(visit).filter(officer=who).order_by("-starts_on"),
        "manages": _lines(visit).current(visit.on).filter(manager=who).order_by("officer__full_name"),
    }
    return render(request, "councils/person.html", context)


@require_http_methods(FORM)
@council_page(admin=True)
def person_add(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Open an account with a first appointment."""
    form = AddPersonForm(request.POST or None, visit=visit, initial={"starts_on": visit.on})
    if request.method == "POST" and carry_out(form, actions.add_person, by=visit.person, council=visit.council):
        return done(request, _("The person is added."), "councils:people", key=visit.council.key)
    return form_page(
        request,
        visit,
        form,
        title=_("Add a person"),
        button=_("Add the person"),
        back="people",
        intro=_("They set their own password with “I have forgotten my password” on the sign-in page. Nobody can see or set it for them."),
    )


@require_http_methods(FORM)
@council_page(admin=True)
def appointment_add(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Appoint somebody to a post."""
    initial = {"person": request.GET.get("person", ""), "starts_on": visit.on}
    form = AppointmentForm(request.POST or None, visit=visit, initial=initial)
    if request.method == "POST" and carry_out(form, actions.appoint, by=visit.person, council=visit.council):
        return done(request, _("The appointment is recorded."), "councils:people", key=visit.council.key)
    return form_page(
        request,
        visit,
        form,
        title=_("Add an appointment"),
        button=_("Record the appointment"),
        back="people",
        intro=_("A post opens no case to anybody by itself. People see a concern only when the protocol’s route names them."),
    )


@require_http_methods(FORM)
@council_page(admin=True)
def appointment_end(request: HttpRequest, visit: Visit, appointment: UUID) -> HttpResponse:
    """Give an appointment its last day."""
    row = one(_appointments(visit), appointment)
    if row.ends_on and row.ends_on < visit.on:
        raise Http404
    form = EndForm(request.POST or None, initial={"ends_on": row.ends_on or visit.on})
    if request.method == "POST" and carry_out(form, actions.end_appointment, by=visit.person, appointment=row):
        return done(request, _("The last day is recorded."), "councils:person", key=visit.council.key, person=row.person_id)
    return form_page(
        request,
        visit,
        form,
        title=_("End an appointment"),
        button=_("Record the last day"),
        back="person",
        back_kwargs={"person": row.person_id},
        appointment=row,
        warning=_(
            "After the last day the person receives nothing new in this post. With their last post at the council they lose sight "
            "of everything but what they raised themselves, and whoever the protocol names next is asked to take over what they had."
        ),
    )


@require_http_methods(FORM)
@council_page(admin=True)
def reporting_line(request: HttpRequest, visit: Visit, person: UUID) -> HttpResponse:
    """Say who an officer's line manager is, from a date."""
    who = _person(visit, person)
    form = ReportingLineForm(request.POST or None, visit=visit, officer=who, initial={"starts_on": visit.on})
    if request.method == "POST" and carry_out(form, actions.set_reporting_line, by=visit.person, council=visit.council, officer=who):
        return done(request, _("The line manager is recorded."), "councils:person", key=visit.council.key, person=who.pk)
    return form_page(
        request,
        visit,
        form,
        title=_("Line manager of %s") % who.full_name,
        button=_("Record the line manager"),
        back="person",
        back_kwargs={"person": who.pk},
        intro=_("The line of before ends the day before this one starts."),
    )


def _appointments(visit: Visit) -> Any:
    return Appointment.objects.filter(council=visit.council).select_related("person", "acting_for__person")


def _lines(visit: Visit) -> Any:
    return ReportingLine.objects.filter(council=visit.council).select_related("officer", "manager")


def _person(visit: Visit, pk: UUID) -> Person:
    return one(Person.objects.filter(appointments__council=visit.council).distinct(), pk)


def _rows(visit: Visit, *, with_ended: bool) -> list[dict[str, Any]]:
    """A row per person: posts in order of their weight, line manager today."""
    managers = {line.officer_id: line.manager for line in _lines(visit).current(visit.on)}
    rows: dict[UUID, dict[str, Any]] = {}
    found = sorted(_appointments(visit), key=lambda a: (precedence(a.role), a.person.full_name, a.starts_on))
    for appointment in found:
        ended = appointment.ends_on is not None and appointment.ends_on < visit.on
        if ended and not with_ended:
            continue
        row = rows.setdefault(appointment.person_id, {"person": appointment.person, "appointments": []})
        row["appointments"].append({"row": appointment, "ended": ended, "later": appointment.starts_on > visit.on})
        row["manager"] = managers.get(appointment.person_id)
    return list(rows.values())
