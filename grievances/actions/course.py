"""From the seated panel to its hearing: points, investigator, report, date, companion, and moving the date."""

from collections.abc import Iterable
from datetime import date, datetime, time
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from concerns import audit, outbox, policy
from concerns.actions.verb import answer_needed
from concerns.enums import Capacity, NoticeKind
from concerns.models import Document
from councils.errors import Refusal
from councils.models import Absence, Person
from grievances import plan, wording
from grievances.actions.ground import begin, refuse, store, verb
from grievances.actions.panel import conveners
from grievances.domain import dates
from grievances.domain.machine import Answer
from grievances.enums import CompanionKind, GrievanceEvent, GrievanceState, HearingStatus, Step
from grievances.models import Allegation, Grievance, Hearing, Inquiry, PanelSeat, Report
from grievances.queries import Held

MOST_POINTS = 30


@verb(Step.LIST_ALLEGATIONS, GrievanceEvent.ALLEGATIONS_LISTED)
def list_allegations(*, grievance_id: UUID, by: Person, now: datetime, points: Iterable[str], revision: int | None = None) -> Grievance:
    """The points the panel decides on, one finding each. Listed anew they replace what was listed."""
    held = begin(Step.LIST_ALLEGATIONS, grievance_id, by=by, now=now, revision=revision)
    texts = [text.strip() for text in points if text.strip()]
    if not texts:
        raise Refusal(str(_("List at least one point, each on a line of its own.")), field="points")
    if len(texts) > MOST_POINTS:
        raise Refusal(str(_("List at most %(most)d points. Put those that belong together into one.")) % {"most": MOST_POINTS}, field="points")
    Allegation.objects.filter(grievance=held.grievance).delete()
    for number, text in enumerate(texts, 1):
        Allegation.objects.create(grievance=held.grievance, concern=held.concern, number=number, text=text)
    store(held.grievance)
    audit.record(held.concern, GrievanceEvent.ALLEGATIONS_LISTED, by=by, now=now, facts={"points": len(texts)})
    return held.grievance


def investigators(held: Held) -> list[Person]:
    """Who could find out the facts: in post, free of conflict, not asked for a panel."""
    asked = {row.person_id for row in held.seats}
    busy = asked | {place.person.pk for place in held.pool.places} | {held.standing.convener}
    return held.pool.made.eligible(besides=busy)


@verb(Step.INVESTIGATE, GrievanceEvent.INVESTIGATOR_APPOINTED)
def investigate(
    *, grievance_id: UUID, by: Person, now: datetime, person: Person | None, reason: str = "", revision: int | None = None
) -> Grievance:
    """Somebody free of conflict finds out the facts: they read the concern until their report is filed."""
    answer = Answer(person=person.pk if person else None)
    held = begin(Step.INVESTIGATE, grievance_id, by=by, now=now, revision=revision, answer=answer)
    if person.pk not in {free.pk for free in investigators(held)}:
        refuse("not_investigator")
    within = plan.target(held.concern, "meeting").days
    Inquiry.objects.create(
        grievance=held.grievance, concern=held.concern, investigator=person, appointed_at=now,
        due_on=dates.due(held.today, within, plan.jurisdiction(held.concern), plan.closures(held.concern)),
    )  # fmt: skip
    policy.grant(
        held.concern, person, Capacity.READER, reason="finds_facts", by=by, now=now, hat=held.pool.made.hat_of(person)
    )
    held.grievance.investigate()
    store(held.grievance)
    audit.record(held.concern, GrievanceEvent.INVESTIGATOR_APPOINTED, by=by, now=now, reason=reason.strip())
    outbox.put(held.concern, NoticeKind.NEEDS_YOU, to=person, now=now)
    outbox.put(held.concern, NoticeKind.PROGRESS, to=held.concern.raiser, now=now)
    return held.grievance


