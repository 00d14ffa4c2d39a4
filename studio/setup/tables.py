"""A list of people as a spreadsheet file or pasted text, read as rows of plain text. Nothing in it is ever run or looked up."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

from concerns.files import office
from councils.errors import Refusal

LARGEST = 1024 * 1024
MOST_ROWS = 500
MOST_COLUMNS = 40
LONGEST_CELL = 300
OLD_EXCEL, PDF = b"\xd0\xcf\x11\xe0", b"%PDF"


@dataclass(frozen=True, slots=True)
class Table:
    """The first row's words, and each later row that isn't empty with its number in the file; ``windows``: read as Windows-1252."""

    head: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    windows: bool = False


def read(content: bytes) -> Table:
    """Takes a CSV or XLSX file; returns its table. Raises Refusal (field ``file``) in words that say what to do."""
    if not content.strip():
        raise _refused(_("The file is empty. Choose another one."))
    if len(content) > LARGEST:
        raise _refused(_("The file is larger than 1 MB, far more than a list of people needs. Save only the list, and choose that."))
    if content.startswith(b"PK\x03\x04"):
        return _table(_sheet(content))
    if content.startswith((OLD_EXCEL, PDF)):
        raise _refused(_("This kind of file can’t be read. Save the list as an Excel workbook (.xlsx) or as CSV, and choose that."))
    text, windows = _decoded(content)
    return read_text(text, windows=windows)


def read_text(text: str, *, windows: bool = False) -> Table:
    """Takes a list as text, separated by commas, semicolons or tabs; returns its table. Raises Refusal."""
    if len(text) > LARGEST:
        raise _refused(_("This is far more than a list of people needs. Leave out what doesn’t belong to it."))
    if "\x00" in text:
        raise _refused(_("This isn’t a list as text. Save it as an Excel workbook (.xlsx) or as CSV, and choose that."))
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(("\t", ";", ","), key=first.count)
    try:
        return _table(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False), windows=windows)
    except csv.Error:
        raise _refused(_("The list can’t be read. Open it in your spreadsheet program, save it as CSV again, and choose that.")) from None


def _decoded(content: bytes) -> tuple[str, bool]:
    """Unicode if it is, otherwise what Excel on Windows writes in Britain."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16"), False
        except UnicodeDecodeError:
            raise _refused(_("The list can’t be read. Save it as CSV again, and choose that.")) from None
    try:
        return content.decode("utf-8-sig"), False
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), True


def _sheet(content: bytes) -> Iterator[list[str]]:
    """The rows of the first sheet that holds anything. The workbook is checked first: no program, no bomb, nothing fetched."""
    office.check(content, office.XLSX)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # what it says of its own size may be a lie
            rows = []
            for row in sheet.iter_rows(values_only=True):
                rows.append([_word(cell) for cell in row[: MOST_COLUMNS + 1]])
                if len(rows) > MOST_ROWS * 4:
                    break
            if any(cell for row in rows for cell in row):
                return iter(rows)
    except (InvalidFileException, ValueError, KeyError, TypeError, IndexError, AttributeError, OSError, zipfile.BadZipFile, SyntaxError):
        raise _refused(_("The workbook is damaged and can’t be read. Save it again, or save the list as CSV.")) from None
    return iter(())


def _word(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def cell(words: Any) -> str:
    """A cell's words in one line, without what no database can hold."""
    return " ".join(str(words).replace("\x00", "").split())


def _table(lines: Iterable[Iterable[str]], *, windows: bool = False) -> Table:
    head: tuple[str, ...] = ()
    rows: list[tuple[int, tuple[str, ...]]] = []
    for number, line in enumerate(lines, start=1):
        cells = tuple(cell(words) for words in line)
        if len(cells) > MOST_COLUMNS and any(cells[MOST_COLUMNS:]):
            raise _refused(_("Row {row} has more than {most} columns. Leave out what doesn’t belong to the list.").format(row=number, most=MOST_COLUMNS))
        if not any(cells):
            continue
        if any(len(one) > LONGEST_CELL for one in cells):
            raise _refused(_("A cell of row {row} is longer than {most} characters. Shorten it.").format(row=number, most=LONGEST_CELL))
        if not head:
            head = cells
            continue
        rows.append((number, cells))
        if len(rows) > MOST_ROWS:
            raise _refused(_("The list has more than {most} rows. Bring it in parts.").format(most=MOST_ROWS))
    if not rows:
        raise _refused(_("The list has no rows under its headings. Put the headings in the first row, and one person in each row below."))
    return Table(head, tuple(rows), windows)


def _refused(message: str) -> Refusal:
    return Refusal(message, field="file")
