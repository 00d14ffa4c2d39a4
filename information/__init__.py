"""Requests to see the council's papers, and questions about what the protocol means."""
