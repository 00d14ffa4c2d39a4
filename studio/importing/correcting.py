"""Corrections of a document's rows: each takes rows and gives new ones. The words read are never changed, only the rows made of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from studio.importing.splitting import CLAUSE, HEADING, OTHER, Row

MOST_TEXT, MOST_HEADING, MOST_NUMBER, MOST_GIST = 20_000, 300, 40, 300
MOST_ROWS = 1_500
NUMBER = re.compile(r"^[\w][\w.()/ -]*$")
BEGINS = re.compile(r"(?<=[.;:?!])\s+(?=[A-Z“\"(‘'])|\n+")


class Unfit(ValueError):
    """A correction that can't be made. ``code`` says why."""

    def __init__(self, code: str, field: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.field = field


def find(rows: Sequence[Row], row_id: int) -> int:
    """The place of a row. Raises Unfit when it's gone."""
    for at, row in enumerate(rows):
        if row["id"] == row_id:
            return at
    raise Unfit("gone")


def change(rows: Sequence[Row], row_id: int, *, kind: str, number: str, text: str, gist: str = "", level: int = 1) -> list[Row]:
    """A row's number, words, gist, or what it is. Raises Unfit when something is missing."""
    at = find(rows, row_id)
    number, text, gist = " ".join(number.split()), text.replace("\r\n", "\n").strip(), " ".join(gist.split())
    if kind not in (CLAUSE, HEADING, OTHER):
        raise Unfit("kind", "kind")
    if number and not NUMBER.match(number):
        raise Unfit("number", "number")
    if kind == CLAUSE and not number:
        raise Unfit("no_number", "number")
    if kind == HEADING and not text:
        raise Unfit("no_heading", "text")
    if kind == HEADING:
        text = " ".join(text.split())[:MOST_HEADING]
    before = rows[at]
    row: Row = {**before, "kind": kind, "number": number, "text": text}
    for key in ("level", "gist", "assigned"):
        row.pop(key, None)
    if kind == HEADING:
        row["level"] = min(max(level, 1), 6)
    if kind == CLAUSE:
        if gist:
            row["gist"] = gist
        if before.get("assigned") and number == before["number"]:
            row["assigned"] = True
    if text != before["text"]:
        row.pop("struck", None)  # somebody has looked at it
    return [*rows[:at], row, *rows[at + 1 :]]


def beginnings(text: str) -> list[tuple[int, str]]:
    """Where a clause may be split: each place with the words that would begin the second one."""
    return [(match.end(), text[match.end() :].split("\n", 1)[0]) for match in BEGINS.finditer(text) if text[match.end() :].strip()]


def split_at(rows: Sequence[Row], row_id: int, place: int) -> list[Row]:
    """One row as two; the second begins at ``place`` and gets the next free number. Raises Unfit for another place."""
    at = find(rows, row_id)
    row = rows[at]
    text = str(row["text"])
    if len(rows) >= MOST_ROWS:
        raise Unfit("too_many")
    if place not in {start for start, _words in beginnings(text)}:
        raise Unfit("place", "place")
    first = {**row, "text": text[:place].strip()}
    second: Row = {"id": next_id(rows), "kind": row["kind"], "number": "", "text": text[place:].strip(), "from": list(row["from"])}
    if row["kind"] == HEADING:
        second["level"] = row.get("level", 1)
    elif row["kind"] == CLAUSE:
        second |= {"number": free_number(rows, str(row["number"])), "assigned": True}
        found = re.match(r"^(\d{1,3}(?:\.\d{1,3})+[A-Z]?|\d{1,3}\.)\s+(?=\S)", second["text"])
        if found:
            second |= {"number": found.group(1).rstrip("."), "text": second["text"][found.end() :]}
            del second["assigned"]
    return [*rows[:at], first, second, *rows[at + 1 :]]


def join(rows: Sequence[Row], row_id: int) -> list[Row]:
    """A row put to the clause before it, which keeps its number. Raises Unfit for the first clause."""
    at = find(rows, row_id)
    before = next((one for one in range(at - 1, -1, -1) if rows[one]["kind"] == CLAUSE), None)
    if rows[at]["kind"] == HEADING or before is None or any(rows[one]["kind"] == HEADING for one in range(before + 1, at)):
        raise Unfit("nothing_before")
    target, row = rows[before], rows[at]
    joined: Row = {**target, "text": f"{target['text']}\n{row['text']}".strip(), "from": sorted({*target["from"], *row["from"]})}
    return [*rows[:before], joined, *rows[before + 1 : at], *rows[at + 1 :]]


def leave_out(rows: Sequence[Row], row_id: int) -> list[Row]:
    """A row that isn't taken into the protocol; it stays in sight and can be made a clause again."""
    at = find(rows, row_id)
    row: Row = {**rows[at], "kind": OTHER}
    for key in ("level", "assigned"):
        row.pop(key, None)
    return [*rows[:at], row, *rows[at + 1 :]]


def unstruck(rows: Sequence[Row], row_id: int, text: str) -> list[Row]:
    """A clause with the words that were struck out put back; ``text`` is what the document says with them."""
    at = find(rows, row_id)
    row = {key: value for key, value in rows[at].items() if key != "struck"}
    return [*rows[:at], {**row, "text": text.strip()}, *rows[at + 1 :]]


def next_id(rows: Sequence[Row]) -> int:
    """An id no row has had."""
    return max((int(row["id"]) for row in rows), default=0) + 1


def free_number(rows: Sequence[Row], number: str) -> str:
    """The number after ``number`` when nobody has it, else the same with a letter: 3.4 → 3.5, or 3.4A."""
    taken = {str(row["number"]).lower() for row in rows if row["kind"] == CLAUSE}
    found = re.match(r"^(.*?)(\d+)([A-Z]?)(\)?)$", number)
    if not found:
        return next(made for n in range(2, 2000) if (made := f"{number}-{n}").lower() not in taken)
    head, count, letter, close = found.groups()
    following = f"{head}{int(count) + 1}{close}"
    if not letter and following.lower() not in taken:
        return following
    for made in (f"{head}{count}{chr(code)}{close}" for code in range(ord(letter or "@") + 1, ord("Z") + 1)):
        if made.lower() not in taken:
            return made
    return next(made for n in range(2, 2000) if (made := f"{number}-{n}").lower() not in taken)


def problems(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """What has to be mended (``twice``, ``none``) and what should be looked at (``gap``, ``order``, ``empty``, ``struck``, ``long``)."""
    clauses = [row for row in rows if row["kind"] == CLAUSE]
    found: list[dict[str, Any]] = []
    if not clauses:
        return [{"code": "none", "must": True, "row": None}]
    counts = Counter(str(row["number"]).lower() for row in clauses)
    seen: set[str] = set()
    last: tuple[int, ...] = ()
    for row in clauses:
        number = str(row["number"])
        if counts[number.lower()] > 1 and number.lower() not in seen:
            rows_with = [one["id"] for one in clauses if str(one["number"]).lower() == number.lower()]
            found.append({"code": "twice", "must": True, "row": row["id"], "number": number, "rows": rows_with})
        seen.add(number.lower())
        parts = tuple(map(int, number.split("."))) if re.fullmatch(r"\d+(\.\d+)*", number) and not row.get("assigned") else ()
        if parts and last and len(parts) == len(last) and parts[:-1] == last[:-1]:
            if parts < last:
                found.append({"code": "order", "must": False, "row": row["id"], "number": number})
            elif parts[-1] > last[-1] + 1:
                found.append({"code": "gap", "must": False, "row": row["id"], "number": number, "before": ".".join(map(str, last))})
        last = parts or last
        if row.get("struck"):
            found.append({"code": "struck" if str(row["text"]).strip() else "all_struck", "must": False, "row": row["id"], "number": number})
        elif not str(row["text"]).strip():
            found.append({"code": "empty", "must": False, "row": row["id"], "number": number})
        elif len(str(row["text"]).split()) > 600:
            found.append({"code": "long", "must": False, "row": row["id"], "number": number})
    return found


def can_finish(rows: Sequence[Row]) -> bool:
    """Whether nothing stands against making a protocol of them."""
    return not any(problem["must"] for problem in problems(rows))
