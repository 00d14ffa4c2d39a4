"""Writing a request in three screens: what, why, and an interest with the purpose. The draft is the requester's alone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from concerns.views._loading import attempt, refuse, signed_in, status_of
from councils import queries as councils
from councils.errors import Refusal
from councils.models import Council, Person, ProtocolVersion
from information import plan
from information.actions import asking
from information.domain import presumptions
from information.domain.rules import AccessRules, access_rules
from information.forms.asking import CouncilForm, SendForm, WhatForm, WhyForm
from information.models import AccessRequest
from information.views import _shown
from information.views._loading import PAGE, Sheet, draft_page, refresh

LATER = "later"


def councils_of_member(person: Person, on: Any) -> list[Council]:
    """The councils where somebody is a councillor today: a councillor acting as an officer still is one."""
    held = councils.appointments_of(person, on=on)
    return list({row.council_id: row.council for row in held if row.side == "councillor"}.values())


@require_http_methods(PAGE)
@signed_in
def new(http: HttpRequest) -> HttpResponse:
    """Begin: with one council straight on, with several choose first."""
    mine = councils_of_member(http.user, timezone.localdate())
    if not mine:
        return render(http, "information/off.html", {"why": _("Only councillors ask to see papers here. An officer asks their manager.")})
    if len(mine) == 1:
        return redirect("information:new-in", key=mine[0].key)
    form = CouncilForm(http.POST if http.method == "POST" else None, councils=[(council.key, council.name) for council in mine])
    if http.method == "POST" and form.is_valid():
        return redirect("information:new-in", key=form.cleaned_data["council"])
    return render(http, "information/which_council.html", {"form": form}, status=status_of(form))


@require_http_methods(PAGE)
@signed_in
def new_in(http: HttpRequest, key: str) -> HttpResponse:
    """What is asked for, for a request that isn't kept yet."""
    now = timezone.now()
    today = timezone.localdate(now)
    council = next((council for council in councils_of_member(http.user, today) if council.key == key), None)
    if council is None:
        raise Http404
    version = councils.protocol_in_force(council, on=today)
    if version is None or not access_rules(version.protocol).enabled:
        return _off(http, council, version)
    form = _what_form(http, council, access_rules(version.protocol), today, initial={})
    if http.method == "POST" and form.is_valid():
        try:
            draft = asking.request_save(request_id=None, council=council, by=http.user, now=now, **form.cleaned_data)
            return redirect("information:draft-why", request_id=draft.pk)
        except Refusal as refusal:
            refuse(form, refusal)
    context = {"form": form, "council": council, "version": version, "protocol": version.protocol, "step": 1}
    return render(http, "information/what.html", context, status=status_of(form))


def _off(http: HttpRequest, council: Council, version: ProtocolVersion | None) -> HttpResponse:
    if version is None:
        why = _("This council has no protocol in force, so nobody is named to decide a request.")
    else:
        why = _("The protocol says nothing of requests to see papers, and the council hasn’t switched them on. Ask the officer who holds the paper.")
    return render(http, "information/off.html", {"council": council, "why": why})


def _what_form(http: HttpRequest, council: Council, rules: AccessRules, today: Any, *, initial: dict[str, Any]) -> WhatForm:
    return WhatForm(
        http.POST if http.method == "POST" else None,
        initial=initial,
        rules=rules,
        marks=presumptions.marks_offered(rules),
        directorates=plan.directorates(council, on=today) if rules.asks_directorate else (),
        officers=plan.officers(council, on=today) if rules.asks_holder else (),
    )


@require_http_methods(PAGE)
@draft_page
def what(http: HttpRequest, sheet: Sheet) -> HttpResponse:
    """What is asked for, again."""
    if sheet.rules is None or not sheet.rules.enabled:
        return _off(http, sheet.request.council, sheet.version)
    draft = sheet.request
    initial = {name: getattr(draft, name) for name in ("kind", "document", "concern_reference", "directorate", "marks")}
    form = _what_form(http, draft.council, sheet.rules, sheet.today, initial={**initial, "holder": str(draft.holder_id or "")})
    if http.method == "POST" and form.is_valid() and _keep(form, sheet):
        return redirect("information:draft-why", request_id=draft.pk)
    return _page(http, sheet, "information/what.html", form, step=1)


