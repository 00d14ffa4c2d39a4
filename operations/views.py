"""How the portal is: in two letters for anybody, in numbers for machines with the token and for operators."""

from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from concerns.views._loading import signed_in
from councils.rls import current_person
from operations import queries, reports


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers, otherwise 503; details only to a signed-in operator."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if settings.SESSION_COOKIE_NAME in request.COOKIES and _is_operator(request):
            told = reports.plain(queries.health(now=timezone.now()), queries.version())
            return HttpResponse(told, content_type="text/plain")
    except DatabaseError:
        return HttpResponse(b"unavailable", status=503, content_type="text/plain")
    return HttpResponse(b"ok", content_type="text/plain")


def _is_operator(request: HttpRequest) -> bool:
    """An operator whom the database knows by name: signed in, with whatever second factor is asked of them."""
    person = request.user
    return bool(person.is_authenticated and person.is_active and person.is_operator and current_person() == person.pk)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text for whoever brings PORTAL_METRICS_TOKEN as a bearer; for everybody else there is nothing here."""
    token = settings.PORTAL_METRICS_TOKEN
    brought = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not constant_time_compare(brought, token):
        raise Http404
    told = reports.exposition(queries.health(now=timezone.now()), queries.version())
    return HttpResponse(told, content_type="text/plain; version=0.0.4; charset=utf-8")


@require_safe
@signed_in
def page(request: HttpRequest) -> HttpResponse:
    """Heartbeats, queues, failures, version and migrations, for operators alone. Nothing of any case, no name of anybody."""
    if not _is_operator(request):
        raise Http404
    health = queries.health(now=timezone.now())
    pending = queries.pending_migrations()
    files = int(health.counted.get("files_not_scanned", 0))
    late = int(health.counted.get("reminders_oldest_seconds", 0))
    rows = [
        (_("Worker, last heard of"), _ago(health.worker), health.worker is not None and health.worker < queries.LATE),
        (_("Clock (beat), last heard of"), _ago(health.beat), health.beat is not None and health.beat < queries.LATE),
        (_("Mail that is due and not sent"), str(health.waiting), health.oldest < queries.QUEUE_LATE),
        (_("The oldest of it has waited"), _seconds(health.oldest), health.oldest < queries.QUEUE_LATE),
        (_("Mail that could not be delivered"), str(health.failed), health.failed == 0),
        (_("The oldest reminder has waited for the clock"), _seconds(late), late < queries.QUEUE_LATE),
        (_("Files that no virus scanner has seen"), str(files), files == 0),
        (_("Files in which a virus was found"), str(int(health.counted.get("files_infected", 0))), True),
        (_("The last three were counted"), _ago(health.counted_age), health.counted_age is not None and health.counted_age < queries.LATE),
        (_("Migrations that are missing"), str(pending), pending == 0),
        (_("Virus scanner"), _("is set") if settings.PORTAL_CLAMAV else _("none is set"), True),
        (_("Version"), queries.version(), True),
    ]
    return render(request, "operations/page.html", {"rows": rows, "runs": health.well and pending == 0, "well": all(row[2] for row in rows)})


def _seconds(value: float) -> str:
    """An age in words."""
    if value < 120:
        return _("%(number)d seconds") % {"number": value}
    if value < 7200:
        return _("%(number)d minutes") % {"number": value // 60}
    return _("%(number)d hours") % {"number": value // 3600}


def _ago(value: float | None) -> str:
    return _("never") if value is None else _("%(time)s ago") % {"time": _seconds(value)}
