"""Reads of reports. What is read of concerns is codes and dates, inside system work only; nobody's request comes here for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from clocks.enums import ClockEvent
from clocks.models import Obligation
from concerns.enums import CLOSED_STATES, ConsentStatus, EventType, ExclusionKind, State, SweepEvent
from concerns.models import Concern, Consent, Event, Exclusion
from councils.models import Appointment, Council, ProtocolReview, ProtocolStatus, ProtocolVersion
from councils.protocol import SIDE_COUNCILLOR, SIDE_OFFICER, Protocol, Route, side
from councils.protocol.vocabulary import TOPICS
from information.domain.rules import access_rules
from information.models import AccessDecision, AccessRequest
from reporting.domain import counting
from reporting.domain.counting import Fact, Rows
from reporting.domain.periods import Period
from reporting.enums import Audience, RunStatus
from reporting.models import ReportPublication, ReportRun

REACHED = {
    State.DIRECT: "informal", State.INFORMAL: "informal", State.COMPLAINT: "informal", State.INVESTIGATION: "informal",
    State.CONCILIATION: "conciliation", State.DECIDING: "deciding", State.GRIEVANCE: "grievance", State.DISCIPLINARY: "disciplinary",
    State.CODE_REFERRAL: "code_of_conduct", State.COUNCIL_REPORT: "council_report",
}  # fmt: skip
OUTCOMES = {
    State.RESOLVED: "resolved", State.OUTCOME_RECORDED: "outcome_recorded", State.NO_ACTION: "no_action",
    State.WITHDRAWN: "withdrawn", State.REDIRECTED: "redirected",
}  # fmt: skip
MARK_OF = {
    ClockEvent.ESCALATED.value: "escalated",
    EventType.CONFLICT_DECLARED.value: "conflict",
    SweepEvent.PUT_OUT.value: "conflict",
    SweepEvent.STOOD_IN.value: "stood_in",
    EventType.HANDED_OVER.value: "handed_over",
    EventType.NEEDS_HANDLER.value: "nobody_free",
    SweepEvent.NOBODY_LEFT.value: "nobody_free",
    EventType.WENT_STRAIGHT_TO_FORMAL.value: "skipped_informal",
    EventType.REOPENED.value: "reopened",
}
CONNECTED = (ExclusionKind.LINE_MANAGED, ExclusionKind.RELATIONSHIP, ExclusionKind.CONNECTED, ExclusionKind.DECLARED)
NOT_STATED = ("default", "inferred")
WORST = ("late", "running", "in_time")


def until(period: Period) -> datetime:
    """The moment after the period's last day, in Europe/London."""
    return timezone.make_aware(datetime.combine(period.ends_on + timedelta(days=1), time()))


def since(period: Period) -> datetime:
    """The first moment of the period."""
    return timezone.make_aware(datetime.combine(period.starts_on, time()))


def runs_of(council: Council) -> QuerySet[ReportRun]:
    """The reports of a council, the latest period first."""
    return ReportRun.objects.filter(council=council).select_related("council")


def publication_of(run: ReportRun) -> ReportPublication | None:
    """That the report is on the public page today; None when it isn't."""
    return ReportPublication.objects.filter(run=run, withdrawn_at__isnull=True).select_related("published_by").first()


def published(council: Council) -> QuerySet[ReportRun]:
    """The reports on the council's public page, the latest period first. For anybody."""
    there = ReportPublication.objects.filter(council=council, withdrawn_at__isnull=True).values("run_id")
    return runs_of(council).filter(pk__in=there, audience=Audience.PUBLIC, status=RunStatus.DONE)


def next_run(*, now: datetime) -> ReportRun | None:
    """The report that was asked for first and that nobody is making, locked. Inside a transaction."""
    waiting = ReportRun.objects.filter(status__in=(RunStatus.WAITING, RunStatus.RUNNING)).exclude(claimed_until__gt=now)
    return waiting.select_for_update(of=("self",), skip_locked=True).select_related("council").order_by("asked_at", "id").first()


def versions(council: Council, period: Period) -> list[ProtocolVersion]:
    """The protocols under which a concern of the period may have been raised, the newest last; the one in force otherwise."""
    found = ProtocolVersion.objects.filter(council=council, status__in=(ProtocolStatus.IN_FORCE, ProtocolStatus.SUPERSEDED))
    ordered = list(found.order_by("in_force_from", "created_at"))
    during = [
        row for row in ordered
        if row.in_force_from <= period.ends_on and (row.superseded_on is None or row.superseded_on >= period.starts_on)
    ]  # fmt: skip
    return during or ordered[-1:]


