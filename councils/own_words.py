"""Which words of a page are the council's own: marked as English on a page in another language (WCAG 3.1.2), untouched on one in English."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from councils import wording
from councils.protocol import Protocol, Route

SHORTEST = 2  # letters of a name that is looked for
WORD = re.compile(r"[^\W\d_]{2}")


def whole(text: Any) -> Any:
    """Takes words that are all the council's own; returns them marked. What has no word in it, such as a clause's number, stays as it is."""
    said = "" if text is None else str(text)
    if _is_theirs() or not WORD.search(said):
        return text
    return format_html('<span lang="{}">{}</span>', settings.LANGUAGE_CODE, text)


def among(text: Any, protocol: Protocol | None) -> Any:
    """Takes words of ours that may hold the protocol's names and phrases; returns them with those marked."""
    if _is_theirs() or protocol is None or not text:
        return text
    found = [re.escape(conditional_escape(phrase)) for phrase in phrases(protocol)]
    if not found:
        return text
    pattern = re.compile(rf"(?<![\w&])(?:{'|'.join(found)})(?!\w)", re.IGNORECASE)
    marked = pattern.sub(lambda match: f'<span lang="{settings.LANGUAGE_CODE}">{match[0]}</span>', conditional_escape(text))
    return _safe(marked)


def phrases(protocol: Protocol) -> tuple[str, ...]:
    """What a protocol calls people, bodies and outside offices, and what its rules say in sentences; the longest first."""
    found = {phrase.strip() for phrase in (*_names(protocol), *(said for route in protocol.routes for said in _said(route, protocol)))}
    return tuple(sorted((phrase for phrase in found if len(phrase) >= SHORTEST), key=lambda phrase: (-len(phrase), phrase)))


def _names(protocol: Protocol) -> Iterator[str]:
    for word in protocol.words.values():
        yield from (word.label, word.plural)
    for entry in (*protocol.bodies.values(), *protocol.external_bodies.values()):
        if isinstance(entry, Mapping):
            yield str(entry.get("label") or "")


def _said(route: Route, protocol: Protocol) -> Iterator[str]:
    for step in route.steps:
        yield from (step.label, step.when, wording.with_clause_labels(step.note, protocol))
    yield from (route.guard, route.never_why, route.joint_duty)
    yield from (wording.with_clause_labels(route.redirect, protocol), wording.with_clause_labels(route.note, protocol))
    for _role, other in route.overrides:
        yield from _said(other, protocol)


def _is_theirs() -> bool:
    """Is the page in the language that the council's words are in?"""
    return (get_language() or settings.LANGUAGE_CODE) == settings.LANGUAGE_CODE


def _safe(marked: str) -> SafeString:
    return mark_safe(marked)  # noqa: S308 - what was given is escaped, and only our own tags are added
