"""What a concern's page tells of its course: timeline, circle, proceedings, consents, law. Words only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from concerns import outbox, plan, policy, queries, rooms, wording
from concerns.actions import formal
from concerns.enums import READING_CAPACITIES, Action, Capacity, EventType, ProceedingKind, RedirectReason, State
from concerns.models import Event, Participation
from concerns.views import _route
from concerns.views._loading import Case
from councils import wording as council_words
from councils.law import LawItem
from councils.protocol import Protocol

FORMAL_NOW = (State.DECIDING, State.GRIEVANCE, State.DISCIPLINARY, State.CODE_REFERRAL, State.COUNCIL_REPORT)
DISCIPLINE_ENDED = "disciplinary_outcome_recorded"
FEW = 3  # clauses that fit into a table's cell
ABOUT_DRAFTS = {Action.SAVE_DRAFT, Action.DELETE_DRAFT, Action.SUBMIT}
BESIDE_A_FILE = {Action.MAKE_COPY}  # asked for beside each file, not among the steps
# Steps in the order a reader looks for them: what moves it on, then what ends it, then what is beside it.
FIRST = (
    Action.ANSWER_CONSENT, Action.ASSIGN, Action.ACCEPT, Action.ACCEPT_COMPLAINT, Action.SETTLE, Action.DIRECT_FAILED,
    Action.TAKE_UP_DIRECTLY, Action.PASS_ON, Action.RECORD_OUTCOME, Action.CONCILIATE, Action.INSTIGATE_INVESTIGATION,
    Action.START_GRIEVANCE, Action.START_DISCIPLINARY, Action.REFER_CODE, Action.REPORT_TO_COUNCIL, Action.SENT_BACK,
    Action.RELEASE, Action.ASK_CONSENT, Action.TELL_SUBJECT, Action.INFORMAL_OVER, Action.STRAIGHT_TO_FORMAL,
)  # fmt: skip
LAST = (
    Action.ADD_NOTE, Action.ADD_DOCUMENT, Action.ADD_WITNESS, Action.HOLD, Action.HAND_OVER, Action.NO_HANDLER, Action.REDIRECT,
    Action.FORMAL_CODE_COMPLAINT, Action.WITHDRAW, Action.DECLARE_CONFLICT,
)  # fmt: skip
# What is usually next for whoever has it: the green button. Formal steps are never pressed upon anybody.
MAIN = {
    Action.ANSWER_CONSENT, Action.ASSIGN, Action.ACCEPT, Action.ACCEPT_COMPLAINT, Action.SETTLE, Action.RECORD_OUTCOME, Action.RELEASE,
}  # fmt: skip
ORDER = [*FIRST, *(action for action in Action if action not in FIRST and action not in LAST), *LAST]
# What people said, as codes: like their words, for those who may read.
SAID = {"warning_shown", "said_in_public", "raiser_agrees", "agree", "kind", "reason"}


def timeline(case: Case) -> list[dict[str, Any]]:
    """Every event, newest first; what was written only for those who may read."""
    return [_event(event, case) for event in queries.timeline(case.concern, reads=case.reads)]


def _event(event: Event, case: Case) -> dict[str, Any]:
    protocol = case.protocol
    hat = _route.hat(event.hat, protocol) if event.hat else ""
    facts = event.facts if case.reads else {key: fact for key, fact in event.facts.items() if key not in SAID}
    lines = list(_facts({key: fact for key, fact in facts.items() if key != "outcome"}, protocol))
    if facts.get("outcome"):
        lines.append(outcome(case, str(facts["outcome"]), event.from_state))
    if case.reads and event.reason:
        lines.append(event.reason)
    return {
        "type": event.type,
        "facts": facts,
        "title": rooms.EVENTS.get(event.type) or wording.EVENTS[EventType(event.type)],
        "by": f"{event.by_name} ({hat})" if hat and event.by_name else event.by_name,
        "at": event.at,
        "lines": lines,
        "clauses": _route.clauses(protocol, event.cites),
    }


def outcome(case: Case, code: str, ended: str) -> str:
    """An outcome in words; of a disciplinary procedure whoever doesn't read the concern learns only that it ended (T16)."""
    if code and ended == State.DISCIPLINARY and not case.reads:
        code = DISCIPLINE_ENDED
    return wording.outcome_label(code) if code else ""


