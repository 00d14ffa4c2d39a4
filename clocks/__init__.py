"""What is due, by when, and why: dated obligations of every concern and request."""
