"""PURE: who may be in the audience of a message, what it needs, and the line that says so at its foot.

There is one kind of recipient: a visible one. Nothing here can say "copy without showing".
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from concerns.domain.confidentiality import CopyRule

COPIED_BY_WRITER: Final = "member_copied_others"
EXCEPTIONAL: Final = "exceptional_with_disclosure"
FURTHER: Final = "further_copy"  # no rule of the protocol speaks of it; still disclosed, with its reason

COUNCILLOR: Final = "councillor"
OFFICER: Final = "officer"


@dataclass(frozen=True, slots=True)
class Party:
    """One person, as the rules look at them."""

    id: UUID
    side: str | None  # councillor, officer, or None
    never: bool = False  # excluded from the concern, or whom it is about
    in_circle: bool = False  # on the concern and reading what was written, or who raised it
    unread: bool = False  # on the concern with stage and dates only
    eligible: bool = False  # not on it, but in post and kept out by nothing


@dataclass(frozen=True, slots=True)
class Answered:
    """The message that is replied to or copied further, and whoever wrote first."""

    first: Party
    addressed_by_first: frozenset[UUID]  # to whom the first writer sent it, or whom they copied
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a person may be added: a refusal's code, or what it takes."""

    refused: str = ""  # never, self, status_only, connected, marked, protocol_forbids
    exception: str = ""  # the protocol's exception, or FURTHER
    needs_reason: bool = False
    needs_consent: bool = False  # the raiser's: the person isn't on the concern
    discloses: bool = False  # a line at the foot, and whoever wrote first is told

    @property
    def allowed(self) -> bool:
        return not self.refused


def addressable(person: Party, *, writer: UUID) -> Verdict:
    """May ``person`` be written to about the concern at all?"""
    if person.never:
        return Verdict("never")
    if person.id == writer:
        return Verdict("self")
    if person.in_circle:
        return Verdict()
    if person.unread:
        return Verdict("status_only")
    if not person.eligible:
        return Verdict("connected")
    return Verdict(needs_consent=True)


def judge(rule: CopyRule, *, writer: Party, person: Party, answered: Answered | None, later: bool = False) -> Verdict:
    """May ``writer`` add ``person``: to a new message (``answered`` None), a reply, or (``later``) a message sent before?

    The protocols speak of one case: an officer who passes a councillor's words on to another councillor. Elsewhere the
    people of a reply are the writer's to choose, and whoever is added to what was sent is disclosed, with the reason.
    """
    base = addressable(person, writer=writer.id)
    if not base.allowed or answered is None:
        return base
    if person.id == answered.first.id:
        return base
    knows_it = person.id in answered.addressed_by_first
    if answered.marked and not knows_it:
        return Verdict("marked")
    if _is_ruled(writer, person, answered):
        exceptions = _exceptions(rule)
        if knows_it and COPIED_BY_WRITER in exceptions:
            return _with(base, COPIED_BY_WRITER, told=later)
        if EXCEPTIONAL in exceptions:
            return _with(base, EXCEPTIONAL, told=True)
        return Verdict("protocol_forbids")
    if knows_it and not later:
        return base
    return _with(base, FURTHER, told=True)


def _is_ruled(writer: Party, person: Party, answered: Answered) -> bool:
    """A member's words, an officer who answers, another member."""
    return writer.side == OFFICER and answered.first.side == COUNCILLOR and person.side == COUNCILLOR


def _exceptions(rule: CopyRule) -> Collection[str]:
    """A silent protocol keeps the strictest answer, but whoever the writer copied themselves knows it already."""
    return rule.exceptions or ((COPIED_BY_WRITER,) if rule.basis == "default" else ())


def _with(base: Verdict, exception: str, *, told: bool) -> Verdict:
    return Verdict(exception=exception, needs_reason=told, needs_consent=base.needs_consent, discloses=told)


def foot_line(rule: CopyRule, *, exception: str, name: str, default: str) -> str:
    """Who is copied, as it stands at the foot of the message: in the council's own words where its protocol gives them.

    ``default`` is "CC {name}" in the reader's language. A name with braces stays a name.
    """
    line = rule.disclosure_line if exception == EXCEPTIONAL and rule.disclosure_line else default
    return line.replace("{name}", name)