def rows(protocols: Sequence[Protocol], period: Period) -> Rows:
    """What a table has a row for: what the protocols name, whether it happened or not."""
    named = {code for protocol in protocols for code in (*protocol.topics, *(topic for route in protocol.routes for topic in route.topics))}
    topics = (*(code for code in TOPICS if code in named), *sorted(named - set(TOPICS)))
    routes = dict.fromkeys(row for protocol in protocols for row in by_rule(protocol).values() if row)
    return Rows(len(period.parts), topics, tuple(routes), any(access_rules(protocol).enabled for protocol in protocols))


def by_rule(protocol: Protocol) -> dict[str, str]:
    """Rule → the rule whose row it is counted in; "" for none.

    A rule for one post ("the clerk", "the chair") has no row of its own, as its number would be about whoever holds the post:
    it counts with the rule for everybody on that side.
    """
    heard = [route for route in protocol.routes if not route.redirect]
    everybody = [route for route in heard if _is_for_everybody(route, protocol)]
    found = {route.id: route.id for route in everybody}
    for route in heard:
        alike = (one.id for one in everybody if set(one.stages) & set(route.stages) and not one.topics and _covers(one, route, protocol))
        found.setdefault(route.id, next(alike, ""))
    return found


def _is_for_everybody(route: Route, protocol: Protocol) -> bool:
    return all(protocol.depth(kind) <= 1 for kind in (*route.raisers, *route.subjects))


def _covers(one: Route, other: Route, protocol: Protocol) -> bool:
    return all(
        any(protocol.is_a(role, kind) for kind in kinds)
        for kinds, roles in ((one.raisers, other.raisers), (one.subjects, other.subjects))
        for role in roles
    )


def smaller_side(council: Council, period: Period) -> int:
    """How many people the smaller of the two sides had in the period, as it was on record when the period ended.

    Whoever was only entered afterwards doesn't count, from whichever day they are said to have been in post: a side that is
    made larger just before a report would bring numbers to light that are about a few people. Rows of before that was written
    down (``made_at`` is empty) count.
    """
    held = Appointment.objects.filter(council=council, starts_on__lte=period.ends_on).exclude(ends_on__lt=period.starts_on)
    held = held.exclude(made_at__gte=until(period))
    people: dict[str, set[UUID]] = {SIDE_COUNCILLOR: set(), SIDE_OFFICER: set()}
    for role, person in held.values_list("role", "person_id"):
        if (on := side(role)) in people:
            people[on].add(person)
    return min(len(among) for among in people.values())


def concerns(council: Council, period: Period) -> list[UUID]:
    """The concerns that were raised in the period."""
    raised = Concern.objects.filter(council=council, lodged_at__gte=since(period), lodged_at__lt=until(period)).exclude(state=State.DRAFT)
    return list(raised.order_by("id").values_list("pk", flat=True))


def facts(pks: Sequence[UUID], period: Period) -> list[Fact]:
    """What is counted of these concerns, as they stood when the period ended."""
    end = until(period)
    found = Concern.objects.filter(pk__in=pks).values_list("pk", "lodged_at", "raiser_role", "topic", "rule_id", "basis", "route", "protocol_version_id")
    events, clocks, marks = _events(pks, end), _clocks(pks, end), _marks(pks, end)
    named = _named({row[-1] for row in found if row[-1]})
    made = []
    for pk, lodged_at, raiser, topic, rule, basis, route, version in found:
        states, happened = events[pk]
        mine = marks[pk] | happened | ({"overdue"} if "late" in clocks[pk].values() else set())
        row, tokens = named.get((version, rule), ("", set()))
        if row == rule and basis in NOT_STATED:  # of a rule for one post nothing is counted that is its own
            mine.add("not_stated")
        if row == rule and any(step["token"] not in tokens for step in route):
            mine.add("fallback")
        made.append(
            Fact(
                part=period.part_of(timezone.localdate(lodged_at)), kind=_kind(raiser), topic=topic, route=row,
                stage=_furthest(states), outcome=_outcome(states), marks=frozenset(mine), clocks=clocks[pk],
            )
        )  # fmt: skip
    return made


