"""A council's records: what one may ask, who keeps them, for how long, and what is kept longer. Nothing here says anything of a case."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from councils.views._loading import Visit, carry_out, council_page, done, one
from rights import queries, wording
from rights.actions import keeping
from rights.enums import OutcomeClass
from rights.forms.council import HoldForm, KeeperForm, LiftForm, NothingForm, RetentionForm
from rights.models import Disposal, Keeper, LegalHold
from rights.reports import register
from rights.views._loading import PAGE


def form_page(http: HttpRequest, visit: Visit, form: Any, *, title: Any, button: Any, intro: Any = "", warning: Any = "") -> HttpResponse:
    """One form on a page, with the way back to the council's records."""
    context = {
        **visit.context, "form": form, "page_title": title, "button": button, "intro": intro, "warning": warning,
        "back_url": reverse("rights:council", kwargs={"key": visit.council.key}),
    }  # fmt: skip
    return render(http, "councils/form.html", context, status=422 if form.errors else 200)


@require_safe
@council_page()
def hub(http: HttpRequest, visit: Visit) -> HttpResponse:
    """What anybody may ask; what records keepers deal with; who they are."""
    is_keeper = queries.is_keeper(visit.council)
    matters = [(kind, list(model._default_manager.filter(council=visit.council))) for kind, model in queries.MODELS.items()]
    seated = queries.seated()
    rows = [
        {"kind": wording.KINDS[kind], "state": wording.state_label(kind, row.state), "colour": wording.COLOURS[row.state], "row": row,
         "url": reverse(f"rights:{kind}", kwargs={"row": row.pk}), "mine": row.pk not in seated, "about": _about(row)}
        for kind, found in matters for row in found
    ]  # fmt: skip
    context = {
        **visit.context, "keepers": queries.keepers(visit.council), "is_keeper": is_keeper, "schedule": _schedule(visit),
        "waiting": [row for row in rows if not row["mine"]], "mine": [row for row in rows if row["mine"]],
        "hold": LegalHold.objects.filter(council=visit.council, case_id__isnull=True, lifted_at__isnull=True).exists() if is_keeper else False,
        "least": queries.least_months(), "too_few": visit.is_admin and visit.council.pk in queries.short_councils(),
    }  # fmt: skip
    return render(http, "rights/hub.html", context)


def _about(row: Any) -> str:
    """What tells one case from another, as far as anybody is told."""
    if not isinstance(row, Disposal):
        return ""
    return _("%(how)s, closed in %(year)d") % {"how": wording.OUTCOMES[OutcomeClass(row.outcome_class)], "year": row.closed_year}


def _schedule(visit: Visit) -> list[dict[str, Any]]:
    return [
        {"code": outcome.value, "label": wording.OUTCOMES[outcome], "time": wording.months_label(rule.months), "minute": rule.minute_ref, "own": rule.set_by_id is not None}
        for outcome, rule in queries.schedule(visit.council).items()
    ]


@require_http_methods(PAGE)
@council_page(admin=True)
def keeper_add(http: HttpRequest, visit: Visit) -> HttpResponse:
    """Name a records keeper."""
    form = KeeperForm(http.POST if http.method == "POST" else None, people=queries.may_keep(visit.council, on=visit.on).exclude(pk=visit.person.pk))
    if http.method == "POST" and carry_out(form, keeping.name_keeper, by=visit.person, council=visit.council):
        return done(http, _("They keep the council’s records from now on."), "rights:council", key=visit.council.key)
    intro = _(
        "A records keeper destroys what has been kept long enough, answers people who ask for their data, and deals with complaints and breaches. "
        "It always takes two, so name at least three: whoever is a party to a case is passed over."
    )
    return form_page(http, visit, form, title=_("Name a records keeper"), button=_("Name them"), intro=intro)


@require_http_methods(PAGE)
@council_page(admin=True)
def keeper_end(http: HttpRequest, visit: Visit, keeper: UUID) -> HttpResponse:
    """They keep the records no longer."""
    row = one(Keeper.objects.filter(council=visit.council, until__isnull=True).select_related("council", "person"), keeper)
    form = NothingForm(http.POST if http.method == "POST" else None)
    if http.method == "POST" and carry_out(form, keeping.end_keeper, by=visit.person, keeper=row):
        return done(http, _("They don’t keep the council’s records any more."), "rights:council", key=visit.council.key)
    title = _("Should %(name)s keep the records no longer?") % {"name": row.person.full_name}
    return form_page(http, visit, form, title=title, button=_("End it"), intro=_("They see nothing of what waits there from then on."))


@require_http_methods(PAGE)
@council_page(admin=True)
def retention(http: HttpRequest, visit: Visit, outcome: str) -> HttpResponse:
    """How long what ended in one way is kept."""
    if outcome not in set(OutcomeClass):
        raise Http404
    rule = queries.schedule(visit.council)[OutcomeClass(outcome)]
    form = RetentionForm(http.POST if http.method == "POST" else None, rule=rule)
    if http.method == "POST" and carry_out(form, keeping.set_retention, by=visit.person, council=visit.council, outcome_class=outcome):
        return done(http, _("The council’s schedule is changed. What is due follows within a day."), "rights:council", key=visit.council.key)
    if outcome == OutcomeClass.DRAFT:
        form.fields["months"].label = _("For how many months after it was last changed?")
        intro = _("Nobody but its writer sees a draft. They are told 30 days before it goes, and keep it by going on with it.")
        return form_page(http, visit, form, title=wording.OUTCOMES[OutcomeClass(outcome)], button=_("Keep it that long"), intro=intro)
    intro = _("Count from the day it is closed. Never less than %(least)d months: so long somebody may go to a tribunal.") % {"least": queries.least_months()}
    return form_page(http, visit, form, title=wording.OUTCOMES[OutcomeClass(outcome)], button=_("Keep it that long"), intro=intro)


@require_http_methods(PAGE)
@council_page()
def hold(http: HttpRequest, visit: Visit) -> HttpResponse:
    """Keep everything of the council for legal reasons, or lift that."""
    if not queries.is_keeper(visit.council):
        raise Http404
    held = LegalHold.objects.filter(council=visit.council, case_id__isnull=True, lifted_at__isnull=True).exists()
    posted = http.POST if http.method == "POST" else None
    form = LiftForm(posted) if held else HoldForm(posted)
    if posted is not None and carry_out(form, keeping.release_council if held else keeping.hold_council, by=visit.person, council=visit.council):
        messages.success(http, _("The hold is lifted.") if held else _("Nothing of the council is destroyed until the hold is lifted."))
        return redirect("rights:council", key=visit.council.key)
    if held:
        return form_page(http, visit, form, title=_("Lift the hold on everything?"), button=_("Lift the hold"))
    intro = _("For example for an inquiry. Nobody can destroy any case of the council until the hold is lifted.")
    return form_page(http, visit, form, title=_("Keep everything for legal reasons"), button=_("Keep everything"), intro=intro)


@require_safe
@council_page()
def processing(http: HttpRequest, visit: Visit) -> HttpResponse:
    """The register of processing, for people of the council."""
    return render(http, "rights/register.html", {**visit.context, "content": register.reading(visit.council, visit.on)})

