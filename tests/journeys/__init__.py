"""Whole journeys in a real browser, every wall up."""

import pytest

pytest.register_assert_rewrite("tests.journeys.course", "tests.journeys.raising", "tests.journeys.visitor")
