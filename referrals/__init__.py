"""A Code of Conduct complaint with the body that decides on it, and its desk in the portal."""
