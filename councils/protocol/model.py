"""What a protocol is once it has been read: frozen values, no behaviour beyond looking things up."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from councils.protocol import vocabulary
from councils.protocol.words import _

EMPTY: Mapping[str, Any] = MappingProxyType({})


def nothing() -> Mapping[str, Any]:
    """An empty mapping nobody can fill."""
    return EMPTY


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a configuration: where it is, what it means and how to mend it."""

    level: str  # error | warning
    file: str
    path: str  # routes[3].steps[0].to
    message: str
    mend: str = ""
    code: str = ""
    cites: tuple[str, ...] = ()  # the clauses it is about, `hdr` for the title block

    def as_json(self) -> dict[str, Any]:
        return {
            "level": self.level,
            "code": self.code,
            "file": self.file,
            "path": self.path,
            "message": self.message,
            "mend": self.mend,
            "cites": list(self.cites),
        }

    def __str__(self) -> str:
        place = f"{self.file}: {self.path}" if self.file else self.path
        return " ".join(part for part in (f"{self.level}: {place}: {self.message}", self.mend, self._clauses()) if part)

    def _clauses(self) -> str:
        numbers = [ref for ref in self.cites if ref != "hdr"]
        if not numbers:
            return _("(title block)") if self.cites else ""
        return _("(clauses {refs})").format(refs=", ".join(numbers)) if len(numbers) > 1 else _("(clause {ref})").format(ref=numbers[0])


@dataclass(frozen=True, slots=True)
class Word:
    """A council's own word for a role or body."""

    code: str
    label: str
    plural: str = ""
    cites: tuple[str, ...] = ()
    basis: str = "stated"


@dataclass(frozen=True, slots=True)
class Stage:
    """Whether a stage is switched on: True, False or `optional`."""

    code: str
    enabled: bool | str
    cites: tuple[str, ...] = ()
    basis: str = "stated"
    why: str = ""
    legal: str = ""
    limit_when_subject_is_councillor: bool = False
    mandatory_when: str = ""
    may_be_skipped: bool = True
    settings: Mapping[str, Any] = field(default_factory=nothing)

    @property
    def is_on(self) -> bool:
        return self.enabled is not False


@dataclass(frozen=True, slots=True)
class Condition:
    """When a step applies, where that can be decided from the parties: every listed part must hold."""

    subject: tuple[str, ...] = ()
    subject_not: tuple[str, ...] = ()
    raiser: tuple[str, ...] = ()
    raiser_not: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.subject or self.subject_not or self.raiser or self.raiser_not or self.topics)


NO_CONDITION = Condition()


@dataclass(frozen=True, slots=True)
class Step:
    """One recipient named by a route."""

    token: str
    act: str = ""
    label: str = ""
    note: str = ""
    when: str = ""  # the council's own words, shown and not decided by software
    condition: Condition = NO_CONDITION
    optional: bool = False
    preferred: bool = False
    limit: str = ""
    cites: tuple[str, ...] = ()
    basis: str = ""
    legal: str = ""
    as_stage: str = ""
    decided_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """One rule: who hears a concern of this kind at this stage."""

    id: str
    raisers: tuple[str, ...]
    subjects: tuple[str, ...]
    stages: tuple[str, ...]
    mode: str
    steps: tuple[Step, ...]
    topics: frozenset[str] = frozenset()
    strength: str = "should"
    basis: str = "stated"
    cites: tuple[str, ...] = ()
    if_unavailable: tuple[str, ...] | None = None  # None: not mentioned; () means "nobody instead"
    if_conflicted: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    never_why: str = ""
    requires: tuple[str, ...] = ()
    decided_by: tuple[str, ...] = ()
    then_if_unresolved: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    also_when: Mapping[str, tuple[str, ...]] = field(default_factory=nothing)
    overrides: tuple[tuple[str, "Route"], ...] = ()  # when the subject is this role, this rule instead
    skip_first_step_when: frozenset[str] = frozenset()
    chair_intake_only: bool = False
    redirect: str = ""
    guard: str = ""
    kind: str = ""
    may_become: str = ""
    joint_duty: str = ""
    note: str = ""
    locks: tuple[str, ...] = ()
    exclude_viewers: tuple[Mapping[str, Any], ...] = ()
    settings: Mapping[str, Any] = field(default_factory=nothing)


@dataclass(frozen=True, slots=True)
class Clause:
    """A numbered or assigned passage: where it is and what it says in our own words."""

    ref: str
    display: str
    heading: str = ""
    gist: str = ""
    deleted: bool = False
    ref_assigned: bool = False
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Deputy:
    principal: str
    deputy: str
    basis: str = "stated"
    cites: tuple[str, ...] = ()
    when: str = ""


@dataclass(frozen=True, slots=True)
class Mediator:
    token: str
    label: str = ""
    basis: str = "default"
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConfidentialityRule:
    id: str
    rule: str
    strength: str = "should"
    software: str = "prompt"  # enforce | warn | prompt
    about: str = ""
    exceptions: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    marking: Mapping[str, Any] = field(default_factory=nothing)
    reason_required: bool = False
    disclosure_line: str = ""


