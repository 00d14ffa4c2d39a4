"""Random walks of all machines together: a concern, its grievance, its referral, discipline and report, in any order."""

from __future__ import annotations

import os

from concerns.enums import State
from tests import seeds
from tests.walks.whole import Whole

STEPS = int(os.environ.get("PORTAL_WALK_STEPS", "100000"))  # make faults: a million


def test_all_machines_together_keep_what_must_hold() -> None:
    chance = seeds.chance("whole")
    done, reached, twice, found = 0, set(), 0, 0
    while done < STEPS:
        whole = Whole(chance)
        for _turn in range(120):
            whole.step()
            whole.check()
            done += 1
            reached.add(State(whole.concern.state))
        twice += whole.referred > 1
        found += any(where == "office" for _code, where in whole.said)
    assert reached == set(State) - {State.REDIRECTED}
    assert twice and found
