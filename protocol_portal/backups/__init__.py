"""Backups: taken whole, encrypted, restored with what happened since, and proved by restoring them."""


class BackupError(Exception):
    """A backup can't be taken, read or restored; says what to do."""
