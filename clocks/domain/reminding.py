"""PURE: at which moments something that is due is remembered, and when silence goes on to somebody else.

Everything is planned from the due date, in working days of the council, at the hour its day begins: so no reminder falls
into the night, onto a weekend, a bank holiday or a day the council is closed. Nothing here reads the clock: whoever asks
says up to which moment they have dealt with, and gets what comes after. A clock that jumps back changes nothing, one that
stood still is caught up with by the latest of what was missed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from concerns.domain.deadlines import is_working_day, next_working_day, working_days_after

LONDON: Final = ZoneInfo("Europe/London")
NEVER_CLOSED: frozenset[date] = frozenset()
MOST_BEFORE: Final = 60  # working days before or after the date: farther off nobody means it
MOST_TIMES: Final = 6  # as many reminders before, and as many after
MOST_ESCALATIONS: Final = 10  # a route has an end, and so has this

BEFORE, ON, AFTER, ESCALATE = "before", "on", "after", "escalate"


@dataclass(frozen=True, slots=True)
class Habit:
    """How one kind of date is remembered: working days before, the day itself, working days after; and when silence escalates."""

    before: tuple[int, ...] = ()
    on: bool = True
    after: tuple[int, ...] = ()
    escalate_after: int | None = None


@dataclass(frozen=True, slots=True)
class Days:
    """A council's calendar: where it is, when it is closed, and the hours in which people may be written to."""

    jurisdiction: str = "England"
    closures: frozenset[date] = NEVER_CLOSED
    opens: time = time(8, 0)
    closes: time = time(18, 0)

    def works(self, day: date) -> bool:
        """Whether the council works on ``day``."""
        return is_working_day(day, self.jurisdiction, self.closures)

    def after(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day``."""
        return working_days_after(day, count, self.jurisdiction, self.closures)

    def before(self, day: date, count: int) -> date:
        """The ``count``-th working day before ``day``; 0 gives ``day``, or the last working day before it."""
        while not self.works(day):
            day -= timedelta(days=1)
            count = max(count - 1, 0)
        for _number in range(count):
            day -= timedelta(days=1)
            while not self.works(day):
                day -= timedelta(days=1)
        return day

    def begins(self, day: date) -> datetime:
        """The moment the council's day begins, British time."""
        return datetime.combine(day, self.opens, LONDON)

    def next_open(self, now: datetime) -> datetime:
        """``now`` if people may be written to now, else the next moment they may."""
        here = now.astimezone(LONDON)
        if self.works(here.date()) and self.opens <= here.time() < self.closes:
            return now
        day = here.date() if here.time() < self.opens else here.date() + timedelta(days=1)
        return self.begins(next_working_day(day, self.jurisdiction, self.closures))

    def next_digest(self, now: datetime) -> datetime:
        """When the one message of a day goes: now in the first hour of a day, else when the next one begins."""
        here = now.astimezone(LONDON)
        if self.works(here.date()) and self.begins(here.date()) <= here < self.begins(here.date()) + timedelta(hours=1):
            return now
        day = here.date() if here.time() < self.opens else here.date() + timedelta(days=1)
        return self.begins(next_working_day(day, self.jurisdiction, self.closures))


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """One moment of the plan: when, and as what (``before:5``, ``on:0``, ``after:2``, ``escalate:1``)."""

    at: datetime
    what: str
    number: int = 0

    @property
    def code(self) -> str:
        """What tells it from the others of the same due date."""
        return f"{self.what}:{self.number}"


def moments(due_on: date, habit: Habit, days: Days, *, steps: int = 0, stepped_on: date | None = None) -> tuple[Moment, ...]:
    """Every moment of something due on ``due_on``, earliest first; two on the same day are one, the nearer to the date.

    Silence has gone on ``steps`` times already, the last time on ``stepped_on``: whoever was told then has as many days as
    those before them.
    """
    found = {days.begins(days.before(due_on, count)): (BEFORE, count) for count in sorted(set(habit.before), reverse=True) if count > 0}
    if habit.on:
        found[days.begins(days.before(due_on, 0))] = (ON, 0)
    found.update({days.begins(days.after(due_on, count)): (AFTER, count) for count in sorted(set(habit.after)) if count > 0})
    plan = [Moment(at, what, number) for at, (what, number) in found.items()]
    if habit.escalate_after and steps < MOST_ESCALATIONS:
        since = max(due_on, stepped_on) if stepped_on else due_on
        plan.append(Moment(days.begins(days.after(since, habit.escalate_after)), ESCALATE, steps + 1))
    return tuple(sorted(plan))


@dataclass(frozen=True, slots=True)
class Turn:
    """What there is to do now, and when to look again."""

    remind: Moment | None  # the latest reminder that has come; those missed before it are not made up for
    escalate: Moment | None
    upto: datetime  # what lies before has been dealt with
    look_again: datetime | None  # None: nothing more comes


def turn(plan: Iterable[Moment], *, upto: datetime, now: datetime) -> Turn:
    """What has come after ``upto``, by ``now``. Of several reminders that were missed one is given."""
    plan = tuple(sorted(plan))
    come = [moment for moment in plan if upto < moment.at <= now]
    remind = next((moment for moment in reversed(come) if moment.what != ESCALATE), None)
    escalate = next((moment for moment in come if moment.what == ESCALATE), None)
    reached = max([upto, *(moment.at for moment in come)])
    return Turn(remind, escalate, reached, first_after(plan, reached))


def first_after(plan: Iterable[Moment], upto: datetime) -> datetime | None:
    """When the next moment of the plan comes, if one does."""
    return min((moment.at for moment in plan if moment.at > upto), default=None)


# Where a council has set nothing. Shown as this service's own, never as the protocol's.
DEFAULTS: Mapping[str, Habit] = {
    "acknowledge": Habit(before=(1,), after=(1,), escalate_after=3),
    "find_handler": Habit(before=(1,), after=(1,), escalate_after=3),
    "choose_route": Habit(before=(3,), after=(2,), escalate_after=5),
    "council_meeting": Habit(before=(5, 1)),
    "look_again": Habit(),
    "informal_review": Habit(before=(3,), after=(2,), escalate_after=5),
    "investigation_report": Habit(before=(5, 1), after=(2,), escalate_after=5),
    "conciliate": Habit(before=(5,), after=(2,), escalate_after=5),
    "hearing_notice": Habit(before=(3, 1), after=(1,), escalate_after=3),
    "hearing": Habit(before=(5, 1)),
    "decision": Habit(before=(5, 1), after=(1, 5), escalate_after=5),
    "appeal_window": Habit(before=(2,)),
    "chase_monitoring_officer": Habit(after=(5,), escalate_after=10),
    "subject_reply": Habit(after=(2,)),
    "access_request": Habit(before=(5, 1), after=(1, 5)),
    "interpretation": Habit(before=(1,), after=(1, 5)),
    "hold_review": Habit(before=(1,), after=(1,), escalate_after=5),
    "retention_review": Habit(before=(10,), after=(5,)),
    "protocol_review": Habit(on=False),  # has alerts of its own, months ahead
    "check_back": Habit(),
    "subject_access": Habit(before=(10, 5, 1), after=(1, 5)),
    "data_complaint": Habit(before=(10, 3), after=(1, 5)),
    "data_breach": Habit(before=(2, 1), after=(1,)),
}
ELSEWHERE: Final = Habit(before=(1,), after=(1,))  # a kind that says nothing of itself


@dataclass(frozen=True, slots=True)
class Habits:
    """All a council does about reminders: its own settings over the service's, and its days."""

    own: Mapping[str, Habit] = field(default_factory=dict)
    days: Days = field(default_factory=Days)

    def of(self, kind: str) -> Habit:
        """How dates of ``kind`` are remembered here."""
        return self.own.get(kind) or DEFAULTS.get(kind, ELSEWHERE)

    def plan(self, kind: str, due_on: date, *, steps: int = 0, stepped_on: date | None = None) -> tuple[Moment, ...]:
        """The moments of something of ``kind`` due on ``due_on``."""
        return moments(due_on, self.of(kind), self.days, steps=steps, stepped_on=stepped_on)


def problem_of(habit: Habit) -> tuple[str, str]:
    """The first field that can't be meant, and why, as codes; two empty words when all is well."""
    for name, counts in (("before", habit.before), ("after", habit.after)):
        if len(counts) > MOST_TIMES:
            return name, "too_many"
        if any(not 1 <= count <= MOST_BEFORE for count in counts):
            return name, "out_of_range"
    if habit.escalate_after is not None and not 1 <= habit.escalate_after <= MOST_BEFORE:
        return "escalate_after", "out_of_range"
    return "", ""
