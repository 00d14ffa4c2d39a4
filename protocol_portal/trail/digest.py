"""The signed digest: where every council's chain ends today, for somebody who keeps it elsewhere.

Whoever could rewrite the whole database, chains and anchors too, can't rewrite a digest that has left it. It names
councils, and for each the number and checksum of its last anchor: nothing of any case.
"""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime
from typing import Any

import psycopg
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.utils.translation import gettext as _

FORM = 1
MOST = 5000  # ends in one anchor
LARGEST = 4 * 1024 * 1024


class DigestError(Exception):
    """The digest can't be made or believed; says what to do."""


def anchor(connection: psycopg.Connection[Any], *, now: datetime) -> int:
    """Anchor every chain that has grown. Call as system work; returns how many ends were anchored."""
    done = 0
    for (council,) in connection.execute("SELECT DISTINCT council_id FROM concerns_trailhead WHERE NOT anchored ORDER BY 1").fetchall():
        while found := connection.execute("SELECT anchor_trail(%s, %s, %s)", [council, now, MOST]).fetchone()[0]:
            done += found
    return done


def make(connection: psycopg.Connection[Any], *, now: datetime) -> str:
    """The digest as it is now, signed, as text. Raises DigestError without a sound key."""
    rows = connection.execute(
        "SELECT DISTINCT ON (a.council_id) a.council_id::text, coalesce(c.key, ''), a.seq, a.hash "
        "FROM concerns_trailanchor a LEFT JOIN councils_council c ON c.id = a.council_id ORDER BY a.council_id, a.seq DESC"
    ).fetchall()
    body = {
        "digest": FORM,
        "portal": settings.PORTAL_URL,
        "at": now.isoformat(),
        "councils": [{"id": of, "key": key, "anchors": seq, "head": head} for of, key, seq, head in rows],
    }
    key = _private()
    signed = {**body, "public": _text(key.public_key().public_bytes_raw()), "signature": _text(key.sign(_canonical(body)))}
    return json.dumps(signed, indent=1, sort_keys=True) + "\n"


def read(text: str) -> dict[str, tuple[int, str]]:
    """What a digest says: council → (last anchor, its hash). Raises DigestError unless it is signed with our key."""
    try:
        data = json.loads(text)
        signature = base64.b64decode(data["signature"], validate=True)
        body = {name: data[name] for name in ("digest", "portal", "at", "councils")}
        heads = {str(one["id"]): (int(one["anchors"]), str(one["head"])) for one in body["councils"]}
    except (ValueError, KeyError, TypeError) as error:
        raise DigestError(_("This is not a digest. Give the file, or the text of the mail, as it was sent.")) from error
    try:
        _public().verify(signature, _canonical(body))
    except InvalidSignature as error:
        raise DigestError(_("The digest isn't signed with this portal's key, or was changed. Don't rely on it.")) from error
    return heads


def new_key() -> tuple[str, str]:
    """A new pair: the signing key for PORTAL_DIGEST_KEY, and the public key for PORTAL_DIGEST_PUBLIC."""
    key = Ed25519PrivateKey.generate()
    return _text(key.private_bytes_raw()), _text(key.public_key().public_bytes_raw())


def _canonical(body: dict[str, Any]) -> bytes:
    return json.dumps(body, sort_keys=True, separators=(",", ":")).encode()


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _raw(name: str) -> bytes:
    try:
        raw = base64.b64decode(getattr(settings, name), validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != 32:
        raise DigestError(_("%(name)s is missing or isn't a key. Make a pair with: manage.py trail_digest --new-key") % {"name": name})
    return raw


def _private() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(_raw("PORTAL_DIGEST_KEY"))


def _public() -> Ed25519PublicKey:
    if settings.PORTAL_DIGEST_PUBLIC:
        return Ed25519PublicKey.from_public_bytes(_raw("PORTAL_DIGEST_PUBLIC"))
    return _private().public_key()
