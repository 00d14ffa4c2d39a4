"""Listens while pages are made: which English words were asked for in Welsh and weren't there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils.translation import trans_real

#: What libraries and settings say with no words in them.
WORDLESS = {""}


@contextmanager
def untranslated(monkeypatch: Any) -> Iterator[set[str]]:
    """What was looked for in Welsh meanwhile and has no translation."""
    missing: set[str] = set()
    welsh = trans_real.translation("cy")
    real, real_plural, real_context = welsh.gettext, welsh.ngettext, welsh.pgettext

    def known(key: Any) -> bool:
        return key in welsh._catalog

    def one(message: str) -> str:
        if not known(message) and message not in WORDLESS:
            missing.add(message)
        return real(message)

    def several(single: str, plural: str, number: int) -> str:
        if not known((single, welsh.plural(number))) and not any(key[0] == single for key in list(welsh._catalog.keys()) if isinstance(key, tuple)):
            missing.add(f"{single} / {plural}")
        return real_plural(single, plural, number)

    with monkeypatch.context() as patch:
        patch.setattr(welsh, "gettext", one)
        patch.setattr(welsh, "ngettext", several)
        yield missing
    del real_context
