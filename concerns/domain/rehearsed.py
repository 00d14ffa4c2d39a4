"""What a rehearsal with people comes back with: findings by kind, and how many cases were played."""

from dataclasses import dataclass, field
from typing import Any

from councils.cast import PersonId
from councils.rehearsal import DEAD_END, LOOP, SELF_REFERRAL

NO_HANDLER = "no_handler"  # nobody the protocol names can hear it; somebody is there who must find a handler
NO_START = "no_start"  # no rule says where it begins
QUORUM = "quorum"  # a body with too few members
TIGHT = "tight"  # a body that can spare nobody
MISSING = "missing"  # a post or an outside body that the rules name, and nobody is entered
SINGLE_POINT = "single_point"  # a person without whom concerns would have nobody
CONFLICTED, AWAY, VACANT = "conflicted", "away", "vacant"
#: As things are, or with one person out: somebody would have nobody to go to.
UNSAFE = (DEAD_END, NO_HANDLER, SELF_REFERRAL, NO_START, LOOP, QUORUM)

Out = tuple[str, Any]  # (CONFLICTED | AWAY, person) or (VACANT, role)


@dataclass(slots=True)
class Found:
    """One thing met, with the first pairs of people it was met with. Ids and codes only."""

    kind: str
    rule: str = ""
    stage: str = ""
    raiser: str = ""  # role
    subject: str = ""  # role
    out: tuple[Out, ...] = ()
    what: str = ""  # a body, a role, an outside body
    topics: list[str] = field(default_factory=list)  # empty: whatever it is about
    pairs: list[tuple[PersonId, PersonId]] = field(default_factory=list)
    count: int = 0  # pairs of people
    everything: bool = False

    @property
    def unsafe(self) -> bool:
        """Could somebody be left with nobody, as things are or with one person out?"""
        return self.kind in UNSAFE and len(self.out) <= 1 and not (self.kind == NO_HANDLER and self.out)

    @property
    def key(self) -> str:
        """The same finding in another run."""
        out = "+".join(sorted(f"{how}:{who}" for how, who in self.out))
        return "|".join((self.kind, self.rule, self.stage, self.raiser, self.subject, self.what, out))

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "rule": self.rule,
            "stage": self.stage,
            "raiser": self.raiser,
            "subject": self.subject,
            "what": self.what,
            "out": [[how, str(who)] for how, who in self.out],
            "topics": self.topics,
            "pairs": [[str(raiser), str(subject)] for raiser, subject in self.pairs],
            "count": self.count,
            "unsafe": self.unsafe,
            "key": self.key,
        }


@dataclass(frozen=True, slots=True)
class PeopleReport:
    """Everything met, the worst first, and how many cases were played."""

    council: str
    played: int
    found: tuple[Found, ...]

    @property
    def ok(self) -> bool:
        return not self.unsafe

    @property
    def unsafe(self) -> int:
        """In how many places nobody could hear a concern."""
        return sum(item.unsafe for item in self.found)

    def of(self, kind: str) -> tuple[Found, ...]:
        return tuple(item for item in self.found if item.kind == kind)

    def as_json(self) -> dict[str, Any]:
        return {
            "council": self.council,
            "ok": self.ok,
            "combinations": self.played,
            "unsafe": self.unsafe,
            "findings": [item.as_json() for item in self.found],
        }
