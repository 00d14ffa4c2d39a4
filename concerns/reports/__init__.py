"""Papers for people to keep: content first, then its shape."""
