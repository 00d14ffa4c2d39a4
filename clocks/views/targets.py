"""How long things may take in a council: read by everybody there, set by its administrator."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clocks import plan, wording
from clocks.actions import targets as actions
from clocks.enums import Basis
from clocks.forms.due import TargetForm
from clocks.views._lines import cited, number
from concerns.domain import targets
from councils.models import Council
from councils.protocol import Protocol
from councils.views._loading import Visit, carry_out, council_page


def _row(code: str, council: Council, protocol: Protocol | None) -> dict[str, Any]:
    found = plan.target(code, council, protocol.targets if protocol else {})
    return {
        "code": code, "label": wording.TARGETS[code], "number": number(found.days, found.unit), "basis": wording.BASES[Basis(found.basis)],
        "cites": cited(found.cites, found.basis, protocol), "days": found.days,
    }  # fmt: skip


@require_safe
@council_page()
def listing(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Every target, in working days, with whose number it is."""
    rows = [_row(code, visit.council, visit.protocol) for code in targets.SETTABLE if _applies(code, visit)]
    return render(request, "clocks/targets.html", {**visit.context, "rows": rows})


def _applies(code: str, visit: Visit) -> bool:
    return visit.council.jurisdiction == "Wales" if code == "chase_ombudsman_wales" else True


@require_http_methods(["GET", "HEAD", "POST"])
@council_page(admin=True)
def change(request: HttpRequest, visit: Visit, code: str) -> HttpResponse:
    """Set one target, or go back to what the protocol or this service says."""
    if code not in targets.SETTABLE or not _applies(code, visit):
        raise Http404
    back = reverse("clocks:targets", kwargs={"key": visit.council.key})
    form = TargetForm(request.POST if request.method == "POST" else None, initial={"days": visit.council.targets.get(code)})
    if request.method == "POST" and carry_out(form, actions.set_target, by=visit.person, council=visit.council, code=code):
        messages.success(request, _("Saved. Dates that are still to come move within a minute, and each that moves is recorded."))
        return redirect(back)
    context = {
        **visit.context, "form": form, "back_url": back, "page_title": wording.TARGETS[code], "button": _("Save"),
        "intro": _row(code, visit.council, visit.protocol), "generic_title": _("Targets"),
    }  # fmt: skip
    return render(request, "clocks/target.html", context, status=422 if form.errors else 200)
