"""Every verb of the subject's side, importable in one go so that all of them are registered."""

from disclosures.actions import discipline, subject, telling

__all__ = ["discipline", "subject", "telling"]
