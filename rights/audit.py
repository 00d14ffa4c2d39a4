"""The trail of a matter: one appended line per action, never read to decide (house rule 6). The database opens it."""

from collections.abc import Mapping
from datetime import datetime

from concerns import rooms
from councils.models import Person
from rights.enums import LineType
from rights.models import Line
from rights.models.matter import Matter

ROOM = "rights"


def record(
    about: Matter, type: LineType, *, by: Person | None, now: datetime, from_state: str = "", reason: str = "", facts: Mapping[str, object] | None = None
) -> Line:
    """Append ``type`` to the trail as done by ``by``, or by the clock; the clocks are told that something changed."""
    rooms.mark(ROOM, about.pk, now=now)
    return Line.objects.create(
        about_id=about.pk,
        type=type,
        at=now,
        by_id=by.pk if by else None,
        by_name=by.full_name if by else "",
        from_state=from_state,
        to_state=getattr(about, "state", "") if from_state else "",
        facts=dict(facts or {}),
        reason=reason or None,
    )
