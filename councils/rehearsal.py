"""Playing every case through a protocol before anyone has to: who would be left with nobody to go to?

The engine itself is handed in (`resolve`), so that this module depends on nothing above it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

from councils.law import LawItem
from councils.protocol import Protocol, Route, route_tokens
from councils.protocol import vocabulary as v
from councils.protocol.matching import matching_rule, roles_that_matter
from councils.protocol.words import _

DEAD_END = "dead_end"
LOOP = "loop"
SELF_REFERRAL = "self_referral"
GAP = "gap"
EXCEPTION = "exception"
FAILING = (DEAD_END, LOOP, SELF_REFERRAL)

Resolve = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the rehearsal met; `kind` in FAILING means the configuration must be mended."""

    kind: str
    rule: str
    message: str
    raiser: str = ""
    subject: str = ""
    stage: str = ""
    topic: str = ""
    conflicted: tuple[str, ...] = ()
    vacant: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {name: list(value) if isinstance(value, tuple) else value for name, value in self._fields()}

    def _fields(self) -> Iterator[tuple[str, Any]]:
        for name in self.__slots__:
            yield name, getattr(self, name)


@dataclass(frozen=True, slots=True)
class Report:
    """Everything met, in order, and how many cases were played."""

    council: str
    played: int
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        return not any(finding.kind in FAILING for finding in self.findings)

    def of(self, kind: str) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.kind == kind)

    def as_json(self) -> dict[str, Any]:
        return {
            "council": self.council,
            "ok": self.ok,
            "combinations": self.played,
            "dead_ends": [finding.as_json() for finding in self.of(DEAD_END)],
            "loops": [finding.as_json() for finding in self.of(LOOP)],
            "self_referrals": [finding.as_json() for finding in self.of(SELF_REFERRAL)],
            "gaps": [finding.as_json() for finding in self.of(GAP)],
            "exception_route": [finding.as_json() for finding in self.of(EXCEPTION)],
        }


def rehearse(protocol: Protocol, *, resolve: Resolve, law: Iterable[LawItem] = ()) -> Report:
    """Play every raiser, subject, topic and stage, with nobody, one or two recipients conflicted or absent.

    A dead end: nobody hears the concern although nothing unusual happened, or after one conflict or absence where the
    council has named no exception route. Two at once, or an exception route, is reported and is no failure.
    """
    items = tuple(law)
    found: dict[tuple[Any, ...], Finding] = {}
    for finding in (*loops(protocol), *self_referrals(protocol)):
        found.setdefault((finding.kind, finding.rule, finding.message), finding)
    roles = roles_that_matter(protocol)
    topics: tuple[str | None, ...] = (
        None,
        *sorted({t for rule in protocol.routes for t in (*rule.topics, *rule.skip_first_step_when) if t not in v.FACTS}),
    )
    stages = [stage for stage in v.STAGES if protocol.stage_enabled(stage) and any(stage in rule.stages for rule in protocol.routes)]
    played = 0
    for raiser, subject in product(roles, roles):
        if not protocol.side(raiser) or not protocol.side(subject) or protocol.side(raiser) == protocol.side(subject):
            continue
        _check_start(protocol, raiser, subject, found)
        for stage, topic in product(stages, topics):
            parties = {"raiser": raiser, "subject": subject, "stage": stage, "topic": topic}
            answer = resolve(protocol, **parties, law=items)
            played += 1
            if answer.redirect:
                continue
            rule, _ties = matching_rule(protocol, **parties)
            if rule is None:
                if answer.needs_handler:
                    _note(found, GAP, "", _("No rule covers this stage."), parties)
                continue
            if answer.needs_handler and rule.topics and _another_way_in(protocol, raiser, subject, resolve, items):
                _note(found, GAP, rule.id, _("Nobody is left under this rule; the general rule stays open."), parties)
                continue
            if answer.needs_handler:
                own = any(item.code in ("subject", "raiser") for item in answer.blocked)
                message = _("The only recipients are parties to the concern.") if own else _("Nobody is left to hear the concern.")
                _note(found, SELF_REFERRAL if own else DEAD_END, rule.id, message, parties)
                continue
            played += _play_troubles(protocol, rule, parties, answer, resolve, items, found)
    return Report(protocol.key, played, tuple(found.values()))


def _another_way_in(protocol: Protocol, raiser: str, subject: str, resolve: Resolve, law: tuple[LawItem, ...]) -> bool:
    """Can the same two people's concern begin under a rule for every topic?"""
    for stage in v.ENTRY_STAGES:
        answer = resolve(protocol, raiser=raiser, subject=subject, stage=stage, law=law)
        if answer.rule is not None and not answer.needs_handler:
            return True
    return False


def _play_troubles(
    protocol: Protocol,
    rule: Route,
    parties: dict[str, Any],
    untroubled: Any,
    resolve: Resolve,
    law: tuple[LawItem, ...],
    found: dict[tuple[Any, ...], Finding],
) -> int:
    played = 0
    strained = any(item.code in ("subject", "raiser", "deputy_of_subject") for item in untroubled.blocked)
    for conflicted, vacant in _troubles(protocol, rule):
        answer = resolve(protocol, **parties, law=law, conflicted=conflicted, vacant=vacant)
        played += 1
        wrongly = [token for token in answer.tokens if token in conflicted or token in vacant]
        if wrongly:
            _note(found, SELF_REFERRAL, rule.id, _("A recipient who cannot act is still named."), parties, conflicted, vacant)
        if not answer.needs_handler:
            continue
        alone = len(conflicted) + len(vacant) == 1 and not strained
        if not protocol.exception_route.named and alone:
            _note(
                found,
                DEAD_END,
                rule.id,
                _("Nobody is left, the rule has no fallback, and no exception route is named."),
                parties,
                conflicted,
                vacant,
            )
        elif not answer.exception_route:
            kind = DEAD_END if alone else EXCEPTION
            _note(found, kind, rule.id, _("Nobody is left, and nobody of the exception route either."), parties, conflicted, vacant)
        else:
            _note(found, EXCEPTION, rule.id, _("Nobody is left: the exception route finds a handler."), parties, conflicted, vacant)
    return played


