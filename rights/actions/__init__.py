"""One function for each verb; importing this knows them all."""

from rights.actions import access, gathering, keeping, purging, retiring, telling

__all__ = ["access", "gathering", "keeping", "purging", "retiring", "telling"]
