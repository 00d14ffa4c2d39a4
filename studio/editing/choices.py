"""The answers a field offers, in the council's own words."""

from __future__ import annotations

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils import wording
from councils.protocol import Protocol
from councils.protocol import vocabulary as v
from councils.roles import LABELS

Pairs = list[tuple[str, Any]]

MODES = {
    "any_of": gettext_lazy("Any one of them; the person raising it chooses"),
    "all_of": gettext_lazy("All of them together"),
    "sequence": gettext_lazy("One after the other"),
    "first_available": gettext_lazy("The first who is in post and has no conflict"),
}
BASES = {
    "stated": gettext_lazy("Your protocol says so"),
    "inferred": gettext_lazy("It follows from your protocol"),
    "default": gettext_lazy("Not in your protocol: a default"),
    "statute": gettext_lazy("Law, whatever your protocol says"),
}
STRENGTHS = {
    "must": gettext_lazy("Must"),
    "should": gettext_lazy("Should"),
    "may": gettext_lazy("May"),
    "guide": gettext_lazy("Guidance only"),
}
SOFTWARE = {
    "enforce": gettext_lazy("Make sure of it"),
    "warn": gettext_lazy("Warn"),
    "prompt": gettext_lazy("Remind at the point of writing"),
    "record": gettext_lazy("Keep a record"),
}
ENABLED = {
    "true": gettext_lazy("Yes"),
    "optional": gettext_lazy("Yes, but never required"),
    "false": gettext_lazy("No"),
}
TOLD = {
    "handler_decides": gettext_lazy("When whoever handles it decides"),
    "when_step_opens": gettext_lazy("When the next step opens"),
    "at_once_if_direct_else_handler_decides": gettext_lazy("At once if it goes straight to them, else when whoever handles it decides"),
    "at_lodging": gettext_lazy("As soon as it is sent"),
    "with_raiser_consent": gettext_lazy("Only if the person raising it agrees"),
}
BEFORE = {
    "formal_step": gettext_lazy("Always before any formal step"),
    "disciplinary": gettext_lazy("Always before the disciplinary procedure"),
}
CHAIR_ALONE = {
    "forbidden": gettext_lazy("The Chair never deals with it alone"),
    "warn": gettext_lazy("Warn, but allow it"),
    "not_applicable": gettext_lazy("Nothing is said about it"),
}
RELATIONSHIP = {"enforce": gettext_lazy("Keeps the person out"), "warn": gettext_lazy("Warns, but does not keep them out")}
REVIEW_TYPES = {
    "interval": gettext_lazy("Every so many years"),
    "fixed_date": gettext_lazy("On a date"),
    "event": gettext_lazy("When something happens"),
}
INTERVALS = {
    "P1Y": gettext_lazy("Every year"),
    "P2Y": gettext_lazy("Every two years"),
    "P3Y": gettext_lazy("Every three years"),
    "P4Y": gettext_lazy("Every four years"),
    "P5Y": gettext_lazy("Every five years"),
}
REVIEW_EVENTS = {
    "new_administration": gettext_lazy("A change of administration"),
    "code_of_conduct_adopted": gettext_lazy("A new Code of Conduct is adopted"),
    "sooner_if_required": gettext_lazy("The council wants it sooner"),
}
REQUIRES = {
    "private": gettext_lazy("It has not been raised in public"),
    "no_personal_attack": gettext_lazy("No personal attack"),
    "well_founded_and_constructive": gettext_lazy("Well founded and constructive"),
    "in_writing": gettext_lazy("In writing"),
}
COPIES = {
    "member_copied_others": gettext_lazy("A reply may go to whomever the first writer had copied in"),
    "exceptional_with_disclosure": gettext_lazy("Another councillor may be copied in, with a reason everybody reads"),
    "none": gettext_lazy("No exception"),
}
LEVELS = {"minor": gettext_lazy("Minor"), "serious": gettext_lazy("Serious")}
BODIES = {
    "hr_panel": gettext_lazy("The councillors who deal with staff matters"),
    "appeal_panel": gettext_lazy("The councillors who hear an appeal"),
    "full_council": gettext_lazy("The whole council"),
}
JURISDICTIONS = {"England": gettext_lazy("England"), "Wales": gettext_lazy("Wales")}
FIRST_STAGES = {"informal": wording.STAGES["informal"], "complaint": wording.STAGES["complaint"]}
FORMAL = ("grievance", "disciplinary", "code_of_conduct", "report_to_council", "appeal")