@verb(Step.FILE_REPORT, GrievanceEvent.REPORT_FILED)
def file_report(
    *, grievance_id: UUID, by: Person, now: datetime, text: str = "", document: Document | None = None, revision: int | None = None
) -> None:
    """The report goes to the panel, as text or as one of the concern's files. The investigator's access ends."""
    held = begin(Step.FILE_REPORT, grievance_id, by=by, now=now, revision=revision)
    if document is None:
        text = answer_needed(text, "text", _("Write the report, or choose the file it is in."))
    elif document.concern_id != held.concern.pk:
        raise Refusal(str(_("Choose one of the concern's files.")), field="document")
    Report.objects.create(
        inquiry=held.inquiry, grievance=held.grievance, concern=held.concern, text=text.strip() or None, document=document, filed_by=by,
        filed_at=now,
    )  # fmt: skip
    held.inquiry.filed_at = held.inquiry.until = now
    held.inquiry.save()
    store(held.grievance)
    audit.record(held.concern, GrievanceEvent.REPORT_FILED, by=by, now=now)
    members = [row.person for row in held.seats if row.person_id in held.standing.seated]
    outbox.put(held.concern, NoticeKind.NEEDS_YOU, to=[*members, *conveners(held)], now=now)
    policy.end(held.concern, by, by=by, now=now, reason="report_filed", only=Capacity.READER)


def notice_of(held: Held) -> dates.Target:
    """How many working days' notice a hearing needs."""
    return plan.target(held.concern, "notice")


def _day_refused(code: str, earliest: date) -> Refusal:
    words = wording.refused(code)
    if code == "hearing_short_notice":
        words = f"{words} {_('The first day is %s.') % date_format(earliest, 'l j F Y')}"
    return Refusal(words, field=wording.FIELDS.get(code))


@verb(Step.SET_HEARING, GrievanceEvent.HEARING_SET)
def set_hearing(
    *, grievance_id: UUID, by: Person, now: datetime, held_on: date | None, at: time | None, place: str, reason: str = "",
    without: bool = False, revision: int | None = None,
) -> Grievance:
    """A working day with enough notice, a time and a place. The employee is told and may bring a companion.

    ``without``: although somebody is away that day; never with fewer than the quorum. One whose day has passed
    goes on; before that another day is set only with a reason, for a date that was wrong or a day that can't be kept.
    """
    why = reason.strip()
    held = begin(Step.SET_HEARING, grievance_id, by=by, now=now, revision=revision, answer=Answer(on=held_on, reason=bool(why)))
    where = answer_needed(place, "place", _("Say where it is held."))
    if at is None:
        raise Refusal(str(_("Give the time.")), field="at")
    here, shut, notice = plan.jurisdiction(held.concern), plan.closures(held.concern), notice_of(held).days
    if code := dates.hearing_problem(held_on, today=held.today, notice=notice, jurisdiction=here, closures=shut):
        raise _day_refused(code, dates.earliest(held.today, notice, here, shut))
    away, old = _somebody_away(held, held_on, without), held.hearing
    adjourned = old is not None and old.held_on <= held.today
    companion = {}
    if old is not None:
        companion = {"companion_kind": old.companion_kind, "companion": old.companion or None, "companion_named_at": old.companion_named_at}
        old.status = HearingStatus.ADJOURNED if adjourned else HearingStatus.REPLACED
        old.save(update_fields=["status"])
    Hearing.objects.create(
        grievance=held.grievance, concern=held.concern, panel=held.panel, held_on=held_on, at=at, place=where, notice_given_on=held.today,
        replaces=old, set_at=now, **companion,
    )  # fmt: skip
    if held.grievance.state != GrievanceState.APPEAL_OPEN:
        held.grievance.set_hearing()
    store(held.grievance)
    facts = {"held_on": held_on.isoformat(), "panel": held.panel.value, "away": away, "adjourned": adjourned}
    if old is not None and not adjourned:
        facts["instead_of"] = old.held_on.isoformat()
    audit.record(held.concern, GrievanceEvent.HEARING_SET, by=by, now=now, facts=facts, reason=why)
    _tell_hearing(held, by=by, now=now)
    return held.grievance


def away_on(held: Held, day: date) -> list[Person]:
    """Who of the panel, and the employee themselves, has said that they are away on ``day``; by name."""
    people = {*held.standing.seated, held.concern.raiser_id}
    rows = Absence.objects.current(day).filter(council=held.concern.council_id, person__in=people).select_related("person")
    return sorted({row.person for row in rows}, key=lambda person: person.full_name)


