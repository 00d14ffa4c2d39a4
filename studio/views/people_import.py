"""A list of people for a council, brought by its administrator: looked over first, then taken over whole."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from councils import wording
from councils.errors import Refusal
from councils.views._loading import Visit, carry_out, council_page, people_navigation
from studio.actions import people_import as actions
from studio.forms.people_import import BringPeopleForm
from studio.models import CouncilSetUp, PeopleImport
from studio.queries.people_import import looked_over, role_words, waiting_list
from studio.setup.people import Row

FORM = ["GET", "HEAD", "POST"]
TO_MEND = 40  # rows with boxes to mend them in; the rest is mended in the file
BOXES = ("name", "email", "role", "manager", "starts_on")


@require_http_methods(FORM)
@council_page(admin=True)
def people_import(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Bring a list, or look over the one that was brought."""
    waiting = waiting_list(visit.council, visit.person)
    if waiting is not None:
        return _look_over(request, visit, waiting)
    form = BringPeopleForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and carry_out(form, actions.bring_people, by=visit.person, council=visit.council):
        return redirect("studio:people-import", key=visit.council.key)
    return _page(request, visit, "studio/people_import.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@council_page(admin=True)
def template(request: HttpRequest, visit: Visit) -> HttpResponse:
    """An example of a list, to fill in."""
    made = io.StringIO()
    writer = csv.writer(made)
    words = visit.protocol
    writer.writerow([_("Name"), _("Email"), _("Role"), _("Post"), _("Line manager"), _("From")])
    labels = role_words(visit.council, on=visit.on)

    def role(code: str, protocol: Any) -> str:
        return labels.get(code) or wording.role_label(code, protocol)

    writer.writerow(["Alex Example", "alex@example.org", role("proper_officer", words), "", "", "2024-04-01"])
    writer.writerow(["Sam Example", "sam@example.org", role("officer", words), "Parks manager", "alex@example.org", "2023-09-04"])
    writer.writerow(["Jo Example", "jo@example.org", f"{role('councillor', words)}; {role('chair_of_council', words)}", "", "", "2023-05-09"])
    answer = HttpResponse("\ufeff" + made.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="people.csv"'
    return answer


def _look_over(request: HttpRequest, visit: Visit, waiting: PeopleImport) -> HttpResponse:
    error = ""
    if request.method == "POST":
        answer = _do(request, visit, waiting)
        if isinstance(answer, HttpResponse):
            return answer
        error = answer
        waiting = waiting_list(visit.council, visit.person)
        if waiting is None:
            messages.error(request, error)
            return redirect("studio:people-import", key=visit.council.key)
    rows = looked_over(waiting, on=visit.on)
    bad = [row for row in rows if not row.good]
    labels = role_words(visit.council, on=visit.on)
    context = {
        "waiting": waiting,
        "may_invite": visit.version is not None,
        "error": error,
        "good": [(row, _held(row, visit, labels)) for row in rows if row.good],
        "bad": [(row, _boxes(row)) for row in bad[:TO_MEND]],
        "more": list(bad[TO_MEND:]),
        "bad_numbers": [row.number for row in bad],
        "strange": waiting.windows and any(not value.isascii() for row in waiting.rows for value in row.values()),
    }
    return _page(request, visit, "studio/people_import_look.html", context, status=422 if error else 200)


def _do(request: HttpRequest, visit: Visit, waiting: PeopleImport) -> HttpResponse | str:
    """What a button of the page asks for; the answer, or what is wrong."""
    revision = request.POST.get("revision", "")
    step: dict[str, Any] = {"waiting": waiting, "by": visit.person, "now": timezone.now()}
    try:
        if request.POST.get("do") == "give_up":
            actions.give_up_people(**step)
            return redirect("studio:people-import", key=visit.council.key)
        step["revision"] = int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 9 else -1
        if cells := _typed(request, waiting):
            actions.mend_people(cells=cells, **step)
            messages.success(request, _("The list was checked again with your changes."))
            return redirect("studio:people-import", key=visit.council.key)
        if request.POST.get("do") != "take":
            return redirect("studio:people-import", key=visit.council.key)
        taken = actions.take_people(leave_out=request.POST.get("leave_out") == "1", invite=request.POST.get("invite") == "1", **step)
    except Refusal as refusal:
        return str(refusal.message)
    told = ngettext("%d person was taken over.", "%d people were taken over.", taken.people) % taken.people
    if taken.left_out:
        told += " " + _("Left out: rows %s.") % ", ".join(map(str, taken.left_out))
    messages.success(request, told)
    begun = CouncilSetUp.objects.filter(council=visit.council, finished_at__isnull=True).first()
    return redirect("studio:set-up", set_up=begun.pk) if begun else redirect("councils:people", key=visit.council.key)


def _typed(request: HttpRequest, waiting: PeopleImport) -> dict[int, dict[str, str]]:
    """The cells that differ from what was read."""
    found: dict[int, dict[str, str]] = {}
    for row in waiting.rows:
        for name in BOXES:
            value = request.POST.get(f"row-{row['number']}-{name}")
            if value is not None and " ".join(value.split()) != row[name]:
                found.setdefault(int(row["number"]), {})[name] = value
    return found


def _held(row: Row, visit: Visit, labels: Mapping[str, str]) -> str:
    return ", ".join(labels.get(role) or wording.role_label(role, visit.protocol) for role in row.roles)


def _boxes(row: Row) -> list[tuple[str, Any, str]]:
    labels = {"name": _("Name"), "email": _("Email"), "role": _("Role"), "manager": _("Line manager"), "starts_on": _("From")}
    return [(name, labels[name], row.cells[name]) for name in BOXES]


def _page(request: HttpRequest, visit: Visit, page: str, more: dict[str, Any], *, status: int) -> HttpResponse:
    context = {**visit.context, "sub_nav": people_navigation(visit, "people"), **more}
    return render(request, page, context, status=status)
