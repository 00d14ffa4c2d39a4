"""Setting a council up: reading a list of people, and a first draft of a protocol. Plain values in and out, no database."""
