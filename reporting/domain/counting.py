"""Which tables a report has, and counting what is in them. The rows come from what may happen, never from what did. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from reporting.domain.suppression import LIMIT, Published, for_public, nothing, protect
from reporting.enums import Audience

OTHER = "other"
PARTS, KIND, TOPIC, ROUTE, STAGE, OUTCOME, ACCESS = "parts", "kind", "topic", "route", "stage", "outcome", "access"
KINDS = ("officer_about_councillor", "councillor_about_officer")  # by who raised it
#: The furthest that a concern got; a later one counts as further. A talk in private is an informal step: where a protocol offers it
#: about one post alone, its number would be that post's.
STAGES = ("raised", "informal", "conciliation", "deciding", "grievance", "disciplinary", "code_of_conduct", "council_report")
OUTCOMES = ("open", "resolved", "outcome_recorded", "no_action", "withdrawn", "redirected")
MARKS = (
    "overdue", "escalated", "conflict", "stood_in", "handed_over", "nobody_free", "fallback", "not_stated", "without_consent",
    "skipped_informal", "reopened",
)  # fmt: skip
CLOCKS = (
    "acknowledge", "find_handler", "informal_review", "conciliate", "choose_route", "investigation_report", "decision",
    "chase_monitoring_officer",
)  # fmt: skip
CLOCK_ROWS = ("in_time", "late")  # what isn't due yet counts in neither
ACCESS_ROWS = ("granted", "partly_granted", "refused", "waiting")
YES_NO = ("yes", "no")
WHOLES = (PARTS, KIND, TOPIC, ROUTE, STAGE, OUTCOME, ACCESS)
#: What tells on which side somebody stands. Not shown where a side is so small that its number is about people one could name.
SIDED = (KIND, TOPIC, ROUTE, STAGE)
#: What of it the public is shown; the council and the Monitoring Officer see all.
PUBLIC = (PARTS, KIND, TOPIC, STAGE, OUTCOME, "clock:acknowledge", "mark:overdue", ACCESS)


@dataclass(frozen=True, slots=True)
class Fact:
    """What is counted of one concern: codes only."""

    part: int
    kind: str
    topic: str
    route: str
    stage: str
    outcome: str
    marks: frozenset[str] = frozenset()
    clocks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rows:
    """What may happen in a council: the codes that tables have a row for."""

    parts: int
    topics: tuple[str, ...]
    routes: tuple[str, ...]
    requests: bool = True  # whether the protocol knows requests to see papers

    def of(self) -> dict[str, tuple[str, ...]]:
        """Table → its rows, in the order of the report."""
        tables = {
            PARTS: tuple(str(number) for number in range(self.parts)),
            KIND: KINDS,
            TOPIC: (*self.topics, OTHER),
            ROUTE: (*self.routes, OTHER),
            STAGE: STAGES,
            OUTCOME: OUTCOMES,
        }
        tables |= {f"mark:{mark}": YES_NO for mark in MARKS}
        tables |= {f"clock:{clock}": CLOCK_ROWS for clock in CLOCKS}
        return tables | ({ACCESS: ACCESS_ROWS} if self.requests else {})


def count(facts: Iterable[Fact], access: Iterable[str], rows: Rows) -> dict[str, tuple[int, ...]]:
    """Takes what happened; returns table → how often each of its rows. These numbers are never stored."""
    found: dict[str, Counter[str]] = {code: Counter() for code in rows.of()}
    for fact in facts:
        found[PARTS][str(fact.part)] += 1
        found[KIND][fact.kind] += 1
        found[TOPIC][fact.topic if fact.topic in rows.topics else OTHER] += 1
        found[ROUTE][fact.route if fact.route in rows.routes else OTHER] += 1
        found[STAGE][fact.stage] += 1
        found[OUTCOME][fact.outcome] += 1
        for mark in MARKS:
            found[f"mark:{mark}"]["yes" if mark in fact.marks else "no"] += 1
        for clock, how in fact.clocks.items():
            if how in CLOCK_ROWS:
                found[f"clock:{clock}"][how] += 1
    for outcome in access if rows.requests else ():
        found[ACCESS][outcome] += 1
    return {code: tuple(found[code][row] for row in among) for code, among in rows.of().items()}


def published(counts: Mapping[str, tuple[int, ...]], audience: Audience, *, smaller_side: int) -> dict[str, Published]:
    """Takes what was counted, and how many people the smaller of the two sides has; returns what this reader is shown."""
    tables = {code: protect(numbers) for code, numbers in counts.items()}
    if smaller_side < LIMIT:
        tables |= {code: nothing(tables[code]) for code in SIDED}
    if audience == Audience.PUBLIC:
        return {code: for_public(tables[code]) for code in PUBLIC if code in tables}
    return tables


def cited(route: Published, rows: tuple[str, ...], cites: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """Takes the table of routes as it is shown and the clauses of each; returns clause → in about how many concerns.

    From what is shown alone: nothing comes to light here that the table of routes doesn't say.
    """
    found: Counter[str] = Counter()
    for row, cell in zip(rows, route.cells, strict=True):
        if cell is not None:
            for ref in dict.fromkeys(cites.get(row, ())):
                found[ref] += cell
    return dict(found.most_common())
