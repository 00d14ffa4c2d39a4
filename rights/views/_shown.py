"""What of a matter is shown to whom, in words."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rights import dues, queries, wording
from rights.actions import standing
from rights.enums import AccessState, ComplaintState, DisposalState, Ground, Kind, LineType, OutcomeClass, Risk, Source, Step, Verdict
from rights.forms.steps import FORMS
from rights.models import ExportItem
from rights.reports.package import shown
from rights.views._loading import Sheet

Rows = list[dict[str, Any]]
#: What a requester doesn't need to follow, or shouldn't: who looked at which item.
WARNING = {Step.PURGE, Step.REFUSE_ACCESS, Step.WITHDRAW_ACCESS, Step.RELEASE}


def day(value: Any) -> str:
    """A day in words, of a day or a moment."""
    if value is None:
        return ""
    return date_format(timezone.localdate(value) if hasattr(value, "hour") else value, "j F Y")


def moment(value: Any) -> str:
    """A day with its time."""
    return date_format(timezone.localtime(value), "j F Y, H:i") if value else ""


def row(key: Any, value: Any) -> dict[str, Any]:
    """A row of a summary list."""
    return {"key": str(key), "value": str(value) if value is not None else ""}


def facts(sheet: Sheet) -> Rows:
    """What there is to know of it, for this reader."""
    return {Kind.DISPOSAL: _disposal, Kind.ACCESS: _access, Kind.COMPLAINT: _complaint, Kind.BREACH: _breach}[sheet.kind](sheet)


def _disposal(sheet: Sheet) -> Rows:
    of = sheet.row
    rows = [
        row(_("How it ended"), wording.OUTCOMES[OutcomeClass(of.outcome_class)]), row(_("Closed in"), of.closed_year), row(_("Kept until"), day(of.due_on)),
    ]  # fmt: skip
    if of.asked_by_id:
        rows.append(row(_("Asked by"), f"{of.asked_by.full_name}, {day(of.asked_at)}"))
    if of.done_by_id:
        rows.append(row(_("Destroyed by"), f"{of.done_by.full_name}, {day(of.done_at)}"))
    elif of.state in (DisposalState.DUE, DisposalState.ASKED):
        why = queries.why_kept(of)
        rows.append(row(_("Can it be destroyed?"), wording.KEPT[why] if why else _("Yes: nothing stands against it")))
        rows += [row(_("Kept for legal reasons"), f"{hold.reason!s} ({_('looked at again on')} {day(hold.review_on)})") for hold in queries.holds_on(of.case_id, of.council)]
    return rows


def _access(sheet: Sheet) -> Rows:
    of = sheet.row
    rows = [row(_("Asked on"), day(of.received_on))]
    if sheet.seated:
        rows.insert(0, row(_("Asked by"), of.requester.full_name))
    rows.append(row(_("In particular"), of.scope or _("Everything")))
    if of.state not in (AccessState.RELEASED, AccessState.REFUSED, AccessState.WITHDRAWN):
        rows.append(row(_("To be answered by"), day(dues.access_due(of, sheet.today))))
    if of.question:
        rows.append(row(_("What has to be clarified"), of.question))
    if of.question_answer:
        rows.append(row(_("The answer to that"), of.question_answer))
    if of.extended_why:
        rows.append(row(_("Why it takes longer"), of.extended_why))
    if of.answer:
        rows.append(row(_("Why it was refused"), of.answer))
    if sheet.seated and of.prepared_by_id:
        rows.append(row(_("Prepared by"), f"{of.prepared_by.full_name}, {day(of.prepared_at)}"))
    if sheet.seated and of.released_by_id:
        rows.append(row(_("Released by"), f"{of.released_by.full_name}, {day(of.closed_at)}"))
    if of.sha256:
        rows.append(row(_("Checksum of what was given (SHA-256)"), of.sha256))
    return rows


def _complaint(sheet: Sheet) -> Rows:
    of = sheet.row
    rows = [row(_("Received on"), day(of.received_on)), row(_("The complaint"), of.text)]
    if sheet.seated:
        who = of.complainant.full_name if of.complainant_id else f"{of.name}, {of.contact}"
        rows.insert(0, row(_("From"), who))
    if of.state == ComplaintState.RECEIVED:
        rows.append(row(_("To be acknowledged by"), day(dues.complaint_due(of))))
    else:
        rows.append(row(_("Acknowledged on"), day(of.acknowledged_at)))
    if of.outcome:
        rows.append(row(_("What was found, and what is done"), of.outcome))
    return rows


def _breach(sheet: Sheet) -> Rows:
    of = sheet.row
    rows = [row(_("First noticed"), moment(of.aware_at)), row(_("What happened"), of.what)]
    if not sheet.seated:
        return rows
    rows.insert(0, row(_("Reported by"), of.reported_by.full_name))
    if of.office_told_at is None and of.risk != Risk.UNLIKELY:
        rows.append(row(_("The Information Commissioner is told by"), moment(dues.breach_due(of))))
    if of.risk:
        rows.append(row(_("How it may touch people"), wording.RISKS[Risk(of.risk)]))
        rows.append(row(_("How many people"), of.people_count if of.people_count is not None else _("Not known yet")))
        rows.append(row(_("What was and is done"), of.measures))
        rows.append(row(_("The Information Commissioner was told"), day(of.office_told_at) + (f" ({of.office_reference})" if of.office_reference else "") or _("No")))
        rows.append(row(_("The people were told"), day(of.people_told_on) or _("No")))
        if of.why_not:
            rows.append(row(_("Why not, or why late"), of.why_not))
    return rows


def steps(sheet: Sheet) -> tuple[Rows, Rows]:
    """The steps that are open, and those that would be this person's but aren't open now, with the reason."""
    opened, closed = [], []
    for step, (kind, states, _whose) in standing.STEPS.items():
        if kind != sheet.kind or step == Step.DECIDE_ITEM or sheet.row.state not in states:
            continue
        why = standing.refusal(step, sheet.row, sheet.person)
        label, means = wording.STEPS[step]
        if why in {str(words) for words in (wording.NOT_YOURS, wording.NOT_HELD, wording.HELD_ALREADY)}:
            continue
        url = reverse(f"rights:{kind}-do", kwargs={"row": sheet.row.pk, "action": step.value.removeprefix("rights_").replace("_", "-")})
        entry = {"label": label, "means": means, "url": url, "code": step.value, "why": why, "warning": step in WARNING}
        (closed if why else opened).append(entry)
    return opened, closed


def step_of(kind: Kind, slug: str) -> Step | None:
    """The step an address names; None for what there isn't."""
    wanted = f"rights_{slug.replace('-', '_')}"
    return next((step for step in FORMS if step.value == wanted and standing.KIND_OF[step] == kind), None)


