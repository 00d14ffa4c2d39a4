"""How many questions the engine answers in a second."""

import time
from datetime import date

from concerns.domain.routing import resolve
from tests.councils.small_council import KEYS, law, shipped

GOAL = 10_000
ROUNDS = 2_000
QUESTIONS = (
    {"raiser": "councillor", "subject": "officer", "stage": "informal", "topic": "conduct"},
    {"raiser": "councillor", "subject": "proper_officer", "stage": "informal", "conflicted": frozenset({"role:chair_of_council"})},
    {"raiser": "officer", "subject": "councillor", "stage": "informal", "vacant": frozenset({"role:proper_officer"})},
    {"raiser": "officer", "subject": "councillor", "stage": "deciding"},
)


def run() -> list[tuple[str, float, float, bool]]:
    """Resolutions per second of processor over the shipped protocols, with the law in force: it waits for nothing."""
    items = law().in_force("England", date(2026, 11, 22))
    protocols = [shipped(key) for key in KEYS]
    started = time.process_time()
    for _round in range(ROUNDS):
        for protocol in protocols:
            for question in QUESTIONS:
                resolve(protocol, law=items, **question)
    rate = ROUNDS * len(protocols) * len(QUESTIONS) / (time.process_time() - started)
    return [("routing_resolutions_per_second", round(rate), GOAL, rate >= GOAL)]
