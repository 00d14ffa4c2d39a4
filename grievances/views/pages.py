"""The pages of a grievance: where it stands, one page per step, support, and a tie that came to light."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from concerns import policy
from concerns import queries as concern_queries
from concerns.actions import triage
from concerns.views._loading import attempt, signed_in, status_of
from grievances import queries, wording
from grievances.actions import flags
from grievances.actions import support as supporting
from grievances.actions.ground import verb
from grievances.domain import machine
from grievances.enums import Deed, Step
from grievances.forms.steps import FORMS, FlagForm, Offers, SupportForm
from grievances.models import Grievance, Support
from grievances.queries import Held
from grievances.views import _offers, _page

PAGE = ["GET", "HEAD", "POST"]
WARNING = {Step.LEAVE_PANEL, Step.RELEASE_DECISION, Step.CLOSE}


def grievance_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorates ``view(request, held, **kwargs)``: the grievance in the address, if the person may know of it, else 404."""

    @wraps(view)
    @signed_in
    def guarded(request: HttpRequest, grievance: UUID, **kwargs: Any) -> HttpResponse:
        now = timezone.now()
        today = timezone.localdate(now)
        concern_id = Grievance.objects.filter(pk=grievance).values_list("concern_id", flat=True).first()
        if concern_id is None:
            raise concern_queries.NotVisible
        found = concern_queries.load(concern_id, person=request.user, on=today)
        if found.may_be_out and triage.put_out(concern=found, by=request.user, now=now):  # type: ignore[attr-defined]
            raise concern_queries.NotVisible
        return view(request, queries.load(grievance, person=request.user, today=today), **kwargs)

    return guarded


@require_safe
@grievance_page
def page(request: HttpRequest, held: Held) -> HttpResponse:
    """Where it stands, what is due, and what this person may do; each part sees its own share of it."""
    return render(request, "grievances/page.html", _page.context(held))


@require_http_methods(PAGE)
@grievance_page
def do(request: HttpRequest, held: Held, step: str) -> HttpResponse:
    """Show one step's form, or do it. A step that isn't open to this person now is refused with the reason."""
    which = next((known for known in Step if known.value == step), None)
    if which is None:
        raise Http404
    if code := machine.closed(which, held.standing, held.person.pk, held.today):
        context = {"held": held, "label": wording.STEPS[which][0], "why": wording.refused(code)}
        return render(request, "grievances/closed_step.html", context, status=409)
    posted = request.method == "POST"
    form = FORMS[which](request.POST if posted else None, offers=_offers.for_step(which, held))
    if posted and form.is_valid():
        answers = _offers.resolved(which, held, form.answers())
        if attempt(form, verb.actions[which], grievance_id=held.grievance.pk, by=held.person, now=timezone.now(), **answers):
            return _done(request, held, str(wording.EVENTS[verb.leaves[which]]))  # type: ignore[index]
        _refresh(form, Grievance.objects.filter(pk=held.grievance.pk).values_list("revision", flat=True).first())
    label, means = _page.named(which, held), _page.meaning(which, held)
    context = {"held": held, "form": form, "step": which.value, "label": label, "means": means, "is_warning": which in WARNING}
    context["button"] = wording.BUTTONS.get(which, label)
    return render(request, "grievances/step.html", context | _page.beside_form(which, held), status=status_of(form))


def _done(request: HttpRequest, held: Held, words: str) -> HttpResponse:
    """On to the page, or home when the step ended this person's access."""
    if policy.visible_to(held.person).filter(pk=held.concern.pk).exists():
        messages.success(request, f"{words}.")
        return redirect("grievances:page", grievance=held.grievance.pk)
    messages.success(request, _("%s. Your part in it has ended, so you can’t open it any more.") % words)
    return redirect("concerns:home")


def _refresh(form: Any, revision: int | None) -> None:
    """After a refusal the form is about it as it is now; what was typed stays."""
    if revision is not None:
        form.data = form.data.copy()
        form.data["revision"] = str(revision)


@require_http_methods(PAGE)
@signed_in
def support(request: HttpRequest, concern: UUID) -> HttpResponse:
    """Ask for help, or say what is given. Open beside every procedure."""
    now = timezone.now()
    found = concern_queries.load(concern, person=request.user, on=timezone.localdate(now))
    if found.may_be_out and triage.put_out(concern=found, by=request.user, now=now):  # type: ignore[attr-defined]
        raise concern_queries.NotVisible
    if not supporting.open_to(found, request.user, reads=found.readable):  # type: ignore[attr-defined]
        context = {"concern": found, "label": wording.DEEDS[Deed.GIVE_SUPPORT][0], "why": wording.refused("not_your_part")}
        return render(request, "grievances/closed_step.html", context, status=409)
    posted = request.method == "POST"
    form = SupportForm(request.POST if posted else None, offers=Offers(found.revision))
    if posted and form.is_valid():
        answers = form.answers() | {"revision": None}
        if attempt(form, verb.actions[Deed.GIVE_SUPPORT], concern_id=found.pk, by=request.user, now=now, **answers):
            messages.success(request, f"{wording.EVENTS[verb.leaves[Deed.GIVE_SUPPORT]]}.")  # type: ignore[index]
            return redirect("concerns:page", concern=found.pk)
    label, means = wording.DEEDS[Deed.GIVE_SUPPORT]
    given = [{"row": row, "kind": wording.SUPPORT[row.kind]} for row in Support.objects.filter(concern=found).select_related("by")]  # type: ignore[index]
    context = {"concern": found, "form": form, "label": label, "means": means, "given": given}
    return render(request, "grievances/support.html", context, status=status_of(form))


@require_http_methods(PAGE)
@signed_in
def flag(request: HttpRequest, flag: UUID) -> HttpResponse:
    """A tie that came to light after somebody had a part in a case: whoever was told considers it."""
    found = queries.flag(flag, person=request.user)
    posted = request.method == "POST" and found.considered_at is None
    form = FlagForm(request.POST if posted else None, offers=Offers(found.revision))
    if request.method == "POST" and found.considered_at is not None:
        messages.info(request, _("It was considered already."))
        return redirect("grievances:flag", flag=found.pk)
    if posted and form.is_valid() and attempt(form, flags.consider_flag, flag_id=found.pk, by=request.user, now=timezone.now(), **form.answers()):
        messages.success(request, f"{wording.EVENTS[verb.leaves[Deed.CONSIDER_FLAG]]}.")  # type: ignore[index]
        return redirect("grievances:flag", flag=found.pk)
    label, means = wording.DEEDS[Deed.CONSIDER_FLAG]
    choice = wording.FLAG[found.choice][0] if found.choice else ""  # type: ignore[index]
    context = {"flag": found, "form": form, "label": label, "means": means, "choice": choice}
    return render(request, "grievances/flag.html", context, status=status_of(form))
