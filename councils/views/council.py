"""A council's front page, the choice between councils, and one's own account. No case content."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from councils import queries
from councils.models import Appointment, Body, Council, ReportingLine
from councils.protocol import Protocol
from councils.views._loading import Visit, council_page

COUNCIL_IN_SESSION = "council"


@require_safe
@council_page()
def council(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What the council has set up, and where to go."""
    if request.session.get(COUNCIL_IN_SESSION) != visit.council.key:
        request.session[COUNCIL_IN_SESSION] = visit.council.key
    context = {
        **visit.context,
        "version": visit.version,
        "mine": visit.mine,
        "people_count": queries.people_of(visit.council, on=visit.on).count(),
        "body_count": Body.objects.filter(council=visit.council).count(),
    }
    return render(request, "councils/council.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def switch(request: HttpRequest) -> HttpResponse:
    """All councils one has a part in; choosing one makes it the council the menu is about."""
    mine = queries.appointments_of(request.user, on=timezone.localdate())
    if request.method == "POST":
        key = request.POST.get("council", "")
        if key not in {appointment.council.key for appointment in mine}:
            raise Http404
        request.session[COUNCIL_IN_SESSION] = key
        return redirect("councils:council", key=key)
    councils: dict[str, dict[str, object]] = {}
    for appointment in mine:
        entry = councils.setdefault(
            appointment.council.key,
            {"council": appointment.council, "roles": [], "protocol": _words(appointment.council)},
        )
        entry["roles"].append(appointment)  # type: ignore[attr-defined]
    return render(request, "councils/switch.html", {"councils": list(councils.values())})


@require_safe
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Who I am here: my posts, my line manager, how I sign in."""
    on = timezone.localdate()
    held = queries.appointments_of(request.user, on=on)
    ended = Appointment.objects.filter(person=request.user, ends_on__lt=on).select_related("council", "acting_for__person")
    words = {row.council_id: _words(row.council) for row in (*held, *ended)}
    context = {
        "appointments": [(row, words[row.council_id]) for row in held],
        "lines": ReportingLine.objects.current(on).filter(officer=request.user).select_related("manager", "council"),
        "ended": [(row, words[row.council_id]) for row in ended],
        "mail_comes_back": request.user.pk in queries.refused_mailboxes([request.user]),
    }
    return render(request, "councils/account.html", context)


def _words(council: Council) -> Protocol | None:
    """The protocol whose words name the council's roles."""
    version = queries.protocol_in_force(council, on=timezone.localdate())
    return version.protocol if version else None
