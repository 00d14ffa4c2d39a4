"""The steps of a concern: one page per step, one form, one action."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from concerns import plan, policy, queries, wording
from concerns.actions import consent, formal, handover
from concerns.actions.verb import ACTIONS, LEAVES
from concerns.enums import READING_CAPACITIES, Action, ConsentKind, ConsentStatus, ProceedingKind, State
from concerns.forms.base import Offers, StepForm
from concerns.forms.steps import FORMS
from concerns.models import Concern
from concerns.views import _record, _route
from concerns.views._loading import Case, attempt, case_page, status_of
from concerns.views.raising import PAGE
from councils import wording as council_words

CHOOSE_PEOPLE = {Action.HAND_OVER, Action.ASSIGN, Action.INSTIGATE_INVESTIGATION, Action.ADD_WITNESS}
WARNING = {
    Action.DECLARE_CONFLICT, Action.HAND_OVER, Action.NO_HANDLER, Action.FORMAL_CODE_COMPLAINT, Action.REFER_CODE,
    Action.REDIRECT, Action.WITHDRAW, Action.START_DISCIPLINARY,
}  # fmt: skip
LAW_SHOWN = {
    Action.START_GRIEVANCE, Action.REPORT_TO_COUNCIL, Action.RECORD_OUTCOME, Action.INSTIGATE_INVESTIGATION,
    Action.ACCEPT_COMPLAINT, Action.CLOSE_NO_ACTION,
}  # fmt: skip
FORMAL_STEPS = {
    Action.START_GRIEVANCE: ("proc:grievance",),
    Action.START_DISCIPLINARY: ("proc:disciplinary",),
    Action.REFER_CODE: ("proc:code_of_conduct",),
    Action.FORMAL_CODE_COMPLAINT: ("proc:code_of_conduct",),
    Action.REPORT_TO_COUNCIL: ("body:full_council", "proc:report_to_council"),
}


@require_http_methods(PAGE)
@case_page()
def do(request: HttpRequest, case: Case, action: str) -> HttpResponse:
    """Show one step's form, or do it. A step that isn't open to this person now is refused with the reason."""
    step = next((known for known in FORMS if known.value == action), None)
    if step is None or case.concern.state == State.DRAFT:
        raise Http404
    decision = policy.can(case.person, step, case.concern, facts=case.facts, held=case.held)
    if not decision:
        context = {"case": case, "concern": case.concern, "label": wording.ACTIONS[step][0], "why": decision.why}
        return render(request, "concerns/closed_step.html", context, status=409)
    posted = request.method == "POST"
    form = FORMS[step](request.POST if posted else None, request.FILES if posted else None, offers=_offers(step, case))
    if posted and form.is_valid():
        run = ACTIONS[step]
        if attempt(form, run, concern_id=case.concern.pk, by=case.person, now=case.now, **form.answers()):
            return _done(request, case, step)
        _refresh(form, case)
    label, means = wording.ACTIONS[step]
    basis = _clauses(step, case)
    limits = [entry["limit"] for entry in basis]
    context = {
        "case": case,
        "concern": case.concern,
        "protocol": case.protocol,
        "form": form,
        "action": step.value,
        "label": label,
        "means": means,
        "is_warning": step in WARNING,
        "law_notes": [item for item in _record.law_notes(case) if item not in limits] if step in LAW_SHOWN else [],
        "clauses": basis,
        "asked": [row for row in _record.consents(case) if row["row"].status == ConsentStatus.ASKED]
        if step == Action.ANSWER_CONSENT
        else [],
        "has_files": step == Action.ADD_DOCUMENT,
        "passes": _passes(case) if step == Action.HAND_OVER else [],
        "nobody": step in CHOOSE_PEOPLE and not form.offers.people,
    }
    return render(request, "concerns/step.html", context, status=status_of(form))


def _done(request: HttpRequest, case: Case, step: Action) -> HttpResponse:
    """On to the page, or home when the step ended this person's access."""
    event = LEAVES[step]
    words = str(wording.EVENTS[event]) if event else str(wording.ACTIONS[step][0])
    if policy.visible_to(case.person).filter(pk=case.concern.pk).exists():
        messages.success(request, _("Done: %s.") % words)
        return redirect("concerns:page", concern=case.concern.pk)
    messages.success(request, _("Done: %s. Your part in it has ended, so you can't open it any more.") % words)
    return redirect("concerns:home")


def _refresh(form: StepForm, case: Case) -> None:
    """After a refusal the form is about the concern as it is now; what was typed stays."""
    now = Concern.objects.filter(pk=case.concern.pk).values_list("revision", flat=True).first()
    form.data = form.data.copy()  # type: ignore[union-attr]
    form.data["revision"] = str(now if now is not None else case.concern.revision)


