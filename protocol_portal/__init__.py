"""The project: settings, addresses and the private servers of demo and tests."""
