"""A notice that could not be delivered: sent again, or told in another way."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from concerns import outbox
from concerns.casefile import NotVisible
from councils.models import Person


def settle(*, concern_id: UUID, person_id: UUID, again: bool, by: Person, now: datetime) -> int:
    """Deal with what could not be delivered to ``person_id`` about a concern; returns how many notices that were (0: none left).

    ``again`` sends one anew; otherwise ``by`` says that they told the person themselves. PostgreSQL holds the rule as well
    (``settle_notices``). Raises NotVisible unless ``by`` deals with the concern now, or
    raised it and nobody else was reached.
    """
    with transaction.atomic():
        if not outbox.may_settle(by, concern_id, person_id):
            raise NotVisible
        with connection.cursor() as cursor:
            cursor.execute("SELECT settle_notices(%s, %s, %s, %s)", [concern_id, person_id, again, now])
            (settled,) = cursor.fetchone()
    return int(settled)
