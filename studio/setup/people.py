"""A list of people: what each row says, what is wrong with it, and what it would bring. Nothing is written anywhere.

A row is a person. Which column is which is told from the headings; roles are understood in the portal's words, in the
council's own, and in those that clerks' lists use. What is wrong is said of the row it is in.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from councils.errors import Refusal
from councils.roles import LABELS, SINGLE_HOLDER, side_of_role
from studio.setup.tables import Table

COLUMNS = ("name", "email", "role", "post", "manager", "starts_on", "ends_on", "directorate")
HEADINGS = {
    "name": ("name", "full name", "person", "councillor", "officer", "employee"),
    "first": ("first name", "forename", "given name", "first names"),
    "last": ("surname", "last name", "family name"),
    "email": ("email", "e mail", "email address", "e mail address", "mail", "work email", "council email"),
    "role": ("role", "roles", "position", "office", "capacity", "type"),
    "post": ("post", "job title", "job", "post title", "title"),
    "manager": ("line manager", "manager", "reports to", "line manager email", "manager email", "line manager s email"),
    "starts_on": ("from", "start", "start date", "first day", "since", "appointed", "elected", "date appointed"),
    "ends_on": ("to", "until", "end", "end date", "last day"),
    "directorate": ("directorate", "department", "service", "team"),
}
# As clerks' lists call them; the labels and the council's own words come on top.
ALSO = {
    "cllr": "councillor", "member": "councillor", "town councillor": "councillor", "parish councillor": "councillor",
    "community councillor": "councillor", "elected member": "councillor",
    "clerk": "proper_officer", "town clerk": "proper_officer", "parish clerk": "proper_officer", "community clerk": "proper_officer",
    "proper officer": "proper_officer", "clerk to the council": "proper_officer", "clerk and proper officer": "proper_officer",
    "deputy clerk": "deputy_proper_officer", "deputy town clerk": "deputy_proper_officer", "assistant clerk": "deputy_proper_officer",
    "deputy proper officer": "deputy_proper_officer",
    "chair": "chair_of_council", "chairman": "chair_of_council", "chairperson": "chair_of_council", "mayor": "chair_of_council",
    "town mayor": "chair_of_council", "chairman of the council": "chair_of_council", "chair of council": "chair_of_council",
    "vice chair": "vice_chair_of_council", "vice chairman": "vice_chair_of_council", "deputy mayor": "vice_chair_of_council",
    "deputy chair": "vice_chair_of_council", "deputy town mayor": "vice_chair_of_council", "vice chair of council": "vice_chair_of_council",
    "chair of committee": "committee_chair", "employee": "officer", "staff": "officer", "member of staff": "officer",
    "rfo": "officer", "responsible financial officer": "officer", "administrator": "protocol_admin", "portal administrator": "protocol_admin",
}  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")
BETWEEN = re.compile(r"\s*(?:[;/,]|\band\b|&)\s*")
DAYS = (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?"), re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})"), re.compile(r"(\d{1,2}) ([a-z]{3,9})\.? (\d{4})"))
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class Here:
    """Who is at the council already: e-mail → (name, roles today); and who holds an office that has one holder: role → e-mail."""

    people: Mapping[str, tuple[str, frozenset[str]]] = field(default_factory=dict)
    holders: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """A row as understood. ``problems`` keep it from being taken; ``notes`` only say what will be done."""

    number: int
    cells: Mapping[str, str]
    email: str
    roles: tuple[str, ...]
    manager: str
    starts_on: date | None
    ends_on: date | None
    problems: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name, as typed."""
        return self.cells["name"]

    @property
    def good(self) -> bool:
        """Whether it can be taken."""
        return not self.problems


def cells_of(table: Table) -> list[dict[str, str]]:
    """Takes a table; returns each row's cells under the portal's own column names, with its ``number``. Raises Refusal.

    Refused when the headings name no person, no e-mail or no role.
    """
    found: dict[str, int] = {}
    for at, words in enumerate(table.head):
        name = _heading(words)
        if name and name not in found:
            found[name] = at
    missing = [
        label
        for label, there in (
            (_("Name"), "name" in found or {"first", "last"} <= found.keys()), (_("Email"), "email" in found), (_("Role"), "role" in found),
        )
        if not there
    ]  # fmt: skip
    if missing:
        raise Refusal(
            _("These columns are missing: {columns}. Put their names in the first row.").format(columns=", ".join(str(name) for name in missing)), field="file"
        )

    def cell(row: tuple[str, ...], name: str) -> str:
        return row[found[name]] if name in found and found[name] < len(row) else ""

    rows = []
    for number, row in table.rows:
        made = {name: cell(row, name) for name in COLUMNS}
        made["name"] = made["name"] or f"{cell(row, 'first')} {cell(row, 'last')}".strip()
        rows.append({"number": str(number), **made})
    return rows


