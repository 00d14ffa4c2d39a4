"""The list of one's requests, the page of one, and its steps: one form, one action."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from concerns.views._loading import attempt, signed_in, status_of
from concerns.views._route import clauses
from information import policy, queries, wording
from information.actions.deciding import grounds_of
from information.actions.verbs import ACTIONS, LEAVES
from information.enums import RequestAction, RequestKind, RequestPart, RequestState
from information.forms.steps import FORMS, Offers
from information.models import AccessRequest
from information.views import _shown
from information.views._loading import PAGE, Sheet, refresh, request_page
from information.views.asking import councils_of_member

WARNING = {RequestAction.REFUSE, RequestAction.REVIEW_REFUSE, RequestAction.PASS_ON, RequestAction.CLOSE}
REFUSING = {RequestAction.REFUSE, RequestAction.PARTLY_GRANT, RequestAction.REVIEW_REFUSE}


@require_safe
@signed_in
def listing(http: HttpRequest) -> HttpResponse:
    """One's own requests, and those one decides, advises on or reviews."""
    today = timezone.localdate()
    context = {
        "mine": [_row(row, own=True) for row in queries.mine(http.user, on=today)],
        "seated": [_row(row) for row in queries.seated(http.user, on=today)],
        "may_ask": bool(councils_of_member(http.user, today)),
    }
    return render(http, "information/list.html", context)


def _row(request: AccessRequest, *, own: bool = False) -> dict[str, Any]:
    state = RequestState(request.state)
    if own and request.kind == RequestKind.CONCERN and state == RequestState.ASKED:
        state = RequestState.WITH_DETERMINER
    words = (request.document or "").strip().splitlines()
    return {"asked": request, "state": wording.STATES[state][0], "colour": wording.COLOURS[state], "about": words[0][:120] if words else ""}


@require_safe
@request_page
def page(http: HttpRequest, sheet: Sheet) -> HttpResponse:
    """One request: what is asked, what the protocol says, who decides, what was decided, and what can be done."""
    request = sheet.request
    if request.state == RequestState.DRAFT:
        return redirect("information:draft-send", request_id=request.pk)
    assert sheet.rules is not None and sheet.protocol is not None
    state = RequestState(request.state)
    opened, closed = _shown.steps(sheet)
    running = state in (RequestState.ASKED, RequestState.WITH_DETERMINER, RequestState.REVIEW_ASKED, RequestState.JUSTIFICATION_NEEDED)
    context = {
        "sheet": sheet, "asked": request, "council": request.council, "protocol": sheet.protocol, "version": sheet.version,
        "state": _shown.state_of(sheet), "colour": wording.COLOURS[sheet.state], "facts": _shown.facts(sheet),
        "notes": _shown.notes(request.notes, sheet.rules, sheet.protocol), "decider": _shown.decider(sheet), "people": _shown.people(sheet),
        "decisions": _shown.decisions(sheet), "review": _shown.review(sheet),
        "rights": _shown.rights(sheet) if sheet.is_requester and not running else [],
        "steps": opened, "closed_steps": closed, "timeline": _shown.timeline(sheet), "advice": _shown.advice(sheet),
        "stuck": request.outside if not sheet.names_withheld and (state == RequestState.ASKED or not sheet.standing.determiners_left) else "",
        "nobody": state == RequestState.ASKED and not sheet.names_withheld,
    }  # fmt: skip
    return render(http, "information/page.html", context)


@require_http_methods(PAGE)
@request_page
def do(http: HttpRequest, sheet: Sheet, action: str) -> HttpResponse:
    """Show one step's form, or do it. A step that isn't open to this person now is refused with the reason."""
    step = next((known for known in FORMS if known.value == f"request_{action}"), None)
    if step is None or sheet.request.state == RequestState.DRAFT:
        raise Http404
    label, means = wording.ACTIONS[step]
    why = policy.refusal(step, sheet.request, sheet.standing)
    if why:
        context = {"sheet": sheet, "asked": sheet.request, "label": label, "why": why}
        return render(http, "information/closed_step.html", context, status=409)
    posted = http.method == "POST"
    form = FORMS[step](http.POST if posted else None, offers=_offers(step, sheet))
    if posted and form.is_valid():
        if attempt(form, ACTIONS[step], request_id=sheet.request.pk, by=sheet.person, now=sheet.now, **form.answers()):
            return _done(http, sheet, step)
        refresh(form, sheet.request)
    context = {
        "sheet": sheet, "asked": sheet.request, "council": sheet.request.council, "protocol": sheet.protocol, "form": form,
        "action": step.value, "label": label, "means": means, "is_warning": step in WARNING,
        "facts": _shown.facts(sheet), "notes": _shown.notes(sheet.request.notes, sheet.rules, sheet.protocol),
        "is_decision": step in REFUSING | {RequestAction.GRANT, RequestAction.REVIEW_GRANT},
        "clauses": clauses(sheet.protocol, _cites(step, sheet)),
        "words": sheet.request.justification_asked if step == RequestAction.JUSTIFY else "",
        "purpose": sheet.request.purpose if step == RequestAction.RECEIVE else "",
        "review": _shown.review(sheet) if step == RequestAction.ASK_REVIEW else None,
        "asked_advice": [row["question"] for row in _shown.advice(sheet) if not row["answer"]] if step == RequestAction.GIVE_ADVICE else [],
    }  # fmt: skip
    return render(http, "information/step.html", context, status=status_of(form))


def _cites(step: RequestAction, sheet: Sheet) -> tuple[str, ...]:
    """The clause behind a step."""
    assert sheet.rules is not None
    if step in REFUSING:
        return sheet.rules.reasons_cites
    return sheet.rules.purpose_cites if step == RequestAction.RECEIVE else ()


def _offers(step: RequestAction, sheet: Sheet) -> Offers:
    grounds = grounds_of(sheet.request) if step in REFUSING else ()
    part = RequestPart.REVIEWER if sheet.request.state == RequestState.REVIEW_ASKED else RequestPart.DETERMINER
    seats = sheet.request.seats.filter(person=sheet.person, part=part, until__isnull=True, token__startswith="body:")
    hints = {}
    for ground in grounds:
        cited = ", ".join(clause.label for clause in clauses(sheet.protocol, ground.cites))
        hints[ground.code] = cited or str(_("Not in your protocol"))
    return Offers(
        revision=sheet.request.revision,
        grounds=[(ground.code, wording.code_words(wording.GROUNDS, ground.code)) for ground in grounds],
        ground_hints=hints,
        as_body=seats.exists(),
    )


def _done(http: HttpRequest, sheet: Sheet, step: RequestAction) -> HttpResponse:
    """On to the page, or to the list when the step ended this person's part."""
    event = LEAVES[step]
    words = str(wording.EVENTS[event]) if event else ""  # type: ignore[index]
    if policy.requests_of(sheet.person, on=sheet.today).filter(pk=sheet.request.pk).exists():
        messages.success(http, _("Done: %s.") % words)
        return redirect("information:page", request_id=sheet.request.pk)
    messages.success(http, _("Done: %s. Your part in it has ended, so you can’t open it any more.") % words)
    return redirect("information:list")
