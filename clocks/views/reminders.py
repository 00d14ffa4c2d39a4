"""How a council reminds: the kinds of dates, their days, and the hours in which people are written to. No case content."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clocks import reminders, wording
from clocks.actions import reminders as actions
from clocks.domain.reminding import DEFAULTS, Habit
from clocks.enums import ObligationKind
from clocks.forms.reminders import HabitForm, HoursForm
from councils.views._loading import Visit, carry_out, council_page

FORM = ["GET", "HEAD", "POST"]


@require_safe
@council_page(admin=True)
def habits(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Every kind of date: when it is remembered, whose days those are, and when silence goes on."""
    mine = reminders.kinds_of(visit.council.pk)
    rows = [
        {"kind": kind, "label": wording.KINDS[ObligationKind(kind)], "habit": habit, "words": in_words(habit), "own": own}
        for kind, (habit, own) in mine.items()
    ]
    hours = reminders.habits_of([visit.council.pk])[visit.council.pk].days
    return render(request, "clocks/habits.html", {**visit.context, "rows": rows, "hours": hours})


@require_http_methods(FORM)
@council_page(admin=True)
def habit(request: HttpRequest, visit: Visit, kind: str) -> HttpResponse:
    """Change one kind."""
    current, own = _of(visit, kind)
    start = {"before": current.before, "on_the_day": current.on, "after": current.after, "escalate_after": current.escalate_after}
    sent = request.POST if request.method == "POST" else None
    form = HabitForm(sent, initial=start, escalates=DEFAULTS[kind].escalate_after is not None)
    if sent is not None and carry_out(form, actions.set_habit, by=visit.person, council=visit.council, kind=kind):
        return _done(request, visit, _("Saved. What is open is planned anew within a minute."))
    context = {"page_title": wording.KINDS[ObligationKind(kind)], "kind": kind, "own": own, "service": in_words(DEFAULTS[kind])}
    return _form(request, visit, form, **context)


@require_POST
@council_page(admin=True)
def habit_reset(request: HttpRequest, visit: Visit, kind: str) -> HttpResponse:
    """Back to this service's own days."""
    _of(visit, kind)
    actions.reset_habit(council=visit.council, kind=kind, by=visit.person, now=timezone.now())
    return _done(request, visit, _("This service’s own days count again."))


@require_http_methods(FORM)
@council_page(admin=True)
def hours(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Between which hours people are written to."""
    now = reminders.habits_of([visit.council.pk])[visit.council.pk].days
    form = HoursForm(request.POST if request.method == "POST" else None, initial={"opens": now.opens, "closes": now.closes})
    if request.method == "POST" and carry_out(form, actions.set_hours, by=visit.person, council=visit.council):
        return _done(request, visit, _("Saved. Reminders wait for these hours from now on."))
    intro = _("Reminders go between these hours of a working day, never at night, at a weekend, on a bank holiday or while the office is closed.")
    return _form(request, visit, form, page_title=_("When people are written to"), intro=intro)


def in_words(habit: Habit) -> str:
    """When a date is remembered, in a sentence."""
    parts = []
    if habit.before:
        parts.append(_("%(days)s before") % {"days": _days(habit.before)})
    if habit.on:
        parts.append(_("on the day"))
    if habit.after:
        parts.append(_("%(days)s after") % {"days": _days(habit.after)})
    if not parts:
        return _("No reminder")
    text = ", ".join(parts)
    return text[:1].upper() + text[1:]


def _days(counts: tuple[int, ...]) -> str:
    listed = [str(count) for count in counts]
    text = listed[0] if len(listed) == 1 else _("%(first)s and %(last)s") % {"first": ", ".join(listed[:-1]), "last": listed[-1]}
    return ngettext("%(n)s working day", "%(n)s working days", sum(counts)) % {"n": text}


def _of(visit: Visit, kind: str) -> tuple[Habit, bool]:
    found = reminders.kinds_of(visit.council.pk).get(kind)
    if found is None:
        raise Http404
    return found


def _done(request: HttpRequest, visit: Visit, message: str) -> HttpResponse:
    messages.success(request, message)
    return redirect("clocks:habits", key=visit.council.key)


def _form(request: HttpRequest, visit: Visit, form: HabitForm | HoursForm, **extra: object) -> HttpResponse:
    back = reverse("clocks:habits", kwargs={"key": visit.council.key})
    context = {**visit.context, "form": form, "back_url": back, **extra}
    return render(request, "clocks/habit.html", context, status=422 if form.errors else 200)
