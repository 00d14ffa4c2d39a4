"""A protocol's rules in words: parties, recipients, modes, sources. Presentation only; nothing here decides.

Every function takes the parsed Protocol so that the council's own words appear; all of them return text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils.protocol import Protocol, Route, Step
from councils.roles import LABELS

ANYONE = frozenset({"any", "person", "anyone"})
CHOICES = ("any_of", "first_available")  # modes in which others come in only when nobody of the list is left

TOKENS: Mapping[str, Any] = {
    "rel:line_manager_of_subject": gettext_lazy("the line manager of the person it is about"),
    "rel:line_manager_of_raiser": gettext_lazy("the line manager of the person raising it"),
    "rel:director_of_subject": gettext_lazy("the director of the person it is about"),
    "rel:director_of_raiser": gettext_lazy("the director of the person raising it"),
    "rel:director_holding_document": gettext_lazy("the director whose directorate holds the document"),
    "party:subject": gettext_lazy("the person it is about, directly and in private"),
    "proc:grievance": gettext_lazy("the grievance procedure"),
    "proc:disciplinary": gettext_lazy("the disciplinary procedure"),
    "proc:code_of_conduct": gettext_lazy("a complaint under the Code of Conduct"),
    "proc:report_to_council": gettext_lazy("a report to the council"),
    "ext:principal_mo": gettext_lazy("the Monitoring Officer of the principal authority"),
    "ext:independent_person": gettext_lazy("an independent person"),
    "ext:conciliator": gettext_lazy("a conciliator both sides accept"),
    "ext:ombudsman": gettext_lazy("the Public Services Ombudsman for Wales"),
    "ext:police": gettext_lazy("the police"),
}
STAGES: Mapping[str, Any] = {
    "informal": gettext_lazy("First step, in private"),
    "conciliation": gettext_lazy("Conciliation"),
    "complaint": gettext_lazy("Written complaint"),
    "deciding": gettext_lazy("Choosing the formal route"),
    "grievance": gettext_lazy("Grievance procedure"),
    "disciplinary": gettext_lazy("Disciplinary procedure"),
    "code_of_conduct": gettext_lazy("Code of Conduct complaint"),
    "report_to_council": gettext_lazy("Report to the council"),
    "appeal": gettext_lazy("Appeal"),
}
TOPICS: Mapping[str, Any] = {
    "conduct": gettext_lazy("Conduct in general"),
    "performance": gettext_lazy("Performance at work"),
    "protocol_breach": gettext_lazy("The protocol was not followed"),
    "respect": gettext_lazy("Disrespect or personal attack"),
    "bullying": gettext_lazy("Bullying, harassment or intimidation"),
    "undue_pressure": gettext_lazy("Undue pressure"),
    "direct_instruction": gettext_lazy("Instructing staff, or interfering in day-to-day management"),
    "impartiality": gettext_lazy("An officer’s impartiality"),
    "political_neutrality": gettext_lazy("An officer’s political neutrality"),
    "discrimination": gettext_lazy("Discrimination"),
    "breach_of_confidence": gettext_lazy("Breach of confidence"),
    "public_criticism": gettext_lazy("Criticism in public or on social media"),
    "silent_copy": gettext_lazy("Undisclosed copies of correspondence"),
    "personal_relationship": gettext_lazy("A close personal, family or business link"),
    "improper_advantage": gettext_lazy("Using a position for personal advantage"),
    "responsiveness": gettext_lazy("No timely reply"),
    "free_time": gettext_lazy("Contact outside council time"),
    "resources": gettext_lazy("Misuse of council resources"),
    "access_refusal": gettext_lazy("Information refused"),
    "media": gettext_lazy("Dealing with the media"),
    "employment": gettext_lazy("Pay, hours or terms of employment"),
    "whistleblowing": gettext_lazy("Wrongdoing in the public interest"),
}
LAW_KINDS: Mapping[str, Any] = {
    "statute": gettext_lazy("Law"),
    "court_decision": gettext_lazy("Court decision"),
    "code": gettext_lazy("Code"),
    "practice": gettext_lazy("Practice"),
}
FACTS: Mapping[str, Any] = {
    "code_breach_alleged": gettext_lazy("a breach of the Code of Conduct is alleged"),
    "formal_code_complaint": gettext_lazy("it is a formal complaint under the Code"),
    "raised_in_public": gettext_lazy("it was raised in public"),
    "serious": gettext_lazy("it is serious"),
    "minor": gettext_lazy("it is minor"),
}


@dataclass(frozen=True)
class Recipient:
    """One step of a route in words."""

    words: str
    notes: tuple[str, ...]
    cites: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class RouteInWords:
    """One route as a person reads it."""

    id: str
    title: str
    stage: str
    topics: tuple[str, ...]
    mode: str
    recipients: tuple[Recipient, ...]
    instead: tuple[str, ...]
    conditions: tuple[str, ...]
    redirect: str
    note: str
    cites: tuple[str, ...]
    source: str
    is_default: bool
    is_ordered: bool


def role_label(role: str, protocol: Protocol | None) -> str:
    """The council's own word for a role; the portal's where the council has none."""
    code = str(role).partition(":")[2] or str(role)
    if protocol is not None and code in protocol.vocabulary:
        return protocol.label(code)
    return str(LABELS.get(code) or code.replace("_", " "))


def token_label(token: str, protocol: Protocol | None) -> str:
    """A recipient token in words: "the Town Clerk", "the line manager of the person raising it"."""
    prefix, _colon, code = str(token).partition(":")
    if protocol is not None and prefix == "ext" and protocol.external_bodies.get(code):
        label = protocol.external_bodies[code].get("label")
        if label:
            return _the(_mid_sentence(str(label)))
    if token in TOKENS:
        return str(TOKENS[token])
    if protocol is not None and prefix == "body" and protocol.bodies.get(code, {}).get("label"):
        return _the(str(protocol.bodies[code]["label"]))
    return _the(role_label(token, protocol))


def stage_label(code: str) -> str:
    """A stage in words."""
    return str(STAGES.get(code, code.replace("_", " ")))


def topic_label(code: str) -> str:
    """A topic in words."""
    return str(TOPICS.get(code, code.replace("_", " ")))


def clause_label(ref: str, protocol: Protocol | None) -> str:
    """How a clause is named on screen: its number, or its display form where the number was assigned."""
    clause = protocol.clause(ref) if protocol is not None else None
    if clause is not None and protocol is not None:
        if clause.display and clause.display != ref:
            return clause.display
        parent = protocol.clause(clause.parent) if clause.parent else None
        if parent is not None and parent.display != parent.ref and ref.startswith(parent.ref):
            return f"{parent.display} {ref.removeprefix(parent.ref)}"
    return _("title block") if ref == "hdr" else ref


def with_clause_labels(text: str, protocol: Protocol) -> str:
    """A note whose assigned references ("WRONG-C.1") read as their display form."""
    assigned = [ref for ref, clause in protocol.clauses.items() if clause.display and clause.display != ref and ref in text]
    for ref in sorted(assigned, key=len, reverse=True):
        text = re.sub(rf"(?<![\w.]){re.escape(ref)}(?![\w(])", lambda _match, ref=ref: clause_label(ref, protocol), text)
    return text


def source_label(basis: str) -> str:
    """Where a rule comes from: the protocol, a reading of it, a default, or law."""
    return {
        "stated": _("Your protocol says so"),
        "inferred": _("Follows from your protocol"),
        "default": _("Default – not in your protocol"),
        "statute": _("Law – not in your protocol"),
    }.get(basis, _("Default – not in your protocol"))


def mode_label(mode: str, count: int) -> str:
    """How several recipients go together, before the list of them."""
    if count <= 1:
        return _("Goes to")
    return {
        "any_of": _("Any one of these; the person raising it chooses"),
        "all_of": _("Both of these, together") if count == 2 else _("All of these, together"),
        "sequence": _("In this order; the next step opens when the one before is done"),
        "first_available": _("The first of these who is in post, present and has no conflict"),
    }.get(mode, "")


def mode_sentence(mode: str, names: Iterable[str]) -> str:
    """Mode and recipients in one sentence: "first A, then B"."""
    names = list(names)
    if len(names) <= 1:
        return "".join(names)
    if mode == "all_of":
        return (_("both of: %s") if len(names) == 2 else _("all of: %s")) % _joined(names, _("and"))
    if mode == "sequence":
        return _("first %s") % (", " + _("then") + " ").join(names)
    if mode == "first_available":
        return _("the first who is free of: %s") % _joined(names, _("or"))
    return _("any one of: %s") % _joined(names, _("or"))


def party_label(kinds: Iterable[str], protocol: Protocol) -> str:
    """Raisers or subjects of a route: "a Member", "the Town Clerk", "anybody"."""
    words = [_("anybody") if kind in ANYONE else _party(kind, protocol) for kind in kinds]
    return _joined(words, _("or")) or _("anybody")


def route_in_words(route: Route, protocol: Protocol) -> RouteInWords:
    """One route, ready for the page."""
    return RouteInWords(
        id=route.id,
        title=_("%(raiser)s about %(subject)s")
        % {"raiser": capfirst(party_label(route.raisers, protocol)), "subject": party_label(route.subjects, protocol)},
        stage=_joined([stage_label(code) for code in route.stages], _("or")),
        topics=tuple(topic_label(code) for code in sorted(route.topics)),
        mode=_mode_of(route),
        recipients=tuple(_recipient(step, route, protocol) for step in route.steps),
        instead=tuple(_instead(route, protocol)),
        conditions=tuple(_conditions(route, protocol)),
        redirect=with_clause_labels(route.redirect, protocol),
        note=with_clause_labels(route.note, protocol),
        cites=route.cites,
        source=source_label(route.basis),
        is_default=route.basis not in {"stated", "inferred"},
        is_ordered=route.mode in {"sequence", "first_available"} and len(route.steps) > 1,
    )


def _mode_of(route: Route) -> str:
    if route.redirect:
        return _("The portal points to")
    if "deciding" in route.stages and len(route.steps) > 1 and route.mode == "any_of":
        return _("One of these is chosen")
    return mode_label(route.mode, len(route.steps))


def _recipient(step: Step, route: Route, protocol: Protocol) -> Recipient:
    notes = []
    if step.preferred:
        notes.append(_("offered first"))
    if step.optional:
        notes.append(_("only once the council has appointed somebody"))
    if step.condition.subject:
        notes.append(_("when it is about %s") % party_label(step.condition.subject, protocol))
    elif step.when:
        notes.append(_("when %s") % step.when)
    if step.decided_by:
        deciders = _joined([_decider(token, protocol) for token in step.decided_by], _("or"))
        notes.append(_("decided by %s") % deciders)
    if step.limit or step.legal:
        notes.append(_("limited by law, item %s") % (step.limit or step.legal))
    if step.note:
        notes.append(with_clause_labels(step.note, protocol))
    return Recipient(
        words=capfirst(step.label or token_label(step.token, protocol)),
        notes=tuple(notes),
        cites=step.cites,
        source=source_label(step.basis) if step.basis and step.basis != route.basis else "",
    )


def _instead(route: Route, protocol: Protocol) -> Iterable[str]:
    """What happens when a recipient is away or conflicted, and who never receives it."""
    single, together = len(route.steps) <= 1, "any_of" if route.mode == "any_of" else "first_available"
    if route.if_unavailable:
        names = [token_label(token, protocol) for token in route.if_unavailable]
        away = _("If that recipient is away: %s.") if single else _("If one of them is away: %s.")
        if not single and route.mode in CHOICES:
            away = _("If none of them is there: %s.")
        yield away % mode_sentence(together, names)
    elif route.if_unavailable is not None:
        yield _("If that recipient is away, nobody stands in.") if single else _("If one of them is away, nobody stands in.")
    if route.if_conflicted:
        names = [token_label(token, protocol) for token in route.if_conflicted]
        conflicted = _("If one of them is the subject or has a conflict: %s.")
        if single:
            conflicted = _("If that recipient is the subject or has a conflict: %s.")
        elif route.mode in CHOICES:
            conflicted = _("If none of them is free of a conflict: %s.")
        yield conflicted % mode_sentence(together, names)
    for fact, tokens in route.also_when.items():
        names = [token_label(token, protocol) for token in tokens]
        yield _("When %(fact)s, also: %(who)s.") % {
            "fact": FACTS.get(fact, fact.replace("_", " ")),
            "who": _joined(names, _("and")),
        }
    for role, other in route.overrides:
        names = [token_label(step.token, protocol) for step in other.steps]
        yield _("When it is about %(role)s: %(who)s.") % {
            "role": _party(role, protocol),
            "who": mode_sentence(other.mode, names),
        }
    if route.then_if_unresolved:
        names = [token_label(token, protocol) for token in route.then_if_unresolved]
        yield _("If it is not settled: %s.") % _joined(names, _("then"))
    if route.never:
        nobody = _joined([token_label(token, protocol) for token in route.never], _("or"))
        why = _(", because %s") % route.never_why if route.never_why else ""
        yield _("Never: %(who)s%(why)s.") % {"who": nobody, "why": why}
    if not (route.if_unavailable or route.if_conflicted or route.redirect or "deciding" in route.stages):
        yield _("If nobody on the list is free, the portal asks for a handler to be named. It never guesses.")


def _conditions(route: Route, protocol: Protocol) -> Iterable[str]:
    if route.guard:
        yield capfirst(_("only when %s") % route.guard)
    if route.skip_first_step_when:
        topics = _joined([topic_label(code) for code in sorted(route.skip_first_step_when)], _("or"))
        yield _("The first step may be left out when it is about: %s") % topics
    if route.decided_by:
        yield _("Decided by %s") % _joined([_decider(token, protocol) for token in route.decided_by], _("or"))
    if route.joint_duty:
        yield _("They have a joint duty: %s") % route.joint_duty


def _decider(token: str, protocol: Protocol) -> str:
    plain = {"raiser": _("the person raising it"), "handler": _("whoever is handling it")}
    return str(plain.get(token) or token_label(token, protocol))


def _party(kind: str, protocol: Protocol) -> str:
    label = role_label(kind, protocol)
    if kind in {"councillor", "officer", "strategic_director", "assistant_director", "committee_chair"}:
        return (_("an %s") if label[:1].lower() in "aeiou" else _("a %s")) % label
    return _the(label)


def _mid_sentence(label: str) -> str:
    """A label inside a sentence: "Independent person" loses its capital, "HR panel" keeps it."""
    if len(label) > 1 and label[0].isupper() and label[1].islower():
        return label[0].lower() + label[1:]
    return label


def _the(label: str) -> str:
    first = label.split(" ", 1)[0].lower()
    return label if first in {"the", "a", "an", "another", "any"} else _("the %s") % label


def _joined(words: Iterable[str], last: str) -> str:
    words = list(dict.fromkeys(words))
    if len(words) <= 1:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
