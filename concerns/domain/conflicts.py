"""Who may not have a part in a concern, and why.

A conflict belongs to a person, not to an account or a role: whoever deputises for the subject inherits it, to any
depth. The kinds are for the record; what other people are told is that someone is not available, never why.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from councils.cast import Cast, PersonId

SUBJECT: Final = "subject"
RAISER: Final = "raiser"
DELEGATE_OF_SUBJECT: Final = "delegate_of_subject"
LINE_MANAGED_BY_SUBJECT: Final = "line_managed_by_subject"
RELATIONSHIP: Final = "relationship"
WITNESS: Final = "witness"
CONNECTED: Final = "connected"
INVOLVED_BEFORE: Final = "involved_before"
KINDS: Final = (
    SUBJECT,
    RAISER,
    DELEGATE_OF_SUBJECT,
    LINE_MANAGED_BY_SUBJECT,
    RELATIONSHIP,
    WITNESS,
    CONNECTED,
    INVOLVED_BEFORE,
)


@dataclass(frozen=True, slots=True)
class Conflict:
    """The gravest reason one person may not take part, and the person it runs through."""

    person_id: PersonId
    kind: str
    through: PersonId | None = None


def delegates_of(cast: Cast, person_ids: Collection[PersonId]) -> dict[PersonId, PersonId]:
    """Everyone who deputises for these people, through any number of steps → whose deputy they are. Cycles end."""
    found: dict[PersonId, PersonId] = {}
    queue = list(person_ids)
    while queue:
        principal = queue.pop(0)
        for delegate in sorted(cast.delegates.get(principal, ()), key=str):
            if delegate not in found and delegate not in person_ids:
                found[delegate] = principal
                queue.append(delegate)
    return found


def manager_above(cast: Cast, person_id: PersonId, managers: Collection[PersonId]) -> PersonId | None:
    """The first of these managers above a person in the reporting line, at any height. Cycles end."""
    seen = {person_id}
    current = cast.line_managers.get(person_id)
    while current is not None and current not in seen:
        if current in managers:
            return current
        seen.add(current)
        current = cast.line_managers.get(current)
    return None


def find(
    cast: Cast,
    person_id: PersonId,
    *,
    raiser_id: PersonId | None,
    subject_ids: Collection[PersonId],
    witnesses: Collection[PersonId] = (),
    connected: Collection[PersonId] = (),
    involved: Collection[PersonId] = (),
) -> Conflict | None:
    """Why this person may not take part in a concern between these people, or None. The gravest reason comes first."""
    subjects = frozenset(subject_ids)
    if person_id in subjects:
        return Conflict(person_id, SUBJECT, person_id)
    if raiser_id is not None and person_id == raiser_id:
        return Conflict(person_id, RAISER, person_id)
    delegates = delegates_of(cast, tuple(subject_ids))
    if person_id in delegates:
        return Conflict(person_id, DELEGATE_OF_SUBJECT, delegates[person_id])
    above = manager_above(cast, person_id, subjects)
    if above is not None:
        return Conflict(person_id, LINE_MANAGED_BY_SUBJECT, above)
    for other in (*subject_ids, raiser_id):
        if other is not None and frozenset((person_id, other)) in cast.relationships:
            return Conflict(person_id, RELATIONSHIP, other)
    if person_id in witnesses:
        return Conflict(person_id, WITNESS)
    if person_id in connected:
        return Conflict(person_id, CONNECTED)
    if person_id in involved:
        return Conflict(person_id, INVOLVED_BEFORE)
    return None


def everyone(cast: Cast) -> frozenset[PersonId]:
    """Every person the cast knows of."""
    people: set[PersonId] = set(cast.sides) | set(cast.line_managers) | set(cast.line_managers.values())
    people |= set(cast.directors) | set(cast.directors.values()) | set(cast.delegates)
    for holders in cast.roles.values():
        people |= {holder.person_id for holder in holders}
    for body in cast.bodies.values():
        people |= set(body.members) | set(body.chairs)
    for delegates in cast.delegates.values():
        people |= delegates
    for pair in cast.relationships:
        people |= pair
    return frozenset(people)


def excluded_people(
    cast: Cast,
    *,
    raiser_id: PersonId | None,
    subject_ids: Collection[PersonId],
    witnesses: Collection[PersonId] = (),
    connected: Collection[PersonId] = (),
    involved: Collection[PersonId] = (),
) -> Mapping[PersonId, Conflict]:
    """Everyone but the raiser who may not handle, decide or read the concern, each with the reason for the record."""
    found: dict[PersonId, Conflict] = {}
    candidates = everyone(cast) | set(subject_ids) | set(witnesses) | set(connected) | set(involved)
    for person_id in candidates:
        conflict = find(
            cast,
            person_id,
            raiser_id=raiser_id,
            subject_ids=subject_ids,
            witnesses=witnesses,
            connected=connected,
            involved=involved,
        )
        if conflict is not None and conflict.kind != RAISER:
            found[person_id] = conflict
    return found
