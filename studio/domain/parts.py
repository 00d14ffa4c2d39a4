"""PURE: reading and writing one part of a configuration. What nobody changed stays exactly as it was written."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from councils.protocol.shaping import listed, text, tokens, words

TRUTH = {"true": True, "false": False}


def at(data: Any, name: str) -> Any:
    """What stands at `protocol.review.body`; None where nothing does. A `{value: …}` counts as its value."""
    for part in filter(None, name.split(".")):
        data = data.get(part) if isinstance(data, Mapping) else None
    return data


def shown(kind: str, raw: Any) -> Any:
    """Takes what a configuration holds and the kind of field; returns what a form shows for it."""
    if isinstance(raw, Mapping) and kind not in ("steps",):
        raw = raw.get("value")
    if kind == "steps":
        return [token for entry in listed(raw) for token in tokens(entry if not isinstance(entry, Mapping) else entry.get("to", entry.get("who")))]
    if kind in ("tokens", "token"):
        found = list(tokens(raw))
        return found if kind == "tokens" else next(iter(found), "")
    if kind in ("many", "cites"):
        return list(words(raw))
    if kind == "role":
        return next(iter(words(raw)), "")
    if kind == "yes":
        return raw is True
    if kind == "number":
        return raw if isinstance(raw, int) and not isinstance(raw, bool) else None
    if isinstance(raw, bool):
        return str(raw).lower()
    return text(raw)


def _stored(kind: str, value: Any, raw: Any) -> Any:
    if kind == "steps":
        known = {token: entry for entry in listed(raw) for token in tokens(entry) if isinstance(entry, Mapping)}
        return [copy.deepcopy(known.get(token, {"to": token})) for token in value]
    if kind == "many":
        return value[0] if len(value) == 1 and isinstance(raw, str) else list(value)
    if kind == "truth":
        return TRUTH.get(value, value)
    return value


def put(data: Any, name: str, kind: str, value: Any) -> Any:
    """Takes a mapping, a dotted name and what a form said; returns a copy with it.

    An empty answer takes the key out; an answer equal to what was shown leaves the data exactly as it is.
    """
    raw = at(data, name)
    before = shown(kind, raw)
    if value == before or (not value and not before and kind != "yes"):
        return data
    found = copy.deepcopy(dict(data)) if isinstance(data, Mapping) else {}
    place: dict[str, Any] = found
    *above, last = name.split(".")
    for part in above:
        inner = place.get(part)
        place[part] = dict(inner) if isinstance(inner, Mapping) else {} if inner in (None, "", True) else {"value": inner}
        place = place[part]
    stored = _stored(kind, value, raw)
    if isinstance(raw, Mapping) and kind not in ("steps",):
        place[last] = {**raw, "value": stored}
    elif stored in ("", None, [], False) and raw not in (False, True):
        place.pop(last, None)
    else:
        place[last] = stored
    return found


def items_of(config: Mapping[str, Any], path: str) -> Any:
    """The list or mapping a section holds; an empty list where there is none."""
    found = at(config, path)
    return found if isinstance(found, Mapping | list) else []


def rows_of(config: Mapping[str, Any], path: str) -> list[Any]:
    """The items of a list, also where a file has them by code: `hr_panel: {…}` is `{code: hr_panel, …}`."""
    found = at(config, path)
    if isinstance(found, Mapping):
        return [{"code": str(code), **(item if isinstance(item, Mapping) else {"label": item})} for code, item in found.items()]
    return list(found) if isinstance(found, list) else []


def with_items(config: Mapping[str, Any], path: str, items: Any) -> dict[str, Any]:
    """A copy of the configuration with that list or mapping in its place."""
    found = copy.deepcopy(dict(config))
    place = found
    *above, last = path.split(".")
    for part in above:
        inner = place.get(part)
        place[part] = dict(inner) if isinstance(inner, Mapping) else {}
        place = place[part]
    place[last] = items
    return found


def moved(items: list[Any], index: int, by: int) -> list[Any]:
    """The list with one item moved up (-1) or down (1); unchanged at the ends."""
    found, to = list(items), index + by
    if 0 <= index < len(found) and 0 <= to < len(found):
        found.insert(to, found.pop(index))
    return found
