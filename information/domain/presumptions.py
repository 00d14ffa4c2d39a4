"""What the protocol presumes, wants justified, warns of or bars; and on which grounds a request may be refused.

Nothing here refuses anything. A warning goes to whoever decides, attached to the request.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from information.domain.rules import AccessRules, Term
from information.enums import Interest, RequestKind

# kinds of note
PRESUMED, RIGHT, JUSTIFY, BAR, CONDITION, NEED, ADVISE = "presumed", "right", "justify", "bar", "condition", "need", "advise"
STATED, DEFAULT = "stated", "default"
# What the requester says the document holds; offered where the protocol speaks of it, the first everywhere.
MARKS: Final = ("third_party_personal", "other_group_papers", "officer_personal_details", "exempt")
EXEMPT_NEED: Final = "not_confidential_or_exempt"
# Grounds that are never put on a form for the requester.
JUDGED: Final = ("roving_commission",)
# grounds of our own, where the protocol's don't fit
NEED_NOT_SHOWN, NOT_AS_CLAIMED, OTHER_PEOPLE = "need_not_shown", "not_as_claimed", "third_party_personal"
NOT_HELD, NOT_SAID, LAW, UPHELD, OTHER = "not_held", "not_said", "law", "upheld", "other"
ABOUT_NEED: Final = frozenset({NEED_NOT_SHOWN, "roving_commission", "need_to_know"})


@dataclass(frozen=True, slots=True)
class Note:
    """One thing the protocol says of this request: its code, of which kind, its clauses, and where it comes from."""

    code: str
    kind: str
    cites: tuple[str, ...] = ()
    basis: str = STATED

    def as_json(self) -> dict[str, object]:
        """What is pinned on the request."""
        return {"code": self.code, "kind": self.kind, "cites": list(self.cites), "basis": self.basis}


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground of refusal, with its clauses."""

    code: str
    cites: tuple[str, ...] = ()
    basis: str = DEFAULT


def _coded(terms: Collection[Term], code: str) -> Term | None:
    return next((term for term in terms if term.code == code), None)


def claims_offered(rules: AccessRules) -> tuple[Term, ...]:
    """What the requester may say for themselves: each presumption of the protocol."""
    return rules.presumed


def marks_offered(rules: AccessRules) -> tuple[str, ...]:
    """What the requester may say of the document: other people's details always, the rest as far as the protocol speaks of it."""
    spoken = {term.code for term in (*rules.barred, *rules.justified)}
    if _coded(rules.needed, EXEMPT_NEED):
        spoken.add("exempt")
    return tuple(mark for mark in MARKS if mark == MARKS[0] or mark in spoken)


def notes(rules: AccessRules, *, claims: Collection[str], marks: Collection[str], interest: str) -> tuple[Note, ...]:
    """Everything the protocol says of a request with these claims, marks and interest; what it doesn't say is a default."""
    found = [Note(t.code, RIGHT if t.right else PRESUMED, t.cites) for t in rules.presumed if t.code in claims]
    if "third_party_personal" in marks:
        term = _coded(rules.justified, "third_party_personal")
        found.append(Note("third_party_personal", JUSTIFY, term.cites if term else (), STATED if term else DEFAULT))
        if rules.conditions:
            found.append(Note("third_party_conditions", CONDITION, rules.conditions_cites))
    found += [Note(t.code, BAR, t.cites) for t in rules.barred if t.code in marks]
    if "exempt" in marks and (need := _coded(rules.needed, EXEMPT_NEED)):
        found.append(Note("exempt", BAR, need.cites))
    if not any(note.kind in (PRESUMED, RIGHT) for note in found):
        found += [Note(t.code, NEED, t.cites) for t in rules.needed if t.code != EXEMPT_NEED]
    found += _interest(rules, interest, marks)
    return tuple(found)


def _interest(rules: AccessRules, interest: str, marks: Collection[str]) -> list[Note]:
    found = []
    if interest and interest != Interest.NONE:
        bar = _coded(rules.barred, interest)
        advice = _coded(rules.advised, Interest.OTHER)
        if bar:
            found.append(Note(bar.code, BAR, bar.cites))
        elif advice:
            found.append(Note(Interest.OTHER, ADVISE, advice.cites))
        else:
            found.append(Note(Interest.OTHER, ADVISE, (), DEFAULT))
    advice = _coded(rules.advised, "data_protection")
    if advice and "third_party_personal" in marks:
        found.append(Note(advice.code, ADVISE, advice.cites))
    return found


def needs_justification(found: Collection[Note]) -> bool:
    """Whether it has to be justified before anybody decides: other people's details, or nothing presumes the need."""
    return any(note.kind == JUSTIFY for note in found) or not any(note.kind in (PRESUMED, RIGHT) for note in found)


def grounds(rules: AccessRules, found: Collection[Note], *, kind: str) -> tuple[Ground, ...]:
    """The grounds a refusal may name: the protocol's, each with its clause, then those left where it has none.

    Where the protocol gives a right, need is no ground. About a concern nobody says whether there is one.
    """
    right = any(note.kind == RIGHT for note in found)
    listed = [Ground(t.code, t.cites, STATED) for t in rules.barred]
    for term in rules.needed:
        listed.append(Ground("exempt" if term.code == EXEMPT_NEED else NEED_NOT_SHOWN, term.cites, STATED))
    listed += [Ground(t.code, t.cites, STATED) for t in rules.justified]
    listed += [Ground(NEED_NOT_SHOWN, rules.cites, STATED) if rules.cites else Ground(NEED_NOT_SHOWN), Ground(OTHER_PEOPLE)]
    if any(note.kind in (PRESUMED, RIGHT) for note in found):
        listed.append(Ground(NOT_AS_CLAIMED))
    listed += [Ground(LAW), Ground(NOT_SAID if kind == RequestKind.CONCERN else NOT_HELD), Ground(OTHER)]
    once: dict[str, Ground] = {}
    for ground in listed:
        if not (right and ground.code in ABOUT_NEED):
            once.setdefault(ground.code, ground)
    return tuple(once.values())
