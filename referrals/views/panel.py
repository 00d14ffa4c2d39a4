"""What a concern's page and the start page show of its referrals."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, When
from django.urls import reverse
from django.utils.translation import gettext as _

from concerns import rooms
from concerns.enums import Capacity
from concerns.enums import State as ConcernState
from concerns.models import Participation
from councils.models import Person
from referrals import policy, queries, wording
from referrals.enums import ENDED, State
from referrals.models import Referral
from referrals.views import _shown

FOLLOWING = (Capacity.LIAISON, Capacity.HANDLER)


def panel(case: Any, there: bool) -> rooms.Panel | None:
    """The referrals of a concern: state and dates for everybody, the way in for those who may read."""
    found = list(queries.of_concern(case.concern)) if there else []
    if not found:
        return None
    rows = [
        {
            "row": referral,
            **_shown.state_of(referral),
            "outcome": wording.OUTCOMES.get(referral.outcome, ""),
            "chase": _shown.chase_words(_shown.chase(referral, case.today), case.today),
            "desks": _shown.desks(referral) if case.reads and referral.sent_on else [],
            "mediated": wording.MEDIATED if referral.officer_mediated else "",
            "href": reverse("referrals:referral", kwargs={"concern": case.concern.pk, "referral": referral.pk}) if case.reads else "",
        }
        for referral in found
    ]
    return rooms.Panel("referrals/panel.html", {"rows": rows, "follows": bool(case.held & set(FOLLOWING))})


def waiting(person: Person, today: date) -> list[rooms.Waiting]:
    """What waits on the person's desk, and what they follow for their council. One query."""
    liaison = Participation.objects.filter(
        concern=OuterRef("concern_id"), person=person, capacity=Capacity.LIAISON, until__isnull=True, concern__state=ConcernState.CODE_REFERRAL
    )
    desk = policy.on_desk(person, on=today).values("pk")
    found = Referral.objects.annotate(follows=Exists(liaison), desk=Case(When(pk__in=desk, then=True), default=False))
    rows = list(found.filter(Q(desk=True) | Q(follows=True)).select_related("council"))
    return [line for row in rows for line in (_desk(row, today) if row.desk else _followed(row, today))]


def doors(person: Person) -> list[rooms.Waiting]:
    """The way to the desk, for whoever ever had something on it."""
    return [rooms.Waiting(_("Referrals on your desk"), reverse("referrals:inbox"))]


def _desk(referral: Referral, today: date) -> list[rooms.Waiting]:
    if referral.state in ENDED or referral.state == State.OUTCOME_RECEIVED:
        return []
    chase = _shown.chase(referral, today)
    words = _("A Code of Conduct referral to acknowledge") if referral.state == State.SENT else _("A Code of Conduct referral on your desk")
    url = reverse("referrals:desk", kwargs={"referral": referral.pk})
    return [rooms.Waiting(words, url, referral.council.name, chase.on if chase else None)]


def _followed(referral: Referral, today: date) -> list[rooms.Waiting]:
    chase = _shown.chase(referral, today)
    words = ""
    if referral.state == State.PREPARED:
        words = _("A Code of Conduct referral to seal and send")
    elif referral.state in (State.SENT_BACK, State.OUTCOME_RECEIVED):
        words = _("A Code of Conduct referral was answered")
    elif chase is not None and chase.on <= today:
        words = _("Ask how a Code of Conduct referral stands")
    if not words:
        return []
    url = reverse("referrals:referral", kwargs={"concern": referral.concern_id, "referral": referral.pk})
    return [rooms.Waiting(words, url, referral.council.name, chase.on if chase else None)]
