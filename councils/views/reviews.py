"""When the protocol is reviewed: all dates that compete, what makes one due, the reviews held; and a calendar over one's councils."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from councils import actions, review_words
from councils import reviews as read
from councils.forms.closures import RemoveForm
from councils.forms.reviews import ConcludeForm, OccasionForm, OpenReviewForm, ReviewDateForm
from councils.models import ProtocolReview
from councils.views._loading import Visit, carry_out, council_page, done, form_page, one, protocol_navigation

FORM = ["GET", "HEAD", "POST"]


@require_safe
@council_page()
def review(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Every date there is, the earliest first, and what was recorded."""
    stands = read.standing(visit.council, on=visit.on)
    held = ProtocolReview.objects.filter(council=visit.council).select_related("version", "new_version", "concluded_by").defer(
        "version__config", "new_version__config"
    )
    context = {
        **visit.context,
        "stands": stands,
        "due": review_words.shown(stands.due, visit.on) if stands.due else None,
        "dates": [review_words.shown(row, visit.on) for row in stands.dates],
        "mismatch": review_words.other_body(visit.version),
        "occasions": read.open_occasions([visit.council]).order_by("-on"),
        "held": [row for row in held if row.concluded_on],
        "sub_nav": protocol_navigation(visit, "review"),
    }
    return render(request, "councils/review.html", context)


@require_http_methods(FORM)
@council_page(admin=True)
def occasion(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Record an event that makes a review due."""
    stands = read.standing(visit.council, on=visit.on)
    form = OccasionForm(request.POST or None, stands=stands)
    if request.method == "POST" and carry_out(form, actions.record_occasion, by=visit.person, council=visit.council):
        return done(request, _("It is recorded. A review of the protocol is due."), "councils:review", key=visit.council.key)
    title = _("Record what makes a review due")
    return form_page(request, visit, form, title=title, button=_("Record it"), back="review")


@require_http_methods(FORM)
@council_page(admin=True)
def occasion_withdraw(request: HttpRequest, visit: Visit, occasion: UUID) -> HttpResponse:
    """Take back what was recorded by mistake."""
    row = one(read.open_occasions([visit.council]).select_related("council"), occasion)
    form = RemoveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and carry_out(form, actions.withdraw_occasion, by=visit.person, occasion=row):
        return done(request, _("It is taken back. The other dates count."), "councils:review", key=visit.council.key)
    title = _("Take back “%(what)s” of %(day)s?") % {"what": row.get_kind_display(), "day": date_format(row.on, "j F Y")}
    intro = _("Do this when it was recorded by mistake. That it was recorded stays in the council’s record of changes.")
    return form_page(request, visit, form, title=title, button=_("Take it back"), back="review", intro=intro)


@require_http_methods(FORM)
@council_page(admin=True)
def review_date(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Record the day the council set."""
    form = ReviewDateForm(request.POST or None)
    if request.method == "POST" and carry_out(form, actions.set_review_date, by=visit.person, council=visit.council):
        return done(request, _("The day is recorded."), "councils:review", key=visit.council.key)
    intro = _("It stands beside the dates your protocol gives, and the earliest counts. A day set before is replaced.")
    title = _("Set a day for the next review")
    return form_page(request, visit, form, title=title, button=_("Record the day"), back="review", intro=intro)


@require_http_methods(FORM)
@council_page(admin=True)
def review_open(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Open a review."""
    stands = read.standing(visit.council, on=visit.on)
    initial: dict[str, Any] = {"opened_on": visit.on}
    if stands.due and stands.due.on:
        initial["due_on"] = stands.due.on.isoformat()
    form = OpenReviewForm(request.POST or None, stands=stands, initial=initial)
    if request.method == "POST" and carry_out(form, actions.open_review, by=visit.person, council=visit.council):
        return done(request, _("The review is open. Record its result when it is concluded."), "councils:review", key=visit.council.key)
    return form_page(request, visit, form, title=_("Open a review of the protocol"), button=_("Open the review"), back="review")


@require_http_methods(FORM)
@council_page(admin=True)
def review_conclude(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Conclude the review that is open."""
    row = ProtocolReview.objects.filter(council=visit.council, concluded_on__isnull=True).select_related("council").first()
    if row is None:
        raise Http404
    body = visit.protocol.review_body if visit.protocol else ""
    form = ConcludeForm(request.POST or None, review=row, initial={"concluded_on": visit.on, "body": body})
    if request.method == "POST" and carry_out(form, actions.conclude_review, by=visit.person, review=row):
        return done(request, _("The review is concluded."), "councils:review", key=visit.council.key)
    return form_page(request, visit, form, title=_("Conclude the review"), button=_("Record the result"), back="review")


@require_safe
@login_required
def calendar(request: HttpRequest) -> HttpResponse:
    """The reviews of all councils one has a part in, the first that is due at the top."""
    on = timezone.localdate()
    rows = [{"stands": row, "due": review_words.shown(row.due, on) if row.due else None} for row in read.calendar(request.user, on=on)]  # type: ignore[arg-type]
    return render(request, "councils/review_calendar.html", {"rows": rows, "today": on})
