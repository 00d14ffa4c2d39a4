"""Shared by the tests of the clocks: Weston, loaded once a file."""

from tests.concerns.conftest import loaded, towns, weston

__all__ = ["loaded", "towns", "weston"]
