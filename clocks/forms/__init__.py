"""Forms parse and say what is missing; the actions decide."""
