"""Asking for one's data, complaining about data, telling of a breach; and keeping a concern longer."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from concerns import policy as casework
from concerns.views._loading import Case, attempt, case_page, signed_in, status_of
from councils import queries as councils
from councils.models import Council, Person
from councils.views._loading import Visit, council_page
from rights import queries, wording
from rights.actions import access, keeping, telling
from rights.forms.council import AskForm, BreachForm, ComplaintForm, HoldForm, LiftForm
from rights.views._loading import PAGE


def _form(http: HttpRequest, form: Any, council: Council, *, title: Any, button: Any, back: str, intro: Any = "", **more: Any) -> HttpResponse:
    context = {"form": form, "council": council, "page_title": title, "button": button, "back_url": back, "intro": intro, **more}
    return render(http, "rights/ask.html", context, status=status_of(form))


@require_http_methods(PAGE)
@signed_in
def ask(http: HttpRequest, key: str) -> HttpResponse:
    """Ask for the data kept of oneself, also after leaving."""
    council = queries.was_ever_here(http.user, key)
    form = AskForm(http.POST if http.method == "POST" else None)
    if http.method == "POST" and form.is_valid():
        made = attempt(form, access.ask_access, council=council, by=http.user, now=timezone.now(), **form.cleaned_data)
        if made:
            messages.success(http, _("Your request is sent. The council has a month to answer."))
            return redirect("rights:access", row=made.pk)
    intro = _(
        "You may have a copy of the data that the council keeps of you here. Two people look at it before it is given out, and other people’s names are taken out. "
        "Nobody who has a part in a concern with you deals with it."
    )
    back = reverse("rights:council", kwargs={"key": key}) if councils.side_of(http.user, council, on=timezone.localdate()) else reverse("concerns:home")
    return _form(http, form, council, title=_("Ask for your own data"), button=_("Send the request"), back=back, intro=intro)


def _known(key: str) -> Council:
    council = Council.objects.filter(key=key).first()
    if council is None or councils.protocol_in_force(council, on=timezone.localdate()) is None:
        raise Http404
    return council


@require_http_methods(PAGE)
def complain(http: HttpRequest, key: str) -> HttpResponse:
    """Complain how data was used: anybody may, with or without an account (data protection law wants a form for it).

    Without an account so many from one address (settings), and in PostgreSQL so many in a council, in an hour.
    """
    council = _known(key)
    person: Person | None = http.user if http.user.is_authenticated and http.user.is_active else None
    here = person is not None and councils.side_of(person, council, on=timezone.localdate()) is not None
    keepers = Person.objects.filter(pk__in=[row.person_id for row in queries.keepers(council)]).order_by("full_name") if here else None
    form = ComplaintForm(http.POST if http.method == "POST" else None, keepers=keepers, signed_in=person is not None)
    sent = http.method == "POST" and form.is_valid()
    if sent and person is None and not ratelimit.consume(http, action="data_complaint"):
        form.add_error(None, wording.too_many(queries.whom_to_ask(council)))
    elif sent:
        made = attempt(form, telling.complain, council=council, by=person, now=timezone.now(), **form.cleaned_data)
        if made:
            if person is not None:
                messages.success(http, _("Your complaint is sent. You hear within 30 days that it came."))
                return redirect("rights:complaint", row=made.pk)
            return render(http, "rights/complained.html", {"council": council, "matter": made})
    intro = _("Tell the council what went wrong with your data. You hear within 30 days that it came, and then what was found. You can also complain to the Information Commissioner at any time.")
    back = reverse("rights:council", kwargs={"key": key}) if here else ""
    return _form(http, form, council, title=_("Complain about data"), button=_("Send the complaint"), back=back, intro=intro)


@require_http_methods(PAGE)
@council_page()
def breach(http: HttpRequest, visit: Visit) -> HttpResponse:
    """Tell the records keepers of a breach."""
    form = BreachForm(http.POST if http.method == "POST" else None)
    if http.method == "POST" and form.is_valid():
        now = timezone.now()
        day = form.cleaned_data["aware_on"]
        # a day that was said: the law's clock counts from its beginning, never from later
        since = None if day is None or day == timezone.localdate(now) else timezone.make_aware(datetime.combine(day, time.min))
        made = attempt(form, telling.report_breach, council=visit.council, by=visit.person, now=now, what=form.cleaned_data["what"], aware_at=since)
        if made:
            messages.success(http, _("The records keepers are told. Thank you for saying so."))
            return redirect("rights:breach", row=made.pk)
    intro = _("Data was lost, changed, or seen by somebody who shouldn’t have. Say so at once, also if you aren’t sure: the council has 72 hours.")
    back = reverse("rights:council", kwargs={"key": visit.council.key})
    return _form(http, form, visit.council, title=_("Tell of a data breach"), button=_("Tell the records keepers"), back=back, intro=intro)


@require_http_methods(PAGE)
@case_page(casework.VIEW)
def keep(http: HttpRequest, case: Case) -> HttpResponse:
    """Keep a concern for legal reasons, or lift that: for whoever deals with it."""
    if not keeping.may_hold(case.concern, case.person):
        raise Http404
    held = queries.holds_on(case.concern.pk)
    posted = http.POST if http.method == "POST" else None
    form = LiftForm(posted) if held else HoldForm(posted, initial={"review_on": case.today + timedelta(days=182)})
    run = keeping.release_concern if held else keeping.hold_concern
    if posted is not None and form.is_valid() and attempt(form, run, concern=case.concern, by=case.person, now=case.now, **form.cleaned_data):
        messages.success(http, _("The hold is lifted.") if held else _("It is kept until the hold is lifted."))
        return redirect("concerns:page", concern=case.concern.pk)
    title = _("Lift the hold?") if held else _("Keep it for legal reasons")
    intro = "" if held else _("For example while there is a claim. Nobody can destroy it until the hold is lifted. Who is on it sees that it is kept longer, not why.")
    back = reverse("concerns:page", kwargs={"concern": case.concern.pk})
    return _form(http, form, case.concern.council, title=title, button=_("Lift the hold") if held else _("Keep it"), back=back, intro=intro, private=True)
