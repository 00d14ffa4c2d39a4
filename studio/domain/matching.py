"""PURE: which clause of a document is which of a configuration, where a number was given by whoever wrote it down.

Printed numbers match as they are. A clause without one is known by its place ("Background, paragraph 2"), or by its heading's
word, shortened or not: INTRODUCTION.1 and INTRO.1. Whatever could be two clauses is none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

SHORTEST = 3  # letters that make a heading's word known
WORD = re.compile(r"^([^\W\d_][\w-]*?)(\.?\d+)$")
Named = tuple[str, str]  # the number, and how the clause is shown


def matched(own: Iterable[Named], known: Iterable[Named]) -> dict[str, str]:
    """Takes the clauses of a document and those of a configuration; returns the configuration's number of each that is there."""
    mine, theirs = list(own), list(known)
    found: dict[str, str] = {}
    for how in (_number, _place):
        _pair(found, _once(mine, how), _once(theirs, how))
    heads = _heads({number for number, _shown in mine} - set(found), {number for number, _shown in theirs} - set(found.values()))
    left = {number for number, _shown in theirs} - set(found.values())
    for number, _shown in mine:
        head, rest = _split(number)
        if number not in found and head in heads and heads[head] + rest in left:
            found[number] = heads[head] + rest
    return found


def _pair(found: dict[str, str], mine: Mapping[str, str], theirs: Mapping[str, str]) -> None:
    taken = set(found.values())
    for key, number in mine.items():
        if number not in found and key in theirs and theirs[key] not in taken:
            found[number] = theirs[key]


def _once(clauses: Iterable[Named], how: Any) -> dict[str, str]:
    """The number by what the clause is known by; what two are known by is left out."""
    keys = [(how(number, shown), number) for number, shown in clauses]
    count = Counter(key for key, _number in keys)
    return {key: number for key, number in keys if key and count[key] == 1}


def _number(number: str, shown: str) -> str:
    return number.strip().rstrip(".").strip()


def _place(number: str, shown: str) -> str:
    """“Roles — Officers, paragraph 1”: the last heading and the paragraph, without capitals."""
    said = " ".join(shown.replace("’", "'").casefold().split()).rpartition(" — ")[2]
    return said if said != number.casefold() else ""


def _split(number: str) -> tuple[str, str]:
    found = WORD.match(number)
    return (found[1].casefold(), found[2]) if found else ("", number)


def _heads(mine: Iterable[str], theirs: Iterable[str]) -> dict[str, str]:
    """Each heading's word with the one it is short for, or that is short for it; as it is written there."""
    words = {head for head, _rest in map(_split, mine) if len(head) >= SHORTEST}
    written = {_split(number)[0]: number[: len(_split(number)[0])] for number in theirs}
    others = {head for head in written if len(head) >= SHORTEST}
    pairs = [(word, other) for word in words for other in others if word.startswith(other) or other.startswith(word)]
    first, second = Counter(word for word, _other in pairs), Counter(other for _word, other in pairs)
    return {word: written[other] for word, other in pairs if first[word] == second[other] == 1}


def renumbered(clauses: Iterable[Mapping[str, Any]], known: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Takes the clauses of a document and those they come in the place of; returns copies, where a number that isn't printed
    in the document is the one the rules cite already.
    """
    rows = [dict(clause) for clause in clauses]
    numbers = matched(map(_named, rows), (_named(clause) for clause in known if isinstance(clause, Mapping)))
    return [_with_number(row, numbers.get(str(row.get("number")), "")) if row.get("ref_assigned") else row for row in rows]


def _named(clause: Mapping[str, Any]) -> Named:
    return str(clause.get("number") or ""), str(clause.get("display") or "")


def _with_number(clause: dict[str, Any], number: str) -> dict[str, Any]:
    before = str(clause["number"])
    if not number or number == before:
        return clause
    clause["number"] = number
    if isinstance(clause.get("parts"), list):
        clause["parts"] = [{**part, "ref": number + str(part["ref"]).removeprefix(before)} for part in clause["parts"]]
    return clause
