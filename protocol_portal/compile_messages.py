"""Make the catalogue that runs (``.mo``) from each one that people write (``.po``). Standard library only: gettext's programs may be absent.

``python -m protocol_portal.compile_messages [LOCALE_DIR]``. What has no translation, and what is marked fuzzy, is left out.
"""

from __future__ import annotations

import ast
import os
import struct
import sys
from dataclasses import dataclass, field
from pathlib import Path

LOCALE = Path(__file__).resolve().parent.parent / "locale"
MAGIC = 0x950412DE
FIELDS = ("msgctxt", "msgid_plural", "msgid", "msgstr")


class BadCatalogue(ValueError):
    """A line of a ``.po`` file that can't be understood; says which."""


@dataclass
class Entry:
    """One message: its English (and English plural), its context, its translations by plural form."""

    msgctxt: str | None = None
    msgid: str | None = None
    msgid_plural: str | None = None
    msgstr: dict[int, str] = field(default_factory=dict)
    fuzzy: bool = False

    @property
    def key(self) -> str:
        """What the catalogue finds it by."""
        english = self.msgid or ""
        if self.msgid_plural is not None:
            english += "\x00" + self.msgid_plural
        return english if self.msgctxt is None else f"{self.msgctxt}\x04{english}"

    @property
    def value(self) -> str:
        """Its translations."""
        return "\x00".join(self.msgstr[form] for form in sorted(self.msgstr))


def read(text: str) -> list[Entry]:
    """Takes a ``.po`` file's text; returns its entries, the header first. Raises BadCatalogue."""
    entries: list[Entry] = []
    current, last, fuzzy = Entry(), ("", 0), False
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            fuzzy = fuzzy or (line.startswith("#,") and "fuzzy" in line)
            continue
        name = next((name for name in FIELDS if line.startswith(name)), "")
        begins = name == "msgctxt" or (name == "msgid" and last[0] not in ("msgctxt", ""))
        if begins and current.msgid is not None:
            entries.append(current)
            current = Entry()
        if begins or current.msgid is None:
            current.fuzzy, fuzzy = current.fuzzy or fuzzy, False
        try:
            said = ast.literal_eval(line[line.index('"') :])
            form = int(line[len("msgstr[") : line.index("]")]) if line.startswith("msgstr[") else 0
        except (ValueError, SyntaxError):
            raise BadCatalogue(f"line {number}: {line}") from None
        if name:
            last = (name, form)
        _add(current, last, said)
    return [*entries, current] if current.msgid is not None else entries


def _add(entry: Entry, where: tuple[str, int], said: str) -> None:
    name, form = where
    if name == "msgstr":
        entry.msgstr[form] = entry.msgstr.get(form, "") + said
    elif name:
        setattr(entry, name, (getattr(entry, name) or "") + said)


def compiled(entries: list[Entry]) -> bytes:
    """Takes entries; returns the bytes of a ``.mo`` file, sorted as gettext's readers expect."""
    kept = {e.key.encode(): e.value.encode() for e in entries if e.msgstr and all(e.msgstr.values()) and (not e.fuzzy or not e.msgid)}
    keys = sorted(kept)
    at = 28 + 16 * len(keys)
    ids, texts = b"", b""
    places: list[tuple[int, int]] = []
    for key in keys:
        places.append((len(key), at + len(ids)))
        ids += key + b"\0"
    for key in keys:
        places.append((len(kept[key]), at + len(ids) + len(texts)))
        texts += kept[key] + b"\0"
    head = struct.pack("<7I", MAGIC, 0, len(keys), 28, 28 + 8 * len(keys), 0, at)
    return head + b"".join(struct.pack("<2I", *place) for place in places) + ids + texts


def compile_all(folder: Path = LOCALE) -> int:
    """Takes the folder of languages; writes each catalogue that is older than its text; returns how many. Raises BadCatalogue."""
    made = 0
    for source in folder.glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        fresh = target.with_suffix(f".{os.getpid()}")
        fresh.write_bytes(compiled(read(source.read_text(encoding="utf-8"))))
        fresh.replace(target)
        made += 1
    return made


if __name__ == "__main__":
    print(f"compiled {compile_all(*map(Path, sys.argv[1:]))} catalogues")
