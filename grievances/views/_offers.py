"""What a step's form chooses from, and its answers as the action takes them."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from concerns import wording as concern_words
from concerns.models import Document
from councils import wording as council_words
from councils.models import Absence, Person
from grievances import plan, wording
from grievances.actions import course
from grievances.domain import dates, ledbury
from grievances.enums import Step
from grievances.forms.steps import Offers
from grievances.models import Allegation
from grievances.queries import Held


def for_step(step: Step, held: Held) -> Offers:
    """The offers of one step for this person today."""
    more: dict[str, Any] = {}
    if step == Step.SEAT_PANEL:
        more["people"] = [(row.person, _labelled(held, row.person)) for row in held.seats if row.panel == held.panel and row.person_id in held.standing.free]
        more["size"] = held.standing.full_size
    if step == Step.CHOOSE_CHAIR:
        sitting = held.standing.seated - held.standing.no_chair
        more["people"] = [(row.person, row.person.full_name) for row in held.seats if row.panel == held.panel and row.person_id in sitting]
    if step == Step.INVESTIGATE:
        more["people"] = [(person, _role(held, person)) for person in course.investigators(held)]
    if step == Step.FILE_REPORT:
        names = Document.objects.filter(concern=held.concern).defer("content")
        more["documents"] = [(str(row.pk), row.name) for row in names]
    if step in (Step.LIST_ALLEGATIONS, Step.DRAFT_DECISION):
        more["points"] = list(Allegation.objects.filter(grievance=held.grievance))
    if step == Step.DRAFT_DECISION:
        more["outcomes"] = [(code, concern_words.outcome_label(code)) for code in held.standing.outcomes]
        more["findings"] = [(code.value, wording.FINDINGS[code]) for code in ledbury.findings(held.standing.remit)]
        more["draft"] = held.draft
        more["written"] = {f.allegation_id: f.code for f in held.draft.findings.all()} if held.draft else {}
    if step == Step.SET_HEARING:
        more["earliest"], more["stands"] = _earliest(held), held.standing.stands(held.today)
    if held.hearing is not None and step in (Step.SET_HEARING, Step.POSTPONE_HEARING):
        more["place"], more["at"] = held.hearing.place, held.hearing.at.strftime("%H:%M")
    if step in (Step.SET_HEARING, Step.POSTPONE_HEARING):
        more["away"] = _absences(held)
    if step == Step.POSTPONE_HEARING:
        hearing, days = held.hearing, plan.target(held.concern, "postponement")
        last = dates.postponed_until(hearing.held_on, days.days, plan.jurisdiction(held.concern))
        more["latest"] = _("After %(old)s and, by law, until %(last)s if that suits the employee.") % {
            "old": date_format(hearing.held_on, "j F Y"), "last": date_format(last, "l j F Y"),
        }  # fmt: skip
    return Offers(revision=held.grievance.revision, panel=held.panel, **more)


def _earliest(held: Held) -> str:
    notice = course.notice_of(held)
    first = dates.earliest(held.today, notice.days, plan.jurisdiction(held.concern), plan.closures(held.concern))
    return _("A working day, %(first)s or later: %(n)d working days' notice (%(basis)s).") % {
        "first": date_format(first, "l j F Y"), "n": notice.days, "basis": wording.BASIS.get(notice.basis, notice.basis),
    }  # fmt: skip


def _absences(held: Held) -> str:
    """Who of the panel, and the employee, is away from today on, and when; as everybody of the council may see."""
    people = {*held.standing.seated, held.concern.raiser_id}
    rows = Absence.objects.filter(council=held.concern.council_id, person__in=people).exclude(ends_on__lt=held.today)
    said = []
    for row in rows.select_related("person").order_by("starts_on", "person__full_name"):
        days = {"name": row.person.full_name, "first": date_format(row.starts_on, "j F Y")}
        words = _("%(name)s is away from %(first)s until %(last)s.") if row.ends_on else _("%(name)s is away from %(first)s on.")
        said.append(words % {**days, "last": date_format(row.ends_on, "j F Y") if row.ends_on else ""})
    return " ".join(said)


def _role(held: Held, person: Person) -> str:
    role = held.pool.made.hat_of(person)
    words = council_words.role_label(role, held.concern.protocol_version.protocol) if role else ""
    return f"{person.full_name}, {words}" if words else person.full_name


def _labelled(held: Held, person: Person) -> str:
    row = held.seat_of(person.pk)
    notes = [_("substitute")] if row and row.is_substitute else []
    if person.pk in held.standing.sat_first:
        notes.append(_("sat on the first panel"))
    return f"{person.full_name} ({', '.join(notes)})" if notes else person.full_name


def resolved(step: Step, held: Held, answers: dict[str, Any]) -> dict[str, Any]:
    """Ids as rows."""
    if step == Step.FILE_REPORT and "document" in answers:
        chosen = answers["document"]
        answers["document"] = Document.objects.filter(concern=held.concern, pk=chosen).first() if chosen else None
    return answers