def check(rows: Iterable[Mapping[str, str]], *, here: Here, words: Mapping[str, str], today: date) -> list[Row]:
    """Takes rows' cells (``cells_of``), who is here, and the council's words for roles (code → label); returns each row checked.

    A row without a first day counts from ``today``.
    """
    known = roles_by_word(words)
    first: dict[str, int] = {}
    taken: dict[str, int] = {}
    found = [_row(row, here=here, known=known, today=today, first=first, taken=taken) for row in rows]
    return _managers(found, here)


def roles_by_word(words: Mapping[str, str]) -> dict[str, str]:
    """Every word a role is understood by, folded → its code; the council's own words go first."""
    found = {_folded(word): code for word, code in ALSO.items()}
    for code, label in LABELS.items():
        found |= {_folded(code): code, _folded(str(label)): code}
    return found | {_folded(label): code for code, label in words.items() if code in LABELS and _folded(label)}


def as_day(text: str) -> date | None:
    """Takes a day as lists write it (2025-05-12, 12/5/2025, 12 May 2025); returns it, or None when it is none."""
    text = text.strip().lower()
    for at, form in enumerate(DAYS):
        if match := form.fullmatch(text):
            a, b, c = match.groups()
            try:
                month = MONTHS.index(b[:3]) + 1 if at == 2 else int(b)
                return date(int(a), month, int(c)) if at == 0 else date(int(c), month, int(a))
            except ValueError:
                return None
    return None


def _row(row: Mapping[str, str], *, here: Here, known: Mapping[str, str], today: date, first: dict[str, int], taken: dict[str, int]) -> Row:
    number = int(row["number"])
    cells = {name: row.get(name, "") for name in COLUMNS}
    problems = [
        _("“{text}” begins like a formula of a spreadsheet. Write it without “{sign}”.").format(text=text, sign=text[0])
        for text in cells.values()
        if text.startswith(FORMULA) and len(text) > 1
    ]
    if not cells["name"]:
        problems.append(_("The name is missing."))
    elif "\ufffd" in cells["name"] or len(cells["name"]) > 200:
        problems.append(_("The name has characters that can’t be read, or is too long. Write it again."))
    email = _email(cells["email"], problems)
    if email in first:
        problems.append(_("Row {row} has the same e-mail address. Put everything a person holds in one row, separated by “;”.").format(row=first[email]))
    elif email:
        first[email] = number
    roles = _roles(cells["role"], known, problems)
    before = here.people.get(email, ("", frozenset()))[1]
    if len({side for code in (*roles, *before) if (side := side_of_role(code))}) > 1:
        problems.append(_("Nobody can be councillor and officer of one council at once."))
    for code in roles:
        holder = here.holders.get(code, email)
        if code in SINGLE_HOLDER and (holder != email or code in taken):
            who = here.people.get(holder, (holder, ()))[0] if holder != email else _("row {row}").format(row=taken.get(code))
            problems.append(_("Only one person holds “{role}”, and {who} has it.").format(role=LABELS[code], who=who))
        elif code in SINGLE_HOLDER:
            taken[code] = number
    starts_on = as_day(cells["starts_on"]) if cells["starts_on"] else today
    ends_on = as_day(cells["ends_on"]) if cells["ends_on"] else None
    for name, day in (("starts_on", starts_on), ("ends_on", ends_on)):
        if cells[name] and (day is None or not 1900 <= day.year <= 2200):
            problems.append(_("“{text}” isn’t a day. Write it as 12/5/2025 or 12 May 2025.").format(text=cells[name]))
    if starts_on and ends_on and ends_on < starts_on:
        problems.append(_("The last day is before the first."))
    notes = []
    if email in here.people:
        new = [code for code in roles if code not in before]
        notes.append(_("Is here already: gets what is new.") if new else _("Is here already: nothing changes."))
    return Row(number, cells, email, roles, cells["manager"], starts_on, ends_on, tuple(problems), tuple(notes))