def timeline(sheet: Sheet) -> Rows:
    """What happened, newest first, for those who deal with it."""
    if not sheet.seated:
        return []
    return [
        {"type": line.type, "title": wording.EVENTS[LineType(line.type)], "by": line.by_name, "at": line.at, "lines": [str(line.reason)] if line.reason else []}
        for line in queries.lines(sheet.row)
    ]


def items(sheet: Sheet) -> Rows:
    """What was gathered, for those who decide on it."""
    if sheet.kind != Kind.ACCESS or not sheet.seated:
        return []
    return [item_row(item) for item in sheet.row.items.all()]


def item_row(item: ExportItem) -> dict[str, Any]:
    """One item: what it is, its text as it would be given, and what was decided."""
    return {
        "number": item.number, "pk": item.pk, "kind": wording.SOURCES[Source(item.source)], "on": day(item.at), "text": shown(item),
        "taken_out": item.taken_out, "is_file": item.content is not None, "file_url": reverse("rights:access-item-file", kwargs={"row": item.request_id, "item": item.pk}), "untold": item.source == Source.UNTOLD,
        "verdict": wording.VERDICTS[Verdict(item.verdict)] if item.verdict else "", "given": item.verdict == Verdict.GIVE,
        "ground": wording.GROUNDS[Ground(item.ground)] if item.ground else "",
    }  # fmt: skip
