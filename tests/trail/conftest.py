"""A demonstration council for the trail's tests."""

from tests.concerns.conftest import loaded, towns, yateley

__all__ = ["loaded", "towns", "yateley"]
