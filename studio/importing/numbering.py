"""The numbers that Word counts by itself: numbering.xml and styles.xml → the label of each paragraph in turn."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
DEEPEST = 9
HIGHEST = 10_000


@dataclass(frozen=True)
class Level:
    """How one level of a list counts."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    is_legal: bool = False
    restarts: bool = True


@dataclass
class Styles:
    """What paragraph styles say: heading level, list, whether it's a line of a table of contents."""

    heading: dict[str, int] = field(default_factory=dict)
    lists: dict[str, tuple[str, int]] = field(default_factory=dict)
    contents: set[str] = field(default_factory=set)
    struck: set[str] = field(default_factory=set)


def value(element: Any, name: str, default: str = "") -> str:
    """The ``w:val`` of a child."""
    child = element.find(f"{W}{name}") if element is not None else None
    return default if child is None else str(child.get(f"{W}val") or default)


def is_on(properties: Any, name: str) -> bool:
    """Whether a property such as ``strike`` is there and isn't switched off."""
    child = properties.find(f"{W}{name}") if properties is not None else None
    return child is not None and child.get(f"{W}val") not in ("0", "false", "none", "off")


def number(text: str, default: int = 0) -> int:
    """A whole number, or the default; nothing absurd."""
    return int(text) if re.fullmatch(r"\d{1,5}", text or "") else default


def styles_of(root: etree._Element | None) -> Styles:
    """What styles.xml says, with what a style inherits."""
    found = Styles()
    if root is None:
        return found
    by_id = {style.get(f"{W}styleId") or "": style for style in root.iter(f"{W}style")}
    for style_id in by_id:
        seen: set[str] = set()
        current = style_id
        while current in by_id and current not in seen:
            seen.add(current)
            style = by_id[current]
            name = value(style, "name").lower()
            properties = style.find(f"{W}pPr")
            if name.startswith("toc ") and name != "toc heading":
                found.contents.add(style_id)
            named = re.fullmatch(r"heading (\d)", name)
            level = value(properties, "outlineLvl")
            if style_id not in found.heading and (named or name in ("title", "subtitle") or level.isdigit()):
                found.heading[style_id] = int(named.group(1)) if named else 0 if name in ("title", "subtitle") else number(level) + 1
            listed = properties.find(f"{W}numPr") if properties is not None else None
            if listed is not None and style_id not in found.lists:
                found.lists[style_id] = (value(listed, "numId"), number(value(listed, "ilvl")))
            if is_on(style.find(f"{W}rPr"), "strike"):
                found.struck.add(style_id)
            current = value(style, "basedOn")
    found.heading = {key: level for key, level in found.heading.items() if level <= DEEPEST}
    return found


class Counter:
    """Counts a document's automatic numbers, paragraph by paragraph."""

    def __init__(self, root: etree._Element | None) -> None:
        self.levels: dict[str, dict[int, Level]] = {}
        self.abstract: dict[str, str] = {}
        self.overrides: dict[tuple[str, int], int] = {}
        self.by_style: dict[str, tuple[str, int]] = {}
        self.counts: dict[str, dict[int, int]] = {}
        self.begun: set[tuple[str, int]] = set()
        if root is not None:
            self._read(root)

    def _read(self, root: etree._Element) -> None:
        styled: dict[str, tuple[str, int]] = {}
        for abstract in root.iter(f"{W}abstractNum"):
            key = abstract.get(f"{W}abstractNumId") or ""
            self.levels[key] = {number(level.get(f"{W}ilvl") or "0"): _level(level) for level in abstract.findall(f"{W}lvl")}
            for level in abstract.findall(f"{W}lvl"):
                if style := value(level, "pStyle"):
                    styled[style] = (key, number(level.get(f"{W}ilvl") or "0"))
        for num in root.iter(f"{W}num"):
            key = num.get(f"{W}numId") or ""
            self.abstract[key] = value(num, "abstractNumId")
            for override in num.findall(f"{W}lvlOverride"):
                at = number(override.get(f"{W}ilvl") or "0")
                own = override.find(f"{W}lvl")
                if own is not None:
                    self.levels[f"{key}!"] = {**self.levels.get(self.abstract[key], {}), at: _level(own)}
                    self.abstract[key] = f"{key}!"
                if start := value(override, "startOverride"):
                    self.overrides[key, at] = number(start, 1)
        for style, (abstract_key, at) in styled.items():
            owner = next((key for key, abstract in self.abstract.items() if abstract == abstract_key), None)
            if owner is not None:
                self.by_style[style] = (owner, at)

    def label(self, num_id: str, at: int) -> str:
        """Counts one paragraph of a list; returns its number as Word prints it, "•" for a bullet, "" for none."""
        key = self.abstract.get(num_id)
        levels = self.levels.get(key or "", {})
        level = levels.get(at)
        if key is None or level is None or at >= DEEPEST:
            return ""
        counts = self.counts.setdefault(key, {})
        if (num_id, at) in self.overrides and (num_id, at) not in self.begun:
            counts[at] = self.overrides[num_id, at]
        else:
            counts[at] = min(counts[at] + 1 if at in counts else level.start, HIGHEST)
        self.begun.add((num_id, at))
        for deeper in [other for other in counts if other > at and levels.get(other, Level()).restarts]:
            del counts[deeper]
        if level.format == "bullet":
            return "•"
        if level.format == "none":
            return ""

        def put(match: re.Match[str]) -> str:
            other = int(match.group(1)) - 1
            its = levels.get(other, Level())
            return written(counts.get(other, its.start), "decimal" if level.is_legal else its.format)

        return re.sub(r"%([1-9])", put, level.text).strip()


def _level(element: Any) -> Level:
    restart = element.find(f"{W}lvlRestart")
    return Level(
        number(value(element, "start"), 1), value(element, "numFmt", "decimal"), value(element, "lvlText")[:40],
        element.find(f"{W}isLgl") is not None, restart is None or restart.get(f"{W}val") != "0",
    )  # fmt: skip


def written(count: int, how: str) -> str:
    """A number as Word writes it: decimal, letters or Roman."""
    if how in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (max(count, 1) - 1) % 26) * ((max(count, 1) - 1) // 26 + 1)
        return (letter if how == "lowerLetter" else letter.upper())[:10]
    if how in ("lowerRoman", "upperRoman"):
        made, rest = "", min(count, 3999)
        for worth, sign in ROMAN:
            made += sign * (rest // worth)
            rest %= worth
        return made if how == "lowerRoman" else made.upper()
    return f"{count:02d}" if how == "decimalZero" else str(count)


def list_of(properties: Any, style: str, styles: Styles, counter: Counter) -> tuple[str, int] | None:
    """Which list and level a paragraph belongs to, by itself or by its style; None for none (or one switched off)."""
    listed: Mapping[str, Any] | Any = properties.find(f"{W}numPr") if properties is not None else None
    own = styles.lists.get(style)
    if own is not None and style in counter.by_style:
        own = (own[0], counter.by_style[style][1])
    elif own is None:
        own = counter.by_style.get(style)
    if listed is None:
        return own
    num_id = value(listed, "numId") or (own[0] if own else "")
    at = value(listed, "ilvl")
    if num_id in ("", "0"):
        return None
    return num_id, number(at) if at else own[1] if own else 0
