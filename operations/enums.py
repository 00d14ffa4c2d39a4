"""Fixed words of operations."""

TICK = "operations.tasks.tick"
SENT_AT = "portal_sent_at"  # header of a tick: when beat sent it
WORKER, BEAT = "worker", "beat"
