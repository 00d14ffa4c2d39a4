"""Files that nobody reads or changes without the backup's key: compressed, then AES-256-GCM in pieces.

Each file has a key of its own, derived from the backup's key, a random salt and the file's name; each piece has its number and
whether it is the last. So no piece can be left out, moved, repeated or cut off, and no file put in another's place.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.utils.translation import gettext as _

from protocol_portal.backups import BackupError

MAGIC = b"PPBACK01"
PIECE = 1 << 20
TAG = 16
HEAD = len(MAGIC) + 8 + 32


def keys_from(listed: Sequence[str]) -> list[bytes]:
    """The keys in ``listed`` (base64, newest first). Raises BackupError when there is none, or one isn't a key."""
    keys = []
    for text in listed:
        try:
            key = base64.urlsafe_b64decode(text)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) != 32 or len(set(key)) < 8:
            raise BackupError(_("A key in PORTAL_BACKUP_KEYS isn't one. Make one with: manage.py backup --new-key"))
        keys.append(key)
    if not keys:
        raise BackupError(_("PORTAL_BACKUP_KEYS is missing. Make a key with: manage.py backup --new-key, and keep it apart from the backups."))
    return keys


def new_key() -> str:
    """A new key for PORTAL_BACKUP_KEYS."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


def key_id(key: bytes) -> bytes:
    """What tells a key from another without telling anything of it."""
    return hashlib.sha256(b"protocol portal backup key " + key).digest()[:8]


def _derived(key: bytes, salt: bytes, name: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt, b"protocol portal backup file " + name.encode()).derive(key))


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


class Sealed:
    """A file being written: ``write`` plain bytes; closing it makes it whole and durable."""

    def __init__(self, path: Path, name: str, key: bytes) -> None:
        salt = os.urandom(32)
        self._cipher, self._number, self._waiting = _derived(key, salt, name), 0, bytearray()
        self._squeeze = zlib.compressobj(1)
        self._file: IO[bytes] = open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")  # noqa: SIM115
        self._file.write(MAGIC + key_id(key) + salt)

    def write(self, data: bytes) -> None:
        """Take some more."""
        self._waiting += self._squeeze.compress(data)
        while len(self._waiting) > PIECE:
            self._piece(bytes(self._waiting[:PIECE]), False)
            del self._waiting[:PIECE]

    def _piece(self, data: bytes, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last), data, None))
        self._number += 1

    def __enter__(self) -> Sealed:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            self._waiting += self._squeeze.flush()
            while len(self._waiting) > PIECE:
                self._piece(bytes(self._waiting[:PIECE]), False)
                del self._waiting[:PIECE]
            self._piece(bytes(self._waiting), True)
            self._file.flush()
            os.fsync(self._file.fileno())
        self._file.close()


def unsealed(path: Path, name: str, keys: Sequence[bytes]) -> Iterator[bytes]:
    """The plain bytes of a file, in parts. Raises BackupError when it is another file, changed, cut, or no key fits."""
    damaged = BackupError(_("%(file)s is damaged, was changed, or isn't part of this backup. Use another backup.") % {"file": path.name})
    try:
        file = path.open("rb")
    except OSError as error:
        raise BackupError(_("%(file)s can't be opened: %(why)s.") % {"file": path.name, "why": error.strerror}) from None
    with file:
        head = file.read(HEAD)
        if len(head) < HEAD or not head.startswith(MAGIC):
            raise damaged
        wanted, salt = head[len(MAGIC) : len(MAGIC) + 8], head[len(MAGIC) + 8 :]
        key = next((key for key in keys if key_id(key) == wanted), None)
        if key is None:
            raise BackupError(_("This backup was made with a key that isn't in PORTAL_BACKUP_KEYS. Add it to the list."))
        cipher, number, swell = _derived(key, salt, name), 0, zlib.decompressobj()
        piece = file.read(PIECE + TAG)
        while True:
            after = file.read(PIECE + TAG)
            try:
                yield swell.decompress(cipher.decrypt(_nonce(number, not after), piece, None))
            except (InvalidTag, zlib.error, ValueError):
                raise damaged from None
            if not after:
                break
            piece, number = after, number + 1
        if rest := swell.flush():
            yield rest