def _troubles(protocol: Protocol, rule: Route) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """One or two recipients out of action. Procedures, outside bodies and a private talk are never out of action here."""
    named = dict.fromkeys(token for token in route_tokens(rule) if token.partition(":")[0] in ("role", "rel", "body"))
    for token in tuple(named):
        if token.startswith("role:"):
            named.update(dict.fromkeys(f"role:{deputy}" for deputy in protocol.deputies_of(token.removeprefix("role:"))))
    tokens = [token for token in named if token not in rule.never]
    nothing: frozenset[str] = frozenset()
    for token in tokens:
        yield frozenset((token,)), nothing
        yield nothing, frozenset((token,))
    for one, other in combinations(tokens, 2):
        yield frozenset((one, other)), nothing
        yield nothing, frozenset((one, other))
        yield frozenset((one,)), frozenset((other,))
        yield frozenset((other,)), frozenset((one,))


def _note(
    found: dict[tuple[Any, ...], Finding],
    kind: str,
    rule: str,
    message: str,
    parties: dict[str, Any],
    conflicted: frozenset[str] = frozenset(),
    vacant: frozenset[str] = frozenset(),
) -> None:
    """Keep the first example of each: the same rule failing in the same way for other parties says nothing new."""
    example = Finding(
        kind=kind,
        rule=rule,
        message=message,
        raiser=parties["raiser"],
        subject=parties["subject"],
        stage=parties["stage"],
        topic=parties["topic"] or "",
        conflicted=tuple(sorted(conflicted)),
        vacant=tuple(sorted(vacant)),
    )
    if conflicted or vacant:
        key: tuple[Any, ...] = (kind, rule, message, example.conflicted, example.vacant)
    else:
        key = (kind, rule, message, example.raiser, example.subject, example.stage)
    found.setdefault(key, example)


def _check_start(protocol: Protocol, raiser: str, subject: str, found: dict[tuple[Any, ...], Finding]) -> None:
    for stage in v.ENTRY_STAGES:
        if protocol.stage_enabled(stage) and matching_rule(protocol, raiser=raiser, subject=subject, stage=stage)[0] is not None:
            return
    parties = {"raiser": raiser, "subject": subject, "stage": "", "topic": None}
    _note(found, DEAD_END, "", _("No rule says where such a concern begins."), parties)


def self_referrals(protocol: Protocol) -> Iterator[Finding]:
    """Rules that send a concern to nobody but one of its own parties."""
    for rule in protocol.routes:
        named = {step.token for step in rule.steps}
        for party, kinds in (("subject", rule.subjects), ("raiser", rule.raisers)):
            for role in kinds:
                if protocol.single_holder(role) and named == {f"role:{role}"}:
                    yield Finding(
                        SELF_REFERRAL,
                        rule.id,
                        _("The rule sends a concern to one of its own parties."),
                        raiser=role if party == "raiser" else "",
                        subject=role if party == "subject" else "",
                        stage=", ".join(rule.stages),
                    )


def loops(protocol: Protocol) -> Iterator[Finding]:
    """Rules and deputies that lead back to where they came from."""
    for rule in protocol.routes:
        named = [step.token for step in rule.steps]
        fallbacks = {*(rule.if_unavailable or ()), *rule.if_conflicted}
        if fallbacks and named and fallbacks <= set(named) and len(set(named)) == 1:
            yield Finding(LOOP, rule.id, _("The only fallback is the recipient it stands in for."))
        if rule.then_if_unresolved and set(rule.then_if_unresolved) <= set(named):
            yield Finding(LOOP, rule.id, _("If it is not resolved, it goes back to where it was."))
        if rule.mode == "sequence" and len(set(named)) < len(named):
            yield Finding(LOOP, rule.id, _("The sequence comes back to the same recipient."))
    links: dict[str, set[str]] = {}
    ids = {rule.id for rule in protocol.routes}
    for rule in protocol.routes:
        links[rule.id] = {target for target in (rule.may_become, rule.redirect, *rule.then, *rule.then_if_unresolved) if target in ids}
    for start in _circles(links):
        yield Finding(LOOP, start, _("The rules lead round in a circle."))
    deputies: dict[str, set[str]] = {}
    for entry in protocol.deputies:
        deputies.setdefault(entry.principal, set()).add(entry.deputy)
    for start in _circles(deputies):
        yield Finding(LOOP, "", _("{role} would end up deputising for themselves.").format(role=start))


def _circles(links: dict[str, set[str]]) -> Iterator[str]:
    for start in links:
        seen: set[str] = set()
        queue = list(links[start])
        while queue:
            place = queue.pop()
            if place == start:
                yield start
                break
            if place not in seen:
                seen.add(place)
                queue.extend(links.get(place, ()))
