"""The demonstration councils for this room's tests."""

from tests.concerns.conftest import alsager, auth5c, ilminster, loaded, towns, weston, yateley

__all__ = ["alsager", "auth5c", "ilminster", "loaded", "towns", "weston", "yateley"]
