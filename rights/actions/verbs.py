"""How every action of the room begins and ends, and the registry of its verbs."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from concerns.actions.verb import Verbs
from concerns.enums import NoticeKind
from concerns.outbox import put
from councils.errors import Refusal
from councils.models import Person
from rights import queries
from rights.actions import standing
from rights.enums import Kind, Step
from rights.models import Seat
from rights.models.matter import Matter

verb = Verbs()
ACTIONS: dict[Any, Any] = verb.actions
LEAVES: dict[Any, StrEnum | None] = verb.leaves
LONGEST = 50_000


def begin(step: Step, row_id: UUID, *, by: Person, now: datetime, revision: int | None = None) -> Any:
    """Find and lock the matter for ``by``, and check that the step is open to them.

    Raises Http404 for strangers and Refusal, with words for the reader, when it isn't open or the page was stale.
    """
    row = queries.lock(standing.KIND_OF[step], row_id, revision=revision)
    why = standing.refusal(step, row, by)
    if why:
        raise Refusal(why)
    return row


def store(row: Matter, *changed: str, now: datetime) -> None:
    """Write what changed and count the change, so that a stale tab is told."""
    row.revision += 1
    row.updated_at = now
    row.save(update_fields=["state", "revision", "updated_at", *changed])


def needed(value: str, field: str, message: object) -> str:
    """The text without outer blanks. Raises Refusal on that field when nothing is left or it is far too long."""
    text = (value or "").replace("\x00", "").strip()
    if not text:
        raise Refusal(str(message), field=field)
    if len(text) > LONGEST:
        raise Refusal(_("That is too long. Keep it under 50,000 characters."), field=field)
    return text


def tell(people: Iterable[Person], *, now: datetime, kind: NoticeKind = NoticeKind.PROGRESS) -> None:
    """Tell people that something is to be looked at; the mail has fixed words."""
    put(None, kind, to=list(people), now=now)


def seated_others(row: Matter, kind: Kind, but: Person) -> list[Person]:
    """The other records keepers with a seat on it."""
    seats = Seat.objects.filter(about_id=row.pk, kind=kind, until__isnull=True).exclude(person=but).select_related("person")
    return [seat.person for seat in seats]
