"""Numbers that tell of nobody: small ones aren't shown, the others are rounded, and what could be worked out is withheld too.

A table divides a whole: its rows add up to its total. Three things are done to it, in this order.

1. A number under the limit isn't shown, and zero is such a number: that there was none is a fact about people, too.
2. Every other number, and the total, is rounded to a multiple of the limit, each on its own. The same number is rounded the
   same way wherever it stands, so that comparing two tables, two readers' reports or two years gives a range, not a number.
3. Where the rows shown and the total leave those withheld too little room, further rows are withheld until each small
   one could be anything from nought to just under the limit. Which row goes next depends on the order of the rows alone, never
   on how large they are, and whether another has to go on what is shown alone, so that knowing this text helps hardly:
   of the five values a small row may have, it leaves at least four (tests/reporting/test_suppression.py tries all worlds).

What the public is shown is made from what the council is shown, from nothing else: whoever has both reports knows what the
council's says, no more. Pure; no Django.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LIMIT = 5  # the council's and the Monitoring Officer's; the public's is twice that


@dataclass(frozen=True, slots=True)
class Published:
    """A table as it is shown. None: not shown. A number ``v`` stands for ``v - below`` to ``v + above``, and for no less than ``limit``."""

    limit: int
    below: int
    above: int
    total: int | None
    cells: tuple[int | None, ...]

    @property
    def is_withheld(self) -> bool:
        """Whether no row is shown."""
        return all(cell is None for cell in self.cells)

    @property
    def withheld(self) -> int:
        """How many rows aren't shown."""
        return sum(cell is None for cell in self.cells)

    def low(self, shown: int) -> int:
        """The least that a number shown can stand for."""
        return max(self.limit, shown - self.below)

    def high(self, shown: int) -> int:
        """The most that a number shown can stand for."""
        return shown + self.above


def rounded(number: int, limit: int) -> int | None:
    """The nearest multiple of ``limit``, half-way up; None for a number under it."""
    return None if number < limit else (number + limit // 2) // limit * limit


def protect(counts: Sequence[int], limit: int = LIMIT) -> Published:
    """Takes the rows of a table as counted; returns it as the council and the Monitoring Officer see it."""
    below = limit // 2
    table = Published(limit, below, limit - 1 - below, rounded(sum(counts), limit), tuple(rounded(count, limit) for count in counts))
    return _narrowed(table)


def for_public(table: Published) -> Published:
    """Takes a table as the council sees it; returns it as the public does, with twice the limit, from what is shown alone."""
    limit = 2 * table.limit

    def again(shown: int | None) -> int | None:
        return None if shown is None or table.low(shown) < limit else rounded(shown, limit)

    below = table.limit + table.below
    cells = tuple(again(cell) for cell in table.cells)
    return _narrowed(Published(limit, below, limit - 1 - below, again(table.total), cells))


def nothing(table: Published) -> Published:
    """The table with no row shown, nor its total."""
    return Published(table.limit, table.below, table.above, None, (None,) * len(table.cells))


def _narrowed(table: Published) -> Published:
    """Withhold further rows, the last first, until those withheld have room enough; all of them where nothing else helps."""
    if table.total is None:
        return _without(table, range(len(table.cells)))
    small = {place for place, cell in enumerate(table.cells) if cell is None}
    out = set(small)
    for place in reversed(range(len(table.cells))):
        if _has_room(table, out, len(out) - len(small)):
            break
        out.add(place)
    return _without(table, out)


def _without(table: Published, out: Sequence[int] | set[int] | range) -> Published:
    cells = tuple(None if place in out else cell for place, cell in enumerate(table.cells))
    return Published(table.limit, table.below, table.above, table.total, cells)


def _has_room(table: Published, out: set[int], more: int) -> bool:
    """Whether each small row among those withheld, of which ``more`` aren't small, could be 0 and could be just under the limit."""
    if not out:
        return True
    shown = [cell for place, cell in enumerate(table.cells) if place not in out and cell is not None]
    least = max(0, table.low(table.total) - sum(table.high(cell) for cell in shown))  # type: ignore[arg-type]
    most = table.high(table.total) - sum(table.low(cell) for cell in shown)  # type: ignore[arg-type]
    largest = table.limit - 1
    if len(out) == 1 or most < more * table.limit + largest:
        return False
    return bool(more) or least <= (len(out) - 1) * largest
