"""Working days: bank holidays of the year, and the days on which the council's office is closed."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from councils import actions
from councils.forms.closures import ClosureForm, RemoveForm
from councils.models import CouncilClosure
from councils.views._loading import Visit, carry_out, council_page, done, form_page, one

FORM = ["GET", "HEAD", "POST"]


@require_safe
@council_page()
def closures(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The closures that aren't over, and those of before."""
    rows = list(CouncilClosure.objects.filter(council=visit.council).order_by("starts_on"))
    context = {
        **visit.context,
        "closures": [row for row in rows if row.ends_on >= visit.on],
        "past": [row for row in reversed(rows) if row.ends_on < visit.on],
    }
    return render(request, "councils/closures.html", context)


@require_http_methods(FORM)
@council_page(admin=True)
def closure_add(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Close the office on some days."""
    form = ClosureForm(request.POST or None)
    if request.method == "POST" and carry_out(form, actions.add_closure, by=visit.person, council=visit.council):
        return done(request, _("The closure is recorded. Its days don’t count as working days any more."), "councils:closures", key=visit.council.key)
    intro = _("These days won’t count as working days, and no hearing can be held on them. Dates still to come are worked out anew.")
    title = _("Add days of closure")
    return form_page(request, visit, form, title=title, button=_("Record the closure"), back="closures", intro=intro)


@require_http_methods(FORM)
@council_page(admin=True)
def closure_remove(request: HttpRequest, visit: Visit, closure: UUID) -> HttpResponse:
    """Take a closure away."""
    row = one(CouncilClosure.objects.filter(council=visit.council).select_related("council"), closure)
    form = RemoveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and carry_out(form, actions.remove_closure, by=visit.person, closure=row):
        return done(request, _("The closure is removed. Its days count as working days again."), "councils:closures", key=visit.council.key)
    first, last = date_format(row.starts_on, "j F Y"), date_format(row.ends_on, "j F Y")
    title = _("Remove the closure of %(first)s to %(last)s?") % {"first": first, "last": last}
    intro = _("Its days will count as working days again, also for dates that are still to come.")
    return form_page(request, visit, form, title=title, button=_("Remove the closure"), back="closures", intro=intro)
