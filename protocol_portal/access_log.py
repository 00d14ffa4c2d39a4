"""The web server's log without keys: an address that opens something by itself is logged without what opens it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from gunicorn.glogging import Logger

# What comes after these is a key: a calendar's, or that of a link for setting a password.
KEYS = ("/calendar/", "/accounts/password/reset/key/")


def without_key(path: str) -> str:
    """Takes an address' path; returns it with a hyphen in place of a key."""
    start = next((start for start in KEYS if path.startswith(start)), None)
    return f"{start}-" if start else path


class KeylessLogger(Logger):
    """gunicorn's logger, for which each request has its path and its first line without keys."""

    def atoms(self, resp: Any, req: Any, environ: dict[str, Any], request_time: timedelta) -> dict[str, Any]:
        """What a log line may be made of."""
        atoms: dict[str, Any] = super().atoms(resp, req, environ, request_time)
        path = str(environ.get("PATH_INFO", ""))
        if without_key(path) != path:
            atoms["U"] = without_key(path)
            atoms["r"] = f"{environ.get('REQUEST_METHOD')} {without_key(path)} {environ.get('SERVER_PROTOCOL')}"
            atoms.update(dict.fromkeys(("{path_info}e", "{raw_uri}e", "{request_uri}e"), "-"))
        return atoms
