"""No address without a row in the matrix, and no row without an address; every other method is refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from concerns.actions.verb import ACTIONS
from concerns.enums import Action
from concerns.forms.steps import FORMS
from tests.matrix.cells import NO_STEPS, STEPS, address, ask
from tests.matrix.table import CASE_ROUTES, CIRCLES, KINDS, OPEN, SUBJECTS, all_routes
from tests.matrix.world import World

# Not the portal's: what the library that serves static files may add in development. Nothing today.
UNNAMED: set[str] = set()


def names(patterns: list[Any], space: str = "") -> set[str]:
    """Every name of the URLconf, with its namespace; an address without a name counts as its pattern."""
    found: set[str] = set()
    for item in patterns:
        if isinstance(item, URLResolver):
            found |= names(item.url_patterns, f"{space}{item.namespace}:" if item.namespace else space)
        elif isinstance(item, URLPattern):
            found.add(f"{space}{item.name}" if item.name else str(item.pattern))
    return found


def test_matrix_has_a_row_for_every_address_and_an_address_for_every_row() -> None:
    assert names(get_resolver().url_patterns) - UNNAMED == all_routes()


def test_matrix_has_at_least_twelve_kinds_of_people_and_eight_of_cases() -> None:
    assert len(KINDS) >= 12
    assert len(CIRCLES) >= 8
    assert set(SUBJECTS) == set(CIRCLES) == set(OPEN)
    for case, subjects in SUBJECTS.items():
        raiser, readers, status = CIRCLES[case]
        assert not {raiser, *readers, *status} & set(subjects), case


def test_every_action_has_a_step_in_the_matrix() -> None:
    assert {action.value for action in Action} == set(ACTIONS) == {*STEPS, *(set(NO_STEPS) - {"no-such-step"})}
    assert {action.value for action in FORMS} == set(STEPS)
    assert set(NO_STEPS) & set(STEPS) == set()
    for open_to in OPEN.values():
        assert all(set(steps.split()) <= set(STEPS) for steps in open_to.values())


def test_no_database_screen_shows_a_case() -> None:
    assert not apps.is_installed("django.contrib.admin")  # whoever adds it registers no model of ``concerns`` with content
    assert not any("admin" in name.split(":")[0] for name in names(get_resolver().url_patterns))


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_every_other_method_is_refused_on_the_screens_of_a_case(world: World, method: str) -> None:
    case = world.cases["grievance"]
    urls = [address(route, case) for route in CASE_ROUTES] + [address("concerns:do", case, action="add_note")]
    for url in urls:
        for who in ("visitor", "councillor1", "officer2", "manager"):
            answer = ask(world, who, method, url)
            assert answer.status_code == 405, (who, method, url)
            assert answer.content == b""
