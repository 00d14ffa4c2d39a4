"""What a protocol says of direct contact between a member and an officer, and of officers at party group meetings."""

from dataclasses import dataclass
from typing import Final

from councils.protocol import Protocol
from councils.protocol.shaping import mapping, text, tokens, words
from information.enums import ArrangementAction, ArrangementKind, ArrangementState

A, S, K = ArrangementAction, ArrangementState, ArrangementKind
CLERK: Final = "role:proper_officer"
# step: (from where, to where, who takes it)
STEPS: Final = {
    A.AGREE: ((S.ASKED,), S.AGREED, ("decider",)),
    A.DECLINE: ((S.ASKED,), S.DECLINED, ("decider",)),
    A.END: ((S.ASKED, S.AGREED), S.ENDED, ("asker", "decider")),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """Who agrees, whom members deal with anyway, and why it is open or not. ``closed`` is a code; "" when it is open."""

    kind: ArrangementKind
    decided_by: tuple[str, ...]
    cites: tuple[str, ...] = ()
    basis: str = "stated"
    open_to: tuple[str, ...] = ()  # whom members deal with without an agreement
    open_cites: tuple[str, ...] = ()
    in_writing: bool = False
    schedule: bool = False
    instructions: str = ""  # who must approve instructions to staff all the same
    closed: str = ""


def rule(protocol: Protocol, kind: ArrangementKind) -> Rule:
    """The rule of ``protocol``. Where it says nothing of an agreement, none is needed; where officers never attend, none can be asked."""
    fallback = (CLERK,) if "proper_officer" in protocol.roles else ()
    if kind == K.ATTENDANCE:
        data = mapping(protocol.settings.get("party_groups"))
        attend = data.get("officers_attend")
        by = tokens(data.get("request_through")) or fallback
        closed = "never" if attend in ("never", "not_for_party_business") else ""
        return Rule(kind, by, words(data.get("cites")), text(data.get("basis")) or "stated", closed=closed)
    data = mapping(protocol.settings.get("communications"))
    agreed, usual = mapping(data.get("direct_contact_agreement")), mapping(data.get("default_contact"))
    instructions = tokens(mapping(data.get("instructions_to_staff")).get("approved_by"))
    return Rule(
        kind, tokens(agreed.get("agreed_by")) or fallback, words(agreed.get("cites")), text(agreed.get("basis")) or "stated",
        open_to=tokens(usual.get("who")), open_cites=words(usual.get("cites")), in_writing=agreed.get("in_writing") is True,
        schedule=agreed.get("schedule_kept") is True, instructions=next(iter(instructions), ""),
        closed="" if agreed.get("needed") is True else "not_needed",
    )  # fmt: skip


def refusal(action: ArrangementAction, state: str, parts: frozenset[str]) -> str:
    """The code of why a step is closed; "" when it is open."""
    sources, _target, who = STEPS[action]
    if not parts & set(who):
        return "not_yours"
    return "" if state in sources else "not_from_here"


def pairs() -> list[tuple[str, str]]:
    """Every (from, to) of the machine; the database holds the same."""
    return sorted({(str(source), str(target)) for sources, target, _who in STEPS.values() for source in sources})
