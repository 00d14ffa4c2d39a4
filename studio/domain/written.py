"""PURE: a configuration as YAML and back. What was written here and read again is the same, to the byte.

The order of keys says nothing, so there is one order: the one people read a protocol in, then the alphabet.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import yaml

from councils.protocol.checking import SCHEMA_FILE
from councils.protocol.words import _

ORDER = (
    "schema_version key id code number ref name title kind jurisdiction principal_authority clause_numbering tracked_changes vocabulary protocol"
    " topics stages_enabled first_stage raiser subject stage strength basis mode to act who label plural steps if_unavailable if_conflicted"
    " never never_why then_if_unresolved then routes exception_route proceedings interpretation mediators formal_outcomes deputies principal"
    " deputy confidentiality visibility conflict_rules communications access_requests party_groups out_of_hours timeliness"
    " code_of_conduct_name bodies external_bodies targets reopen_window_days question default choices decided settings status version"
    " adopted_on adopted_by adoption in_force_from amendment_record review body rules type every date event heading display gist text rule"
    " value enabled quorum minimum_members parts cites note clauses"
).split()
RANK = {key: index for index, key in enumerate(ORDER)}
TAKES = {  # where the schema names the keys there may be
    "": "",
    "routes": "route",
    "steps": "step",
    "clauses": "clause",
    "parts": "part",
    "bodies": "body",
    "external_bodies": "external_body",
    "settings": "setting",
    "confidentiality": "confidentiality_rule",
}
EXTRA = {  # read beside the schema, and documented
    "": {"stages", "status"},
    "routes": {"alternative_under_32"},
    "steps": {"why_preferred"},
    "clauses": {"parts", "ref"},
    "settings": {"decided", "labels"},
}
PREFIXES = ("when_subject_is_",)


class _Dumper(yaml.SafeDumper):
    """Plain block style, nothing by reference."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def in_order(value: Any) -> Any:
    """The same data with its keys in the one order."""
    if isinstance(value, Mapping):
        return {key: in_order(value[key]) for key in sorted(value, key=lambda key: (RANK.get(key, len(RANK)), str(key)))}
    if isinstance(value, list | tuple):
        return [in_order(item) for item in value]
    return value


def as_yaml(config: Mapping[str, Any]) -> str:
    """Takes a configuration as JSON holds it; returns its file. Reading that gives the same configuration again."""
    return yaml.dump(in_order(config), Dumper=_Dumper, allow_unicode=True, sort_keys=False, default_flow_style=False, width=120)


@cache
def _schema() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return found


@cache
def known_keys(place: str) -> frozenset[str]:
    """Takes `routes`, `steps` … or "" for the top; returns the keys a file may have there."""
    name = TAKES[place]
    definition = _schema()["$defs"].get(name, {}) if name else _schema()
    return frozenset(definition.get("properties", {})) | EXTRA.get(place, set())


def unknown_keys(config: Mapping[str, Any]) -> list[str]:
    """Takes a configuration; returns each key nobody reads in words, with what was probably meant."""
    return [
        (
            _("{where}: there is no key “{key}”. Did you mean “{meant}”?") if meant else _("{where}: there is no key “{key}”. Take it out.")
        ).format(where=where or _("At the top"), key=key, meant=meant)
        for where, key, meant in _unknown(config, "", "")
    ]


def _unknown(value: Any, place: str, where: str) -> Iterator[tuple[str, str, str]]:
    if not isinstance(value, Mapping):
        return
    known = known_keys(place)
    for key, item in value.items():
        if key not in known and not str(key).startswith(PREFIXES):
            yield where, str(key), next(iter(difflib.get_close_matches(str(key), known, n=1, cutoff=0.7)), "")
        elif key in TAKES and isinstance(item, list):
            for index, entry in enumerate(item):
                yield from _unknown(entry, key, f"{where}.{key}[{index}]".removeprefix("."))