def _facts(facts: Mapping[str, Any], protocol: Protocol | None) -> Iterable[str]:
    """The codes and dates of an event as sentences."""
    to = facts.get("to")
    if to:
        tokens = [to] if isinstance(to, str) else list(to)
        yield _("To: %s") % ", ".join(_route.label(token, protocol) for token in tokens)
    for key, words in (
        ("until", _("Until %s")), ("told_on", _("Told on %s")), ("meeting_on", _("Meeting on %s")),
        ("other_side_agreed_on", _("The other person agreed on %s")), ("check_back_on", _("We ask on %s how it went")),
    ):  # fmt: skip
        day = parse_date(str(facts.get(key) or "")) if facts.get(key) else None
        if day:
            yield words % date_format(day, "j F Y")
    if facts.get("warning_shown"):
        yield _("The raiser said it was spoken of in public, and was shown the rule about that.")
    if facts.get("raiser_agrees") is False:
        yield _("The person who raised it doesn't agree.")
    if facts.get("kind") in list(wording.INFORMAL_OVER):
        yield str(wording.INFORMAL_OVER[facts["kind"]])
    if facts.get("kind") in list(wording.CONSENTS):
        yield str(wording.CONSENTS[facts["kind"]])
    if "agree" in facts:
        yield _("Agreed") if facts["agree"] else _("Not agreed")
    if facts.get("session_type"):
        yield str(wording.SESSIONS.get(str(facts["session_type"]), ""))
    if facts.get("locked"):
        yield _("Settling it inside the council is closed unless it is sent back.")
    if facts.get("reason") in list(wording.CHANNELS):
        yield str(wording.CHANNELS[RedirectReason(str(facts["reason"]))][0])
    if facts.get("reason") in list(wording.HAND_OVER):
        yield str(wording.HAND_OVER[facts["reason"]])


def circle(case: Case) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Who can see it now, and whose part has ended."""
    now, before = [], []
    for row in queries.circle(case.concern, case.everyone):
        current = [part for part in row.parts if part.until is None]
        parts = current or row.parts
        entry = {
            "person_id": row.person.pk,
            "name": row.person.full_name,
            "hats": _hats(parts, case.protocol),
            "capacities": list(dict.fromkeys(str(wording.CAPACITIES[Capacity(part.capacity)]) for part in parts)),
            "narrowed": bool(current) and not row.reads and any(Capacity(part.capacity) in READING_CAPACITIES for part in current),
            "since": min(part.since for part in parts),
            "until": max((part.until for part in parts if part.until), default=None),
            "why": list(dict.fromkeys(_why(part, case.protocol) for part in parts)),
            "ended_why": str(wording.REASONS.get(parts[-1].ended_reason) or rooms.REASONS.get(parts[-1].ended_reason, "")),
            "opened": row.last_opened,
            "times": row.times_opened,
        }
        (now if current else before).append(entry)
    return now, before


def _hats(parts: Iterable[Participation], protocol: Protocol | None) -> str:
    found = []
    for part in parts:
        words = _route.hat(part.hat, protocol, part.token if part.token.startswith(("rel:", "body:")) else "") if part.hat else ""
        if words and part.acting_for and part.acting_for != part.hat:
            words = _("%(hat)s standing in for %(place)s") % {
                "hat": words, "place": council_words.token_label(f"role:{part.acting_for}", protocol),
            }  # fmt: skip
        elif words and part.acting_for:
            words = _("standing in as %s") % words
        if words:
            found.append(words)
    return ", ".join(dict.fromkeys(found))


def _why(part: Participation, protocol: Protocol | None) -> str:
    words = str(wording.REASONS.get(part.reason) or rooms.REASONS.get(part.reason, part.reason))
    cites = ", ".join(clause.label for clause in _route.clauses(protocol, part.cites))
    return f"{words} ({cites})" if cites and len(part.cites) <= FEW and part.reason == "named_by_route" else words


def steps(case: Case) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The steps of this person's part: those open now, and those closed with the reason."""
    is_open, closed = [], []
    for action in ORDER:
        if action in ABOUT_DRAFTS | BESIDE_A_FILE or not case.held & policy.PERMISSIONS[action]:
            continue
        decision = policy.can(case.person, action, case.concern, facts=case.facts, held=case.held)
        label, means = wording.ACTIONS[action]
        entry = {
            "action": action.value,
            "label": label,
            "means": means,
            "why": decision.why,
            "href": reverse("concerns:do", kwargs={"concern": case.concern.pk, "action": action.value}),
            "beside": action in LAST,
            "main": action in MAIN,
        }
        (is_open if decision else closed).append(entry)
    return is_open, closed


