"""The councils of the casework's tests, and the world of the matrix."""

from tests.concerns.conftest import alsager, auth5c, ilminster, loaded, towns, weston, yateley

__all__ = ["alsager", "auth5c", "ilminster", "loaded", "towns", "weston", "yateley"]
