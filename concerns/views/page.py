"""A concern's own page, and who can see it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from concerns import deputising, outbox, queries, rooms, wording
from concerns.actions import papers
from concerns.enums import Capacity, ConsentStatus, RedirectReason, State
from concerns.models import Event
from concerns.views import _next, _record, _route
from concerns.views._loading import Case, case_page
from concerns.views.documents import listed
from concerns.views.raising import narrative
from councils import wording as council_words

TAGS = {State.NEEDS_HANDLER: "orange", State.LODGED: "yellow", State.DRAFT: "grey"}


@require_safe
@case_page(panels=True)
def page(request: HttpRequest, case: Case) -> HttpResponse:
    """Where it stands, what comes next, the steps open to this person, and who can see it."""
    concern = case.concern
    if concern.state == State.DRAFT:
        return redirect("concerns:draft-check", concern=concern.pk)
    if request.method == "GET":
        papers.record_opening(concern, by=case.person, now=case.now)
    queries.gather(concern, reads=case.reads)
    state = State(concern.state)
    label, more = wording.STATES[state]
    is_open, closed = _record.steps(case)
    circle, ended = _record.circle(case)
    happened = _record.timeline(case)
    asked = [row for row in _record.consents(case) if row["row"].status == ConsentStatus.ASKED]
    happens = _next.for_case(case, happened)
    context = {
        "case": case,
        "concern": concern,
        "protocol": case.protocol,
        "state_label": label,
        "state_more": wording.THERE_AGAIN if happens.there_again else more,
        "tag_colour": "grey" if not concern.is_open else TAGS.get(state, "blue"),
        "next": happens,
        "about": _about(case),
        "raised_as": council_words.role_label(concern.raiser_role, case.protocol),
        "topic": council_words.topic_label(concern.topic) if case.reads and concern.topic else "",
        "said": wording.SAID_IN_PUBLIC.get(concern.said_in_public, "") if case.reads else "",
        "caution": _route.public_caution(concern, case.protocol) if case.reads and case.protocol else None,
        "kept": narrative(case) if case.reads else None,
        "documents": listed(case),
        "witnesses": concern.seen_by if case.reads else [],
        "steps": [step for step in is_open if not step["beside"]],
        "beside": [step for step in is_open if step["beside"]],
        "closed_steps": closed,
        "timeline": happened,
        "circle": circle,
        "ended": ended,
        "proceedings": _record.proceedings(case),
        "consents": _record.consents(case),
        "asked": asked if case.is_raiser else [],
        "clauses": _route.clauses(case.protocol, concern.cites),
        "source": council_words.source_label(concern.basis) if concern.basis else "",
        "law_notes": _record.law_notes(case),
        "routes": _record.routes(case),
        "undelivered": _record.undelivered(case),
        "deals": bool(case.held & set(outbox.DEALS)) or case.is_raiser,
        "must_check": concern.may_be_out and not case.is_raiser and deputising.to_check(concern, case.person, on=case.today),  # type: ignore[attr-defined]
        "must_declare": bool(case.held & {Capacity.CANDIDATE}) and not case.reads,
        "outcome": _record.outcome(case, concern.outcome, concern.closed_from),
        "channel": _channel(case),
        "panels": rooms.panels(case, concern.there),  # type: ignore[attr-defined]
    }
    return render(request, "concerns/page.html", context)


def _about(case: Case) -> str:
    subjects = sorted(case.concern.subjects.all(), key=lambda subject: subject.person.full_name)
    return "; ".join(f"{s.person.full_name}, {council_words.role_label(s.role, case.protocol)}" for s in subjects)


def _channel(case: Case) -> tuple[object, object] | None:
    """Where a redirected concern belongs."""
    if case.concern.state != State.REDIRECTED:
        return None
    events = Event.objects.filter(concern_id=case.concern.pk, type="redirected").defer("reason")
    reason = next((event.facts.get("reason") for event in events), None)
    return wording.CHANNELS.get(RedirectReason(reason)) if reason in list(RedirectReason) else None


@require_safe
@case_page()
def circle(request: HttpRequest, case: Case) -> HttpResponse:
    """Who can see this, on a page of its own."""
    current, ended = _record.circle(case)
    context = {"case": case, "concern": case.concern, "protocol": case.protocol, "circle": current, "ended": ended}
    return render(request, "concerns/circle_page.html", context)
