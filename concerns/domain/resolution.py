"""What the engine answers: frozen values, with the JSON other programs read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from councils.protocol.model import nothing


@dataclass(frozen=True, slots=True)
class Recipient:
    """One recipient token of an answer, with what the recipient does and on what basis."""

    token: str
    act: str = ""
    intake_only: bool = False
    preferred: bool = False
    limit: str = ""
    note: str = ""
    cites: tuple[str, ...] = ()
    basis: str = "stated"
    label: str = ""
    legal: str = ""
    as_stage: str = ""
    when: str = ""
    instead_of: str = ""
    decided_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Blocked:
    """A token that is named but cannot be used now, and why, in words for a caseworker."""

    token: str
    why: str
    code: str = ""

    def as_json(self) -> dict[str, str]:
        return {"token": self.token, "why": self.why}


@dataclass(frozen=True, slots=True)
class Resolution:
    """Who hears the concern: the rule that matched, how its recipients combine, and those who are left, in order.

    any_of: the raiser picks one of `to`. all_of: every one. sequence: in this order. first_available: the first.
    """

    rule: str | None
    mode: str
    to: tuple[Recipient, ...] = ()
    fallback_used: bool = False
    cites: tuple[str, ...] = ()
    basis: str = "default"
    strength: str = ""
    warnings: tuple[str, ...] = ()
    blocked: tuple[Blocked, ...] = ()
    needs_handler: bool = False
    redirect: str | None = None
    requires: tuple[str, ...] = ()
    decided_by: tuple[str, ...] = ()
    then_if_unresolved: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    guard: str = ""
    kind: str = ""
    joint_duty: str = ""
    may_become: str = ""
    note: str = ""
    locks: tuple[str, ...] = ()
    exclude_viewers: tuple[Mapping[str, Any], ...] = ()
    exception_route: tuple[str, ...] = ()
    by_law: tuple[Recipient, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=nothing)

    @property
    def tokens(self) -> tuple[str, ...]:
        return tuple(recipient.token for recipient in self.to)

    def recipient(self, token: str) -> Recipient | None:
        return next((recipient for recipient in self.to if recipient.token == token), None)

    def as_json(self) -> dict[str, Any]:
        """The promised object; keys after `needs_handler` are extras that may grow."""
        return {
            "rule": self.rule,
            "mode": self.mode,
            "to": list(self.tokens),
            "fallback_used": self.fallback_used,
            "cites": list(self.cites),
            "basis": self.basis,
            "warnings": list(self.warnings),
            "blocked": [item.as_json() for item in self.blocked],
            "needs_handler": self.needs_handler,
            "strength": self.strength,
            "redirect": self.redirect,
            "requires": list(self.requires),
            "decided_by": list(self.decided_by),
            "then_if_unresolved": list(self.then_if_unresolved),
            "then": list(self.then),
            "guard": self.guard,
            "kind": self.kind,
            "locks": list(self.locks),
            "intake_only": [item.token for item in self.to if item.intake_only],
            "by_law": [item.token for item in self.by_law],
            "exception_route": list(self.exception_route),
        }
