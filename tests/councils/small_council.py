"""A council small enough to read at a glance, written the way a council's file is."""

import functools
from pathlib import Path
from typing import Any

from councils import law as law_layer
from councils.protocol import Protocol, parse, read_yaml
from councils.protocol.parsing import build

ROOT = Path(__file__).resolve().parents[2]
KEYS = ("weston", "auth5c", "yateley", "alsager", "ilminster")


def rule(
    id: str, raiser: str, subject: str, to: list[Any], *, stage: str = "informal", mode: str = "any_of", **more: Any
) -> dict[str, Any]:
    steps = [step if isinstance(step, dict) else {"to": step} for step in to]
    return {
        "id": id,
        "raiser": raiser,
        "subject": subject,
        "stage": stage,
        "mode": mode,
        "basis": "stated",
        "steps": steps,
        "cites": ["1"],
        **more,
    }


def council(*rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "key": "smallton",
        "name": "Smallton Town Council",
        "kind": "town_council",
        "jurisdiction": "England",
        "principal_authority": {"name": "Largeshire"},
        "vocabulary": {"hr_panel": {"label": "Staffing Committee"}, "proper_officer": {"label": "Clerk"}},
        "protocol": {"title": "Protocol", "status": "draft"},
        "topics": {"conduct": ["1"], "bullying": ["1"]},
        "stages_enabled": {stage: {"enabled": True} for stage in ("informal", "grievance", "disciplinary", "code_of_conduct")},
        "routes": list(rules),
        "clauses": [{"number": "1", "heading": "Concerns"}],
        **more,
    }


def protocol(*rules: dict[str, Any], **more: Any) -> Protocol:
    return build(council(*rules, **more))


@functools.cache
def shipped(key: str) -> Protocol:
    path = ROOT / "fixtures" / "protocols" / f"{key}.yaml"
    return parse(read_yaml(path.read_bytes(), name=path.name))


@functools.cache
def law() -> law_layer.Law:
    return law_layer.load((ROOT / "fixtures" / "law.yaml").read_bytes())
