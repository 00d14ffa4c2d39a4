"""Interleaved repetitions: what is compared is run turn by turn, so that a busy machine slows all of it alike."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable

WARM_UP = 8


def medians(*, rounds: int, **runs: Callable[[], object]) -> dict[str, float]:
    """Takes named things to run; returns the median seconds of each over ``rounds`` turns, after a warm-up."""
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for turn in range(WARM_UP + rounds):
        for name, run in runs.items():
            gc.collect(0)
            started = time.perf_counter()
            run()
            if turn >= WARM_UP:
                taken[name].append(time.perf_counter() - started)
    return {name: statistics.median(each) for name, each in taken.items()}


def ratio(name: str, value: float, goal: float) -> tuple[str, float, float, bool]:
    """One figure that should not be above its goal."""
    return (name, round(value, 2), goal, value <= goal)
