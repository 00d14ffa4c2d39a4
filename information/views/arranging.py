"""Agreements on direct contact and groups' requests: the list, asking, the page, the answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from concerns.forms.raising import CouncilForm
from concerns.views._loading import attempt, signed_in, status_of
from concerns.views._route import clauses
from councils import queries as councils
from councils import wording as council_words
from councils.models import Council, ProtocolVersion
from councils.protocol import Protocol
from information import plan, queries, wording
from information.actions.arranging import arrangement_ask
from information.actions.verbs import ACTIONS
from information.domain import arrangements
from information.enums import ArrangementAction, ArrangementEvent, ArrangementKind, ArrangementState
from information.forms.arranging import FORMS, AskForm
from information.models import Arrangement
from information.views import _shown
from information.views._loading import PAGE
from information.views.asking import councils_of_member

WARNING = {ArrangementAction.DECLINE, ArrangementAction.END}


@require_safe
@signed_in
def listing(http: HttpRequest) -> HttpResponse:
    """One's own, those one answers, and those that are about oneself."""
    today = timezone.localdate()
    rows = list(queries.arrangements(http.user, on=today)[:200])
    context = {
        "mine": [_row(row) for row in rows if row.asked_by_id == http.user.pk],
        "others": [_row(row) for row in rows if row.asked_by_id != http.user.pk],
        "kinds": [(kind.value, *words) for kind, words in wording.ARRANGEMENTS.items()] if councils_of_member(http.user, today) else [],
    }
    return render(http, "information/arrangements.html", context)


def _row(row: Arrangement) -> dict[str, Any]:
    who = row.officer.full_name if row.officer else str(row.group_name or "")
    return {"row": row, "kind": wording.ARRANGEMENTS[ArrangementKind(row.kind)][0], "who": who, "state": wording.ARRANGEMENT_STATES[ArrangementState(row.state)][0]}


def _kind(kind: str) -> ArrangementKind:
    if kind not in list(ArrangementKind):
        raise Http404
    return ArrangementKind(kind)


@require_http_methods(PAGE)
@signed_in
def new(http: HttpRequest, kind: str) -> HttpResponse:
    """With one council straight on, with several choose first."""
    wanted = _kind(kind)
    mine = councils_of_member(http.user, timezone.localdate())
    if not mine:
        return render(http, "information/off.html", {"why": _("Only councillors ask for this.")})
    if len(mine) == 1:
        return redirect("information:arrangement-new-in", kind=wanted.value, key=mine[0].key)
    form = CouncilForm(http.POST if http.method == "POST" else None, councils=[(council.key, council.name) for council in mine])
    if http.method == "POST" and form.is_valid():
        return redirect("information:arrangement-new-in", kind=wanted.value, key=form.cleaned_data["council"])
    return render(http, "information/which_council.html", {"form": form}, status=status_of(form))


@require_http_methods(PAGE)
@signed_in
def new_in(http: HttpRequest, kind: str, key: str) -> HttpResponse:
    """What the protocol says, and the questions."""
    wanted, now = _kind(kind), timezone.now()
    today = timezone.localdate(now)
    council = next((one for one in councils_of_member(http.user, today) if one.key == key), None)
    if council is None:
        raise Http404
    version = councils.protocol_in_force(council, on=today)
    if version is None:
        return render(http, "information/off.html", {"council": council, "why": _("This council has no protocol in force, so nobody is named to agree.")})
    rule = arrangements.rule(version.protocol, wanted)
    if rule.closed:
        return render(http, "information/off.html", {"council": council, "why": wording.ARRANGEMENTS_CLOSED[rule.closed]})
    form = _form(http, council, version, rule, today)
    if http.method == "POST" and form.is_valid():
        made = attempt(form, arrangement_ask, council=council, kind=wanted, by=http.user, now=now, **form.cleaned_data)
        if made:
            messages.success(http, _("It is sent."))
            return redirect("information:arrangement", arrangement_id=made.pk)
    title, means = wording.ARRANGEMENTS[wanted]
    context = {
        "form": form, "council": council, "protocol": version.protocol, "title": title, "means": means, "guidance": guidance(rule, version.protocol),
        "clauses": clauses(version.protocol, [*rule.cites, *(ref for ref in rule.open_cites if ref not in rule.cites)]), "kind": wanted.value,
    }  # fmt: skip
    return render(http, "information/arrangement_new.html", context, status=status_of(form))


def _form(http: HttpRequest, council: Council, version: ProtocolVersion, rule: arrangements.Rule, today: Any) -> AskForm:
    seats = plan.agreeing(council, version, rule, by=http.user, on=today)
    usual = plan.open_to_members(council, version, rule, on=today) if rule.kind == ArrangementKind.CONTACT else set()
    officers = [(person, person.full_name) for person in plan.officers(council, on=today) if person.pk not in usual and person.pk != http.user.pk]
    deciders = [(seat.person, f"{seat.person.full_name}, {_shown.hat(seat, version.protocol)}") for seat in seats]
    return AskForm(http.POST if http.method == "POST" else None, kind=rule.kind, deciders=deciders, officers=officers)


