"""The office's desk: what was referred to this person, over all councils, and nothing of any concern."""

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

from concerns import lists
from concerns.views._loading import signed_in, status_of
from concerns.views.raising import PAGE
from councils.errors import Refusal
from referrals import policy, queries, wording
from referrals.actions import open_bundle
from referrals.actions.reading import PARTS
from referrals.domain import course
from referrals.enums import Side, State, Step
from referrals.forms import Offers
from referrals.forms.desk import FilterForm
from referrals.models import Referral
from referrals.views import _shown, _step
from referrals.views.council import LAW_SHOWN, WARNING

PER_PAGE = 25


def desk_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorates ``view(request, referral, **kwargs)``: a referral on this person's desk, else the one 404."""

    @wraps(view)
    @signed_in
    def guarded(request: HttpRequest, referral: UUID, **kwargs: Any) -> HttpResponse:
        return view(request, queries.load_on_desk(referral, person=request.user, on=timezone.localdate()), **kwargs)

    return guarded


@require_safe
@signed_in
def inbox(request: HttpRequest) -> HttpResponse:
    """Everything on this person's desk, filtered. Whoever has no desk finds the one 404."""
    person, today = request.user, timezone.localdate()
    if not policy.has_desk(person):
        raise Http404
    mine = policy.on_desk(person, on=today)
    councils = sorted({(row.council.key, row.council.name) for row in mine.select_related("council")}, key=lambda pair: pair[1])
    form = FilterForm(request.GET or None, councils=councils)
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    page = lists.page_of(queries.inbox(person, on=today, **wanted), request.GET.get("page"), size=PER_PAGE)
    query = request.GET.copy()
    query.pop("page", None)
    known: dict[UUID, dict[str, int]] = {}
    context = {
        "form": form,
        "rows": [{"row": row, **_shown.state_of(row), "chase": _shown.chase(row, today, known=known)} for row in page.object_list],
        "page_obj": page,
        "count": page.paginator.count,
        "query": query.urlencode(),
        "filtered": any(wanted.values()),
        "today": today,
    }
    return render(request, "referrals/inbox.html", context)


@require_safe
@desk_page
def page(request: HttpRequest, referral: Referral) -> HttpResponse:
    """What was referred, its sealed papers, what was recorded, and the steps open now."""
    today = timezone.localdate()
    facts = queries.facts(referral, Side.OFFICE)
    is_open, closed = _shown.steps(facts, side=Side.OFFICE, copied=False, url="referrals:desk-do", referral=referral.pk)
    context = {
        "referral": referral,
        "state": _shown.state_of(referral),
        "rows": _shown.about(referral, today=today),
        "steps": is_open,
        "closed_steps": closed,
        "bundle": _shown.bundle(referral),
        "bundle_href": "desk",
        "entries": _shown.entries(referral, all_of_it=True),
        "measures": _shown.measures(referral),
        "mediated": wording.MEDIATED if referral.officer_mediated else "",
        "follows": True,
        "law": _shown.law(referral),
    }
    return render(request, "referrals/desk.html", context)


@require_http_methods(PAGE)
@desk_page
def do(request: HttpRequest, referral: Referral, step: str) -> HttpResponse:
    """One step of the office."""
    wanted = _shown.step_named(step)
    if wanted is None or Side.OFFICE not in course.STEPS[wanted][0]:
        raise Http404
    label, means = _step.words(wanted, Side.OFFICE)
    facts = queries.facts(referral, Side.OFFICE)
    context: dict[str, Any] = {"referral": referral, "label": label, "means": means, "desk": True}
    if why := _closed(referral, wanted, facts):
        return render(request, "referrals/closed.html", {**context, "why": why}, status=409)
    offers = Offers(
        step=wanted, side=Side.OFFICE, state=State(referral.state), jurisdiction=referral.jurisdiction, revision=referral.revision,
        today=timezone.localdate(),
    )  # fmt: skip
    form = _step.form_for(wanted, request, offers)
    if request.method == "POST" and form.is_valid():
        done = _step.carry_out(form, wanted, by=request.user, now=timezone.now(), referral=referral)
        if done is not None:
            messages.success(request, _step.happened(wanted))
            if wanted == Step.STEP_ASIDE:
                return redirect("referrals:inbox")
            return redirect("referrals:desk", referral=referral.pk)
    context |= {"form": form, "step": wanted.value, "is_warning": wanted in WARNING, "law": _shown.law(referral) if wanted in LAW_SHOWN else []}
    return render(request, "referrals/step.html", context, status=status_of(form))


def _closed(referral: Referral, step: Step, facts: course.Facts) -> str:
    """Why the step isn't open, "" when it is. A second acknowledgement is told when the first was."""
    code = course.refusal(step, facts)
    if not code:
        return ""
    if step == Step.ACKNOWLEDGE and (said := queries.acknowledged(referral)):
        return said
    return wording.refused(code, facts.state)


@require_safe
@desk_page
def bundle(request: HttpRequest, referral: Referral, part: str) -> HttpResponse:
    """The sealed bundle as PDF or ZIP, checked first; every opening is logged."""
    found = queries.bundle_of(referral)
    if found is None or part not in PARTS:
        raise Http404
    if request.method == "HEAD":
        return _shown.download(b"", part, referral.reference)
    try:
        content = open_bundle(bundle=found, part=part, by=request.user, now=timezone.now())
    except Refusal as refusal:
        context = {"referral": referral, "label": _("Sealed papers"), "why": refusal.message, "desk": True}
        return render(request, "referrals/closed.html", context, status=409)
    return _shown.download(content, part, referral.reference)
