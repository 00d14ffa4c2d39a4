"""Answers to any form, most of them wrong: seeded, so that a failure can be had again."""

from __future__ import annotations

import random
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict

from concerns.forms.fields import Files, OnePerson, PeopleField
from protocol_portal.widgets import PARTS as DATE_PARTS
from protocol_portal.widgets import DatePartsField

MEGABYTE = "Long words. " * 87_500  # a little over a million characters
TEXTS = (
    "", " ", "\t\n", "\x00", "a\x00b", "\u202eevil\u202c", "\u2066x\u2069", "\ufeff", "\u200f\u200e", "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>', "{{ 7*7 }}{% load x %}", "%s%n%(x)s", "'; DROP TABLE concerns_concern; --", "😀" * 50,
    "e\u0301" * 100, "\r\n.\r\nRCPT TO:<x@y>", "\u2028\u2029", "\x1b[31m\x07\x7f", "null", "None", "-1", "1e999", "9" * 400, "NaN",
    "inf", "٣", "²", "½", "../../etc/passwd", "=cmd|' /C calc'!A0", "a" * 5_000, "x" * 50_001, "\U0010ffff", "on", "yes", "no",
    "true", "0", "[]", "{}", "&amp;", "%00", "%ED%A0%80", "\ud800", "ß" * 255, "İ", "ﷺ" * 40,
)  # fmt: skip
DAYS = ("", "0", "1", "01", "29", "30", "31", "32", "-1", "1.5", "٣", "²", "x", "9" * 30, "\x00", " 7 ", "1e1")
MONTHS = ("", "0", "1", "2", "12", "13", "feb", "February", "Octember", "-2", "²", "\x00")
YEARS = ("", "0", "0000", "0001", "1", "26", "1583", "1900", "2024", "2025", "2026", "9999", "10000", "-2026", "２０２６", "x", "9" * 40)


def words(chance: random.Random) -> str:
    """A nasty text, an ordinary one, or characters from anywhere."""
    kind = chance.random()
    if kind < 0.5:
        return chance.choice(TEXTS)
    if kind < 0.75:
        return f"Words {chance.randrange(10**6)}"
    return "".join(chr(chance.choice((chance.randrange(32, 127), chance.randrange(0x110000)))) for _ in range(chance.randrange(1, 30)))


def anybody(chance: random.Random, strangers: list[str]) -> str:
    """An id: somebody's who may not be named here, nobody's, or none at all."""
    kind = chance.random()
    if kind < 0.4 and strangers:
        return chance.choice(strangers)
    return str(UUID(int=chance.getrandbits(128))) if kind < 0.7 else words(chance)


def choices_of(field: Any) -> list[str]:
    """The values that a field offers."""
    found: list[str] = []
    for value, label in getattr(field, "choices", None) or ():
        if isinstance(label, list | tuple):
            found += [str(inner) for inner, _words in label]
        else:
            found.append(str(value))
    return found


def answer(chance: random.Random, field: forms.Field, name: str, strangers: list[str]) -> list[tuple[str, str]]:
    """What a browser, or somebody who isn't one, sends for one field: none, one or several values."""
    if chance.random() < 0.1:
        return []
    if isinstance(field, DatePartsField):
        if chance.random() < 0.3:
            day = (str(chance.randrange(1, 29)), str(chance.randrange(1, 13)), str(chance.randrange(2000, 2030)))
        else:
            day = (chance.choice(DAYS), chance.choice(MONTHS), chance.choice(YEARS))
        return [(f"{name}_{part}", value) for part, value in zip(DATE_PARTS, day, strict=True) if chance.random() < 0.95]
    if isinstance(field, PeopleField):
        offered = list(field.people)
        count = chance.choice((0, 1, 1, 2, 8))
        return [(name, chance.choice(offered) if offered and chance.random() < 0.7 else anybody(chance, strangers)) for _ in range(count)]
    if isinstance(field, Files | forms.FileField):
        return []
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        offered = [str(key) for key in field.people] if isinstance(field, OnePerson) else choices_of(field)
        value = chance.choice(offered) if offered and chance.random() < 0.7 else anybody(chance, strangers)
        return [(name, value)] * chance.choice((1, 1, 1, 2))
    if isinstance(field, forms.BooleanField):
        return [(name, chance.choice(("on", "on", "", "false", words(chance))))]
    if name == "revision":
        return [(name, chance.choice(("", "0", "1", "99", "-1", "x", "9" * 30, "9" * 5000, "\x00")))]
    return [(name, words(chance)) for _ in range(chance.choice((1, 1, 1, 3)))]


def answers(chance: random.Random, form: Any, strangers: list[str]) -> list[tuple[str, str]]:
    """Answers to a whole form, in any order, with a field nobody asked for now and then."""
    pairs = [pair for name, field in form.fields.items() for pair in answer(chance, field, name, strangers)]
    if chance.random() < 0.2:
        pairs.append((chance.choice(("by", "now", "concern_id", "state", "__class__", "\x00", "way")), words(chance)))
    chance.shuffle(pairs)
    return pairs


def as_post(pairs: list[tuple[str, str]]) -> QueryDict:
    """The pairs as a view gets them."""
    data = QueryDict(mutable=True)
    for name, value in pairs:
        data.appendlist(name, value)
    return data
