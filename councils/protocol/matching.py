"""Which rules fit a raiser, a subject, a stage and a topic, and how closely."""

from councils.protocol import vocabulary as v
from councils.protocol.model import Protocol, Route
from councils.protocol.parsing import route_tokens

Specificity = tuple[int, int, int]


def specificity(protocol: Protocol, route: Route, raiser: str, subject: str) -> Specificity:
    """How closely a rule that fits does so: topic first, then the subject's role, then the raiser's."""
    return (
        1 if route.topics else 0,
        max((protocol.depth(kind) for kind in route.subjects if protocol.is_a(subject, kind)), default=-1),
        max((protocol.depth(kind) for kind in route.raisers if protocol.is_a(raiser, kind)), default=-1),
    )


def candidates(protocol: Protocol, *, raiser: str, subject: str, stage: str, topic: str | None = None) -> list[tuple[Specificity, Route]]:
    """Every rule that fits, with its specificity, the most specific first (ties in the order written)."""
    found = [
        (specificity(protocol, route, raiser, subject), route)
        for route in protocol.routes
        if stage in route.stages
        and (not route.topics or topic in route.topics)
        and any(protocol.is_a(raiser, kind) for kind in route.raisers)
        and any(protocol.is_a(subject, kind) for kind in route.subjects)
    ]
    return sorted(found, key=lambda pair: pair[0], reverse=True)


def matching_rule(
    protocol: Protocol, *, raiser: str, subject: str, stage: str, topic: str | None = None
) -> tuple[Route | None, tuple[str, ...]]:
    """The most specific rule, and the ids of others that fit equally well (a fault of the configuration)."""
    key = (raiser, subject, stage, topic)
    known = protocol.selection.get(key)
    if known is not None:
        answer: tuple[Route | None, tuple[str, ...]] = known
        return answer
    found = candidates(protocol, raiser=raiser, subject=subject, stage=stage, topic=topic)
    answer = (None, ())
    if found:
        best, route = found[0]
        ties = tuple(other.id for score, other in found[1:] if score == best)
        override = next((other for role, other in route.overrides if protocol.is_a(subject, role)), None)
        answer = (override or route, ties)
    if topic is None or topic in v.TOPICS or topic in protocol.topics:
        protocol.selection[key] = answer
    return answer


def roles_that_matter(protocol: Protocol) -> tuple[str, ...]:
    """The kinds the rules tell apart: a plain councillor, a plain officer, and every role a rule, deputy or recipient names."""
    named = {kind for route in protocol.routes for kind in (*route.raisers, *route.subjects)}
    named |= {role for route in protocol.routes for role, _override in route.overrides}
    named |= {code for code in protocol.words if code not in ("line_manager", "appointed_officer")}
    for route in protocol.routes:
        named |= {token.removeprefix("role:") for token in route_tokens(route) if token.startswith("role:")}
        for step in route.steps:
            named |= {*step.condition.subject, *step.condition.raiser, *step.condition.subject_not, *step.condition.raiser_not}
    named |= {role for entry in protocol.deputies for role in (entry.principal, entry.deputy)}
    known = sorted(role for role in named if role in protocol.parents and role not in ("councillor", "officer", "person"))
    return ("councillor", "officer", *known)
