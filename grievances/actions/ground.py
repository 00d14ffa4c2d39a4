"""What every step of a grievance shares: find and lock it, ask the machine, write it, let people in and out."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from concerns import policy
from concerns.actions.verb import Verbs
from concerns.enums import Capacity, ExclusionKind
from concerns.models import Concern
from councils.errors import Refusal
from councils.models import Person
from grievances import queries, wording
from grievances.domain import machine
from grievances.enums import SeatStatus, Step
from grievances.models import Grievance, PanelSeat
from grievances.queries import Held

verb = Verbs()


def begin(
    step: Step, grievance_id: UUID, *, by: Person, now: datetime, revision: int | None = None, answer: machine.Answer | None = None
) -> Held:
    """Find and lock it for ``by`` and check that the step is open to them.

    Raises Http404 for strangers and Refusal, with words for the reader, when it isn't open or the page was stale.
    """
    held = queries.load(grievance_id, person=by, today=timezone.localdate(now), lock=True, revision=revision)
    if code := machine.closed(step, held.standing, by.pk, held.today):
        raise Refusal(wording.refused(code))
    if answer is not None:
        check(step, held, answer)
    return held


def check(step: Step, held: Held, answer: machine.Answer) -> None:
    """Raises Refusal, beside its field, when the machine doesn't take the answer."""
    if code := machine.refusal(step, held.standing, held.person.pk, held.today, answer):
        refuse(code)


def refuse(code: str) -> None:
    """Raises Refusal with the words of ``code``."""
    raise Refusal(wording.refused(code), field=wording.FIELDS.get(code))


def store(grievance: Grievance) -> None:
    """Write its row and count the change, so that a stale tab is told."""
    grievance.revision += 1
    grievance.save()


def seat(row: PanelSeat, status: SeatStatus, *, now: datetime) -> None:
    """Write where somebody stands with a panel."""
    row.status = status
    if status == SeatStatus.SEATED:
        row.since = row.since or now
    else:
        row.is_chair = False
    if status not in (SeatStatus.ASKED, SeatStatus.FREE, SeatStatus.SEATED):
        row.until = now
    row.save()


def let_go(held: Held, people: Iterable[UUID], status: SeatStatus, *, by: Person | None, now: datetime, reason: str) -> None:
    """These people's rows of any panel that are still current end at ``status``, and with them their part in the concern.

    Not the actor's own part: do that last, with ``leave``.
    """
    wanted = set(people)
    for row in held.seats:
        if row.person_id in wanted and row.status in (SeatStatus.ASKED, SeatStatus.FREE, SeatStatus.SEATED):
            seat(row, status, now=now)
            if by is None or row.person_id != by.pk:
                leave(held.concern, row.person, by=by, now=now, reason=reason)


def leave(concern: Concern, person: Person, *, by: Person | None, now: datetime, reason: str) -> None:
    """End ``person``'s part on the panel, asked or sitting."""
    for capacity in (Capacity.PANEL_MEMBER, Capacity.CANDIDATE):
        policy.end(concern, person, by=by, now=now, reason=reason, only=capacity)


def shut_out(concern: Concern, person: Person, *, by: Person, now: datetime) -> None:
    """Exclude somebody who has a connection. Last: when it is the actor, they see nothing from here."""
    policy.exclude(concern, [person], ExclusionKind.DECLARED, by=by, now=now)


def settle_panel(held: Held) -> None:
    """Back to forming the panel when too few sit: nothing is lost, others are found."""
    seated = [row for row in held.seats if row.panel == held.panel and row.status == SeatStatus.SEATED]
    may = [row for row in seated if row.person_id not in held.standing.out]
    if held.grievance.state in ("INVESTIGATING", "HEARING_SET") and len(may) < held.standing.needed:
        held.grievance.lose_quorum()
