"""The trail of a request or a question: one appended line per action, never read to decide (house rule 6)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from concerns import rooms
from councils.models import Person
from information.models import AccessRequest, Arrangement, GuidanceQuestion, Line, QuestionSeat, RequestSeat


def record(
    about: AccessRequest | GuidanceQuestion | Arrangement,
    type: StrEnum,
    *,
    by: Person | None,
    now: datetime,
    part: str = "",
    from_state: str = "",
    reason: str = "",
    cites: Iterable[str] = (),
    facts: Mapping[str, object] | None = None,
) -> Line:
    """Append ``type`` to the trail as done by ``by``, or by the clock. ``reason`` is what they wrote; ``facts`` holds codes and dates only."""
    seat: RequestSeat | QuestionSeat | None = None
    if isinstance(about, AccessRequest) and part:
        seat = RequestSeat.objects.filter(request=about, person=by, part=part, until__isnull=True).first()
    elif isinstance(about, GuidanceQuestion):
        seat = about.seats.filter(person=by, until__isnull=True).first()
    if isinstance(about, AccessRequest):
        rooms.mark("information", about.pk, now=now)
    elif isinstance(about, GuidanceQuestion):
        rooms.mark("interpretation", about.pk, now=now)
    return Line.objects.create(
        about_id=about.pk,
        type=type,
        at=now,
        by_id=by.pk if by else None,
        by_name=by.full_name if by else "",
        part=part,
        hat=seat.hat if seat else "",
        acting_for=seat.acting_for if seat else "",
        from_state=from_state,
        to_state=about.state if from_state else "",
        protocol_label=about.protocol_version.label if about.protocol_version_id else "",
        cites=list(cites),
        facts=dict(facts or {}),
        reason=reason or None,
    )
