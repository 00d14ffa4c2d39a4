"""How often each fault is tried, and what came of it: one line a fault as it ends, a table at the end of the run."""

from __future__ import annotations

import os
from dataclasses import dataclass

LONG = os.environ.get("PORTAL_FAULTS") == "long"


def times(few: int, many: int) -> int:
    """How often a fault is tried: ``few`` times in ``make test``, ``many`` in ``make faults``."""
    return many if LONG else few


@dataclass(frozen=True)
class Result:
    """What came of one fault: ``hit`` runs were struck in the middle, ``repeats`` mails came twice under one Message-ID."""

    name: str
    runs: int
    lost: int
    duplicated: int
    hit: int
    repeats: int

    def line(self) -> str:
        """The line that is printed as the fault ends."""
        return f"fault {self.name} runs {self.runs} lost {self.lost} duplicated {self.duplicated}"


RESULTS: list[Result] = []


def told(name: str, *, runs: int, lost: int, duplicated: int, hit: int | None = None, repeats: int = 0) -> None:
    """Print what came of a fault and keep it for the table; raises AssertionError unless nothing was lost or duplicated."""
    result = Result(name, runs, lost, duplicated, runs if hit is None else hit, repeats)
    RESULTS.append(result)
    print(result.line(), flush=True)
    assert (lost, duplicated) == (0, 0), result.line()


def lines() -> list[str]:
    """The table over all faults of this run; empty when there were none."""
    if not RESULTS:
        return []
    wide = max(len(result.name) for result in RESULTS)
    head = f"{'fault':<{wide}}  {'runs':>6}  {'struck':>6}  {'lost':>6}  {'duplicated':>10}  {'same mail again':>15}"
    rows = [
        f"{r.name:<{wide}}  {r.runs:>6}  {r.hit:>6}  {r.lost:>6}  {r.duplicated:>10}  {r.repeats:>15}" for r in RESULTS
    ]
    return [head, "-" * len(head), *rows]
