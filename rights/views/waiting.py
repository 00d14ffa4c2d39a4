"""What data rights show elsewhere: on the start page, and on a concern's page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from concerns.enums import CLOSED_STATES
from concerns.rooms import Panel, Waiting
from councils.models import Council, Person
from rights import dues, queries
from rights.actions import keeping
from rights.enums import AccessState, BreachState, ComplaintState, DisposalState, Kind
from rights.models import Breach, DataComplaint, Disposal, DraftWarning, SubjectRequest

#: Found where the person has anything of this room.
THERE = (
    "SELECT FROM rights_seat UNION ALL SELECT FROM rights_subjectrequest UNION ALL SELECT FROM rights_datacomplaint "
    "UNION ALL SELECT FROM rights_draftwarning UNION ALL SELECT WHERE rights_too_few() <> '{}'"
)
ON_CONCERN = "SELECT FROM rights_legalhold h WHERE h.case_id = concerns_concern.id AND h.lifted_at IS NULL UNION ALL SELECT WHERE concerns_concern.closed_at IS NOT NULL"


def _line(label: Any, kind: Kind, row: Any, due: date | None = None) -> Waiting:
    return Waiting(str(label), reverse(f"rights:{kind}", kwargs={"row": row.pk}), place=row.council.name, due=due)


def _cases(person: Person) -> list[Waiting]:
    """Cases whose time is over: one line for one, and one for all of a council where there are more."""
    rows: dict[Council, list[Disposal]] = {}
    for disposal in Disposal.objects.filter(state__in=[DisposalState.DUE, DisposalState.ASKED]).select_related("council"):
        if disposal.state == DisposalState.DUE or disposal.asked_by_id != person.pk:
            rows.setdefault(disposal.council, []).append(disposal)
    found = []
    for council, due in rows.items():
        if len(due) == 1:
            found.append(_line(_("A case whose time is over waits for a decision"), Kind.DISPOSAL, due[0]))
        else:
            words = _("%(n)d cases whose time is over wait for a decision") % {"n": len(due)}
            found.append(Waiting(words, reverse("rights:council", kwargs={"key": council.key}), place=council.name))
    return found


def waiting(person: Person, today: date) -> list[Waiting]:
    """Takes a person and a day; returns what waits for them, for the start page."""
    found, seated = [], queries.seated()
    for council in Council.objects.filter(pk__in=queries.short_councils()):
        url = reverse("rights:keeper-add", kwargs={"key": council.key})
        found.append(Waiting(str(_("Something about data waits until another records keeper is named")), url, place=council.name))
    for warning in DraftWarning.objects.order_by("goes_on").select_related("council"):
        words = _("A draft of yours will be deleted on %(day)s unless you go on with it") % {"day": date_format(warning.goes_on, "j F Y")}
        found.append(Waiting(words, reverse("concerns:draft-who", kwargs={"concern": warning.case_id}), place=warning.council.name))
    found += _cases(person)
    for asked in SubjectRequest.objects.filter(closed_at__isnull=True).select_related("council"):
        if asked.pk in seated and asked.state in (AccessState.RECEIVED, AccessState.PREPARING, AccessState.PREPARED):
            if asked.state != AccessState.PREPARED or asked.prepared_by_id != person.pk:
                found.append(_line(_("A request for somebody’s own data waits for you"), Kind.ACCESS, asked, dues.access_due(asked, today)))
        elif asked.requester_id == person.pk and asked.state == AccessState.CLARIFYING:
            found.append(_line(_("Your request for your data needs an answer"), Kind.ACCESS, asked))
    for ready in SubjectRequest.objects.filter(requester=person, state=AccessState.RELEASED, package__isnull=False).select_related("council").defer("package"):
        found.append(_line(_("Your data is ready to fetch"), Kind.ACCESS, ready))
    for complaint in DataComplaint.objects.filter(closed_at__isnull=True).select_related("council"):
        if complaint.pk in seated:
            day = dues.complaint_due(complaint) if complaint.state == ComplaintState.RECEIVED else None
            found.append(_line(_("A complaint about data waits for you"), Kind.COMPLAINT, complaint, day))
    for breach in Breach.objects.exclude(state=BreachState.CLOSED).select_related("council"):
        if breach.pk in seated:
            day = timezone.localdate(dues.breach_due(breach)) if breach.office_told_at is None else None
            found.append(_line(_("A data breach waits for you"), Kind.BREACH, breach, day))
    return found


def panel(case: Any, there: bool) -> Panel | None:
    """On a concern's page: that it is kept longer; and for whoever deals with it, the way to do that."""
    if not there:
        return None
    holds = queries.holds_on(case.concern.pk)
    mine = keeping.may_hold(case.concern, case.person)
    if not holds and not (mine and case.concern.state in CLOSED_STATES):
        return None
    return Panel("rights/panel.html", {"holds": holds, "mine": mine, "concern": case.concern})
