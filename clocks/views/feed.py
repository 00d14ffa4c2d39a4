"""One's own reminders and calendar, and the calendar itself, which asks for no signing in: its address is the key."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clocks import feed
from clocks.actions import reminders as actions
from clocks.forms.reminders import NothingForm, PreferenceForm
from clocks.models import Preference
from concerns.views._loading import signed_in

FORM = ["GET", "HEAD", "POST"]


@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Whole days on which something is due, all with one title. Unknown, ended and mistyped addresses: the one 404."""
    now = timezone.now()
    written = feed.calendar(token, now=now, today=timezone.localdate(now))
    if written is None:
        raise Http404
    return HttpResponse(written, content_type="text/calendar; charset=utf-8")


@require_http_methods(FORM)
@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """How I am reminded, and whether I have a calendar."""
    kept = Preference.objects.filter(person=request.user).first()
    start = {"how": "digest" if kept and kept.digest else "each"}
    form = PreferenceForm(request.POST if request.method == "POST" else None, initial=start)
    if request.method == "POST" and form.is_valid():
        actions.prefer(digest=form.cleaned_data["how"] == "digest", by=request.user, now=timezone.now())
        messages.success(request, _("Saved."))
        return redirect("clocks:mine")
    context = {"form": form, "since": feed.since(request.user)}
    return render(request, "clocks/mine.html", context, status=422 if form.errors else 200)


@require_http_methods(FORM)
@signed_in
def calendar_on(request: HttpRequest) -> HttpResponse:
    """Make an address, and show it this once."""
    if request.method != "POST":
        return render(request, "clocks/calendar_on.html", {"form": NothingForm(), "since": feed.since(request.user)})
    token = actions.calendar_on(by=request.user, now=timezone.now())
    address = settings.PORTAL_URL + reverse("clocks:calendar", kwargs={"token": token})
    return render(request, "clocks/calendar_made.html", {"address": address})


@require_http_methods(FORM)
@signed_in
def calendar_off(request: HttpRequest) -> HttpResponse:
    """End the address."""
    if request.method != "POST":
        return render(request, "clocks/calendar_off.html", {"form": NothingForm(), "since": feed.since(request.user)})
    actions.calendar_off(by=request.user, now=timezone.now())
    messages.success(request, _("The calendar is turned off. Its address shows nothing any more."))
    return redirect("clocks:mine")
