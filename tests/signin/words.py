"""The English that a file says through gettext: what a catalogue may translate."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
ONE = {"_", "_gettext", "gettext", "gettext_lazy", "gettext_noop", "translate"}
SEVERAL = {"ngettext", "ngettext_lazy"}
IN_CONTEXT = {"pgettext", "pgettext_lazy"}
CALL = re.compile(r"\b(gettext|ngettext|pgettext|_)\(\s*u?(?=['\"(])")


@cache
def words_of(path: Path) -> frozenset[str]:
    """Takes a Python file or a template; returns its English messages (a plural one by its singular)."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return frozenset(_in_template(text, str(path)))
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and (name := _name(node.func)) in ONE | SEVERAL | IN_CONTEXT:
            at = 1 if name in IN_CONTEXT else 0
            if len(node.args) > at and isinstance(node.args[at], ast.Constant) and isinstance(node.args[at].value, str):
                found.add(node.args[at].value)
    return frozenset(found)


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _in_template(text: str, path: str) -> set[str]:
    """Django turns a template into something like Python for gettext's programs; its calls are read from that."""
    shown, found = templatize(text, origin=path), set()
    for call in CALL.finditer(shown):
        rest = shown[call.end() :].lstrip("u")
        try:
            found.add(str(ast.literal_eval(_literal(rest))))
        except (ValueError, SyntaxError):
            continue
    return found


def _literal(text: str) -> str:
    quote = text[:3] if text[:3] in ('"""', "'''") else text[:1]
    end, at = len(quote), len(quote)
    while text[at : at + end] != quote:
        at += 2 if text[at] == "\\" else 1
    return text[: at + end]


def every_word() -> set[str]:
    """All the English of the project."""
    found: set[str] = set()
    packages = [made.parent for made in ROOT.glob("*/__init__.py") if made.parent.name != "tests"]
    for path in [*(ROOT / "templates").rglob("*"), *(path for package in packages for path in package.rglob("*.py"))]:
        if path.suffix in (".py", ".html", ".txt") and "migrations" not in path.parts:
            found |= words_of(path)
    return found
