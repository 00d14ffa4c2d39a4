"""A request in words for the page: what is asked, what the protocol says of it, who decides, and what else there is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from concerns.views._route import Clause, clauses
from councils import wording as council_words
from councils.protocol import Protocol
from information import plan, policy, queries, wording
from information.domain import presumptions
from information.domain.rules import AccessRules
from information.enums import (
    WAITING,
    DecisionStage,
    Interest,
    Outcome,
    RequestAction,
    RequestEvent,
    RequestKind,
    RequestPart,
    RequestState,
)
from information.models import AccessRequest, RequestSeat
from information.views._loading import Sheet

P, S = RequestPart, RequestState
NOT_STATED = "default"
INSIDE = {RequestEvent.ADVICE_ASKED, RequestEvent.ADVICE_GIVEN}
WHO_HAS_IT = {RequestEvent.PASSED_ON, RequestEvent.SENT_AGAIN}


@dataclass(frozen=True)
class Said:
    """One thing with its clauses and where it comes from."""

    words: str
    clauses: tuple[Clause, ...]
    source: str
    kind: str = ""
    lines: tuple[str, ...] = ()


def notes(found: Iterable[dict[str, Any]], rules: AccessRules, protocol: Protocol) -> list[Said]:
    """What the protocol says of the request; warnings first."""
    shown = []
    for item in found:
        lines = ()
        if item["kind"] == presumptions.CONDITION:
            join = _("All of these must hold.") if rules.conditions_all else _("One of these must hold.")
            lines = (*rules.conditions, join)
        words = wording.note_words(item["kind"], item["code"])
        shown.append(Said(words, clauses(protocol, item["cites"]), _source(item["basis"], item["cites"]), item["kind"], lines))
    return sorted(shown, key=lambda said: said.kind != presumptions.BAR)


def _source(basis: str, cites: Iterable[str]) -> str:
    return "" if basis == "stated" and tuple(cites) else str(council_words.source_label(basis))


def facts(sheet: Sheet) -> list[dict[str, Any]]:
    """What is asked, as rows of a summary list."""
    request = sheet.request
    kind = wording.KINDS.get(request.kind)  # type: ignore[call-overload]
    rows: list[tuple[str, Any]] = [(_("Papers"), str(kind[0]) if kind else ""), (_("What is asked for"), request.document)]
    if request.kind == RequestKind.CONCERN:
        given = request.concern_reference or (_("None") if request.state in WAITING else _("None, or not kept any more"))
        rows.append((_("Reference given"), given if sheet.knows_which else _("Shown to officers of the council only")))
    if sheet.rules and sheet.rules.asks_directorate:
        rows.append((_("Directorate that holds it"), request.directorate or _("Not known")))
    if sheet.rules and sheet.rules.asks_holder:
        rows.append((_("Officer who holds it"), request.holder.full_name if request.holder else _("Not known")))
    rows += [
        (_("What speaks for it"), _listed(wording.CLAIMS, request.claims)),
        (_("What it holds"), _listed(wording.MARKS, request.marks)),
        (_("Why it is needed"), request.justification),
        (_("Interest"), _interest(request)),
        (_("What it is for"), request.purpose),
    ]
    return [{"key": key, "value": value} for key, value in rows]


def _listed(words: Any, codes: Iterable[str]) -> str:
    return "\n".join(wording.code_words(words, code) for code in codes)


def _interest(request: AccessRequest) -> str:
    if not request.interest:
        return ""
    words = str(wording.INTERESTS[Interest(request.interest)])
    return f"{words}: {request.interest_words!s}" if request.interest_words else words


def decider(sheet: Sheet) -> Said:
    """Who decides by the protocol, without anybody's name."""
    rules, protocol = sheet.rules, sheet.protocol
    assert rules is not None
    words = capfirst(council_words.token_label(rules.determiner, protocol)) if rules.determiner else _("Nobody is named")
    if rules.asks_holder:
        words = _("The officer who holds it")
    return Said(words, clauses(protocol, rules.cites), _source(rules.basis, rules.cites))


def people(sheet: Sheet) -> list[dict[str, Any]]:
    """Who has a seat now, in which part and capacity; nothing for a reader from whom names are withheld."""
    if sheet.names_withheld:
        return []
    rows = RequestSeat.objects.filter(request=sheet.request, until__isnull=True).select_related("person")
    return [
        {"person": row.person, "name": row.person.full_name, "part": wording.PARTS[RequestPart(row.part)], "hat": hat(row, sheet.protocol)}
        for row in rows
        if sheet.sees_advice or row.part != P.ADVISER
    ]


def hat(row: Any, protocol: Protocol | None) -> str:
    """The capacity somebody acts in, in the council's words."""
    words = hat_of(row.hat, protocol)
    return _("%(role)s, standing in") % {"role": words} if words and row.acting_for else words


def hat_of(code: str, protocol: Protocol | None) -> str:
    """A role or body in the council's words; "" for none."""
    if not code:
        return ""
    if protocol and code in protocol.bodies:
        return capfirst(council_words.token_label(f"body:{code}", protocol).removeprefix("the "))
    return council_words.role_label(code, protocol)


