"""The report to council: its page, its texts, its PDF, the resolution and the minute."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages as notes
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from concerns import plan, policy
from concerns import wording as concern_words
from concerns.views._loading import Case, attempt, case_page
from concerns.views.documents import attachment
from correspondence import queries, wording
from correspondence.actions import reports as verbs
from correspondence.enums import ReportState
from correspondence.forms.letters import RevisionForm
from correspondence.forms.reports import PresentForm, ResolutionForm, WriteForm
from correspondence.models import CouncilReport
from correspondence.reports.letters import paragraphs
from correspondence.views._loading import PAGE, closed, form_page

Step = Callable[[HttpRequest, Case, CouncilReport], HttpResponse]


def _report(case: Case) -> CouncilReport:
    report = queries.report_of(case.concern)
    if report is None:
        raise queries.NotVisible
    return report


@require_safe
@case_page(policy.READ)
def page(request: HttpRequest, case: Case) -> HttpResponse:
    """The report as it stands, and what comes next."""
    report = _report(case)
    label, means = wording.REPORT_STATES[report.state]
    confidential = report.proceeding.session_type == verbs.CONFIDENTIAL
    limit = plan.no_finding_limit(case.protocol, on=case.today) if case.protocol else None
    context = {
        "case": case,
        "concern": case.concern,
        "protocol": case.protocol,
        "report": report,
        "label": label,
        "means": means,
        "session": concern_words.SESSIONS[report.proceeding.session_type],
        "confidential": confidential,
        "paragraphs": paragraphs(report.body or ""),
        "told": paragraphs(report.may_be_told or ""),
        "law_notes": [limit] if limit else [],
        "steps": _steps(case, report, confidential),
    }
    return render(request, "correspondence/report.html", context)


def _steps(case: Case, report: CouncilReport, confidential: bool) -> list[tuple[str, Any, bool]]:
    """(address, label, the main one) of what this person can do with it now."""
    if not verbs.may_write(case.held, case.concern, reads=case.reads) or report.state == ReportState.PRESENTED:
        return []
    if report.state == ReportState.DRAFT:
        return [("report-write", _("Change the words"), False), ("report-seal", _("Make it final"), True)]
    first = confidential and report.resolution_on is None
    resolve = [("report-resolution", _("Record the resolution to exclude the public"), first)] if confidential else []
    return [*resolve, ("report-present", _("Record the meeting"), not first), ("report-write", _("Make it a draft again to change it"), False)]


@require_safe
@case_page(policy.READ)
def pdf(request: HttpRequest, case: Case) -> HttpResponse:
    """The report as it goes to the meeting, always as a download with a name that says nothing."""
    report = CouncilReport.objects.filter(pk=_report(case).pk).first()
    if report is None or not report.pdf:
        raise Http404
    return attachment(bytes(report.pdf), "application/pdf", "report.pdf")


def _step(
    request: HttpRequest, case: Case, form_class: type[Form], verb: Any, *, heading: str, button: str, action: str, done: str,
    initial: dict[str, Any] | None = None, **context: Any,
) -> HttpResponse:
    report = _report(case)
    if not verbs.may_write(case.held, case.concern, reads=case.reads) or report.state == ReportState.PRESENTED:
        why = wording.PRESENTED if report.state == ReportState.PRESENTED else wording.NOT_YOUR_REPORT
        return closed(request, case, label=heading, why=str(why))
    posted = request.method == "POST"
    form = form_class(request.POST if posted else None, initial={"revision": report.revision, **(initial or {})})
    if posted and form.is_valid() and attempt(form, verb, concern_id=case.concern.pk, by=case.person, now=case.now, **form.answers()):  # type: ignore[attr-defined]
        notes.success(request, done)
        return redirect("correspondence:report", concern=case.concern.pk)
    return form_page(
        request, case=case, form=form, heading=heading, button=button, action=action,
        back=reverse("correspondence:report", kwargs={"concern": case.concern.pk}), **context,
    )  # fmt: skip


@require_http_methods(PAGE)
@case_page(policy.READ)
def write(request: HttpRequest, case: Case) -> HttpResponse:
    """Change the words."""
    report = _report(case)
    limit = plan.no_finding_limit(case.protocol, on=case.today) if case.protocol else None
    initial = {
        "agenda_item": report.agenda_item, "body": report.body, "may_be_told": report.may_be_told, "meeting_on": report.proceeding.meeting_on,
    }  # fmt: skip
    return _step(
        request, case, WriteForm, verbs.write_report, heading=_("The report to council"), button=_("Keep"), action="write_report",
        done=_("Kept. It is a draft until you make it final."), initial=initial, law_notes=[limit] if limit else [],
    )  # fmt: skip


@require_http_methods(PAGE)
@case_page(policy.READ)
def seal(request: HttpRequest, case: Case) -> HttpResponse:
    """Make it final."""
    named = _("Before it is made final it is searched for the names of the people in this matter.")
    return _step(
        request, case, RevisionForm, verbs.seal_report, heading=_("Make the report final"), button=_("Make it final"), action="seal_report",
        done=_("The report is final. Here it is as PDF."), lead=named,
    )  # fmt: skip


@require_http_methods(PAGE)
@case_page(policy.READ)
def resolution(request: HttpRequest, case: Case) -> HttpResponse:
    """Record that the public was excluded."""
    return _step(
        request, case, ResolutionForm, verbs.record_resolution, heading=_("The resolution to exclude the public"), button=_("Record it"),
        action="record_resolution", done=_("The resolution is recorded."), lead=str(wording.NEEDS_RESOLUTION),
    )  # fmt: skip


@require_http_methods(PAGE)
@case_page(policy.READ)
def present(request: HttpRequest, case: Case) -> HttpResponse:
    """Record the meeting and its minute."""
    return _step(
        request, case, PresentForm, verbs.present_report, heading=_("The meeting had the report"), button=_("Record the meeting"),
        action="present_report", done=_("Recorded. Now the outcome can be recorded."),
    )  # fmt: skip
