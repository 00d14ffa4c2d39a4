"""A passkey in software: answers the portal's questions as a browser with a security key would."""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64encode
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256

PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


def text(data: bytes) -> str:
    """Bytes as WebAuthn writes them in JSON."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


class Key:
    """One passkey of one person; ``origin`` is the page that it believes it is on."""

    def __init__(self, origin: str = "http://testserver") -> None:
        self.private, self.id, self.origin, self.owner, self.count = ec.generate_private_key(ec.SECP256R1()), b"passkey-of-a-test", origin, "", 0

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _authenticator_data(self, host: str, flags: int) -> bytes:
        self.count += 1
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def register(self, options: dict[str, Any], *, alone: bool) -> str:
        """The answer to the question for a new passkey; ``alone``: one that signs in by itself."""
        asked = options["publicKey"]
        self.owner = asked["user"]["id"]
        public = cbor.encode(dict(ES256.from_cryptography_key(self.private.public_key())))
        data = self._authenticator_data(asked["rp"]["id"], PRESENT | VERIFIED | WITH_KEY)
        data += bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
        response = {
            "clientDataJSON": text(self._client_data("webauthn.create", asked["challenge"])),
            "attestationObject": text(cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})),
        }
        return self._credential(response, {"credProps": {"rk": alone}})

    def authenticate(self, options: dict[str, Any], *, verified: bool = True) -> str:
        """The answer to the question who it is; ``verified``: after a fingerprint or PIN."""
        asked = options["publicKey"]
        client = self._client_data("webauthn.get", asked["challenge"])
        data = self._authenticator_data(asked["rpId"], PRESENT | (VERIFIED if verified else 0))
        signature = self.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": text(client), "authenticatorData": text(data), "signature": text(signature), "userHandle": self.owner,
        }  # fmt: skip
        return self._credential(response, {})

    def _credential(self, response: dict[str, str], extensions: dict[str, Any]) -> str:
        named = {"id": text(self.id), "rawId": text(self.id), "type": "public-key"}
        return json.dumps({**named, "response": response, "clientExtensionResults": extensions})