def guidance(rule: arrangements.Rule, protocol: Protocol) -> list[str]:
    """What the protocol expects, in the council's words."""
    def named(tokens: Any) -> str:
        return ", ".join(council_words.token_label(token, protocol) for token in tokens)

    if rule.kind == ArrangementKind.ATTENDANCE:
        return [_("A group has no power to require an officer’s attendance. %(who)s agrees or declines; no reason is needed.") % {"who": _capital(named(rule.decided_by))}]
    found = []
    if rule.open_to:
        words = _("Members normally deal with %(who)s, unless direct contact is agreed in writing.") if rule.in_writing else _("Members normally deal with %(who)s, unless direct contact is agreed.")
        found.append(words % {"who": named(rule.open_to)})
    if rule.instructions:
        found.append(_("Instructions to staff still need the express approval of %(who)s.") % {"who": council_words.token_label(rule.instructions, protocol)})
    return found


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _found(http: HttpRequest, arrangement_id: UUID) -> Arrangement:
    return queries.arrangement(arrangement_id, person=http.user, on=timezone.localdate())


def _steps(row: Arrangement, parts: frozenset[str]) -> list[dict[str, Any]]:
    found = []
    for action in FORMS:
        if not arrangements.refusal(action, row.state, parts):
            label, means = wording.ARRANGEMENT_ACTIONS[action]
            found.append(
                {"slug": action.value.removeprefix("arrangement_"), "action": action.value, "label": label, "means": means, "main": action == ArrangementAction.AGREE}
            )
    return found


@require_safe
@signed_in
def page(http: HttpRequest, arrangement_id: UUID) -> HttpResponse:
    """One of them: what over, from when to when, who agrees, and what can be done."""
    row = _found(http, arrangement_id)
    protocol, parts = row.protocol_version.protocol, queries.arrangement_parts(row, http.user)
    rule = arrangements.rule(protocol, ArrangementKind(row.kind))
    over = row.kind == ArrangementKind.CONTACT and row.state in (ArrangementState.ENDED, ArrangementState.DECLINED)
    usual = ", ".join(council_words.token_label(token, protocol) for token in row.shown)
    context = {
        "row": row, "council": row.council, "protocol": protocol, "title": wording.ARRANGEMENTS[ArrangementKind(row.kind)][0],
        "state": wording.ARRANGEMENT_STATES[ArrangementState(row.state)], "steps": _steps(row, parts), "rows": _facts(row, protocol),
        "guidance": [_("Contact goes through %(who)s.") % {"who": usual}] if over and usual else guidance(rule, protocol),
        "clauses": clauses(protocol, rule.cites),
        "timeline": [
            {"type": line.type, "title": wording.EVENTS[ArrangementEvent(line.type)], "by": line.by_name, "at": line.at, "lines": []}
            for line in queries.trail(row).order_by("-at", "-id")
        ],
    }  # fmt: skip
    return render(http, "information/arrangement.html", context)


def _facts(row: Arrangement, protocol: Protocol) -> list[dict[str, Any]]:
    contact = row.kind == ArrangementKind.CONTACT
    shown = ", ".join(council_words.token_label(token, protocol) for token in row.shown)
    rows = [
        (_("Asked by"), f"{row.asked_by.full_name}, {council_words.role_label(row.asked_as, protocol)}"),
        (_("Group"), row.group_name),
        (_("Officer"), row.officer.full_name if row.officer else ""),
        (_("Over what"), row.matter),
        (_("From") if contact else _("Meeting on"), date_format(row.from_on, "j F Y")),
        (_("Until"), date_format(row.until_on, "j F Y") if row.until_on else ""),
        (_("Asked of") if row.answered_at is None else _("Answered by"), f"{row.decider.full_name}, {_shown.hat_of(row.hat, protocol)}".rstrip(", ")),
        (_("Answer"), row.answer),
        (_("Shown when it was asked"), _("%(label)s: members normally deal with %(who)s.") % {"label": row.protocol_version.label, "who": shown} if shown else ""),
    ]
    return [{"key": key, "value": value} for key, value in rows if value]


@require_http_methods(PAGE)
@signed_in
def do(http: HttpRequest, arrangement_id: UUID, action: str) -> HttpResponse:
    """Agree, decline or end, or why that isn't open."""
    row = _found(http, arrangement_id)
    step = next((known for known in FORMS if known.value == f"arrangement_{action}"), None)
    if step is None:
        raise Http404
    label, means = wording.ARRANGEMENT_ACTIONS[step]
    if code := arrangements.refusal(step, row.state, queries.arrangement_parts(row, http.user)):
        context = {"label": label, "why": wording.arrangement_refused(code, row.state), "arrangement": row}
        return render(http, "information/closed_step.html", context, status=409)
    posted = http.method == "POST"
    form = FORMS[step](http.POST if posted else None, initial={"revision": row.revision})
    if posted and form.is_valid():
        if attempt(form, ACTIONS[step], arrangement_id=row.pk, by=http.user, now=timezone.now(), **form.cleaned_data):
            messages.success(http, _("Done: %s.") % label)
            return redirect("information:arrangement", arrangement_id=row.pk)
        form.data = form.data.copy()  # type: ignore[union-attr]
        form.data["revision"] = str(Arrangement.objects.filter(pk=row.pk).values_list("revision", flat=True).first() or 0)
    context = {"row": row, "form": form, "label": label, "means": means, "action": step.value, "is_warning": step in WARNING}
    return render(http, "information/arrangement_step.html", context, status=status_of(form))
