"""How a council reminds, set by its administrator; how a person wants to be reminded, set by themselves."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from clocks import feed
from clocks.domain.reminding import DEFAULTS, MOST_BEFORE, MOST_TIMES, Habit, problem_of
from clocks.models import CouncilHours, Preference, ReminderHabit
from councils.actions.ground import lock_council, record, require_admin
from councils.errors import Refusal
from councils.models import Council, CouncilEventKind, Person

EARLIEST, LATEST = time(6), time(22)


@transaction.atomic
def set_habit(
    *, council: Council, kind: str, before: Collection[int], on_the_day: bool, after: Collection[int], escalate_after: int | None,
    by: Person | None, now: datetime,
) -> None:  # fmt: skip
    """Have one kind of date remembered so in this council from the clock's next tick. Raises Refusal for numbers nobody means."""
    council = lock_council(council)
    require_admin(council, by, now)
    if kind not in DEFAULTS:
        raise Refusal(_("This kind of date isn't known. Choose one from the list."))
    habit = Habit(tuple(sorted(set(before), reverse=True)), on_the_day, tuple(sorted(set(after))), escalate_after)
    field, problem = problem_of(habit)
    if problem == "too_many":
        raise Refusal(_("Enter {most} numbers at most.").format(most=MOST_TIMES), field=field)
    if problem:
        raise Refusal(_("Enter working days from 1 to {most}.").format(most=MOST_BEFORE), field=field)
    ReminderHabit.objects.update_or_create(
        council=council, kind=kind,
        defaults={"before": list(habit.before), "on_the_day": on_the_day, "after": list(habit.after), "escalate_after": escalate_after},
    )  # fmt: skip
    _changed(council, by=by, now=now, reminders=kind)


@transaction.atomic
def reset_habit(*, council: Council, kind: str, by: Person | None, now: datetime) -> None:
    """Back to this service's own days for one kind of date."""
    council = lock_council(council)
    require_admin(council, by, now)
    if ReminderHabit.objects.filter(council=council, kind=kind).delete()[0]:
        _changed(council, by=by, now=now, reminders=kind)


@transaction.atomic
def set_hours(*, council: Council, opens: time, closes: time, by: Person | None, now: datetime) -> None:
    """Write to people of this council between these hours of a working day only. Raises Refusal."""
    council = lock_council(council)
    require_admin(council, by, now)
    if not EARLIEST <= opens <= LATEST:
        raise Refusal(_("The day begins between 6:00 and 22:00."), field="opens")
    if not opens < closes:
        raise Refusal(_("The day ends after it begins."), field="closes")
    CouncilHours.objects.update_or_create(council=council, defaults={"opens": opens, "closes": closes})
    _changed(council, by=by, now=now, reminders="hours")


def _changed(council: Council, *, by: Person | None, now: datetime, **detail: str) -> None:
    CouncilHours.objects.update_or_create(council=council, defaults={"changed": True})
    record(CouncilEventKind.COUNCIL_CHANGED, council=council, by=by, now=now, **detail)


@transaction.atomic
def prefer(*, digest: bool, by: Person, now: datetime) -> None:
    """One message a day for ``by``, or one for each thing."""
    Preference.objects.update_or_create(person=by, defaults={"digest": digest})


@transaction.atomic
def calendar_on(*, by: Person, now: datetime) -> str:
    """Make a calendar address for ``by``; one they had ends. Returns its secret part, to be shown once."""
    return feed.turn_on(by=by, now=now)


@transaction.atomic
def calendar_off(*, by: Person, now: datetime) -> None:
    """End the calendar address of ``by``."""
    feed.turn_off(by=by, now=now)
