"""Blocks → rows: clauses with their numbers, headings, and what is left out. No block is lost: each is in one row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from studio.importing import lines
from studio.importing.blocks import STRUCK, Block, Kind, plain
from studio.importing.layout import Layout, layout_of
from studio.importing.marks import BARE, Sort, is_short, mark_of, same, slug_of, starts_small

CLAUSE, HEADING, OTHER = "clause", "heading", "other"
Row = dict[str, Any]
FEWEST = 3  # numbers of one sort that make it the document's own
FARTHEST = 3  # how far a number may run ahead of the one before


def split(blocks: Sequence[Block]) -> list[Row]:
    """Takes a document's blocks; returns its rows in order: ``id kind number assigned level text gist from struck``."""
    splitter = _Splitter(blocks)
    for at in range(len(blocks)):
        splitter.take(at)
    if splitter.restarts:
        splitter.number_by_heading()
    return splitter.rows


class _Splitter:
    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks
        self.marks = [mark_of(block) for block in blocks]
        self.layout: Layout = layout_of(blocks)
        self.rows: list[Row] = []
        self.style, self.are_headings = self._style()
        self.last: tuple[int, ...] = ()  # the last number taken
        self.section = 0
        self.current: Row | None = None  # the clause that goes on
        self.heading: Row | None = None
        self.numbered: Row | None = None  # the last heading with a number
        self.has_capitals = False
        self.restarts = False
        self.in_list = self.is_loose = False  # loose: a list whose parts have no marks
        self.slugs: dict[int, str] = {}
        self.counts: dict[int, int] = {}

    def _style(self) -> tuple[Sort, bool]:
        """How the clauses are numbered (2.10, 10., not at all), and whether single numbers stand before headings only."""
        inside = range(self.layout.start, self.layout.end)
        many = sum(1 for at in inside if self.marks[at].sort is Sort.MANY and self.marks[at].parts[-1])
        run: list[int] = []
        for at in inside:
            mark = self.marks[at]
            if mark.sort is Sort.ONE and mark.parts[0] in (1, (self.marks[run[-1]].parts[0] if run else 0) + 1):
                run.append(at)
        if many >= FEWEST and many >= len(run) / 2:
            return Sort.MANY, True
        if len(run) < FEWEST:
            return Sort.NONE, True
        titles = sum(1 for at in run if self._is_caption(at) and at + 1 < self.layout.end and self.marks[at + 1].sort is not Sort.ONE)
        return (Sort.NONE, True) if titles > 0.6 * len(run) else (Sort.ONE, False)

    def _is_caption(self, at: int) -> bool:
        rest = self.marks[at].rest
        return is_short(rest) or (self.blocks[at].kind is Kind.HEADING and is_short(rest.rstrip(":.")))

    # --- one block ---------------------------------------------------------------------------------------------------
    def take(self, at: int) -> None:
        """Puts one block where it belongs."""
        block, mark = self.blocks[at], self.marks[at]
        if not self.layout.start <= at < self.layout.end or at in self.layout.contents or block.kind in (Kind.FOOTNOTE, Kind.CONTENTS):
            self._other(at)
        elif block.kind is Kind.TABLE and mark.sort is not Sort.MANY:
            self._other(at) if self.current is None else self._line(at, mark.rest)
        elif mark.sort is Sort.MANY and self._takes_many(at):
            self._many(at)
        elif mark.sort is Sort.ONE and self._takes_one(at):
            self._one(at)
        elif self._is_heading(at):
            said = plain(block.text).strip().rstrip(":")
            bare = BARE.match(said)
            if bare and self.style is Sort.MANY and int(bare.group(1)) == self.section + 1:
                self.section = int(bare.group(1))
                self._heading(at, said[bare.end() :], number=bare.group(1), level=1)
            else:
                self._heading(at, said)
        elif mark.sort in (Sort.ITEM, Sort.ONE, Sort.MANY):
            label = mark.label if mark.sort is Sort.ITEM else f"({mark.label})"
            self._item(at, label, mark.rest)
        else:
            self._paragraph(at)

    def _before(self, at: int) -> str:
        return plain(self.blocks[at - 1].text) if at > self.layout.start else ""

    def _takes_many(self, at: int) -> bool:
        mark = self.marks[at]
        if self.style is not Sort.MANY and not (self.are_headings and self._is_caption(at)):
            return False
        if self.last and mark.parts == (*self.last[:-1], self.last[-1] + 1):
            return True
        return not (starts_small(mark.rest) and self._before(at) and not lines.is_ended(self._before(at)) and self.blocks[at].kind is not Kind.HEADING)

    def _takes_one(self, at: int) -> bool:
        number, last = self.marks[at].parts[0], self.last[0] if self.last else 0
        if self.style is Sort.ONE:
            follows_heading = self.rows and self.rows[-1] is self.heading
            if number == last:  # given twice: kept twice, and said
                return not self.in_list and not starts_small(self.marks[at].rest) and lines.is_ended(self._before(at))
            return last < number <= last + FARTHEST or (number == 1 and bool(follows_heading) and not self.heading["number"])
        if self.style is Sort.NONE:
            return self._is_caption(at) and self.section < number <= self.section + FARTHEST
        is_next = self.section < number <= self.section + (FARTHEST if self.blocks[at].kind is Kind.HEADING else 1)
        return is_next and (self._is_caption(at) or not starts_small(self.marks[at].rest))

    def _many(self, at: int) -> None:
        mark = self.marks[at]
        self.section = mark.parts[0]
        has_children = self._next_number(at)[: len(mark.parts)] == mark.parts and len(self._next_number(at)) > len(mark.parts)
        if mark.parts[-1] == 0 or ((has_children or self.style is not Sort.MANY) and self._is_caption(at)):
            self.last = mark.parts
            self._heading(at, mark.rest.rstrip(":"), number=mark.label, level=len([part for part in mark.parts if part]))
        else:
            self.last = mark.parts
            self._clause(at, mark.label, mark.rest)

    def _one(self, at: int) -> None:
        mark = self.marks[at]
        if self.style is Sort.ONE:
            self.restarts = self.restarts or mark.parts < self.last
            self.last = mark.parts
            self._clause(at, mark.label, mark.rest)
            return
        following = self._next_number(at)
        if self._is_caption(at) or (following[:1] == mark.parts and len(mark.rest.split()) <= 25):
            self._heading(at, mark.rest.rstrip(":"), number=mark.label, level=1)
        else:
            self._clause(at, mark.label, mark.rest)
        self.section, self.last = mark.parts[0], mark.parts

    def number_by_heading(self) -> None:
        """Numbers that begin anew under each heading say nothing alone: each clause gets its heading's word before it."""
        heading: Row | None = None
        for row in self.rows:
            if row["kind"] == HEADING:
                heading = row
            elif row["kind"] == CLAUSE and str(row["number"]).isdigit():
                row |= {"number": f"{self._slug(heading)}.{row['number']}", "assigned": True}

    def _slug(self, heading: Row | None) -> str:
        key = int(heading["id"]) if heading else 0
        if key not in self.slugs:
            self.slugs[key] = slug_of(str(heading["text"]) if heading else "", set(self.slugs.values()))
        return self.slugs[key]

    def _next_number(self, at: int) -> tuple[int, ...]:
        for after in range(at + 1, self.layout.end):
            if self.marks[after].sort in (Sort.MANY, Sort.ONE):
                return self.marks[after].parts
        return ()

    def _is_heading(self, at: int) -> bool:
        """Whether an unnumbered block is a heading: the document says so, its contents name it, or it reads like one."""
        block, mark = self.blocks[at], self.marks[at]
        said = plain(block.text).strip()
        if not said or mark.sort is Sort.ITEM or at + 1 >= self.layout.end:
            return False
        if block.kind is Kind.HEADING:
            return len(said.split()) <= 25 and not (lines.is_ended(said.rstrip(":")) and len(said.split()) > 10)
        if same(said) in self.layout.known and len(said.split()) <= 20:
            return True
        before, following = self._before(at), self.blocks[at + 1]
        if mark.sort is not Sort.NONE or starts_small(said) or starts_small(self.marks[at + 1].rest):
            return False
        if before and not lines.is_ended(before) and len(before) > 60 and self.rows and self.rows[-1] is not self.heading:
            return False
        if said.isupper() and is_short(said.rstrip(":")):
            return True
        if self.is_loose or (self.current is not None and str(self.current["text"]).endswith(":")):
            return False
        if said.endswith(":"):
            return len(said.split()) <= 6 and following.kind is not Kind.ITEM and self.marks[at + 1].sort is Sort.NONE and self.style is Sort.NONE
        return is_short(said) and said[:1].isalnum()

    # --- rows --------------------------------------------------------------------------------------------------------
    def _row(self, kind: str, at: int, **more: Any) -> Row:
        row: Row = {"id": len(self.rows) + 1, "kind": kind, "number": "", "text": "", "from": [at], **more}
        if STRUCK.search(self.blocks[at].text):
            row["struck"] = True
        self.rows.append(row)
        return row

    def _other(self, at: int) -> None:
        if self.rows and self.rows[-1]["kind"] == OTHER:
            row = self.rows[-1]
            row["from"].append(at)
            row["text"] += f"\n{self.blocks[at].shown}"
        else:
            self._row(OTHER, at, text=self.blocks[at].shown)
        self.current = None

    def _heading(self, at: int, text: str, *, number: str = "", level: int = 0) -> None:
        if not level:
            level = self._level(at)
        self.heading = self._row(HEADING, at, text=text, number=number, level=level)
        self.current, self.in_list, self.is_loose = None, False, False
        self.numbered = self.heading if number else self.numbered
        self.has_capitals = self.has_capitals or text.isupper()

    def _level(self, at: int) -> int:
        """Under the numbered heading it stands in; else as the document says, or small letters under capitals."""
        if self.numbered is not None:
            return int(self.numbered["level"]) + 1
        block = self.blocks[at]
        if block.level:
            return min(block.level, 6)
        return 2 if self.has_capitals and not plain(block.text).isupper() else 1

    def _clause(self, at: int, number: str, text: str, **more: Any) -> None:
        self.current = self._row(CLAUSE, at, number=number, text=text.strip(), **more)
        self.in_list = self.is_loose = False

    def _assigned(self, at: int, text: str) -> None:
        """A clause without a number of its own gets one made of its heading's."""
        heading = self.heading
        key = int(heading["id"]) if heading else 0
        self.counts[key] = self.counts.get(key, 0) + 1
        count = self.counts[key]
        if heading is not None and heading["number"]:
            base = re.sub(r"\.0$", "", str(heading["number"]))
            preface = f"{base}(preface)" if count == 1 else f"{base}(preface {count})"
            number = f"{base}.{count}" if self.style is Sort.NONE else preface
        else:
            number = f"{self._slug(heading)}.{count}"
        self._clause(at, number, text, assigned=True)

    def _line(self, at: int, text: str, *, label: str = "") -> None:
        """A further line of the clause that goes on."""
        row = self.current
        assert row is not None
        if at not in row["from"]:
            row["from"].append(at)
        if STRUCK.search(self.blocks[at].text):
            row["struck"] = True
        said = f"{label} {text}".strip() if text.strip() else ""
        if said:
            row["text"] = f"{row['text']}\n{said}".strip()

    def _item(self, at: int, label: str, text: str) -> None:
        if self.current is None:
            self._assigned(at, f"{label} {text}")
        else:
            self._line(at, text, label=label)
        self.in_list = True

    def _paragraph(self, at: int) -> None:
        said = plain(self.blocks[at].text).strip()
        row = self.current
        if row is None:
            if self.heading is None and self.style is not Sort.NONE:
                self._other(at)
            else:
                self._assigned(at, said)
            return
        last = str(row["text"]).rsplit("\n", 1)[-1]
        is_broken = bool(last) and not lines.is_ended(last) and (starts_small(said) or (len(last) > 60 and not self.in_list))
        if is_broken and said:
            row["text"] = f"{row['text']} {said}"
            self._line(at, "")
        elif not self.in_list and last.endswith(":") and is_short(said):
            self._line(at, said, label="-")
            self.in_list = self.is_loose = True
        elif self.is_loose and is_short(said):
            self._line(at, said, label="-")
        elif said and (self.style is Sort.NONE or (row.get("assigned") and self.heading is not None and not self.heading["number"])):
            self._assigned(at, said)
        else:
            self._line(at, said)
            self.in_list = self.is_loose = False


def whole(blocks: Sequence[Block], row: Row) -> str:
    """What the document says where a row comes from, struck words included, without the row's own number."""
    said = []
    for at in row["from"]:
        unmarked = Block(blocks[at].text.replace("~~", ""), blocks[at].kind, number=blocks[at].number)
        mark = mark_of(unmarked)
        is_own = mark.sort in (Sort.MANY, Sort.ONE) and mark.label == row["number"]
        said.append(mark.rest if is_own else f"{mark.label} {mark.rest}" if mark.sort is Sort.ITEM else unmarked.shown)
    return "\n".join(one.strip() for one in said if one.strip())
