"""What a document says of itself: its title, who adopted it, when it is looked at again. Found to be confirmed, never taken as it is."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from studio.importing.giving import under_headings
from studio.importing.splitting import CLAUSE, HEADING, OTHER, Row

TITLE_BLOCK = "hdr"
LONGEST = 400  # letters of a sentence that is looked at
LONGEST_TITLE = 150
MOST_YEARS = 10
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
MONTH = r"(?P<month>" + "|".join(f"{name[:3]}(?:{name[3:]})?" for name in MONTHS) + r"|sept)\.?"
DAYS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH},?\s+(?P<year>\d{{4}})\b",
        rf"\b{MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})\b",
        r"(?<![\d.])(?P<day>\d{1,2})[./-](?P<number>\d{1,2})[./-](?P<year>\d{4}|\d{2})\b",
        rf"\b{MONTH}\s+(?P<year>\d{{4}})\b",
        r"\b(?:in|by|during|date|due)\s*:?\s+(?P<year>20\d\d)\b",
    )
)
EVERY = re.compile(
    rf"\b(?:every|each|intervals of(?: (?:no|not) more than)?)\s*(?P<count>\d{{1,2}}|{'|'.join(NUMBERS)}|other|second|third|fourth)?\s*(?:\(\d{{1,2}}\)\s*)?-?"
    r"(?P<unit>years?|months?)\b|\b(?P<of>\d{1,2}|" + "|".join(NUMBERS) + r")[- ]year(?:ly)?\b",
    re.IGNORECASE,
)
WORDS = (
    (re.compile(r"\b(?:annual(?:ly)?|yearly|once a year|per annum)\b", re.IGNORECASE), 1),
    (re.compile(r"\bbiennial(?:ly)?\b", re.IGNORECASE), 2),
    (re.compile(r"\btriennial(?:ly)?\b", re.IGNORECASE), 3),
    (re.compile(r"\bquadrennial(?:ly)?\b", re.IGNORECASE), 4),
    (re.compile(r"\bquinquennial(?:ly)?\b", re.IGNORECASE), 5),
)
ORDINALS = {"other": 2, "second": 2, "third": 3, "fourth": 4}
REVIEW = re.compile(r"\bre-?view(?:s|ed|ing)?\b", re.IGNORECASE)
COMES = re.compile(r"\bbe(?:ing)?\s+(?:\w+ly\s+)?re-?viewed\b|\b(?:is|are)\s+re-?viewed\b", re.IGNORECASE)
NEXT = re.compile(r"\b(?:next\s+re-?view|re-?view\s+(?:date|due|cycle|period)|date\s+(?:of|for)\s+(?:next\s+)?re-?view)\b.*", re.IGNORECASE | re.DOTALL)
WAS = re.compile(r"\blast\s+re-?view|\bre-?viewed\b", re.IGNORECASE)
ITSELF = re.compile(r"\b(?:protocol|policy|document|agreement)\b", re.IGNORECASE)
ADOPTED = re.compile(r"\b(?:adopted|approved|agreed|ratified)\b", re.IGNORECASE)
BODY = re.compile(
    r"\b(?P<body>(?:[A-Z][\w&'’-]*\s+(?:(?:[A-Z][\w&'’-]*|&|of|and|for|the)\s+){0,8})?(?:COUNCIL|COMMITTEE|BOARD|CABINET|Council|Committee|Board|Cabinet))\b"
)
MINUTE = re.compile(r"\b(?:minute|min)\b\.?\s*(?:no\b\.?|number\b|ref(?:erence)?\b\.?)?\s*[:#]?\s*(?P<minute>[A-Za-z]{0,5}[ /]?\d[\w./-]*)", re.IGNORECASE)
# What several lines of a title page say, run together into one.
FACTS = re.compile(r"(?<!\band)(?<!\bor)(?<![&:])(?<!\bDate)\s+(?=(?:Adopted|Approved|Ratified|Reviewed|Next [Rr]eview|Last [Rr]eview|Review (?:[Dd]ate|[Cc]ycle)|Version \d|Minute \d)\b)")
LEADERS = re.compile(r"\.{3,}\s*\d*\s*$")


@dataclass(frozen=True, slots=True)
class Said:
    """One passage, and the clause it stands in; `hdr` for what stands before or after the clauses."""

    words: str
    ref: str
    years: int = 0  # a review every so many years
    day: date | None = None
    printed: str = ""  # the day as it is written
    precision: str = ""  # day, month or year
    body: str = ""
    minute: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What was found. Of the reviews and adoptions those that count most stand first."""

    title: str = ""
    adopted: tuple[Said, ...] = ()
    reviews: tuple[Said, ...] = ()

    @property
    def interval(self) -> Said | None:
        """The passage that says every how many years."""
        return next((said for said in self.reviews if said.years), None)

    @property
    def fixed(self) -> Said | None:
        """The passage that gives a day."""
        return next((said for said in self.reviews if said.day), None)

    @property
    def adoption(self) -> Said | None:
        """The last adoption with a day; without any, the first."""
        dated = [said for said in self.adopted if said.day and said.precision == "day"]
        return max(dated, key=lambda said: said.day or date.min) if dated else next(iter(self.adopted), None)