def _named(pks: set[UUID]) -> dict[tuple[UUID, str], tuple[str, set[str]]]:
    """(version, rule) → its row, and whom the rule names itself, not those who come in their stead."""
    found = {}
    for version in ProtocolVersion.objects.filter(pk__in=pks):
        protocol = version.protocol
        row = by_rule(protocol)
        for route in protocol.routes:
            named = {step.token for one in (route, *(other for _role, other in route.overrides)) for step in one.steps}
            found[version.pk, route.id] = row.get(route.id, ""), named
    return found


def _kind(raiser: str) -> str:
    """By who raised it: between two of the same side there is no concern."""
    return counting.KINDS[0] if side(raiser) == SIDE_OFFICER else counting.KINDS[1]


def _furthest(states: list[str]) -> str:
    reached = {REACHED[State(state)] for state in states if state in REACHED}
    return next((stage for stage in reversed(counting.STAGES) if stage in reached), counting.STAGES[0])


def _outcome(states: list[str]) -> str:
    return OUTCOMES[State(states[-1])] if states and states[-1] in CLOSED_STATES else "open"


def _events(pks: Sequence[UUID], end: datetime) -> dict[UUID, tuple[list[str], set[str]]]:
    """Each concern's states in order, and the marks that its trail leaves."""
    found: dict[UUID, tuple[list[str], set[str]]] = defaultdict(lambda: ([], set()))
    rows = Event.objects.filter(concern_id__in=pks, at__lt=end).order_by("at", "seq")
    for pk, kind, to_state, said in rows.values_list("concern_id", "type", "to_state", "facts"):
        states, marks = found[pk]
        if to_state:
            states.append(to_state)
        if kind in MARK_OF:
            marks.add(MARK_OF[kind])
        if to_state == State.NEEDS_HANDLER or said.get("needs_handler"):
            marks.add("nobody_free")
    return found


def _clocks(pks: Sequence[UUID], end: datetime) -> dict[UUID, dict[str, str]]:
    """How each kind of date was kept; the worst where there were several of a kind."""
    found: dict[UUID, dict[str, str]] = defaultdict(dict)
    rows = Obligation.objects.filter(concern__in=pks, kind__in=counting.CLOCKS, opened_at__lt=end)
    for pk, kind, due, met, ended in rows.values_list("concern_id", "kind", "due_at", "met_at", "ended_at"):
        if ended is not None and ended < end and ended <= due:
            continue  # nobody needed it any more
        over = met if met is not None and met < end else None
        how = ("in_time" if over <= due else "late") if over else ("late" if due < end else "running")
        found[pk][kind] = min(how, found[pk].get(kind, how), key=WORST.index)
    return found


def _marks(pks: Sequence[UUID], end: datetime) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = defaultdict(set)
    for pk in Exclusion.objects.filter(concern__in=pks, kind__in=CONNECTED, since__lt=end).values_list("concern_id", flat=True):
        found[pk].add("conflict")
    overridden = Consent.objects.filter(concern__in=pks, status=ConsentStatus.OVERRIDDEN, asked_at__lt=end)
    for pk in overridden.values_list("concern_id", flat=True):
        found[pk].add("without_consent")
    return found


def access(council: Council, period: Period) -> list[str]:
    """How each request to see papers of the period stood when it ended: what was decided last, or that it waited."""
    end = until(period)
    asked = AccessRequest.objects.filter(council=council, asked_at__gte=since(period), asked_at__lt=end).values_list("pk", flat=True)
    decided = AccessDecision.objects.filter(request__in=list(asked), decided_at__lt=end).order_by("decided_at")
    last = dict(decided.values_list("request_id", "outcome"))
    return [last.get(pk, "waiting") for pk in asked]


def reviews(council: Council, period: Period) -> list[ProtocolReview]:
    """The reviews of the protocol that were concluded by the end of the period, the latest first; three at most."""
    held = ProtocolReview.objects.filter(council=council, concluded_on__lte=period.ends_on).select_related("new_version").defer("new_version__config")
    return list(held.order_by("-concluded_on")[:3])


def earlier(run: ReportRun) -> list[dict[str, Any]]:
    """What earlier reports for the same reader, of periods as long, say of their whole: the oldest first."""
    done = ReportRun.objects.filter(council_id=run.council_id, audience=run.audience, status=RunStatus.DONE, ends_on__lt=run.starts_on)
    years = run.ends_on.year - run.starts_on.year
    rows = done.order_by("starts_on").values_list("starts_on", "ends_on", "content__total")
    return [{"starts_on": first.isoformat(), "total": total} for first, last, total in rows if last.year - first.year == years]
