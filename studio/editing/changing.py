"""Putting one item of a section in its place, taking it out, moving it. What comes out is another configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from councils.errors import Refusal
from studio.domain.parts import items_of, moved, rows_of, with_items
from studio.editing.fields import LIST, MAP, SINGLE, Section
from studio.editing.sections import BY_CODE

STEP, RULES = "step", "rules"


def section(code: str) -> Section:
    """The section of that code. Raises Refusal for one nobody knows."""
    if code not in BY_CODE:
        raise Refusal(_("There is no such part of a protocol."))
    return BY_CODE[code]


def raw_item(config: Mapping[str, Any], code: str, key: str) -> Any:
    """What stands at an address as it is written. Raises LookupError for nothing."""
    if code == STEP:
        rule, _dash, number = key.partition("-")
        entry = raw_item(config, RULES, rule)["steps"][_number(number)]
        return entry if isinstance(entry, Mapping) else {"to": entry}
    found = section(code)
    if found.kind == SINGLE:
        return items_of(config, found.path) or {} if found.path else config
    if found.kind == MAP:
        items = items_of(config, found.path)
        return (items if isinstance(items, Mapping) else {})[key]
    return rows_of(config, found.path)[_number(key)]


def _number(key: str) -> int:
    if not (key.isascii() and key.isdigit() and len(key) < 6):
        raise LookupError(key)
    return int(key)


def with_item(config: Mapping[str, Any], code: str, key: str, item: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration with the item at `key`; "new" adds it at the end. Raises Refusal for an address nothing stands at."""
    try:
        return _with_item(config, code, key, item)
    except (LookupError, TypeError):
        raise Refusal(_("It isn't there any more. Somebody took it out in the meantime.")) from None


def _with_item(config: Mapping[str, Any], code: str, key: str, item: Mapping[str, Any]) -> dict[str, Any]:
    if code == STEP:
        rule, _dash, number = key.partition("-")
        route = dict(raw_item(config, RULES, rule))
        steps = list(route["steps"])
        steps[_number(number)] = dict(item)
        return _with_item(config, RULES, rule, {**route, "steps": steps})
    found = section(code)
    if found.kind == SINGLE:
        return with_items(config, found.path, dict(item)) if found.path else dict(item)
    if found.kind == MAP:
        items = items_of(config, found.path)
        table = dict(items) if isinstance(items, Mapping) else {}
        table[key] = found.unwrap(item, table.get(key))
        return with_items(config, found.path, table)
    rows = rows_of(config, found.path)
    if key == "new":
        rows.append(dict(item))
    else:
        rows[_number(key)] = found.unwrap(item, rows[_number(key)])
    return with_items(config, found.path, rows)


def without_item(config: Mapping[str, Any], code: str, key: str) -> dict[str, Any]:
    """The configuration without that item. Raises Refusal for an address nothing stands at."""
    found = section(code)
    try:
        raw_item(config, code, key)
        if found.kind == SINGLE:
            raise LookupError(key)
    except (LookupError, TypeError):
        raise Refusal(_("It isn't there any more. Somebody took it out in the meantime.")) from None
    if found.kind == MAP:
        return with_items(config, found.path, {name: raw for name, raw in items_of(config, found.path).items() if name != key})
    return with_items(config, found.path, [row for index, row in enumerate(rows_of(config, found.path)) if index != _number(key)])


def with_moved(config: Mapping[str, Any], code: str, key: str, by: int) -> dict[str, Any]:
    """The configuration with that item one place up or down. Raises Refusal for an address nothing stands at."""
    found = section(code)
    try:
        raw_item(config, code, key)
        if found.kind != LIST or by not in (-1, 1):
            raise LookupError(key)
    except (LookupError, TypeError):
        raise Refusal(_("It isn't there any more. Somebody took it out in the meantime.")) from None
    return with_items(config, found.path, moved(rows_of(config, found.path), _number(key), by))
