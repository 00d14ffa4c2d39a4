"""Protocol files of anything: read or refused in words, checked without an accident, never parsed while wrong."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest
import yaml

from councils.protocol import ProtocolError, ProtocolFileError, parse, read_yaml, validate
from tests import seeds
from tests.councils.small_council import council, rule
from tests.fuzz import PARTS
from tests.fuzz.generate import TEXTS

SOUND = council(
    rule("R01", "councillor", "officer", ["role:proper_officer", "role:chair_of_council"]),
    rule("R02", "officer", "councillor", ["rel:line_manager_of_raiser", "role:proper_officer"], mode="all_of"),
    rule("R03", "councillor", "proper_officer", ["role:chair_of_council"], topic="bullying"),
)
TEXT = yaml.safe_dump(SOUND, allow_unicode=True, sort_keys=False)
SNIPPETS = (
    "&a [*a]", "*nothing", "!!python/object/apply:os.system ['id']", "!!binary x", "!!timestamp 9999-99-99", "? [a, b] : c", "<<: *x",
    "- - - - -", "{" * 60, "[" * 60, "\t", "%YAML 9.9", "---", "...", "'", '"', ": :", "key: [", "0o9", ".nan", ".inf", "1_000", "0x",
    "12:30:45", "2024-02-30", "yes", "~", "!!int x", "!!float x", "!!set {a}", "!!omap [a: 1]", "|+9", ">-", "@", "`", "\x85", "\u2028",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 10**30, 1.5, float("inf"), "", "x", [], {}, [[]], [None], {"a": {"b": [1]}}, {None: 1}, {1: 1}, "role:",
    "role:mayor", "body:nothing", "ext:", ":", "rel:line_manager_of_", ["role:chair_of_council"] * 50, "any_of", "informal", "1" * 2_000,
)  # fmt: skip


def bytes_at_random(chance: random.Random) -> bytes:
    """A sound file, hurt as text: cut, doubled, mixed with what YAML does strange things with."""
    text = TEXT
    for _wound in range(chance.choice((1, 1, 2, 5))):
        at = chance.randrange(len(text) + 1)
        kind = chance.randrange(6)
        if kind == 0:
            text = text[:at]
        elif kind == 1:
            text = text[:at] + chance.choice(SNIPPETS) + text[at:]
        elif kind == 2:
            text = text[:at] + chance.choice([item for item in TEXTS if len(item) < 500]) + text[at:]
        elif kind == 3:
            text = text[:at] + text[at + chance.randrange(1, 60) :]
        elif kind == 4:
            text = text[:at] + text[at // 2 : at] + text[at:]
        else:
            text = text[:at] + f"\n{chance.choice(SNIPPETS)}\n" + text[at:]
    raw = text.encode("utf-8", "surrogatepass")
    if chance.random() < 0.15:
        hurt = bytearray(raw)
        for _byte in range(3):
            if hurt:
                hurt[chance.randrange(len(hurt))] = chance.randrange(256)
        raw = bytes(hurt)
    return raw if chance.random() < 0.95 else raw.decode("utf-8", "replace").encode(chance.choice(("utf-16", "utf-32", "utf-8-sig")))


def changed(chance: random.Random) -> dict[Any, Any]:
    """A sound configuration with something else in one to four places."""
    data: dict[Any, Any] = copy.deepcopy(SOUND)
    for _change in range(chance.choice((1, 1, 2, 4))):
        here: Any = data
        while True:
            keys = list(here) if isinstance(here, dict) else list(range(len(here)))
            if not keys:
                break
            key = chance.choice(keys)
            if isinstance(here[key], dict | list) and chance.random() < 0.8:
                here = here[key]
                continue
            if chance.random() < 0.15:
                del here[key]
            else:
                here[key] = copy.deepcopy(chance.choice((*VALUES, *TEXTS[:40])))
            break
    return data


def test_sound_file_is_read_and_parsed() -> None:
    assert [problem for problem in validate(read_yaml(TEXT.encode(), name="small.yaml")) if problem.level == "error"] == []
    assert len(parse(SOUND).routes) == 3


def test_protocol_files_of_anything_are_refused_in_words_or_checked() -> None:
    chance = seeds.chance("files")
    tried = faulty = sound = 0
    said: list[str] = []
    for number in range(PARTS["files"]):
        tried += 1
        data: Any
        if number % 2:
            data = changed(chance)
        else:
            try:
                data = read_yaml(bytes_at_random(chance), name="small.yaml")
            except ProtocolFileError as error:
                said.append(str(error))
                continue
        problems = validate(data)
        assert all(problem.message and problem.level in ("error", "warning") for problem in problems)
        if any(problem.level == "error" for problem in problems):
            faulty += 1
            with pytest.raises(ProtocolError):
                parse(data)
        else:
            sound += 1
            assert parse(data).routes is not None
    assert all("small.yaml" in words and "\n" not in words and "Traceback" not in words for words in said)
    refused = len(said)
    assert (tried, refused + faulty + sound) == (PARTS["files"], PARTS["files"])
    assert min(refused, faulty, sound) > 50  # every way is walked
