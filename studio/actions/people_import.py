"""A list of people, from a file to appointments: brought, mended, taken over whole or given up. Nothing of it is half-imported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils.actions import add_person, appoint, set_reporting_line
from councils.actions.ground import lock_council, require_admin, today
from councils.errors import Refusal
from councils.models import Appointment, Council, Person, ReportingLine
from studio.actions.invitations import ask
from studio.models import PeopleImport
from studio.queries.people_import import here, looked_over
from studio.setup import tables
from studio.setup.people import COLUMNS, Here, Row, cells_of

ROWS_NAMED = 12
KEPT = timedelta(days=30)  # a list nobody came back to


@dataclass(frozen=True, slots=True)
class Taken:
    """What a list brought: people with something new, and the rows left out."""

    people: int
    left_out: tuple[int, ...]


@transaction.atomic
def bring_people(*, council: Council, content: bytes = b"", text: str = "", by: Person, now: datetime) -> PeopleImport:
    """Takes a file or pasted text; returns the list as it waits to be looked over, instead of one brought before. Raises Refusal."""
    council = lock_council(council)
    require_admin(council, by, now)
    if not content and not text.strip():
        raise Refusal(_("Choose a file, or paste the list."), field="file")
    try:
        table = tables.read(content) if content else tables.read_text(text)
        rows = cells_of(table)
    except Refusal as refusal:
        raise Refusal(str(refusal.message), field="file" if content else "text") from None
    PeopleImport.objects.filter(council=council, brought_by=by).delete()
    return PeopleImport.objects.create(council=council, brought_by=by, brought_at=now, rows=rows, windows=table.windows)


@transaction.atomic
def mend_people(*, waiting: PeopleImport, revision: int, cells: Mapping[int, Mapping[str, str]], by: Person, now: datetime) -> PeopleImport:
    """Takes new cells by row number; returns the list with them. Raises Refusal when it was changed in another window."""
    waiting = _locked(waiting, revision, by, now)
    for row in waiting.rows:
        for name, value in cells.get(int(row["number"]), {}).items():
            if name in COLUMNS:
                row[name] = tables.cell(value)[: tables.LONGEST_CELL]
    waiting.revision += 1
    waiting.save(update_fields=("rows", "revision"))
    return waiting


@transaction.atomic
def take_people(*, waiting: PeopleImport, revision: int, leave_out: bool, invite: bool = False, by: Person, now: datetime) -> Taken:
    """Makes people, appointments and reporting lines of every row that has nothing wrong with it; the list is gone then.

    With something wrong anywhere nothing happens, unless ``leave_out`` says to leave those rows out. All or nothing. ``invite``
    asks those who have no password yet to choose one. Raises Refusal.
    """
    waiting = _locked(waiting, revision, by, now)
    rows = looked_over(waiting, on=today(now))
    bad = [row.number for row in rows if not row.good]
    if bad and not leave_out:
        raise Refusal(_wrong(bad), field="leave_out")
    good = [row for row in rows if row.good]
    if not good:
        raise Refusal(_("No row can be taken over. Mend at least one."), field="leave_out")
    there = here(waiting.council, on=today(now))
    people = {row.email: _person(waiting.council, row, there, by, now) for row in good}
    taken = sum(_lines(waiting.council, row, people, by, now) | new for row, (_person_, new) in zip(good, people.values(), strict=True))
    for person, _new in people.values():
        if invite and not person.has_usable_password():
            ask(person=person, now=now)
    waiting.delete()
    return Taken(taken, tuple(bad))


@transaction.atomic
def give_up_people(*, waiting: PeopleImport, by: Person, now: datetime) -> None:
    """Forgets a list that was brought. Raises Refusal."""
    require_admin(waiting.council, by, now)
    PeopleImport.objects.filter(pk=waiting.pk, brought_by=by).delete()


def forget_old(*, now: datetime) -> int:
    """Removes lists that nobody came back to; returns how many. For the clock."""
    removed, _each = PeopleImport.objects.filter(brought_at__lt=now - KEPT).delete()
    return removed


def _locked(waiting: PeopleImport, revision: int, by: Person, now: datetime) -> PeopleImport:
    council = lock_council(waiting.council)
    require_admin(council, by, now)
    found = PeopleImport.objects.select_for_update(of=("self",)).select_related("council").filter(pk=waiting.pk, brought_by=by).first()
    if found is None:
        raise Refusal(_("This list was taken over or given up already. Look at the people, and bring it again if something is missing."))
    if found.revision != revision:
        raise Refusal(_("This list was changed in another window. Look at it again as it is now."))
    return found


def _wrong(numbers: list[int]) -> str:
    named = ", ".join(str(number) for number in numbers[:ROWS_NAMED]) + (" …" if len(numbers) > ROWS_NAMED else "")
    return ngettext(
        "Something is wrong with row %(rows)s, so nothing was taken over. Mend it, or choose to leave it out.",
        "Something is wrong with rows %(rows)s, so nothing was taken over. Mend them, or choose to leave them out.",
        len(numbers),
    ) % {"rows": named}


def _person(council: Council, row: Row, there: Here, by: Person, now: datetime) -> tuple[Person, bool]:
    """The person of a row with every role they don't hold yet, and whether anything was new."""
    standing = there.people.get(row.email)
    held = standing[1] if standing else frozenset()
    new = [role for role in row.roles if role not in held]
    try:
        person = Person.objects.get(email=row.email) if standing else add_person(council=council, email=row.email, full_name=row.name, by=by, now=now)
        for role in new:
            appoint(
                council=council, person=person, role=role, starts_on=row.starts_on, ends_on=row.ends_on,  # type: ignore[arg-type]
                post_title=row.cells["post"], directorate=row.cells["directorate"], by=by, now=now,
            )  # fmt: skip
    except Refusal as refusal:
        raise Refusal(_("Row {row}: {why} Nothing was taken over.").format(row=row.number, why=refusal.message), field="leave_out") from refusal
    return person, bool(new)


def _lines(council: Council, row: Row, people: Mapping[str, tuple[Person, bool]], by: Person, now: datetime) -> bool:
    """Whether the row's line manager was new; from the day on which both are officers."""
    if not row.manager:
        return False
    officer = people[row.email][0]
    manager = people[row.manager][0] if row.manager in people else Person.objects.get(email=row.manager)
    if ReportingLine.objects.current(today(now)).filter(council=council, officer=officer, manager=manager).exists():
        return False
    firsts = [
        Appointment.objects.exclude(ends_on__lt=today(now)).filter(council=council, person=who, side="officer").order_by("starts_on").values_list("starts_on", flat=True)[0]
        for who in (officer, manager)
    ]
    try:
        set_reporting_line(council=council, officer=officer, manager=manager, starts_on=max(firsts), by=by, now=now)
    except Refusal as refusal:
        raise Refusal(_("Row {row}: {why} Nothing was taken over.").format(row=row.number, why=refusal.message), field="leave_out") from refusal
    return True