def decisions(sheet: Sheet) -> list[dict[str, Any]]:
    """What was decided and why. How to see it is shown to the requester only once the purpose is accepted."""
    released = bool(sheet.request.released_at) or not sheet.is_requester
    shown = []
    for row in sheet.request.decisions.all():
        review = row.stage == DecisionStage.REVIEW
        shown.append(
            {
                "title": _("The review") if review else _("The decision"),
                "outcome": _review_outcome(row.outcome) if review else wording.OUTCOMES[Outcome(row.outcome)],
                "refused": row.outcome != Outcome.GRANTED,
                "by": "" if sheet.names_withheld else f"{row.decided_by.full_name}, {hat(row, sheet.protocol)}",
                "at": row.decided_at,
                "ground": wording.code_words(wording.GROUNDS, row.ground) if row.ground else "",
                "clauses": clauses(sheet.protocol, row.cites),
                "reason": row.reason,
                "covers": row.covers,
                "how": row.how if released else "",
                "withheld": bool(row.how) and not released,
                "together": row.together,
            }
        )
    return shown


def _review_outcome(outcome: str) -> Any:
    return wording.STATES[S.REVIEW_GRANTED if outcome == Outcome.GRANTED else S.REVIEW_REFUSED][0]


def state_of(sheet: Sheet) -> tuple[Any, Any]:
    """The state in words, and what it means, as this reader is shown it."""
    label, means = wording.STATES[sheet.state]
    return label, wording.WITH_WHOEVER if sheet.undecided else means


def review(sheet: Sheet) -> Said | None:
    """Who reviews the decision, or that the protocol names nobody; None while there is nothing to review."""
    request = sheet.request
    if request.state not in (S.REFUSED, S.PARTLY_GRANTED):
        return None
    table = plan.reviewer(request, on=sheet.today)
    if table is None or table.desk.is_empty:
        return Said(_("Your protocol names nobody who reviews this decision, so the portal invents nobody. Your other rights stay."), (), "")
    if sheet.names_withheld:
        words = _("Somebody who didn’t take the decision reviews it, here or outside.")
        return Said(words, (), "")
    if not table.seats:
        return Said(_("Nobody here is free to review it. Ask outside: %(who)s.") % {"who": table.outside}, (), "")
    who = ", ".join(f"{seat.person.full_name}, {hat(seat, sheet.protocol)}" for seat in table.seats)
    words = (_("%(who)s reviews it. That decision is final.") if table.desk.final else _("%(who)s reviews it.")) % {"who": who}
    if table.desk.basis == "inferred":
        words = f"{words} {_('The text isn’t clear on this: your council’s setting is used.')}"
    return Said(words, clauses(sheet.protocol, table.desk.cites), _source(table.desk.basis, table.desk.cites))


def rights(sheet: Sheet) -> list[Said]:
    """What else the requester can do, whatever was decided here."""
    rules, protocol = sheet.rules, sheet.protocol
    assert rules is not None and protocol is not None
    stated = {term.words for term in rules.rights}
    shown = [Said(str(wording.RIGHTS["foi"]), clauses(protocol, {c: 1 for t in rules.rights for c in t.cites if "nformation" in t.words}), "")]
    shown += [Said(_("Also: %(name)s.") % {"name": name}, (), "") for name in sorted(stated) if "Freedom of Information" not in name]
    for token in ("role:monitoring_officer", "ext:principal_mo"):
        code = token.partition(":")[2]
        if protocol.external_bodies.get(code) or rules.adviser == token:
            who = council_words.token_label(token, protocol)
            shown.append(Said(str(wording.RIGHTS["advice"]) % {"who": who}, clauses(protocol, rules.adviser_cites if rules.adviser == token else ()), ""))
            break
    shown.append(Said(str(wording.RIGHTS["concern"]), (), "", kind="concern"))
    shown.append(Said(str(wording.RIGHTS["law"]), (), ""))
    return shown


def steps(sheet: Sheet) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The steps open to the reader, and those of their part that are closed, with the reason."""
    from information.forms.steps import FORMS

    opened, closed = [], []
    for action in FORMS:
        why = policy.refusal(action, sheet.request, sheet.standing)
        label, means = wording.ACTIONS[action]
        row = {"slug": action.value.removeprefix("request_"), "action": action.value, "label": label, "means": means, "why": why}
        if not why:
            opened.append(row)
        elif why in (str(wording.NO_REVIEWER), str(wording.NO_ADVISER), str(wording.ADVICE_PENDING), str(wording.LEFT)):
            closed.append(row)
    main = {RequestAction.GRANT, RequestAction.REVIEW_GRANT, RequestAction.JUSTIFY, RequestAction.RECEIVE, RequestAction.GIVE_ADVICE, RequestAction.SEND_AGAIN}
    for row in opened:
        row["main"] = row["action"] in main
    return opened, closed


def timeline(sheet: Sheet) -> list[dict[str, Any]]:
    """What happened, newest first, as far as it is for this reader."""
    shown = []
    for line in queries.trail(sheet.request):
        if sheet.is_requester and line.type in INSIDE:
            continue
        if sheet.names_withheld and line.type in WHO_HAS_IT and line.by_id != sheet.person.pk:
            continue
        by = line.by_name if not sheet.names_withheld or line.by_id == sheet.person.pk else ""
        words = [line.reason] if line.reason and line.type in (RequestEvent.JUSTIFIED, RequestEvent.JUSTIFICATION_ASKED) else []
        shown.append(
            {"type": line.type, "title": wording.EVENTS[RequestEvent(line.type)], "by": by, "at": line.at, "lines": words, "clauses": clauses(sheet.protocol, line.cites)}
        )
    order = list(RequestEvent)
    return sorted(shown, key=lambda row: (row["at"], order.index(row["type"])), reverse=True)


def advice(sheet: Sheet) -> list[dict[str, Any]]:
    """Advice asked and given, for those who decide, advise or review."""
    if not sheet.sees_advice:
        return []
    rows = sheet.request.advice.select_related("adviser", "asked_by")
    return [{"adviser": row.adviser.full_name, "asked_by": row.asked_by.full_name, "question": row.question, "answer": row.answer} for row in rows]
