"""PURE: the gaps and contradictions of a protocol, what a council may decide about each, and what its decision changes.

A setting stands in the configuration with its question, default and choices. A decision is written beside it; where the
portal acts on the matter, the rules are changed with it, and elsewhere the decision is kept and said to change nothing.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from councils.protocol import TOPICS
from councils.protocol.shaping import listed, mapping, text, words

Config = dict[str, Any]
Effect = Callable[[Config, str, tuple[str, ...]], bool]

PEOPLE = {"vice_chair": "role:vice_chair_of_council", "panel": "body:hr_panel", "mo": "ext:principal_mo"}
TOLD = {
    "at_lodging": "at_lodging",
    "handler_decides_and_before_formal_step": "handler_decides",
    "with_raiser_consent": "with_raiser_consent",
}
BACKSTOP = "BACKSTOP"
DISCLOSED = "exceptional_with_disclosure"


@dataclass(frozen=True, slots=True)
class Setting:
    """One question with its choices; `choice` is what the council decided, "" while its default applies."""

    id: str
    key: str
    question: str
    default: str
    choices: tuple[str, ...]
    cites: tuple[str, ...] = ()
    choice: str = ""
    body: str = ""
    on: str = ""
    minute_ref: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)  # of choices that only this document has

    @property
    def applies(self) -> str:
        """What applies now."""
        return self.choice or self.default

    @property
    def is_acted_on(self) -> bool:
        """Does the portal change what it does with the choice?"""
        return _effect(self.key) is not None


def word(value: Any) -> str:
    """A choice as text: a file may hold numbers, and yes or no."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else text(value)


def settings_of(config: Mapping[str, Any]) -> tuple[Setting, ...]:
    """Takes a configuration; returns its settings in order."""
    found = []
    for item in map(mapping, listed(config.get("settings"))):
        decided = mapping(item.get("decided"))
        if text(item.get("id")) and text(item.get("key")):
            found.append(
                Setting(
                    id=text(item["id"]),
                    key=text(item["key"]),
                    question=text(item.get("question")),
                    default=word(item.get("default")),
                    choices=tuple(word(choice) for choice in listed(item.get("choices"))),
                    cites=words(item.get("cites")),
                    choice=word(decided.get("choice")),
                    body=text(decided.get("body")),
                    on=text(decided.get("on")),
                    minute_ref=text(decided.get("minute_ref")),
                    labels={str(code): text(label) for code, label in mapping(item.get("labels")).items()},
                )
            )
    return tuple(found)


def decided(config: Mapping[str, Any], setting: Setting, record: Mapping[str, Any]) -> tuple[Config, bool]:
    """Takes a configuration, one of its settings and the decision; returns a copy with both, and whether rules changed."""
    found = copy.deepcopy(dict(config))
    for item in listed(found.get("settings")):
        if isinstance(item, dict) and text(item.get("id")) == setting.id and text(item.get("key")) == setting.key:
            item["decided"] = dict(record)
    choice = word(record.get("choice"))
    effect = _effect(setting.key) if choice != setting.applies else None  # the rules are written with what applied so far
    changed = effect(found, choice, setting.cites) if effect else False
    return found, changed


def _effect(key: str) -> Effect | None:
    """By the key, or by what follows the council's own prefix: `y.skip_informal` is `skip_informal`."""
    return EFFECTS.get(key) or EFFECTS.get(key.partition(".")[2])


def _tell_subject(config: Config, choice: str, cites: tuple[str, ...]) -> bool:
    if choice not in TOLD:
        return False
    told = config.setdefault("visibility", {}).setdefault("subject_is_told", {})
    told["code"] = TOLD[choice]
    if choice == "handler_decides_and_before_formal_step":
        told.setdefault("always_before", "formal_step")
    told.pop("when", None)
    return True


def _fewest(config: Config, choice: str, cites: tuple[str, ...]) -> bool:
    found = False
    for body in listed(config.get("bodies")):
        if isinstance(body, dict) and body.get("code") == "hr_panel" and choice.isdigit():
            body["minimum_members"] = int(choice)
            body["quorum"] = min(int(body.get("quorum") or 1), int(choice))
            found = True
    return found


