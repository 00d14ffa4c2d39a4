"""The five councils, as the tests of the casework have them."""

from tests.concerns.conftest import alsager, auth5c, ilminster, loaded, towns, weston, yateley

__all__ = ["alsager", "auth5c", "ilminster", "loaded", "towns", "weston", "yateley"]
