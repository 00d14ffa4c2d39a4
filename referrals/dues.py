"""When to ask the office that decides on a Code of Conduct complaint how it stands. Told to the clocks."""

from collections.abc import Iterable
from datetime import date

from concerns.enums import Capacity
from concerns.models import Concern
from concerns.rooms import Due
from referrals.domain import chasing
from referrals.domain.course import WALES
from referrals.enums import State
from referrals.models import Referral

SQL = "SELECT FROM referrals_referral r WHERE r.concern_id = concerns_concern.id"
FOLLOWING = (Capacity.LIAISON, Capacity.HANDLER)
ANSWERED = frozenset({State.UNDER_INVESTIGATION, State.OUTCOME_RECEIVED, State.SENT_BACK, State.CLOSED})


def dues(concern: Concern, today: date) -> list[Due]:
    """The days to chase, of each referral of ``concern`` that was sent."""
    return [due for row in Referral.objects.filter(concern=concern, sent_on__isnull=False) for due in _of(row)]


def _of(row: Referral) -> Iterable[Due]:
    answered = row.state in ANSWERED
    if row.jurisdiction == WALES:
        yield _chase(row, "ombudsman", chasing.OMBUDSMAN, row.sent_on, met=answered)
        return
    yield _chase(row, "acknowledgement", chasing.ACKNOWLEDGEMENT, row.sent_on, met=answered or row.state != State.SENT)
    if row.state != State.SENT:
        yield _chase(row, "assessment", chasing.ASSESSMENT, row.acknowledged_on or row.sent_on, met=answered)


def _chase(row: Referral, what: str, code: str, since: date | None, *, met: bool) -> Due:
    return Due(
        "chase_monitoring_officer", f"referral:{what}"[:24], source_id=row.pk, from_on=since, code=code, met=met, capacities=FOLLOWING, stops=False
    )
