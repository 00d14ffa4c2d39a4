"""Narrative fields, encrypted before they reach PostgreSQL (trust.md 27).

Keys come from ``PORTAL_FIELD_KEYS``, apart from ``SECRET_KEY``; the first encrypts, all of them decrypt, so a
key is rotated by putting a new one in front and running ``manage.py rotate_field_keys``.
"""

from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key.encode()) for key in keys])


def cipher() -> MultiFernet:
    """The cipher for the keys in force now."""
    return _fernet(tuple(settings.PORTAL_FIELD_KEYS))


class UnreadableField(Exception):
    """The stored value was encrypted with a key this installation doesn't have."""


def decrypt(token: bytes) -> bytes:
    """Bytes as they were before ``encrypt``; raises UnreadableField when no key fits."""
    try:
        return cipher().decrypt(bytes(token))
    except InvalidToken as error:
        raise UnreadableField("A stored field can't be read with the keys in PORTAL_FIELD_KEYS.") from error


def renew(token: bytes) -> bytes:
    """The same content, encrypted with the first key; raises UnreadableField when no key fits."""
    try:
        return cipher().rotate(bytes(token))
    except InvalidToken as error:
        raise UnreadableField("A stored field can't be read with the keys in PORTAL_FIELD_KEYS.") from error


class EncryptedBinaryField(models.BinaryField):
    """Bytes in Python, a Fernet token in the database. It can't be searched or sorted by, on purpose."""

    def get_db_prep_value(self, value, connection, prepared=False):
        if value is not None:
            value = cipher().encrypt(bytes(value))
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value, expression, connection):
        return None if value is None else decrypt(value)

    def get_lookup(self, lookup_name):
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None


class EncryptedTextField(EncryptedBinaryField):
    """Text in Python, a Fernet token in the database."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.editable = True

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        return name, path, args, kwargs

    def get_db_prep_value(self, value, connection, prepared=False):
        if isinstance(value, str):
            value = value.encode()
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value, expression, connection):
        return "" if value is None else decrypt(value).decode()

    def get_default(self):
        return ""

    def value_to_string(self, obj):
        return str(self.value_from_object(obj))