def proceedings(case: Case) -> list[dict[str, Any]]:
    """Formal procedures and outside help, with reference, dates and outcome."""
    helps = Capacity.MEDIATOR in case.held  # gets the agreed summary, and nothing else of what was written
    found = queries.proceedings(case.concern, summary=case.reads or helps)
    return [
        {
            "row": row,
            "kind": wording.PROCEEDINGS[row.kind],  # type: ignore[index]
            "seriousness": wording.SERIOUSNESS.get(row.seriousness, ""),
            "session": wording.SESSIONS.get(row.session_type, ""),
            "outcome": outcome(case, row.outcome, row.kind.upper()),
            "summary": row.summary if case.reads or (helps and row.kind == ProceedingKind.CONCILIATION) else "",
            "support_only": row.remit == "support_only",
        }
        for row in found
    ]


def consents(case: Case) -> list[dict[str, Any]]:
    """What the raiser was asked and said."""
    return [
        {
            "row": row,
            "kind": wording.CONSENTS[row.kind],  # type: ignore[index]
            "status": wording.CONSENT_STATUS[row.status],  # type: ignore[index]
            "wording": row.wording if case.reads else "",
        }
        for row in case.concern.consents.all()
    ]


def law_notes(case: Case) -> list[LawItem]:
    """The law that limits what can be done here."""
    if case.concern.protocol_version_id is None:
        return []
    limit = formal.no_finding(case.concern, on=case.today)
    return [limit] if limit else []


def routes(case: Case) -> list[dict[str, Any]]:
    """The formal routes open after informal means, each with its clause or law; only while they are being chosen."""
    if case.concern.state != State.DECIDING or case.protocol is None:
        return []
    law = {item.id: item for item in plan.law_in_force(case.protocol, on=case.today)}
    rows: dict[str, dict[str, Any]] = {}
    for offer in queries.deciding(case.concern, [s.role for s in case.concern.subjects.all()], on=case.today):
        deciders = [*offer.decided_by]
        for recipient in (*offer.to, *offer.by_law):
            rows.setdefault(
                recipient.token,
                {
                    "title": _route.label(recipient.token, case.protocol),
                    "clauses": _route.clauses(case.protocol, recipient.cites or offer.cites),
                    "source": council_words.source_label(recipient.basis or offer.basis),
                    "limit": law.get(recipient.limit or recipient.legal),
                    "deciders": [_decider(token, case.protocol) for token in (*deciders, *recipient.decided_by)],
                    "warnings": offer.warnings,
                },
            )
    return list(rows.values())


def _decider(token: str, protocol: Protocol) -> str:
    plain = {"raiser": _("the person who raised it"), "handler": _("whoever deals with it")}
    return plain.get(token) or council_words.token_label(token, protocol)


def undelivered(case: Case) -> list[str]:
    """To whom a notice could not be delivered, for those who deal with it."""
    if not case.held & {Capacity.RAISER, *outbox.DEALS}:
        return []
    return sorted({part.person.full_name for part in case.everyone if part.unreached and part.person_id != case.person.pk})  # type: ignore[attr-defined]
