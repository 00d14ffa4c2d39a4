"""A council's directory: a small OpenID Connect provider on the loopback address, spoken to over real HTTP."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

CLIENT, SECRET = "portal-client", "portal-client-secret"


class Directory:
    """``says`` is what it tells of whoever signs in next; ``refuses`` makes it send them back with an error."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.says: dict[str, Any] = {}
        self.refuses = ""
        self.broken = False
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[dict[str, str]] = []
        directory = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args: Any) -> None:
                """Say nothing."""

            def do_GET(self) -> None:  # noqa: N802 (the library's name)
                directory.get(self)

            def do_POST(self) -> None:  # noqa: N802
                directory.token(self)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}/tenant"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self) -> None:
        """Stop answering."""
        self.server.shutdown()
        self.server.server_close()

    @staticmethod
    def send(handler: Any, status: int, body: dict[str, Any], **headers: str) -> None:
        """Answer in JSON."""
        handler.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(json.dumps(body).encode())

    def get(self, handler: Any) -> None:
        """What it is, and its sign-in page (which asks nothing)."""
        where = urlsplit(handler.path)
        if where.path == "/tenant/.well-known/openid-configuration":
            return self.send(handler, 500 if self.broken else 200, {
                "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize", "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys", "token_endpoint_auth_methods_supported": ["client_secret_post"],
            })  # fmt: skip
        asked = {name: values[0] for name, values in parse_qs(where.query).items()}
        self.asked.append(asked)
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        answer = {"error": self.refuses} if self.refuses else {"code": code}
        return self.send(handler, 302, {}, Location=f"{asked['redirect_uri']}?{urlencode({**answer, 'state': asked['state']})}")

    def token(self, handler: Any) -> None:
        """Give who it was for the code, once, to the client that began it."""
        sent = {name: values[0] for name, values in parse_qs(handler.rfile.read(int(handler.headers["Content-Length"])).decode()).items()}
        asked = self.codes.pop(sent.get("code", ""), None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(sent.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        if asked is None or asked["code_challenge"] != proof or (sent["client_id"], sent["client_secret"]) != (CLIENT, SECRET):
            return self.send(handler, 400, {"error": "invalid_grant"})
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, **self.says}
        return self.send(handler, 200, {
            "access_token": "none", "token_type": "Bearer", "id_token": jwt.encode(claims, self.key, "ES256", headers={"kid": "one"}),
        })  # fmt: skip
