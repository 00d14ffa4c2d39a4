"""A council's own words put into a draft that began with somebody else's: its roles, its bodies, its principal authority."""

from __future__ import annotations

import copy
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

CODE_NAME = "code_of_conduct_name"
#: What the set-up asks for, in order: a role or body of the vocabulary, or the name of the members' code.
ASKED = (
    "proper_officer", "deputy_proper_officer", "chair_of_council", "vice_chair_of_council", "hr_panel", "appeal_panel", "full_council", CODE_NAME,
)  # fmt: skip
SMALL_WORDS = frozenset("council town parish community city of the and village borough district cyngor tref cymuned".split())


def named(config: Mapping[str, Any], *, words: Mapping[str, str], principal: str = "", kind: str = "") -> dict[str, Any]:
    """Takes a configuration, words by code, the principal authority's name and the kind of council; returns a copy that uses them."""
    found = copy.deepcopy(dict(config))
    if kind:
        found["kind"] = kind
    vocabulary = dict(found.get("vocabulary") or {})
    for code, word in words.items():
        if code == CODE_NAME:
            found[CODE_NAME] = word
            continue
        entry = dict(vocabulary.get(code) or {"basis": "default"})
        if entry.get("label") != word:
            entry.pop("also", None)
            entry.pop("plural", None)
        vocabulary[code] = entry | {"label": word}
    found["vocabulary"] = vocabulary
    for body in found.get("bodies") or []:
        if body.get("code") in words:
            body["label"] = words[body["code"]]
    if principal:
        authority = found.get("principal_authority")
        found["principal_authority"] = {**(authority if isinstance(authority, dict) else {}), "name_in_document": principal}
        for body in found.get("external_bodies") or []:
            if body.get("code") == "principal_mo":
                body["of"] = principal
    return found


def reworded(config: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Takes a configuration and the model it came from, whose clauses it has; returns a copy whose clauses use the council's words too."""
    found = copy.deepcopy(dict(config))
    new = {str(old["label"]): str(found["vocabulary"][code]["label"]) for code, old in (before.get("vocabulary") or {}).items() if code in ASKED}
    if not new:
        return found
    old = re.compile(r"\b(" + "|".join(re.escape(word) for word in sorted(new, key=len, reverse=True)) + r")\b")
    for clause in found.get("clauses") or []:
        for name in ("heading", "gist"):
            if isinstance(clause.get(name), str):
                clause[name] = old.sub(lambda match: new[match[1]], clause[name])
    return found


def key_from(name: str) -> str:
    """Takes a council's name; returns a short name for its addresses: "Little Example Town Council" becomes "little-example"."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain)
    telling = [word for word in words if word not in SMALL_WORDS] or words
    return "-".join(telling)[:40].strip("-")
