"""Tests of how the portal is put together."""
