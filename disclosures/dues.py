"""By when the person a concern is about is asked to answer. Told to the clocks.

What was disclosed is for those who deal with the concern alone; that a reply is due, and when, is known to everybody on it. The
database says so much and no more (migration 0007), so that whoever acts finds the same.
"""

from datetime import date

from django.db import connection

from concerns.enums import Capacity
from concerns.models import Concern
from concerns.rooms import Due

SQL = "SELECT FROM disclosures_due(concerns_concern.id)"
BASES = {"protocol": "clause"}
DEALING = (Capacity.HANDLER, Capacity.DECIDER, Capacity.LIAISON, Capacity.PANEL_MEMBER, Capacity.CONVENER)


def dues(concern: Concern, today: date) -> list[Due]:
    """One for each reply that was asked for by a day."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, answer_by, basis, open FROM disclosures_due(%s)", [concern.pk])
        return [
            Due("subject_reply", "disclosure", source_id=row, due_on=day, basis=BASES.get(basis, "agreed"), met=not is_open,
                capacities=DEALING, stops=False)
            for row, day, basis, is_open in cursor.fetchall()
        ]  # fmt: skip