def _email(typed: str, problems: list[str]) -> str:
    email = typed.strip().lower().removeprefix("mailto:")
    if not email:
        problems.append(_("The e-mail address is missing."))
        return ""
    try:
        validate_email(email)
    except ValidationError:
        problems.append(_("“{text}” isn’t an e-mail address.").format(text=typed))
    if len(email) > 254:
        problems.append(_("The e-mail address is too long."))
    return email


def _roles(typed: str, known: Mapping[str, str], problems: list[str]) -> tuple[str, ...]:
    if not typed:
        problems.append(_("The role is missing. Write Councillor, Officer, Clerk or another role of the list."))
        return ()
    if code := known.get(_folded(typed)):
        return (code,)
    found: dict[str, None] = {}
    for word in BETWEEN.split(typed):
        code = known.get(_folded(word))
        if code:
            found[code] = None
        elif word:
            problems.append(_("The role “{word}” isn’t known. Write Councillor, Officer, Clerk or another role of the list.").format(word=word))
    return tuple(found)


def _managers(rows: list[Row], here: Here) -> list[Row]:
    """Each line manager by e-mail or name, among the good rows and who is here; those left out are said, circles are problems."""
    sides = {email: {side_of_role(code) for code in roles} for email, (_name, roles) in here.people.items()}
    names: dict[str, set[str]] = {}
    for email, (name, _roles) in here.people.items():
        names.setdefault(_folded(name), set()).add(email)
    for row in rows:
        if row.good:
            sides.setdefault(row.email, set()).update(side_of_role(code) for code in row.roles)
            names.setdefault(_folded(row.name), set()).add(row.email)
    left_out = {key: row.number for row in rows if not row.good for key in (row.email, _folded(row.name)) if key}
    found = []
    for row in rows:
        manager, problem, note = _manager(row, sides, names, left_out)
        problems = (*row.problems, problem) if problem else row.problems
        found.append(_changed(row, manager, problems, (*row.notes, note) if note else row.notes))
    return _without_circles(found)


def _manager(row: Row, sides: Mapping[str, Collection[str | None]], names: Mapping[str, Collection[str]], left_out: Mapping[str, int]) -> tuple[str, str, str]:
    typed = row.manager.strip(" -–—.")
    if not typed:
        return "", "", ""
    email = typed.lower() if "@" in typed else ""
    same = names.get(_folded(typed), ()) if not email else ()
    if len(same) > 1:
        return "", _("Several people are called “{name}”. Write the line manager’s e-mail address.").format(name=typed), ""
    email = email or next(iter(same), "")
    if email == row.email and email:
        return "", _("Nobody can be their own line manager."), ""
    if email not in sides:
        other = left_out.get(email or _folded(typed))
        if other and other != row.number:
            return "", "", _("Comes without a line manager: row {row} has to be mended first.").format(row=other)
        return "", _("The line manager “{name}” is neither in this list nor at the council.").format(name=typed), ""
    if "officer" not in sides[email] or (row.good and "officer" not in {side_of_role(code) for code in row.roles}):
        return "", _("Only officers have line managers, and only officers are line managers."), ""
    return email, "", ""


def _without_circles(rows: list[Row]) -> list[Row]:
    above = {row.email: row.manager for row in rows if row.good and row.manager}
    found = []
    for row in rows:
        seen, at = {row.email}, row.manager
        while at and at not in seen:
            seen.add(at)
            at = above.get(at, "")
        circle = row.good and bool(row.manager) and at == row.email
        problem = _("These officers would be managing each other. Correct one line manager.")
        found.append(_changed(row, row.manager, (*row.problems, problem), row.notes) if circle else row)
    return found


def _changed(row: Row, manager: str, problems: tuple[str, ...], notes: tuple[str, ...]) -> Row:
    return Row(row.number, row.cells, row.email, row.roles, manager, row.starts_on, row.ends_on, problems, notes)


def _heading(words: str) -> str:
    plain = _folded(words)
    return next((name for name, known in HEADINGS.items() if plain in known), "")


def _folded(text: str) -> str:
    return " ".join(re.sub(r"[^\w]+", " ", text.casefold().replace("_", " ")).split())
