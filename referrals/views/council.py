"""The council's side: a referral under its concern, for those who may read the concern."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from concerns import policy as concern_policy
from concerns.enums import Capacity
from concerns.views._loading import Case, case_page, status_of
from concerns.views.raising import PAGE
from councils.errors import Refusal
from councils.models import Person
from councils.views._loading import one
from referrals import queries, wording
from referrals.actions import open_bundle
from referrals.actions.reading import PARTS
from referrals.domain import course
from referrals.enums import Side, State, Step
from referrals.forms import Offers
from referrals.models import Referral
from referrals.reports import letters
from referrals.views import _shown, _step

FOLLOWING = frozenset({Capacity.LIAISON, Capacity.HANDLER})
LAW_SHOWN = {Step.RECORD_FINDING, Step.CONSULT, Step.TAKE_OVER, Step.CARRY_OUT}
WARNING = {Step.SEND, Step.RECORD_FINDING, Step.TAKE_OVER, Step.STEP_ASIDE}


def _referral(case: Case, referral: UUID) -> Referral:
    found: Referral = one(queries.of_concern(case.concern), referral)
    return found


@require_safe
@case_page(concern_policy.READ)
def page(request: HttpRequest, case: Case, referral: UUID) -> HttpResponse:
    """Where it stands, its sealed papers, what the office said, and the steps open to whoever follows it."""
    row = _referral(case, referral)
    follows = bool(case.held & FOLLOWING)
    facts = queries.facts(row, Side.COUNCIL, concern=case.concern)
    is_open, closed = _shown.steps(
        facts, side=Side.COUNCIL, copied=True, url="referrals:referral-do", concern=case.concern.pk, referral=row.pk
    )
    office = queries.office(case.concern, row, on=case.today)
    context = {
        "case": case,
        "concern": case.concern,
        "referral": row,
        "state": _shown.state_of(row),
        "rows": _shown.about(row, today=case.today),
        "chase": _shown.chase_words(_shown.chase(row, case.today), case.today),
        "steps": is_open if follows else [],
        "closed_steps": closed if follows else [],
        "follows": follows,
        "has_desk": facts.has_desk,
        "desks": _shown.desks(row),
        "bundle": _shown.bundle(row),
        "bundle_href": "council",
        "entries": _shown.entries(row, all_of_it=follows),
        "measures": _shown.measures(row),
        "may_carry_out": follows and not course.refusal(Step.CARRY_OUT, facts),
        "mediated": wording.MEDIATED if row.officer_mediated or (row.state == State.PREPARED and office.mediated) else "",
        "law": _shown.law(row),
    }
    return render(request, "referrals/referral.html", context)


@require_http_methods(PAGE)
@case_page(concern_policy.READ)
def do(request: HttpRequest, case: Case, referral: UUID, step: str) -> HttpResponse:
    """One step of whoever follows it for the council."""
    row, wanted = _referral(case, referral), _shown.step_named(step)
    if wanted is None or wanted in (Step.CARRY_OUT, Step.STEP_ASIDE):
        raise Http404
    return _one_step(request, case, row, wanted)


@require_http_methods(PAGE)
@case_page(concern_policy.READ)
def measure(request: HttpRequest, case: Case, referral: UUID, measure: UUID) -> HttpResponse:
    """Record that one recommended measure was carried out."""
    row = _referral(case, referral)
    found = row.measures.filter(pk=measure).first()
    if found is None:
        raise Http404
    words = f"{wording.MEASURES[found.kind]}: {found.words!s}"
    return _one_step(request, case, row, Step.CARRY_OUT, about=words, measure_id=found.pk)


def _one_step(request: HttpRequest, case: Case, row: Referral, step: Step, *, about: str = "", **more: Any) -> HttpResponse:
    label, means = _step.words(step, Side.COUNCIL)
    facts = queries.facts(row, Side.COUNCIL, concern=case.concern)
    context: dict[str, Any] = {"case": case, "concern": case.concern, "referral": row, "label": label, "means": means, "about": about}
    why = _closed(case, step, facts)
    if why:
        return render(request, "referrals/closed.html", {**context, "why": why}, status=409)
    form = _step.form_for(step, request, _offers(case, row, step, facts))
    if request.method == "POST" and form.is_valid():
        done = _step.carry_out(form, step, by=case.person, now=case.now, referral=row, **more)
        if done is not None:
            return _done(request, case, row, step, done)
    context |= {"form": form, "step": step.value, "is_warning": step in WARNING, "law": _shown.law(row) if step in LAW_SHOWN else []}
    context["office"] = queries.office(case.concern, row, on=case.today) if step in (Step.SEAL, Step.READDRESS) else None
    context["barred"] = _barred(context["office"])
    return render(request, "referrals/step.html", context, status=status_of(form))


def _closed(case: Case, step: Step, facts: course.Facts) -> str:
    """Why the step isn't open to this person now, "" when it is."""
    if not case.held & FOLLOWING:
        return _("This step is for whoever follows the referral for the council.")
    code = course.refusal(step, facts)
    return wording.refused(code, facts.state) if code else ""