def _offers(step: Action, case: Case) -> Offers:
    """What the step's form chooses from."""
    concern, protocol = case.concern, case.protocol
    agreed = consent.agreed(concern)
    if step == Action.PASS_ON and concern.mode != "any_of":
        agreed.add(ConsentKind.WIDER_CIRCLE)
    more: dict[str, Any] = {}
    if step in (Action.PASS_ON, Action.DIRECT_FAILED):
        more["next_steps"] = _next_steps(case)
    if step in CHOOSE_PEOPLE:
        more["people"] = _people(step, case)
    if step == Action.CONCILIATE and protocol:
        known = {part.person_id for part in case.everyone}
        more["people"] = [(person, label) for person, label in _people(step, case) if person.pk not in known]
        more["mediators"] = [
            (item.token, item.label.capitalize() if item.label.islower() else item.label or _route.label(item.token, protocol))
            for item in protocol.mediators
        ]
    if step == Action.RECORD_OUTCOME:
        more["outcomes"] = [(code, wording.outcome_label(code)) for code in formal.outcomes_for(concern, on=case.today)]
    return Offers(
        today=case.today,
        revision=concern.revision,
        agreed=frozenset(agreed),
        is_raiser=case.is_raiser,
        subject_told=concern.subject_told_on is not None,
        kind_only=concern.state == State.DISCIPLINARY,
        reopen_needs_evidence=step == Action.REOPEN and not queries.reopen_window_open(concern, today=case.today),
        **more,
    )


def _passes(case: Case) -> list[str]:
    """What whoever takes it gets, for the person who hands it over to check."""
    parts = sorted({str(wording.CAPACITIES[capacity]) for capacity in case.held & handover.HANDED_ON})
    files = case.concern.documents.count()
    written = [_("What was written, the notes and the whole timeline"), ngettext("%s file", "%s files", files) % files]
    found = [
        _("Your part: %s") % ", ".join(parts),
        *(written if case.held & handover.HANDED_ON & READING_CAPACITIES else [_("Its stage, people and dates, not what was written")]),
        _("Every date that is due, as it stands: %s") % wording.state_label(case.concern.state),
    ]
    kinds = [ProceedingKind(kind) for kind in case.concern.proceedings.filter(closed_on=None).values_list("kind", flat=True)]
    found += [_("The procedure that runs: %s") % wording.PROCEEDINGS[kind] for kind in kinds]
    return [*found, _("%s is told that it changed hands, and to whom.") % case.concern.raiser.full_name]


def _next_steps(case: Case) -> list[tuple[str, str]]:
    """The recipients it may go to next, by name where there is one."""
    made = plan.for_concern(case.concern, on=case.today)
    found = []
    for token in queries.next_tokens(case.concern):
        step = made.step(token) or next((item for item in made.steps if item.instead_of == token), None)
        who = ", ".join(_route.seat(one, case.protocol, token) for one in step.seats) if step and case.protocol else ""
        if token == plan.PARTY_SUBJECT and not case.is_raiser:
            back = _("Back to %s, who talks to the person it is about in private. That person isn't shown it.")
            found.append((token, back % case.concern.raiser.full_name))
            continue
        label = _route.label(token, case.protocol)
        found.append((token, f"{label}: {who}" if who else label))
    return found


def _people(step: Action, case: Case) -> list[tuple[Any, str]]:
    """Whom the step may name: everybody of the council for a witness, else only those free of a connection."""
    everybody = _route.people(case.concern.council, case.protocol, on=case.today, but=[case.person])
    if step == Action.ADD_WITNESS:
        return everybody
    made = plan.for_concern(case.concern, on=case.today)
    free = {person.pk for person in (made.successors() if step == Action.HAND_OVER else made.eligible())}
    return [(person, label) for person, label in everybody if person.pk in free]


def _clauses(step: Action, case: Case) -> list[dict[str, Any]]:
    """The clause or law behind a formal step."""
    tokens = FORMAL_STEPS.get(step)
    if not tokens or case.protocol is None:
        return []
    law = {item.id: item for item in plan.law_in_force(case.protocol, on=case.today)}
    found = {}
    for offer in queries.deciding(case.concern, [s.role for s in case.concern.subjects.all()], on=case.today):
        for recipient in (*offer.to, *offer.by_law):
            if recipient.token in tokens:
                found[recipient.token] = {
                    "source": council_words.source_label(recipient.basis or offer.basis),
                    "clauses": _route.clauses(case.protocol, recipient.cites or offer.cites),
                    "limit": law.get(recipient.limit or recipient.legal),
                }
    return list(found.values())
