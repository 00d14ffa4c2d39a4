"""What the protocol says of keeping a concern private, worked out without a database: warnings, markings, copies.

Nothing here refuses: an untruthful form is worse than a warning that was shown and recorded.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from councils.protocol import Protocol
from councils.protocol.model import ConfidentialityRule
from councils.protocol.words import _

# What a person may see of a concern, least first.
NOTHING: Final = "nothing"
STATUS: Final = "status"  # that it exists, its stage and dates
CONTENT: Final = "content"
LEVELS: Final = (NOTHING, STATUS, CONTENT)

PUBLIC_TOPIC: Final = "public_criticism"
COPY_TOPIC: Final = "silent_copy"
HANDLER_DECIDES: Final = "handler_decides"
WHEN_STEP_OPENS: Final = "when_step_opens"
_CALLED_FOR_IT = re.compile(r"called (for|expressly)|expressly called", re.IGNORECASE)
_COPIES = re.compile(r"\bcop(y|ies|ied|ying)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Caution:
    """Words to show before an act, with the clauses behind them; shown and recorded, never a refusal."""

    words: str
    cites: tuple[str, ...]
    rule_ids: tuple[str, ...]
    basis: str = "stated"


@dataclass(frozen=True, slots=True)
class Marking:
    """A marking a council puts on an item. The colour is a word beside the label, never the only sign."""

    code: str
    label: str
    colour: str = ""
    reason_required: bool = False
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CopyRule:
    """When an officer may copy a member's words to another member. Without exceptions: never. Hidden copies: never."""

    exceptions: tuple[str, ...]
    disclosure_line: str
    cites: tuple[str, ...]
    basis: str

    @property
    def is_allowed(self) -> bool:
        return bool(self.exceptions)


@dataclass(frozen=True, slots=True)
class Telling:
    """When the subject is told, and before what always."""

    code: str
    always_before: str
    words: str
    basis: str
    cites: tuple[str, ...]


def _rules_on(protocol: Protocol, topic: str) -> list[ConfidentialityRule]:
    """The rules about a topic: those that say so, else those that rest on the same clauses; the closest first."""
    said = [rule for rule in protocol.confidentiality if rule.about == topic]
    if said:
        return said
    clauses = set(protocol.topics.get(topic, ()))
    resting = [(len(clauses.intersection(rule.cites)) / len(rule.cites), rule) for rule in protocol.confidentiality if rule.cites]
    return [rule for share, rule in sorted(resting, key=lambda pair: -pair[0]) if share > 0.5]


def said_in_public(protocol: Protocol, *, meeting_called_for_it: bool = False) -> Caution | None:
    """What to say when the raiser answers that it has been said in public, at a meeting or on social media.

    None where the protocol has nothing to say, or where the meeting was called for the purpose and the protocol excepts that.
    """
    rules = [rule for rule in _rules_on(protocol, PUBLIC_TOPIC) if rule.software in ("warn", "enforce")]
    if not rules:
        return None
    if meeting_called_for_it and any(_excepts_called_meetings(rule) for rule in rules):
        return None
    cites = tuple(dict.fromkeys(ref for rule in rules for ref in rule.cites))
    return Caution(rules[0].rule, cites, tuple(rule.id for rule in rules))


def _excepts_called_meetings(rule: ConfidentialityRule) -> bool:
    return "meeting_called_for_purpose" in rule.exceptions or _CALLED_FOR_IT.search(rule.rule) is not None


def asks_about_called_meetings(protocol: Protocol) -> bool:
    """Should the form ask whether the meeting was called for the purpose?"""
    return any(_excepts_called_meetings(rule) for rule in _rules_on(protocol, PUBLIC_TOPIC))


def checks_before_submitting(protocol: Protocol, requires: tuple[str, ...]) -> tuple[str, ...]:
    """What the raiser confirms beside the text, from the rule's own requirements."""
    known = {
        "private": _("I have kept this private."),
        "no_personal_attack": _("I have not made a personal attack on anyone."),
        "well_founded_and_constructive": _("What I say is well founded, and I say what would put it right."),
        "in_writing": _("I understand that this is my complaint in writing."),
    }
    return tuple(known[code] for code in requires if code in known)


def markings(protocol: Protocol) -> tuple[Marking, ...]:
    """The council's own markings, in the order its rules give them."""
    reasons = any(rule.reason_required for rule in protocol.confidentiality)
    return tuple(
        Marking(
            code=str(rule.marking.get("code", "")),
            label=str(rule.marking.get("label", "")),
            colour=str(rule.marking.get("colour", "")),
            reason_required=rule.reason_required or reasons,
            cites=rule.cites,
        )
        for rule in protocol.confidentiality
        if rule.marking
    )


def copying(protocol: Protocol) -> CopyRule:
    """May an officer copy a member's words to another member? A silent protocol gets the strictest answer, as a default."""
    rules = _rules_on(protocol, COPY_TOPIC) or [rule for rule in protocol.confidentiality if _COPIES.search(rule.rule)]
    if not rules:
        return CopyRule((), "", (), "default")
    rule = rules[0]
    return CopyRule(rule.exceptions, rule.disclosure_line, rule.cites, "stated")


def telling_the_subject(protocol: Protocol) -> Telling:
    """When the person the concern is about is told; by default when the handler decides, and before any formal step."""
    said = protocol.visibility.get("subject_is_told")
    if not isinstance(said, Mapping):
        return Telling(HANDLER_DECIDES, "formal_step", "", "default", ())
    cites = said.get("cites")
    return Telling(
        code=str(said.get("code") or HANDLER_DECIDES),
        always_before=str(said.get("always_before") or "formal_step"),
        words=str(said.get("when") or ""),
        basis=str(said.get("basis") or "stated"),
        cites=tuple(cites) if isinstance(cites, (list, tuple)) else (),
    )


def relationships_exclude(protocol: Protocol) -> str:
    """`enforce` or `warn`: what a disclosed relationship does to a would-be recipient in this council."""
    rule = protocol.conflict_rules.get("disclosed_relationship_excludes")
    return str(rule.get("value") or "warn") if isinstance(rule, Mapping) else "warn"
