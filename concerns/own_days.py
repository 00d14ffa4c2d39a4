"""A council's own numbers of days and closures, as they count for one concern.

Whoever is kept out of a concern may be the one who keeps the council's settings. What they change after it was sent moves
nothing of it: the numbers stay as they were, which its people see in the calculation and its trail.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from concerns.domain import targets
from concerns.models import Concern, Exclusion


@dataclass(frozen=True, slots=True)
class OwnDays:
    """The council's own targets for one concern, and the days of closure that don't count for it."""

    targets: Any
    open_all_the_same: frozenset[date] = field(default_factory=frozenset)


def own_days(concern: Concern) -> OwnDays:
    """What counts for ``concern``. No query unless somebody changed something after it was sent."""
    council, since = concern.council, concern.lodged_at
    changes = council.day_changes
    late = {row["by"] for row in changes if row["by"] and since and datetime.fromisoformat(row["at"]) > since}
    if not late:
        return OwnDays(council.targets)
    out = {str(pk) for pk in Exclusion.objects.filter(concern=concern, person_id__in=late).values_list("person_id", flat=True)}
    return OwnDays(
        targets.without(council.targets, changes, people=out, since=since), targets.closed_by(changes, people=out, since=since)
    )
