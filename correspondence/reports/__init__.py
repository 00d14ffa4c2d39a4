"""Papers for people to keep."""