def _rules(config: Config) -> list[Any]:
    review = config.setdefault("protocol", {}).setdefault("review", {})
    rules: list[Any] = review.setdefault("rules", [])
    return rules


def _cycle(config: Config, choice: str, cites: tuple[str, ...]) -> bool:
    rules = _rules(config)
    for rule in rules:
        if isinstance(rule, dict) and rule.get("type") == "interval":
            rule["every"] = choice
            rule.pop("gives", None)
            return True
    rules.append({"id": "CYCLE", "type": "interval", "every": choice, "counted_from": "adopted_on", "basis": "default"})
    return True


def _backstop(config: Config, choice: str, cites: tuple[str, ...]) -> bool:
    rules = _rules(config)
    kept = [rule for rule in rules if not (isinstance(rule, dict) and rule.get("id") == BACKSTOP)]
    if choice == "four_years" and not any(mapping(rule).get("type") == "interval" for rule in kept):
        kept.append({"id": BACKSTOP, "type": "interval", "every": "P4Y", "counted_from": "adopted_on", "basis": "default"})
    elif choice == "none":
        kept = [rule for rule in kept if not (mapping(rule).get("type") == "interval" and mapping(rule).get("basis") == "default")]
    rules[:] = kept
    return True


def _which_date(config: Config, choice: str, cites: tuple[str, ...]) -> bool:
    """With one kind of date chosen, the other kind goes out; with "earliest" all that are there count."""
    other = {"fixed_date": "interval", "interval": "fixed_date"}.get(choice)
    rules = _rules(config)
    rules[:] = [rule for rule in rules if not other or mapping(rule).get("type") != other]
    return True


def _stage(config: Config, code: str) -> dict[str, Any]:
    stages = config.setdefault("stages_enabled", {})
    if not isinstance(stages.get(code), dict):
        stages[code] = {"enabled": stages.get(code, True)}
    found: dict[str, Any] = stages[code]
    return found


def _skip_informal(config: Config, choice: str, cites: tuple[str, ...]) -> bool:
    _stage(config, "informal")["may_be_skipped"] = choice != "no"
    return True


def _informal(config: Config, choice: str, cites: tuple[str, ...]) -> bool:
    _stage(config, "informal")["enabled"] = False if choice == "off" else "optional"
    return True


def _routes(config: Config, *, raiser: str, subject: str, stage: str) -> list[dict[str, Any]]:
    return [
        rule
        for rule in listed(config.get("routes"))
        if isinstance(rule, dict)
        and raiser in words(rule.get("raiser"))
        and subject in words(rule.get("subject"))
        and stage in words(rule.get("stage"))
        and not rule.get("topics")
        and not rule.get("redirect")
    ]


def _clerk_about_chair(config: Config, choice: str, cites: tuple[str, ...]) -> bool:
    steps = [PEOPLE[part] for part in choice.split("_then_") if part in PEOPLE]
    if not steps:
        return False
    found = _routes(config, raiser="proper_officer", subject="chair_of_council", stage="informal")
    if not found:
        found = [
            {"id": "CLERK-CHAIR", "raiser": "proper_officer", "subject": "chair_of_council", "stage": "informal", "strength": "should",
             "basis": "default", "cites": list(cites)}
        ]  # fmt: skip
        config.setdefault("routes", []).append(found[0])
    for rule in found:
        rule |= {"mode": "first_available", "steps": [{"to": token} for token in steps]}
        rule.pop("if_conflicted", None)
        rule.pop("if_unavailable", None)
    return True


def _first_for_officers(config: Config, choice: str, cites: tuple[str, ...]) -> bool:
    token = {"hr_panel": "body:hr_panel"}.get(choice, "role:proper_officer")
    found = _routes(config, raiser="officer", subject="councillor", stage="informal")
    for rule in found:
        rule |= {"mode": "first_available", "steps": [{"to": token}]}
        others = [other for other in ("body:hr_panel", "ext:principal_mo") if other != token]
        rule["if_conflicted"] = others
    return bool(found)