@dataclass(frozen=True, slots=True)
class ReviewRule:
    """When the protocol is looked at again: a fixed date, an interval or an event."""

    id: str
    type: str
    date: datetime.date | None = None
    every: str = ""
    counted_from: str = ""
    gives: datetime.date | None = None
    event: str = ""
    basis: str = "stated"
    cites: tuple[str, ...] = ()
    note: str = ""
    printed: str = ""

    @property
    def due(self) -> datetime.date | None:
        return self.date or self.gives


@dataclass(frozen=True, slots=True)
class ExceptionRoute:
    """Who must find a handler when a rule has nobody left; a default where the council has not said."""

    to: tuple[str, ...]
    basis: str = "default"
    cites: tuple[str, ...] = ()
    named: bool = True  # False: the configuration names none, and these are put in its place


@dataclass(frozen=True, slots=True, eq=False)
class Protocol:
    """One council's protocol, ready to be asked. Compared by identity; a changed text is another object."""

    key: str
    name: str
    kind: str
    jurisdiction: str
    status: str
    title: str
    version: str
    words: Mapping[str, Word]
    stages: Mapping[str, Stage]
    routes: tuple[Route, ...]
    topics: Mapping[str, tuple[str, ...]]
    clauses: Mapping[str, Clause]
    deputies: tuple[Deputy, ...]
    conflict_rules: Mapping[str, Any]
    confidentiality: tuple[ConfidentialityRule, ...]
    visibility: Mapping[str, Any]
    targets: Mapping[str, Any]
    bodies: Mapping[str, Mapping[str, Any]]
    mediators: tuple[Mediator, ...]
    formal_outcomes: Mapping[str, tuple[str, ...]]
    exception_route: ExceptionRoute
    review_rules: tuple[ReviewRule, ...]
    review_body: str
    external_bodies: Mapping[str, Mapping[str, Any]]
    interpretation: Mapping[str, Any]
    adoption: Mapping[str, Any]
    settings: Mapping[str, Any]
    roles: frozenset[str]
    parents: Mapping[str, str]
    tokens: frozenset[str]
    selection: dict[tuple[str, str, str, str | None], Any] = field(default_factory=dict, repr=False)

    @property
    def vocabulary(self) -> "Vocabulary":
        return Vocabulary(self.words)

    def label(self, code: str, plural: bool = False) -> str:
        """The council's word for a role, body, topic or token; the code in plain words where it has none."""
        return self.vocabulary.label(code, plural)

    def is_a(self, role: str, kind: str) -> bool:
        return vocabulary.is_a(role, kind, self.parents)

    def side(self, role: str) -> str:
        return vocabulary.side(role, self.parents)

    def single_holder(self, role: str) -> bool:
        """Does naming the role name one person? A role of the council's own does, unless it has a plural."""
        if role in vocabulary.SINGLE_HOLDER_ROLES:
            return True
        return role in self.words and role in self.parents and role not in vocabulary.PARENT_OF and not self.words[role].plural

    @property
    def has_own_officer(self) -> bool:
        """Has it a Monitoring Officer of its own: is it a principal authority, or do its rules send matters to one?"""
        if self.kind.startswith(vocabulary.PRINCIPAL_KINDS):
            return True
        named = {token for rule in self.routes for token in (*(step.token for step in rule.steps), *rule.if_conflicted)}
        return "role:monitoring_officer" in named

    def depth(self, kind: str) -> int:
        return vocabulary.depth(kind, self.parents)

    def stage_enabled(self, code: str) -> bool:
        """Is the stage on? A stage the configuration never mentions is on only if a rule uses it."""
        if code in vocabulary.ALWAYS_ON_STAGES:
            return True
        stage = self.stages.get(code)
        if stage is None:
            return any(code in route.stages for route in self.routes)
        return stage.is_on

    @property
    def may_skip_informal(self) -> bool:
        """Whether a concern may go straight to the formal routes, with a reason (T14); yes where the council says nothing."""
        stage = self.stages.get("informal")
        return stage is None or not stage.is_on or stage.may_be_skipped

    @property
    def chair_alone(self) -> str:
        """`forbidden`, `warn` or `not_applicable` (also when the protocol says nothing)."""
        rule = self.conflict_rules.get("chair_alone_on_hr")
        value = rule.get("value") if isinstance(rule, Mapping) else rule
        return str(value or "not_applicable")

    def deputies_of(self, role: str) -> tuple[str, ...]:
        """Every role that stands in for `role`, through any number of steps; cycles end."""
        found: list[str] = []
        queue = [role]
        while queue:
            principal = queue.pop(0)
            for entry in self.deputies:
                if entry.principal == principal and entry.deputy != role and entry.deputy not in found:
                    found.append(entry.deputy)
                    queue.append(entry.deputy)
        return tuple(found)

    def clause(self, ref: str) -> Clause | None:
        return self.clauses.get(ref)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A council's words, by code."""

    words: Mapping[str, Word]

    def label(self, code: str, plural: bool = False) -> str:
        name = code.partition(":")[2] or code
        word = self.words.get(name)
        if word is None or not word.label:
            return name.replace("_", " ")
        if plural:
            return word.plural or f"{word.label}s"
        return word.label

    def __getitem__(self, code: str) -> Word:
        return self.words[code]

    def __contains__(self, code: object) -> bool:
        return code in self.words

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self.words)
