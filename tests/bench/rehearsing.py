"""How long a whole rehearsal takes with a demonstration council's people."""

import time
from datetime import date

from concerns.domain.rehearsing import rehearse_people
from tests.councils.small_council import KEYS, law, shipped
from tests.factories.casts import people_cast

GOAL = 2.0  # seconds a protocol


def run() -> list[tuple[str, float, float, bool]]:
    """Seconds of processor for each protocol: every case, single and paired troubles, with everybody who is there."""
    figures = []
    for key in KEYS:
        protocol = shipped(key)
        cast, roles = people_cast(key, protocol)
        items = law().in_force(protocol.jurisdiction, date(2026, 11, 22))
        started = time.process_time()
        rehearse_people(protocol, cast, roles=roles, law=items)
        took = time.process_time() - started
        figures.append((f"rehearsal_{key}", round(took, 2), GOAL, took <= GOAL))
    return figures
