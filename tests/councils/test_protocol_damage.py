"""Shipped configurations, damaged at random: checking, building and asking never break, whatever the file says."""

import copy
import random
from typing import Any

import pytest
import yaml

from concerns.domain.routing import resolve
from councils.protocol import unwrap, validate
from councils.protocol.parsing import build
from tests import seeds
from tests.councils.small_council import KEYS, ROOT

JUNK: tuple[Any, ...] = (
    None, True, 3, -1.5, "", "x", "role:", ":", "role:proper_officer", [], {}, [None], [[1]], {"a": 1}, {"to": None}, ["role:x"], "any",
    {"value": None}, float("nan"), {1: 2}, "1" * 500, "\u2028",
)  # fmt: skip


def paths(value: Any, path: tuple[Any, ...] = ()):
    if path:
        yield path
    for key, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        if path or key not in ("clauses", "settings"):
            yield from paths(item, (*path, key))


def damaged(data: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    places = list(paths(data))
    for _wound in range(chance.choice((1, 2, 4))):
        *way, last = chance.choice(places)
        spot: Any = data
        try:
            for key in way:
                spot = spot[key]
            if chance.random() < 0.2:
                del spot[last]
            else:
                spot[last] = copy.deepcopy(chance.choice(JUNK))
        except (KeyError, IndexError, TypeError):
            continue
    return data


@pytest.mark.parametrize("key", KEYS)
def test_damaged_configuration_never_breaks_the_engine(key):
    chance = seeds.chance(f"damage {key}")
    sound = yaml.safe_load((ROOT / "fixtures" / "protocols" / f"{key}.yaml").read_text(encoding="utf-8"))
    for _round in range(25):
        data = damaged(copy.deepcopy(sound), chance)
        assert all(problem.level in ("error", "warning") and problem.message for problem in validate(data))
        protocol = build(unwrap(data))
        for stage in ("informal", "complaint", "deciding"):
            for raiser, subject in (("councillor", "officer"), ("officer", "councillor"), ("councillor", "proper_officer")):
                answer = resolve(protocol, raiser=raiser, subject=subject, stage=stage, topic="bullying").as_json()
                assert f"role:{subject}" not in answer["to"]
