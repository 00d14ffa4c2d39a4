"""What a protocol says of requests to see papers (``access_requests``) and of its own meaning (``interpretation``).

Read from the checked configuration into frozen values. What it doesn't say stays empty and is shown as not stated.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from councils.protocol import Protocol
from councils.protocol.shaping import listed, mapping, text, tokens, words

HOLDING_DIRECTOR = "rel:director_holding_document"
ANY_OFFICER = "role:officer"


@dataclass(frozen=True, slots=True)
class Term:
    """One condition: its code, the protocol's words in short, its clauses, and whether it is a right."""

    code: str
    words: str = ""
    cites: tuple[str, ...] = ()
    right: bool = False


@dataclass(frozen=True, slots=True)
class ReviewedBy:
    """Who reviews the decisions of these roles; an empty token says nobody is named, no role says: of anybody."""

    decided_by: tuple[str, ...]
    token: str
    final: bool = False
    basis: str = "stated"
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AccessRules:
    """The whole of it. Each list in the protocol's order."""

    enabled: bool
    why_off: str
    directed_to: tuple[str, ...]
    directed_cites: tuple[str, ...]
    determiner: str
    basis: str
    cites: tuple[str, ...]
    adviser: str
    adviser_cites: tuple[str, ...]
    may_refuse: tuple[str, ...]
    presumed: tuple[Term, ...]
    needed: tuple[Term, ...]  # all of them, or it isn't granted
    justified: tuple[Term, ...]  # only in specific terms
    barred: tuple[Term, ...]
    advised: tuple[Term, ...]  # take advice first
    conditions: tuple[str, ...]  # on information about other people
    conditions_all: bool
    conditions_cites: tuple[str, ...]
    reasons_basis: str
    reasons_cites: tuple[str, ...]
    reviews: tuple[ReviewedBy, ...]
    instead: tuple[str, ...]  # what is offered where nobody reviews
    purpose_cites: tuple[str, ...]
    rights: tuple[Term, ...]  # other ways in law

    @property
    def asks_directorate(self) -> bool:
        """Whether it matters where the document is held."""
        return self.determiner == HOLDING_DIRECTOR

    @property
    def asks_holder(self) -> bool:
        """Whether it matters which officer holds the document."""
        return self.determiner == ANY_OFFICER


@dataclass(frozen=True, slots=True)
class Interpretation:
    """Who answers what the protocol means, and who instead."""

    to: tuple[str, ...]
    instead: tuple[str, ...]
    basis: str
    cites: tuple[str, ...]


def _terms(value: Any) -> tuple[Term, ...]:
    found = [mapping(item) for item in listed(value)]
    return tuple(
        Term(text(item.get("code")), text(item.get("case") or item.get("name")), words(item.get("cites")), item.get("right") is True)
        for item in found
        if text(item.get("code") or item.get("name"))
    )


def _reviews(data: Mapping[str, Any]) -> tuple[ReviewedBy, ...]:
    found = []
    for key, value in data.items():
        if key != "reviewer" and not key.startswith("reviewer_of_"):
            continue
        of = (key.removeprefix("reviewer_of_"),) if key != "reviewer" else ()
        for item in map(mapping, listed(value)):
            found.append(
                ReviewedBy(
                    decided_by=words(item.get("decided_by")) or of,
                    token=next(iter(tokens(item.get("review_by", item.get("who")))), ""),
                    final=item.get("final") is True,
                    basis=text(item.get("basis")) or "stated",
                    cites=words(item.get("cites")),
                )
            )
    return tuple(found)


def access_rules(protocol: Protocol) -> AccessRules:
    """The rules of one protocol. A protocol without any: the officer its questions go to decides, by default."""
    data = mapping(protocol.settings.get("access_requests"))
    determiner, directed = mapping(data.get("determiner")), mapping(data.get("directed_to"))
    feature, third = mapping(data.get("feature")), mapping(data.get("third_party_information"))
    advice = mapping(data.get("advice_from"))
    reviewer = data.get("reviewer")
    purpose, reasons = mapping(data.get("purpose_limit")), mapping(data.get("written_reasons_on_refusal"))
    asked = interpretation(protocol).to
    token = text(determiner.get("token")) or next(iter(tokens(determiner.get("who"))), "") or next(iter(asked), "")
    adviser = tokens(determiner.get("advice_from")) or tokens(advice.get("who")) or tokens(determiner.get("disputes_to"))
    return AccessRules(
        enabled=bool(data) and feature.get("enabled", True) is not False,
        why_off=text(feature.get("why")),
        directed_to=tokens(directed.get("who")),
        directed_cites=words(directed.get("cites")),
        determiner=token,
        basis=text(determiner.get("basis")) or ("stated" if data else "default"),
        cites=words(determiner.get("cites")),
        adviser=next(iter(adviser), ""),
        adviser_cites=words(advice.get("cites")) or words(determiner.get("cites")),
        may_refuse=tokens(data.get("may_refuse")),
        presumed=_terms(data.get("presumed_when")),
        needed=_terms(data.get("granted_when_all")),
        justified=_terms(data.get("justification_in_specific_terms_when")),
        barred=_terms(data.get("refuse_when")),
        advised=_terms(data.get("advice_needed_when")),
        conditions=words(third.get("conditions")),
        conditions_all=(text(third.get("join")) if third.get("join") in ("all", "any") else text(third.get("default_join"))) != "any",
        conditions_cites=words(third.get("cites")),
        reasons_basis=text(reasons.get("basis")) or "stated",
        reasons_cites=words(reasons.get("cites")),
        reviews=_reviews(data),
        instead=words(mapping(reviewer).get("offered_instead")),
        purpose_cites=words(purpose.get("cites")),
        rights=_terms(data.get("other_rights")),
    )


def interpretation(protocol: Protocol) -> Interpretation:
    """Who answers; where the protocol names nobody instead, those who find a handler do."""
    data = protocol.interpretation
    return Interpretation(
        to=tokens(data.get("to")),
        instead=tokens(data.get("if_conflicted")) or protocol.exception_route.to,
        basis=text(data.get("basis")) or "stated",
        cites=words(data.get("cites")),
    )


def review_of(rules: AccessRules, protocol: Protocol, role: str) -> ReviewedBy | None:
    """The rule on reviewing a decision of this role: the one that names it, then its kind, then the one for anybody."""
    exact = next((rule for rule in rules.reviews if role in rule.decided_by), None)
    kind = next((rule for rule in rules.reviews if any(protocol.is_a(role, of) for of in rule.decided_by)), None)
    return exact or kind or next((rule for rule in rules.reviews if not rule.decided_by), None)
