"""How the sign-in library is told of the council's directory."""

from __future__ import annotations

from typing import Any


def providers(key: str, name: str, issuer: str, client: str, secret: str) -> dict[str, Any]:
    """Take what the environment says of it; returns the library's setting, empty of directories where no issuer is given.

    Who somebody is comes in the signed ID token, over TLS and for a proved code (PKCE); nothing else is asked for.
    """
    its = {"server_url": issuer, "fetch_userinfo": False}
    app = {"provider_id": key, "name": name, "client_id": client, "secret": secret, "settings": its}
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app] if issuer else []}}
