"""PURE: to whom of an office a referral may be addressed.

Whoever is a party, a witness or close to one isn't let in. Whoever helped as a mediator is flagged, and a deputy comes
first; where nobody is free, the office is written to by letter or another authority's officer is asked (Y-18).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

HEAD: Final = "monitoring_officer"
DEPUTY: Final = "deputy_monitoring_officer"
ADDRESSED: Final = (HEAD, DEPUTY)  # the Independent Person is consulted, never addressed
MEDIATING_TOKENS: Final = frozenset({"ext:principal_mo", "role:monitoring_officer"})


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody of the office: who, by which name, in which part."""

    person_id: UUID
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Addressee:
    """An officer with what speaks against them: "party", "tie", or "" and whether they mediated."""

    officer: Officer
    bar: str = ""
    mediated: bool = False


def mediators(officers: Iterable[Officer], conciliations: Iterable[tuple[str, str]]) -> frozenset[UUID]:
    """Who of the office helped as a mediator. Takes (token of the mediator, name recorded) of each conciliation.

    A name that fits an officer means that officer; otherwise it was the Monitoring Officer.
    """
    everyone = [officer for officer in officers if officer.role in ADDRESSED]
    found: set[UUID] = set()
    for token, name in conciliations:
        named = {officer.person_id for officer in everyone if name.strip() and officer.name.casefold() == name.strip().casefold()}
        if named:
            found |= named
        elif token in MEDIATING_TOKENS:
            found |= {officer.person_id for officer in everyone if officer.role == HEAD}
    return frozenset(found)


def office_mediated(conciliations: Iterable[tuple[str, str]], officers: Iterable[Officer]) -> bool:
    """Whether the office helped as a mediator, whether or not the person is listed."""
    found = list(conciliations)
    return any(token in MEDIATING_TOKENS for token, _name in found) or bool(mediators(officers, found))


def addressees(
    officers: Iterable[Officer], *, parties: Collection[UUID], tied: Collection[UUID], mediated: Collection[UUID]
) -> list[Addressee]:
    """Everyone who might be addressed, whom to prefer first: free, not a mediator, the head before the deputy."""
    found = [
        Addressee(
            officer,
            "party" if officer.person_id in parties else "tie" if officer.person_id in tied else "",
            officer.person_id in mediated,
        )
        for officer in officers
        if officer.role in ADDRESSED
    ]
    return sorted(found, key=lambda item: (item.bar != "", item.mediated, item.officer.role != HEAD, item.officer.name))


def preferred(found: Iterable[Addressee]) -> Addressee | None:
    """Whom the portal proposes: the first who is free and didn't mediate, or nobody."""
    return next((item for item in found if not item.bar and not item.mediated), None)