def _grievance_about_member(config: Config, choice: str, cites: tuple[str, ...]) -> bool:
    changed = False
    for rule in listed(config.get("routes")):
        if not isinstance(rule, dict) or "deciding" not in words(rule.get("stage")) or "councillor" not in words(rule.get("subject")):
            continue
        steps = [step for step in listed(rule.get("steps")) if mapping(step).get("to") != "proc:grievance"]
        if choice != "off":
            steps.insert(0, {"to": "proc:grievance", "limit": "L2"})
        if steps and steps != rule.get("steps"):
            rule["steps"] = steps
            changed = True
    if choice != "off":
        _stage(config, "grievance").update(limit_when_subject_is_councillor=True, legal="L2")
    return changed


def _together(config: Config, choice: str, cites: tuple[str, ...]) -> bool:
    """All at once, or one after the other: the rules that rest on the setting's clause."""
    mode = {"both_first_to_accept_leads": "all_of", "in_order": "sequence"}.get(choice)
    found = False
    for rule in listed(config.get("routes")):
        fits = isinstance(rule, dict) and set(words(rule.get("cites"))) & set(cites) and rule.get("mode") in ("all_of", "sequence")
        if mode and fits and len(listed(rule.get("steps"))) > 1:
            rule["mode"] = mode
            found = True
    return found


def _resting_on(items: Any, cites: tuple[str, ...]) -> list[dict[str, Any]]:
    """Rules that rest on one of those clauses."""
    return [item for item in listed(items) if isinstance(item, dict) and set(words(item.get("cites"))) & set(cites)]


def _skip_direct_talk(config: Config, choice: str, cites: tuple[str, ...]) -> bool:
    """When the private word with the person themselves may be left out."""
    topics = {"bullying_discrimination_whistleblowing": ["bullying", "discrimination", "whistleblowing"], "always_allowed": [*TOPICS], "never": []}
    found = [
        rule for rule in _resting_on(config.get("routes"), cites)
        if rule.get("mode") == "sequence" and mapping((listed(rule.get("steps")) or [None])[0]).get("to") == "party:subject"
    ]  # fmt: skip
    for rule in found:
        rule["skip_first_step_when"] = topics.get(choice, [])
    return bool(found)


def _leak(config: Config, choice: str, cites: tuple[str, ...]) -> bool:
    """Who investigates where the one who should may be the source."""
    found = [rule for rule in _resting_on(config.get("routes"), cites) if "breach_of_confidence" in words(rule.get("topics"))]
    for rule in found:
        rule["if_conflicted"] = ["ext:principal_mo"] if choice == "principal_mo" else ["body:hr_panel", "ext:principal_mo"]
    return bool(found)


def _discipline(config: Config, choice: str, cites: tuple[str, ...]) -> bool:
    """Who may invoke the disciplinary procedure."""
    found = [
        rule for rule in _resting_on(config.get("routes"), cites)
        if any(mapping(step).get("to") == "proc:disciplinary" for step in listed(rule.get("steps")))
    ]  # fmt: skip
    for rule in found:
        rule["decided_by"] = ["body:hr_panel"] if choice == "hr_panel" else ["role:proper_officer", "body:hr_panel"]
    return bool(found)


def _copies(config: Config, choice: str, cites: tuple[str, ...]) -> bool:
    """Whether another councillor may be copied in, with a line that says so."""
    found = [rule for rule in _resting_on(config.get("confidentiality"), cites) if "exceptions" in rule]
    for rule in found:
        kept = [word for word in words(rule["exceptions"]) if word not in ("none", DISCLOSED)]
        rule["exceptions"] = [*kept, DISCLOSED] if choice == "disclosed_only" else kept or "none"
    return bool(found)


EFFECTS: Mapping[str, Effect] = {
    "tell_subject": _tell_subject,
    "hr_panel.minimum_members": _fewest,
    "review.cycle": _cycle,
    "review.next_due": _which_date,
    "review_backstop": _backstop,
    "skip_informal": _skip_informal,
    "informal": _informal,
    "fallback.clerk_about_chair": _clerk_about_chair,
    "first_recipient_officers": _first_for_officers,
    "grievance_about_member": _grievance_about_member,
    "11_4": _together,
    "together_or_in_turn": _together,
    "9_3": _skip_direct_talk,
    "skip_direct_talk": _skip_direct_talk,
    "clerk_as_leak": _leak,
    "disciplinary_decider": _discipline,
    "copies": _copies,
}