def _offers(case: Case, row: Referral, step: Step, facts: course.Facts) -> Offers:
    more: dict[str, Any] = {}
    if step == Step.SEAL:
        more["papers"] = [(str(document.pk), document.name or "–") for document in queries.papers_offered(case.concern)]
        more["letter"] = letters.draft(case.concern, by=case.person, now=case.now)
        more["must_tell"] = case.concern.subject_told_on is None
    if step in (Step.SEAL, Step.READDRESS):
        more["addressees"] = _addressees(case, row)
    return Offers(
        step=step, side=Side.COUNCIL, state=State(row.state), jurisdiction=row.jurisdiction, revision=row.revision, today=case.today,
        to_desk=row.addressed_to_id is not None, **more,
    )  # fmt: skip


def _addressees(case: Case, row: Referral) -> list[tuple[Person, str]]:
    """Who may be addressed, with their part."""
    office = queries.office(case.concern, row, on=case.today)
    free = [item.officer for item in office.found if not item.bar and not item.mediated and item.officer.person_id != case.person.pk]
    return [(office.people[one.person_id], f"{one.name}, {wording.OFFICERS[one.role]}") for one in free]


def _barred(office: queries.Office | None) -> list[str]:
    """Who of the office isn't offered, and why."""
    if office is None:
        return []
    found = [(item.officer.name, item.bar or ("mediated" if item.mediated else "")) for item in office.found]
    return [f"{name}: {wording.BARS[code]}" for name, code in found if code]


def _done(request: HttpRequest, case: Case, row: Referral, step: Step, done: Any) -> HttpResponse:
    messages.success(request, _step.happened(step))
    if concern_policy.can_see(case.person, case.concern, permission=concern_policy.READ):
        shown = done if isinstance(done, Referral) else row
        return redirect("referrals:referral", concern=case.concern.pk, referral=shown.pk)
    return redirect("concerns:home")


@require_safe
@case_page(concern_policy.READ)
def bundle(request: HttpRequest, case: Case, referral: UUID, part: str) -> HttpResponse:
    """The sealed bundle as PDF or ZIP, checked first; every opening is logged."""
    row = _referral(case, referral)
    found = queries.bundle_of(row)
    if found is None or part not in PARTS:
        raise Http404
    if request.method == "HEAD":
        return _shown.download(b"", part, row.reference)
    try:
        content = open_bundle(bundle=found, part=part, by=case.person, now=case.now)
    except Refusal as refusal:
        context = {"concern": case.concern, "referral": row, "label": _("Sealed papers"), "why": refusal.message}
        return render(request, "referrals/closed.html", context, status=409)
    return _shown.download(content, part, row.reference)
