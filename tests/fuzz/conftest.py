"""The matrix's world, to send bad input at."""

from tests.matrix.conftest import world

__all__ = ["world"]
