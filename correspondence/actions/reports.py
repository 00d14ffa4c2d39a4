"""A minor matter before the council (T19): written, made final, resolved upon, presented. It makes no finding (L2)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from concerns import audit, policy, rooms
from concerns import wording as words
from concerns.actions.verb import answer_needed
from concerns.casefile import lock
from concerns.domain import naming
from concerns.enums import Action, Capacity, State
from concerns.models import Concern, Participation, Proceeding, Witness
from correspondence import queries, wording
from correspondence.actions import verb
from correspondence.domain import tokens
from correspondence.enums import ReportAction, ReportEvent, ReportState
from correspondence.models import CouncilReport
from correspondence.reports.letters import checksum, report_pdf
from councils.errors import Refusal
from councils.models import Person

CONFIDENTIAL = "confidential_session"
WRITES = frozenset({Capacity.HANDLER, Capacity.DECIDER})


class CouncilReports(rooms.Procedure):
    """What a report does with the concern's steps: it opens with T19, and its outcome waits for the meeting."""

    def opened(self, concern: Concern, proceeding: Proceeding, *, by: Person, now: datetime) -> None:
        """The report's draft, in the council's words."""
        values = queries.tokens_for(concern, by=by, name="", now=now)
        said = wording.REPORTS[proceeding.session_type]
        CouncilReport.objects.create(
            concern=concern,
            proceeding=proceeding,
            agenda_item=tokens.fill(str(said["agenda_item"]), values),
            body=tokens.fill(str(said["body"]), values),
            may_be_told=tokens.fill(str(said["may_be_told"]), values),
            made_by=by,
            made_at=now,
        )

    def ended(self, concern: Concern, proceeding: Proceeding, *, by: Person, now: datetime) -> None:
        """Nothing: the report stays as it was presented."""

    def objection(self, concern: Concern, action: Action, *, person: Person) -> str:
        """The outcome is recorded after the meeting; a confidential session needs its resolution first (M1)."""
        if action != Action.RECORD_OUTCOME:
            return ""
        report = queries.report_of(concern)
        if report is None or report.state == ReportState.PRESENTED:
            return ""
        if report.proceeding.session_type == CONFIDENTIAL and report.resolution_on is None:
            return str(wording.NEEDS_RESOLUTION)
        return str(wording.NOT_PRESENTED)


@verb(ReportAction.WRITE_REPORT, ReportEvent.REPORT_WRITTEN)
def write_report(
    *,
    concern_id: UUID,
    by: Person,
    now: datetime,
    agenda_item: str,
    body: str,
    may_be_told: str,
    meeting_on: date | None = None,
    revision: int | None = None,
) -> CouncilReport:
    """The report's words; a final one that wasn't presented becomes a draft again. Raises Refusal on the field."""
    concern, report = _begin(concern_id, by=by, revision=revision)
    if report.state == ReportState.PRESENTED:
        raise Refusal(str(wording.PRESENTED))
    report.agenda_item = answer_needed(agenda_item, "agenda_item", _("Write the item on the agenda."))
    report.body = answer_needed(body, "body", _("Write the report."))
    report.may_be_told = answer_needed(may_be_told, "may_be_told", _("Write what the council may be told."))
    if meeting_on is not None:
        if meeting_on < report.proceeding.opened_on:
            raise Refusal(_("The meeting is after the matter was to be reported. Check the date."), field="meeting_on")
        Proceeding.objects.filter(pk=report.proceeding_id).update(meeting_on=meeting_on)
        report.proceeding.meeting_on = meeting_on
    if report.state == ReportState.SEALED:
        report.unseal()
        report.pdf, report.sha256, report.sealed_by, report.sealed_at = None, "", None, None
    _store(report)
    audit.record(concern, ReportEvent.REPORT_WRITTEN, by=by, now=now)
    return report


@verb(ReportAction.SEAL_REPORT, ReportEvent.REPORT_SEALED)
def seal_report(*, concern_id: UUID, by: Person, now: datetime, revision: int | None = None) -> CouncilReport:
    """Make it final, as it goes to the meeting. Raises Refusal when it names somebody it must not name."""
    concern, report = _begin(concern_id, by=by, revision=revision)
    if report.state != ReportState.DRAFT:
        raise Refusal(_("This report is final already."))
    missing = tokens.left("\n".join([str(report.agenda_item or ""), str(report.body or ""), str(report.may_be_told or "")]))
    if missing:
        raise Refusal(_("Fill in what stands in braces first, or take it out: %(missing)s") % {"missing": ", ".join(missing)})
    _scan(concern, report)
    confidential = report.proceeding.session_type == CONFIDENTIAL
    report.concern = concern
    report.pdf = report_pdf(report, session=str(words.SESSIONS[report.proceeding.session_type]), confidential=confidential)
    report.sha256 = checksum(report.pdf)
    report.sealed_by, report.sealed_at = by, now
    report.seal()
    _store(report)
    audit.record(concern, ReportEvent.REPORT_SEALED, by=by, now=now, facts={"session_type": report.proceeding.session_type})
    return report


