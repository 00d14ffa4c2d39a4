"""The clock's part: ties disclosed afterwards are set against the cases people had a part in."""

import structlog
from celery import shared_task
from django.db import connection, transaction
from django.utils import timezone

from concerns import outbox, policy
from concerns import plan as concerns_plan
from concerns.enums import CLOSED_STATES, Capacity, NoticeKind, State
from concerns.models import Concern, Exclusion, Participation
from councils.models import DisclosedRelationship, Person
from councils.rls import system_work
from grievances.models import TieFlag

log = structlog.get_logger(__name__)
# Who had a part that counts, while the tie already was, in a closed case of the other one.
TOUCHED = """
SELECT DISTINCT c.id, t.id, p.person_id FROM councils_disclosedrelationship t
JOIN concerns_participation p ON p.person_id IN (t.person_a_id, t.person_b_id)
JOIN concerns_concern c ON c.id = p.concern_id AND c.council_id = t.council_id
WHERE c.state = ANY(%(closed)s) AND p.capacity = ANY(%(parts)s)
  AND p.person_id <> c.raiser_id AND t.starts_on <= coalesce(p.until, now())::date
  AND (t.ends_on IS NULL OR t.ends_on >= p.since::date)
  AND (c.raiser_id IN (t.person_a_id, t.person_b_id) OR EXISTS (
    SELECT 1 FROM concerns_concernsubject s WHERE s.concern_id = c.id AND s.person_id IN (t.person_a_id, t.person_b_id)
      AND s.person_id <> p.person_id))
  AND NOT EXISTS (SELECT 1 FROM grievances_tieflag f WHERE f.concern_id = c.id AND f.relationship_id = t.id AND f.person_id = p.person_id)
"""
KEPT = [s.value for s in CLOSED_STATES - {State.REDIRECTED}]  # of what was redirected nothing is left to look at
PARTS = [Capacity.PANEL_MEMBER, Capacity.HANDLER, Capacity.DECIDER, Capacity.LIAISON]
TOLD = ("proper_officer", "chief_executive", "monitoring_officer", "deputy_monitoring_officer")


@shared_task(ignore_result=True)
def flag_ties() -> None:
    """Flag every closed case that somebody touched while a tie, disclosed since, already was. Again: the same flags."""
    now = timezone.now()
    with system_work():
        with connection.cursor() as cursor:
            cursor.execute(TOUCHED, {"closed": KEPT, "parts": [c.value for c in PARTS]})
            found = cursor.fetchall()
        for concern_id, relationship_id, person_id in found:
            try:
                with transaction.atomic():
                    _flag(concern_id, relationship_id, person_id, now)
            except Exception as error:  # noqa: BLE001 - whatever is wrong with one case, the others are flagged
                log.error("flag_ties_failed", error=type(error).__name__)


def _flag(concern_id, relationship_id, person_id, now) -> None:
    concern = Concern.objects.select_related("council", "protocol_version", "raiser").get(pk=concern_id)
    tie = DisclosedRelationship.objects.get(pk=relationship_id)
    told = _told(concern, {tie.person_a_id, tie.person_b_id, person_id}, now)
    _flag_row, made = TieFlag.objects.get_or_create(
        concern=concern, relationship=tie, person_id=person_id, defaults={"told": told, "raised_at": now}
    )
    if made and told is not None:
        policy.grant(concern, told, Capacity.CONVENER, reason="tie_flagged", by=None, now=now)
        outbox.put(concern, NoticeKind.NEEDS_YOU, to=told, now=now)


def _told(concern: Concern, tied: set, now) -> Person | None:
    """The clerk; the Monitoring Officer when the clerk is tied, a party or was on the panel; else the first free person of the exception route."""
    made = concerns_plan.for_concern(concern, on=timezone.localdate(now))
    out = set(Exclusion.objects.filter(concern=concern).values_list("person_id", flat=True)) | tied
    sat = Participation.objects.filter(concern=concern, capacity=Capacity.PANEL_MEMBER)
    out |= set(sat.values_list("person_id", flat=True))
    for role in TOLD:
        for seat in concerns_plan.seats_behind(made, f"role:{role}"):
            if seat.person.pk not in out:
                return seat.person
    return next((seat.person for seat in made.exception_seats if seat.person.pk not in out), None)
