"""The end of raising a concern: check and send, or be shown another channel; and what happens next."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from concerns import plan, wording
from concerns.actions import formal, informal, intake
from concerns.domain import confidentiality
from concerns.enums import RedirectReason, SaidInPublic, State
from concerns.forms.raising import ElsewhereForm, SendForm, channel
from concerns.views import _next, _route
from concerns.views._loading import Case, attempt, case_page, draft_page, refuse, status_of
from concerns.views.raising import PAGE, narrative, plan_of
from councils import wording as council_words
from councils.errors import Refusal

STRAIGHT = "straight_to_formal"


@require_http_methods(PAGE)
@draft_page
def check(request: HttpRequest, case: Case) -> HttpResponse:
    """All answers, the circle again, and the ways to send it."""
    made = plan_of(case)
    if isinstance(made, HttpResponse):
        return made
    concern, protocol = case.concern, case.protocol
    if made is None or protocol is None:
        return render(request, "concerns/nothing_to_raise.html", {"waiting": [concern.council], "concern": concern})
    if made.resolution.redirect is not None:
        return redirect("concerns:draft-elsewhere", concern=concern.pk)
    shown = _route.shown(made, concern, protocol)
    kept = narrative(case)
    if not concern.topic:
        return redirect("concerns:draft-who", concern=concern.pk)
    if shown.is_choice and not shown.first:
        messages.info(request, _("Choose who it goes to first."))
        return redirect("concerns:draft-where", concern=concern.pk)
    if not kept.what_happened.strip():
        return redirect("concerns:draft-writing", concern=concern.pk)
    straight = request.POST.get("way") == STRAIGHT
    form = SendForm(
        request.POST if request.method == "POST" else None,
        initial={
            "revision": concern.revision,
            "formal": {True: "yes", False: "no"}.get(concern.formal_code_complaint, ""),  # type: ignore[call-overload]
        },
        ask_formal=any(protocol.side(subject.role) == "councillor" for subject in concern.subjects.all()),
        ask_direct=_starts_direct(made),
        kept_private=concern.said_in_public in ("", SaidInPublic.NO),
        straight=straight,
    )
    if request.method == "POST" and form.is_valid() and _send(form, case, straight=straight):
        return redirect("concerns:sent", concern=concern.pk)
    if form.is_bound and form.errors:  # a stale page was told; what it shows now is fresh
        form.data = form.data.copy()
        form.data["revision"] = str(concern.revision)
    subjects = list(concern.subjects.select_related("person").order_by("person__full_name"))
    context = {
        "case": case,
        "concern": concern,
        "council": concern.council,
        "protocol": protocol,
        "version": case.version,
        "form": form,
        "step": 4,
        "shown": shown,
        "kept": kept,
        "about": [f"{s.person.full_name}, {council_words.role_label(s.role, protocol)}" for s in subjects],
        "topic": council_words.topic_label(concern.topic),
        "said": wording.SAID_IN_PUBLIC.get(concern.said_in_public, ""),
        "documents": list(concern.documents.defer("content")),
        "witnesses": [w.person.full_name for w in concern.witnesses.select_related("person")],
        "straight": straight,
        "may_skip": protocol.may_skip_informal,
        "promises": confidentiality.checks_before_submitting(protocol, made.resolution.requires),
    }
    return render(request, "concerns/check.html", context, status=status_of(form))


def _starts_direct(made: plan.Plan) -> bool:
    """Whether the route begins with a talk that the raiser may have a reason to leave out."""
    main = [step for step in made.steps if not step.later]
    return made.resolution.mode == "sequence" and bool(main) and main[0].is_direct and len(made.steps) > 1


def _send(form: SendForm, case: Case, *, straight: bool) -> bool:
    """Sends it the way that was chosen; False after a refusal, with nothing changed."""
    said = form.cleaned_data
    mine: dict[str, Any] = {"concern_id": case.concern.pk, "by": case.person, "now": case.now}
    revision = said.get("revision")
    try:
        with transaction.atomic():
            if straight:
                informal.straight_to_formal(
                    **mine, kind=said["kind"], reason=said["reason"], wider_circle=said["wider_circle"], revision=revision
                )
            elif said.get("formal") == "yes":
                formal.formal_code_complaint(
                    **mine, declared=True, code_paragraph=said["code_paragraph"],
                    official_capacity=said["official_capacity"], revision=revision,
                )  # fmt: skip
            else:
                if "formal" in form.fields:
                    intake.save_draft(**mine, formal_code_complaint=False, revision=revision)
                    revision = None
                intake.submit(
                    **mine, wider_circle=said["wider_circle"], private_confirmed=said["private_confirmed"],
                    constructive_confirmed=said["constructive_confirmed"],
                    skip_direct_reason=said.get("skip_direct_reason", ""), revision=revision,
                )  # fmt: skip
    except Refusal as refusal:
        refuse(form, refusal)
        return False
    return True


@require_http_methods(PAGE)
@draft_page
def elsewhere(request: HttpRequest, case: Case) -> HttpResponse:
    """It belongs to another channel: show it, and remove what was typed when the person says so."""
    asked = channel(request.GET.get("reason", ""))
    made = plan_of(case)
    ours = made is not None and not isinstance(made, HttpResponse) and made.resolution.redirect is not None
    if ours and asked is None:
        asked = _reason_for(case)
    form = ElsewhereForm(request.POST if request.method == "POST" else None, initial={"reason_code": asked.value if asked else ""})
    if request.method == "POST" and form.is_valid() and attempt(
        form, intake.redirect, concern_id=case.concern.pk, by=case.person, now=case.now, **form.cleaned_data
    ):
        messages.success(request, _("What you typed is removed. Here is where to turn."))
        return redirect("concerns:page", concern=case.concern.pk)
    words = wording.CHANNELS.get(asked) if asked else None
    if words:  # said above the question already
        form.fields["reason_code"].widget.option_hints = {}
    cites = made.resolution.cites if ours else ()  # type: ignore[union-attr]
    context = {
        "case": case,
        "concern": case.concern,
        "protocol": case.protocol,
        "council": case.concern.council,
        "form": form,
        "ours": ours,
        "channel": words,
        "clauses": _route.clauses(case.protocol, cites),
    }
    return render(request, "concerns/elsewhere.html", context, status=status_of(form))


def _reason_for(case: Case) -> RedirectReason:
    """The channel behind the protocol's own redirect."""
    protocol = case.protocol
    if case.concern.topic == "whistleblowing":
        return RedirectReason.PROTECTED_DISCLOSURE
    if case.concern.topic == "employment" or (protocol and protocol.side(case.concern.raiser_role) == "officer"):
        return RedirectReason.EMPLOYMENT
    return RedirectReason.NOT_MEMBER_OFFICER


@require_safe
@case_page(panels=True)  # what happens next says by when
def sent(request: HttpRequest, case: Case) -> HttpResponse:
    """Sent: the reference, what happens next, and how to withdraw."""
    if not case.is_raiser or case.concern.state == State.DRAFT:
        return redirect("concerns:page", concern=case.concern.pk)
    context = {"case": case, "concern": case.concern, "protocol": case.protocol, "next": _next.for_case(case), "step": 5}
    return render(request, "concerns/sent.html", context)