def names_of(concern: Concern) -> list[str]:
    """Whoever must not be recognised in what the public may read: the parties and the witnesses."""
    subjects = [row.person.full_name for row in concern.subjects.select_related("person")]
    witnesses = Witness.objects.filter(concern=concern).values_list("person__full_name", flat=True)
    return [concern.raiser.full_name, *subjects, *witnesses]


def _scan(concern: Concern, report: CouncilReport) -> None:
    """The agenda is public whatever the session; a report without names is without them throughout (trust.md 36)."""
    places = {"agenda_item": str(report.agenda_item or "")}
    if report.proceeding.session_type != CONFIDENTIAL:
        places |= {"body": str(report.body or ""), "may_be_told": str(report.may_be_told or "")}
    names = names_of(concern)
    for field, text in places.items():
        found = naming.named_in(text, names)
        if found:
            raise Refusal(
                _("“%(place)s” holds words from the names of people in this matter: %(found)s. Put it another way, then try again.")
                % {"place": wording.REPORT_PARTS[field], "found": ", ".join(found)},
                field=field,
            )


@verb(ReportAction.RECORD_RESOLUTION, ReportEvent.RESOLUTION_RECORDED)
def record_resolution(
    *, concern_id: UUID, by: Person, now: datetime, resolution_on: date | None, resolution: str, revision: int | None = None
) -> CouncilReport:
    """The council resolved to exclude the public, before it heard the report (1960 Act s.1; M1)."""
    concern, report = _begin(concern_id, by=by, revision=revision)
    if report.proceeding.session_type != CONFIDENTIAL:
        raise Refusal(_("This report is without names, so the public isn't excluded for it."))
    if report.state != ReportState.SEALED:
        raise Refusal(str(wording.NOT_SEALED if report.state == ReportState.DRAFT else wording.PRESENTED))
    if resolution_on is None:
        raise Refusal(_("Give the date of the resolution."), field="resolution_on")
    if resolution_on > timezone.localdate(now):
        raise Refusal(_("The date must be today or in the past."), field="resolution_on")
    report.resolution_on = resolution_on
    report.resolution = answer_needed(resolution, "resolution", _("Give the words of the resolution or its minute."))
    _store(report, "resolution_on", "resolution")
    facts = {"resolution_on": resolution_on.isoformat()}
    audit.record(concern, ReportEvent.RESOLUTION_RECORDED, by=by, now=now, facts=facts)
    return report


@verb(ReportAction.PRESENT_REPORT, ReportEvent.REPORT_PRESENTED)
def present_report(
    *, concern_id: UUID, by: Person, now: datetime, presented_on: date | None, minute_ref: str, revision: int | None = None
) -> CouncilReport:
    """The meeting had it. A confidential session needs its resolution of that day recorded before."""
    concern, report = _begin(concern_id, by=by, revision=revision)
    if report.state != ReportState.SEALED:
        raise Refusal(str(wording.NOT_SEALED if report.state == ReportState.DRAFT else wording.PRESENTED))
    if presented_on is None:
        raise Refusal(_("Give the date of the meeting."), field="presented_on")
    if presented_on > timezone.localdate(now):
        raise Refusal(_("The date must be today or in the past."), field="presented_on")
    if report.proceeding.session_type == CONFIDENTIAL:
        if report.resolution_on is None:
            raise Refusal(str(wording.NEEDS_RESOLUTION))
        if report.resolution_on != presented_on:
            raise Refusal(_("The resolution to exclude the public is of another day. It must be made at this meeting."), field="presented_on")
    report.minute_ref = answer_needed(minute_ref, "minute_ref", _("Give the reference of the minute."))[:80]
    report.presented_on, report.presented_by = presented_on, by
    report.present()
    _store(report, "state", "presented_on", "presented_by", "minute_ref")
    facts = {"presented_on": presented_on.isoformat()}
    audit.record(concern, ReportEvent.REPORT_PRESENTED, by=by, now=now, facts=facts)
    return report


def may_write(held: frozenset[Capacity], concern: Concern, *, reads: bool) -> bool:
    """Whether somebody with these capacities prepares the report now."""
    return reads and bool(held & WRITES) and concern.state == State.COUNCIL_REPORT


def _begin(concern_id: UUID, *, by: Person, revision: int | None) -> tuple[Concern, CouncilReport]:
    """The concern and its report, locked, for somebody who prepares it. Raises NotVisible or Refusal."""
    concern = lock(concern_id, by=by, permission=policy.READ)
    report = CouncilReport.objects.filter(concern=concern).select_for_update(of=("self",)).order_by("made_at").last()
    if report is None:
        raise queries.NotVisible
    held: Any = Participation.objects.filter(concern=concern, person=by, until__isnull=True).values_list("capacity", flat=True)
    if not frozenset(Capacity(value) for value in held) & WRITES:
        raise Refusal(str(wording.NOT_YOUR_REPORT))
    if concern.state != State.COUNCIL_REPORT:
        raise Refusal(str(wording.REPORT_OVER))
    report.proceeding = Proceeding.objects.get(pk=report.proceeding_id)
    if revision is not None and revision != report.revision:
        raise Refusal(str(words.STALE))
    return concern, report


def _store(report: CouncilReport, *fields: str) -> None:
    """Write the row, or of a final one these columns alone: its words aren't written again."""
    report.revision += 1
    report.save(update_fields=[*fields, "revision"] if fields else None)
