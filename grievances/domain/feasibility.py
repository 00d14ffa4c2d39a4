"""PURE: can this panel be formed, and will there be anybody left to hear an appeal?

Whoever sat may not hear the appeal "wherever possible" (Acas Code of Practice 1, paras 27 and 44: code, not law), so
the picture is drawn before the first panel sits. It says who is out, never why (A15).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from grievances.enums import Outside, Panel, SeatStatus

OUT: Final = frozenset({SeatStatus.CONNECTED, SeatStatus.AUTOMATIC, SeatStatus.LEFT, SeatStatus.STOOD_DOWN})
SAT: Final = frozenset({SeatStatus.SEATED, SeatStatus.DONE})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member or substitute of a body, and where they stand with its panel."""

    person: Any
    panel: Panel
    status: SeatStatus | None = None  # None: not asked yet
    substitute: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """Who is left, who is needed now and who has to be kept free."""

    sitting: tuple[Any, ...]
    declared: tuple[Any, ...]  # free, not sitting
    unsure: tuple[Any, ...]  # asked, or not asked yet
    out: tuple[Any, ...]
    quorum: int
    size: int
    for_appeal: tuple[Any, ...]  # could hear an appeal without having sat
    left_for_appeal: int  # once ``size`` of the others sit
    appeal_quorum: int
    appeal_size: int
    warnings: tuple[str, ...]
    routes: tuple[Outside, ...]

    @property
    def possible(self) -> int:
        """How many could still sit on the first panel."""
        return len(self.sitting) + len(self.declared) + len(self.unsure)


def feasibility(
    candidates: Sequence[Candidate],
    conflicted: Collection[Any],
    *,
    quorum: int,
    size: int,
    appeal_quorum: int,
    appeal_size: int,
) -> Picture:
    """Takes everybody of both bodies and those with a connection; returns the picture. Never raises."""
    first = [c for c in candidates if c.panel == Panel.FIRST]
    sitting = tuple(c.person for c in first if c.status in SAT and c.person not in conflicted)
    out = tuple(c.person for c in first if c.person not in sitting and (c.person in conflicted or c.status in OUT))
    declared = tuple(c.person for c in first if c.status == SeatStatus.FREE and c.person not in out)
    unsure = tuple(c.person for c in first if c.status in (None, SeatStatus.ASKED) and c.person not in out)
    may = [*sitting, *declared, *unsure]
    others = [
        c.person
        for c in candidates
        if c.panel == Panel.APPEAL and c.person not in may and c.person not in conflicted and c.status not in OUT
    ]
    others = list(dict.fromkeys(person for person in others if person not in out))
    spare = [*declared, *unsure]
    seats = max(size - len(sitting), 0)
    left = len(others) + max(len(spare) - seats, 0)
    fewest = len(others) + max(len(spare) - max(quorum - len(sitting), 0), 0)
    warnings = []
    if len(may) < quorum:
        warnings.append("too_few_now")
    elif len(may) < size:
        warnings.append("smaller_now")
    if left < appeal_quorum:
        warnings.append("seat_fewer_for_appeal" if fewest >= appeal_quorum and len(sitting) < size else "too_few_for_appeal")
    routes: list[Outside] = []
    if "too_few_now" in warnings or "too_few_for_appeal" in warnings:
        routes = [Outside.SUBSTITUTES, Outside.PRINCIPAL_AUTHORITY, Outside.OTHER_COUNCIL]
    return Picture(
        sitting, declared, unsure, out, quorum, size, (*others, *spare), left, appeal_quorum, appeal_size,
        tuple(warnings), tuple(routes),
    )  # fmt: skip


def choose_convener(orders: Sequence[Sequence[Any]], *, never: Collection[Any], avoid: Collection[Any]) -> Any | None:
    """Who runs the logistics: the first of these, in turn, who is no party and, if anybody else is there, no candidate."""
    free = [person for order in orders for person in order if person is not None and person not in never]
    return next((person for person in free if person not in avoid), next(iter(free), None))
