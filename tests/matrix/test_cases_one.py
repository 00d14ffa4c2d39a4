"""Every address of the first eight cases × method × person, against the table."""

import pytest

from tests.matrix.cells import fingerprint, screens, steps
from tests.matrix.table import CIRCLES
from tests.matrix.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", list(CIRCLES)[:8])
def test_case_screens_answer_each_person_as_the_table_says(world: World, name: str) -> None:
    case = world.cases[name]
    before = fingerprint(world, case)
    assert screens(world, case) >= 11 * 3 * 14
    assert fingerprint(world, case) == before  # strangers' requests weren't undone: they changed nothing


@pytest.mark.parametrize("name", list(CIRCLES)[:8])
def test_case_steps_answer_each_person_as_the_table_says(world: World, name: str) -> None:
    case = world.cases[name]
    before = fingerprint(world, case)
    assert steps(world, case) >= 26 * 8
    assert fingerprint(world, case) == before
