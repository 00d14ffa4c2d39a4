"""Shared by the tests of the clocks: Weston, loaded once a file."""

from tests.concerns.conftest import loaded, towns, weston, yateley

__all__ = ["loaded", "towns", "weston", "yateley"]