@require_http_methods(PAGE)
@draft_page
def why(http: HttpRequest, sheet: Sheet) -> HttpResponse:
    """What speaks for it."""
    if sheet.rules is None or not sheet.rules.enabled:
        return _off(http, sheet.request.council, sheet.version)
    draft = sheet.request
    form = WhyForm(
        http.POST if http.method == "POST" else None,
        initial={"claims": draft.claims, "justification": draft.justification},
        rules=sheet.rules,
        must=presumptions.needs_justification(_found(sheet, claims=())) and "third_party_personal" in draft.marks,
    )
    if http.method == "POST" and form.is_valid() and _keep(form, sheet):
        return redirect("information:draft-send", request_id=draft.pk)
    return _page(http, sheet, "information/why.html", form, step=2, notes=_notes(sheet, claims=()))


@require_http_methods(PAGE)
@draft_page
def send(http: HttpRequest, sheet: Sheet) -> HttpResponse:
    """An interest, the purpose, and who it goes to; then it is sent, or kept for later."""
    if sheet.rules is None or not sheet.rules.enabled:
        return _off(http, sheet.request.council, sheet.version)
    draft = sheet.request
    posted = http.method == "POST"
    form = SendForm(
        http.POST if posted else None,
        initial={"interest": draft.interest, "interest_words": draft.interest_words, "purpose": draft.purpose, "revision": draft.revision},
    )
    later = posted and http.POST.get("way") == LATER
    if later:
        form.fields["interest"].required = form.fields["purpose"].required = False
    if posted and form.is_valid():
        who_am_i: dict[str, Any] = {"request_id": draft.pk, "by": sheet.person, "now": sheet.now}
        kept = attempt(form, asking.request_save, **who_am_i, **form.cleaned_data)
        if kept and later:
            messages.success(http, _("Your draft is kept. Only you can see it."))
            return redirect("information:list")
        if kept and attempt(form, asking.request_ask, **who_am_i, revision=kept.revision):
            messages.success(http, _("Your request is sent."))
            return redirect("information:page", request_id=draft.pk)
        refresh(form, draft)
    return _page(http, sheet, "information/send.html", form, step=3, notes=_notes(sheet), facts=_shown.facts(sheet)[:-2], goes=_goes(sheet))


def _goes(sheet: Sheet) -> dict[str, Any]:
    """Where it would go today; about a concern without anybody's name."""
    named = _shown.decider(sheet)
    if sheet.names_withheld or sheet.version is None:
        return {"decider": named, "people": []}
    table = plan.determiner(sheet.request, sheet.version, on=sheet.today)
    people = [f"{seat.person.full_name}, {_shown.hat(seat, sheet.protocol)}" for seat in table.seats]
    people += [
        _("%(name)s, %(hat)s (may refuse it)") % {"name": seat.person.full_name, "hat": _shown.hat(seat, sheet.protocol)}
        for seat in table.refusers
    ]
    return {"decider": named, "people": people, "outside": table.outside}


@require_http_methods(PAGE)
@draft_page
def delete(http: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Delete a draft for good."""
    if http.method == "POST":
        asking.request_delete(request_id=sheet.request.pk, by=sheet.person, now=sheet.now)
        messages.success(http, _("The draft is deleted. Nobody else ever saw it."))
        return redirect("information:list")
    return render(http, "information/delete.html", {"sheet": sheet, "asked": sheet.request})


def _keep(form: Any, sheet: Sheet) -> AccessRequest | None:
    return attempt(form, asking.request_save, request_id=sheet.request.pk, by=sheet.person, now=sheet.now, **form.cleaned_data)


def _found(sheet: Sheet, **instead: Any) -> tuple[presumptions.Note, ...]:
    draft = sheet.request
    assert sheet.rules is not None
    given = {"claims": draft.claims, "marks": draft.marks, "interest": draft.interest, **instead}
    return presumptions.notes(sheet.rules, **given)


def _notes(sheet: Sheet, **instead: Any) -> list[_shown.Said]:
    assert sheet.rules is not None and sheet.protocol is not None
    return _shown.notes([note.as_json() for note in _found(sheet, **instead)], sheet.rules, sheet.protocol)


def _page(http: HttpRequest, sheet: Sheet, template: str, form: Any, **more: Any) -> HttpResponse:
    context = {
        "sheet": sheet, "asked": sheet.request, "council": sheet.request.council, "protocol": sheet.protocol, "version": sheet.version,
        "form": form, **more,
    }  # fmt: skip
    return render(http, template, context, status=status_of(form))