def _somebody_away(held: Held, day: date, without: bool) -> int:
    """How many are away on ``day``. Raises Refusal when too few of the panel would be there, or nobody said that they know."""
    away = away_on(held, day)
    if len(held.standing.seated - {person.pk for person in away}) < held.standing.needed:
        refuse("members_away")
    if away and not without:
        words = ngettext("%(n)d person is away that day: %(names)s.", "%(n)d people are away that day: %(names)s.", len(away)) % {
            "n": len(away), "names": ", ".join(person.full_name for person in away),
        }  # fmt: skip
        raise Refusal(f"{words} {_('Choose another day, or say that it is held without them.')}", field="held_on")
    return len(away)


def _tell_hearing(held: Held, *, by: Person, now: datetime) -> None:
    members = PanelSeat.objects.filter(grievance=held.grievance, panel=held.panel, status="seated").select_related("person")
    people = [held.concern.raiser, *(row.person for row in members), *conveners(held)]
    outbox.put(held.concern, NoticeKind.NEEDS_YOU, to=[person for person in people if person.pk != by.pk], now=now)


@verb(Step.NAME_COMPANION, GrievanceEvent.COMPANION_NAMED)
def name_companion(
    *, grievance_id: UUID, by: Person, now: datetime, kind: str, name: str = "", revision: int | None = None
) -> Grievance:
    """The employee says who comes with them: somebody they work with, or a trade union official (right by law), or nobody."""
    held = begin(Step.NAME_COMPANION, grievance_id, by=by, now=now, revision=revision)
    if kind not in list(CompanionKind):
        raise Refusal(str(_("Choose who comes with you.")), field="kind")
    words = "" if kind == CompanionKind.NOBODY else answer_needed(name, "name", _("Give their name."))
    hearing = held.hearing
    hearing.companion_kind, hearing.companion, hearing.companion_named_at = kind, words or None, now
    hearing.save()
    store(held.grievance)
    audit.record(held.concern, GrievanceEvent.COMPANION_NAMED, by=by, now=now, facts={"companion": kind})
    _tell_hearing(held, by=by, now=now)
    return held.grievance


@verb(Step.POSTPONE_HEARING, GrievanceEvent.HEARING_POSTPONED)
def postpone_hearing(
    *,
    grievance_id: UUID,
    by: Person,
    now: datetime,
    held_on: date | None,
    at: time | None,
    place: str = "",
    reason: str = "",
    without: bool = False,
    revision: int | None = None,
) -> Grievance:
    """The companion can't come: a reasonable time within five working days, beginning the first one after the day proposed.

    Never earlier; further only with a reason (Employment Relations Act 1999 s.10(4)-(5)).
    """
    held = begin(Step.POSTPONE_HEARING, grievance_id, by=by, now=now, revision=revision, answer=Answer(on=held_on))
    if at is None:
        raise Refusal(str(_("Give the time.")), field="at")
    old, why = held.hearing, reason.strip()
    here, days = plan.jurisdiction(held.concern), plan.target(held.concern, "postponement").days
    code = dates.postponement_problem(
        held_on, proposed=old.held_on, today=held.today, days=days, jurisdiction=here, further=bool(why),
        closures=plan.closures(held.concern),
    )  # fmt: skip
    if code:
        refuse(code)
    away = _somebody_away(held, held_on, without)
    further = held_on > dates.postponed_until(old.held_on, days, here)
    old.status = HearingStatus.POSTPONED
    old.save(update_fields=["status"])
    Hearing.objects.create(
        grievance=held.grievance, concern=held.concern, panel=held.panel, held_on=held_on, at=at, place=place.strip() or old.place,
        notice_given_on=held.today, companion_kind=old.companion_kind, companion=old.companion or None,
        companion_named_at=old.companion_named_at, further=further, replaces=old, set_at=now,
    )  # fmt: skip
    store(held.grievance)
    facts = {"held_on": held_on.isoformat(), "further": further, "away": away}
    audit.record(held.concern, GrievanceEvent.HEARING_POSTPONED, by=by, now=now, facts=facts, reason=why)
    _tell_hearing(held, by=by, now=now)
    return held.grievance