def of(table: dict[str, Any]) -> Any:
    """The answers of a fixed table."""
    return lambda protocol: list(table.items())


def roles(protocol: Protocol) -> Pairs:
    """Every role, the widest first, named as the council names it."""
    codes = ["any", "councillor", "officer", *v.COUNCILLOR_ROLES, *v.OFFICER_ROLES]
    codes += sorted(code for code in protocol.roles if code.startswith("own_"))
    return [(code, _("Anybody") if code == "any" else capfirst(wording.role_label(code, protocol))) for code in codes if code != "line_manager"]


def bodies(protocol: Protocol) -> Pairs:
    """The council's own bodies, then those the portal knows."""
    codes = dict.fromkeys((*protocol.bodies, *v.BODY_CODES))
    return [(f"body:{code}", capfirst(wording.token_label(f"body:{code}", protocol))) for code in codes]


def outside(protocol: Protocol) -> Pairs:
    """Those outside the council."""
    codes = dict.fromkeys((*protocol.external_bodies, *v.EXTERNAL_CODES))
    return [(f"ext:{code}", capfirst(wording.token_label(f"ext:{code}", protocol))) for code in codes]


def recipients(protocol: Protocol) -> list[tuple[Any, Any]]:
    """Everybody a rule can lead to, in groups."""
    people = [(f"role:{code}", label) for code, label in roles(protocol) if code not in ("any", "councillor", "officer")]
    lines = [(token, capfirst(wording.token_label(token, protocol))) for token in (*v.REL_TOKENS, v.PARTY_SUBJECT)]
    procedures = [(token, capfirst(wording.token_label(token, protocol))) for token in v.PROC_TOKENS]
    return [
        (_("Posts"), people),
        (_("By the line of management, or in person"), lines),
        (_("Bodies of the council"), bodies(protocol)),
        (_("Outside the council"), outside(protocol)),
        (_("Procedures"), procedures),
    ]


def deciders(protocol: Protocol) -> list[tuple[Any, Any]]:
    """Who may choose: a party to it, or a recipient."""
    parties = [("raiser", _("The person raising it")), ("handler", _("Whoever is handling it"))]
    return [(_("Those taking part"), parties), *recipients(protocol)]


def topics(protocol: Protocol) -> Pairs:
    """What a concern may be about."""
    return [(code, wording.topic_label(code)) for code in dict.fromkeys((*v.TOPICS, *protocol.topics))]


def facts_and_topics(protocol: Protocol) -> Pairs:
    """Topics, and what else may be known of a concern."""
    return topics(protocol) + [(code, capfirst(words)) for code, words in wording.FACTS.items()]


def stages(protocol: Protocol) -> Pairs:
    """Every stage."""
    return [(code, wording.stage_label(code)) for code in v.STAGES]


def switched(protocol: Protocol) -> Pairs:
    """Every stage that can be switched on and off."""
    return [pair for pair in stages(protocol) if pair[0] not in v.ALWAYS_ON_STAGES]


def words_for(protocol: Protocol) -> Pairs:
    """Every role and body a council may have a word of its own for."""
    codes = dict.fromkeys(("councillor", "officer", *v.COUNCILLOR_ROLES, *v.OFFICER_ROLES, *v.BODY_CODES, *protocol.words))
    return [(code, str(LABELS.get(code) or BODIES.get(code) or code.replace("_", " ").capitalize())) for code in codes]


def label_of(table: list[tuple[Any, Any]], code: str) -> str:
    """The words of one answer, in groups or not; the code in plain words where it isn't among them."""
    return flat(table).get(code) or code.replace("_", " ")


def flat(table: list[tuple[Any, Any]]) -> dict[str, str]:
    """Every answer with its words, groups opened."""
    found: dict[str, str] = {}
    for key, words in table:
        found |= {str(code): str(label) for code, label in words} if isinstance(words, list) else {str(key): str(words)}
    return found