def about(rows: Sequence[Row]) -> About:
    """Takes a document's rows as they were corrected; returns what it says of itself."""
    passages = list(_passages(rows))
    block = [words for words, ref, _headings in passages if ref == TITLE_BLOCK]
    reviews = [said for words, ref, headings in passages if (said := _review(words, ref, headings))]
    adopted = [said for words, ref, _headings in passages if (said := _adoption(words, ref))]
    return About(_title(rows), _with_minute(adopted, block), tuple(sorted(reviews, key=lambda said: (not said.years and not said.day, said.ref == TITLE_BLOCK))))


def _passages(rows: Sequence[Row]) -> Iterator[tuple[str, str, str]]:
    """Each sentence or line with its clause and the headings over it; without the contents page."""
    over = {id(row): " ".join(headings) for row, headings in under_headings(rows)}
    for row in rows:
        if row["kind"] == OTHER:
            lines = [part.strip() for line in str(row["text"]).split("\n") if not LEADERS.search(line) for part in FACTS.split(line)]
            yield from ((line, TITLE_BLOCK, "") for line in lines if 0 < len(line) <= LONGEST)
        elif row["kind"] == CLAUSE:
            for sentence in re.split(r"(?<=[.;])\s+(?=[A-Z])|\n", str(row["text"])):
                if 0 < len(sentence.strip()) <= LONGEST:
                    yield sentence.strip(), str(row["number"]), over.get(id(row), "")


def _title(rows: Sequence[Row]) -> str:
    """The first line before the clauses that calls itself a protocol."""
    lines: list[str] = []
    for row in rows:
        if row["kind"] == CLAUSE:
            break
        if row["kind"] == OTHER or (row["kind"] == HEADING and not row.get("number")):
            lines += [" ".join(line.split()) for line in str(row["text"]).split("\n")]
    for line in lines:
        if re.search(r"\bprotocol\b", line, re.IGNORECASE) and len(line) <= LONGEST_TITLE and not line.endswith((".", ";")) and not LEADERS.search(line):
            return line.capitalize() if line.isupper() else line
    return ""


def _review(words: str, ref: str, headings: str) -> Said | None:
    named = NEXT.search(words)
    said = named[0] if named else words
    in_section = bool(REVIEW.search(headings))
    if not (REVIEW.search(said) or in_section) or (not named and not COMES.search(said) and WAS.search(said)):
        return None
    years, (day, printed, precision) = _years(said), day_in(said)
    before = said.partition(printed)[0] if day else ""
    if ADOPTED.search(before) and not REVIEW.search(before):  # the day it was adopted, in one breath with the review
        day, printed, precision = None, "", ""
    about_itself = bool(named) or ref == TITLE_BLOCK or in_section or bool(ITSELF.search(said))
    if not about_itself or not (years or day or COMES.search(said)):
        return None
    return Said(words, ref, years, day, printed, precision)


def _years(words: str) -> int:
    """Every how many years; 0 where it isn't said, or isn't whole years."""
    for found in EVERY.finditer(words):
        said = (found["count"] or found["of"] or "1").lower()
        count = int(said) if said.isdigit() else ORDINALS.get(said) or NUMBERS.index(said) + 1
        if (found["unit"] or "").lower().startswith("month"):
            count = count // 12 if count % 12 == 0 else 0
        if 0 < count <= MOST_YEARS:
            return count
    return next((years for pattern, years in WORDS if pattern.search(words)), 0)


def day_in(words: str) -> tuple[date | None, str, str]:
    """Takes a passage; returns its first day, as it is written there, and how exactly. A month counts to its last day."""
    for pattern in DAYS:
        for found in pattern.finditer(words):
            parts = found.groupdict()
            year = int(parts["year"]) + (2000 if len(parts["year"]) == 2 else 0)
            month = int(parts.get("number") or 0) or (_month(parts["month"]) if parts.get("month") else 12)
            try:
                day = date(year, month, int(parts["day"]) if parts.get("day") else monthrange(year, month)[1])
            except ValueError:
                continue
            printed = found[0] if parts.get("day") or parts.get("month") else parts["year"]
            return day, printed, "day" if parts.get("day") else "month" if parts.get("month") else "year"
    return None, "", ""


def _month(name: str) -> int:
    return next(at for at, month in enumerate(MONTHS, 1) if month.startswith(name.lower()[:3]))


def _adoption(words: str, ref: str) -> Said | None:
    found = ADOPTED.search(words)
    if not found or (ref != TITLE_BLOCK and not ITSELF.search(words)):
        return None
    body, minute = BODY.search(words, found.end()), MINUTE.search(words)
    day, printed, precision = day_in(words)
    if not (day or minute or (body and ref == TITLE_BLOCK)):
        return None
    return Said(words, ref, 0, day, printed, precision, body["body"] if body else "", minute["minute"].strip(" .") if minute else "")


def _with_minute(adopted: list[Said], block: list[str]) -> tuple[Said, ...]:
    """A minute on a line of its own belongs to the one adoption there is."""
    minutes = [found["minute"].strip(" .") for line in block if (found := MINUTE.search(line)) and not ADOPTED.search(line)]
    if len(adopted) == 1 and len(minutes) == 1 and not adopted[0].minute:
        return (replace(adopted[0], minute=minutes[0]),)
    return tuple(adopted)
